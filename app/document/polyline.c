/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/document/polyline.h"

#include <math.h>

static void
get_corner (GVariant *line, gsize i, double *ret_x, double *ret_y)
{
  g_variant_get_child (line, i, "(dd)", ret_x, ret_y);
}

static gboolean
check_line (GVariant *line, int width, int height)
{
  gsize n = g_variant_n_children (line);

  for (gsize i = 0; i < n; i++)
    {
      double x, y;

      get_corner (line, i, &x, &y);
      if (!(x >= 0 && y >= 0 && x <= width - 1 && y <= height - 1))
        return FALSE;
    }
  return n >= 2;
}

gboolean
lacuna_polylines_check (GVariant *lines, int width, int height)
{
  if (!g_variant_is_of_type (lines, G_VARIANT_TYPE ("aa(dd)")))
    return FALSE;
  for (gsize i = 0; i < g_variant_n_children (lines); i++)
    {
      g_autoptr (GVariant) line = g_variant_get_child_value (lines, i);

      if (!check_line (line, width, height))
        return FALSE;
    }
  return TRUE;
}

/* How far a point is from what lies between two others. */
static double
measure (const LacunaSample *point, const LacunaSample *from, const LacunaSample *to)
{
  double dx = to->x - from->x, dy = to->y - from->y, square = dx * dx + dy * dy;
  double share = square > 0 ? ((point->x - from->x) * dx + (point->y - from->y) * dy) / square : 0;

  share = CLAMP (share, 0, 1);
  return hypot (point->x - from->x - share * dx, point->y - from->y - share * dy);
}

/* Marks which points between two corners are corners too. */
static void
find_corners (const LacunaSample *points, guint first, guint last, double tolerance, gboolean *corners)
{
  double furthest = tolerance;
  guint corner = first;

  for (guint i = first + 1; i < last; i++)
    {
      double distance = measure (&points[i], &points[first], &points[last]);

      if (distance > furthest)
        {
          furthest = distance;
          corner = i;
        }
    }
  if (corner == first)
    return;
  corners[corner] = TRUE;
  find_corners (points, first, corner, tolerance, corners);
  find_corners (points, corner, last, tolerance, corners);
}

GVariant *
lacuna_polyline_new (const LacunaSample *points, guint n_points, double tolerance, int width, int height)
{
  g_autofree gboolean *corners = g_new0 (gboolean, n_points);
  g_auto (GVariantBuilder) builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("a(dd)"));
  double length = 0, last_x = 0, last_y = 0;

  if (n_points < 2)
    return NULL;
  corners[0] = corners[n_points - 1] = TRUE;
  find_corners (points, 0, n_points - 1, tolerance, corners);
  for (guint i = 0; i < n_points; i++)
    {
      double x = CLAMP (points[i].x - 0.5, 0, width - 1), y = CLAMP (points[i].y - 0.5, 0, height - 1);

      if (!corners[i])
        continue;
      length += i > 0 ? hypot (x - last_x, y - last_y) : 0;
      last_x = x;
      last_y = y;
      g_variant_builder_add (&builder, "(dd)", x, y);
    }
  return length >= 1 ? g_variant_builder_end (&builder) : NULL;
}

LacunaBox
lacuna_polyline_get_box (GVariant *line)
{
  LacunaBox box = { 0 };

  for (gsize i = 0; i < g_variant_n_children (line); i++)
    {
      double x, y;

      get_corner (line, i, &x, &y);
      if (i == 0)
        box = (LacunaBox){ lrint (x), lrint (y), 1, 1 };
      else
        box = lacuna_box_union (box, (LacunaBox){ lrint (x), lrint (y), 1, 1 });
    }
  return box;
}

gboolean
lacuna_polyline_crosses (GVariant *line, const guint8 *pixels, LacunaBox box)
{
  for (gsize i = 1; i < g_variant_n_children (line); i++)
    {
      double x, y, next_x, next_y;
      int n;

      get_corner (line, i - 1, &x, &y);
      get_corner (line, i, &next_x, &next_y);
      n = (int) ceil (hypot (next_x - x, next_y - y));
      for (int j = 0; j <= n; j++)
        {
          double share = n > 0 ? (double) j / n : 0;
          int column = (int) lrint (x + share * (next_x - x)) - box.x,
              row = (int) lrint (y + share * (next_y - y)) - box.y;

          if (pixels[(gsize) row * box.width + column] != 0)
            return TRUE;
        }
    }
  return FALSE;
}
