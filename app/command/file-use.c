/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Keeps commands from overwriting what they read and from writing two results to one file. What is read is known by
 * device and inode, as a file may have several names; what is written by its place behind links, as it may not be there
 * yet. */
#include "app/command/file-use.h"

#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <stdint.h>
#include <stdlib.h>

#include "app/command/command.h"
#include "app/command/standard.h"

typedef struct {
  LacunaExport kind;
  char        *path;
} Folder;

struct _LacunaFileUse {
  GHashTable *read;    /* identities of files */
  GPtrArray  *written; /* paths */
  GPtrArray  *folders; /* of Folder */
};

static void
folder_free (gpointer data)
{
  Folder *self = data;

  g_free (self->path);
  g_free (self);
}

LacunaFileUse *
lacuna_file_use_new (void)
{
  LacunaFileUse *self = g_new (LacunaFileUse, 1);

  self->read = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->written = g_ptr_array_new_with_free_func (g_free);
  self->folders = g_ptr_array_new_with_free_func (folder_free);
  return self;
}

void
lacuna_file_use_free (LacunaFileUse *self)
{
  g_hash_table_unref (self->read);
  g_ptr_array_unref (self->written);
  g_ptr_array_unref (self->folders);
  g_free (self);
}

/* Returns what tells a file from all others; NULL: there is none of that name, or a pipe or a device, which keeps
 * nothing. */
static char *
identify (const char *path)
{
  GStatBuf status;

  if (g_stat (path, &status) != 0 || !S_ISREG (status.st_mode))
    return NULL;
  return g_strdup_printf ("%ju:%ju", (uintmax_t) status.st_dev, (uintmax_t) status.st_ino);
}

/* Returns the path that a name leads to behind links, whether there is anything or not. */
static char *
locate (const char *path)
{
  char *target = realpath (path, NULL);
  g_autofree char *absolute = NULL, *folder = NULL, *name = NULL, *above = NULL;

  if (target != NULL)
    return target;
  absolute = g_canonicalize_filename (path, NULL);
  folder = g_path_get_dirname (absolute);
  if (g_str_equal (folder, absolute))
    return g_steal_pointer (&absolute);
  name = g_path_get_basename (absolute);
  above = locate (folder);
  return g_build_filename (above, name, NULL);
}

void
lacuna_file_use_read (LacunaFileUse *self, const char *path)
{
  char *identity = path != NULL ? identify (lacuna_standard_is_meant (path) ? "/dev/stdin" : path) : NULL;

  if (identity != NULL)
    g_hash_table_add (self->read, identity);
}

void
lacuna_file_use_write (LacunaFileUse *self, const char *path)
{
  if (path != NULL && !lacuna_standard_is_meant (path))
    g_ptr_array_add (self->written, g_strdup (path));
}

void
lacuna_file_use_export (LacunaFileUse *self, LacunaExport kind, const char *path)
{
  Folder *folder;

  if (path == NULL)
    return;
  folder = g_new (Folder, 1);
  *folder = (Folder){ kind, g_strdup (path) };
  g_ptr_array_add (self->folders, folder);
}

/* Whether a file is none of those that are read. */
static gboolean
check_unread (const LacunaFileUse *self, const char *path, const gboolean *force)
{
  g_autofree char *identity = identify (path);

  if (identity == NULL || !g_hash_table_contains (self->read, identity))
    return TRUE;
  lacuna_command_reject (
      force != NULL ? _ ("“%s” is read, and would be overwritten. Name another file or folder, or use --force.")
                    : _ ("“%s” is read, and would be overwritten. Name another file or folder."),
      path);
  return FALSE;
}

/* Whether all files that an export would replace are such. */
static gboolean
check_replaced (const LacunaFileUse *self, const Folder *folder, const gboolean *force)
{
  g_autoptr (GDir) files = g_dir_open (folder->path, 0, NULL);
  const char *name;

  while (files != NULL && (name = g_dir_read_name (files)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder->path, name, NULL);

      if (lacuna_export_is_name (folder->kind, name) && !check_unread (self, path, force))
        return FALSE;
    }
  return TRUE;
}

/* Returns what an export of that kind into the folder at that place is known by. */
static char *
make_key (guint kind, const char *place)
{
  return g_strdup_printf ("%u:%s", kind, place);
}

static GHashTable *
list_folders (const LacunaFileUse *self)
{
  GHashTable *keys = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < self->folders->len; i++)
    {
      const Folder *folder = self->folders->pdata[i];
      g_autofree char *place = locate (folder->path);

      g_hash_table_add (keys, make_key (folder->kind, place));
    }
  return keys;
}

/* Whether an export makes a folder or may write a file at that place. */
static gboolean
is_exported (GHashTable *folders, const char *place)
{
  g_autofree char *above = g_path_get_dirname (place), *name = g_path_get_basename (place);

  for (guint kind = 0; kind < LACUNA_N_EXPORTS; kind++)
    {
      g_autofree char *itself = make_key (kind, place), *holder = make_key (kind, above);

      if (g_hash_table_contains (folders, itself)
          || (lacuna_export_is_name (kind, name) && g_hash_table_contains (folders, holder)))
        return TRUE;
    }
  return FALSE;
}

/* Whether no two results have the same place. */
static gboolean
check_names (const LacunaFileUse *self)
{
  g_autoptr (GHashTable) places = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GHashTable) folders = list_folders (self);

  for (guint i = 0; i < self->written->len; i++)
    {
      char *place = locate (self->written->pdata[i]);

      if (g_hash_table_add (places, place) && !is_exported (folders, place))
        continue;
      lacuna_command_reject (_ ("Two results would be written as “%s”. Name another file or folder."),
                             (const char *) self->written->pdata[i]);
      return FALSE;
    }
  return TRUE;
}

gboolean
lacuna_file_use_check (LacunaFileUse *self, const gboolean *force)
{
  gboolean forced = force != NULL && *force;

  for (guint i = 0; !forced && i < self->written->len; i++)
    if (!check_unread (self, self->written->pdata[i], force))
      return FALSE;
  for (guint i = 0; !forced && i < self->folders->len; i++)
    if (!check_replaced (self, self->folders->pdata[i], force))
      return FALSE;
  return check_names (self);
}
