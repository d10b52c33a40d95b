/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Runs the network on one region: reads the window, shows it to the network in sRGB, and reads the results back
 * into the photo's own colours. The region owns all arrays that come of it; the results are 0 outside `computed`,
 * which holds all of the window's hole. It runs on the engine's thread, where `progress` is called after each
 * layer's launch. */
#include "engine/fill/region-run.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "engine/error.h"
#include "engine/fill/window.h"
#include "engine/network/layers.h"
#include "engine/photo/samples.h"

#define CHANNELS 3
#define LAUNCHED (LACUNA_N_LAYERS + 3) /* what a forward pass tells of: the layers, the attention, both results */

typedef struct {
  LacunaRegion        *region;
  LacunaPhoto         *photo;
  LacunaRegionProgress progress;
  gpointer             data;
  guint                n_layers;
} RegionRun;

static void
blank (float *image, const float *hole, gsize n)
{
  for (int c = 0; c < CHANNELS; c++)
    for (gsize i = 0; i < n; i++)
      image[c * n + i] *= 1.0f - hole[i];
}

/* Reads the network's five planes into input: the image with the hole blanked, ones, the mask. Returns the same image
 * as the network is to see it, in sRGB, which it learned from (g_free). */
static float *
read_input (LacunaRegion *self, LacunaPhoto *photo, LacunaMask *mask, GError **error)
{
  g_autofree float *image = lacuna_photo_read_window (photo, self->box, self->halvings);
  gsize n = (gsize) self->width * self->height;
  float *hole;

  self->input = g_try_new (float, LACUNA_N_PLANES *n);
  if (image == NULL || self->input == NULL)
    {
      lacuna_error_set_memory (error, _ ("what the network is shown"));
      return NULL;
    }
  hole = self->input + LACUNA_PLANE_MASK * n;
  lacuna_window_read_mask (mask, self->box, self->halvings, hole);
  memcpy (self->input, image, CHANNELS * n * sizeof (float));
  blank (self->input, hole, n);
  for (gsize i = 0; i < n; i++)
    self->input[LACUNA_PLANE_ONES * n + i] = 1.0f;
  if (!lacuna_photo_to_srgb (photo, image, n, error))
    return NULL;
  blank (image, hole, n);
  return g_steal_pointer (&image);
}

/* Returns the bounds of all that is hole in the window, with the margin. */
static LacunaBox
find_computed (const LacunaRegion *self)
{
  const float *hole = self->input + (gsize) LACUNA_PLANE_MASK * self->width * self->height;
  int left = self->width, top = self->height, right = 0, bottom = 0, margin = LACUNA_WINDOW_MARGIN;

  for (int y = 0; y < self->height; y++)
    for (int x = 0; x < self->width; x++)
      if (hole[(gsize) y * self->width + x] != 0.0f)
        {
          left = MIN (left, x);
          top = MIN (top, y);
          right = MAX (right, x + 1);
          bottom = y + 1;
        }
  return lacuna_box_intersection (
      (LacunaBox){ left - margin, top - margin, right - left + 2 * margin, bottom - top + 2 * margin },
      (LacunaBox){ 0, 0, self->width, self->height });
}

static float *
read_tensor (LacunaTensor *tensor, GError **error)
{
  gsize n = lacuna_shape_get_elements (tensor->shape);
  g_autofree float *values = g_try_new (float, n);

  if (values == NULL)
    {
      g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_MEMORY,
                   _ ("The network's result of %zu numbers does not fit into memory. "
                      "Close other programs."),
                   n);
      return NULL;
    }
  return lacuna_tensor_read (tensor, values, error) ? g_steal_pointer (&values) : NULL;
}

/* Reads one of the network's images, and converts it to the photo's own colours. */
static float *
read_image (LacunaPhoto *photo, LacunaTensor *tensor, GError **error)
{
  g_autofree float *image = read_tensor (tensor, error);

  if (image == NULL
      || !lacuna_photo_from_srgb (photo, image, lacuna_shape_get_elements (tensor->shape) / CHANNELS, error))
    return NULL;
  return g_steal_pointer (&image);
}

static gboolean
follow_layer (const char *name, LacunaTensor *y, gpointer data, GError **error)
{
  RegionRun *run = data;

  if (g_str_equal (name, "coarse") && (run->region->coarse = read_image (run->photo, y, error)) == NULL)
    return FALSE;
  run->n_layers++;
  run->progress (run->region, MIN (1.0, (double) run->n_layers / LAUNCHED), run->data);
  return TRUE;
}

static gboolean
read_results (LacunaRegion *self, LacunaPhoto *photo, LacunaGeneratorOutput *output, GError **error)
{
  gsize n_queries = (gsize) self->grid_width * self->grid_height;
  g_autofree gint32 *index = g_try_new (gint32, n_queries);

  if (index == NULL)
    {
      lacuna_error_set_memory (error, _ ("the attention"));
      return FALSE;
    }
  if (output->scores != NULL && (self->scores = read_tensor (output->scores, error)) == NULL)
    return FALSE;
  if (!lacuna_buffer_read_indices (output->index, index, n_queries, n_queries, error))
    return FALSE;
  self->index = g_steal_pointer (&index);
  self->refined = read_image (photo, output->refined, error);
  return self->refined != NULL;
}

static gboolean
run_network (LacunaRegion *self, LacunaContext *context, LacunaGenerator *generator, const float *seen,
             LacunaGeneratorOptions *options, LacunaGeneratorOutput *ret_output, GError **error)
{
  g_autoptr (LacunaTensor) image
      = lacuna_tensor_new (context, (LacunaShape){ 1, CHANNELS, self->height, self->width }, error);

  options->area = (LacunaArea){ self->computed.y, self->computed.x, self->computed.height, self->computed.width };
  return image != NULL && lacuna_tensor_write (image, seen, error)
         && lacuna_generator_forward (generator, image,
                                      self->input + (gsize) LACUNA_PLANE_MASK * self->height * self->width, options,
                                      ret_output, error);
}

/* Keeps what the scores were made from, to explain them by, if there is memory for it. */
static void
keep_features (LacunaRegion *self, const LacunaFeatures *features)
{
  if (features == NULL || features->attention == NULL)
    return;
  self->features = lacuna_generator_halve_features (features, self->height, self->width);
  self->channels = features->channels;
}

gboolean
lacuna_region_run (LacunaRegion *self, LacunaContext *context, LacunaGenerator *generator, LacunaPhoto *photo,
                   LacunaMask *mask, const LacunaSteering *steering, LacunaKept *kept, gboolean keep_scores,
                   LacunaRegionProgress progress, gpointer data, GError **error)
{
  RegionRun run = { self, photo, progress, data, 0 };
  LacunaGeneratorOptions options = { .layer = follow_layer, .data = &run, .scores = keep_scores };
  g_auto (LacunaGeneratorOutput) output = { NULL };
  g_autofree float *seen = NULL, *keys = NULL;
  gboolean done;

  if (steering->avoid != NULL || steering->prefer != NULL)
    {
      keys = lacuna_steering_weigh_keys (steering, self, mask, error);
      if (keys == NULL)
        return FALSE;
      options.keys = keys;
    }
  seen = read_input (self, photo, mask, error);
  if (seen == NULL)
    return FALSE;
  self->computed = find_computed (self);
  if (kept != NULL)
    options.features = lacuna_kept_open (kept, self);
  done = run_network (self, context, generator, seen, &options, &output, error)
         && read_results (self, photo, &output, error);
  if (done && keep_scores)
    {
      keep_features (self, options.features);
      self->freedom = g_steal_pointer (&keys);
    }
  if (kept != NULL)
    lacuna_kept_close (kept, self);
  return done;
}
