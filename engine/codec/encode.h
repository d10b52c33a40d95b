/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/photo/encoding.h"
#include "engine/photo/photo.h"

G_BEGIN_DECLS

/* Makes, in this process, the file that lacuna_photo_save writes, by all the libraries that this takes; only the
 * codec's program (codec.h) calls it. name: in messages; quality, fills: as LacunaSaveOptions has them.
 * LACUNA_ERROR_FILE; LACUNA_ERROR_UNFIT: there is no room for fills. Private to the codec room. */
GBytes *lacuna_encode (LacunaPhoto *photo, LacunaEncoding encoding, const char *name, int quality, GVariant *fills,
                       GError **error);

/* Whether this works here, which shows only when it is tried. */
gboolean lacuna_encode_can (LacunaEncoding encoding);
/* Whether metadata are written into that format, once the process is confined. */
gboolean lacuna_encode_can_tag (LacunaEncoding encoding);

G_END_DECLS
