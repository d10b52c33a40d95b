/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/photo/photo.h"

G_BEGIN_DECLS

/* These do, in this process, what photo.h promises of files: parsers of all formats meet what a stranger wrote. Only
 * the codec's program (codec.h) and fuzzers call them. The file is not empty; path: its name in messages. Private to
 * the codec room. */
LacunaPhoto *lacuna_decode         (GBytes *file, const char *path, GError **error);
gboolean     lacuna_decode_packing (GBytes *file, const char *path, GError **error);
gboolean     lacuna_decode_size    (GBytes *file, const char *path, int width, int height, const char *what, GError **error);

G_END_DECLS
