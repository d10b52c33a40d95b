/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/tensor/area.h"
#include "kernels/numbers.h"

G_BEGIN_DECLS

/* A convolution by its sizes alone. */
typedef struct {
  guint in, out;   /* channels */
  guint kernel;    /* 3 or 5, square */
  guint stride;    /* 1 or 2 */
  guint dilation;  /* 1, 2, 4, 8, 16; 1 with stride 2 */
  gboolean upsample; /* nearest ×2 first; kernel 3, stride 1, dilation 1 */
  LacunaActivation activation;
} LacunaConvForm;

/* Whether half of the sums gate the others. */
gboolean lacuna_conv_form_is_gated (const LacunaConvForm *form);

/* Returns how many sums a pixel has, which is as many biases: out, or twice that where they are gated. */
guint lacuna_conv_form_get_sums (const LacunaConvForm *form);

/* Returns the output's shape for an input's, the same for every implementation. */
LacunaShape lacuna_conv_form_get_output (const LacunaConvForm *form, LacunaShape in);

/* Returns the area of an input of shape in that the outputs of an area depend on. */
LacunaArea lacuna_conv_form_get_seen (const LacunaConvForm *form, LacunaShape in, LacunaArea area);

G_END_DECLS
