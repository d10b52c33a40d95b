/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/tensor/pool.h"

typedef struct {
  LacunaPool   *pool;
  LacunaBuffer *buffer; /* NULL when planning */
  gsize         bytes;
} Slot;

struct _LacunaPool {
  LacunaContext  *context; /* NULL when planning */
  GPtrArray      *free;    /* of Slot; a lent slot belongs to its tensor */
  guint64         bytes;
  gatomicrefcount ref_count;
};

static void
slot_free (gpointer data)
{
  Slot *slot = data;

  g_clear_pointer (&slot->buffer, lacuna_buffer_unref);
  g_free (slot);
}

static LacunaPool *
pool_new (LacunaContext *context)
{
  LacunaPool *self = g_new0 (LacunaPool, 1);

  g_atomic_ref_count_init (&self->ref_count);
  g_set_object (&self->context, context);
  self->free = g_ptr_array_new_with_free_func (slot_free);
  return self;
}

LacunaPool *
lacuna_pool_new (LacunaContext *context)
{
  return pool_new (context);
}

LacunaPool *
lacuna_pool_new_planning (void)
{
  return pool_new (NULL);
}

void
lacuna_pool_free (LacunaPool *self)
{
  if (self == NULL || !g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_ptr_array_unref (self->free);
  g_clear_object (&self->context);
  g_free (self);
}

static void
give_back (gpointer data)
{
  Slot *slot = data;
  LacunaPool *pool = slot->pool;

  g_ptr_array_add (pool->free, slot);
  lacuna_pool_free (pool);
}

/* The smallest free slot that holds bytes without wasting half of itself, taken out of the list. */
static Slot *
find_slot (LacunaPool *self, gsize bytes)
{
  guint best = G_MAXUINT;
  gsize best_bytes = bytes * 2;

  for (guint i = 0; i < self->free->len; i++)
    {
      const Slot *slot = g_ptr_array_index (self->free, i);

      if (slot->bytes >= bytes && slot->bytes <= best_bytes)
        {
          best = i;
          best_bytes = slot->bytes;
        }
    }
  return best != G_MAXUINT ? g_ptr_array_steal_index_fast (self->free, best) : NULL;
}

LacunaTensor *
lacuna_pool_take (LacunaPool *self, LacunaShape shape, GError **error)
{
  gsize bytes = lacuna_shape_get_elements (shape) * sizeof (float);
  Slot *slot = find_slot (self, bytes);

  if (slot == NULL)
    {
      g_autoptr (LacunaBuffer) buffer = NULL;

      if (self->context != NULL && (buffer = lacuna_buffer_new (self->context, bytes, error)) == NULL)
        return NULL;
      slot = g_new0 (Slot, 1);
      slot->pool = self;
      slot->buffer = g_steal_pointer (&buffer);
      slot->bytes = bytes;
      self->bytes += bytes;
    }
  g_atomic_ref_count_inc (&self->ref_count);
  return lacuna_tensor_new_lent (slot->buffer, shape, give_back, slot);
}

gboolean
lacuna_pool_is_planning (LacunaPool *self)
{
  return self->context == NULL;
}

guint64
lacuna_pool_get_bytes (LacunaPool *self)
{
  return self->bytes;
}
