/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/photo/mask.h"
#include "engine/photo/photo.h"

G_BEGIN_DECLS

/**
 * LacunaPlanReason:
 * @LACUNA_PLAN_COMPACT: one window holds the hole, or several
 * @LACUNA_PLAN_CHAIN: a piece of a long thin hole, at the fine scale that its thickness asks for
 * @LACUNA_PLAN_LARGE: coarser, as one window is to hold the hole
 * @LACUNA_PLAN_MANY: coarser, as there are so many
 *
 * Why a region has its window and scale; the scale is first of all the hole's, by its thickness.
 */
typedef enum {
  LACUNA_PLAN_COMPACT,
  LACUNA_PLAN_CHAIN,
  LACUNA_PLAN_LARGE,
  LACUNA_PLAN_MANY,
} LacunaPlanReason;

/**
 * LacunaStage:
 * @LACUNA_STAGE_COARSE: the first network's
 * @LACUNA_STAGE_REFINED: the second network's, with contextual attention
 * @LACUNA_STAGE_DETAIL: copies at the photo's own scale, guided by the refined result; as refined where a region has none
 *
 * A result of the two networks (Yu et al. 2018, figure 2) and what follows them.
 */
typedef enum {
  LACUNA_STAGE_COARSE,
  LACUNA_STAGE_REFINED,
  LACUNA_STAGE_DETAIL,
} LacunaStage;

/**
 * LacunaRegionArray:
 * @LACUNA_REGION_INPUT: float32, 5×height×width: the image blanked in the hole, ones, the mask
 * @LACUNA_REGION_COARSE: float32, 3×height×width in [-1, 1]
 * @LACUNA_REGION_REFINED: the same
 * @LACUNA_REGION_ATTENTION: float32, queries×keys: the share that each query of the hole has of each known key; of the
 *   queries that were computed each row sums to 1, or less where few keys may be copied.
 *   Only where the fill was asked to keep it
 * @LACUNA_REGION_KEYS: int32, queries: the best key of each; 0 for queries away from the hole
 * @LACUNA_REGION_MASK: uint8, hole height×hole width: 0 where this region fills nothing, 255 where it fills, and between
 *   that the share that it has over what regions before it filled
 * @LACUNA_REGION_OFFSETS: int16, 2×hole height×hole width: dx and dy to the known pixel that each is a copy of; none
 *   where the detail was left out or found nothing to copy
 * @LACUNA_REGION_CORRECTION: float32, 3×hole height×hole width, for samples in [-1, 1]: what is added to the copies; as
 *   offsets
 * @LACUNA_REGION_FIT: float32, hole height×hole width: how far the patch around each pixel is from what it is a copy of,
 *   the root of the mean square in levels of 255, with what the network's result adds; as offsets
 * @LACUNA_REGION_TRANSFORMS: uint8, hole height×hole width: how what each pixel is a copy of was changed, as
 *   [enum@Lacuna.Transformed] says; none where the fill was not asked for such copies, and as offsets
 * @LACUNA_REGION_FEATURES: float32, queries×channels: what the attention compares, as queries and as keys. Only where the
 *   fill was asked to keep both this and the attention, and has no more than a few regions
 *
 * What a region was given and gave, in the host's byte order, last dimension innermost. Images are in the photo's own
 * colours, of which the network was shown sRGB, and 0 away from the hole's surroundings. Queries and keys are the cells
 * of one grid, row by row.
 */
typedef enum {
  LACUNA_REGION_INPUT,
  LACUNA_REGION_COARSE,
  LACUNA_REGION_REFINED,
  LACUNA_REGION_ATTENTION,
  LACUNA_REGION_KEYS,
  LACUNA_REGION_MASK,
  LACUNA_REGION_OFFSETS,
  LACUNA_REGION_CORRECTION,
  LACUNA_REGION_FIT,
  LACUNA_REGION_TRANSFORMS,
  LACUNA_REGION_FEATURES,
} LacunaRegionArray;

/**
 * LacunaTransformed:
 * @LACUNA_TRANSFORMED_NOT: as it is in the photo
 * @LACUNA_TRANSFORMED_TURN: turned to the right by a quarter; twice and three times this value: by two and three quarters
 * @LACUNA_TRANSFORMED_MIRRORED: left and right exchanged, before it was turned
 * @LACUNA_TRANSFORMED_LARGER: enlarged, to four thirds
 * @LACUNA_TRANSFORMED_SMALLER: made smaller, to three fourths
 *
 * How a copy of a part of the photo was changed.
 */
typedef enum {
  LACUNA_TRANSFORMED_NOT = 0,
  LACUNA_TRANSFORMED_TURN = 1,
  LACUNA_TRANSFORMED_MIRRORED = 4,
  LACUNA_TRANSFORMED_LARGER = 8,
  LACUNA_TRANSFORMED_SMALLER = 16,
} LacunaTransformed;

/**
 * LacunaRegion:
 *
 * A part of a fill: one window of the photo that the networks saw, and the pixels of the hole that it fills. Immutable
 * once it is filled, atomically reference-counted.
 */
typedef struct _LacunaRegion LacunaRegion;

#define LACUNA_TYPE_REGION (lacuna_region_get_type ())
GType lacuna_region_get_type (void);

LacunaRegion *lacuna_region_ref   (LacunaRegion *self);
void          lacuna_region_unref (LacunaRegion *self);

/**
 * lacuna_region_get_box:
 *
 * Returns: (transfer none): the window, in pixels of the photo; it may reach beyond it, where it was mirrored
 */
const LacunaBox *lacuna_region_get_box (const LacunaRegion *self);

/**
 * lacuna_region_get_hole:
 *
 * Returns: (transfer none): the bounds of the pixels that the region fills, in the photo
 */
const LacunaBox *lacuna_region_get_hole (const LacunaRegion *self);

/**
 * lacuna_region_get_halvings:
 *
 * Returns: n, where the network saw the window at 1/2ⁿ of the photo's scale
 */
guint lacuna_region_get_halvings (const LacunaRegion *self);

/**
 * lacuna_region_get_width:
 *
 * Returns: pixels that the network saw, from left to right
 */
int lacuna_region_get_width (const LacunaRegion *self);

/**
 * lacuna_region_get_height:
 *
 * Returns: pixels that the network saw, from top to bottom
 */
int lacuna_region_get_height (const LacunaRegion *self);

/**
 * lacuna_region_get_grid_width:
 *
 * Returns: cells of the attention's grid, from left to right; a cell is 8 pixels of the network wide
 */
int lacuna_region_get_grid_width (const LacunaRegion *self);

/**
 * lacuna_region_get_grid_height:
 *
 * Returns: cells of the attention's grid, from top to bottom
 */
int lacuna_region_get_grid_height (const LacunaRegion *self);

/**
 * lacuna_region_get_reason:
 *
 * Returns: why it has that window and scale
 */
LacunaPlanReason lacuna_region_get_reason (const LacunaRegion *self);

/**
 * lacuna_region_get_n_holes:
 *
 * Returns: how many connected holes it serves
 */
guint lacuna_region_get_n_holes (const LacunaRegion *self);

/**
 * lacuna_region_get_thickness:
 *
 * Returns: twice the largest distance to what is known, of the thickest of its holes, in pixels of the photo
 */
double lacuna_region_get_thickness (const LacunaRegion *self);

/**
 * lacuna_region_get_edges:
 *
 * Returns: (transfer none) (nullable): the edges that were found to go on through the hole and that the fill follows, as
 *   LacunaFillOptions has lines, without those that go where a line was drawn; %NULL: there are none
 */
GVariant *lacuna_region_get_edges (const LacunaRegion *self);

/**
 * lacuna_region_get_network_pixels:
 *
 * Returns: pixels that the network sees: what a region takes of work
 */
guint64 lacuna_region_get_network_pixels (const LacunaRegion *self);

/**
 * lacuna_region_get_detail_pixels:
 *
 * Returns: pixels of the photo that detail is made for
 */
guint64 lacuna_region_get_detail_pixels (const LacunaRegion *self);

/**
 * lacuna_region_dup_array:
 * @array: which
 *
 * Nothing is copied: the bytes keep the region alive.
 *
 * Returns: (transfer full) (nullable): an array of the region; %NULL: it has none
 */
GBytes *lacuna_region_dup_array (const LacunaRegion *self, LacunaRegionArray array);

/**
 * lacuna_region_render:
 * @photo: the photo that was filled
 * @stage: which result
 *
 * The region's pixels as [method@Fill.apply] pastes them, for showing them as soon as they are there.
 *
 * Returns: (transfer full) (nullable): three samples a pixel of the hole's box, of the photo's depth; %NULL: no memory
 */
GBytes *lacuna_region_render (const LacunaRegion *self, LacunaPhoto *photo, LacunaStage stage);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LacunaRegion, lacuna_region_unref)

G_END_DECLS
