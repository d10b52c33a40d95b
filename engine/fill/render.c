/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Makes a region's pixels at the photo's resolution, some rows at a time: a network result, upsampled and blended at
 * the hole's border, or the detail's copies with their correction. A row does not depend on the strip that it is made
 * in. A render borrows the region, which has to outlive it, and is used by one thread: a command's, or a worker of the
 * window. */
#include "engine/fill/render.h"

#include <math.h>
#include <string.h>

#include "engine/fill/border.h"
#include "engine/photo/hidden.h"
#include "engine/photo/samples.h"
#include "engine/photo/shape.h"

#define CHANNELS 3
#define FEATHER 3 /* pixels inside the hole that lean on the nearest known one */
#define STRIP_PIXELS (1 << 18)

/* The four samples at the network's scale that a pixel is interpolated from along one axis, and their weights. */
typedef struct {
  int   index[4];
  float weight[4];
} Taps;

struct _LacunaRender {
  const LacunaRegion *region;
  LacunaPhoto        *photo;
  float              *samples; /* 3×height×width; NULL: copied from the photo, as the offsets say */
  Taps               *columns; /* of the hole's box */
};

/* Cubic interpolation (Keys 1981, a = -1/2) at the centre of pixel i of a window
 * whose n samples are means of 2^halvings pixels: (i + 1/2) / 2^halvings - 1/2. */
static Taps
get_taps (int i, guint halvings, int n)
{
  int twice = 2 * i + 1 - (1 << halvings), unit = 2 << halvings;
  int first = (twice >> (halvings + 1)) - 1;
  float t = (float) (twice & (unit - 1)) / unit;
  Taps taps = { .weight = { ((-0.5f * t + 1.0f) * t - 0.5f) * t,
                            (1.5f * t - 2.5f) * t * t + 1.0f,
                            ((-1.5f * t + 2.0f) * t + 0.5f) * t,
                            (0.5f * t - 0.5f) * t * t } };

  for (int k = 0; k < 4; k++)
    taps.index[k] = CLAMP (first + k, 0, n - 1);
  return taps;
}

LacunaRender *
lacuna_render_new (const LacunaRegion *region, LacunaPhoto *photo, LacunaStage stage)
{
  g_autoptr (LacunaRender) self = g_new0 (LacunaRender, 1);

  self->region = region;
  self->photo = g_object_ref (photo);
  if (stage == LACUNA_STAGE_DETAIL && region->offsets != NULL)
    return g_steal_pointer (&self);
  self->samples = lacuna_border_match (region, stage);
  if (self->samples == NULL)
    return NULL;
  self->columns = g_new (Taps, region->hole.width);
  for (int x = 0; x < region->hole.width; x++)
    self->columns[x] = get_taps (region->hole.x - region->box.x + x, region->halvings, region->width);
  return g_steal_pointer (&self);
}

void
lacuna_render_free (LacunaRender *self)
{
  if (self == NULL)
    return;
  g_object_unref (self->photo);
  g_free (self->samples);
  g_free (self->columns);
  g_free (self);
}

int
lacuna_render_get_strip (LacunaRender *self)
{
  return CLAMP (STRIP_PIXELS / self->region->hole.width, 4 * FEATHER, self->region->hole.height);
}

static void
upsample_row (LacunaRender *self, int y, float *rgb, gsize plane)
{
  const LacunaRegion *region = self->region;
  Taps taps = get_taps (region->hole.y - region->box.y + y, region->halvings, region->height);
  g_autofree float *row = g_new (float, region->width);

  for (int c = 0; c < CHANNELS; c++)
    {
      const float *samples = self->samples + (gsize) c * region->height * region->width;
      const float *rows[4];

      for (int k = 0; k < 4; k++)
        rows[k] = samples + (gsize) taps.index[k] * region->width;
      for (int x = 0; x < region->width; x++)
        row[x] = taps.weight[0] * rows[0][x] + taps.weight[1] * rows[1][x] + taps.weight[2] * rows[2][x]
                 + taps.weight[3] * rows[3][x];
      for (int x = 0; x < region->hole.width; x++)
        {
          const Taps *column = &self->columns[x];
          float value = 0.0f;

          for (int k = 0; k < 4; k++)
            value += column->weight[k] * row[column->index[k]];
          rgb[c * plane + x] = CLAMP (value, -1.0f, 1.0f);
        }
    }
}

/* Returns the region's own part of the hole in box as a mask, with what is hidden. The pixel nearest to it outside is
 * always known, for the hole's other components don't touch it. NULL: no memory. */
static LacunaMask *
get_own_mask (const LacunaRegion *region, LacunaPhoto *photo, LacunaBox box)
{
  LacunaBox inside = lacuna_box_intersection (box, region->hole);
  g_autofree guint8 *pixels = g_try_malloc0 ((gsize) box.width * box.height);

  if (pixels == NULL)
    return NULL;
  for (int y = 0; y < inside.height; y++)
    memcpy (pixels + (gsize) (inside.y + y - box.y) * box.width + inside.x - box.x,
            region->mask + (gsize) (inside.y + y - region->hole.y) * region->hole.width + inside.x - region->hole.x,
            inside.width);
  lacuna_hidden_mark (photo, box, pixels);
  return lacuna_mask_new (box.width, box.height, pixels);
}

/* Blends the hole's outermost pixels with the nearest known one. FALSE: no memory. */
static gboolean
feather (LacunaRender *self, LacunaBox rows, float *rgb, gsize plane)
{
  LacunaBox photo = { 0, 0, lacuna_photo_get_width (self->photo), lacuna_photo_get_height (self->photo) };
  LacunaBox around = { rows.x - FEATHER, rows.y - FEATHER, rows.width + 2 * FEATHER, rows.height + 2 * FEATHER };
  LacunaBox box;
  g_autoptr (LacunaMask) mask = NULL;
  g_autofree gint32 *distance = NULL;
  g_autofree gint64 *nearest = NULL;
  g_autofree float *known = NULL;
  gsize n;

  around = lacuna_box_intersection (around, photo);
  n = (gsize) around.width * around.height;
  box = (LacunaBox){ rows.x - around.x, rows.y - around.y, rows.width, rows.height };
  mask = get_own_mask (self->region, self->photo, around);
  distance = mask != NULL ? lacuna_mask_distance (mask, box, &nearest) : NULL;
  known = lacuna_photo_read_window (self->photo, around, 0);
  if (distance == NULL || known == NULL)
    return FALSE;
  for (gsize i = 0; i < (gsize) rows.width * rows.height; i++)
    if (distance[i] > 0 && distance[i] <= FEATHER * FEATHER)
      {
        float share = 1.0f - sqrtf (distance[i]) / (FEATHER + 1);

        for (int c = 0; c < CHANNELS; c++)
          rgb[c * plane + i] += share * (known[c * n + nearest[i]] - rgb[c * plane + i]);
      }
  return TRUE;
}

float
lacuna_render_read_colour (LacunaPhoto *photo, gsize i, int channel)
{
  gconstpointer pixels = lacuna_photo_get_pixels (photo);
  int bands = lacuna_photo_get_bands (photo);
  gsize at = i * bands + (bands < CHANNELS ? 0 : channel);

  return lacuna_photo_get_depth (photo) == 8 ? ((const guint8 *) pixels)[at] / 127.5f - 1.0f
                                             : ((const guint16 *) pixels)[at] / 32767.5f - 1.0f;
}

static void
copy_row (LacunaRender *self, int y, float *rgb, gsize plane)
{
  const LacunaRegion *region = self->region;
  gsize n = (gsize) region->hole.width * region->hole.height, row = (gsize) y * region->hole.width;

  for (int x = 0; x < region->hole.width; x++)
    {
      gsize i = row + x;
      gsize from_x = region->hole.x + x + region->offsets[i], from_y = region->hole.y + y + region->offsets[n + i];
      gsize from = from_y * lacuna_photo_get_width (self->photo) + from_x;

      for (int c = 0; c < CHANNELS; c++)
        {
          float value = lacuna_render_read_colour (self->photo, from, c) + region->correction[c * n + i];

          rgb[c * plane + x] = CLAMP (value, -1.0f, 1.0f);
        }
    }
}

gboolean
lacuna_render_rows (LacunaRender *self, int y, int n_rows, float *rgb, gsize plane)
{
  LacunaBox hole = self->region->hole;

  for (int i = 0; self->samples == NULL && i < n_rows; i++)
    copy_row (self, y + i, rgb + (gsize) i * hole.width, plane);
  if (self->samples == NULL)
    return TRUE;
  for (int i = 0; i < n_rows; i++)
    upsample_row (self, y + i, rgb + (gsize) i * hole.width, plane);
  return feather (self, (LacunaBox){ hole.x, hole.y + y, hole.width, n_rows }, rgb, plane);
}

float *
lacuna_render_region (const LacunaRegion *self, LacunaPhoto *photo, LacunaStage stage)
{
  g_autoptr (LacunaRender) render = NULL;
  gsize plane = (gsize) self->hole.width * self->hole.height;
  g_autofree float *rgb = NULL;
  int strip;

  g_return_val_if_fail ((stage == LACUNA_STAGE_COARSE ? self->coarse : self->refined) != NULL, NULL);
  render = lacuna_render_new (self, photo, stage);
  rgb = g_try_new (float, CHANNELS *plane);
  if (render == NULL || rgb == NULL)
    return NULL;
  strip = lacuna_render_get_strip (render);
  for (int y = 0; y < self->hole.height; y += strip)
    if (!lacuna_render_rows (render, y, MIN (strip, self->hole.height - y), rgb + (gsize) y * self->hole.width, plane))
      return NULL;
  return g_steal_pointer (&rgb);
}

GBytes *
lacuna_region_render (const LacunaRegion *self, LacunaPhoto *photo, LacunaStage stage)
{
  gsize n = (gsize) self->hole.width * self->hole.height;
  int depth = lacuna_photo_get_depth (photo);
  g_autofree float *rgb = lacuna_render_region (self, photo, stage);
  gpointer samples = rgb != NULL ? lacuna_photo_quantize (rgb, n, n, depth) : NULL;

  return samples != NULL ? g_bytes_new_take (samples, CHANNELS * n * depth / 8) : NULL;
}
