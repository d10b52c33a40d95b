#pragma once

#include "engine/fill/fill.h"

G_BEGIN_DECLS

/* What a region's attention tells. Grid cells are counted row by row, as
 * queries and keys are; a cell is 8 pixels of the network wide. Where and
 * entropy need the region's scores. */

/* The pixels of the photo that a cell's patch covers: 16 of the network, as
 * the raw patches that attention copies (engine/network/NETWORK.md,
 * "Contextual attention", step 1). */
LacunaBox lacuna_explain_get_patch  (const LacunaRegion *region, int cell);
/* Cells that touch the hole: a byte each, 1 or 0. */
guint8   *lacuna_explain_list_hole  (const LacunaRegion *region);

/* The cells of box (pixels of the photo), as a box of the grid. */
LacunaBox lacuna_explain_get_cells  (const LacunaRegion *region, LacunaBox box);
/* The mean share that each key has in those queries of cells that hole (as
 * above) marks: a float for each cell, together 1. NULL where none of them is
 * marked, or nothing known takes part. */
float    *lacuna_explain_where      (const LacunaRegion *region, const guint8 *hole, LacunaBox cells);
/* The up to n cells of largest weight, no two of them neighbours, the strongest
 * first. Returns how many. */
guint     lacuna_explain_strongest  (const LacunaRegion *region, const float *weights, guint n, int *ret_cells);

/* The displacement of each query that hole marks to its best key, in cells: dx
 * and dy for each cell, 0 outside the hole. */
float    *lacuna_explain_flow       (const LacunaRegion *region, const guint8 *hole);
/* How far each query that hole marks spreads its attention: the entropy of its
 * shares over the logarithm of the number of keys, from 0 (one patch) to 1 (all
 * alike, or none known); 0 outside the hole. */
float    *lacuna_explain_entropy    (const LacunaRegion *region, const guint8 *hole);

G_END_DECLS
