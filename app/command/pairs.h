/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Photos and the masks that go with them. */

typedef struct {
  char *photo;
  char *mask; /* NULL: there is none */
} LacunaPair; /* both are paths */

/* The mask of a photo. masks: a file, which is the mask of every photo; or a
 * folder, where it has the photo's stem: a.png for a.jpg. NULL: it
 * isn't in the folder. */
char *lacuna_pair_find_mask (const char *photo, const char *masks);

/* The photos of a folder (not of those in it), by name, each with its mask.
 * Files that are neither of a format that Lacuna saves nor have a mask of their
 * own are left out, and so is what is a mask itself. LACUNA_ERROR_FILE, also
 * where no photo has a mask. */
GPtrArray *lacuna_pairs_list (const char *folder, const char *masks, GError **error); /* of LacunaPair */

G_END_DECLS
