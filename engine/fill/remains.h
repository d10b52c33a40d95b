/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/fill/region.h"
#include "engine/photo/mask.h"

G_BEGIN_DECLS

/* Adds to unknown what seems to remain of the thing that was removed, around the holes of the regions that lacuna_plan_new
 * made: tips and fringes that the mask left. A fill that takes them for its surroundings goes on with them. They are not
 * filled. Returns a mask of the photo's size (lacuna_mask_unref), unknown itself where nothing remains.
 * LACUNA_ERROR_MEMORY. */
LacunaMask *lacuna_remains_unite (LacunaPhoto *photo, GPtrArray *regions, LacunaMask *unknown, GError **error);

G_END_DECLS
