#pragma once

#include <vips/vips.h>

G_BEGIN_DECLS

/* What an image says about itself. Private to the photo room. */

/* Brings what came from a file into the form that a photo keeps: no thumbnail,
 * nothing about how the file stored its pixels, the IPTC block as in a JPEG. */
void lacuna_metadata_take (VipsImage *image);

/* For an image just opened from a HEIF file: its XMP gets its name, and all its
 * blocks are copied, as those of libvips 8.14 are gone with the opened image. */
void lacuna_metadata_take_heif (VipsImage *image);

/* Brings it from there into the form that a TIFF is saved from. */
void lacuna_metadata_fit_tiff (VipsImage *image);

G_END_DECLS
