/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/fill/seam.h"

G_BEGIN_DECLS

/* Makes pixels of the finest level, which has been matched, and keeps them in the region: offsets, correction, fit and,
 * where the level has copies of the window, transforms. photo: what the level was read from. mask, steering: what must not
 * be copied from. Nothing is kept after an error: LACUNA_ERROR_MEMORY, those of the device. */
gboolean lacuna_detail_keep (LacunaRegion *region, LacunaLevel *level, LacunaSeam *seam, LacunaPhoto *photo,
                             LacunaMask *mask, const LacunaSteering *steering, GError **error);

G_END_DECLS
