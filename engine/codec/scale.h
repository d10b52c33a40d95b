/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/photo/photo.h"

G_BEGIN_DECLS

/* Makes, in this process and by libvips, what lacuna_photo_resample returns: samples (g_free), of width·height pixels.
 * name: in messages. LACUNA_ERROR_MEMORY. Private to the codec room. */
gpointer lacuna_scale (LacunaPhoto *photo, LacunaBox box, int width, int height, const char *name, gsize *ret_size,
                       GError **error);

G_END_DECLS
