/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/photo/mask.h"
#include "engine/photo/photo.h"

G_BEGIN_DECLS

/* Pixels whose alpha is less than half are hidden: what colour they have nobody
 * sees, so that it is neither known nor a source. */

/* Sets the bytes of hidden pixels to 255; rows of box, which lies within the photo. */
void lacuna_hidden_mark (LacunaPhoto *photo, LacunaBox box, guint8 *pixels);

/* mask (of the photo's size) with the hidden pixels marked as well; mask itself
 * where there are none. LACUNA_ERROR_MEMORY. */
LacunaMask *lacuna_hidden_unite (LacunaPhoto *photo, LacunaMask *mask, GError **error);

/* The photo with hidden pixels of box, as far as it has any, in the colour of the
 * pixel nearest to them that is not in unknown (of lacuna_hidden_unite); photo
 * itself where it has no alpha. LACUNA_ERROR_MEMORY. */
LacunaPhoto *lacuna_hidden_cover (LacunaPhoto *photo, LacunaMask *unknown, LacunaBox box, GError **error);

G_END_DECLS
