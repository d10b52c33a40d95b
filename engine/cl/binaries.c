/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/cl/context-private.h"

#include <glib/gstdio.h>
#include <string.h>

#include "engine/cl/pocl.h"

/* An entry is the SHA-256 of the binary, in hexadecimal, and the binary: a
 * damaged binary must not reach the driver, which may crash on it. */
#define DIGEST_LENGTH 64

static char *
get_folder (void)
{
  return g_build_filename (g_get_user_cache_dir (), "lacuna", "programs", NULL);
}

static char *
get_path (const char *key)
{
  g_autofree char *file = g_strconcat (key, ".bin", NULL);
  g_autofree char *folder = get_folder ();

  return g_build_filename (folder, file, NULL);
}

GBytes *
lacuna_binaries_load (const char *key)
{
  g_autofree char *path = get_path (key);
  g_autofree char *digest = NULL;
  g_autoptr (GBytes) file = NULL;
  char *content;
  gsize length;

  if (!g_file_get_contents (path, &content, &length, NULL))
    return NULL;
  file = g_bytes_new_take (content, length);
  if (length <= DIGEST_LENGTH)
    return NULL;
  digest = g_compute_checksum_for_data (G_CHECKSUM_SHA256, (const guchar *) content + DIGEST_LENGTH,
                                        length - DIGEST_LENGTH);
  if (memcmp (digest, content, DIGEST_LENGTH) != 0)
    return NULL;
  return g_bytes_new_from_bytes (file, DIGEST_LENGTH, length - DIGEST_LENGTH);
}

void
lacuna_binaries_store (const char *key, gconstpointer data, gsize n_bytes)
{
  g_autofree char *path = get_path (key);
  g_autofree char *folder = g_path_get_dirname (path);
  g_autofree char *digest = g_compute_checksum_for_data (G_CHECKSUM_SHA256, data, n_bytes);
  g_autofree char *content = g_try_malloc (DIGEST_LENGTH + n_bytes);

  /* Without it the program is compiled again. */
  if (content == NULL)
    return;
  memcpy (content, digest, DIGEST_LENGTH);
  memcpy (content + DIGEST_LENGTH, data, n_bytes);
  if (g_mkdir_with_parents (folder, 0700) == 0)
    g_file_set_contents_full (path, content, DIGEST_LENGTH + n_bytes, G_FILE_SET_CONTENTS_CONSISTENT, 0600, NULL);
}

void
lacuna_binaries_clear (void)
{
  g_autofree char *folder = get_folder ();

  lacuna_pocl_delete_folder (folder);
}
