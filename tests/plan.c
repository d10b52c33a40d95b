/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tests the windows that a hole is filled through. The oracle is a table of cases, and what has to hold of every
 * plan: sizes, context, and that each pixel of the hole is filled; random and huge holes are checked by the latter. */
#include <glib/gstdio.h>
#include <string.h>

#include "engine/error.h"
#include "engine/fill/engine.h"
#include "engine/fill/plan.h"
#include "engine/fill/region-private.h"
#include "engine/fill/window.h"

#define TRAINED_SIDE 128

/* A photo of that size; its pixels don't matter. */
static LacunaPhoto *
make_photo (int width, int height)
{
  g_autofree guint8 *pixels = g_malloc0 ((gsize) width * height);
  g_autoptr (LacunaMask) picture = lacuna_mask_new (width, height, pixels);
  g_autofree char *path = g_test_build_filename (G_TEST_BUILT, "plan-photo.png", NULL);
  g_autoptr (GError) error = NULL;
  LacunaPhoto *photo;

  lacuna_mask_save (picture, path, &error);
  g_assert_no_error (error);
  photo = lacuna_photo_load (path, NULL, &error);
  g_assert_no_error (error);
  g_unlink (path);
  return photo;
}

static void
mark (guint8 *pixels, int width, int height, LacunaBox box)
{
  for (int y = MAX (0, box.y); y < MIN (height, box.y + box.height); y++)
    for (int x = MAX (0, box.x); x < MIN (width, box.x + box.width); x++)
      pixels[(gsize) y * width + x] = 255;
}

/* One axis: inside the photo, or all of it where that is too small for the multiple; 64 pixels of context each side. */
static void
check_axis (int start, int side, int hole_start, int hole_side, guint halvings, int size)
{
  int unit = 8 << halvings;

  g_assert_cmpint (side % unit, ==, 0);
  g_assert_cmpint (side >> halvings, >=, 16);
  g_assert_true (start <= hole_start && hole_start + hole_side <= start + side);
  g_assert_true ((start >= 0 && start + side <= size) || (start <= 0 && start + side >= size));
  g_assert_cmpint (side, <=, MAX (size + unit, 16 << halvings));
  if (side > size - unit)
    return;
  g_assert_cmpint (hole_start - start, >=, MIN (hole_start, 64 << halvings));
  g_assert_cmpint (start + side - hole_start - hole_side, >=, MIN (size - hole_start - hole_side, 64 << halvings));
}

/* What holds for every plan. */
static void
check_plan (GPtrArray *regions, LacunaMask *mask)
{
  int width = lacuna_mask_get_width (mask), height = lacuna_mask_get_height (mask);
  const guint8 *pixels = lacuna_mask_get_pixels (mask);
  g_autofree guint8 *filled = g_malloc0 ((gsize) width * height);

  for (guint i = 0; i < regions->len; i++)
    {
      const LacunaRegion *region = g_ptr_array_index (regions, i);
      LacunaBox hole = region->hole;

      check_axis (region->box.x, region->box.width, hole.x, hole.width, region->halvings, width);
      check_axis (region->box.y, region->box.height, hole.y, hole.height, region->halvings, height);
      g_assert_cmpint (region->width, ==, region->box.width >> region->halvings);
      g_assert_cmpint (region->height, ==, region->box.height >> region->halvings);
      g_assert_cmpint (region->grid_width * 8, ==, region->width);
      g_assert_cmpint (region->grid_height * 8, ==, region->height);
      g_assert_cmpint (region->width * region->height, <=, 560 * 560);
      g_assert_cmpuint (lacuna_window_read_mask (mask, region->box, region->halvings, NULL), >, 0);
      g_assert_true (hole.x >= 0 && hole.y >= 0 && hole.x + hole.width <= width && hole.y + hole.height <= height);
      for (int y = 0; y < hole.height; y++)
        for (int x = 0; x < hole.width; x++)
          {
            guint8 share = region->mask[(gsize) y * hole.width + x],
                   *before = filled + (gsize) (hole.y + y) * width + hole.x + x;

            /* What is not filled is filled wholly, and only a piece of a chain fills what is. */
            g_assert_true (share == 0 || (*before == 0 ? share == 255 : region->reason == LACUNA_PLAN_CHAIN));
            *before |= share != 0;
          }
    }
  for (gsize i = 0; i < (gsize) width * height; i++)
    g_assert_cmpint (filled[i], ==, pixels[i] / 255);
}

static const struct {
  const char *name;
  int width, height;
  guint n_holes;
  LacunaBox holes[5];
  guint n_regions;
  guint halvings;            /* of the first region */
  int net_width, net_height; /* of the first region */
} cases[] = {
  { "small", 1000, 750, 1, { { 400, 300, 20, 20 } }, 1, 0, 152, 152 },
  { "thick", 1000, 750, 1, { { 400, 300, 100, 90 } }, 1, 1, 184, 176 },
  { "wire", 1000, 750, 1, { { 500, 25, 4, 700 } }, 1, 0, 136, 744 },
  { "long wire", 3000, 2000, 1, { { 100, 100, 2800, 3 } }, 2, 0, 1544, 136 },
  { "huge", 1000, 750, 1, { { 50, 25, 900, 700 } }, 1, 4, 64, 48 },
  { "frame", 1000, 750, 1, { { 3, 3, 994, 744 } }, 1, 2, 256, 192 },
  { "three", 1000, 750, 3, { { 100, 100, 30, 30 }, { 600, 100, 30, 30 }, { 300, 600, 30, 30 } }, 3, 0, 160, 160 },
  { "two near", 1000, 750, 2, { { 100, 100, 30, 30 }, { 160, 110, 30, 30 } }, 1, 0, 224, 176 },
  { "two scales", 1000, 750, 2, { { 100, 100, 30, 30 }, { 200, 100, 90, 90 } }, 2, 0, 160, 160 },
  { "corners",
    1000,
    750,
    4,
    { { 0, 0, 30, 30 }, { 970, 0, 30, 30 }, { 0, 720, 30, 30 }, { 970, 720, 30, 30 } },
    4,
    0,
    160,
    160 },
  { "tiny photo", 17, 19, 1, { { 6, 6, 5, 5 } }, 1, 0, 24, 24 },
  { "least photo", 16, 16, 1, { { 0, 0, 16, 15 } }, 1, 0, 16, 16 },
  { "odd sizes", 333, 201, 1, { { 301, 180, 32, 21 } }, 1, 0, 160, 152 },
  { "strip", 2000, 40, 1, { { 600, 0, 800, 40 } }, 1, 1, 1000, 24 },
};

static void
test_case (gconstpointer data)
{
  guint i = GPOINTER_TO_UINT (data);
  g_autofree guint8 *pixels = g_malloc0 ((gsize) cases[i].width * cases[i].height);
  g_autoptr (LacunaPhoto) photo = make_photo (cases[i].width, cases[i].height);
  g_autoptr (LacunaMask) mask = NULL;
  g_autoptr (GPtrArray) regions = NULL;
  g_autoptr (GError) error = NULL;
  const LacunaRegion *first;

  for (guint j = 0; j < cases[i].n_holes; j++)
    mark (pixels, cases[i].width, cases[i].height, cases[i].holes[j]);
  mask = lacuna_mask_new (cases[i].width, cases[i].height, pixels);
  regions = lacuna_plan_new (photo, mask, TRAINED_SIDE, 0, &error);
  g_assert_no_error (error);
  check_plan (regions, mask);
  first = g_ptr_array_index (regions, 0);
  g_test_message ("%u regions; first %dx%d at %d, %d: %dx%d after %u halvings", regions->len, first->box.width,
                  first->box.height, first->box.x, first->box.y, first->width, first->height, first->halvings);
  g_assert_cmpuint (regions->len, ==, cases[i].n_regions);
  g_assert_cmpuint (first->halvings, ==, cases[i].halvings);
  g_assert_cmpint (first->width, ==, cases[i].net_width);
  g_assert_cmpint (first->height, ==, cases[i].net_height);
}

/* Every variant serves the hole, each by a window of its own but the one whose detail differs. */
static void
test_variants (void)
{
  g_autofree guint8 *pixels = g_malloc0 (1000 * 750);
  g_autoptr (LacunaPhoto) photo = make_photo (1000, 750);
  g_autoptr (LacunaMask) mask = NULL;
  GPtrArray *plans[LACUNA_FILL_N_VARIANTS];

  mark (pixels, 1000, 750, (LacunaBox){ 500, 300, 40, 40 });
  mask = lacuna_mask_new (1000, 750, pixels);
  for (guint i = 0; i < LACUNA_FILL_N_VARIANTS; i++)
    {
      const LacunaRegion *region;

      plans[i] = lacuna_plan_new (photo, mask, TRAINED_SIDE, i, NULL);
      check_plan (plans[i], mask);
      region = plans[i]->pdata[0];
      for (guint j = 0; j < i; j++)
        {
          const LacunaRegion *other = plans[j]->pdata[0];

          g_assert_cmpint (region->halvings == other->halvings && region->box.width == other->box.width, ==,
                           i == LACUNA_FILL_WITHOUT_GUIDE);
        }
    }
  for (guint i = 0; i < LACUNA_FILL_N_VARIANTS; i++)
    g_ptr_array_unref (plans[i]);
}

/* Specks close together take one run, and far more of them not many. */
static void
test_specks (void)
{
  const int width = 1600, height = 1200;
  g_autofree guint8 *pixels = g_malloc0 ((gsize) width * height);
  g_autoptr (LacunaPhoto) photo = make_photo (width, height);
  g_autoptr (LacunaMask) few = NULL, many = NULL;
  g_autoptr (GPtrArray) one = NULL, regions = NULL;

  for (int i = 0; i < 200; i++)
    mark (pixels, width, height, (LacunaBox){ 300 + i % 20 * 10, 300 + i / 20 * 10, 3, 3 });
  few = lacuna_mask_new (width, height, pixels);
  one = lacuna_plan_new (photo, few, TRAINED_SIDE, 0, NULL);
  g_assert_cmpuint (one->len, ==, 1);
  check_plan (one, few);
  for (int i = 0; i < 5000; i++)
    mark (pixels, width, height, (LacunaBox){ i % 80 * 20, i / 80 * 19, 2, 2 });
  many = lacuna_mask_new (width, height, pixels);
  regions = lacuna_plan_new (photo, many, TRAINED_SIDE, 0, NULL);
  g_test_message ("%u regions for 5000 specks", regions->len);
  g_assert_cmpuint (regions->len, <=, 20);
  check_plan (regions, many);
}

static void
test_random (void)
{
  for (int i = 0; i < 40; i++)
    {
      int width = g_test_rand_int_range (16, 700), height = g_test_rand_int_range (16, 700);
      int n = g_test_rand_int_range (1, 12), largest = g_test_rand_int_range (2, 200);
      g_autofree guint8 *pixels = g_malloc0 ((gsize) width * height);
      g_autoptr (LacunaPhoto) photo = make_photo (width, height);
      g_autoptr (LacunaMask) mask = NULL;
      g_autoptr (GPtrArray) regions = NULL;
      g_autoptr (GError) error = NULL;

      for (int j = 0; j < n; j++)
        mark (pixels, width, height,
              (LacunaBox){ g_test_rand_int_range (-20, width - 1), g_test_rand_int_range (-20, height - 1),
                           g_test_rand_int_range (22, 22 + largest), g_test_rand_int_range (22, 22 + largest) });
      pixels[g_test_rand_int_range (0, width * height)] = 0;
      mask = lacuna_mask_new (width, height, pixels);
      regions = lacuna_plan_new (photo, mask, TRAINED_SIDE, 0, &error);
      if (g_error_matches (error, LACUNA_ERROR, LACUNA_ERROR_UNFIT))
        {
          g_assert_cmpuint (lacuna_mask_get_n_hole (mask), >, (gsize) width * height * 9 / 10);
          continue;
        }
      g_assert_no_error (error);
      check_plan (regions, mask);
    }
}

/* By its definition, mirrored window included. */
static void
test_window_mask (void)
{
  const int width = 37, height = 21;
  const guint halvings = 2;
  const LacunaBox box = { -13, -5, 64, 32 };
  g_autofree guint8 *pixels = g_malloc0 ((gsize) width * height);
  g_autofree float *got = g_new (float, 16 * 8);
  g_autoptr (LacunaMask) mask = NULL;
  gsize n_known = 0;

  for (int i = 0; i < width * height; i++)
    pixels[i] = g_test_rand_int_range (0, 12) == 0;
  mask = lacuna_mask_new (width, height, pixels);
  n_known = lacuna_window_read_mask (mask, box, halvings, got);
  for (int i = 0; i < 16 * 8; i++)
    {
      gboolean hole = FALSE;

      for (int j = 0; j < 16; j++)
        {
          int x = box.x + i % 16 * 4 + j % 4, y = box.y + i / 16 * 4 + j / 4;

          x = x < 0 ? -1 - x : x >= width ? 2 * width - 1 - x : x;
          y = y < 0 ? -1 - y : y >= height ? 2 * height - 1 - y : y;
          hole |= pixels[y * width + x];
        }
      g_assert_cmpfloat (got[i], ==, hole);
      n_known -= !hole;
    }
  g_assert_cmpuint (n_known, ==, 0);
}

/* Sides up to 300 megapixels at the least height. */
static void
test_largest (void)
{
  const int side = 300000000 / 16;
  LacunaBox hole = { side - 5000000, 2, 5000000, 12 };
  LacunaBox box = lacuna_window_fit ((LacunaBox){ hole.x - 10000000, -64, 25000000, 144 }, hole, 0, side, 16);

  check_axis (box.x, box.width, hole.x, hole.width, 0, side);
  check_axis (box.y, box.height, hole.y, hole.height, 0, 16);
  g_assert_cmpint (lacuna_window_get_pixels (box, 0), ==, (gint64) box.width * 16);
}

static void
test_halve (void)
{
  const int width = 1000, height = 750;
  g_autofree guint8 *pixels = g_malloc0 ((gsize) width * height);
  g_autoptr (LacunaPhoto) photo = make_photo (width, height);
  g_autoptr (LacunaMask) mask = NULL;
  g_autoptr (GPtrArray) regions = NULL;
  LacunaRegion *region;
  guint halvings;

  mark (pixels, width, height, (LacunaBox){ 300, 300, 60, 60 });
  mask = lacuna_mask_new (width, height, pixels);
  regions = lacuna_plan_new (photo, mask, TRAINED_SIDE, 0, NULL);
  region = g_ptr_array_index (regions, 0);
  for (halvings = region->halvings; lacuna_region_halve (region, mask); halvings = region->halvings)
    {
      g_assert_cmpuint (region->halvings, ==, halvings + 1);
      g_assert_cmpint (region->box.width, ==, region->width << region->halvings);
      g_assert_cmpint (region->width % 8 + region->height % 8, ==, 0);
      g_assert_cmpint (MIN (region->width, region->height), >=, 16);
      g_assert_cmpuint (lacuna_window_read_mask (mask, region->box, region->halvings, NULL), >, 0);
    }
  g_assert_cmpuint (halvings, ==, 5);
}

static void
check_refused (int width, int height, int mask_width, int mask_height, LacunaBox hole, LacunaError code)
{
  g_autofree guint8 *pixels = g_malloc0 ((gsize) mask_width * mask_height);
  g_autoptr (LacunaPhoto) photo = make_photo (width, height);
  g_autoptr (LacunaMask) mask = NULL;
  g_autoptr (GError) error = NULL;

  mark (pixels, mask_width, mask_height, hole);
  mask = lacuna_mask_new (mask_width, mask_height, pixels);
  g_assert_null (lacuna_plan_new (photo, mask, TRAINED_SIDE, 0, &error));
  g_assert_error (error, LACUNA_ERROR, (int) code);
}

static void
test_refused (void)
{
  check_refused (100, 80, 100, 80, (LacunaBox){ 0, 0, 0, 0 }, LACUNA_ERROR_EMPTY);
  check_refused (100, 80, 100, 80, (LacunaBox){ 0, 0, 100, 80 }, LACUNA_ERROR_UNFIT);
  check_refused (100, 80, 80, 100, (LacunaBox){ 10, 10, 5, 5 }, LACUNA_ERROR_UNFIT);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strdelimit (g_strconcat ("/plan/", cases[i].name, NULL), " ", '-');

      g_test_add_data_func (path, GUINT_TO_POINTER (i), test_case);
    }
  g_test_add_func ("/plan/variants", test_variants);
  g_test_add_func ("/plan/specks", test_specks);
  g_test_add_func ("/plan/random", test_random);
  g_test_add_func ("/plan/window-mask", test_window_mask);
  g_test_add_func ("/plan/largest", test_largest);
  g_test_add_func ("/plan/halve", test_halve);
  g_test_add_func ("/plan/refused", test_refused);
  return g_test_run ();
}
