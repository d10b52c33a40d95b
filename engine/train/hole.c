/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Draws the holes that training fills, and the spatial discount of its losses (engine/network/NETWORK.md, "Losses").
 * All that is random comes from the given GRand, so that its state decides the hole. There is no state: the thread that
 * makes batches draws, and the engine's thread for held-out crops. */
#include "engine/train/hole.h"

#include <math.h>

#include "engine/photo/mask.h"
#include "engine/photo/shape.h"

#define MAX_STROKES 3
#define MAX_SEGMENTS 7
#define N_WAVES 4 /* of a blob's outline */

typedef struct {
  double x, y;
} Point;

void
lacuna_hole_discount_rectangle (double gamma, guint width, guint height, gsize stride, float *discount)
{
  for (guint i = 0; i < height; i++)
    for (guint j = 0; j < width; j++)
      discount[i * stride + j] = (float) pow (gamma, MIN (MIN (i, height - i), MIN (j, width - j)));
}

static void
draw_rectangle (GRand *rand, double gamma, guint side, gsize stride, float *mask, float *discount)
{
  guint width = g_rand_int_range (rand, side * 3 / 4, side + 1);
  guint height = g_rand_int_range (rand, side * 3 / 4, side + 1);
  guint x = g_rand_int_range (rand, 0, side - width + 1);
  gsize corner = g_rand_int_range (rand, 0, side - height + 1) * stride + x;

  for (guint i = 0; i < height; i++)
    for (guint j = 0; j < width; j++)
      mask[corner + i * stride + j] = 1.0f;
  lacuna_hole_discount_rectangle (gamma, width, height, stride, discount + corner);
}

static double
get_square_distance (Point p, Point a, Point b)
{
  double dx = b.x - a.x, dy = b.y - a.y, length = dx * dx + dy * dy;
  double t = length > 0.0 ? CLAMP (((p.x - a.x) * dx + (p.y - a.y) * dy) / length, 0.0, 1.0) : 0.0;
  double x = a.x + t * dx - p.x, y = a.y + t * dy - p.y;

  return x * x + y * y;
}

static void
draw_segment (Point a, Point b, double radius, int side, guint8 *hole)
{
  int left = MAX (0, MIN (a.x, b.x) - radius), right = MIN (side - 1, MAX (a.x, b.x) + radius);
  int top = MAX (0, MIN (a.y, b.y) - radius), bottom = MIN (side - 1, MAX (a.y, b.y) + radius);

  for (int y = top; y <= bottom; y++)
    for (int x = left; x <= right; x++)
      if (get_square_distance ((Point){ x, y }, a, b) <= radius * radius)
        hole[y * side + x] = 1;
}

/* A walk of the brush whose direction drifts. */
static void
draw_stroke (GRand *rand, int side, guint8 *hole)
{
  double radius = g_rand_double_range (rand, MAX (1.5, side / 32.0), side / 8.0);
  double angle = g_rand_double_range (rand, 0.0, 2.0 * G_PI);
  Point at = { g_rand_double_range (rand, radius, side - radius), g_rand_double_range (rand, radius, side - radius) };
  int n_segments = g_rand_int_range (rand, 2, MAX_SEGMENTS + 1);

  for (int i = 0; i < n_segments; i++)
    {
      double length = g_rand_double_range (rand, side / 10.0, side / 3.0);
      Point next;

      angle += g_rand_double_range (rand, -1.5, 1.5);
      next.x = CLAMP (at.x + length * cos (angle), 0.0, side - 1.0);
      next.y = CLAMP (at.y + length * sin (angle), 0.0, side - 1.0);
      draw_segment (at, next, radius, side, hole);
      at = next;
    }
}

static void
draw_strokes (GRand *rand, int side, guint8 *hole)
{
  for (int n = g_rand_int_range (rand, 1, MAX_STROKES + 1); n > 0; n--)
    draw_stroke (rand, side, hole);
}

/* A disc in the middle whose radius waves with the angle, and stays within the window. */
static void
draw_blob (GRand *rand, int side, guint8 *hole)
{
  double amplitudes[N_WAVES], phases[N_WAVES], centre = (side - 1) / 2.0;

  for (int k = 0; k < N_WAVES; k++)
    {
      amplitudes[k] = g_rand_double_range (rand, 0.0, 0.16 / (k + 1));
      phases[k] = g_rand_double_range (rand, 0.0, 2.0 * G_PI);
    }
  for (int y = 0; y < side; y++)
    for (int x = 0; x < side; x++)
      {
        double angle = atan2 (y - centre, x - centre), radius = 0.7;

        for (int k = 0; k < N_WAVES; k++)
          radius += amplitudes[k] * cos ((k + 1) * angle + phases[k]);
        hole[y * side + x] = hypot (x - centre, y - centre) <= radius * centre;
      }
}

/* Copies a hole, and weighs it by its distances; what lies beyond the window is known. */
static void
put_hole (const guint8 *hole, double gamma, int side, gsize stride, float *mask, float *discount)
{
  int padded = side + 2;
  g_autofree guint8 *pixels = g_new0 (guint8, (gsize) padded * padded);
  g_autofree gint32 *distance = NULL;
  g_autoptr (LacunaMask) whole = NULL;

  for (int y = 0; y < side; y++)
    for (int x = 0; x < side; x++)
      pixels[(y + 1) * padded + x + 1] = hole[y * side + x];
  whole = lacuna_mask_new (padded, padded, pixels);
  distance = lacuna_mask_distance (whole, (LacunaBox){ 1, 1, side, side }, NULL);
  for (int y = 0; y < side; y++)
    for (int x = 0; x < side; x++)
      if (hole[y * side + x] != 0)
        {
          mask[y * stride + x] = 1.0f;
          discount[y * stride + x] = (float) pow (gamma, sqrt (distance[y * side + x]) - 1.0);
        }
}

static LacunaHoleKinds
choose_kind (GRand *rand, LacunaHoleKinds kinds)
{
  LacunaHoleKinds found[3] = { kinds };
  int n = 0;

  for (LacunaHoleKinds kind = LACUNA_HOLE_RECTANGLES; kind <= LACUNA_HOLE_BLOBS; kind <<= 1)
    if (kinds & kind)
      found[n++] = kind;
  return found[g_rand_int_range (rand, 0, n)];
}

void
lacuna_hole_draw (GRand *rand, LacunaHoleKinds kinds, double gamma, guint side, gsize stride, float *mask,
                  float *discount)
{
  LacunaHoleKinds kind = choose_kind (rand, kinds);
  g_autofree guint8 *hole = NULL;

  if (kind == LACUNA_HOLE_RECTANGLES)
    {
      draw_rectangle (rand, gamma, side, stride, mask, discount);
      return;
    }
  hole = g_new0 (guint8, (gsize) side * side);
  if (kind == LACUNA_HOLE_STROKES)
    draw_strokes (rand, side, hole);
  else
    draw_blob (rand, side, hole);
  put_hole (hole, gamma, side, stride, mask, discount);
}
