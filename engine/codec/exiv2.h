/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/codec/gexiv2.h"

G_BEGIN_DECLS

/* Starts Exiv2, once. Its parser of XMP serves one thread at a time; this program has one that uses it. */
void lacuna_exiv2_init (void);

/* EXIF as a block that begins like a TIFF, NULL without any; and XMP as a packet, likewise. */
GBytes *lacuna_exiv2_make_exif (GExiv2Metadata *tags);
GBytes *lacuna_exiv2_make_xmp (GExiv2Metadata *tags);

G_END_DECLS
