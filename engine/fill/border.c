/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/fill/border.h"

#include <string.h>

#define CHANNELS 3
#define SWEEPS 12 /* at each scale */

/* One step of Gauss and Seidel over the unknown elements: each becomes the mean of its neighbours. */
static void
sweep (float *u, const guint8 *known, int width, int height)
{
  for (int y = 0; y < height; y++)
    for (int x = 0; x < width; x++)
      {
        gsize i = (gsize) y * width + x;
        float sum = 0.0f;
        int n = 0;

        if (known[i])
          continue;
        if (x > 0)
          n++, sum += u[i - 1];
        if (x + 1 < width)
          n++, sum += u[i + 1];
        if (y > 0)
          n++, sum += u[i - width];
        if (y + 1 < height)
          n++, sum += u[i + width];
        u[i] = sum / n;
      }
}

/* The unknown elements are guessed from the same at half the size, whose elements are means of what is known, then
 * swept. */
gboolean
lacuna_border_stretch (float *u, const guint8 *known, int width, int height)
{
  int half_width = (width + 1) / 2, half_height = (height + 1) / 2;
  gsize n_half = (gsize) half_width * half_height;
  g_autofree float *half = NULL;
  g_autofree guint8 *counts = NULL;

  if (memchr (known, 0, (gsize) width * height) == NULL)
    return TRUE;
  if (width == 1 && height == 1)
    {
      *u = 0.0f;
      return TRUE;
    }
  half = g_try_new0 (float, n_half);
  counts = g_try_new0 (guint8, n_half);
  if (half == NULL || counts == NULL)
    return FALSE;
  for (int y = 0; y < height; y++)
    for (int x = 0; x < width; x++)
      if (known[(gsize) y * width + x])
        {
          half[(gsize) (y / 2) * half_width + x / 2] += u[(gsize) y * width + x];
          counts[(gsize) (y / 2) * half_width + x / 2]++;
        }
  for (gsize i = 0; i < n_half; i++)
    if (counts[i] > 0)
      half[i] /= counts[i];
  if (!lacuna_border_stretch (half, counts, half_width, half_height))
    return FALSE;
  for (int y = 0; y < height; y++)
    for (int x = 0; x < width; x++)
      if (!known[(gsize) y * width + x])
        u[(gsize) y * width + x] = half[(gsize) (y / 2) * half_width + x / 2];
  for (int i = 0; i < SWEEPS; i++)
    sweep (u, known, width, height);
  return TRUE;
}

float *
lacuna_border_match (const LacunaRegion *region, LacunaStage stage)
{
  const float *result = stage == LACUNA_STAGE_COARSE ? region->coarse : region->refined;
  const LacunaBox box = region->computed;
  gsize n = (gsize) region->width * region->height, n_box = (gsize) box.width * box.height;
  g_autofree float *matched = g_try_new (float, CHANNELS *n);
  g_autofree float *u = g_try_new (float, n_box);
  g_autofree guint8 *known = g_try_new (guint8, n_box);

  if (matched == NULL || u == NULL || known == NULL)
    return NULL;
  memcpy (matched, result, CHANNELS * n * sizeof (float));
  for (int c = 0; c < CHANNELS; c++)
    {
      for (gsize i = 0; i < n_box; i++)
        {
          gsize at = (box.y + i / box.width) * region->width + box.x + i % box.width;

          known[i] = region->input[LACUNA_PLANE_MASK * n + at] == 0.0f;
          u[i] = known[i] ? region->input[c * n + at] - result[c * n + at] : 0.0f;
        }
      if (!lacuna_border_stretch (u, known, box.width, box.height))
        return NULL;
      for (gsize i = 0; i < n_box; i++)
        matched[c * n + (box.y + i / box.width) * region->width + box.x + i % box.width] += u[i];
    }
  return g_steal_pointer (&matched);
}
