/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/document/fingerprint.h"

#include <glib/gstdio.h>
#include <stdio.h>

#define CHUNK (1 << 20) /* bytes that are read at a time */

void
lacuna_fingerprint_clear (LacunaFingerprint *self)
{
  g_clear_pointer (&self->sum, g_free);
}

void
lacuna_fingerprint_stat (LacunaFingerprint *self, const char *path)
{
  GStatBuf status;
  gboolean found = path != NULL && g_stat (path, &status) == 0 && S_ISREG (status.st_mode);

  lacuna_fingerprint_clear (self);
  self->size = found ? status.st_size : -1;
  self->time = found ? status.st_mtim.tv_sec * G_USEC_PER_SEC + status.st_mtim.tv_nsec / 1000 : 0;
}

gboolean
lacuna_fingerprint_is_fresh (const LacunaFingerprint *self, const char *path)
{
  g_auto (LacunaFingerprint) now = { 0 };

  lacuna_fingerprint_stat (&now, path);
  return now.size >= 0 && now.size == self->size && now.time == self->time;
}

gboolean
lacuna_fingerprint_is_of (const LacunaFingerprint *self, const char *path)
{
  g_auto (LacunaFingerprint) now = { 0 };

  lacuna_fingerprint_stat (&now, path);
  if (now.size < 0 || now.size != self->size)
    return FALSE;
  if (now.time == self->time)
    return TRUE;
  now.sum = lacuna_fingerprint_sum (path);
  return self->sum != NULL && g_strcmp0 (now.sum, self->sum) == 0;
}

char *
lacuna_fingerprint_sum (const char *path)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  g_autofree guint8 *chunk = g_malloc (CHUNK);
  FILE *file = g_fopen (path, "rbe");
  gboolean sound;
  size_t n;

  if (file == NULL)
    return NULL;
  while ((n = fread (chunk, 1, CHUNK, file)) > 0)
    g_checksum_update (checksum, chunk, n);
  sound = !ferror (file);
  fclose (file);
  return sound ? g_strdup (g_checksum_get_string (checksum)) : NULL;
}
