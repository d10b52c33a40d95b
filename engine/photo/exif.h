#pragma once

#include <vips/vips.h>

G_BEGIN_DECLS

/* The EXIF and IPTC data of TIFF files, where libvips falls short. Private to the photo room. */

/* Gives an image that was opened from that TIFF its EXIF fields, as
 * libvips has them of a JPEG, and its IPTC data as Photoshop's. Nothing happens where there are none that are sound. */
void lacuna_exif_read_tiff       (VipsImage *image, const char *path);
void lacuna_exif_read_tiff_bytes (VipsImage *image, GBytes *file);

/* Puts the image's EXIF fields, less the thumbnail, into the TIFF that was made of
 * it, at *data (g_free), which is replaced. As libvips has it: 0, or -1 and what
 * went wrong in its error buffer. */
int lacuna_exif_write_tiff (VipsImage *image, gpointer *data, gsize *size);

G_END_DECLS
