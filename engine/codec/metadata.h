/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <vips/vips.h>

#include "engine/codec/gexiv2.h"
#include "engine/codec/left.h"

G_BEGIN_DECLS

/* What a photo says about itself besides its pixels: EXIF, IPTC and XMP as tags
 * of Exiv2, chosen from lists of what is text; its ICC profile and the texts that
 * a PNG or the comment of a JPEG has stay fields of the image. What can hold a
 * picture of the photo, or promises another that is not kept, goes. Private to the codec room. */

/* Takes over the metadata of an image just opened from a HEIF file: its XMP gets the name that libvips has for it, and
 * all blocks are copied, as those of libvips 8.14 are gone with the opened image. */
void lacuna_metadata_take_heif (VipsImage *image);

/* As EXIF has it, of a PNG whose EXIF is in a text, which libvips does not read; 1 where there is none. */
int lacuna_metadata_find_orientation (GBytes *file);

/* The tags of the upright image that was read from the file, of that format (which may be NULL), true of it as it is now.
 * Of the image's fields only the profile and plain texts remain. orientation: as EXIF has it, of the file; 1 is upright. */
GExiv2Metadata *lacuna_metadata_take (VipsImage *image, GBytes *file, const char *format, int orientation,
                                      LacunaLeft *left);

/* What was left out in sentences for the user, appended to note with a space. */
void lacuna_metadata_describe_left (LacunaLeft left, GString *note);

/* The tags for a format which holds IPTC or does not: then its texts become XMP's.
 * texts: as lacuna_texts_list, for tags that are not there; NULL: none.
 * A comment (NULL: none) becomes EXIF's, unless that is there. tags NULL: none,
 * here and below. */
GExiv2Metadata *lacuna_metadata_convert (GExiv2Metadata *tags, gboolean has_iptc, GPtrArray *texts,
                                         const char *comment);

/* Pack all of the tags into bytes, and unpack them: the bytes are a JPEG of one pixel that has the tags. NULL: there
 * are none, here and there. left: told where some are too many for that. */
GBytes         *lacuna_metadata_pack   (GExiv2Metadata *tags, LacunaLeft *left);
GExiv2Metadata *lacuna_metadata_unpack (GBytes *packed);

/* Puts the tags into an encoded JPEG, TIFF or WebP, in place of its own, at *data
 * (g_free), which is replaced; where nothing may be opened it stays without. As libvips has it: 0, or -1 and what went
 * wrong in its error buffer. */
int lacuna_metadata_embed (GExiv2Metadata *tags, gpointer *data, gsize *size);

G_END_DECLS
