/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Files as they are named, and in the place of a folder the photos in it, by name: absolute paths, each once. It reads
 * folders, so it is for a thread. LACUNA_ERROR_FILE: a folder can't be read, or there is no photo. */
GPtrArray *lacuna_photo_list_new (const char *const *paths, GError **error); /* of char */

G_END_DECLS
