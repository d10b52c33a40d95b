/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/cl/buffer.h"
#include "engine/tensor/shape.h"

G_BEGIN_DECLS

/* A batch of float32 feature maps on the device, channels innermost (NHWC):
 * element (i, c, y, x) lies at offset + ((i·height + y)·width + x)·stride + c,
 * in floats. A stride larger than channels makes it a slice of a wider tensor,
 * which is how layers are concatenated without a copy. Reference-counted. */
typedef struct _LacunaTensor LacunaTensor;
struct _LacunaTensor {
  LacunaBuffer *buffer; /* NULL: of a planning pool */
  LacunaShape   shape;
  guint         stride;
  guint         offset;
  /*< private >*/
  LacunaTensor   *whole;
  GDestroyNotify  give_back; /* told the owner when the memory is free again */
  gpointer        owner;
  gatomicrefcount ref_count;
};

LacunaTensor *lacuna_tensor_new   (LacunaContext *context, LacunaShape shape, GError **error);
LacunaTensor *lacuna_tensor_ref   (LacunaTensor *self);
void          lacuna_tensor_unref (LacunaTensor *self); /* NULL-safe */

/* A tensor of memory that is somebody's: give_back(owner) is called at its last
 * unref. buffer may be NULL. */
LacunaTensor *lacuna_tensor_new_lent (LacunaBuffer *buffer, LacunaShape shape, GDestroyNotify give_back, gpointer owner);

/* Channels first … first+channels of the same memory. */
LacunaTensor *lacuna_tensor_slice (LacunaTensor *self, guint first, guint channels);

/* Images first … first+n of the same memory. */
LacunaTensor *lacuna_tensor_items (LacunaTensor *self, guint first, guint n);

/* Blocking copies from and to host memory in N, C, H, W order, all elements. What
 * is read has to be finite: LACUNA_ERROR_NOT_FINITE. */
gboolean lacuna_tensor_write (LacunaTensor *self, const float *nchw, GError **error);
gboolean lacuna_tensor_read  (LacunaTensor *self, float *nchw, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LacunaTensor, lacuna_tensor_unref)

G_END_DECLS
