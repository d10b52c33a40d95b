/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/fill/plan.h"
#include "engine/fill/region-private.h"
#include "engine/fill/render.h"
#include "engine/fill/window.h"
#include "engine/photo/samples.h"

#include <math.h>

#include "tests/picture.h"

#define SIDE 256

/* A region with a rectangle as its hole, and as its result what the photo really shows, plus offset. */
static LacunaRegion *
make_region (LacunaPhoto *photo, LacunaBox hole, guint halvings, float offset)
{
  LacunaBox box = { 0, 0, SIDE, SIDE };
  LacunaRegion *region = lacuna_region_new (box, halvings, hole);
  gsize n = (gsize) region->width * region->height;
  g_autofree guint8 *pixels = g_malloc0 (SIDE * SIDE);
  g_autoptr (LacunaMask) mask = NULL;

  memset (region->mask, 255, (gsize) hole.width * hole.height);
  for (int y = 0; y < hole.height; y++)
    memset (pixels + (hole.y + y) * SIDE + hole.x, 255, hole.width);
  mask = lacuna_mask_new (SIDE, SIDE, pixels);
  region->refined = lacuna_photo_read_window (photo, box, halvings);
  region->input = g_new (float, 5 * n);
  lacuna_window_read_mask (mask, box, halvings, region->input + 4 * n);
  for (gsize i = 0; i < 3 * n; i++)
    {
      region->input[i] = region->refined[i] * (1.0f - region->input[4 * n + i % n]);
      region->refined[i] += offset;
    }
  return region;
}

static void
check_gradient (guint halvings)
{
  const LacunaBox hole = { 90, 70, 60, 80 };
  g_autoptr (LacunaPhoto) photo = picture_make (SIDE, SIDE, 16, picture_gradient);
  g_autoptr (LacunaRegion) region = make_region (photo, hole, halvings, 0.0f);
  g_autofree float *rgb = lacuna_render_region (region, photo, LACUNA_STAGE_REFINED);
  double worst = 0.0;

  for (int c = 0; c < 3; c++)
    for (int y = 4; y < hole.height - 4; y++)
      for (int x = 4; x < hole.width - 4; x++)
        {
          double level = (rgb[(c * hole.height + y) * hole.width + x] + 1.0) * 127.5;

          worst = MAX (worst, fabs (level - picture_gradient (hole.x + x, hole.y + y, c)));
        }
  g_test_message ("%u halvings: off by at most %.4f levels", halvings, worst);
  g_assert_cmpfloat (worst, <, 0.05);
}

/* A slope comes back where it was: half a sample's shift would be half a level and more. */
static void
test_alignment (void)
{
  for (guint halvings = 0; halvings <= 3; halvings++)
    check_gradient (halvings);
}

/* What is under the mask must not shine through. */
static double
picture_with_thing (int x, int y, int channel)
{
  gboolean thing = x >= 90 && x < 150 && y >= 70 && y < 150;

  return thing ? 255.0 * (channel == 0) : picture_waves (x, y, channel);
}

static void
test_thing_unseen (void)
{
  const LacunaBox hole = { 90, 70, 60, 80 };
  g_autoptr (LacunaPhoto) clean = picture_make (SIDE, SIDE, 8, picture_waves);
  g_autoptr (LacunaPhoto) photo = picture_make (SIDE, SIDE, 8, picture_with_thing);
  g_autoptr (LacunaRegion) region = make_region (clean, hole, 1, 0.0f);
  g_autofree float *from_clean = lacuna_render_region (region, clean, LACUNA_STAGE_REFINED);
  g_autofree float *from_photo = lacuna_render_region (region, photo, LACUNA_STAGE_REFINED);

  g_assert_cmpmem (from_clean, hole.width * hole.height * 12, from_photo, hole.width * hole.height * 12);
}

/* A result that is too bright all over meets the known pixels at the border. */
static void
test_border (void)
{
  const LacunaBox hole = { 90, 70, 60, 80 };
  g_autoptr (LacunaPhoto) photo = picture_make (SIDE, SIDE, 16, picture_gradient);
  g_autoptr (LacunaRegion) region = make_region (photo, hole, 1, 0.25f);
  g_autofree float *rgb = lacuna_render_region (region, photo, LACUNA_STAGE_REFINED);

  for (int y = 0; y < hole.height; y++)
    {
      double level = (rgb[y * hole.width] + 1.0) * 127.5;

      g_assert_cmpfloat (fabs (level - picture_gradient (hole.x, hole.y + y, 0)), <, 3.0);
    }
}

/* Long rows are made in strips; they must fit together. */
static void
test_strips (void)
{
  const LacunaBox hole = { 10, 20, 220, 200 };
  g_autoptr (LacunaPhoto) photo = picture_make (SIDE, SIDE, 8, picture_waves);
  g_autoptr (LacunaRegion) region = make_region (photo, hole, 2, 0.0f);
  g_autoptr (LacunaRender) render = lacuna_render_new (region, photo, LACUNA_STAGE_REFINED);
  g_autofree float *whole = lacuna_render_region (region, photo, LACUNA_STAGE_REFINED);
  g_autofree float *strip = g_new (float, 3 * 13 * hole.width);

  for (int y = 0; y + 13 <= hole.height; y += 13)
    {
      lacuna_render_rows (render, y, 13, strip, 13 * hole.width);
      for (int c = 0; c < 3; c++)
        g_assert_cmpmem (strip + c * 13 * hole.width, 13 * hole.width * sizeof (float),
                         whole + (c * hole.height + y) * hole.width, 13 * hole.width * sizeof (float));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/render/alignment", test_alignment);
  g_test_add_func ("/render/thing-unseen", test_thing_unseen);
  g_test_add_func ("/render/border", test_border);
  g_test_add_func ("/render/strips", test_strips);
  return g_test_run ();
}
