/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>
#include <vips/vips.h>

#include "engine/photo/photo.h"

/* Level 0 to 255, fractions kept at 16 bits, of a pixel's channel. */
typedef double (*PictureFunc) (int x, int y, int channel);

static inline double
picture_gradient (int x, int y, int channel)
{
  return channel == 0 ? x : channel == 1 ? y : (x + y) / 2.0;
}

/* Waves of several lengths: something to see at every scale. */
static inline double
picture_waves (int x, int y, int channel)
{
  return 128.0 + 50.0 * sin (x * 0.03 + channel) * cos (y * 0.05) + 30.0 * sin ((x + 2 * y) * 0.4 + channel)
         + (x * 7 + y * 13) % 31;
}

/* An RGB photo made by func, through a PNG of 8 or 16 bits. */
static inline LacunaPhoto *
picture_make (int width, int height, int depth, PictureFunc func)
{
  gsize size = (gsize) width * height * 3 * depth / 8;
  g_autofree guint8 *pixels = g_malloc (size);
  g_autofree char *path = g_strdup_printf ("%s/picture-%d-%d.png", g_get_tmp_dir (), (int) getpid (), depth);
  g_autoptr (GError) error = NULL;
  VipsImage *image, *typed = NULL;
  LacunaPhoto *photo;

  for (int y = 0; y < height; y++)
    for (int x = 0; x < width; x++)
      for (int c = 0; c < 3; c++)
        {
          gsize i = ((gsize) y * width + x) * 3 + c;
          double level = CLAMP (func (x, y, c), 0.0, 255.0);

          if (depth == 8)
            pixels[i] = (guint8) (level + 0.5);
          else
            ((guint16 *) pixels)[i] = (guint16) (level * 257.0 + 0.5);
        }
  if (VIPS_INIT (g_get_prgname ()) != 0)
    vips_error_exit (NULL);
  image = vips_image_new_from_memory (pixels, size, width, height, 3,
                                      depth == 8 ? VIPS_FORMAT_UCHAR : VIPS_FORMAT_USHORT);
  if (vips_copy (image, &typed, "interpretation",
                 depth == 8 ? VIPS_INTERPRETATION_sRGB : VIPS_INTERPRETATION_RGB16, NULL) != 0
      || vips_pngsave (typed, path, NULL) != 0)
    vips_error_exit (NULL);
  g_object_unref (typed);
  g_object_unref (image);
  photo = lacuna_photo_load (path, NULL, &error);
  g_assert_no_error (error);
  g_unlink (path);
  return photo;
}
