/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Files that come through standard input and go through standard output. */

/* Whether an argument means them: “-”. A file of that name is “./-”. */
gboolean lacuna_standard_is_meant (const char *path);

/* What messages call a photo or mask: its path, or “standard input”. */
const char *lacuna_standard_get_name (const char *path);

/* All of standard input. LACUNA_ERROR_FILE; LACUNA_ERROR_UNFIT: it is over 1
 * GiB, and is not read on; LACUNA_ERROR_MEMORY; G_IO_ERROR_CANCELLED. */
GBytes *lacuna_standard_read (GCancellable *cancellable, GError **error);

/* LACUNA_ERROR_FILE, G_IO_ERROR_CANCELLED. */
gboolean lacuna_standard_write (GBytes *file, GCancellable *cancellable, GError **error);

G_END_DECLS
