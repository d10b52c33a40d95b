/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <vips/vips.h>

#include "engine/codec/left.h"

G_BEGIN_DECLS

/* Fields of an image with blocks of EXIF, XMP and IPTC, as libvips has them, become
 * the header of a JPEG of one grey pixel, which Exiv2 reads. image NULL: none.
 * left: told of what is too long for that. NULL: no memory. */
GByteArray *lacuna_carrier_new (VipsImage *image, LacunaLeft *left);

G_END_DECLS
