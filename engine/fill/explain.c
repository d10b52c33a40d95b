/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a region's attention tells, in cells of its grid: where queries look, how far, and how certain they are. A
 * region is only read, and each result is a new array that the caller frees. Any thread may call: the window's main
 * thread to show the attention, the engine's for steering.c, the command line's for figures. */
#include "engine/fill/explain.h"

#include <math.h>

#include "engine/fill/region-private.h"

/* How far a raw patch reaches over its cell on the upper left, and its side. */
#define PATCH_BEFORE 4
#define PATCH_SIDE 16

static int
n_cells (const LacunaRegion *region)
{
  return region->grid_width * region->grid_height;
}

LacunaBox
lacuna_explain_get_patch (const LacunaRegion *region, int cell)
{
  int x = cell % region->grid_width * LACUNA_CELL - PATCH_BEFORE;
  int y = cell / region->grid_width * LACUNA_CELL - PATCH_BEFORE;
  LacunaBox patch = lacuna_box_intersection ((LacunaBox){ x, y, PATCH_SIDE, PATCH_SIDE },
                                             (LacunaBox){ 0, 0, region->width, region->height });
  int scale = 1 << region->halvings;

  return (LacunaBox){ region->box.x + patch.x * scale, region->box.y + patch.y * scale, patch.width * scale,
                      patch.height * scale };
}

guint8 *
lacuna_explain_list_hole (const LacunaRegion *region)
{
  guint8 *hole = g_new0 (guint8, n_cells (region));
  int scale = LACUNA_CELL << region->halvings;

  for (int y = 0; y < region->hole.height; y++)
    for (int x = 0; x < region->hole.width; x++)
      if (region->mask[(gsize) y * region->hole.width + x] != 0)
        hole[(region->hole.y + y - region->box.y) / scale * region->grid_width
             + (region->hole.x + x - region->box.x) / scale]
            = 1;
  return hole;
}

LacunaBox
lacuna_explain_get_cells (const LacunaRegion *region, LacunaBox box)
{
  LacunaBox within = lacuna_box_intersection (box, region->box);
  int scale = LACUNA_CELL << region->halvings;
  int left = (within.x - region->box.x) / scale, top = (within.y - region->box.y) / scale;

  if (within.width == 0 || within.height == 0)
    return (LacunaBox){ 0 };
  return (LacunaBox){ left, top, (within.x + within.width - 1 - region->box.x) / scale - left + 1,
                      (within.y + within.height - 1 - region->box.y) / scale - top + 1 };
}

float *
lacuna_explain_where (const LacunaRegion *region, const guint8 *hole, LacunaBox cells)
{
  int n = n_cells (region);
  g_autofree float *weights = NULL;
  double total = 0;

  if (region->scores == NULL)
    return NULL;
  weights = g_new0 (float, n);
  for (int y = cells.y; y < cells.y + cells.height; y++)
    for (int x = cells.x; x < cells.x + cells.width; x++)
      {
        int query = y * region->grid_width + x;
        const float *scores = region->scores + (gsize) query * n;

        for (int key = 0; hole[query] && key < n; key++)
          {
            weights[key] += scores[key];
            total += scores[key];
          }
      }
  if (total <= 0)
    return NULL;
  for (int key = 0; key < n; key++)
    weights[key] /= total;
  return g_steal_pointer (&weights);
}

static gboolean
is_near_any (const LacunaRegion *region, int cell, const int *cells, guint n)
{
  for (guint i = 0; i < n; i++)
    if (ABS (cells[i] % region->grid_width - cell % region->grid_width) <= 1
        && ABS (cells[i] / region->grid_width - cell / region->grid_width) <= 1)
      return TRUE;
  return FALSE;
}

guint
lacuna_explain_strongest (const LacunaRegion *region, const float *weights, guint n, int *ret_cells)
{
  for (guint found = 0; found < n; found++)
    {
      int best = -1;

      for (int cell = 0; cell < n_cells (region); cell++)
        if (weights[cell] > (best < 0 ? 0 : weights[best]) && !is_near_any (region, cell, ret_cells, found))
          best = cell;
      if (best < 0)
        return found;
      ret_cells[found] = best;
    }
  return n;
}

float *
lacuna_explain_flow (const LacunaRegion *region, const guint8 *hole)
{
  int n = n_cells (region), columns = region->grid_width;
  float *flow = g_new0 (float, 2 * n);

  for (int query = 0; query < n; query++)
    if (hole[query])
      {
        flow[2 * query] = region->index[query] % columns - query % columns;
        flow[2 * query + 1] = region->index[query] / columns - query / columns;
      }
  return flow;
}

static float
get_entropy (const float *scores, int n)
{
  double total = 0, sum = 0;

  for (int key = 0; key < n; key++)
    {
      total += scores[key];
      if (scores[key] > 0)
        sum += scores[key] * log (scores[key]);
    }
  /* −Σ p log p of p = score / total */
  return total > 0 && n > 1 ? (log (total) - sum / total) / log (n) : 1;
}

float *
lacuna_explain_entropy (const LacunaRegion *region, const guint8 *hole)
{
  int n = n_cells (region);
  float *entropy;

  if (region->scores == NULL)
    return NULL;
  entropy = g_new0 (float, n);
  for (int query = 0; query < n; query++)
    if (hole[query])
      entropy[query] = get_entropy (region->scores + (gsize) query * n, n);
  return entropy;
}
