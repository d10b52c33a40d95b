/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Keeps what the detail found in a region: of each pixel of its hole, which pixel of the photo it is a copy of, how that
 * was changed, what is added to it, and how well the patch around it fits. A region gets its offsets only if all of them
 * lead to known pixels that may be copied, else none of these arrays. It runs on the engine's thread. */
#include "engine/fill/detail-keep.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "engine/error.h"
#include "engine/fill/region-private.h"
#include "engine/photo/samples.h"

#define CHANNELS 3

/* Whether each pixel of the region's hole is copied from one of the photo that is known and may be copied. */
static gboolean
check_sources (const LacunaRegion *region, LacunaMask *mask, const LacunaSteering *steering)
{
  int width = lacuna_mask_get_width (mask), height = lacuna_mask_get_height (mask);
  LacunaBox hole = region->hole;
  gsize n = (gsize) hole.width * hole.height;

  for (gsize i = 0; i < n; i++)
    {
      int x = hole.x + (int) (i % hole.width) + region->offsets[i];
      int y = hole.y + (int) (i / hole.width) + region->offsets[n + i];
      gsize from = (gsize) y * width + x;

      if (region->mask[i] != 0
          && ((guint) x >= (guint) width || (guint) y >= (guint) height || lacuna_mask_get_pixels (mask)[from] != 0
              || lacuna_steering_weigh (steering, from) == LACUNA_BARRED))
        return FALSE;
    }
  return TRUE;
}

/* Writes labels and correction, of the level's box, into the region's arrays, of the pixels of its hole. */
static void
keep_labels (LacunaRegion *region, const LacunaLevel *level, const gint16 *labels, const float *correction)
{
  guint l = level->l;
  LacunaBox hole = region->hole;
  gsize n = (gsize) hole.width * hole.height;

  for (gsize i = 0; i < n; i++)
    {
      int x = hole.x - region->box.x + (int) (i % hole.width), y = hole.y - region->box.y + (int) (i / hole.width);
      gsize from = (gsize) ((y >> l) - level->box.y) * level->box.width + (x >> l) - level->box.x;
      const LacunaCopy *copy;
      int from_x, from_y;

      if (region->mask[i] == 0)
        continue;
      copy = lacuna_atlas_find (level->atlas, l, x + labels[2 * from] * (1 << l), y + labels[2 * from + 1] * (1 << l),
                                &from_x, &from_y);
      region->offsets[i] = (gint16) (from_x - x);
      region->offsets[n + i] = (gint16) (from_y - y);
      if (region->transforms != NULL)
        region->transforms[i] = copy->transform;
      for (int c = 0; c < CHANNELS; c++)
        region->correction[c * n + i] = correction[4 * from + c] / 127.5f;
    }
}

/* Adds to the correction what pixels between the photo's, of which scaled copies are made, differ from the nearest. */
static gboolean
interpolate (LacunaRegion *region, const LacunaLevel *level, LacunaPhoto *photo, const gint16 *labels, GError **error)
{
  LacunaBox hole = region->hole;
  gsize n = (gsize) hole.width * hole.height, n_window = (gsize) level->width * level->window_height;
  g_autofree float *window = lacuna_photo_read_window (photo, region->box, 0);

  if (window == NULL)
    {
      lacuna_error_set_memory (error, _ ("what is turned, mirrored or scaled"));
      return FALSE;
    }
  for (gsize i = 0; i < n; i++)
    {
      int x = hole.x - region->box.x + (int) (i % hole.width), y = hole.y - region->box.y + (int) (i / hole.width);
      gsize label = (gsize) (y - level->box.y) * level->box.width + x - level->box.x;
      gsize nearest = (gsize) (y + region->offsets[n + i]) * level->width + x + region->offsets[i];

      for (int c = 0; c < CHANNELS && region->mask[i] != 0; c++)
        region->correction[c * n + i]
            += lacuna_atlas_take (level->atlas, window + c * n_window, x + labels[2 * label], y + labels[2 * label + 1])
               - window[c * n_window + nearest];
    }
  return TRUE;
}

/* Keeps how well the patches fit: the root of the cost of the patch around each pixel of the hole or, where that would
 * reach beyond the window, around the nearest pixel whose patch does not. */
static gboolean
keep_fit (LacunaRegion *region, LacunaLevel *level, GError **error)
{
  LacunaBox hole = region->hole, box = level->box;
  gsize n = lacuna_level_get_n_targets (level), n_hole = (gsize) hole.width * hole.height;
  g_autofree float *cost = g_try_new (float, n);

  if (cost == NULL)
    {
      lacuna_error_set_memory (error, _ ("what the patches cost"));
      return FALSE;
    }
  if (!lacuna_buffer_read (level->cost, 0, cost, n * sizeof (float), error))
    return FALSE;
  for (gsize i = 0; i < n_hole; i++)
    {
      int x = (hole.x - region->box.x + (int) (i % hole.width)) >> level->l;
      int y = (hole.y - region->box.y + (int) (i / hole.width)) >> level->l;

      x = CLAMP (x, LACUNA_PATCH_RADIUS, level->width - LACUNA_PATCH_RADIUS - 1) - box.x;
      y = CLAMP (y, LACUNA_PATCH_RADIUS, level->window_height - LACUNA_PATCH_RADIUS - 1) - box.y;
      if (region->mask[i] != 0)
        region->fit[i] = sqrtf (cost[(gsize) y * box.width + x] / CHANNELS);
    }
  return lacuna_buffer_check_floats (level->cost, region->fit, n_hole, error);
}

/* Drops all that the detail wrote: a region has no offsets rather than unsound ones. */
static void
forget (LacunaRegion *region)
{
  g_clear_pointer (&region->offsets, g_free);
  g_clear_pointer (&region->correction, g_free);
  g_clear_pointer (&region->fit, g_free);
  g_clear_pointer (&region->transforms, g_free);
}

static gboolean
make_arrays (LacunaRegion *region, const LacunaAtlas *atlas, GError **error)
{
  gsize n = (gsize) region->hole.width * region->hole.height;

  region->offsets = g_try_new0 (gint16, 2 * n);
  region->correction = g_try_new0 (float, CHANNELS *n);
  region->fit = g_try_new0 (float, n);
  region->transforms = atlas->n > 1 ? g_try_new0 (guint8, n) : NULL;
  if (region->offsets != NULL && region->correction != NULL && region->fit != NULL
      && (atlas->n == 1 || region->transforms != NULL))
    return TRUE;
  lacuna_error_set_memory (error, _ ("the detail"));
  return FALSE;
}

static gboolean
keep (LacunaRegion *region, LacunaLevel *level, LacunaSeam *seam, LacunaPhoto *photo, LacunaMask *mask,
      const LacunaSteering *steering, GError **error)
{
  gsize n = lacuna_level_get_n_targets (level);
  g_autofree gint16 *labels = g_try_new (gint16, 2 * n);
  g_autofree float *correction = g_try_new (float, 4 * n);

  if (labels == NULL || correction == NULL)
    {
      lacuna_error_set_memory (error, _ ("the detail"));
      return FALSE;
    }
  if (!make_arrays (region, level->atlas, error)
      || !keep_fit (region, level, error)
      /* Beside what is copied the seams see the hole of a copy too, which still shows what was to be removed. */
      || !lacuna_level_draw_copies (level, error) || !lacuna_seam_run (seam, level, labels, correction, error))
    return FALSE;
  keep_labels (region, level, labels, correction);
  if (!check_sources (region, mask, steering))
    {
      lacuna_buffer_set_range_error (level->next, error);
      return FALSE;
    }
  return !(steering->transforms & LACUNA_TRANSFORM_SCALED) || level->l > 0
         || interpolate (region, level, photo, labels, error);
}

gboolean
lacuna_detail_keep (LacunaRegion *region, LacunaLevel *level, LacunaSeam *seam, LacunaPhoto *photo, LacunaMask *mask,
                    const LacunaSteering *steering, GError **error)
{
  if (keep (region, level, seam, photo, mask, steering, error))
    return TRUE;
  forget (region);
  return FALSE;
}
