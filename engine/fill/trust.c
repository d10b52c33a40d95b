/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "engine/fill/explain.h"
#include "engine/fill/region-private.h"
#include "engine/fill/render.h"
#include "engine/photo/shape.h"

#define CHANNELS 3

/* The error to be expected, in levels: exp (BASE + MISFIT·ln (1 + misfit) + DISAGREEMENT·ln (1 + disagreement)
 * + DISTANCE·ln (1 + distance)) - 1, fitted to the errors of fills of photos that are known (DETAIL.md, “Trust”). */
#define BASE -0.342f
#define MISFIT 0.214f
#define DISAGREEMENT 0.890f
#define DISTANCE 0.239f
#define HALF_TRUST 20.0f /* levels */
/* The values of a region without detail, whose result is the network's as it is: */
#define UNKNOWN_MISFIT 30.0f
#define UNKNOWN_DISAGREEMENT 20.0f

/* The distance of each pixel at the network's scale to what is known, in such pixels. NULL: no memory. */
static float *
find_distance (const LacunaRegion *region)
{
  gsize n = (gsize) region->width * region->height;
  const float *hole = region->input + LACUNA_PLANE_MASK * n;
  g_autofree guint8 *pixels = g_try_malloc (n);
  g_autoptr (LacunaMask) mask = NULL;
  g_autofree gint32 *square = NULL;
  float *distance;

  if (pixels == NULL)
    return NULL;
  for (gsize i = 0; i < n; i++)
    pixels[i] = hole[i] != 0.0f;
  mask = lacuna_mask_new (region->width, region->height, pixels);
  square = mask != NULL ? lacuna_mask_distance (mask, (LacunaBox){ 0, 0, region->width, region->height }, NULL) : NULL;
  distance = square != NULL ? g_try_new (float, n) : NULL;
  for (gsize i = 0; distance != NULL && i < n; i++)
    distance[i] = sqrtf (square[i]);
  return distance;
}

/* The pixel at the network's scale, in cells of that many, of pixel i of the hole's box. */
static gsize
get_place (const LacunaRegion *region, gsize i, int cell)
{
  int x = region->hole.x - region->box.x + (int) (i % region->hole.width);
  int y = region->hole.y - region->box.y + (int) (i / region->hole.width);

  return (gsize) ((y >> region->halvings) / cell) * (region->width / cell) + (x >> region->halvings) / cell;
}

/* The mean difference, in levels, between the copies and the network's result, for each cell of the grid: pixels by
 * themselves differ by their texture. NULL: no memory. */
static float *
find_disagreement (const LacunaRegion *region, LacunaPhoto *photo)
{
  gsize n = (gsize) region->hole.width * region->hole.height,
        n_cells = (gsize) region->grid_width * region->grid_height;
  g_autofree float *detail = lacuna_render_region (region, photo, LACUNA_STAGE_DETAIL);
  g_autofree float *refined = lacuna_render_region (region, photo, LACUNA_STAGE_REFINED);
  g_autofree guint *counts = g_try_new0 (guint, n_cells);
  float *means = g_try_new0 (float, n_cells);

  if (detail == NULL || refined == NULL || counts == NULL || means == NULL)
    {
      g_free (means);
      return NULL;
    }
  for (gsize i = 0; i < n; i++)
    if (region->mask[i] != 0)
      {
        gsize cell = get_place (region, i, LACUNA_CELL);

        counts[cell]++;
        for (int c = 0; c < CHANNELS; c++)
          means[cell] += fabsf (detail[c * n + i] - refined[c * n + i]) * 127.5f / CHANNELS;
      }
  for (gsize cell = 0; cell < n_cells; cell++)
    means[cell] /= MAX (counts[cell], 1);
  return means;
}

float *
lacuna_explain_trust (const LacunaRegion *region, LacunaPhoto *photo)
{
  gsize n = (gsize) region->hole.width * region->hole.height;
  gboolean has_detail = region->offsets != NULL;
  g_autofree float *distance = find_distance (region);
  g_autofree float *disagreement = has_detail ? find_disagreement (region, photo) : NULL;
  float *trust = NULL;

  if (distance == NULL || (has_detail && disagreement == NULL) || (trust = g_try_new0 (float, n)) == NULL)
    return NULL;
  for (gsize i = 0; i < n; i++)
    {
      float misfit = has_detail ? region->fit[i] : UNKNOWN_MISFIT;
      float differs = has_detail ? disagreement[get_place (region, i, LACUNA_CELL)] : UNKNOWN_DISAGREEMENT;
      float error = expf (BASE + MISFIT * log1pf (misfit) + DISAGREEMENT * log1pf (differs)
                          + DISTANCE * log1pf (distance[get_place (region, i, 1)]))
                    - 1.0f;

      if (region->mask[i] != 0)
        trust[i] = 1.0f / (1.0f + MAX (error, 0.0f) / HALF_TRUST);
    }
  return trust;
}
