/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/photo/photo.h"

G_BEGIN_DECLS

/* The position within 0 … size − 1 that shows at i where an image is mirrored
 * at its edges, again and again: … 1 0 | 0 1 … n−1 | n−1 n−2 … */
static inline int
lacuna_mirror (gint64 i, int size)
{
  gint64 period = 2 * (gint64) size;
  gint64 k = ((i % period) + period) % period;

  return k < size ? k : period - 1 - k;
}

/* A photo of pixels alone, of any size, as lacuna_photo_get_pixels has them (g_malloc), which it takes. */
LacunaPhoto *lacuna_photo_take (int width, int height, int bands, int depth, gpointer pixels);

/* box of the photo at 1/2^halvings, 3×h×w floats in [-1, 1] with
 * h = box.height >> halvings; the box's sides are multiples of 2^halvings.
 * Halving is the exact 2×2 mean. What lies beyond the photo is mirrored at its
 * edges (lacuna_mirror). Grey is tripled, alpha left out, 16 bits kept in the
 * float; values are the photo's own, whatever its profile. NULL: no memory. */
float *lacuna_photo_read_window (LacunaPhoto *self, LacunaBox box, guint halvings);

/* Converts a picture of the photo's own colours, 3×n floats in [-1, 1], to sRGB,
 * and back, in place and rounded to 16 bits; nothing changes where the photo's
 * profile is sRGB's, missing or unsound. Back into grey the three are alike.
 * LACUNA_ERROR_MEMORY. */
gboolean lacuna_photo_to_srgb   (LacunaPhoto *self, float *rgb, gsize n, GError **error);
gboolean lacuna_photo_from_srgb (LacunaPhoto *self, float *rgb, gsize n, GError **error);

/* Colours of n pixels, three planes of floats in [-1, 1] that lie plane floats
 * apart, rounded to that depth: three interleaved samples a pixel, guint8 or
 * guint16 (g_free). NULL: no memory. */
gpointer lacuna_photo_quantize (const float *rgb, gsize plane, gsize n, int depth);

G_END_DECLS
