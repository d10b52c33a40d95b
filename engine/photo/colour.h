#pragma once

#include <vips/vips.h>

G_BEGIN_DECLS

/* Colour profiles. Private to the photo room. */

/* Whether an image's colours mean what sRGB's do: it has that profile, none, or
 * one that can't be used. */
gboolean lacuna_colour_is_srgb (VipsImage *image);

/* CMYK (by its profile, or else a common one) as sRGB of the same depth; NULL
 * and libvips' error where that fails. */
VipsImage *lacuna_colour_from_cmyk (VipsImage *image);

G_END_DECLS
