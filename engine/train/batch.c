/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Makes batches of crops, the next one ahead. A batch depends on seed and number alone, so that a training that is
 * resumed sees the batches that it would have seen. The engine's thread takes batches and owns `next`; a thread of the
 * pool makes one order at a time, and `lock` guards its is_ready and `lost`. Where no thread can be started the
 * engine's makes each batch. */
#include "engine/train/batch.h"

#include <glib/gi18n-lib.h>

#include "engine/error.h"
#include "engine/photo/samples.h"
#include "engine/train/options-private.h"

#define N_OF_ONE_SIDE 8 /* batches in a row */
#define SIDES 1         /* tells their draws from those of crops */

/* A batch being made. */
typedef struct {
  guint64      number;
  LacunaBatch *batch;
  GError      *error;
  gboolean     is_ready;
} Order;

struct _LacunaBatches {
  LacunaPhotoCache  *cache;
  GPtrArray         *photos, *mixed; /* of paths */
  LacunaBatchOptions options;
  GThreadPool       *pool; /* of one thread */

  GMutex lock;
  GCond  ready;
  Order *next; /* or NULL */
  GHashTable *lost; /* set of paths */
};

static void
order_free (Order *self)
{
  if (self == NULL)
    return;
  lacuna_batch_free (self->batch);
  g_clear_error (&self->error);
  g_free (self);
}

/* NULL: no memory. */
static LacunaBatch *
batch_new (guint n, guint side)
{
  LacunaBatch *self = g_new0 (LacunaBatch, 1);
  gsize plane = (gsize) side * side;

  self->n = n;
  self->side = side;
  self->window = side / 2;
  self->image = g_try_new0 (float, n * 3 * plane);
  self->mask = g_try_new0 (float, n *plane);
  self->discount = g_try_new0 (float, n *plane);
  self->corners = g_new0 (guint, 2 * n);
  self->t = g_new0 (float, 2 * n);
  if (self->image == NULL || self->mask == NULL || self->discount == NULL)
    g_clear_pointer (&self, lacuna_batch_free);
  return self;
}

void
lacuna_batch_free (LacunaBatch *self)
{
  if (self == NULL)
    return;
  g_free ((gpointer) self->image);
  g_free ((gpointer) self->mask);
  g_free ((gpointer) self->discount);
  g_free ((gpointer) self->corners);
  g_free ((gpointer) self->t);
  g_free (self);
}

static void
note_lost (LacunaBatches *self, const char *path)
{
  G_GNUC_UNUSED g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  g_hash_table_add (self->lost, (gpointer) path);
}

/* Loads a random photo, or the first that can be read after it. */
static LacunaPhoto *
load_photo (LacunaBatches *self, GRand *rand, GError **error)
{
  gboolean from_mixed = g_rand_double (rand) < self->options.mixed && self->mixed->len > 0;
  GPtrArray *photos = from_mixed ? self->mixed : self->photos;
  guint first = g_rand_int_range (rand, 0, photos->len);
  g_autoptr (GError) problem = NULL;

  for (guint i = 0; i < photos->len; i++)
    {
      const char *path = photos->pdata[(first + i) % photos->len];
      LacunaPhoto *photo;

      g_clear_error (&problem);
      photo = lacuna_photo_cache_load (self->cache, path, NULL, &problem);
      if (photo != NULL)
        return photo;
      note_lost (self, path);
    }
  g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_FILE,
               _ ("None of the photos can be read any more: %s Bring them back, and resume."), problem->message);
  return NULL;
}

/* Reads a random square, from side pixels to the photo's short side large and half of the times flipped, brought to
 * side×side. */
static gboolean
read_crop (LacunaBatches *self, GRand *rand, int side, float *image, GError **error)
{
  gsize plane = (gsize) side * side;
  g_autoptr (LacunaPhoto) photo = load_photo (self, rand, error);
  g_autoptr (LacunaPhoto) crop = NULL;
  g_autofree float *pixels = NULL;
  gboolean flip;
  LacunaBox box;
  int width, height, size;

  if (photo == NULL)
    return FALSE;
  width = lacuna_photo_get_width (photo);
  height = lacuna_photo_get_height (photo);
  size = g_rand_int_range (rand, side, MIN (width, height) + 1);
  box.x = g_rand_int_range (rand, 0, width - size + 1);
  box.y = g_rand_int_range (rand, 0, height - size + 1);
  box.width = box.height = size;
  flip = g_rand_boolean (rand);
  crop = lacuna_photo_resample (photo, box, side, side, error);
  if (crop == NULL)
    return FALSE;
  pixels = lacuna_photo_read_window (crop, (LacunaBox){ 0, 0, side, side }, 0);
  if (pixels == NULL)
    {
      lacuna_error_set_memory (error, _ ("a crop of a photo"));
      return FALSE;
    }
  for (gsize i = 0; i < 3 * plane; i++)
    image[i] = pixels[flip ? i - i % side + (side - 1 - i % side) : i];
  return TRUE;
}

static void
draw_hole (LacunaBatches *self, GRand *rand, guint i, LacunaBatch *batch)
{
  const LacunaBatchOptions *options = &self->options;
  guint *corner = (guint *) batch->corners + 2 * i;
  gsize start;

  corner[0] = g_rand_int_range (rand, 0, batch->side - batch->window + 1);
  corner[1] = g_rand_int_range (rand, 0, batch->side - batch->window + 1);
  start = ((gsize) i * batch->side + corner[0]) * batch->side + corner[1];
  lacuna_hole_draw (rand, options->holes, options->gamma, batch->window, batch->side, (float *) batch->mask + start,
                    (float *) batch->discount + start);
}

/* Several batches in a row have the same side, as device memory is taken anew for another. */
static guint
draw_side (const LacunaBatchOptions *options, guint64 number)
{
  const guint64 turn = number / N_OF_ONE_SIDE;
  const guint32 seeds[] = { options->seed, turn, turn >> 32, SIDES };
  g_autoptr (GRand) rand = g_rand_new_with_seed_array (seeds, G_N_ELEMENTS (seeds));
  guint n_more = (options->side - options->least_side) / LACUNA_SIDE_STEP;

  return options->least_side + LACUNA_SIDE_STEP * g_rand_int_range (rand, 0, n_more + 1);
}

static LacunaBatch *
make_batch (LacunaBatches *self, guint64 number, GError **error)
{
  const LacunaBatchOptions *options = &self->options;
  const guint32 seeds[] = { options->seed, number, number >> 32 };
  g_autoptr (GRand) rand = g_rand_new_with_seed_array (seeds, G_N_ELEMENTS (seeds));
  guint side = draw_side (options, number);
  g_autoptr (LacunaBatch) batch = batch_new (options->n, side);

  if (batch == NULL)
    {
      lacuna_error_set_memory (error, _ ("a batch of crops"));
      return NULL;
    }
  for (guint i = 0; i < options->n; i++)
    {
      if (!read_crop (self, rand, side, (float *) batch->image + (gsize) i * 3 * side * side, error))
        return NULL;
      draw_hole (self, rand, i, batch);
    }
  for (guint i = 0; i < 2 * options->n; i++)
    ((float *) batch->t)[i] = g_rand_double (rand);
  return g_steal_pointer (&batch);
}

static void
carry_out (gpointer data, gpointer user_data)
{
  LacunaBatches *self = user_data;
  Order *order = data;

  order->batch = make_batch (self, order->number, &order->error);
  g_mutex_lock (&self->lock);
  order->is_ready = TRUE;
  g_cond_signal (&self->ready);
  g_mutex_unlock (&self->lock);
}

LacunaBatches *
lacuna_batches_new (LacunaPhotoCache *cache, GPtrArray *photos, GPtrArray *mixed, const LacunaBatchOptions *options)
{
  LacunaBatches *self = g_new0 (LacunaBatches, 1);

  g_mutex_init (&self->lock);
  g_cond_init (&self->ready);
  self->cache = lacuna_photo_cache_ref (cache);
  self->photos = g_ptr_array_new_with_free_func (g_free);
  self->mixed = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < photos->len; i++)
    g_ptr_array_add (self->photos, g_strdup (photos->pdata[i]));
  for (guint i = 0; mixed != NULL && i < mixed->len; i++)
    g_ptr_array_add (self->mixed, g_strdup (mixed->pdata[i]));
  self->options = *options;
  self->lost = g_hash_table_new (g_str_hash, g_str_equal);
  return self;
}

void
lacuna_batches_free (LacunaBatches *self)
{
  if (self == NULL)
    return;
  if (self->pool != NULL)
    g_thread_pool_free (self->pool, FALSE, TRUE);
  order_free (self->next);
  g_hash_table_unref (self->lost);
  g_ptr_array_unref (self->photos);
  g_ptr_array_unref (self->mixed);
  lacuna_photo_cache_unref (self->cache);
  g_cond_clear (&self->ready);
  g_mutex_clear (&self->lock);
  g_free (self);
}

/* Waits for the order of the next batch, and returns it. NULL: there is none, or it is another batch's. */
static Order *
await_order (LacunaBatches *self, guint64 number)
{
  Order *order = g_steal_pointer (&self->next);

  if (order == NULL)
    return NULL;
  g_mutex_lock (&self->lock);
  while (!order->is_ready)
    g_cond_wait (&self->ready, &self->lock);
  g_mutex_unlock (&self->lock);
  if (order->number != number)
    g_clear_pointer (&order, order_free);
  return order;
}

static void
order_next (LacunaBatches *self, guint64 number)
{
  g_autoptr (GError) problem = NULL;

  if (self->pool == NULL)
    self->pool = g_thread_pool_new (carry_out, self, 1, TRUE, &problem);
  if (problem != NULL)
    {
      /* There is no thread for the pool, as in engine/fill/engine.c: the batch is made when it is needed. */
      if (self->pool != NULL)
        g_thread_pool_free (g_steal_pointer (&self->pool), TRUE, FALSE);
      return;
    }
  self->next = g_new0 (Order, 1);
  self->next->number = number;
  g_thread_pool_push (self->pool, self->next, NULL);
}

LacunaBatch *
lacuna_batches_take (LacunaBatches *self, guint64 number, GError **error)
{
  Order *order = await_order (self, number);
  g_autoptr (GError) problem = NULL;
  LacunaBatch *batch;

  if (order != NULL)
    {
      batch = g_steal_pointer (&order->batch);
      problem = g_steal_pointer (&order->error);
      order_free (order);
    }
  else
    batch = make_batch (self, number, &problem);
  if (batch == NULL)
    {
      g_propagate_error (error, g_steal_pointer (&problem));
      return NULL;
    }
  order_next (self, number + 1);
  return batch;
}

guint
lacuna_batches_get_n_lost (LacunaBatches *self)
{
  G_GNUC_UNUSED g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  return g_hash_table_size (self->lost);
}
