/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/photo/grow.h"

#include <math.h>

/* A pixel that lies d beside a marked one of its row is within the radius r of it, and so are
 * floor(√(r² − d²)) pixels above and below. Each row hands that reach, less one, to the next: once downwards and once
 * upwards, without a distance for each pixel. */

#define MARKED 255
#define NONE (-1)

typedef struct {
  int width, radius;
  int *heights; /* of the distances from 0 to radius; then NONE */
  int *reach;   /* of the pixels of a row */
} Growth;

/* How far the marked pixels of one row reach up and down at each of its pixels. */
static void
measure_row (const Growth *self, const guint8 *row)
{
  int beyond = self->radius + 1, distance = beyond;

  for (int x = 0; x < self->width; x++)
    {
      distance = row[x] == MARKED ? 0 : MIN (distance + 1, beyond);
      self->reach[x] = distance;
    }
  distance = beyond;
  for (int x = self->width - 1; x >= 0; x--)
    {
      distance = row[x] == MARKED ? 0 : MIN (distance + 1, beyond);
      self->reach[x] = self->heights[MIN (self->reach[x], distance)];
    }
}

static void
grow_row (const Growth *self, guint8 *row, int *carried)
{
  measure_row (self, row);
  for (int x = 0; x < self->width; x++)
    {
      carried[x] = MAX (carried[x] - 1, self->reach[x]);
      if (carried[x] != NONE && row[x] == 0)
        row[x] = 1;
    }
}

static void
reset (int *carried, int width)
{
  for (int x = 0; x < width; x++)
    carried[x] = NONE;
}

void
lacuna_grow (guint8 *pixels, gsize stride, int width, int height, double radius)
{
  int whole = (int) MIN (radius, (double) width + height);
  g_autofree int *heights = g_new (int, whole + 2), *reach = g_new (int, width), *carried = g_new (int, width);
  Growth self = { .width = width, .radius = whole, .heights = heights, .reach = reach };

  for (int distance = 0; distance <= whole; distance++)
    heights[distance] = (int) sqrt (radius * radius - (double) distance * distance);
  heights[whole + 1] = NONE;
  reset (carried, width);
  for (int y = 0; y < height; y++)
    grow_row (&self, pixels + y * stride, carried);
  reset (carried, width);
  for (int y = height - 1; y >= 0; y--)
    grow_row (&self, pixels + y * stride, carried);
}
