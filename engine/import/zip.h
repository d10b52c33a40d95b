/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The files of a zip archive that is not compressed, by their names, which are only ever compared: nothing is
 * unpacked to disk. GBytes by strings. LACUNA_ERROR_FORMAT: damaged, or something follows it. */
GHashTable *lacuna_zip_read (GBytes *bytes, GError **error);

G_END_DECLS
