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

/* A cell that is larger than its neighbours, but for those that a larger one took. */
typedef struct {
  int   cell;
  float sum; /* of its value and of those of the neighbours that it takes */
} Peak;

static int
compare_values (gconstpointer a, gconstpointer b, gpointer values)
{
  int one = *(const int *) a, other = *(const int *) b;
  float difference = ((const float *) values)[other] - ((const float *) values)[one];

  return difference != 0 ? (difference > 0 ? 1 : -1) : one - other;
}

static int
compare_sums (gconstpointer a, gconstpointer b)
{
  float one = ((const Peak *) a)->sum, other = ((const Peak *) b)->sum;

  return (one < other) - (one > other);
}

/* Returns the sum of those of the 3×3 cells around one that are not taken yet, and takes them. */
static float
take_around (const LacunaRegion *region, const float *values, int cell, gboolean *taken)
{
  int columns = region->grid_width, column = cell % columns, row = cell / columns;
  float sum = 0;

  for (int y = MAX (row - 1, 0); y <= MIN (row + 1, region->grid_height - 1); y++)
    for (int x = MAX (column - 1, 0); x <= MIN (column + 1, columns - 1); x++)
      if (!taken[y * columns + x])
        {
          taken[y * columns + x] = TRUE;
          sum += values[y * columns + x];
        }
  return sum;
}

/* Returns an array of Peak, the one of largest value first. */
static GArray *
list_peaks (const LacunaRegion *region, const float *values)
{
  int n = n_cells (region);
  g_autofree int *order = g_new (int, n);
  g_autofree gboolean *taken = g_new0 (gboolean, n);
  GArray *peaks = g_array_new (FALSE, FALSE, sizeof (Peak));

  for (int i = 0; i < n; i++)
    order[i] = i;
  g_qsort_with_data (order, n, sizeof *order, compare_values, (gpointer) values);
  for (int i = 0; i < n && values[order[i]] > 0; i++)
    if (!taken[order[i]])
      {
        Peak peak = { order[i], take_around (region, values, order[i], taken) };

        g_array_append_val (peaks, peak);
      }
  return peaks;
}

guint
lacuna_explain_best (const LacunaRegion *region, const float *values, guint n, int *ret_cells)
{
  g_autoptr (GArray) peaks = list_peaks (region, values);
  guint found = MIN (n, peaks->len);

  for (guint i = 0; i < found; i++)
    ret_cells[i] = g_array_index (peaks, Peak, i).cell;
  return found;
}

guint
lacuna_explain_strongest (const LacunaRegion *region, const float *shares, int *ret_cells, float *ret_shares)
{
  g_autoptr (GArray) peaks = list_peaks (region, shares);
  guint n = 0;

  g_array_sort (peaks, compare_sums);
  for (; n < MIN (LACUNA_EXPLAIN_N_SOURCES, peaks->len); n++)
    {
      Peak peak = g_array_index (peaks, Peak, n);

      if (n > 0 && peak.sum < LACUNA_EXPLAIN_LEAST_SHARE)
        break;
      ret_cells[n] = peak.cell;
      ret_shares[n] = peak.sum;
    }
  return n;
}

GVariant *
lacuna_explain_list_sources (const LacunaRegion *region, const LacunaBox *box)
{
  g_autofree guint8 *hole = lacuna_explain_list_hole (region);
  g_autofree float *shares = lacuna_explain_where (region, hole, lacuna_explain_get_cells (region, *box));
  GVariantBuilder sources = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("a(iiiid)"));
  int cells[LACUNA_EXPLAIN_N_SOURCES];
  float sums[LACUNA_EXPLAIN_N_SOURCES];
  guint n = shares != NULL ? lacuna_explain_strongest (region, shares, cells, sums) : 0;

  for (guint i = 0; i < n; i++)
    {
      LacunaBox patch = lacuna_explain_get_patch (region, cells[i]);

      g_variant_builder_add (&sources, "(iiiid)", patch.x, patch.y, patch.width, patch.height, (double) sums[i]);
    }
  return g_variant_ref_sink (g_variant_builder_end (&sources));
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
