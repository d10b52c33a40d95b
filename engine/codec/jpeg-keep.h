/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <vips/vips.h>

G_BEGIN_DECLS

/* What of a JPEG needs no new encoding. Private to the codec room. */

/* Whether the blocks of a JPEG can be kept: 8 bits, YCbCr or grey. */
gboolean lacuna_jpeg_can_keep (GBytes *file);

/* Encodes a JPEG anew from its pixels (8 bits, RGB or grey), with the tables and the sampling of source and all else as
 * at *data (g_free), which is replaced; blocks whose pixels are all as source has them keep its coefficients. Where
 * the sizes or the channels differ, *data stays. Returns 0, or -1 and an error of libvips. */
int lacuna_jpeg_keep (GBytes *source, VipsImage *image, gpointer *data, gsize *size);

G_END_DECLS
