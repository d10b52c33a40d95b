/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The generator with its weights on one device, for filling. It owns the layers that it lends to the pass forward, and
 * the pool of the last input's size, from which a second run of that size takes all its memory; results belong to the
 * caller, and their memory returns to the pool with the last unref. Runs are only launched: whoever reads a result
 * waits. It runs on the thread that uses the context: the engine's, or a command's main thread. */
#include "engine/network/generator.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "engine/error.h"
#include "engine/network/forward.h"
#include "engine/network/load.h"
#include "engine/ops/keys.h"
#include "engine/ops/resize.h"
#include "engine/weights/weights.h"

#define ATTENTION_MEMORY (512 << 20) /* most bytes for its matrices */

struct _LacunaGenerator {
  LacunaContext *context;
  LacunaForward  forward; /* whose layers are the generator's own */
  LacunaPool    *pool;    /* of the last run's size */
  guint          pool_height, pool_width;
};

static LacunaPool *
get_pool (LacunaGenerator *self, guint height, guint width)
{
  if (self->pool == NULL || self->pool_height != height || self->pool_width != width)
    {
      g_clear_pointer (&self->pool, lacuna_pool_free);
      self->pool = lacuna_pool_new (self->context);
      self->pool_height = height;
      self->pool_width = width;
    }
  return self->pool;
}

static gboolean
check_shape (LacunaShape shape, GError **error)
{
  if (shape.n == 1 && shape.channels == 3 && shape.height % 8 == 0 && shape.width % 8 == 0 && shape.height >= 16
      && shape.width >= 16)
    return TRUE;
  g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_UNFIT,
               _ ("The network can't take %u×%u pixels: sides must be multiples of 8 and at least 16."), shape.width,
               shape.height);
  return FALSE;
}

/* Puts what the pass reads onto the tape, on the device and on the host. */
static gboolean
give_input (LacunaGenerator *self, LacunaTape *tape, LacunaTensor *image, const float *mask, const float *keys,
            GError **error)
{
  LacunaShape shape = image->shape;

  tape->blank = lacuna_tensor_ref (image);
  tape->quarters = lacuna_resize_mask (mask, shape.height, shape.width, 4);
  tape->keys = keys;
  tape->index = lacuna_buffer_new (self->context, shape.height / 8 * (shape.width / 8) * sizeof (gint32), error);
  shape.channels = 1;
  return tape->index != NULL && (tape->mask = lacuna_pool_take (self->pool, shape, error)) != NULL
         && lacuna_tensor_write (tape->mask, mask, error);
}

static gboolean
run (LacunaGenerator *self, LacunaPool *pool, const LacunaGeneratorOptions *options, LacunaTape *tape, GError **error)
{
  const LacunaArea all = lacuna_area_of (tape->blank->shape);
  LacunaAreas areas;
  const LacunaForwardOptions forward_options = {
    .areas = &areas,
    .attention_memory = MIN (ATTENTION_MEMORY, lacuna_context_get_memory_limit (self->context) / 2),
    .scores = options->scores,
    .features = options->features,
    .launched = options->layer,
    .data = options->data,
  };

  lacuna_areas_find (&areas, self->forward.network, tape->blank->shape, options->area.height > 0 ? options->area : all);
  return lacuna_forward_run (&self->forward, pool, &forward_options, tape, error);
}

gboolean
lacuna_generator_forward (LacunaGenerator *self, LacunaTensor *image, const float *mask,
                          const LacunaGeneratorOptions *options, LacunaGeneratorOutput *ret_output, GError **error)
{
  static const LacunaGeneratorOptions defaults;
  g_auto (LacunaTape) tape = { 0 };
  LacunaPool *pool;

  options = options != NULL ? options : &defaults;
  if (!check_shape (image->shape, error))
    return FALSE;
  pool = get_pool (self, image->shape.height, image->shape.width);
  if (!give_input (self, &tape, image, mask, options->keys, error) || !run (self, pool, options, &tape, error))
    return FALSE;
  *ret_output = (LacunaGeneratorOutput){ .coarse = g_steal_pointer (&tape.coarse),
                                         .refined = g_steal_pointer (&tape.refined),
                                         .scores = g_steal_pointer (&tape.scores),
                                         .index = g_steal_pointer (&tape.index) };
  return TRUE;
}

float *
lacuna_generator_find_keys (const float *mask, guint height, guint width)
{
  g_autofree float *quarters = lacuna_resize_mask (mask, height, width, 4);
  float *keys = g_new (float, height / 8 * (width / 8));

  lacuna_keys_find_valid (quarters, height / 8, width / 8, keys);
  return keys;
}

float *
lacuna_generator_halve_features (const LacunaFeatures *features, guint height, guint width)
{
  guint rows = height / 8, columns = width / 8, n = features->channels;
  g_autofree guint *kept_rows = g_new (guint, rows), *kept_columns = g_new (guint, columns);
  const float *from = features->attention;
  float *halved = g_try_new (float, (gsize) rows *columns *n);

  lacuna_resize_kept_rows (2 * rows, rows, kept_rows);
  lacuna_resize_kept_rows (2 * columns, columns, kept_columns);
  for (guint y = 0; halved != NULL && y < rows; y++)
    for (guint x = 0; x < columns; x++)
      memcpy (halved + ((gsize) y * columns + x) * n, from + ((gsize) kept_rows[y] * 2 * columns + kept_columns[x]) * n,
              n * sizeof (float));
  return halved;
}

guint64
lacuna_generator_get_memory (LacunaGenerator *self, guint height, guint width, gboolean scores)
{
  g_autoptr (LacunaPool) pool = lacuna_pool_new_planning ();
  const LacunaGeneratorOptions options = { .scores = scores };
  g_auto (LacunaTape) tape = { .blank = lacuna_pool_take (pool, (LacunaShape){ 1, 3, height, width }, NULL),
                               .mask = lacuna_pool_take (pool, (LacunaShape){ 1, 1, height, width }, NULL) };

  run (self, pool, &options, &tape, NULL);
  return lacuna_pool_get_bytes (pool);
}

guint64
lacuna_generator_get_held (LacunaGenerator *self)
{
  return self->pool != NULL ? lacuna_pool_get_bytes (self->pool) : 0;
}

void
lacuna_generator_rest (LacunaGenerator *self)
{
  g_clear_pointer (&self->pool, lacuna_pool_free);
}

void
lacuna_generator_output_clear (LacunaGeneratorOutput *self)
{
  g_clear_pointer (&self->coarse, lacuna_tensor_unref);
  g_clear_pointer (&self->refined, lacuna_tensor_unref);
  g_clear_pointer (&self->scores, lacuna_tensor_unref);
  g_clear_pointer (&self->index, lacuna_buffer_unref);
}

LacunaNetwork
lacuna_generator_get_network (LacunaGenerator *self)
{
  return self->forward.network;
}

void
lacuna_generator_free (LacunaGenerator *self)
{
  if (self == NULL)
    return;
  for (guint i = 0; i < LACUNA_N_LAYERS; i++)
    g_clear_pointer (&self->forward.layers[i], lacuna_conv_free);
  lacuna_forward_clear (&self->forward);
  g_clear_pointer (&self->pool, lacuna_pool_free);
  g_clear_object (&self->context);
  g_free (self);
}

static LacunaGenerator *
generator_new (LacunaContext *context)
{
  LacunaGenerator *self = g_new0 (LacunaGenerator, 1);

  self->context = g_object_ref (context);
  return self;
}

static gboolean
build_layer (LacunaGenerator *self, guint i, LacunaNetwork network, const float *weight, const float *bias,
             GError **error)
{
  LacunaConvForm form = lacuna_layer_get_form (i, network);

  self->forward.layers[i] = lacuna_conv_new (self->context, &form, weight, bias, error);
  return self->forward.layers[i] != NULL;
}

LacunaGenerator *
lacuna_generator_new (LacunaContext *context, LacunaWeights *weights, LacunaGeneratorProgress progress, gpointer data,
                      GError **error)
{
  g_autoptr (LacunaGenerator) self = generator_new (context);
  LacunaNetwork network;

  if (!lacuna_layers_check (weights, &network, error))
    return NULL;
  for (guint i = 0; i < LACUNA_N_LAYERS; i++)
    {
      g_autofree float *bias = NULL;
      g_autofree float *weight = lacuna_layer_load (weights, i, network, &bias, error);

      if (weight == NULL || !build_layer (self, i, network, weight, bias, error))
        return NULL;
      if (progress != NULL)
        progress ((i + 1.0) / (LACUNA_N_LAYERS + 1), data);
    }
  if (!lacuna_forward_init (&self->forward, context, network, error))
    return NULL;
  if (progress != NULL)
    progress (1.0, data);
  return g_steal_pointer (&self);
}

LacunaGenerator *
lacuna_generator_new_from_values (LacunaContext *context, guint width, const float *values,
                                  LacunaGeneratorProgress progress, gpointer data, GError **error)
{
  g_autoptr (LacunaGenerator) self = generator_new (context);
  const LacunaNetwork network = { LACUNA_ARCHITECTURE_V1, width };

  for (guint i = 0; i < LACUNA_N_LAYERS; i++)
    {
      LacunaConvForm form = lacuna_layer_get_form (i, network);
      gsize n_weight = (gsize) form.out * form.in * form.kernel * form.kernel;

      if (!build_layer (self, i, network, values, values + n_weight, error))
        return NULL;
      values += n_weight + form.out;
      if (progress != NULL)
        progress ((i + 1.0) / (LACUNA_N_LAYERS + 1), data);
    }
  if (!lacuna_forward_init (&self->forward, context, network, error))
    return NULL;
  return g_steal_pointer (&self);
}
