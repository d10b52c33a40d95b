/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * lacuna_zip_read: (skip)
 * @bytes: a zip archive
 * @budget: bytes that all its files may have together, whatever the archive says of their sizes
 * @error: %LACUNA_ERROR_FORMAT: damaged, something follows it, or it holds more than that; %LACUNA_ERROR_MEMORY
 *
 * Names are only ever compared: nothing is unpacked to disk.
 *
 * Returns: (transfer full): the files, #GBytes by their names
 */
GHashTable *lacuna_zip_read (GBytes *bytes, gsize budget, GError **error);

/**
 * lacuna_zip_write: (skip)
 * @names: of the files, ends with %NULL
 * @files: as many
 * @error: %LACUNA_ERROR_UNFIT: more than 3 GiB
 *
 * Returns: (transfer full): a zip archive that is not compressed
 */
GBytes *lacuna_zip_write (const char *const *names, GBytes *const *files, GError **error);

G_END_DECLS
