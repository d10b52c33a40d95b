/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/document/mask-fit.h"

#include <glib/gi18n.h>
#include <string.h>

/* Sides may be rounded. */
#define TOLERANCE 0.01

/* Whether one shape is that of the other; a photo and the same one lying on its side are two shapes. */
static gboolean
has_shape (LacunaMask *mask, int width, int height)
{
  double shape = (double) lacuna_mask_get_width (mask) / lacuna_mask_get_height (mask);
  double other = (double) width / height;

  return MAX (shape, other) <= (1 + TOLERANCE) * MIN (shape, other);
}

/* Pixel i of n covers those from *ret_first to before *ret_end, of size; one at least. */
static void
find_covered (int i, int n, int size, int *ret_first, int *ret_end)
{
  *ret_first = (gint64) i * size / n;
  *ret_end = ((gint64) (i + 1) * size + n - 1) / n;
}

/* The rows of the mask that row y covers, one upon the other. */
static void
join_rows (LacunaMask *mask, int y, int height, guint8 *ret_row)
{
  int w = lacuna_mask_get_width (mask), first, end;

  find_covered (y, height, lacuna_mask_get_height (mask), &first, &end);
  memset (ret_row, 0, w);
  for (int line = first; line < end; line++)
    for (int x = 0; x < w; x++)
      ret_row[x] |= lacuna_mask_get_pixels (mask)[(gsize) line * w + x];
}

static LacunaMask *
stretch (LacunaMask *mask, int width, int height)
{
  int w = lacuna_mask_get_width (mask), first, end;
  g_autofree guint8 *pixels = g_try_malloc0_n (height, width), *row = g_try_malloc (w);

  for (int y = 0; pixels != NULL && row != NULL && y < height; y++)
    {
      join_rows (mask, y, height, row);
      for (int x = 0; x < width; x++)
        {
          find_covered (x, width, w, &first, &end);
          if (memchr (row + first, 255, end - first) != NULL)
            pixels[(gsize) y * width + x] = 255;
        }
    }
  return pixels != NULL && row != NULL ? lacuna_mask_new (width, height, pixels) : NULL;
}

LacunaMask *
lacuna_mask_fit (LacunaMask *mask, int width, int height, GError **error)
{
  int w = lacuna_mask_get_width (mask), h = lacuna_mask_get_height (mask);
  LacunaMask *fitted;

  if (w == width && h == height)
    return lacuna_mask_ref (mask);
  if (!has_shape (mask, width, height))
    {
      g_set_error (
          error, LACUNA_ERROR, LACUNA_ERROR_UNFIT,
          _ ("The photo has another shape, %d×%d pixels, than the one that was marked, %d×%d. Mark it by hand."), width,
          height, w, h);
      return NULL;
    }
  fitted = stretch (mask, width, height);
  if (fitted == NULL)
    g_set_error_literal (error, LACUNA_ERROR, LACUNA_ERROR_MEMORY,
                         _ ("The mask was not changed for want of memory. Close other programs and try again."));
  return fitted;
}
