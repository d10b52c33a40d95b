/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <vips/vips.h>

#include "engine/codec/gexiv2.h"

G_BEGIN_DECLS

/* The chunks of a PNG which libvips does not know. Private to the codec room. */

/* Colours as the file tells of them without an ICC profile (gAMA
 * and cHRM, or cICP) become a profile of the image, and cICP a field besides, which
 * comes back into a PNG. */
void lacuna_png_read (VipsImage *image, GBytes *bytes, gboolean *ret_is_animated, gboolean *ret_has_resolution);

/* Puts tags and the image's texts and cICP into a PNG just encoded, at *data
 * (g_free), which is replaced; the resolution goes where the image has none. */
void lacuna_png_add (VipsImage *image, GExiv2Metadata *tags, gpointer *data, gsize *size);

G_END_DECLS
