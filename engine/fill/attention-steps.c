/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Recomputes steps 3 to 6 of the attention for one query on the host, to show them, from the features that a region
 * kept (engine/network/NETWORK.md, "Contextual attention", whose step numbers are used below). A region is only read,
 * and each result is a new array that the caller frees. The window's main thread calls it. */
#include <math.h>
#include <string.h>

#include "engine/fill/explain.h"
#include "engine/fill/region-private.h"
#include "engine/network/generator.h"

#define CHANNELS 3
#define PATCH_BEFORE 4 /* pixels of a raw patch before its cell, and its side */
#define PATCH_SIDE 16
#define LEAST_NORM 1e-4f

static int
n_cells (const LacunaRegion *region)
{
  return region->grid_width * region->grid_height;
}

LacunaBox
lacuna_explain_get_compared (const LacunaRegion *region, int cell)
{
  int scale = LACUNA_CELL << region->halvings;
  LacunaBox cells
      = lacuna_box_intersection ((LacunaBox){ cell % region->grid_width - 1, cell / region->grid_width - 1, 3, 3 },
                                 (LacunaBox){ 0, 0, region->grid_width, region->grid_height });

  return (LacunaBox){ region->box.x + cells.x * scale, region->box.y + cells.y * scale, cells.width * scale,
                      cells.height * scale };
}

float *
lacuna_explain_keys (const LacunaRegion *region)
{
  const float *mask = region->input + LACUNA_PLANE_MASK * (gsize) region->width * region->height;

  if (region->freedom != NULL)
    return g_memdup2 (region->freedom, n_cells (region) * sizeof (float));
  return lacuna_generator_find_keys (mask, region->height, region->width);
}

/* ⟨a, b⟩ of the features of two cells, whose number is a multiple of 4. */
static float
multiply (const LacunaRegion *region, int a, int b)
{
  const float *x = region->features + (gsize) a * region->channels;
  const float *y = region->features + (gsize) b * region->channels;
  float sums[4] = { 0 };

  for (guint c = 0; c < region->channels; c += 4)
    for (guint i = 0; i < 4; i++)
      sums[i] += x[c + i] * y[c + i];
  return sums[0] + sums[1] + (sums[2] + sums[3]);
}

/* The cell beside another one; -1: there is none. */
static int
get_beside (const LacunaRegion *region, int cell, int dx, int dy)
{
  int x = cell % region->grid_width + dx, y = cell / region->grid_width + dy;

  return x < 0 || x >= region->grid_width || y < 0 || y >= region->grid_height ? -1 : y * region->grid_width + x;
}

/* The norm of each cell's patch. */
static float *
find_norms (const LacunaRegion *region)
{
  int n = n_cells (region);
  g_autofree float *squares = g_new (float, n);
  float *norms = g_new0 (float, n);

  for (int cell = 0; cell < n; cell++)
    squares[cell] = multiply (region, cell, cell);
  for (int cell = 0; cell < n; cell++)
    {
      for (int i = 0; i < 9; i++)
        {
          int beside = get_beside (region, cell, i % 3 - 1, i / 3 - 1);

          norms[cell] += beside < 0 ? 0 : squares[beside];
        }
      norms[cell] = sqrtf (norms[cell]);
    }
  return norms;
}

/* Step 4: s[query, ·]. */
static void
find_scores (const LacunaRegion *region, const float *norms, int query, float *scores)
{
  int n = n_cells (region);

  memset (scores, 0, n * sizeof *scores);
  for (int i = 0; i < 9; i++)
    {
      int dx = i % 3 - 1, dy = i / 3 - 1, from = get_beside (region, query, dx, dy);

      for (int key = 0; from >= 0 && key < n; key++)
        {
          int beside = get_beside (region, key, dx, dy);

          scores[key] += beside < 0 ? 0 : multiply (region, from, beside);
        }
    }
  for (int key = 0; key < n; key++)
    scores[key] /= MAX (norms[key], LEAST_NORM);
}

float *
lacuna_explain_similarity (const LacunaRegion *region, int query, float *ret_length)
{
  g_autofree float *norms = NULL;
  float *scores;

  if (region->features == NULL)
    return NULL;
  norms = find_norms (region);
  scores = g_new (float, n_cells (region));
  find_scores (region, norms, query, scores);
  for (int key = 0; key < n_cells (region); key++)
    scores[key] /= MAX (norms[query], LEAST_NORM);
  *ret_length = norms[query];
  return scores;
}

/* The cell that many after another, column by column; -1: there is none. */
static int
step_down (const LacunaRegion *region, int cell, int by)
{
  int rows = region->grid_height, columns = region->grid_width;
  int at = cell % columns * rows + cell / columns + by;

  return at < 0 || at >= rows * columns ? -1 : at % rows * columns + at / rows;
}

/* Step 5: with the neighbours row by row, and then column by column, which are shifted by i and by j. */
float *
lacuna_explain_propagation (const LacunaRegion *region, int query)
{
  int n = n_cells (region);
  g_autofree float *norms = NULL, *scores = NULL;
  float *sums;

  if (region->features == NULL)
    return NULL;
  norms = find_norms (region);
  scores = g_new (float, n);
  sums = g_new0 (float, n);
  for (int j = -1; j <= 1; j++)
    for (int i = -1; i <= 1; i++)
      {
        int below = step_down (region, query, j);

        if (below < 0 || below + i < 0 || below + i >= n)
          continue;
        find_scores (region, norms, below + i, scores);
        for (int key = 0; key < n; key++)
          {
            int at = step_down (region, key, j);

            sums[key] += at < 0 || at + i < 0 || at + i >= n ? 0 : scores[at + i];
          }
      }
  return sums;
}

float *
lacuna_explain_shares (const LacunaRegion *region, int query)
{
  int n = n_cells (region);

  return region->scores != NULL ? g_memdup2 (region->scores + (gsize) query * n, n * sizeof (float)) : NULL;
}

/* Adds the pixels of a key's patch, and to the totals its share where it has any. */
static void
add_patch (const LacunaRegion *region, int key, float share, float *sums, float *totals)
{
  gsize n = (gsize) region->width * region->height;
  int left = key % region->grid_width * LACUNA_CELL - PATCH_BEFORE;
  int top = key / region->grid_width * LACUNA_CELL - PATCH_BEFORE;

  for (int i = 0; i < PATCH_SIDE * PATCH_SIDE; i++)
    {
      int x = left + i % PATCH_SIDE, y = top + i / PATCH_SIDE;

      if (x < 0 || x >= region->width || y < 0 || y >= region->height)
        continue;
      totals[i] += share;
      for (int c = 0; c < CHANNELS; c++)
        sums[c * PATCH_SIDE * PATCH_SIDE + i] += share * region->input[c * n + (gsize) y * region->width + x];
    }
}

float *
lacuna_explain_paste (const LacunaRegion *region, int query)
{
  const int n_pixels = PATCH_SIDE * PATCH_SIDE;
  float totals[PATCH_SIDE * PATCH_SIDE] = { 0 };
  const float *shares;
  float *sums;

  if (region->scores == NULL)
    return NULL;
  shares = region->scores + (gsize) query * n_cells (region);
  sums = g_new0 (float, CHANNELS *n_pixels);
  for (int key = 0; key < n_cells (region); key++)
    if (shares[key] > 0)
      add_patch (region, key, shares[key], sums, totals);
  for (int i = 0; i < CHANNELS * n_pixels; i++)
    sums[i] /= totals[i % n_pixels] > 0 ? totals[i % n_pixels] : 1;
  return sums;
}
