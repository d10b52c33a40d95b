/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/fill/region.h"

G_BEGIN_DECLS

/* What a region's attention tells. Grid cells are counted row by row, as queries and keys are. */

/**
 * lacuna_explain_get_patch: (skip)
 * @region: a region
 * @cell: number of a cell
 *
 * Returns: the pixels of the photo that the cell's patch covers: 16 of the network, as the raw patches that attention
 *   copies (engine/network/NETWORK.md, "Contextual attention", step 1)
 */
LacunaBox lacuna_explain_get_patch (const LacunaRegion *region, int cell);

/**
 * lacuna_explain_list_hole: (skip)
 * @region: a region
 *
 * Returns: a byte for each cell: 1 where it touches the hole, else 0 (g_free)
 */
guint8 *lacuna_explain_list_hole (const LacunaRegion *region);

/**
 * lacuna_explain_get_cells: (skip)
 * @region: a region
 * @box: pixels of the photo
 *
 * Returns: the cells of those pixels, as a box of the grid
 */
LacunaBox lacuna_explain_get_cells (const LacunaRegion *region, LacunaBox box);

/**
 * lacuna_explain_where: (skip)
 * @region: a region
 * @hole: as [func@explain_list_hole]
 * @cells: a box of the grid
 *
 * Returns: (nullable): the mean share that each key has in those queries of @cells that @hole marks: a float for each
 *   cell, together 1 (g_free); %NULL where none of them is marked, nothing known takes part, or the attention was not kept
 */
float *lacuna_explain_where (const LacunaRegion *region, const guint8 *hole, LacunaBox cells);

/**
 * lacuna_explain_best: (skip)
 * @region: a region
 * @values: a float for each cell, which need not be shares
 * @n: how many are wanted
 * @ret_cells: the cells of largest value above 0, no two of them neighbours, the best first
 *
 * Returns: how many there are, at most @n
 */
guint lacuna_explain_best (const LacunaRegion *region, const float *values, guint n, int *ret_cells);

/* How many sources are told, and the least share of one that is told after the first. */
#define LACUNA_EXPLAIN_N_SOURCES 5
#define LACUNA_EXPLAIN_LEAST_SHARE 0.01f

/**
 * lacuna_explain_strongest: (skip)
 * @region: a region
 * @shares: as [func@explain_where]
 * @ret_cells: for %LACUNA_EXPLAIN_N_SOURCES: cells that are no neighbours, and larger than those that they stand for
 * @ret_shares: the same: the share of each with that of its neighbours, the largest first
 *
 * Patches of neighbouring cells overlap, so each source stands for what was taken from around it. A cell between two sources
 * is counted once, with the larger one, so that these shares and that of all other cells sum to 1.
 *
 * Returns: how many there are
 */
guint lacuna_explain_strongest (const LacunaRegion *region, const float *shares, int *ret_cells, float *ret_shares);

/**
 * lacuna_explain_list_sources:
 * @region: a region
 * @box: pixels of the photo
 *
 * What the filled pixels of @box were rebuilt from, by the attention: the strongest sources with the patch that each stands
 * for, as x, y, width and height in the photo, and the share of what was taken from around it. There are at most five,
 * and after the first none of less than 1 %.
 *
 * Returns: (transfer full): sources (a(iiiid)), the strongest first; none where @box has no filled pixel, nothing known
 *   takes part, or the attention was not kept
 */
GVariant *lacuna_explain_list_sources (const LacunaRegion *region, const LacunaBox *box);

/**
 * lacuna_explain_flow: (skip)
 * @region: a region
 * @hole: as [func@explain_list_hole]
 *
 * Returns: the displacement of each query that @hole marks to its best key, in cells: dx and dy for each cell, 0 outside
 *   the hole (g_free)
 */
float *lacuna_explain_flow (const LacunaRegion *region, const guint8 *hole);

/**
 * lacuna_explain_entropy: (skip)
 * @region: a region
 * @hole: as [func@explain_list_hole]
 *
 * Returns: (nullable): how far each query that @hole marks spreads its attention: the entropy of its shares over the logarithm of
 *   the number of keys, from 0 (one patch) to 1 (all alike, or none known); 0 outside the hole (g_free); %NULL where the
 *   attention was not kept
 */
float *lacuna_explain_entropy (const LacunaRegion *region, const guint8 *hole);

/**
 * lacuna_explain_get_compared: (skip)
 * @region: a region
 * @cell: number of a cell
 *
 * Returns: the pixels of the photo under the 3×3 cells around that one whose features attention compares, as far as they
 *   lie in the window (engine/network/NETWORK.md, "Contextual attention", step 3)
 */
LacunaBox lacuna_explain_get_compared (const LacunaRegion *region, int cell);

/**
 * lacuna_explain_keys: (skip)
 * @region: a region
 *
 * Returns: how freely each key may be copied: 1 where its patch is known, 0 where it is not, and between that where a fill
 *   was steered: a float for each cell (g_free)
 */
float *lacuna_explain_keys (const LacunaRegion *region);

/**
 * lacuna_explain_similarity: (skip)
 * @region: a region
 * @query: number of a cell
 * @ret_length: (out): the norm of the query's patch
 *
 * The scores before anything else is done to them, as in Yu et al. 2018, section 4.1, "Match and attend". The network
 * divides by the norm of the key's patch alone (engine/network/NETWORK.md, "Contextual attention", steps 3 and 4): its
 * scores are these times @ret_length.
 *
 * Returns: (nullable): the cosine of the angle between the query's patch and each key's, known or not, from -1 to 1: a float
 *   for each cell (g_free); %NULL where the features were not kept
 */
float *lacuna_explain_similarity (const LacunaRegion *region, int query, float *ret_length);

/**
 * lacuna_explain_propagation: (skip)
 * @region: a region
 * @query: number of a cell
 *
 * Returns: (nullable): the query's score of each key, known or not, after the fusion (engine/network/NETWORK.md,
 *   "Contextual attention", step 5): a float for each cell (g_free); %NULL where the features were not kept
 */
float *lacuna_explain_propagation (const LacunaRegion *region, int query);

/**
 * lacuna_explain_shares: (skip)
 * @region: a region
 * @query: number of a cell that touches the hole
 *
 * Returns: (nullable): the query's share of each key, as the softmax made it: a float for each cell (g_free), which is 0
 *   where the key is not known; %NULL where the attention was not kept
 */
float *lacuna_explain_shares (const LacunaRegion *region, int query);

/**
 * lacuna_explain_paste: (skip)
 * @region: a region
 * @query: number of a cell that touches the hole
 *
 * The network pastes features; the pixels that they lie over stand for them here.
 *
 * Returns: (nullable): the mean of the known patches ([func@explain_get_patch]) by the shares that the query has of them:
 *   three planes of 16×16 samples in [-1, 1] in the photo's colours (g_free), 0 where no patch reaches; %NULL where the
 *   attention was not kept
 */
float *lacuna_explain_paste (const LacunaRegion *region, int query);

/**
 * lacuna_explain_trust: (skip)
 * @region: a region
 * @photo: the photo that was filled
 *
 * How far the fill may be trusted: 1 / (1 + e / 20), where e is the error to be expected of a pixel, in levels of 255. It
 * grows with how badly the patches fit (%LACUNA_REGION_FIT), with how far the copies around are from what the network made
 * of the place, and with the distance to what is known (engine/fill/DETAIL.md, “Trust”).
 *
 * Returns: (nullable): a float for each pixel of the hole's box, from 0 to 1, 0 where this region fills nothing (g_free);
 *   %NULL: no memory
 */
float *lacuna_explain_trust (const LacunaRegion *region, LacunaPhoto *photo);

G_END_DECLS
