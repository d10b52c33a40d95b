/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/photo/encoding.h"
#include "engine/photo/photo.h"
#include "engine/publish.h"

G_BEGIN_DECLS

/* A photo as a file, made by the codec. name: in messages; options: NULL for defaults. LACUNA_ERROR_FILE,
 * LACUNA_ERROR_MEMORY. */
GBytes *lacuna_photo_encode (LacunaPhoto *self, LacunaEncoding encoding, const char *name,
                             const LacunaSaveOptions *options, GError **error);

/* How the file is to be published; options: as above. */
LacunaPublishFlags lacuna_save_options_get_flags (const LacunaSaveOptions *options);

G_END_DECLS
