/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/select/shadow.h"

#include <math.h>

#include "engine/select/hint-private.h"
#include "engine/select/reach.h"

/* A shadow lies at the thing, and is less likely the farther off: */
#define MOST_DARK 4.0f /* what a colour tells at the most, in nats */
#define SHADOW_NEAR 0.5f
#define SHADOW_FAR -6.0f /* at a whole longer side of the thing */

static guint8
get_opened (gsize cell, const LacunaGrid *grid)
{
  gsize x = cell % grid->width, y = cell / grid->width;

  return x > 0 && y > 0 && x + 1 < (gsize) grid->width && y + 1 < (gsize) grid->height ? LACUNA_CELL_OPEN : 0;
}

/* Learns what is lit: the surroundings but for the darker part of what is near the thing. */
static void
learn_lit (const LacunaPartition *level, const float *distances, float side, LacunaMixture *lit)
{
  gsize n = lacuna_grid_get_n_cells (&level->grid), step = n / LACUNA_MIXTURE_MAX_SAMPLES + 1, n_samples = 0;
  g_autofree LacunaSpot *spots = g_new (LacunaSpot, n / step + 1);
  g_autofree float *weights = g_new (float, n / step + 1);
  double sum = 0, n_outside = 0;

  for (gsize i = 0; i < n; i++)
    if (distances[i] > 0)
      {
        sum += level->colors[i].channels[0];
        n_outside++;
      }
  for (gsize i = 0; i < n; i += step)
    if (distances[i] > 0 && (distances[i] > side / 2 || level->colors[i].channels[0] > sum / n_outside))
      {
        spots[n_samples] = lacuna_partition_get_spot (level, i);
        weights[n_samples++] = 1;
      }
  lacuna_mixture_fit (lit, spots, weights, n_samples);
}

/* Only what hangs together with the thing is its shadow. */
static void
keep_attached (LacunaPartition *level, float *distances)
{
  gsize n = lacuna_grid_get_n_cells (&level->grid);
  g_autoptr (GArray) found = g_array_new (FALSE, FALSE, sizeof (gsize));
  int width = level->grid.width, height = level->grid.height;

  for (gsize i = 0; i < n; i++)
    if (distances[i] == 0)
      g_array_append_val (found, i);
  for (guint i = 0; i < found->len; i++)
    {
      gsize cell = g_array_index (found, gsize, i);
      int x = cell % width, y = cell / width;

      for (int v = MAX (0, y - 1); v <= MIN (height - 1, y + 1); v++)
        for (int u = MAX (0, x - 1); u <= MIN (width - 1, x + 1); u++)
          {
            gsize other = (gsize) v * width + u;

            if (distances[other] == 0 || !(level->cells[other] & LACUNA_CELL_IN))
              continue;
            distances[other] = 0;
            g_array_append_val (found, other);
          }
    }
  for (gsize i = 0; i < n; i++)
    if (distances[i] > 0)
      level->cells[i] = 0;
}

gboolean
lacuna_shadow_add (LacunaPartition *level, LacunaPhoto *photo, GPtrArray *hints, LacunaAppearance *looks,
                   GCancellable *cancellable, GError **error)
{
  gsize n = lacuna_grid_get_n_cells (&level->grid);
  g_autofree float *pulls = g_new (float, n), *distances = g_new (float, n);
  float side = 0;

  for (gsize i = 0; i < n; i++)
    {
      gboolean inside = level->cells[i] & LACUNA_CELL_IN;

      distances[i] = inside ? 0 : G_MAXFLOAT;
      side += inside;
      level->cells[i] = inside ? LACUNA_CELL_IN : get_opened (i, &level->grid);
    }
  side = 1.5f * sqrtf (side);
  lacuna_reach_measure (level, 0, distances);
  learn_lit (level, distances, side, &looks->lit);
  for (gsize i = 0; i < n; i++)
    {
      LacunaSpot spot = lacuna_partition_get_spot (level, i);
      float far = MIN (1, distances[i] / side);
      float dark = lacuna_mixture_get_cost (&looks->lit, &spot) - lacuna_appearance_get_shadow_cost (looks, &spot);

      pulls[i] = CLAMP (dark, -MOST_DARK, MOST_DARK) + SHADOW_NEAR + (SHADOW_FAR - SHADOW_NEAR) * far;
    }
  lacuna_hints_draw (hints, &level->grid, level->cells);
  if (!lacuna_partition_cut (level, photo, NULL, pulls, NULL, cancellable, error))
    return FALSE;
  keep_attached (level, distances);
  looks->shadow = TRUE;
  return TRUE;
}
