/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Returns the absolute paths of files and, in the place of a folder, of the photos in it, sorted by name; each path
 * is there once. It reads folders, so it is for a thread. LACUNA_ERROR_FILE: a folder can't be read, or there is no
 * photo. */
GPtrArray *lacuna_photo_list_new (const char *const *paths, GError **error); /* of char */

G_END_DECLS
