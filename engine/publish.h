#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* How every file that the program writes comes to be, photo or model or snapshot: as a whole or not at all.
 *
 * A new file is written without a name, or a hidden one where the file system has no such files, synced and given its
 * name; hidden files that a killed program left are removed. An old file is replaced: where path is a symbolic link,
 * the file that it leads to; the new one takes over mode, owner, ACL and extended attributes, as far as that is
 * allowed. Refused, unless forced, are a write-protected file and one with several names (hard links), of which the
 * others would keep the old content. A pipe or a character device is written to. On failure an old file is as it was. */
typedef enum {
  LACUNA_PUBLISH_DEFAULT = 0,
  LACUNA_PUBLISH_FORCE = 1,   /* what is write-protected or has other names is replaced too */
  LACUNA_PUBLISH_PRIVATE = 2, /* a new file is the user's alone */
} LacunaPublishFlags;

/* LACUNA_ERROR_FILE. */
gboolean lacuna_publish (const char *path, gconstpointer data, gsize size, LacunaPublishFlags flags, GError **error);

/* Whether that would be refused, as far as can be seen before; nothing is written. LACUNA_ERROR_FILE. */
gboolean lacuna_publish_check (const char *path, LacunaPublishFlags flags, GError **error);

G_END_DECLS
