/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * LacunaPublishFlags:
 * @LACUNA_PUBLISH_DEFAULT: nothing of it
 * @LACUNA_PUBLISH_FORCE: what is write-protected or has other names is replaced too
 * @LACUNA_PUBLISH_PRIVATE: a new file is the user's alone
 */
typedef enum { /*< flags >*/
  LACUNA_PUBLISH_DEFAULT = 0,
  LACUNA_PUBLISH_FORCE = 1,
  LACUNA_PUBLISH_PRIVATE = 2,
} LacunaPublishFlags;

/**
 * lacuna_publish: (skip)
 * @path: the file
 * @data: its content
 * @size: bytes
 * @flags: how
 * @error: %LACUNA_ERROR_FILE
 *
 * How every file that the program writes comes to be, photo or model or snapshot: as a whole or not at all.
 *
 * A new file is written without a name, or a hidden one where the file system has no such files, synced and given its
 * name; hidden files that a killed program left are removed. An old file is replaced: where @path is a symbolic link,
 * the file that it leads to; the new one takes over mode, owner, ACL and extended attributes, as far as that is allowed.
 * Refused, unless forced, are a write-protected file and one with several names (hard links), of which the others would
 * keep the old content. A pipe or a character device is written to. On failure an old file is as it was.
 *
 * Returns: whether it was written
 */
gboolean lacuna_publish (const char *path, gconstpointer data, gsize size, LacunaPublishFlags flags, GError **error);

/**
 * lacuna_publish_check: (skip)
 * @path: the file
 * @flags: how
 * @error: %LACUNA_ERROR_FILE
 *
 * Nothing is written.
 *
 * Returns: %FALSE: [func@publish] would refuse it, as far as can be seen before
 */
gboolean lacuna_publish_check (const char *path, LacunaPublishFlags flags, GError **error);

/**
 * lacuna_publish_remove: (skip)
 * @path: a folder that the program made for its own files
 *
 * Deletes it with the files in it, as far as that can be done; folders in it stay, and it with them.
 */
void lacuna_publish_remove (const char *path);

G_END_DECLS
