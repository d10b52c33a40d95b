/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/fill/window.h"

#include <string.h>

#define MULTIPLE 8 /* of the network's sides */
#define LEAST 16   /* side that the network takes */

guint
lacuna_window_get_max_halvings (int width, int height)
{
  guint halvings = 0;

  while (MIN (width, height) >> (halvings + 1) >= LEAST)
    halvings++;
  return halvings;
}

static int
round_up (int n, int unit)
{
  return (n + unit - 1) / unit * unit;
}

/* One axis of lacuna_window_fit: [*start, *start + *side) is what is wanted and then what is had. */
static void
fit_axis (int *start, int *side, int hole_start, int hole_side, guint halvings, int size)
{
  int unit = MULTIPLE << halvings, least = LEAST << halvings;
  int fitted = MAX (round_up (*side, unit), least);
  int before, after;

  if (fitted > size)
    fitted = MAX (size / unit * unit, least);
  if (fitted <= size)
    {
      *start = CLAMP (*start + (*side - fitted) / 2, 0, size - fitted);
      *side = fitted;
      before = hole_start - *start;
      after = *start + *side - (hole_start + hole_side);
      if (before >= MIN (hole_start, unit) && after >= MIN (size - hole_start - hole_side, unit))
        return;
    }
  *side = MAX (round_up (size, unit), least);
  *start = (size - *side) / 2;
}

LacunaBox
lacuna_window_fit (LacunaBox wanted, LacunaBox hole, guint halvings, int width, int height)
{
  fit_axis (&wanted.x, &wanted.width, hole.x, hole.width, halvings, width);
  fit_axis (&wanted.y, &wanted.height, hole.y, hole.height, halvings, height);
  return wanted;
}

gint64
lacuna_window_get_pixels (LacunaBox box, guint halvings)
{
  return (gint64) (box.width >> halvings) * (box.height >> halvings);
}

static int
mirror (int i, int n)
{
  i = i < 0 ? -1 - i : i;
  i %= 2 * n;
  return i < n ? i : 2 * n - 1 - i;
}

gsize
lacuna_window_read_mask (LacunaMask *mask, LacunaBox box, guint halvings, float *ret_mask)
{
  const guint8 *pixels = lacuna_mask_get_pixels (mask);
  int mask_width = lacuna_mask_get_width (mask), mask_height = lacuna_mask_get_height (mask);
  int width = box.width >> halvings, height = box.height >> halvings, block = 1 << halvings;
  g_autofree int *columns = g_new (int, (guint) box.width);
  g_autofree guint8 *hole = g_new (guint8, (guint) width);
  gsize n_known = 0;

  for (int x = 0; x < box.width; x++)
    columns[x] = mirror (box.x + x, mask_width);
  for (int y = 0; y < height; y++)
    {
      memset (hole, 0, width);
      for (int i = 0; i < block; i++)
        {
          const guint8 *row = pixels + (gsize) mirror (box.y + y * block + i, mask_height) * mask_width;

          for (int x = 0; x < box.width; x++)
            hole[x >> halvings] |= row[columns[x]];
        }
      for (int x = 0; x < width; x++)
        {
          n_known += hole[x] == 0;
          if (ret_mask != NULL)
            ret_mask[(gsize) y * width + x] = hole[x] != 0;
        }
    }
  return n_known;
}
