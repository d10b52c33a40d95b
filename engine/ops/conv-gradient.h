/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/ops/conv.h"

G_BEGIN_DECLS

/* What the chain rule makes of one convolution with bias and activation. Sums
 * run in an order that depends on shapes and device alone. With a planning pool
 * these only take and return tensors. */
typedef struct _LacunaConvGradient LacunaConvGradient;

/* wanted: of how many of x's channels, from the first, the gradient is asked; 0: of none. */
LacunaConvGradient *lacuna_conv_gradient_new  (LacunaContext *context, const LacunaConvForm *form, guint wanted,
                                               GError **error);
void                lacuna_conv_gradient_free (LacunaConvGradient *self);

/* Takes in the weights, out×in×kernel×kernel floats of values from element weight. */
gboolean lacuna_conv_gradient_pack (LacunaConvGradient *self, LacunaBuffer *values, gsize weight, GError **error);

/* h = g ⊙ activation'(.), by the layer's output y, of y's shape; h may be g or y. Where gradient is
 * not NULL the biases' is added to its elements from bias. */
gboolean lacuna_conv_gradient_activation (LacunaConvGradient *self, LacunaPool *pool, LacunaTensor *y, LacunaTensor *g,
                                          LacunaTensor *h, LacunaBuffer *gradient, gsize bias, GError **error);

/* Both take h, the gradient before the activation. The first writes gx, the gradient of the input, of its size and with
 * wanted channels; the second adds the gradient of the weights to gradient's elements from weight on. */
gboolean lacuna_conv_gradient_input  (LacunaConvGradient *self, LacunaPool *pool, LacunaTensor *h, LacunaTensor *gx,
                                      GError **error);
gboolean lacuna_conv_gradient_weight (LacunaConvGradient *self, LacunaPool *pool, LacunaTensor *x, LacunaTensor *h,
                                      LacunaBuffer *gradient, gsize weight, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LacunaConvGradient, lacuna_conv_gradient_free)

G_END_DECLS
