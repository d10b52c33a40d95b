/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "engine/fill/explain.h"
#include "engine/fill/region-private.h"
#include "engine/fill/render.h"
#include "engine/photo/shape.h"

#define CHANNELS 3

/* The error to be expected, in levels: exp (BASE + MISFIT·ln (1 + misfit) + DISAGREEMENT·ln (1 + disagreement)
 * + CONTRAST·ln (1 + contrast) + DISTANCE·ln (1 + distance)) - 1, fitted to the errors of fills of photos that are known
 * (DETAIL.md, “Trust”). */
#define BASE -0.138f
#define MISFIT 0.153f
#define DISAGREEMENT 0.196f
#define CONTRAST 0.574f
#define DISTANCE 0.348f
#define HALF_TRUST 20.0f /* levels */
/* The values of a region without detail, whose result is the network's as it is: */
#define UNKNOWN_MISFIT 30.0f
#define UNKNOWN_DISAGREEMENT 20.0f
#define UNKNOWN_CONTRAST 10.0f

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

/* Sums over a cell of the grid, of samples in levels. */
typedef struct {
  guint n; /* pixels */
  float difference;
  float sum[CHANNELS], squares; /* of the copies */
} Cell;

static void
add_pixel (Cell *cell, const float *detail, const float *refined, gsize step)
{
  cell->n++;
  for (int c = 0; c < CHANNELS; c++)
    {
      float copy = detail[c * step] * 127.5f;

      cell->difference += fabsf (copy - refined[c * step] * 127.5f);
      cell->sum[c] += copy;
      cell->squares += copy * copy;
    }
}

/* Returns the mean difference between the copies and the network's result: pixels by themselves differ by their
 * texture. */
static float
get_disagreement (const Cell *cell)
{
  return cell->difference / (CHANNELS * MAX (cell->n, 1));
}

/* Returns the standard deviation of the copies. */
static float
get_contrast (const Cell *cell)
{
  float n = MAX (cell->n, 1), squares = cell->squares / n;

  for (int c = 0; c < CHANNELS; c++)
    squares -= cell->sum[c] / n * (cell->sum[c] / n);
  return sqrtf (MAX (squares, 0.0f) / CHANNELS);
}

/* Compares the copies with the network's result in each cell of the grid (g_free). NULL: no memory. */
static Cell *
compare (const LacunaRegion *region, LacunaPhoto *photo)
{
  gsize n = (gsize) region->hole.width * region->hole.height;
  g_autofree float *detail = lacuna_render_region (region, photo, LACUNA_STAGE_DETAIL);
  g_autofree float *refined = lacuna_render_region (region, photo, LACUNA_STAGE_REFINED);
  g_autofree Cell *cells = g_try_new0 (Cell, (gsize) region->grid_width * region->grid_height);

  if (detail == NULL || refined == NULL || cells == NULL)
    return NULL;
  for (gsize i = 0; i < n; i++)
    if (region->mask[i] != 0)
      add_pixel (&cells[get_place (region, i, LACUNA_CELL)], detail + i, refined + i, n);
  return g_steal_pointer (&cells);
}

float *
lacuna_explain_trust (const LacunaRegion *region, LacunaPhoto *photo)
{
  gsize n = (gsize) region->hole.width * region->hole.height;
  gboolean has_detail = region->offsets != NULL;
  g_autofree float *distance = find_distance (region);
  g_autofree Cell *cells = has_detail ? compare (region, photo) : NULL;
  float *trust = NULL;

  if (distance == NULL || (has_detail && cells == NULL) || (trust = g_try_new0 (float, n)) == NULL)
    return NULL;
  for (gsize i = 0; i < n; i++)
    {
      float misfit = has_detail ? region->fit[i] : UNKNOWN_MISFIT;
      const Cell *cell = has_detail ? &cells[get_place (region, i, LACUNA_CELL)] : NULL;
      float disagreement = has_detail ? get_disagreement (cell) : UNKNOWN_DISAGREEMENT;
      float contrast = has_detail ? get_contrast (cell) : UNKNOWN_CONTRAST;
      float error = expf (BASE + MISFIT * log1pf (misfit) + DISAGREEMENT * log1pf (disagreement)
                          + CONTRAST * log1pf (contrast) + DISTANCE * log1pf (distance[get_place (region, i, 1)]))
                    - 1.0f;

      if (region->mask[i] != 0)
        trust[i] = 1.0f / (1.0f + MAX (error, 0.0f) / HALF_TRUST);
    }
  return trust;
}
