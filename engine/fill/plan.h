#pragma once

#include "engine/fill/region.h"

G_BEGIN_DECLS

/* The windows for a fill: the hole's components, grouped where one window
 * serves several, each with the context and the scale that its thickness asks
 * for. All that is hole in the photo is hole in every window; each pixel of it
 * is filled by exactly one region. trained_side: pixels of the photos that the
 * model learned on. Regions hold box, halvings, sizes, hole, mask and the
 * reason, the rest NULL.
 * LACUNA_ERROR_EMPTY: no hole. LACUNA_ERROR_UNFIT: sizes differ, or nothing is
 * known, or too little to be seen at the scale that the hole asks for. Of LacunaRegion. */
GPtrArray *lacuna_plan_new (LacunaPhoto *photo, LacunaMask *mask, guint trained_side, GError **error);

G_END_DECLS
