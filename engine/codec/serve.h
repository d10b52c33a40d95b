/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Serves until the other end is closed (engine/photo/codec.h). Each request has "operation", "name" and "patience":
 *
 *   "decode"         a file → a photo (parcel.h)
 *   "check-packing"  a file
 *   "check-size"     a file, "width", "height", "what"
 *   "encode"         a photo, "encoding", "quality", "fills" → a file as body
 *   "convert"        samples as body, "profile", "bands", "forth" → samples as body, "bands"
 *   "scale"          a photo, "box", "to-width", "to-height" → samples as body
 *   "suffixes"       → "suffixes", "recording"
 *
 * A file is a descriptor, or the body. What fails answers with "error": code and message of a LacunaError. met: for tests, is
 * called with the name before each; or NULL. Returns an exit code. */
int lacuna_serve (int socket, void (*met) (const char *name));

G_END_DECLS
