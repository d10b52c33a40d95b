/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/ops/conv-form.h"
#include "engine/tensor/pool.h"

G_BEGIN_DECLS

/* y[o, i, j] = activation(bias[o] + Σ_c Σ_u Σ_v weight[o, c, u, v] ·
 *              x[c, i·stride + u·dilation - before, j·stride + v·dilation - before])
 * with TensorFlow's SAME padding (engine/network/NETWORK.md, "Generator"):
 * weights and the program for one layer on one device. */
typedef struct _LacunaConv LacunaConv;

/* weight: sums×in×kernel×kernel; bias: sums; both copied. */
LacunaConv *lacuna_conv_new  (LacunaContext *context, const LacunaConvForm *form,
                              const float *weight, const float *bias, GError **error);
void        lacuna_conv_free (LacunaConv *self);

/* y must have the shape of lacuna_conv_form_get_output; it is overwritten, and must not share memory with x. */
gboolean lacuna_conv_forward      (LacunaConv *self, LacunaTensor *x, LacunaTensor *y, GError **error);
/* Computes an area of y alone, from what it sees of x; of the rest of y some may be overwritten with anything. */
gboolean lacuna_conv_forward_area (LacunaConv *self, LacunaTensor *x, LacunaTensor *y, LacunaArea area, GError **error);

/* A layer whose weights are parameters on the device, 0 until they are packed. */
LacunaConv *lacuna_conv_new_learning (LacunaContext *context, const LacunaConvForm *form, GError **error);

/* Where a layer's weights lie in a buffer, in floats: element (o, c, u, v) at weight + o·out_step + c·in_step
 * + u·kernel + v, where turned with u and v counted from the other end. The biases begin at bias; G_MAXSIZE: there are
 * none. */
typedef struct {
  LacunaBuffer *values;
  gsize         weight, bias;
  gsize         out_step, in_step;
  gboolean      turned;
} LacunaConvSource;
gboolean lacuna_conv_pack (LacunaConv *self, const LacunaConvSource *source, GError **error);

/* The linear part: without bias and activation. For layers that learn. */
gboolean lacuna_conv_forward_linear (LacunaConv *self, LacunaTensor *x, LacunaTensor *y, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LacunaConv, lacuna_conv_free)

G_END_DECLS
