/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/train/options.h"

G_BEGIN_DECLS

/* Draws a hole of one of the kinds into a window of side×side pixels, at least
 * 8, whose rows are stride floats apart in both arrays, which hold zeros:
 * mask becomes 1 in the hole, discount gamma^l there with l the distance to the
 * nearest known pixel, counted from the hole's border (engine/network/NETWORK.md,
 * "Losses"). The hole is never empty. The same state of rand gives the same hole. */
void lacuna_hole_draw (GRand *rand, LacunaHoleKinds kinds, double gamma, guint side, gsize stride,
                       float *mask, float *discount);

/* The discount of a rectangle, as the authors compute it: max(gamma^min(i, height − i),
 * gamma^min(j, width − j)) for row i and column j. */
void lacuna_hole_discount_rectangle (double gamma, guint width, guint height, gsize stride, float *discount);

G_END_DECLS
