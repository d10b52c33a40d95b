/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/cl/verdict.h"

#include <glib/gstdio.h>
#include <string.h>

#include "engine/cl/device-private.h"

#define PREFIX "device-"

/* Names → reasons, empty where the device is sound: where no file can be written it is not tried twice in a process. */
static GHashTable *verdicts;
static GMutex lock;

char *
lacuna_verdict_get_folder (void)
{
  return g_build_filename (g_get_user_cache_dir (), "lacuna", "probed", NULL);
}

static char *
get_path (const char *name)
{
  g_autofree char *folder = lacuna_verdict_get_folder ();

  return g_build_filename (folder, name, NULL);
}

char *
lacuna_verdict_get_name (LacunaDevice *device)
{
  const char *parts[] = {
    LACUNA_VERSION,
    lacuna_device_get_platform (device),
    lacuna_device_get_platform_version (device),
    lacuna_device_get_lasting_name (device),
    lacuna_device_get_driver (device),
  };
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);

  for (gsize i = 0; i < G_N_ELEMENTS (parts); i++)
    g_checksum_update (checksum, (const guchar *) parts[i], strlen (parts[i]) + 1);
  return g_strconcat (PREFIX, g_checksum_get_string (checksum), NULL);
}

LacunaVerdict
lacuna_verdict_load (LacunaDevice *device, char **ret_reason)
{
  g_autofree char *name = lacuna_verdict_get_name (device);
  g_autofree char *path = get_path (name);
  g_autofree char *reason = NULL;

  g_mutex_lock (&lock);
  if (verdicts != NULL)
    reason = g_strdup (g_hash_table_lookup (verdicts, name));
  g_mutex_unlock (&lock);
  if (reason == NULL && !g_file_get_contents (path, &reason, NULL, NULL))
    return LACUNA_VERDICT_NONE;
  if (reason[0] == '\0')
    return LACUNA_VERDICT_SOUND;
  if (ret_reason != NULL)
    *ret_reason = g_utf8_make_valid (reason, -1);
  return LACUNA_VERDICT_AGAINST;
}

void
lacuna_verdict_store (LacunaDevice *device, const char *reason)
{
  g_autofree char *name = lacuna_verdict_get_name (device);
  g_autofree char *path = get_path (name);
  g_autofree char *folder = lacuna_verdict_get_folder ();
  const char *text = reason != NULL ? reason : "";

  if (g_mkdir_with_parents (folder, 0700) == 0)
    g_file_set_contents_full (path, text, -1, G_FILE_SET_CONTENTS_CONSISTENT, 0600, NULL);
  g_mutex_lock (&lock);
  if (verdicts == NULL)
    verdicts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_hash_table_insert (verdicts, g_steal_pointer (&name), g_strdup (text));
  g_mutex_unlock (&lock);
}

void
lacuna_verdict_forget (const char *name)
{
  g_autofree char *path = g_str_has_prefix (name, PREFIX) && strchr (name, '/') == NULL ? get_path (name) : NULL;

  if (path != NULL)
    g_unlink (path);
}
