/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/fill/region-private.h"

G_BEGIN_DECLS

/* Finds edges that end at a region's hole and go on beyond it: horizons, corners of walls, kerbs, wires. Two ends make a
 * line where each points at the other and both part the same colours. region: whose input has been read. Returns the
 * lines in pixels of the photo as lines.h has them (g_variant_unref), the surest first; NULL: there are none. */
GVariant *lacuna_edges_find (const LacunaRegion *region);

G_END_DECLS
