/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/fill/region-private.h"
#include "engine/lacuna.h"

#include <math.h>

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
  int cells[CELLS];

  g_assert_cmpfloat (one[19], ==, 1);
  g_assert_cmpfloat_with_epsilon (both[19], 0.5, 1e-6);
  g_assert_cmpfloat_with_epsilon (both[2], 0.125, 1e-6);
  g_assert_null (lacuna_explain_where (region, hole, (LacunaBox){ 2, 2, 1, 1 }));
  g_assert_null (lacuna_explain_where (region, hole, (LacunaBox){ 0, 0, 1, 1 }));
  /* Of the four alike in a row, neighbours are left out. */
  g_assert_cmpuint (lacuna_explain_strongest (region, both, 5, cells), ==, 3);
  g_assert_cmpint (cells[0], ==, 19);
  g_assert_cmpint (cells[1], ==, 0);
  g_assert_cmpint (cells[2], ==, 2);
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

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/explain/places", test_places);
  g_test_add_func ("/explain/where", test_where);
  g_test_add_func ("/explain/flow-and-entropy", test_flow_and_entropy);
  return g_test_run ();
}
