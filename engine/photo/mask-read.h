/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/photo/mask.h"

G_BEGIN_DECLS

/* What an image marks, as lacuna_mask_load tells. Private to the photo room. pixels: width·height bytes, set to 255
 * where it marks; ret_note: as lacuna_mask_get_note. LACUNA_ERROR_UNFIT: it is no mask. */
gboolean lacuna_mask_read (LacunaPhoto *image, LacunaPhoto *photo, guint8 *pixels, char **ret_note, GError **error);

G_END_DECLS
