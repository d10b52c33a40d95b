/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What a safetensors file says of a tensor. */
typedef enum {
  LACUNA_TYPE_F32,
  LACUNA_TYPE_F16,
  LACUNA_TYPE_I32,
} LacunaWeightsType;

typedef struct {
  const char        *name;
  LacunaWeightsType  type;
  guint              n_dims; /* at most 4 */
  guint              dims[4];
  gsize              n_elements;
} LacunaWeightsEntry;

G_END_DECLS
