/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/tensor/tensor.h"

#include <glib/gi18n-lib.h>

#include "engine/error.h"

LacunaTensor *
lacuna_tensor_new_lent (LacunaBuffer *buffer, LacunaShape shape, GDestroyNotify give_back, gpointer owner)
{
  LacunaTensor *self = g_new0 (LacunaTensor, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->buffer = buffer != NULL ? lacuna_buffer_ref (buffer) : NULL;
  self->shape = shape;
  self->stride = shape.channels;
  self->give_back = give_back;
  self->owner = owner;
  return self;
}

LacunaTensor *
lacuna_tensor_new (LacunaContext *context, LacunaShape shape, GError **error)
{
  g_autoptr (LacunaBuffer) buffer
      = lacuna_buffer_new (context, lacuna_shape_get_elements (shape) * sizeof (float), error);

  return buffer != NULL ? lacuna_tensor_new_lent (buffer, shape, NULL, NULL) : NULL;
}

LacunaTensor *
lacuna_tensor_ref (LacunaTensor *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
lacuna_tensor_unref (LacunaTensor *self)
{
  if (self == NULL || !g_atomic_ref_count_dec (&self->ref_count))
    return;
  if (self->give_back != NULL)
    self->give_back (self->owner);
  g_clear_pointer (&self->buffer, lacuna_buffer_unref);
  lacuna_tensor_unref (self->whole);
  g_free (self);
}

LacunaTensor *
lacuna_tensor_slice (LacunaTensor *self, guint first, guint channels)
{
  LacunaShape shape = self->shape;
  LacunaTensor *slice;

  g_assert (first + channels <= shape.channels);
  shape.channels = channels;
  slice = lacuna_tensor_new_lent (self->buffer, shape, NULL, NULL);
  slice->stride = self->stride;
  slice->offset = self->offset + first;
  slice->whole = lacuna_tensor_ref (self);
  return slice;
}

LacunaTensor *
lacuna_tensor_items (LacunaTensor *self, guint first, guint n)
{
  LacunaShape shape = self->shape;
  LacunaTensor *items;

  g_assert (first + n <= shape.n);
  shape.n = n;
  items = lacuna_tensor_new_lent (self->buffer, shape, NULL, NULL);
  items->stride = self->stride;
  items->offset = self->offset + first * shape.height * shape.width * self->stride;
  items->whole = lacuna_tensor_ref (self);
  return items;
}

/* Floats from the tensor's first element to behind its last. */
static gsize
get_span (LacunaTensor *self)
{
  return (lacuna_shape_get_pixels (self->shape) - 1) * self->stride + self->shape.channels;
}

static float *
allocate_span (LacunaTensor *self, GError **error)
{
  float *memory = g_try_new (float, get_span (self));

  if (memory == NULL)
    g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_MEMORY,
                 _ ("No memory for %zu values of the device. Close other programs."), get_span (self));
  return memory;
}

static float *
read_span (LacunaTensor *self, GError **error)
{
  g_autofree float *memory = allocate_span (self, error);

  if (memory == NULL
      || !lacuna_buffer_read (self->buffer, (gsize) self->offset * sizeof (float), memory,
                              get_span (self) * sizeof (float), error))
    return NULL;
  return g_steal_pointer (&memory);
}

gboolean
lacuna_tensor_write (LacunaTensor *self, const float *nchw, GError **error)
{
  gsize area = (gsize) self->shape.height * self->shape.width;
  g_autofree float *memory = NULL;

  /* Between a slice's pixels lie its neighbours' values. */
  if (self->stride == self->shape.channels)
    memory = allocate_span (self, error);
  else
    memory = read_span (self, error);
  if (memory == NULL)
    return FALSE;

  for (gsize i = 0; i < self->shape.n; i++)
    for (gsize c = 0; c < self->shape.channels; c++)
      for (gsize p = 0; p < area; p++)
        memory[(i * area + p) * self->stride + c] = nchw[(i * self->shape.channels + c) * area + p];
  return lacuna_buffer_write (self->buffer, (gsize) self->offset * sizeof (float), memory,
                              get_span (self) * sizeof (float), error);
}

gboolean
lacuna_tensor_read (LacunaTensor *self, float *nchw, GError **error)
{
  gsize area = (gsize) self->shape.height * self->shape.width;
  g_autofree float *memory = read_span (self, error);

  if (memory == NULL)
    return FALSE;
  for (gsize i = 0; i < self->shape.n; i++)
    for (gsize c = 0; c < self->shape.channels; c++)
      for (gsize p = 0; p < area; p++)
        nchw[(i * self->shape.channels + c) * area + p] = memory[(i * area + p) * self->stride + c];
  return lacuna_buffer_check_floats (self->buffer, nchw, lacuna_shape_get_elements (self->shape), error);
}
