/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/select/partition.h"

G_BEGIN_DECLS

/* Measures how far each cell is from those where distances is 0, in cells; all others begin with G_MAXFLOAT. With a
 * weight, the way over a difference of colours is longer by weight times that difference: the geodesic distance, found
 * by sweeps as in Toivanen, "New Geodesic Distance Transforms for Gray-Scale Images" (1996). The level has its colours
 * then. */
void lacuna_reach_measure (const LacunaPartition *level, float weight, float *distances);

G_END_DECLS
