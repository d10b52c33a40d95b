/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/photo/encoding.h"
#include "engine/photo/photo.h"

G_BEGIN_DECLS

/* What lacuna_photo_save writes, made here and now, by all the libraries that this takes; only the codec's program calls
 * it (codec.h). name: in messages; quality: as LacunaSaveOptions has it. LACUNA_ERROR_FILE. Private to the codec room. */
GBytes *lacuna_encode (LacunaPhoto *photo, LacunaEncoding encoding, const char *name, int quality, GError **error);

/* Whether this works here, which shows only when it is tried. */
gboolean lacuna_encode_can (LacunaEncoding encoding);

G_END_DECLS
