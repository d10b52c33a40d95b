/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Called for each pair of a table, in its order. FALSE with error set stops. */
typedef gboolean (*LacunaTableFunc) (const char *key, gsize key_size, const guint8 *value, gsize value_size,
                                     gpointer data, GError **error);

/* Whether the bytes end as a table does. */
gboolean lacuna_table_is (GBytes *bytes);

/* Reads a sorted string table as LevelDB and TensorFlow write them: blocks of prefix-compressed keys, each with its
 * checksum, an index of them, and a footer. Blocks are not compressed beyond that: one by Snappy is refused.
 * LACUNA_ERROR_FORMAT. */
gboolean lacuna_table_read (GBytes *bytes, LacunaTableFunc func, gpointer data, GError **error);

G_END_DECLS
