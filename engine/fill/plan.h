/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/fill/region.h"
#include "engine/weights/weights.h"

G_BEGIN_DECLS

/* The windows for a fill: the hole's components, grouped where one window
 * serves several, each with the context and the scale that its thickness asks
 * for; a long thin hole has a chain of windows that overlap. All that is hole in
 * the photo, or hidden by its alpha, is hole in every window; each pixel of it is filled by one region,
 * and in a chain by shares of its neighbours too. trained_side: pixels of the photos that the
 * model learned on. variant: the fill's, of which 0 and 1 have the same windows, and others twice the
 * context (2), half the scale (3), or both (4). Regions hold box, halvings,
 * sizes, hole, mask and the reason, the rest NULL.
 * LACUNA_ERROR_EMPTY: no hole. LACUNA_ERROR_UNFIT: sizes differ, or nothing is
 * known, or too little to be seen at the scale that the hole asks for. Of LacunaRegion. */
GPtrArray *lacuna_plan_new (LacunaPhoto *photo, LacunaMask *mask, guint trained_side, guint variant, GError **error);

/* The trained side that the weights of a model tell. */
guint lacuna_plan_get_trained_side (LacunaWeights *weights);

G_END_DECLS
