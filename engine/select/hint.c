/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A stroke of the user's, and how it covers the cells of a grid. Coordinates are in pixels of the photo and bounded by
 * FAR when a hint is made, so that arithmetic with them can't overflow; a hint is immutable. The window makes hints on
 * its main thread, and the worker that selects reads them. */
#include "engine/select/hint-private.h"

#include <math.h>

#define MAX_POINTS 100000
#define FAR 1e7 /* beyond any photo, in pixels */
/* A stroke encloses something where its ends are that near, in diagonals of its bounds … */
#define CLOSE_ENDS 0.4
/* … and its area is that large beside a circle's of the same length. */
#define LEAST_ROUNDNESS 0.06

typedef struct {
  double x, y;
} Point;

struct _LacunaHint {
  LacunaHintKind kind;
  double         radius;
  gsize          n_points;
  Point         *points;
};

G_DEFINE_BOXED_TYPE (LacunaHint, lacuna_hint, lacuna_hint_ref, lacuna_hint_unref)

LacunaHint *
lacuna_hint_new (LacunaHintKind kind, const double *coordinates, gsize n_coordinates, double radius)
{
  gsize n_points = n_coordinates / 2;
  LacunaHint *self;

  if ((n_points == 0) != (kind == LACUNA_HINT_SHADOW) || n_points > MAX_POINTS || n_coordinates % 2 != 0
      || !(radius >= 0 && radius <= FAR))
    return NULL;
  for (gsize i = 0; i < n_coordinates; i++)
    if (!(fabs (coordinates[i]) <= FAR))
      return NULL;
  self = g_atomic_rc_box_new0 (LacunaHint);
  self->kind = kind;
  self->radius = MAX (radius, 0.5);
  self->n_points = n_points;
  self->points = g_new (Point, n_points);
  for (gsize i = 0; i < n_points; i++)
    self->points[i] = (Point){ coordinates[2 * i], coordinates[2 * i + 1] };
  return self;
}

LacunaHint *
lacuna_hint_ref (LacunaHint *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
clear (gpointer data)
{
  g_free (((LacunaHint *) data)->points);
}

void
lacuna_hint_unref (LacunaHint *self)
{
  if (self != NULL)
    g_atomic_rc_box_release_full (self, clear);
}

LacunaHintKind
lacuna_hint_get_kind (const LacunaHint *self)
{
  return self->kind;
}

double
lacuna_hint_get_radius (const LacunaHint *self)
{
  return self->radius;
}

LacunaBox
lacuna_hint_get_bounds (const LacunaHint *self)
{
  double left, right, top, bottom;

  if (self->n_points == 0)
    return (LacunaBox){ 0 };
  left = right = self->points->x;
  top = bottom = self->points->y;
  for (gsize i = 1; i < self->n_points; i++)
    {
      left = MIN (left, self->points[i].x);
      right = MAX (right, self->points[i].x);
      top = MIN (top, self->points[i].y);
      bottom = MAX (bottom, self->points[i].y);
    }
  left = floor (left);
  top = floor (top);
  return (LacunaBox){ left, top, floor (right) + 1 - left, floor (bottom) + 1 - top };
}

gboolean
lacuna_hint_encloses (LacunaHint *self)
{
  LacunaBox bounds = lacuna_hint_get_bounds (self);
  const Point *first = self->points, *last;
  double gap, length, area;

  if (self->n_points < 3)
    return FALSE;
  last = first + self->n_points - 1;
  gap = length = hypot (last->x - first->x, last->y - first->y);
  area = last->x * first->y - first->x * last->y;
  for (const Point *point = first; point < last; point++)
    {
      length += hypot (point[1].x - point->x, point[1].y - point->y);
      area += point->x * point[1].y - point[1].x * point->y;
    }
  return gap <= CLOSE_ENDS * hypot (bounds.width, bounds.height)
         && 4 * G_PI * fabs (area) / 2 > LEAST_ROUNDNESS * length * length;
}

/* Converts a point from pixels to cells, whose middles have whole coordinates. */
static Point
to_cells (const LacunaGrid *grid, Point point)
{
  return (Point){ (point.x - grid->box.x) / grid->side - 0.5, (point.y - grid->box.y) / grid->side - 0.5 };
}

static double
get_distance (Point from, Point a, Point b)
{
  double x = b.x - a.x, y = b.y - a.y, square = x * x + y * y;
  double along = square > 0 ? CLAMP (((from.x - a.x) * x + (from.y - a.y) * y) / square, 0, 1) : 0;

  return hypot (from.x - a.x - along * x, from.y - a.y - along * y);
}

static void
draw_segment (const LacunaGrid *grid, Point a, Point b, double radius, guint8 *cells, guint8 value)
{
  int left = MAX (0, ceil (MIN (a.x, b.x) - radius)), right = MIN (grid->width - 1, floor (MAX (a.x, b.x) + radius));
  int top = MAX (0, ceil (MIN (a.y, b.y) - radius)), bottom = MIN (grid->height - 1, floor (MAX (a.y, b.y) + radius));

  for (int y = top; y <= bottom; y++)
    for (int x = left; x <= right; x++)
      if (get_distance ((Point){ x, y }, a, b) <= radius)
        cells[(gsize) y * grid->width + x] = value;
}

void
lacuna_hint_draw (const LacunaHint *self, const LacunaGrid *grid, double radius, guint8 *cells, guint8 value)
{
  for (gsize i = 0; i < self->n_points; i++)
    {
      Point a = to_cells (grid, self->points[MAX (i, 1) - 1]), b = to_cells (grid, self->points[i]);
      double x = round (b.x), y = round (b.y);

      draw_segment (grid, a, b, radius / grid->side, cells, value);
      if (x >= 0 && y >= 0 && x < grid->width && y < grid->height)
        cells[(gsize) y * grid->width + (gsize) x] = value;
    }
}

/* A crossing of the closed stroke with the middle of a row of cells: downwards (1) or upwards (−1), at x in cells. */
typedef struct {
  double x;
  int    direction;
} Crossing;

static int
compare (gconstpointer a, gconstpointer b)
{
  const Crossing *first = a, *second = b;

  return first->x < second->x ? -1 : first->x > second->x;
}

static void
find_crossings (const LacunaHint *self, const LacunaGrid *grid, int y, GArray *crossings)
{
  g_array_set_size (crossings, 0);
  for (gsize i = 0; i < self->n_points; i++)
    {
      Point a = to_cells (grid, self->points[i]), b = to_cells (grid, self->points[(i + 1) % self->n_points]);

      if ((a.y <= y) != (b.y <= y))
        {
          Crossing crossing = { a.x + (y - a.y) / (b.y - a.y) * (b.x - a.x), a.y <= y ? 1 : -1 };

          g_array_append_val (crossings, crossing);
        }
    }
  g_array_sort (crossings, compare);
}

static void
fill_row (const LacunaGrid *grid, const GArray *crossings, guint8 *row, guint8 value)
{
  int winding = 0;

  for (guint i = 0; i + 1 < crossings->len; i++)
    {
      const Crossing *crossing = &g_array_index (crossings, Crossing, i);
      int first = MAX (0, ceil (crossing[0].x)), last = MIN (grid->width - 1, floor (crossing[1].x));

      winding += crossing->direction;
      for (int x = first; winding != 0 && x <= last; x++)
        row[x] = value;
    }
}

void
lacuna_hint_fill (const LacunaHint *self, const LacunaGrid *grid, guint8 *cells, guint8 value)
{
  g_autoptr (GArray) crossings = g_array_new (FALSE, FALSE, sizeof (Crossing));

  for (int y = 0; y < grid->height; y++)
    {
      find_crossings (self, grid, y, crossings);
      fill_row (grid, crossings, cells + (gsize) y * grid->width, value);
    }
}

void
lacuna_hints_draw (GPtrArray *hints, const LacunaGrid *grid, guint8 *cells)
{
  for (guint i = 0; i < hints->len; i++)
    {
      LacunaHint *hint = hints->pdata[i];
      LacunaHintKind kind = lacuna_hint_get_kind (hint);

      if (!lacuna_hint_encloses (hint))
        lacuna_hint_draw (hint, grid, lacuna_hint_get_radius (hint), cells,
                          kind == LACUNA_HINT_TAKE ? 0 : LACUNA_CELL_IN);
      else if (kind == LACUNA_HINT_TAKE)
        lacuna_hint_fill (hint, grid, cells, 0);
    }
}
