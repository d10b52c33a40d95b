/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <vips/vips.h>

G_BEGIN_DECLS

/* A WebP of an image of 8 bits, RGB and alpha, that loses nothing, colours under what is transparent included, which
 * libvips (8.14) makes black; with the image's profile. quality: 1 to 100, the effort to make it small. The file is to
 * be freed by g_free. FALSE where that fails, for want of memory. Private to the codec room. */
gboolean lacuna_webp_encode (VipsImage *image, int quality, gpointer *ret_data, gsize *ret_size);

G_END_DECLS
