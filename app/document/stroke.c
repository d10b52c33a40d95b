/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/document/stroke.h"

#include <cairo.h>
#include <math.h>
#include <string.h>

/* The least radius in pixels: a smaller disc may lie between the pixels' centres and mark nothing. */
#define MIN_RADIUS 0.75
/* Below the largest image that Cairo draws to. */
#define MAX_SIDE 16384

typedef void (*OutlineFunc) (cairo_t *cr, const LacunaSample *samples, guint n_samples);

/* Fills the outline within a box of the raster of at most MAX_SIDE a side. */
static void
fill_part (LacunaRaster *raster, LacunaBox box, OutlineFunc outline, const LacunaSample *samples, guint n_samples,
           gboolean erase)
{
  int stride = lacuna_raster_get_stride (raster);
  /* Cairo wants its rows to start at whole words. */
  int left = box.x & ~7;
  guint8 *origin = lacuna_raster_get_pixels (raster) + (gsize) box.y * stride + left;
  cairo_surface_t *surface
      = cairo_image_surface_create_for_data (origin, CAIRO_FORMAT_A8, box.x + box.width - left, box.height, stride);
  cairo_t *cr = cairo_create (surface);

  cairo_translate (cr, -left, -box.y);
  cairo_set_antialias (cr, CAIRO_ANTIALIAS_NONE);
  cairo_set_operator (cr, erase ? CAIRO_OPERATOR_CLEAR : CAIRO_OPERATOR_OVER);
  outline (cr, samples, n_samples);
  cairo_fill (cr);
  cairo_destroy (cr);
  cairo_surface_destroy (surface);
}

static LacunaBox
fill (LacunaRaster *raster, LacunaBox box, OutlineFunc outline, const LacunaSample *samples, guint n_samples,
      gboolean erase)
{
  box = lacuna_raster_touch (raster, box);
  for (int y = 0; y < box.height; y += MAX_SIDE)
    for (int x = 0; x < box.width; x += MAX_SIDE)
      {
        LacunaBox part = { box.x + x, box.y + y, MIN (MAX_SIDE, box.width - x), MIN (MAX_SIDE, box.height - y) };

        fill_part (raster, part, outline, samples, n_samples, erase);
      }
  return box;
}

static LacunaBox
bounds (const LacunaSample *samples, guint n_samples, double radius)
{
  double left = samples->x, top = samples->y, right = left, bottom = top;

  for (guint i = 1; i < n_samples; i++)
    {
      left = MIN (left, samples[i].x);
      top = MIN (top, samples[i].y);
      right = MAX (right, samples[i].x);
      bottom = MAX (bottom, samples[i].y);
    }
  left = floor (left - radius) - 1;
  top = floor (top - radius) - 1;
  return (LacunaBox){ left, top, ceil (right + radius) + 1 - left, ceil (bottom + radius) + 1 - top };
}

/* Two arcs joined by the discs' outer tangents, which meet each circle at the
 * angle whose cosine is (r0 - r1) / distance from the line between them. */
static void
outline_segment (cairo_t *cr, const LacunaSample *samples, guint n_samples)
{
  const LacunaSample *a = samples, *b = samples + n_samples - 1;
  double first = MAX (a->radius, MIN_RADIUS), second = MAX (b->radius, MIN_RADIUS);
  double distance = hypot (b->x - a->x, b->y - a->y);
  double direction, tangent;

  if (distance <= fabs (first - second))
    {
      const LacunaSample *larger = first >= second ? a : b;

      cairo_arc (cr, larger->x, larger->y, MAX (first, second), 0, 2 * G_PI);
      return;
    }
  direction = atan2 (b->y - a->y, b->x - a->x);
  tangent = acos ((first - second) / distance);
  cairo_arc (cr, a->x, a->y, first, direction + tangent, direction - tangent + 2 * G_PI);
  cairo_arc (cr, b->x, b->y, second, direction - tangent, direction + tangent);
  cairo_close_path (cr);
}

static void
outline_polygon (cairo_t *cr, const LacunaSample *samples, guint n_samples)
{
  for (guint i = 0; i < n_samples; i++)
    cairo_line_to (cr, samples[i].x, samples[i].y);
  cairo_close_path (cr);
}

LacunaBox
lacuna_stroke_draw (LacunaRaster *raster, const LacunaSample *samples, guint n_samples, gboolean erase)
{
  LacunaBox changed = { 0 };

  for (guint i = 0; i < MAX (n_samples, 2) - 1; i++)
    {
      guint n = MIN (2, n_samples);
      double radius = MAX (MAX (samples[i].radius, samples[i + n - 1].radius), MIN_RADIUS);
      LacunaBox box = fill (raster, bounds (samples + i, n, radius), outline_segment, samples + i, n, erase);

      if (box.width > 0)
        changed = changed.width > 0 ? lacuna_box_union (changed, box) : box;
    }
  return changed;
}

LacunaBox
lacuna_stroke_fill_polygon (LacunaRaster *raster, const LacunaSample *points, guint n_points, gboolean erase)
{
  return fill (raster, bounds (points, n_points, 0), outline_polygon, points, n_points, erase);
}

LacunaBox
lacuna_stroke_clear (LacunaRaster *raster)
{
  LacunaBox box = lacuna_raster_touch (raster, lacuna_raster_get_extent (raster));

  for (int y = box.y; y < box.y + box.height; y++)
    memset (lacuna_raster_get_pixels (raster) + (gsize) y * lacuna_raster_get_stride (raster) + box.x, 0, box.width);
  return box;
}
