/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <vips/vips.h>

G_BEGIN_DECLS

/* Colour profiles. Private to the codec room. */

/* Whether an image's colours mean what sRGB's do: it has that profile, none, or
 * one that can't be used. */
gboolean lacuna_colour_is_srgb (VipsImage *image);

/* RGB or grey of that profile to sRGB, or back: samples of 16 bits, bands a pixel. Returns as many pixels (g_free), of
 * ret_bands samples: 1, or 3 and more. Read by lcms, and so only called by the codec's program. LACUNA_ERROR_MEMORY. */
guint16 *lacuna_colour_convert (GBytes *samples, int bands, GBytes *profile, gboolean forth, gsize *ret_size,
                                int *ret_bands, GError **error);

/* CMYK (by its profile, or else a common one) as sRGB of the same depth; NULL
 * and libvips' error where that fails. */
VipsImage *lacuna_colour_from_cmyk (VipsImage *image);

/* Gives an image a profile of colours told in short, as PNG does. gamma: light to
 * the sample, such as 1/2.2; 0: as of sRGB. chromaticities: x and y of white, red, green and
 * blue; NULL: as of sRGB. Without effect where it comes to sRGB or makes no sense. */
void lacuna_colour_set_simple (VipsImage *image, double gamma, const double *chromaticities);

/* The same by the numbers of ITU-T H.273. What is brighter than a paper white of
 * 203 cd/m² (ITU-R BT.2408) becomes white in the profile. FALSE: they are not among the usual ones. */
gboolean lacuna_colour_set_coded (VipsImage *image, int primaries, int transfer);

G_END_DECLS
