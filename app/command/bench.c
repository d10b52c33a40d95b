/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/command/bench.h"

#include <math.h>

#include "app/command/interrupt.h"
#include "engine/bench.h"
#include "engine/lacuna.h"

#define SEED 1
#define HOLE 0.25 /* the hole's side as a share of the image's side, unless the options give one */

/* Marks a square in the middle of the mask, and sets the area around it that a fill needs. */
static void
make_mask (LacunaBench *self, int size, double hole)
{
  int side = (int) (size * hole), first = (size - side) / 2;
  int area_first = MAX (first - LACUNA_WINDOW_MARGIN, 0);
  int area_side = MIN (first + side + LACUNA_WINDOW_MARGIN, size) - area_first;

  self->mask = g_new0 (float, (gsize) size *size);
  for (int y = first; y < first + side; y++)
    for (int x = first; x < first + side; x++)
      self->mask[(gsize) y * size + x] = 1.0f;
  self->hole = (LacunaArea){ area_first, area_first, area_side, area_side };
}

/* Noise in [-1, 1], blanked in the hole. */
static void
make_image (LacunaBench *self, int size)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (SEED);
  gsize n = (gsize) size * size;

  self->values = g_new (float, 3 * n);
  for (gsize i = 0; i < 3 * n; i++)
    self->values[i] = (float) g_rand_double_range (random, -1.0, 1.0) * (1.0f - self->mask[i % n]);
}

gboolean
lacuna_bench_open (LacunaBench *self, const LacunaBenchOptions *options, GError **error)
{
  g_autoptr (GCancellable) cancellable = lacuna_interrupt_new ();
  g_autoptr (LacunaDevice) device = lacuna_device_find (options->device, error);

  if (device == NULL)
    return FALSE;
  self->context = lacuna_context_new (device, 0, error);
  if (self->context == NULL)
    return FALSE;
  lacuna_context_set_cancellable (self->context, cancellable);
  return TRUE;
}

gboolean
lacuna_bench_prepare (LacunaBench *self, const LacunaBenchOptions *options, GError **error)
{
  g_autoptr (LacunaWeights) weights = NULL;
  g_autofree char *path = lacuna_models_find (options->weights, error);

  weights = path != NULL ? lacuna_weights_load (path, error) : NULL;
  if (weights == NULL || !lacuna_bench_open (self, options, error))
    return FALSE;
  self->generator = lacuna_generator_new (self->context, weights, NULL, NULL, error);
  if (self->generator == NULL)
    return FALSE;
  make_mask (self, options->size, isnan (options->hole) ? HOLE : options->hole);
  make_image (self, options->size);
  self->image = lacuna_tensor_new (self->context, (LacunaShape){ 1, 3, options->size, options->size }, error);
  return self->image != NULL && lacuna_tensor_write (self->image, self->values, error);
}

void
lacuna_bench_clear (LacunaBench *self)
{
  g_clear_pointer (&self->image, lacuna_tensor_unref);
  g_clear_pointer (&self->generator, lacuna_generator_free);
  g_clear_object (&self->context);
  g_clear_pointer (&self->values, g_free);
  g_clear_pointer (&self->mask, g_free);
}
