/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/document/stroke.h"

#include <math.h>

#define WIDTH 701
#define HEIGHT 523

static double
distance_to_segment (double x, double y, const LacunaSample *a, const LacunaSample *b)
{
  double dx = b->x - a->x, dy = b->y - a->y;
  double t = CLAMP (((x - a->x) * dx + (y - a->y) * dy) / (dx * dx + dy * dy), 0, 1);

  return hypot (x - a->x - t * dx, y - a->y - t * dy);
}

/* Against the definition: pixels whose centre is nearer than the radius, give or take Cairo's arcs. */
static void
test_shape (void)
{
  const LacunaSample samples[] = { { 60.3, 400.8, 23 }, { 512.7, 77.1, 23 } };
  g_autoptr (LacunaRaster) raster = lacuna_raster_new (WIDTH, HEIGHT);
  const guint8 *pixels = lacuna_raster_get_pixels (raster);
  LacunaBox box = lacuna_stroke_draw (raster, samples, 2, FALSE);

  g_assert_cmpint (box.x, <=, 37);
  g_assert_cmpint (box.y + box.height, >=, 424);
  for (int y = 0; y < HEIGHT; y++)
    for (int x = 0; x < WIDTH; x++)
      {
        double distance = distance_to_segment (x + 0.5, y + 0.5, &samples[0], &samples[1]);
        int level = pixels[y * lacuna_raster_get_stride (raster) + x];

        g_assert_true (level == 0 || level == 255);
        if (distance < 22.75)
          g_assert_cmpint (level, ==, 255);
        else if (distance > 23.25)
          g_assert_cmpint (level, ==, 0);
      }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/stroke/shape", test_shape);
  return g_test_run ();
}
