/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/select/color.h"

#include <math.h>

#define SAMPLES 4 /* of a cell, each way */
#define LEVELS 4096

/* Light of a sample of sRGB, 0 to 1. */
static const float *
get_light (void)
{
  static float light[LEVELS];
  static gsize ready;

  if (g_once_init_enter (&ready))
    {
      for (guint i = 0; i < LEVELS; i++)
        {
          float v = i / (float) (LEVELS - 1);

          light[i] = v <= 0.04045f ? v / 12.92f : powf ((v + 0.055f) / 1.055f, 2.4f);
        }
      g_once_init_leave (&ready, 1);
    }
  return light;
}

static LacunaColor
convert (float red, float green, float blue)
{
  float l = cbrtf (0.4122214708f * red + 0.5363325363f * green + 0.0514459929f * blue);
  float m = cbrtf (0.2119034982f * red + 0.6806995451f * green + 0.1073969566f * blue);
  float s = cbrtf (0.0883024619f * red + 0.2817188376f * green + 0.6299787005f * blue);

  return (LacunaColor){ { 100 * (0.2104542553f * l + 0.7936177850f * m - 0.0040720468f * s),
                          100 * (1.9779984951f * l - 2.4285922050f * m + 0.4505937099f * s),
                          100 * (0.0259040371f * l + 0.7827717662f * m - 0.8086757660f * s) } };
}

static inline guint
read_sample (gconstpointer pixels, int depth, gsize i)
{
  return depth == 8 ? ((const guint8 *) pixels)[i] : ((const guint16 *) pixels)[i];
}

LacunaColor
lacuna_color_read (LacunaPhoto *photo, const LacunaGrid *grid, int x, int y)
{
  const float *light = get_light ();
  int bands = lacuna_photo_get_bands (photo), depth = lacuna_photo_get_depth (photo);
  int width = lacuna_photo_get_width (photo), step = MAX (1, grid->side / SAMPLES);
  int left = grid->box.x + x * grid->side, top = grid->box.y + y * grid->side;
  int right = MIN (left + grid->side, grid->box.x + grid->box.width);
  int bottom = MIN (top + grid->side, grid->box.y + grid->box.height);
  gconstpointer pixels = lacuna_photo_get_pixels (photo);
  guint sums[3] = { 0 }, n = 0;
  float values[3];

  for (int row = top; row < bottom; row += step)
    for (int column = left; column < right; column += step, n++)
      {
        gsize first = ((gsize) row * width + column) * bands;

        for (guint i = 0; i < 3; i++)
          sums[i] += read_sample (pixels, depth, first + (bands < 3 ? 0 : i));
      }
  for (guint i = 0; i < 3; i++)
    values[i] = light[(gsize) sums[i] * (LEVELS - 1) / (n * (depth == 8 ? 255 : 65535))];
  return convert (values[0], values[1], values[2]);
}
