/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/photo/samples.h"

#include <string.h>

#include "engine/photo/photo-fields.h"

LacunaPhoto *
lacuna_photo_take (int width, int height, int bands, int depth, gpointer pixels)
{
  return lacuna_photo_wrap (width, height, bands, depth,
                            g_bytes_new_take (pixels, (gsize) width * height * bands * depth / 8));
}

float *
lacuna_photo_read_window (LacunaPhoto *self, LacunaBox box, guint halvings)
{
  gconstpointer pixels = lacuna_photo_get_pixels (self);
  int depth = lacuna_photo_get_depth (self), bands = self->bands;
  gsize width = box.width >> halvings, height = box.height >> halvings, plane = width * height;
  gsize last = bands < 3 ? 0 : 2;
  double scale = 2.0 / ((depth == 8 ? G_MAXUINT8 : G_MAXUINT16) * (double) (1ULL << (2 * halvings)));
  float *window = g_try_new (float, 3 * plane);
  g_autofree gsize *columns = g_new (gsize, box.width);
  g_autofree guint64 *sums = g_new (guint64, 3 * width);

  if (window == NULL)
    return NULL;
  for (int x = 0; x < box.width; x++)
    columns[x] = (gsize) lacuna_mirror (box.x + x, self->width) * bands;
  for (gsize y = 0; y < height; y++)
    {
      memset (sums, 0, 3 * width * sizeof *sums);
      for (gsize k = 0; k < (gsize) 1 << halvings; k++)
        {
          gsize row
              = lacuna_mirror (box.y + (gint64) ((y << halvings) + k), self->height) * (gsize) self->width * bands;

          for (int x = 0; x < box.width; x++)
            for (gsize band = 0; band <= last; band++)
              sums[3 * (x >> halvings) + band] += lacuna_photo_read_sample (pixels, depth, row + columns[x] + band);
        }
      for (gsize x = 0; x < width; x++)
        for (gsize band = 0; band < 3; band++)
          window[band * plane + y * width + x] = sums[3 * x + MIN (band, last)] * scale - 1.0;
    }
  return window;
}

gpointer
lacuna_photo_quantize (const float *rgb, gsize plane, gsize n, int depth)
{
  double half = ((1 << depth) - 1) / 2.0;
  guint8 *bytes = g_try_malloc_n (n, 3 * depth / 8);
  guint16 *words = (guint16 *) (gpointer) bytes;

  for (gsize i = 0; bytes != NULL && i < 3 * n; i++)
    {
      guint sample = (CLAMP (rgb[i % 3 * plane + i / 3], -1.0f, 1.0f) + 1.0) * half + 0.5;

      if (depth == 8)
        bytes[i] = sample;
      else
        words[i] = sample;
    }
  return bytes;
}
