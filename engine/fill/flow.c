/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/fill/flow-private.h"

#include <math.h>

#define N_SEGMENTS 6

/* The places on the wheel of red, yellow, green, cyan, blue, magenta and red again, which are not evenly spaced:
 * perception tells reds from yellows better than greens from cyans. */
static const int starts[N_SEGMENTS + 1] = { 0, 15, 21, 25, 36, 49, 55 };
static const guint8 corners[N_SEGMENTS + 1][3]
    = { { 1, 0, 0 }, { 1, 1, 0 }, { 0, 1, 0 }, { 0, 1, 1 }, { 0, 0, 1 }, { 1, 0, 1 }, { 1, 0, 0 } };

void
lacuna_flow_get_color (float dx, float dy, float radius, guint8 ret_rgb[3])
{
  float length = hypotf (dx, dy) / radius;
  float place = (atan2f (-dy, -dx) / (2.0f * (float) G_PI) + 0.5f) * starts[N_SEGMENTS];
  guint segment = 0;
  float along;

  while (segment < N_SEGMENTS - 1 && place >= starts[segment + 1])
    segment++;
  along = (place - starts[segment]) / (starts[segment + 1] - starts[segment]);
  for (guint c = 0; c < 3; c++)
    {
      float hue = corners[segment][c] * (1.0f - along) + corners[segment + 1][c] * along;
      float shade = length <= 1.0f ? 1.0f - length * (1.0f - hue) : 0.75f * hue;

      ret_rgb[c] = (guint8) lroundf (255.0f * CLAMP (shade, 0.0f, 1.0f));
    }
}

static void
get_displacement (const gint32 *index, int width, int query, float *ret_dx, float *ret_dy)
{
  *ret_dx = index[query] % width - query % width;
  *ret_dy = index[query] / width - query / width;
}

float
lacuna_flow_get_radius (const gint32 *index, int grid_width, int grid_height)
{
  float radius = 0.0f;

  for (int query = 0; query < grid_width * grid_height; query++)
    {
      float dx, dy;

      get_displacement (index, grid_width, query, &dx, &dy);
      radius = MAX (radius, hypotf (dx, dy));
    }
  return radius;
}

guint8 *
lacuna_flow_render (const gint32 *index, int grid_width, int grid_height)
{
  float radius = MAX (lacuna_flow_get_radius (index, grid_width, grid_height), 1.0f);
  guint8 *pixels = g_try_malloc (3 * (gsize) grid_width * grid_height);

  if (pixels == NULL)
    return NULL;
  for (int query = 0; query < grid_width * grid_height; query++)
    {
      float dx, dy;

      get_displacement (index, grid_width, query, &dx, &dy);
      lacuna_flow_get_color (dx, dy, radius, pixels + 3 * (gsize) query);
    }
  return pixels;
}
