/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Exact squared Euclidean distances, in whole numbers and linear time (Felzenszwalb and Huttenlocher 2012), and the
 * nearest known pixel. There are two passes: along the columns to the nearest site of the same column, then along each
 * row the lower envelope of the parabolas (x − column)² + height, whose heights are those column distances squared.
 * There is no state; any thread may call. */
#include "engine/photo/mask.h"
#include "engine/photo/shape.h"

#include <string.h>

typedef struct {
  LacunaMask *mask;
  guint8 site;       /* the mask's value at a site: 255 hole, 0 known */
  LacunaBox sites;   /* within the mask: where sites are looked for */
  LacunaBox targets; /* where distances are asked for */
  gint32 *rows;      /* targets.height × sites.width: row of the column's nearest site, or −1 */
} Transform;

typedef struct {
  int column, row; /* the site */
  gint64 height;
  gint64 start; /* the first x where this parabola is the lowest */
} Parabola;

/* Notes the sites of row y as the latest ones of their columns. */
static void
visit_row (const Transform *self, int y, gint32 *latest)
{
  const guint8 *row = lacuna_mask_get_pixels (self->mask) + (gsize) y * lacuna_mask_get_width (self->mask);

  if (y < self->sites.y || y >= self->sites.y + self->sites.height)
    return;
  for (int i = 0; i < self->sites.width; i++)
    if (row[self->sites.x + i] == self->site)
      latest[i] = y;
}

static void
transform_columns (Transform *self)
{
  int top = self->targets.y, bottom = top + self->targets.height;
  gsize width = self->sites.width;
  g_autofree gint32 *latest = g_new (gint32, width);

  memset (latest, -1, width * sizeof *latest);
  for (int y = MIN (top, self->sites.y); y < bottom; y++)
    {
      visit_row (self, y, latest);
      if (y >= top)
        memcpy (self->rows + (y - top) * width, latest, width * sizeof *latest);
    }
  memset (latest, -1, width * sizeof *latest);
  for (int y = MAX (bottom, self->sites.y + self->sites.height) - 1; y >= top; y--)
    {
      gint32 *rows = self->rows + (y - top) * width;

      visit_row (self, y, latest);
      for (gsize i = 0; y < bottom && i < width; i++)
        if (latest[i] >= 0 && (rows[i] < 0 || latest[i] - y < y - rows[i]))
          rows[i] = latest[i];
    }
}

static gint64
floor_divide (gint64 a, gint64 b)
{
  return a / b - (a % b < 0);
}

/* The lower envelope of a row's parabolas, left to right; returns how many. */
static int
find_envelope (const Transform *self, int y, Parabola *envelope)
{
  const gint32 *rows = self->rows + (gsize) (y - self->targets.y) * self->sites.width;
  int n = 0;

  for (int i = 0; i < self->sites.width; i++)
    {
      gint64 u = self->sites.x + i, rise = (gint64) rows[i] - y;
      Parabola parabola = { u, rows[i], rise * rise, G_MININT64 };

      if (rows[i] < 0)
        continue;
      for (; n > 0; n--)
        {
          const Parabola *last = &envelope[n - 1];

          /* Lower than the last one from where 2x(u − v) > u² − v² + height − last height. */
          parabola.start = floor_divide (u * u - (gint64) last->column * last->column + parabola.height - last->height,
                                         2 * (u - last->column))
                           + 1;
          if (parabola.start > last->start)
            break;
          parabola.start = G_MININT64;
        }
      envelope[n++] = parabola;
    }
  return n;
}

static void
transform_row (const Transform *self, int y, Parabola *envelope, gint32 *distance, gint64 *nearest)
{
  int n = find_envelope (self, y, envelope);
  gint64 width = lacuna_mask_get_width (self->mask);
  int k = 0;

  for (int i = 0; n > 0 && i < self->targets.width; i++)
    {
      gint64 x = self->targets.x + i, run;

      while (k + 1 < n && envelope[k + 1].start <= x)
        k++;
      run = x - envelope[k].column;
      distance[i] = MIN (run * run + envelope[k].height, G_MAXINT32);
      if (nearest != NULL)
        nearest[i] = envelope[k].row * width + envelope[k].column;
    }
}

/* Writes targets into distance and nearest (may be NULL), arrays for box, which
 * holds targets. FALSE: no memory. */
static gboolean
transform (Transform *self, LacunaBox box, gint32 *distance, gint64 *nearest)
{
  g_autofree gint32 *rows = g_try_new (gint32, (gsize) self->sites.width * self->targets.height);
  g_autofree Parabola *envelope = g_try_new (Parabola, self->sites.width);

  if (rows == NULL || envelope == NULL)
    return FALSE;
  self->rows = rows;
  transform_columns (self);
  for (int y = self->targets.y; y < self->targets.y + self->targets.height; y++)
    {
      gsize at = (gsize) (y - box.y) * box.width + (self->targets.x - box.x);

      transform_row (self, y, envelope, distance + at, nearest != NULL ? nearest + at : NULL);
    }
  return TRUE;
}

static LacunaBox
grow_box (LacunaBox box, int radius)
{
  return (LacunaBox){ box.x - radius, box.y - radius, box.width + 2 * radius, box.height + 2 * radius };
}

/* The pixels of box nearest to whole: what they share, or an edge of whole. */
static LacunaBox
clamp_box (LacunaBox box, LacunaBox whole)
{
  int left = CLAMP (box.x, 0, whole.width - 1), right = CLAMP (box.x + box.width - 1, 0, whole.width - 1);
  int top = CLAMP (box.y, 0, whole.height - 1), bottom = CLAMP (box.y + box.height - 1, 0, whole.height - 1);

  return (LacunaBox){ left, top, right - left + 1, bottom - top + 1 };
}

gint32 *
lacuna_mask_distance (LacunaMask *self, LacunaBox box, gint64 **ret_nearest)
{
  LacunaBox whole = { 0, 0, lacuna_mask_get_width (self), lacuna_mask_get_height (self) };
  LacunaBox bounds = *lacuna_mask_get_bounds (self), inside = lacuna_box_intersection (box, whole);
  gsize n_pixels = (gsize) box.width * box.height;
  g_autofree gint32 *distance = g_try_new (gint32, n_pixels);
  g_autofree gint64 *nearest = ret_nearest != NULL ? g_try_new (gint64, n_pixels) : NULL;
  gboolean none = lacuna_mask_get_n_hole (self) == (gsize) whole.width * whole.height;
  Transform job = { .mask = self, .site = 0 };

  if (distance == NULL || (ret_nearest != NULL && nearest == NULL))
    return NULL;
  for (gsize i = 0; i < n_pixels; i++)
    {
      gint64 x = box.x + (gint64) (i % box.width), y = box.y + (gint64) (i / box.width);

      distance[i] = none ? G_MAXINT32 : 0;
      if (nearest != NULL)
        nearest[i] = none ? -1 : y * whole.width + x;
    }
  /* Only the hole's bounds need work within the mask, and what is nearest to
   * them lies at most one pixel beyond them. */
  job.targets = inside.width == box.width && inside.height == box.height ? lacuna_box_intersection (box, bounds) : box;
  job.sites = lacuna_box_union (clamp_box (job.targets, whole), lacuna_box_intersection (grow_box (bounds, 1), whole));
  if (!none && job.targets.width > 0 && job.targets.height > 0 && !transform (&job, box, distance, nearest))
    return NULL;
  if (ret_nearest != NULL)
    *ret_nearest = g_steal_pointer (&nearest);
  return g_steal_pointer (&distance);
}
