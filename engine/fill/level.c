/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A scale of a region's window, in the host's memory and on the device. Pixels and confidence exist as long as the
 * level, the image from lacuna_level_read_photo or the halving in detail.c on, and all other buffers between
 * make_buffers and close. Offsets that the device returns are checked to lead into the window before they index
 * anything. It runs on the engine's thread. */
#include "engine/fill/level.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "engine/error.h"
#include "engine/fill/region-private.h"
#include "engine/photo/samples.h"
#include "engine/photo/shape.h"

#define CHANNELS 3
#define CONFIDENCE_DECAY 1.3f
#define FARTHEST 40.0f /* pixels beyond which confidence stays */
#define STRIP_PIXELS (1 << 18)

static int
halve_up (int n, guint l)
{
  return (n + (1 << l) - 1) >> l;
}

/* A row of the region's hole, or-ed into the box's. */
static void
add_row (LacunaLevel *self, const LacunaRegion *region, guint l, int y)
{
  int left = region->hole.x - region->box.x, top = region->hole.y - region->box.y;
  const guint8 *mask = region->mask + (gsize) y * region->hole.width;
  int row = ((top + y) >> l) - self->box.y;

  if (row < 0 || row >= self->box.height)
    return;
  for (int x = 0; x < region->hole.width; x++)
    {
      int column = ((left + x) >> l) - self->box.x;

      if (mask[x] != 0 && column >= 0 && column < self->box.width)
        self->pixels[(gsize) row * self->box.width + column] = 1;
    }
}

/* 1 where any pixel within the radius of a line's is 1. */
static void
spread (guint8 *values, int n_lines, gsize line_step, int length, gsize step, guint8 *line)
{
  for (int k = 0; k < n_lines; k++)
    {
      guint8 *start = values + k * line_step;
      int last = -LACUNA_PATCH_RADIUS - 1; /* pixel that was 1 */

      for (int i = 0; i < length; i++)
        line[i] = start[i * step];
      for (int i = 0; i < length + LACUNA_PATCH_RADIUS; i++)
        {
          if (i < length && line[i])
            last = i;
          if (i >= LACUNA_PATCH_RADIUS)
            start[(i - LACUNA_PATCH_RADIUS) * step] = last >= i - 2 * LACUNA_PATCH_RADIUS;
        }
    }
}

/* FALSE: no memory. */
static gboolean
find_targets (LacunaLevel *self)
{
  LacunaBox whole = { 0, 0, self->box.width, self->box.height };
  gsize n = (gsize) whole.width * whole.height;
  g_autoptr (LacunaMask) mask = lacuna_mask_new (whole.width, whole.height, self->pixels);
  g_autofree gint32 *distance = mask != NULL ? lacuna_mask_distance (mask, whole, NULL) : NULL;
  g_autofree guint8 *near = g_try_new (guint8, n);
  g_autofree guint8 *line = g_try_new (guint8, MAX (whole.width, whole.height));

  self->confidence = g_try_new0 (float, n);
  if (distance == NULL || near == NULL || line == NULL || self->confidence == NULL)
    return FALSE;
  memcpy (near, self->pixels, n);
  spread (near, whole.height, whole.width, whole.width, 1, line);
  spread (near, whole.width, 1, whole.height, whole.width, line);
  for (gsize i = 0; i < n; i++)
    {
      int x = self->box.x + (int) (i % whole.width), y = self->box.y + (int) (i / whole.width);

      if (near[i] && x >= LACUNA_PATCH_RADIUS && y >= LACUNA_PATCH_RADIUS && x + LACUNA_PATCH_RADIUS < self->width
          && y + LACUNA_PATCH_RADIUS < self->window_height)
        self->confidence[i] = powf (CONFIDENCE_DECAY, -MIN (sqrtf (distance[i]), FARTHEST));
    }
  return TRUE;
}

LacunaLevel *
lacuna_level_new (const LacunaRegion *region, const LacunaAtlas *atlas, guint l, GError **error)
{
  g_autoptr (LacunaLevel) self = g_new0 (LacunaLevel, 1);
  LacunaBox whole = { 0, 0, region->box.width >> l, lacuna_atlas_get_rows (atlas, l) };
  int left = region->hole.x - region->box.x, top = region->hole.y - region->box.y;
  LacunaBox hole = { (left >> l) - LACUNA_PATCH_RADIUS, (top >> l) - LACUNA_PATCH_RADIUS };

  hole.width = halve_up (left + region->hole.width, l) + LACUNA_PATCH_RADIUS - hole.x;
  hole.height = halve_up (top + region->hole.height, l) + LACUNA_PATCH_RADIUS - hole.y;
  self->atlas = atlas;
  self->l = l;
  self->width = whole.width;
  self->height = whole.height;
  self->window_height = region->box.height >> l;
  self->box = lacuna_box_intersection (hole, whole);
  self->pixels = g_try_new0 (guint8, lacuna_level_get_n_targets (self));
  for (int y = 0; self->pixels != NULL && y < region->hole.height; y++)
    add_row (self, region, l, y);
  if (self->pixels != NULL && find_targets (self))
    return g_steal_pointer (&self);
  lacuna_error_set_memory (error, _ ("the detail's levels"));
  return NULL;
}

void
lacuna_level_close (LacunaLevel *self)
{
  g_clear_pointer (&self->geometry, lacuna_buffer_unref);
  g_clear_pointer (&self->valid, lacuna_buffer_unref);
  g_clear_pointer (&self->guide, lacuna_buffer_unref);
  g_clear_pointer (&self->hole, lacuna_buffer_unref);
  g_clear_pointer (&self->trust, lacuna_buffer_unref);
  g_clear_pointer (&self->strength, lacuna_buffer_unref);
  g_clear_pointer (&self->offsets, lacuna_buffer_unref);
  g_clear_pointer (&self->next, lacuna_buffer_unref);
  g_clear_pointer (&self->cost, lacuna_buffer_unref);
  g_clear_pointer (&self->weight, lacuna_buffer_unref);
}

void
lacuna_level_free (LacunaLevel *self)
{
  if (self == NULL)
    return;
  lacuna_level_close (self);
  g_clear_pointer (&self->image, lacuna_buffer_unref);
  g_free (self->pixels);
  g_free (self->confidence);
  g_free (self);
}

gsize
lacuna_level_get_n_targets (LacunaLevel *self)
{
  return (gsize) self->box.width * self->box.height;
}

/* The weight of a block of side × side pixels from (x, y) on: 0 where not all are of the photo and unmarked, else the
 * least of its pixels'. */
static guint8
weigh_block (LacunaMask *mask, const LacunaSteering *steering, int x, int y, int side)
{
  int width = lacuna_mask_get_width (mask), height = lacuna_mask_get_height (mask);
  guint8 least = LACUNA_KNOWN;

  if (x < 0 || y < 0 || x + side > width || y + side > height)
    return 0;
  for (int v = y; v < y + side; v++)
    for (int u = x; u < x + side; u++)
      {
        gsize i = (gsize) v * width + u;

        if (lacuna_mask_get_pixels (mask)[i] != 0)
          return 0;
        least = MIN (least, lacuna_steering_weigh (steering, i));
      }
  return least;
}

/* n_rows of level l of the window, from row y on. */
static gboolean
read_rows (LacunaBox box, guint l, int y, int n_rows, LacunaPhoto *photo, LacunaMask *mask,
           const LacunaSteering *steering, guint8 *ret_pixels, GError **error)
{
  LacunaBox rows = { box.x, box.y + (y << l), box.width, n_rows << l };
  int width = box.width >> l;
  gsize n = (gsize) width * n_rows;
  g_autofree float *rgb = lacuna_photo_read_window (photo, rows, l);

  if (rgb == NULL)
    {
      lacuna_error_set_memory (error, _ ("the photo's pixels"));
      return FALSE;
    }
  for (gsize i = 0; i < n; i++)
    {
      int left = rows.x + ((int) (i % width) << l), top = rows.y + ((int) (i / width) << l);

      for (int c = 0; c < CHANNELS; c++)
        ret_pixels[4 * i + c] = (guint8) ((rgb[c * n + i] + 1.0f) * 127.5f + 0.5f);
      ret_pixels[4 * i + CHANNELS] = weigh_block (mask, steering, left, top, 1 << l);
    }
  return TRUE;
}

gboolean
lacuna_level_draw_copies (LacunaLevel *self, GError **error)
{
  gsize row = (gsize) 4 * self->width, window = self->window_height * row, size = self->height * row;
  g_autofree guint8 *pixels = NULL;

  if (size == window)
    return TRUE;
  pixels = g_try_malloc (size);
  if (pixels == NULL)
    {
      lacuna_error_set_memory (error, _ ("what is turned, mirrored or scaled"));
      return FALSE;
    }
  if (!lacuna_buffer_read (self->image, 0, pixels, window, error))
    return FALSE;
  lacuna_atlas_draw (self->atlas, self->l, TRUE, pixels);
  return lacuna_buffer_write (self->image, window, pixels + window, size - window, error);
}

gboolean
lacuna_level_read_photo (LacunaLevel *self, LacunaContext *context, LacunaBox box, LacunaPhoto *photo, LacunaMask *mask,
                         const LacunaSteering *steering, GError **error)
{
  int strip = CLAMP ((STRIP_PIXELS >> self->l) / box.width, 1, self->window_height);
  gsize row = (gsize) 4 * self->width;
  g_autofree guint8 *pixels = g_try_malloc (strip * row);

  if (pixels == NULL)
    lacuna_error_set_memory (error, _ ("the photo's pixels"));
  if (pixels == NULL || (self->image = lacuna_buffer_new (context, self->height * row, error)) == NULL)
    return FALSE;
  for (int y = 0; y < self->window_height; y += strip)
    {
      int n_rows = MIN (strip, self->window_height - y);

      if (!read_rows (box, self->l, y, n_rows, photo, mask, steering, pixels, error)
          || !lacuna_buffer_write (self->image, y * row, pixels, n_rows * row, error))
        return FALSE;
    }
  return lacuna_level_draw_copies (self, error);
}

gboolean
lacuna_level_make_buffers (LacunaLevel *self, LacunaContext *context, GError **error)
{
  const gint32 geometry[] = { self->width,     self->height,     self->box.x,        self->box.y,
                              self->box.width, self->box.height, self->window_height };
  gsize n = lacuna_level_get_n_targets (self), n_window = (gsize) self->width * self->height;

  return (self->geometry = lacuna_buffer_new (context, sizeof geometry, error)) != NULL
         && (self->valid = lacuna_buffer_new (context, n_window, error)) != NULL
         && (self->guide = lacuna_buffer_new (context, 4 * n_window, error)) != NULL
         && (self->hole = lacuna_buffer_new (context, n, error)) != NULL
         && (self->trust = lacuna_buffer_new (context, n * sizeof (float), error)) != NULL
         && (self->strength = lacuna_buffer_new (context, 3 * n * sizeof (float), error)) != NULL
         && (self->offsets = lacuna_buffer_new (context, 2 * n * sizeof (gint16), error)) != NULL
         && (self->next = lacuna_buffer_new (context, 2 * n * sizeof (gint16), error)) != NULL
         && (self->cost = lacuna_buffer_new (context, n * sizeof (float), error)) != NULL
         && (self->weight = lacuna_buffer_new (context, n * sizeof (float), error)) != NULL
         && lacuna_buffer_write (self->geometry, 0, geometry, sizeof geometry, error)
         && lacuna_buffer_write (self->hole, 0, self->pixels, n, error)
         && lacuna_buffer_write (self->trust, 0, self->confidence, n * sizeof (float), error);
}

/* Whether pixel i of the box has an offset: a target, or where labels are read a pixel of the hole. */
static gboolean
has_offset (LacunaLevel *self, gsize i, int margin)
{
  return margin > 0 ? self->confidence[i] > 0.0f : self->pixels[i] != 0;
}

gboolean
lacuna_level_read_offsets (LacunaLevel *self, LacunaBuffer *offsets, int margin, gint16 *ret_offsets, GError **error)
{
  gsize n = lacuna_level_get_n_targets (self);
  guint width = self->width - 2 * margin, height = self->height - 2 * margin;

  if (!lacuna_buffer_read (offsets, 0, ret_offsets, 2 * n * sizeof (gint16), error))
    return FALSE;
  for (gsize i = 0; i < n; i++)
    {
      int x = self->box.x + (int) (i % self->box.width) + ret_offsets[2 * i] - margin;
      int y = self->box.y + (int) (i / self->box.width) + ret_offsets[2 * i + 1] - margin;

      if (has_offset (self, i, margin) && ((guint) x >= width || (guint) y >= height))
        {
          lacuna_buffer_set_range_error (offsets, error);
          return FALSE;
        }
    }
  return TRUE;
}

void
lacuna_level_hold (LacunaLevel *self, const gint16 *held, const guint8 *valid, gint16 *offsets)
{
  for (gsize i = 0; i < lacuna_level_get_n_targets (self); i++)
    {
      int x = self->box.x + (int) (i % self->box.width) + held[2 * i];
      int y = self->box.y + (int) (i / self->box.width) + held[2 * i + 1];

      if (held[2 * i] == LACUNA_NO_OFFSET || self->confidence[i] == 0.0f || x < 0 || y < 0 || x >= self->width
          || y >= self->height || !valid[(gsize) y * self->width + x])
        continue;
      offsets[2 * i] = held[2 * i];
      offsets[2 * i + 1] = held[2 * i + 1];
      self->confidence[i] = LACUNA_HELD;
      if (self->pixels[i] != 0)
        self->pixels[i] = 2;
    }
}
