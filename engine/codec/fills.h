/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/codec/gexiv2.h"

G_BEGIN_DECLS

/* What was filled in a photo, and by what, as XMP in Lacuna's own namespace (data/doc/record.md). Private to the codec
 * room. */

/* Adds fills (aa{sv}, whose values are strings, numbers, and a{sv} of the same) after those that the tags tell of
 * already, and what the photo is then in the words of IPTC. */
void lacuna_fills_add (GExiv2Metadata *tags, GVariant *fills);

/* Turns the boxes of the fills that the tags tell of with a photo which is brought upright from that orientation of
 * EXIF's. */
void lacuna_fills_turn (GExiv2Metadata *tags, int orientation);

G_END_DECLS
