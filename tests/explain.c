/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tests what tells where a fill came from: places, shares, flow and the steps of the attention. The oracle is shares
 * that a small made-up region is known to have, and the attention of the golden networks. */
#include "engine/fill/region-private.h"
#include "engine/lacuna.h"
#include "engine/network/generator.h"

#include <math.h>

#include "tests/golden.h"
#include "tests/shares.h"

/* A 40×32 network window at half scale over (100, 60) of a photo: 5×4 cells. */
#define COLUMNS 5
#define ROWS 4
#define CELLS (COLUMNS * ROWS)

/* Cells 7, 8 and 12 touch the hole; 7 attends to one key, 8 to four alike, 12 to nothing known. */
static LacunaRegion *
make_region (void)
{
  LacunaRegion *region
      = lacuna_region_new ((LacunaBox){ 100, 60, 80, 64 }, 1, (LacunaBox){ 100 + 2 * 16 + 3, 60 + 16 + 2, 20, 26 });

  region->mask[0] = region->mask[18] = region->mask[20 * 25] = 255;
  region->scores = g_new0 (float, CELLS *CELLS);
  region->index = g_new0 (gint32, CELLS);
  region->scores[7 * CELLS + 19] = 0.5;
  region->index[7] = 19;
  for (int key = 0; key < 4; key++)
    region->scores[8 * CELLS + key] = 0.125;
  return region;
}

static void
assert_box (LacunaBox box, int x, int y, int width, int height)
{
  g_assert_cmpint (box.x, ==, x);
  g_assert_cmpint (box.y, ==, y);
  g_assert_cmpint (box.width, ==, width);
  g_assert_cmpint (box.height, ==, height);
}

static void
test_places (void)
{
  g_autoptr (LacunaRegion) region = make_region ();
  g_autofree guint8 *hole = lacuna_explain_list_hole (region);

  for (int cell = 0; cell < CELLS; cell++)
    g_assert_cmpint (hole[cell], ==, cell == 7 || cell == 8 || cell == 12);
  assert_box (lacuna_explain_get_patch (region, 7), 100 + 24, 60 + 8, 32, 32);
  assert_box (lacuna_explain_get_patch (region, 0), 100, 60, 24, 24);
  assert_box (lacuna_explain_get_cells (region, (LacunaBox){ 147, 76, 1, 1 }), 2, 1, 1, 1);
  assert_box (lacuna_explain_get_cells (region, (LacunaBox){ 131, 75, 18, 2 }), 1, 0, 3, 2);
  g_assert_cmpint (lacuna_explain_get_cells (region, (LacunaBox){ 10, 10, 20, 20 }).width, ==, 0);
}

static void
test_where (void)
{
  g_autoptr (LacunaRegion) region = make_region ();
  g_autofree guint8 *hole = lacuna_explain_list_hole (region);
  g_autofree float *one = lacuna_explain_where (region, hole, (LacunaBox){ 2, 1, 1, 1 });
  g_autofree float *both = lacuna_explain_where (region, hole, (LacunaBox){ 0, 0, COLUMNS, ROWS });

  g_assert_cmpfloat (one[19], ==, 1);
  g_assert_cmpfloat_with_epsilon (both[19], 0.5, 1e-6);
  g_assert_cmpfloat_with_epsilon (both[2], 0.125, 1e-6);
  g_assert_null (lacuna_explain_where (region, hole, (LacunaBox){ 2, 2, 1, 1 }));
  g_assert_null (lacuna_explain_where (region, hole, (LacunaBox){ 0, 0, 1, 1 }));
}

/* What is next to a source counts with it, once, and all together is 1. */
static void
test_strongest (void)
{
  g_autoptr (LacunaRegion) region = make_region ();
  const float shares[CELLS] = { [1] = 0.3, [2] = 0.25, [4] = 0.005, [10] = 0.26, [17] = 0.06, [18] = 0.125 };
  int cells[LACUNA_EXPLAIN_N_SOURCES], best[CELLS];
  float sums[LACUNA_EXPLAIN_N_SOURCES];

  g_assert_cmpuint (lacuna_explain_strongest (region, shares, cells, sums), ==, 3);
  g_assert_cmpint (cells[0], ==, 1);
  g_assert_cmpfloat_with_epsilon (sums[0], 0.55, 1e-6);
  g_assert_cmpint (cells[1], ==, 10);
  g_assert_cmpfloat_with_epsilon (sums[1], 0.26, 1e-6);
  g_assert_cmpint (cells[2], ==, 18);
  g_assert_cmpfloat_with_epsilon (sums[2], 0.185, 1e-6);
  /* As scores: in their own order, and the weak one as well. */
  g_assert_cmpuint (lacuna_explain_best (region, shares, CELLS, best), ==, 4);
  g_assert_cmpint (best[3], ==, 4);
}

/* Shares count before the order: what many neighbours have is more than what the largest cell has. */
static void
test_order (void)
{
  g_autoptr (LacunaRegion) region = make_region ();
  const float shares[CELLS] = { [0] = 0.4, [12] = 0.2, [13] = 0.2, [18] = 0.2 };
  int cells[LACUNA_EXPLAIN_N_SOURCES];
  float sums[LACUNA_EXPLAIN_N_SOURCES];

  g_assert_cmpuint (lacuna_explain_strongest (region, shares, cells, sums), ==, 2);
  g_assert_cmpint (cells[0], ==, 12);
  g_assert_cmpfloat_with_epsilon (sums[0], 0.6, 1e-6);
  g_assert_cmpint (cells[1], ==, 0);
}

static void
test_sources (void)
{
  g_autoptr (LacunaRegion) region = make_region ();
  LacunaBox window = { 100, 60, 80, 64 }, away = { 100, 60, 1, 1 };
  g_autoptr (GVariant) sources = lacuna_explain_list_sources (region, &window);
  g_autoptr (GVariant) none = lacuna_explain_list_sources (region, &away);
  LacunaBox patch;
  double share, sum = 0;

  g_assert_cmpuint (g_variant_n_children (none), ==, 0);
  g_assert_cmpuint (g_variant_n_children (sources), ==, 3);
  for (int i = 0; i < 3; i++)
    {
      g_variant_get_child (sources, i, "(iiiid)", &patch.x, &patch.y, &patch.width, &patch.height, &share);
      sum += share;
    }
  g_assert_cmpfloat_with_epsilon (sum, 1, 1e-6);
  g_variant_get_child (sources, 0, "(iiiid)", &patch.x, &patch.y, &patch.width, &patch.height, &share);
  assert_box (patch, 100 + 4 * 16 - 8, 60 + 3 * 16 - 8, 24, 24);
  g_assert_cmpfloat_with_epsilon (share, 0.5, 1e-6);
}

static void
test_flow_and_entropy (void)
{
  g_autoptr (LacunaRegion) region = make_region ();
  g_autofree guint8 *hole = lacuna_explain_list_hole (region);
  g_autofree float *flow = lacuna_explain_flow (region, hole), *entropy = lacuna_explain_entropy (region, hole);

  g_assert_cmpfloat (flow[2 * 7], ==, 2);
  g_assert_cmpfloat (flow[2 * 7 + 1], ==, 2);
  g_assert_cmpfloat (flow[2 * 8], ==, -3);
  g_assert_cmpfloat (flow[2 * 19], ==, 0);
  g_assert_cmpfloat_with_epsilon (entropy[7], 0, 1e-6);
  g_assert_cmpfloat_with_epsilon (entropy[8], log (4) / log (CELLS), 1e-6);
  g_assert_cmpfloat (entropy[12], ==, 1);
  g_assert_cmpfloat (entropy[0], ==, 0);
}

/* A region of what the golden network saw of a picture and made of it before its attention. */
static LacunaRegion *
make_golden (LacunaWeights *golden)
{
  const LacunaWeightsEntry *mask, *made;
  g_autofree float *pixels = golden_read (golden, "mask", &mask), *planes = golden_read (golden, "pmconv6.out", &made);
  int width = mask->dims[3], height = mask->dims[2];
  gsize n = (gsize) width * height, n_made = n / 16;
  LacunaRegion *region = lacuna_region_new ((LacunaBox){ 0, 0, width, height }, 0, (LacunaBox){ 0, 0, 1, 1 });
  LacunaFeatures features = { .attention = g_new (float, made->dims[1] * n_made), .channels = made->dims[1] };

  region->input = g_new0 (float, LACUNA_N_PLANES *n);
  memcpy (region->input + LACUNA_PLANE_MASK * n, pixels, n * sizeof (float));
  for (gsize i = 0; i < features.channels * n_made; i++)
    ((float *) features.attention)[i % n_made * features.channels + i / n_made] = planes[i];
  region->features = lacuna_generator_halve_features (&features, height, width);
  region->channels = features.channels;
  region->scores = golden_read (golden, "attention", NULL);
  lacuna_features_clear (&features);
  return region;
}

/* The steps one by one come to the attention of the golden network, of either architecture. */
static void
test_steps (gconstpointer file)
{
  g_autoptr (LacunaWeights) golden = golden_load (file);
  g_autoptr (LacunaRegion) region = make_golden (golden);
  int n = region->grid_width * region->grid_height;

  for (int query = 0; query < n; query++)
    {
      float length;
      g_autofree float *shares = lacuna_explain_shares (region, query), *made = shares_make (region, query);
      g_autofree float *cosines = lacuna_explain_similarity (region, query, &length);

      golden_assert_close ("shares", made, shares, n, 5e-6);
      g_assert_cmpfloat_with_epsilon (cosines[query], 1, 1e-5);
      g_assert_cmpfloat (length, >, 0);
      for (int key = 0; key < n; key++)
        g_assert_cmpfloat (fabsf (cosines[key]), <=, 1.00001f);
    }
}

/* The mean of the patches by their shares, each as far as it lies in the window. */
static void
test_paste (void)
{
  g_autoptr (LacunaRegion) region = make_region ();
  g_autofree float *pasted = NULL, *one = NULL;
  gsize n = (gsize) region->width * region->height;

  region->input = g_new (float, LACUNA_N_PLANES *n);
  for (gsize i = 0; i < LACUNA_N_PLANES * n; i++)
    region->input[i] = (float) (i % region->width);
  one = lacuna_explain_paste (region, 7);
  pasted = lacuna_explain_paste (region, 8);
  /* Key 19 begins 4 pixels before its cell, in column 4, and the window ends 4 pixels before it does. */
  g_assert_cmpfloat_with_epsilon (one[0], 28, 1e-5);
  g_assert_cmpfloat_with_epsilon (one[11], 39, 1e-5);
  g_assert_cmpfloat (one[12], ==, 0);
  /* Four keys alike in a row, 8 pixels from one to the next, above which there is nothing, and before the first. */
  g_assert_cmpfloat (pasted[0], ==, 0);
  g_assert_cmpfloat_with_epsilon (pasted[16 * 4], (4 + 12 + 20) / 3.0, 1e-5);
  g_assert_cmpfloat_with_epsilon (pasted[16 * 4 + 4], (0 + 8 + 16 + 24) / 4.0, 1e-5);
  assert_box (lacuna_explain_get_compared (region, 0), 100, 60, 32, 32);
  assert_box (lacuna_explain_get_compared (region, 7), 100 + 16, 60, 48, 48);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/explain/places", test_places);
  g_test_add_func ("/explain/where", test_where);
  g_test_add_func ("/explain/strongest", test_strongest);
  g_test_add_func ("/explain/order", test_order);
  g_test_add_func ("/explain/sources", test_sources);
  g_test_add_func ("/explain/flow-and-entropy", test_flow_and_entropy);
  g_test_add_data_func ("/explain/steps", "generator_tiny_io_64x64", test_steps);
  g_test_add_data_func ("/explain/steps-gated", "gated_io", test_steps);
  g_test_add_func ("/explain/paste", test_paste);
  return g_test_run ();
}
