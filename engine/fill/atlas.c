/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lays out and draws the copies of a region's window that patches may be taken from. The middle of a window lies between
 * pixels at every scale that is drawn, so that a turned or mirrored copy has the window's very pixels; a scaled one is
 * interpolated. It runs on the engine's thread. */
#include "engine/fill/atlas.h"

#include <math.h>

#include "engine/fill/guide.h"

#define BYTES 4
#define QUARTERS 4
#define LARGER 0.75 /* pixels of the window that a pixel of the larger copy is */
#define SMALLER (1 / LARGER)

/* The pixels around a place of the window, which is between them where the copy is scaled, and the shares of the second
 * ones. */
typedef struct {
  int      x[2], y[2];
  float    right, lower;
  gboolean inside; /* of the window */
} Place;

static void
add_copy (LacunaAtlas *self, guint turns, gboolean mirrored, double step, guint8 transform)
{
  static const int cosines[QUARTERS] = { 1, 0, -1, 0 }, sines[QUARTERS] = { 0, 1, 0, -1 };
  int sign = mirrored ? -1 : 1;

  /* A quarter turn to the right takes (x, y), y downwards, to (-y, x). */
  self->copies[self->n++] = (LacunaCopy){
    .transform = transform,
    .xx = sign * cosines[turns],
    .xy = sign * sines[turns],
    .yx = -sines[turns],
    .yy = cosines[turns],
    .step = step,
  };
}

void
lacuna_atlas_init (LacunaAtlas *self, const LacunaRegion *region, LacunaTransforms transforms)
{
  guint n_turns = transforms & LACUNA_TRANSFORM_TURNED ? QUARTERS : 1;
  guint n_sides = transforms & LACUNA_TRANSFORM_MIRRORED ? 2 : 1;

  *self = (LacunaAtlas){ .width = region->box.width, .height = region->box.height, .pitch = region->box.height };
  for (guint i = 0; i < n_sides * n_turns; i++)
    add_copy (self, i % n_turns, i >= n_turns, 1.0,
              i % n_turns * LACUNA_TRANSFORMED_TURN + i / n_turns * LACUNA_TRANSFORMED_MIRRORED);
  if (transforms & LACUNA_TRANSFORM_SCALED)
    {
      add_copy (self, 0, FALSE, LARGER, LACUNA_TRANSFORMED_LARGER);
      add_copy (self, 0, FALSE, SMALLER, LACUNA_TRANSFORMED_SMALLER);
    }
  /* A cell of the network is whole rows of the coarsest level too. */
  if (self->n > 1)
    self->pitch += LACUNA_CELL << region->halvings;
}

int
lacuna_atlas_get_rows (const LacunaAtlas *self, guint l)
{
  return (int) self->n * (self->pitch >> l);
}

static double
turn_x (const LacunaCopy *copy, double u, double v)
{
  return copy->step * (copy->xx * u + copy->xy * v);
}

static double
turn_y (const LacunaCopy *copy, double u, double v)
{
  return copy->step * (copy->yx * u + copy->yy * v);
}

/* Finds the pixels around a place along one axis of n; returns the share of the second. */
static float
find_pair (double at, int n, gboolean exact, int *ret_pair)
{
  double first = exact ? floor (at) : floor (at - 0.5);

  ret_pair[0] = CLAMP ((int) first, 0, n - 1);
  ret_pair[1] = exact ? ret_pair[0] : CLAMP ((int) first + 1, 0, n - 1);
  return exact ? 0.0f : (float) (at - 0.5 - first);
}

/* Finds where in the window, of width × height pixels, pixel (u, v) of a copy comes from. */
static Place
find_place (const LacunaCopy *copy, int width, int height, int u, int v)
{
  double across = u + 0.5 - width / 2.0, down = v + 0.5 - height / 2.0;
  double x = width / 2.0 + turn_x (copy, across, down), y = height / 2.0 + turn_y (copy, across, down);
  gboolean exact = copy->step == 1.0;
  Place place = { .inside = v >= 0 && v < height && x >= 0.0 && y >= 0.0 && x < width && y < height };

  place.right = find_pair (x, width, exact, place.x);
  place.lower = find_pair (y, height, exact, place.y);
  return place;
}

static float
mix (float a, float b, float share)
{
  return a + share * (b - a);
}

static void
draw_pixel (const LacunaCopy *copy, const guint8 *window, int width, const Place *place, gboolean weighted,
            guint8 *pixel)
{
  const guint8 *upper = window + (gsize) BYTES * place->y[0] * width;
  const guint8 *lower = window + (gsize) BYTES * place->y[1] * width;
  int left = BYTES * place->x[0], right = BYTES * place->x[1];

  for (int c = 0; c < BYTES; c++)
    pixel[c] = (guint8) lrintf (mix (mix (upper[left + c], upper[right + c], place->right),
                                     mix (lower[left + c], lower[right + c], place->right), place->lower));
  if (weighted)
    pixel[BYTES - 1] = !place->inside ? 0
                                      : MIN (MIN (upper[left + BYTES - 1], upper[right + BYTES - 1]),
                                             MIN (lower[left + BYTES - 1], lower[right + BYTES - 1]));
  else if (copy->step != 1.0)
    pixel[BYTES - 1] = lacuna_guide_scale_activity (pixel[BYTES - 1], copy->step);
}

float
lacuna_atlas_take (const LacunaAtlas *self, const float *plane, int x, int y)
{
  Place place = find_place (&self->copies[y / self->pitch], self->width, self->height, x, y % self->pitch);
  const float *upper = plane + (gsize) place.y[0] * self->width, *lower = plane + (gsize) place.y[1] * self->width;

  return mix (mix (upper[place.x[0]], upper[place.x[1]], place.right),
              mix (lower[place.x[0]], lower[place.x[1]], place.right), place.lower);
}

void
lacuna_atlas_draw (const LacunaAtlas *self, guint l, gboolean weighted, guint8 *pixels)
{
  int width = self->width >> l, height = self->height >> l, pitch = self->pitch >> l;

  for (int row = height; row < lacuna_atlas_get_rows (self, l); row++)
    {
      /* Rows between two copies repeat the edge of the nearer one. */
      int k = MIN ((row + (pitch - height) / 2) / pitch, (int) self->n - 1);

      for (int u = 0; u < width; u++)
        {
          const LacunaCopy *copy = &self->copies[k];
          Place place = find_place (copy, width, height, u, row - k * pitch);

          draw_pixel (copy, pixels, width, &place, weighted, pixels + (gsize) BYTES * ((gsize) row * width + u));
        }
    }
}

const LacunaCopy *
lacuna_atlas_find (const LacunaAtlas *self, guint l, int x, int y, int *ret_x, int *ret_y)
{
  const LacunaCopy *copy = &self->copies[y / self->pitch];
  guint drawn = copy->step == 1.0 ? 0 : l;
  int within = (1 << drawn) - 1, row = y % self->pitch;
  double middle_x = (self->width >> drawn) / 2.0, middle_y = (self->height >> drawn) / 2.0;
  double across = (x >> drawn) + 0.5 - middle_x, down = (row >> drawn) + 0.5 - middle_y;

  *ret_x = (int) floor (middle_x + turn_x (copy, across, down)) * (within + 1) + (x & within);
  *ret_y = (int) floor (middle_y + turn_y (copy, across, down)) * (within + 1) + (row & within);
  return copy;
}

void
lacuna_atlas_show (const LacunaAtlas *self, guint l, guint k, int x, int y, int *ret_x, int *ret_y)
{
  const LacunaCopy *copy = &self->copies[k];
  double middle_x = (self->width >> l) / 2.0, middle_y = (self->height >> l) / 2.0;
  double across = (x + 0.5 - middle_x) / copy->step, down = (y + 0.5 - middle_y) / copy->step;

  *ret_x = (int) floor (middle_x + copy->xx * across + copy->yx * down);
  *ret_y = (int) floor (middle_y + copy->xy * across + copy->yy * down) + (int) k * (self->pitch >> l);
}
