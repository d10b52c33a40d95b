/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <vips/vips.h>

#include "engine/photo/photo-fields.h"

G_BEGIN_DECLS

/* libvips, which only the codec's program needs (codec.h). Private to the codec room. */

#if VIPS_MAJOR_VERSION == 8 && VIPS_MINOR_VERSION < 16
G_DEFINE_AUTOPTR_CLEANUP_FUNC (VipsImage, g_object_unref)
#endif

/* The field that holds a text of a PNG; its number, a hyphen and the keyword follow. A JPEG's comment is one with the
 * keyword “Comment”. */
#define LACUNA_TEXT_FIELD "png-comment-"

/* The field that holds a PNG's chunk of that name. */
#define LACUNA_CICP_FIELD "png-cicp"

/* Starts libvips once. LACUNA_ERROR_FILE. */
gboolean lacuna_vips_init (GError **error);

/* An image over the photo's pixels, as B_W, GREY16, sRGB or RGB16, without a profile. */
VipsImage *lacuna_vips_wrap (LacunaPhoto *photo);

/* The domain of errors that Lacuna itself puts into libvips' buffer, in sentences for people. */
#define LACUNA_VIPS_DOMAIN "lacuna"

/* Returns what went wrong in words for people (g_free), and empties libvips' error buffer. The libraries' own words are
 * logged for whoever looks for a fault (G_MESSAGES_DEBUG). otherwise: the words where those mean nothing that people
 * know. */
char *lacuna_vips_take_error (const char *otherwise);

/* The image's pixels computed into shared memory of its own, with its metadata.
 * LACUNA_ERROR_MEMORY; LACUNA_ERROR_FORMAT where the pixels can't be computed. */
VipsImage *lacuna_vips_render (VipsImage *image, const char *path, GError **error);

/* The memory of an image that was rendered so. */
LacunaShared *lacuna_vips_share (VipsImage *rendered);

G_END_DECLS
