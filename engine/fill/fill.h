/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/fill/region.h"

G_BEGIN_DECLS

/**
 * LacunaFill:
 *
 * A finished fill of one photo and mask: its regions, and what was to be said of it. Immutable.
 */
#define LACUNA_TYPE_FILL (lacuna_fill_get_type ())
G_DECLARE_FINAL_TYPE (LacunaFill, lacuna_fill, LACUNA, FILL, GObject)

/**
 * lacuna_fill_get_n_regions:
 *
 * Returns: how many windows the hole took
 */
guint lacuna_fill_get_n_regions (LacunaFill *self);

/**
 * lacuna_fill_get_region:
 * @i: below their number
 *
 * Returns: (transfer none): a region, in the order in which they were filled
 */
LacunaRegion *lacuna_fill_get_region (LacunaFill *self, guint i);

/**
 * lacuna_fill_get_bounds: (skip)
 *
 * Returns: the bounds of all that its regions fill, in the photo
 */
LacunaBox lacuna_fill_get_bounds (LacunaFill *self);

/**
 * lacuna_fill_get_model:
 *
 * Returns: (type filename): path of the weights that it was made with
 */
const char *lacuna_fill_get_model (LacunaFill *self);

/**
 * lacuna_fill_get_device:
 *
 * Returns: name of the device that it was made on
 */
const char *lacuna_fill_get_device (LacunaFill *self);

/**
 * lacuna_fill_get_notes:
 *
 * Returns: (transfer none) (array zero-terminated=1): what is not as good as it could be, and why: a sentence or more
 *   each
 */
const char *const *lacuna_fill_get_notes (LacunaFill *self);

/**
 * lacuna_fill_apply:
 * @photo: the photo that was filled
 * @stage: which result
 * @error: %LACUNA_ERROR_MEMORY
 *
 * Pastes every region's pixels of that stage into the photo: inside the hole the network's result, brought to the known
 * pixels at the hole's border over a narrow band inside the hole, or the copied pixels of the detail. Every other pixel
 * keeps its value. Filled pixels become opaque.
 *
 * Returns: (transfer full): the filled photo
 */
LacunaPhoto *lacuna_fill_apply (LacunaFill *self, LacunaPhoto *photo, LacunaStage stage, GError **error);

/**
 * lacuna_fill_extract:
 * @photo: the photo that was filled
 * @stage: which result
 * @error: %LACUNA_ERROR_MEMORY
 *
 * What [method@Fill.apply] pastes, by itself: laid over the photo it gives the filled one.
 *
 * Returns: (transfer full): a layer of [method@Photo.new_layer], opaque where pixels were filled
 */
LacunaPhoto *lacuna_fill_extract (LacunaFill *self, LacunaPhoto *photo, LacunaStage stage, GError **error);

/**
 * lacuna_fill_describe:
 * @photo: the photo that was filled
 * @error: %LACUNA_ERROR_FILE: the weights can't be read any more; %LACUNA_ERROR_MEMORY
 *
 * Tells what was filled by what, to be recorded in the saved photo ([struct@SaveOptions]): for each region “program”;
 * “model”, its name, and “modelSHA256” of its file; “steered”, what was asked of the fill: how many pixels are “avoided”
 * and “preferred”, with which “strength”, how many “lines” there are, and the “variant”, all 0 where it was not; and what
 * [method@Provenance.describe] tells of its box but “areas”.
 * The box has the photo's size besides (“photoWidth”, “photoHeight”). Where there are more than 32 regions, all are one;
 * of a box of more than 4 megapixels there is no more than that.
 *
 * Returns: (transfer full): fills (aa{sv})
 */
GVariant *lacuna_fill_describe (LacunaFill *self, LacunaPhoto *photo, GError **error);

G_END_DECLS
