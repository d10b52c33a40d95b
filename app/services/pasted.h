/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gdk/gdk.h>

G_BEGIN_DECLS

/* Pictures out of the clipboard: a document works on files, so each is one in a folder of the cache while it
 * is open. */

/* Writes the texture there as PNG, and returns the path of the file. Any thread may call it; errors are those of
 * lacuna_publish. */
char    *lacuna_pasted_write  (GdkTexture *texture, GError **error);
/* Whether the file was made by the above. */
gboolean lacuna_pasted_is     (const char *path);
/* Removes such a file, and leaves any other alone. */
void     lacuna_pasted_remove (const char *path);

G_END_DECLS
