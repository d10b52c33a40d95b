#pragma once

#include "engine/fill/fill.h"

G_BEGIN_DECLS

/* The windows for a fill (DETAIL.md, Window): the hole's components, grouped
 * where one window serves several, each with the context and the scale that its
 * thickness asks for. trained_side: pixels of the photos the model learned on.
 * Regions hold box, halvings, sizes, hole and mask, the rest NULL.
 * LACUNA_ERROR_EMPTY: no hole. LACUNA_ERROR_UNFIT: sizes differ, or nothing is known. */
GPtrArray *lacuna_plan_new (LacunaPhoto *photo, LacunaMask *mask, guint trained_side, GError **error); /* of LacunaRegion */
void       lacuna_region_free (LacunaRegion *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LacunaRegion, lacuna_region_free)

G_END_DECLS
