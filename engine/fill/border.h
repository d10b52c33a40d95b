/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/fill/region-private.h"

G_BEGIN_DECLS

/* A stage's result with the colours around the hole's border carried into it, so
 * that it meets the known pixels (Pérez, Gangnet and Blake 2003, "seamless
 * cloning"): 3×height×width floats at the network's scale, g = result + u with
 * u = photo − result where the photo is known and Δu = 0 in the hole. What lies
 * in the hole is never looked at. Outside what was computed it is the result.
 * NULL: no memory. */
float *lacuna_border_match (const LacunaRegion *region, LacunaStage stage);

/* Fills in the elements of u that are not known (known: 0), height×width, so that Δu = 0 there and nothing flows over
 * the edge. FALSE: no memory. */
gboolean lacuna_border_stretch (float *u, const guint8 *known, int width, int height);

G_END_DECLS
