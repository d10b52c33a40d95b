/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <vips/vips.h>

#include "engine/codec/metadata.h"

G_BEGIN_DECLS

/* Encodes an image (uchar or ushort, with its profile alone) as HEIC or AVIF with
 * the tags, or none where NULL. As libvips has it: 0, or -1 and its error. */
int lacuna_heif_encode (VipsImage *image, GExiv2Metadata *tags, VipsForeignHeifCompression compression, int quality,
                        gpointer *ret_data, gsize *ret_size);

/* Whether the picture in the HEIF file claims a side that libvips has no number for: its loader (8.16) does not look,
 * and GObject complains. */
gboolean lacuna_heif_is_boundless (GBytes *file);

/* What comes with the picture in the HEIF file, and is not read. */
LacunaLeft lacuna_heif_list_left (GBytes *file);

G_END_DECLS
