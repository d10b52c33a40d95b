/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/photo/mask.h"
#include "engine/photo/shape.h"

/* A run of hole pixels in one row, first to last, and its parent in the
 * union-find forest; a root comes first in raster order within its component. */
typedef struct {
  int y, first, last;
  guint parent;
} PixelRun;

static guint
find_root (GArray *runs, guint i)
{
  PixelRun *run = &g_array_index (runs, PixelRun, i);

  while (run->parent != i)
    {
      run->parent = g_array_index (runs, PixelRun, run->parent).parent;
      i = run->parent;
      run = &g_array_index (runs, PixelRun, i);
    }
  return i;
}

static void
join (GArray *runs, guint a, guint b)
{
  guint root_a = find_root (runs, a), root_b = find_root (runs, b);

  g_array_index (runs, PixelRun, MAX (root_a, root_b)).parent = MIN (root_a, root_b);
}

static void
append_row (GArray *runs, const guint8 *row, int y, LacunaBox bounds)
{
  int end = bounds.x + bounds.width;

  for (int x = bounds.x; x < end; x++)
    {
      PixelRun run = { y, x, x, runs->len };

      if (row[x] == 0)
        continue;
      while (run.last + 1 < end && row[run.last + 1] != 0)
        run.last++;
      x = run.last;
      g_array_append_val (runs, run);
    }
}

/* Joins the runs from start on, all of one row, with those from above on, all
 * of the row before, where they touch, corners included. */
static void
join_rows (GArray *runs, guint above, guint start)
{
  guint i = above;

  for (guint k = start; k < runs->len; k++)
    {
      const PixelRun *run = &g_array_index (runs, PixelRun, k);

      while (i < start && g_array_index (runs, PixelRun, i).last < run->first - 1)
        i++;
      for (guint j = i; j < start && g_array_index (runs, PixelRun, j).first <= run->last + 1; j++)
        join (runs, j, k);
    }
}

static GArray *
find_runs (LacunaMask *mask)
{
  LacunaBox bounds = *lacuna_mask_get_bounds (mask);
  const guint8 *pixels = lacuna_mask_get_pixels (mask);
  GArray *runs = g_array_new (FALSE, FALSE, sizeof (PixelRun));
  guint above = 0;

  for (int y = bounds.y; y < bounds.y + bounds.height; y++)
    {
      guint start = runs->len;

      append_row (runs, pixels + (gsize) y * lacuna_mask_get_width (mask), y, bounds);
      join_rows (runs, above, start);
      above = start;
    }
  return runs;
}

GArray *
lacuna_mask_components (LacunaMask *self, guint32 **ret_labels)
{
  g_autoptr (GArray) runs = find_runs (self);
  g_autoptr (GArray) boxes = g_array_new (FALSE, FALSE, sizeof (LacunaBox));
  gsize width = lacuna_mask_get_width (self);
  g_autofree guint32 *numbers = g_try_new (guint32, MAX (runs->len, 1));
  g_autofree guint32 *labels = ret_labels != NULL ? g_try_new0 (guint32, width * lacuna_mask_get_height (self)) : NULL;

  if (numbers == NULL || (ret_labels != NULL && labels == NULL))
    return NULL;
  for (guint i = 0; i < runs->len; i++)
    {
      const PixelRun *run = &g_array_index (runs, PixelRun, i);
      LacunaBox box = { run->first, run->y, run->last - run->first + 1, 1 };
      guint root = find_root (runs, i);

      if (root == i)
        {
          g_array_append_val (boxes, box);
          numbers[i] = boxes->len;
        }
      else
        {
          LacunaBox *whole = &g_array_index (boxes, LacunaBox, numbers[root] - 1);

          *whole = lacuna_box_union (*whole, box);
          numbers[i] = numbers[root];
        }
      for (int x = run->first; labels != NULL && x <= run->last; x++)
        labels[run->y * width + x] = numbers[i];
    }
  if (ret_labels != NULL)
    *ret_labels = g_steal_pointer (&labels);
  return g_steal_pointer (&boxes);
}
