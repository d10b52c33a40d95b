/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tests the figures by which a fill is judged. The oracle is their formulas, worked out by hand for pictures that
 * are flat, sloped, striped or checked. */
#include "engine/fill/score.h"

#include <math.h>

#include "engine/error.h"
#include "tests/image.h"

#define SIDE 64

static LacunaPhoto *
make_photo (ImageFunc func, int bands, int depth)
{
  g_autofree char *path = image_path ("photo.png");
  g_autoptr (GError) error = NULL;
  VipsImage *image = image_new (func, SIDE, SIDE, bands, depth);
  LacunaPhoto *photo;

  g_assert_cmpint (vips_pngsave (image, path, NULL), ==, 0);
  g_object_unref (image);
  photo = lacuna_photo_load (path, NULL, &error);
  g_assert_no_error (error);
  return photo;
}

/* A square hole in the middle. */
static LacunaMask *
make_mask (int hole)
{
  guint8 pixels[SIDE * SIDE] = { 0 };

  for (int i = 0; i < hole * hole; i++)
    pixels[((SIDE - hole) / 2 + i / hole) * SIDE + (SIDE - hole) / 2 + i % hole] = 255;
  return lacuna_mask_new (SIDE, SIDE, pixels);
}

static gboolean
in_hole (int x, int y, int hole)
{
  int first = (SIDE - hole) / 2;

  return x >= first && x < first + hole && y >= first && y < first + hole;
}

/* Scores one picture against another, with a hole of that side. */
static LacunaScore
score (ImageFunc result_func, ImageFunc truth_func, int hole)
{
  g_autoptr (LacunaPhoto) result = make_photo (result_func, 3, 8);
  g_autoptr (LacunaPhoto) truth = make_photo (truth_func, 3, 8);
  g_autoptr (LacunaMask) mask = make_mask (hole);
  g_autoptr (GError) error = NULL;
  LacunaScore measured;

  lacuna_score_photo (result, truth, mask, &measured, &error);
  g_assert_no_error (error);
  return measured;
}

static guint
flat (int x, int y, int band)
{
  return 100 << 8;
}

static guint
flat_lighter (int x, int y, int band)
{
  return 110 << 8;
}

static guint
flat_filled (int x, int y, int band)
{
  return (in_hole (x, y, 4) ? 110 : 100) << 8;
}

static void
test_likeness (void)
{
  LacunaScore filled = score (flat_filled, flat, 4), lighter = score (flat_lighter, flat, 4);
  double d = 10.0 / 255.0, share = 16.0 / (SIDE * SIDE), c1 = 2.55 * 2.55;

  g_assert_cmpfloat_with_epsilon (filled.hole.l1, 100.0 * d, 1e-9);
  g_assert_cmpfloat_with_epsilon (filled.hole.l2, 100.0 * d * d, 1e-9);
  g_assert_cmpfloat_with_epsilon (filled.hole.psnr, -20.0 * log10 (d), 1e-9);
  g_assert_cmpfloat_with_epsilon (filled.whole.l1, 100.0 * d * share, 1e-9);
  g_assert_cmpfloat_with_epsilon (filled.whole.l2, 100.0 * d * d * share, 1e-9);
  g_assert_cmpfloat_with_epsilon (filled.whole.psnr, -10.0 * log10 (d * d * share), 1e-9);
  /* Four pixels on the right and four at the bottom have a step of 10 beside them. */
  g_assert_cmpfloat_with_epsilon (filled.tv, 100.0 * d * 8.0 / 16.0, 1e-9);
  g_assert_true (isnan (filled.sharpness) && isnan (filled.noise) && isnan (filled.seam));
  g_assert_cmpfloat_with_epsilon (lighter.whole.ssim, (2.0 * 100.0 * 110.0 + c1) / (100.0 * 100.0 + 110.0 * 110.0 + c1),
                                  1e-9);
  g_assert_cmpfloat_with_epsilon (lighter.hole.ssim, lighter.whole.ssim, 1e-9);
}

static void
test_equal (void)
{
  LacunaScore equal = score (image_noise, image_noise, 20);

  g_assert_cmpfloat (equal.hole.l1, ==, 0.0);
  g_assert_cmpfloat (equal.whole.l2, ==, 0.0);
  g_assert_true (isinf (equal.whole.psnr) && equal.whole.psnr > 0.0);
  g_assert_cmpfloat_with_epsilon (equal.hole.ssim, 1.0, 1e-9);
  g_assert_cmpfloat_with_epsilon (equal.sharpness, 1.0, 0.2);
  g_assert_cmpfloat_with_epsilon (equal.noise, 1.0, 0.2);
  g_assert_cmpfloat_with_epsilon (equal.seam, 1.0, 0.2);
  g_assert_cmpfloat (equal.edge, ==, 1.0);
}

static guint
slope (int x, int y, int band)
{
  return (60 + (in_hole (x, y, 20) ? x : 2 * x)) << 8;
}

static guint
even_slope (int x, int y, int band)
{
  return (x + y) << 8;
}

static guint
offset_slope (int x, int y, int band)
{
  return (x + y + (in_hole (x, y, 20) ? 40 : 0)) << 8;
}

static guint
checkerboard (int x, int y, int band)
{
  return (100 + ((x + y) % 2 * 2 - 1) * (in_hole (x, y, 20) ? 15 : 60)) << 8;
}

static void
test_ratios (void)
{
  LacunaScore gentle = score (slope, slope, 20);
  LacunaScore offset = score (offset_slope, even_slope, 20);
  LacunaScore board = score (checkerboard, checkerboard, 20);

  /* Half the slope is a quarter of the energy. */
  g_assert_cmpfloat_with_epsilon (gentle.sharpness, 0.25, 1e-9);
  /* Neighbours differ by 1, across the border by 40 ± 1. */
  g_assert_cmpfloat_with_epsilon (offset.seam, 40.0, 1e-9);
  g_assert_cmpfloat_with_epsilon (offset.edge, 40.0, 1e-9);
  g_assert_cmpfloat_with_epsilon (board.noise, 0.25, 0.005);
}

static guint
stripes (int x, int y, int band)
{
  return (100 + (x % 2 == 0 ? 20 : 0)) << 8;
}

static guint
weaker_stripes (int x, int y, int band)
{
  return (100 + (x % 2 == 0 ? 5 : 0)) << 8;
}

static void
test_texture (void)
{
  LacunaScore strong = score (stripes, weaker_stripes, 8), none = score (stripes, flat, 8),
              low = score (flat, flat_lighter, 8);

  /* Neighbours across differ by 20, by 5, by 0, those below by 0; far from the last column, that is so all around. */
  g_assert_cmpfloat_with_epsilon (strong.texture, log (21.0 / 6.0), 1e-6);
  g_assert_cmpfloat_with_epsilon (none.texture, log (21.0), 1e-6);
  g_assert_cmpfloat_with_epsilon (low.texture, 0.0, 1e-12);
  /* Half the columns are 20 lighter, which is 10 on average; all are. */
  g_assert_cmpfloat_with_epsilon (none.low, 100.0 * 10.0 / 255.0, 1e-3);
  g_assert_cmpfloat_with_epsilon (low.low, 100.0 * 10.0 / 255.0, 1e-9);
}

static void
test_kinds (void)
{
  g_autoptr (LacunaPhoto) deep = make_photo (image_slope, 4, 16);
  g_autoptr (LacunaPhoto) shallow = make_photo (image_slope, 3, 8);
  g_autoptr (LacunaMask) mask = make_mask (16);
  LacunaScore measured;

  /* 16 bits are rounded to 8, which the shallow one has cut off: at most 1 apart. */
  g_assert_true (lacuna_score_photo (deep, shallow, mask, &measured, NULL));
  g_assert_cmpfloat (measured.whole.l1, >, 0.0);
  g_assert_cmpfloat (measured.whole.l1, <, 100.0 / 255.0);
}

static void
test_refused (void)
{
  static const guint8 pixels[SIDE * SIDE];
  g_autoptr (LacunaPhoto) photo = make_photo (flat, 3, 8);
  g_autoptr (LacunaMask) empty = lacuna_mask_new (SIDE, SIDE, pixels);
  g_autoptr (LacunaMask) small = lacuna_mask_new (SIDE, SIDE - 1, pixels);
  g_autoptr (GError) error = NULL;
  LacunaScore measured;

  g_assert_false (lacuna_score_photo (photo, photo, empty, &measured, &error));
  g_assert_error (error, LACUNA_ERROR, LACUNA_ERROR_EMPTY);
  g_clear_error (&error);
  g_assert_false (lacuna_score_photo (photo, photo, small, &measured, &error));
  g_assert_error (error, LACUNA_ERROR, LACUNA_ERROR_UNFIT);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/score/likeness", test_likeness);
  g_test_add_func ("/score/equal", test_equal);
  g_test_add_func ("/score/ratios", test_ratios);
  g_test_add_func ("/score/texture", test_texture);
  g_test_add_func ("/score/kinds", test_kinds);
  g_test_add_func ("/score/refused", test_refused);
  return image_test_run ();
}
