/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/select/reach.h"

#include <math.h>

#define SWEEPS 2

static const struct { int x, y; float length; } behind[] = {
  { -1, 0, 1 }, { -1, -1, G_SQRT2 }, { 0, -1, 1 }, { 1, -1, G_SQRT2 },
};

/* sign: 1 downwards, from the neighbours that come before; -1 upwards, from those that come after. */
static void
visit (const LacunaPartition *level, float weight, float *distances, int x, int y, int sign)
{
  int width = level->grid.width;
  gsize cell = (gsize) y * width + x;

  for (guint i = 0; i < G_N_ELEMENTS (behind); i++)
    {
      int u = x + sign * behind[i].x, v = y + sign * behind[i].y;
      gsize other = (gsize) v * width + u;
      float step = behind[i].length;

      if (u < 0 || u >= width || v < 0 || v >= level->grid.height || distances[other] + step >= distances[cell])
        continue;
      if (weight > 0)
        step += weight * sqrtf (lacuna_color_get_distance (&level->colors[cell], &level->colors[other]));
      distances[cell] = MIN (distances[cell], distances[other] + step);
    }
}

void
lacuna_reach_measure (const LacunaPartition *level, float weight, float *distances)
{
  int width = level->grid.width, height = level->grid.height;

  for (guint sweep = 0; sweep < (weight > 0 ? SWEEPS : 1); sweep++)
    {
      for (int y = 0; y < height; y++)
        for (int x = 0; x < width; x++)
          visit (level, weight, distances, x, y, 1);
      for (int y = height - 1; y >= 0; y--)
        for (int x = width - 1; x >= 0; x--)
          visit (level, weight, distances, x, y, -1);
    }
}
