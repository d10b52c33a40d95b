/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/fill/flow.h"

G_BEGIN_DECLS

/* The length of the longest displacement from a query to its best key, in
 * grid cells; index as in LacunaRegion. */
float   lacuna_flow_get_radius (const gint32 *index, int grid_width, int grid_height);

/* 3 bytes for each query, rows of grid_width: the colour of its displacement
 * to its best key, with the longest of them at full colour. NULL: there is no memory. */
guint8 *lacuna_flow_render     (const gint32 *index, int grid_width, int grid_height);

G_END_DECLS
