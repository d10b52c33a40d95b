/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tests the copying of what is turned, mirrored or scaled: how the copies of a window lie, and photos of which a part is
 * to be found elsewhere in another position alone. The oracle is what those photos show where the hole is. */
#include "engine/fill/detail.h"
#include "engine/fill/level.h"
#include "engine/fill/render.h"
#include "engine/fill/window.h"
#include "engine/photo/samples.h"

#include "tests/context.h"
#include "tests/picture.h"

#define SIDE 128
#define LATTICE 5
#define COARSER 2.0 /* the texture that is scaled, as the network's colours tell of it alone */

static const LacunaBox hole = { 84, 52, 20, 22 };

static double
get_noise (int x, int y, int channel)
{
  guint hash = ((guint) x * 73856093u) ^ ((guint) y * 19349663u) ^ ((guint) channel * 83492791u);

  hash = (hash ^ hash >> 15) * 0x2c1b3c6du;
  return 30.0 + (hash >> 7) % 50000 / 257.0;
}

/* Noise that is smooth between the points of a lattice, and never repeats. */
static double
get_texture (double x, double y, int channel)
{
  int left = (int) floor (x / LATTICE), top = (int) floor (y / LATTICE);
  double right = x / LATTICE - left, lower = y / LATTICE - top;
  double above = get_noise (left, top, channel) * (1 - right) + get_noise (left + 1, top, channel) * right;
  double below = get_noise (left, top + 1, channel) * (1 - right) + get_noise (left + 1, top + 1, channel) * right;

  return above * (1 - lower) + below * lower;
}

static double
picture_mirrored (int x, int y, int channel)
{
  return get_texture (x < SIDE / 2 ? x : SIDE - 1 - x, y, channel);
}

/* The right half is the left one, upside down. */
static double
picture_half_turned (int x, int y, int channel)
{
  return x < SIDE / 2 ? get_texture (x, y, channel) : get_texture (SIDE - 1 - x, SIDE - 1 - y, channel);
}

/* The lower right quarter is the upper left one, turned to the right, about the middle of both. */
static double
picture_turned (int x, int y, int channel)
{
  int half = SIDE / 2;

  return x < half || y < 40 ? get_texture (x, y, channel) : get_texture (y - 40, SIDE - 1 - x, channel);
}

/* The right half is the left one, a pixel there being step pixels of it. */
static double
scale (double step, int x, int y, int channel)
{
  double middle = SIDE / 2.0;

  if (x < 72)
    return get_texture (x / COARSER, y / COARSER, channel);
  return get_texture ((middle + step * (x - 64 + 0.5 - middle) - 0.5) / COARSER,
                      (middle + step * (y + 0.5 - middle) - 0.5) / COARSER, channel);
}

static double
picture_larger (int x, int y, int channel)
{
  return scale (3.0 / 4.0, x, y, channel);
}

static double
picture_smaller (int x, int y, int channel)
{
  return scale (4.0 / 3.0, x, y, channel);
}

static LacunaMask *
make_mask (void)
{
  g_autofree guint8 *pixels = g_malloc0 (SIDE * SIDE);

  for (int y = hole.y; y < hole.y + hole.height; y++)
    memset (pixels + y * SIDE + hole.x, 255, hole.width);
  return lacuna_mask_new (SIDE, SIDE, pixels);
}

/* A region whose network was right, at half the scale, and whose attention is of no help. */
static LacunaRegion *
make_region (LacunaPhoto *photo, LacunaMask *mask)
{
  LacunaRegion *region = lacuna_region_new ((LacunaBox){ 0, 0, SIDE, SIDE }, 1, hole);
  gsize n = (gsize) region->width * region->height;

  memset (region->mask, 255, hole.width * hole.height);
  region->refined = lacuna_photo_read_window (photo, region->box, 1);
  region->input = g_new (float, 5 * n);
  lacuna_window_read_mask (mask, region->box, 1, region->input + 4 * n);
  for (gsize i = 0; i < 3 * n; i++)
    region->input[i] = region->refined[i] * (1.0f - region->input[4 * n + i % n]);
  region->computed = (LacunaBox){ 0, 0, region->width, region->height };
  region->index = g_new0 (gint32, region->grid_width * region->grid_height);
  return region;
}

static void
ignore_progress (double fraction, gpointer data)
{
}

/* Returns a region of the photo with detail, made at 1/2^halvings. truth: what its network makes of it. */
static LacunaRegion *
fill_photo (LacunaPhoto *photo, LacunaPhoto *truth, LacunaTransforms transforms, guint halvings)
{
  g_autoptr (LacunaContext) context = context_open ();
  g_autoptr (GError) error = NULL;
  g_autoptr (LacunaDetail) detail = lacuna_detail_new (context, &error);
  g_autoptr (LacunaMask) mask = make_mask ();
  LacunaRegion *region = make_region (truth, mask);
  LacunaSteering steering = { .transforms = transforms };

  g_assert_no_error (error);
  lacuna_detail_run (detail, region, halvings, photo, mask, &steering, NULL, ignore_progress, NULL, &error);
  g_assert_no_error (error);
  g_assert_nonnull (region->offsets);
  return region;
}

static LacunaRegion *
fill (PictureFunc picture, LacunaTransforms transforms, guint halvings, LacunaPhoto **ret_photo)
{
  *ret_photo = picture_make (SIDE, SIDE, 8, picture);
  return fill_photo (*ret_photo, *ret_photo, transforms, halvings);
}

typedef struct {
  const char      *name;
  PictureFunc      picture;
  LacunaTransforms transforms;
  guint8           transform; /* that is expected of most pixels */
  double           tolerance; /* in levels */
} Case;

static const Case cases[] = {
  { "mirrored", picture_mirrored, LACUNA_TRANSFORM_MIRRORED, LACUNA_TRANSFORMED_MIRRORED, 1.0 },
  { "turned", picture_turned, LACUNA_TRANSFORM_TURNED, LACUNA_TRANSFORMED_TURN, 1.0 },
  { "half-turned", picture_half_turned, LACUNA_TRANSFORM_TURNED, 2 * LACUNA_TRANSFORMED_TURN, 1.0 },
  { "larger", picture_larger, LACUNA_TRANSFORM_SCALED, LACUNA_TRANSFORMED_LARGER, 2.0 },
  { "smaller", picture_smaller, LACUNA_TRANSFORM_SCALED, LACUNA_TRANSFORMED_SMALLER, 2.0 },
  { "among-all", picture_mirrored,
    LACUNA_TRANSFORM_TURNED | LACUNA_TRANSFORM_MIRRORED | LACUNA_TRANSFORM_SCALED, LACUNA_TRANSFORMED_MIRRORED, 1.0 },
};

/* Returns the share of samples that are as the photo shows them. */
static double
get_right (const LacunaRegion *region, LacunaPhoto *photo, const Case *data)
{
  gsize n = (gsize) hole.width * hole.height;
  g_autofree float *filled = lacuna_render_region (region, photo, LACUNA_STAGE_DETAIL);
  guint n_right = 0;

  for (gsize i = 0; i < 3 * n; i++)
    {
      int x = hole.x + (int) (i % n % hole.width), y = hole.y + (int) (i % n / hole.width);
      double expected = data->picture (x, y, (int) (i / n));

      n_right += fabs ((filled[i] + 1.0) * 127.5 - expected) <= data->tolerance + 0.5;
    }
  return n_right / (3.0 * n);
}

/* Each pixel is known, and one of those that were not changed is where the photo has it. */
static guint
count_transformed (const LacunaRegion *region, guint8 transform)
{
  gsize n = (gsize) hole.width * hole.height;
  guint n_found = 0;

  for (gsize i = 0; i < n; i++)
    {
      int x = hole.x + (int) (i % hole.width) + region->offsets[i];
      int y = hole.y + (int) (i / hole.width) + region->offsets[n + i];

      g_assert_true (x >= 0 && y >= 0 && x < SIDE && y < SIDE);
      g_assert_false (x >= hole.x && y >= hole.y && x < hole.x + hole.width && y < hole.y + hole.height);
      n_found += region->transforms[i] == transform;
    }
  return n_found;
}

static void
test_fill (gconstpointer data)
{
  const Case *given = data;
  g_autoptr (LacunaPhoto) photo = NULL, same = NULL;
  g_autoptr (LacunaRegion) with = fill (given->picture, given->transforms, 0, &photo);
  g_autoptr (LacunaRegion) without = fill (given->picture, 0, 0, &same);
  double right = get_right (with, photo, given), plain = get_right (without, same, given);
  guint n = count_transformed (with, given->transform);

  g_test_message ("%.3f right with, %.3f without; %u of %d pixels as expected", right, plain, n,
                  hole.width * hole.height);
  g_assert_null (without->transforms);
  g_assert_cmpfloat (right, >, 0.9);
  g_assert_cmpfloat (plain, <, right - 0.3);
  g_assert_cmpuint (n, >, hole.width * hole.height * 9 / 10);
}

/* At a smaller scale, as where memory is short, blocks of pixels lead to what is known too. */
static void
test_small (void)
{
  LacunaTransforms all = LACUNA_TRANSFORM_TURNED | LACUNA_TRANSFORM_MIRRORED | LACUNA_TRANSFORM_SCALED;

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (LacunaPhoto) photo = NULL;
      g_autoptr (LacunaRegion) region = fill (cases[i].picture, all, 1, &photo);

      guint n = count_transformed (region, cases[i].transform);

      g_test_message ("%s: %u of %d pixels as expected", cases[i].name, n, hole.width * hole.height);
      if (cases[i].transform == LACUNA_TRANSFORMED_MIRRORED)
        g_assert_cmpuint (n, >, hole.width * hole.height * 9 / 10);
    }
}

/* Mirrored within the hole, a part of which is to be found in the mirror then, and beside that part the hole. */
static double
picture_folded (int x, int y, int channel)
{
  int fold = hole.x + hole.width / 3;

  return get_texture (x < fold ? x : 2 * fold - 1 - x, y, channel);
}

/* As large a step at the hole's edge as may be levelled. */
static double
hide (double step, int x, int y, int channel)
{
  gboolean hidden = x >= hole.x && y >= hole.y && x < hole.x + hole.width && y < hole.y + hole.height;

  return picture_folded (x, y, channel) + (hidden ? step : 0.0);
}

static double
picture_darker (int x, int y, int channel)
{
  return hide (-25.0, x, y, channel);
}

static double
picture_lighter (int x, int y, int channel)
{
  return hide (25.0, x, y, channel);
}

/* What is removed leaves no trace in what is filled, be it that the seams look beside what is copied. */
static void
test_removed (void)
{
  static const LacunaTransforms all[]
      = { LACUNA_TRANSFORM_MIRRORED, LACUNA_TRANSFORM_TURNED, LACUNA_TRANSFORM_SCALED,
          LACUNA_TRANSFORM_TURNED | LACUNA_TRANSFORM_MIRRORED | LACUNA_TRANSFORM_SCALED };
  g_autoptr (LacunaPhoto) truth = picture_make (SIDE, SIDE, 8, picture_folded);
  g_autoptr (LacunaPhoto) darker = picture_make (SIDE, SIDE, 8, picture_darker);
  g_autoptr (LacunaPhoto) lighter = picture_make (SIDE, SIDE, 8, picture_lighter);
  gsize n = (gsize) hole.width * hole.height;

  for (guint i = 0; i < G_N_ELEMENTS (all); i++)
    {
      g_autoptr (LacunaRegion) one = fill_photo (darker, truth, all[i], 0);
      g_autoptr (LacunaRegion) other = fill_photo (lighter, truth, all[i], 0);

      g_assert_cmpmem (one->offsets, 2 * n * sizeof (gint16), other->offsets, 2 * n * sizeof (gint16));
      g_assert_cmpmem (one->correction, 3 * n * sizeof (float), other->correction, 3 * n * sizeof (float));
    }
}

#define WIDTH 48
#define HEIGHT 32

/* A copy shows the pixel of the window that it says, and what lies beyond the window is not known. */
static void
test_copies (void)
{
  g_autoptr (LacunaRegion) region
      = lacuna_region_new ((LacunaBox){ 0, 0, WIDTH, HEIGHT }, 0, (LacunaBox){ 8, 8, 8, 8 });
  g_autofree guint8 *pixels = NULL;
  guint n_known[LACUNA_ATLAS_MOST] = { 0 };
  LacunaAtlas atlas;

  lacuna_atlas_init (&atlas, region, LACUNA_TRANSFORM_TURNED | LACUNA_TRANSFORM_MIRRORED | LACUNA_TRANSFORM_SCALED);
  g_assert_cmpuint (atlas.n, ==, LACUNA_ATLAS_MOST);
  pixels = g_malloc (4 * WIDTH * lacuna_atlas_get_rows (&atlas, 0));
  for (int i = 0; i < 4 * WIDTH * HEIGHT; i++)
    pixels[i] = i % 4 == 3 ? LACUNA_KNOWN : (guint8) get_texture (i / 4 % WIDTH, i / 4 / WIDTH, i % 4);
  lacuna_atlas_draw (&atlas, 0, TRUE, pixels);
  for (int i = 0; i < WIDTH * lacuna_atlas_get_rows (&atlas, 0); i++)
    {
      const LacunaCopy *copy;
      int x, y;

      if (pixels[4 * i + 3] == 0)
        continue;
      copy = lacuna_atlas_find (&atlas, 0, i % WIDTH, i / WIDTH, &x, &y);
      n_known[copy - atlas.copies]++;
      g_assert_true (x >= 0 && y >= 0 && x < WIDTH && y < HEIGHT);
      for (int c = 0; c < 3; c++)
        g_assert_cmpint (abs (pixels[4 * i + c] - pixels[4 * (y * WIDTH + x) + c]), <=, copy->step == 1.0 ? 0 : 60);
    }
  for (guint i = 0; i < atlas.n; i++)
    {
      /* Turned by one or three quarters, a square of the window fits; a smaller one has 3/4 of its sides. */
      guint expected = atlas.copies[i].step > 1.0                               ? WIDTH * 3 / 4 * HEIGHT * 3 / 4
                       : atlas.copies[i].step == 1.0 && atlas.copies[i].xx == 0 ? HEIGHT * HEIGHT
                                                                                : WIDTH * HEIGHT;

      g_assert_cmpuint (n_known[i], ==, expected);
    }
}

/* To the right: what was above is at the right then. */
static void
test_direction (void)
{
  g_autoptr (LacunaRegion) region
      = lacuna_region_new ((LacunaBox){ 0, 0, HEIGHT, HEIGHT }, 0, (LacunaBox){ 8, 8, 8, 8 });
  LacunaAtlas atlas;
  int x, y;

  lacuna_atlas_init (&atlas, region, LACUNA_TRANSFORM_TURNED);
  lacuna_atlas_find (&atlas, 0, HEIGHT - 1, atlas.pitch + 5, &x, &y);
  g_assert_cmpint (x, ==, 5);
  g_assert_cmpint (y, ==, 0);
  lacuna_atlas_init (&atlas, region, LACUNA_TRANSFORM_TURNED | LACUNA_TRANSFORM_MIRRORED);
  lacuna_atlas_find (&atlas, 0, HEIGHT - 1, 5 * atlas.pitch + 5, &x, &y);
  g_assert_cmpint (x, ==, HEIGHT - 1 - 5);
  g_assert_cmpint (y, ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/transforms/copies", test_copies);
  g_test_add_func ("/transforms/direction", test_direction);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strconcat ("/transforms/", cases[i].name, NULL);

      g_test_add_data_func (path, &cases[i], test_fill);
    }
  g_test_add_func ("/transforms/small", test_small);
  g_test_add_func ("/transforms/removed", test_removed);
  return g_test_run ();
}
