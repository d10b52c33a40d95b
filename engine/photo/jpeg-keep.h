#pragma once

#include <vips/vips.h>

G_BEGIN_DECLS

/* What of a JPEG needs no new encoding. Private to the photo room. */

/* The file, where its blocks can be kept: 8 bits, YCbCr or grey. NULL: they can't, or it can't be read. */
GBytes *lacuna_jpeg_read_source (const char *path);

/* Encodes a JPEG anew from its pixels (8 bits, RGB or grey), with the tables and the sampling of source and all else as
 * at *data (g_free), which is replaced; blocks whose pixels are all as source has them keep its coefficients. Where
 * the sizes or the channels differ, *data stays. Returns 0, or -1 and an error of libvips. */
int lacuna_jpeg_keep (GBytes *source, VipsImage *image, gpointer *data, gsize *size);

G_END_DECLS
