/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The lines that the user draws for edges to follow: checks them before a fill, samples them for a level, and widens
 * windows to them. Corners are in pixels of the photo, whose middles are whole numbers; sampled points are in pixels of
 * a level's window, the first of which has its middle at 0.5. There is no state. It runs on the engine's thread. */
#include "engine/fill/lines.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "engine/error.h"

#define LONGEST 16 /* times the photo's width and height together */
#define REACH 3    /* places before and behind one that tell its direction */

static gsize
count_corners (GVariant *lines, gsize line)
{
  g_autoptr (GVariant) corners = g_variant_get_child_value (lines, line);

  return g_variant_n_children (corners);
}

static void
get_corner (GVariant *lines, gsize line, gsize i, double *ret_x, double *ret_y)
{
  g_autoptr (GVariant) corners = g_variant_get_child_value (lines, line);

  g_variant_get_child (corners, i, "(dd)", ret_x, ret_y);
}

/* Returns a line's length in pixels. NAN: a corner is not of the photo. */
static double
get_length (GVariant *lines, gsize line, int width, int height)
{
  double length = 0.0, x = 0.0, y = 0.0;

  for (gsize i = 0; i < count_corners (lines, line); i++)
    {
      double next_x, next_y;

      get_corner (lines, line, i, &next_x, &next_y);
      if (!(next_x >= -0.5 && next_y >= -0.5 && next_x <= width - 0.5 && next_y <= height - 0.5))
        return NAN;
      if (i > 0)
        length += hypot (next_x - x, next_y - y);
      x = next_x;
      y = next_y;
    }
  return length;
}

static void
find_directions (GArray *points)
{
  LacunaLinePoint *point = (LacunaLinePoint *) points->data;
  int n = points->len;

  for (int i = 0; i < n; i++)
    {
      const LacunaLinePoint *before = point + MAX (i - REACH, 0), *behind = point + MIN (i + REACH, n - 1);
      double length = hypot (behind->x - before->x, behind->y - before->y);

      point[i].east = length > 0.0 ? (behind->x - before->x) / length : 0.0;
      point[i].south = length > 0.0 ? (behind->y - before->y) / length : 0.0;
    }
}

GArray *
lacuna_lines_sample (GVariant *lines, gsize line, LacunaBox box, guint l)
{
  GArray *points = g_array_new (FALSE, FALSE, sizeof (LacunaLinePoint));
  double x, y, scale = ldexp (1.0, -(int) l), rest = 0.0; /* to go to the next place, in pixels of the level */

  get_corner (lines, line, 0, &x, &y);
  for (gsize i = 1; i < count_corners (lines, line); i++)
    {
      double next_x, next_y, length;

      get_corner (lines, line, i, &next_x, &next_y);
      length = hypot (next_x - x, next_y - y) * scale;
      for (; rest <= length; rest += 1.0)
        {
          double share = length > 0.0 ? rest / length : 0.0;
          LacunaLinePoint point = { .x = (x + share * (next_x - x) + 0.5 - box.x) * scale,
                                    .y = (y + share * (next_y - y) + 0.5 - box.y) * scale };

          g_array_append_val (points, point);
        }
      rest -= length;
      x = next_x;
      y = next_y;
    }
  find_directions (points);
  return points;
}

static gboolean
is_marked (LacunaMask *mask, int x, int y)
{
  return lacuna_mask_get_pixels (mask)[(gsize) y * lacuna_mask_get_width (mask) + x] != 0;
}

/* Whether the patch around (x, y) may be copied, which has to lie in the box. */
static gboolean
is_source (const LacunaSteering *steering, LacunaMask *unknown, LacunaBox box, int x, int y)
{
  int width = lacuna_mask_get_width (unknown), radius = LACUNA_PATCH_RADIUS;

  box = lacuna_box_intersection (box, (LacunaBox){ 0, 0, width, lacuna_mask_get_height (unknown) });
  if (x - radius < box.x || y - radius < box.y || x + radius >= box.x + box.width || y + radius >= box.y + box.height)
    return FALSE;
  for (int v = y - radius; v <= y + radius; v++)
    for (int u = x - radius; u <= x + radius; u++)
      if (is_marked (unknown, u, v) || lacuna_steering_weigh (steering, (gsize) v * width + u) == LACUNA_BARRED)
        return FALSE;
  return TRUE;
}

/* Whether a line goes through the hole, and where that is known through some of the box. */
static void
look_at (const LacunaSteering *steering, gsize line, LacunaMask *hole, LacunaMask *unknown, LacunaBox box,
         gboolean *ret_crosses, gboolean *ret_seen)
{
  g_autoptr (GArray) points = lacuna_lines_sample (steering->lines, line, (LacunaBox){ 0 }, 0);

  *ret_crosses = *ret_seen = FALSE;
  for (guint i = 0; i < points->len && !(*ret_crosses && *ret_seen); i++)
    {
      const LacunaLinePoint *point = &g_array_index (points, LacunaLinePoint, i);
      int x = CLAMP ((int) point->x, 0, lacuna_mask_get_width (unknown) - 1);
      int y = CLAMP ((int) point->y, 0, lacuna_mask_get_height (unknown) - 1);

      *ret_crosses |= is_marked (hole, x, y);
      *ret_seen = *ret_seen || is_source (steering, unknown, box, x, y);
    }
}

static gboolean G_GNUC_PRINTF (2, 3) refuse (GError **error, const char *format, ...)
{
  va_list arguments;

  va_start (arguments, format);
  if (error != NULL)
    *error = g_error_new_valist (LACUNA_ERROR, LACUNA_ERROR_UNFIT, format, arguments);
  va_end (arguments);
  return FALSE;
}

static gboolean
check_line (const LacunaSteering *steering, gsize line, LacunaMask *hole, LacunaMask *unknown, GError **error)
{
  int width = lacuna_mask_get_width (hole), height = lacuna_mask_get_height (hole), number = (int) line + 1;
  double length = get_length (steering->lines, line, width, height);
  LacunaSteering anywhere = *steering; /* what is preferred is looked at for each region, which may lack it */
  gboolean crosses, seen;

  anywhere.prefer = NULL;
  if (isnan (length))
    return refuse (error, _ ("Line %d leaves the photo of %d×%d pixels: end it at its border."), number, width, height);
  if (length < 1.0)
    return refuse (error, _ ("Line %d is a point: draw it across the hole."), number);
  if (length > (double) LONGEST * (width + height))
    return refuse (error, _ ("Line %d is too long for a photo of %d×%d pixels: draw one edge with it."), number, width,
                   height);
  look_at (&anywhere, line, hole, unknown, (LacunaBox){ 0, 0, width, height }, &crosses, &seen);
  if (!crosses)
    return refuse (
        error, _ ("Line %d does not cross the hole: draw it along an edge that goes through what is removed."), number);
  if (!seen)
    return refuse (error,
                   _ ("Line %d shows nothing to copy: draw it on along the edge, into what is known and not avoided."),
                   number);
  return TRUE;
}

gboolean
lacuna_lines_check (const LacunaSteering *steering, LacunaMask *hole, LacunaMask *unknown, GError **error)
{
  if (steering->lines == NULL)
    return TRUE;
  if (!g_variant_is_of_type (steering->lines, G_VARIANT_TYPE ("aa(dd)")))
    return refuse (error, _ ("Lines are of the type “aa(dd)”, not “%s”."), g_variant_get_type_string (steering->lines));
  for (gsize i = 0; i < g_variant_n_children (steering->lines); i++)
    if (!check_line (steering, i, hole, unknown, error))
      return FALSE;
  return TRUE;
}

/* Whether a line crosses what the region fills. */
static gboolean
crosses_region (GVariant *lines, gsize line, const LacunaRegion *region)
{
  g_autoptr (GArray) points = lacuna_lines_sample (lines, line, region->hole, 0);

  for (guint i = 0; i < points->len; i++)
    {
      const LacunaLinePoint *point = &g_array_index (points, LacunaLinePoint, i);
      int x = (int) floor (point->x), y = (int) floor (point->y);

      if (x >= 0 && y >= 0 && x < region->hole.width && y < region->hole.height
          && region->mask[(gsize) y * region->hole.width + x] != 0)
        return TRUE;
    }
  return FALSE;
}

gboolean
lacuna_lines_cross (GVariant *lines, const LacunaRegion *region)
{
  for (gsize i = 0; i < g_variant_n_children (lines); i++)
    if (crosses_region (lines, i, region))
      return TRUE;
  return FALSE;
}

static gboolean
is_unseen (const LacunaSteering *steering, gsize line, const LacunaRegion *region, LacunaMask *unknown)
{
  gboolean crosses, seen;

  if (!crosses_region (steering->lines, line, region))
    return FALSE;
  look_at (steering, line, unknown, unknown, region->box, &crosses, &seen);
  return !seen;
}

static LacunaBox
get_bounds (GVariant *lines, gsize line)
{
  g_autoptr (GArray) points = lacuna_lines_sample (lines, line, (LacunaBox){ 0 }, 0);
  LacunaBox bounds = { 0 };

  for (guint i = 0; i < points->len; i++)
    {
      const LacunaLinePoint *point = &g_array_index (points, LacunaLinePoint, i);
      int side = 2 * LACUNA_PATCH_RADIUS + 1;
      LacunaBox patch = { (int) point->x - LACUNA_PATCH_RADIUS, (int) point->y - LACUNA_PATCH_RADIUS, side, side };

      bounds = i > 0 ? lacuna_box_union (bounds, patch) : patch;
    }
  return bounds;
}

/* Makes lines of corners, whose references are taken. */
static GVariant *
take_lines (GVariant **corners, gsize n)
{
  GVariant *lines = g_variant_ref_sink (g_variant_new_array (G_VARIANT_TYPE ("a(dd)"), corners, n));

  for (gsize i = 0; i < n; i++)
    g_variant_unref (corners[i]);
  return lines;
}

/* Whether a place of a level, as lacuna_lines_sample has them, is of what the region fills. */
static gboolean
is_filled (const LacunaRegion *region, const LacunaLinePoint *place)
{
  int x = (int) floor (place->x), y = (int) floor (place->y);

  return x >= 0 && y >= 0 && x < region->width && y < region->height
         && region->input[((gsize) LACUNA_PLANE_MASK * region->height + y) * region->width + x] != 0.0f;
}

static gboolean
is_near (const LacunaLinePoint *place, GPtrArray *lines, double distance)
{
  for (guint i = 0; i < lines->len; i++)
    for (guint k = 0; k < ((GArray *) lines->pdata[i])->len; k++)
      {
        const LacunaLinePoint *other = &g_array_index ((GArray *) lines->pdata[i], LacunaLinePoint, k);

        if (hypot (other->x - place->x, other->y - place->y) < distance)
          return TRUE;
      }
  return FALSE;
}

GVariant *
lacuna_lines_leave (GVariant *found, GVariant *drawn, const LacunaRegion *region, double beside)
{
  g_autoptr (GPtrArray) sampled = g_ptr_array_new_with_free_func ((GDestroyNotify) g_array_unref);
  gsize n_found = found != NULL ? g_variant_n_children (found) : 0, n_left = 0;
  g_autofree GVariant **left = g_new (GVariant *, n_found);

  for (gsize i = 0; drawn != NULL && i < g_variant_n_children (drawn); i++)
    g_ptr_array_add (sampled, lacuna_lines_sample (drawn, i, region->box, region->halvings));
  for (gsize i = 0; i < n_found; i++)
    {
      g_autoptr (GArray) places = lacuna_lines_sample (found, i, region->box, region->halvings);
      g_autoptr (GVariant) corners = g_variant_get_child_value (found, i);
      guint n_filled = 0, n_beside = 0;

      for (guint k = 0; k < places->len; k++)
        {
          const LacunaLinePoint *place = &g_array_index (places, LacunaLinePoint, k);

          if (!is_filled (region, place))
            continue;
          n_filled++;
          n_beside += is_near (place, sampled, ldexp (beside, -(int) region->halvings));
        }
      if (3 * n_beside <= n_filled)
        left[n_left++] = g_steal_pointer (&corners);
    }
  return n_left > 0 ? take_lines (left, n_left) : NULL;
}

GVariant *
lacuna_lines_join (GVariant *first, GVariant *second)
{
  gsize n_first = first != NULL ? g_variant_n_children (first) : 0;
  gsize n = n_first + (second != NULL ? g_variant_n_children (second) : 0);
  g_autofree GVariant **lines = g_new (GVariant *, n);

  for (gsize i = 0; i < n; i++)
    lines[i] = i < n_first ? g_variant_get_child_value (first, i) : g_variant_get_child_value (second, i - n_first);
  return n > 0 ? take_lines (lines, n) : NULL;
}

void
lacuna_lines_widen (const LacunaSteering *steering, LacunaRegion *region, LacunaMask *unknown)
{
  for (gsize i = 0; steering->lines != NULL && i < g_variant_n_children (steering->lines); i++)
    if (is_unseen (steering, i, region, unknown))
      lacuna_region_widen (region, get_bounds (steering->lines, i), lacuna_mask_get_width (unknown),
                           lacuna_mask_get_height (unknown));
}

guint
lacuna_lines_count_unseen (const LacunaSteering *steering, const LacunaRegion *region, LacunaMask *unknown)
{
  guint n = 0;

  for (gsize i = 0; steering->lines != NULL && i < g_variant_n_children (steering->lines); i++)
    n += is_unseen (steering, i, region, unknown);
  return n;
}
