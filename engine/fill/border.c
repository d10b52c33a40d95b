#include "engine/fill/border.h"

#include <math.h>
#include <string.h>

#define CHANNELS 3
#define LEAST_SIGMA 4.0
#define FAINTEST 0.02f /* weight of known pixels below which the correction fades away */

/* Twice the largest distance to the known, over the hole's box, at the network's scale. */
static double
get_thickness (const LacunaRegion *region)
{
  const float *plane = region->input + (gsize) 4 * region->width * region->height;
  gsize n = (gsize) region->width * region->height;
  LacunaBox hole = { (region->hole.x - region->box.x) >> region->halvings,
                     (region->hole.y - region->box.y) >> region->halvings,
                     (region->hole.width >> region->halvings) + 1, (region->hole.height >> region->halvings) + 1 };
  LacunaBox window = { 0, 0, region->width, region->height };
  g_autofree guint8 *pixels = g_malloc (n);
  g_autofree gint32 *distance = NULL;
  g_autoptr (LacunaMask) mask = NULL;
  gint32 largest = 0;

  for (gsize i = 0; i < n; i++)
    pixels[i] = plane[i] > 0.0f;
  mask = lacuna_mask_new (region->width, region->height, pixels);
  hole = lacuna_box_intersection (hole, window);
  distance = lacuna_mask_distance (mask, hole, NULL);
  for (gsize i = 0; i < (gsize) hole.width * hole.height; i++)
    largest = MAX (largest, distance[i]);
  return 2.0 * sqrt (largest);
}

static float *
make_gaussian (double sigma, int *ret_radius)
{
  int radius = (int) ceil (3.0 * sigma);
  float *weights = g_new (float, radius + 1);
  double sum = 0.0;

  for (int i = 0; i <= radius; i++)
    {
      weights[i] = (float) exp (-0.5 * i * i / (sigma * sigma));
      sum += i == 0 ? weights[i] : 2.0 * weights[i];
    }
  for (int i = 0; i <= radius; i++)
    weights[i] /= (float) sum;
  *ret_radius = radius;
  return weights;
}

/* Blurs a plane in place; beyond it all is 0. */
static void
blur (float *plane, int width, int height, const float *weights, int radius)
{
  g_autofree float *padded = g_new0 (float, width + 2 * (gsize) radius);
  g_autofree float *across = g_new (float, (gsize) width *height);

  for (int y = 0; y < height; y++)
    {
      float *row = across + (gsize) y * width, *middle = padded + radius;

      memcpy (middle, plane + (gsize) y * width, width * sizeof (float));
      for (int x = 0; x < width; x++)
        row[x] = weights[0] * middle[x];
      for (int i = 1; i <= radius; i++)
        for (int x = 0; x < width; x++)
          row[x] += weights[i] * (middle[x - i] + middle[x + i]);
    }
  for (int y = 0; y < height; y++)
    {
      float *row = plane + (gsize) y * width;

      memset (row, 0, width * sizeof (float));
      for (int i = MAX (0, y - radius); i <= MIN (height - 1, y + radius); i++)
        for (int x = 0; x < width; x++)
          row[x] += weights[ABS (i - y)] * across[(gsize) i * width + x];
    }
}

float *
lacuna_border_match (const LacunaRegion *region, LacunaStage stage)
{
  const float *result = stage == LACUNA_STAGE_COARSE ? region->coarse : region->refined;
  gsize n = (gsize) region->width * region->height;
  const float *hole = region->input + 4 * n;
  float *matched = g_new (float, CHANNELS *n);
  g_autofree float *known = g_new (float, n);
  g_autofree float *weights = NULL;
  int radius;

  weights = make_gaussian (MAX (LEAST_SIGMA, get_thickness (region) / 6.0), &radius);
  for (gsize i = 0; i < n; i++)
    known[i] = 1.0f - hole[i];
  for (int c = 0; c < CHANNELS; c++)
    {
      for (gsize i = 0; i < n; i++)
        matched[c * n + i] = (region->input[c * n + i] - result[c * n + i]) * known[i];
      blur (matched + c * n, region->width, region->height, weights, radius);
    }
  blur (known, region->width, region->height, weights, radius);
  for (int c = 0; c < CHANNELS; c++)
    for (gsize i = 0; i < n; i++)
      matched[c * n + i] = result[c * n + i] + matched[c * n + i] / (known[i] + FAINTEST);
  return matched;
}
