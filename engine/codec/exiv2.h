/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/codec/gexiv2.h"

G_BEGIN_DECLS

#define LACUNA_EXIV2_MAX_XMP 60000 /* what one segment of a JPEG holds, less Exiv2's own additions */

/* Lacuna's own namespace (data/doc/record.md), and the prefix that tags have here. */
#define LACUNA_EXIV2_NAMESPACE "urn:uuid:ad43bb52-152b-477a-9e8c-10267c743eb7#"
#define LACUNA_EXIV2_PREFIX "lacuna"

/* Starts Exiv2, once, and has it know Lacuna's namespace. Its parser of XMP serves one thread at a time; this program
 * has one that uses it. */
void lacuna_exiv2_init (void);

/* EXIF as a block that begins like a TIFF, NULL without any; and XMP as a packet, likewise. */
GBytes *lacuna_exiv2_make_exif (GExiv2Metadata *tags);
GBytes *lacuna_exiv2_make_xmp (GExiv2Metadata *tags);

G_END_DECLS
