/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Knows the names of the files that the engine exports into folders, and undoes an export: a folder is looked at before
 * it, and what is new there afterwards was written by it. */
#include "app/command/export-folder.h"

#include <glib/gstdio.h>
#include <stdint.h>
#include <string.h>

struct _LacunaExportFolder {
  LacunaExport kind;
  char        *path;
  char        *made;   /* the uppermost folder that was not there, or NULL */
  GHashTable  *before; /* the files that were there: from name to identity */
};

static gboolean
is_stage (const char *name)
{
  static const char *const stages[]
      = { "input.npy",   "coarse.npy", "refined.npy", "attention.npy", "offsets.npy", "coarse.png",
          "refined.png", "detail.png", "flow.png",    "window.json",   NULL };
  gsize n_digits = strspn (name, "0123456789");

  return n_digits > 0 && name[n_digits] == '-' && g_strv_contains (stages, name + n_digits + 1);
}

gboolean
lacuna_export_is_name (LacunaExport kind, const char *name)
{
  static const char *const provenance[]
      = { "offsets.npy",    "weights.npy", "invented.npy", "correction.npy", "trust.npy",
          "transforms.npy", "offsets.png", "trust.png",    "report.json",    NULL };

  return (kind == LACUNA_EXPORT_STAGES && is_stage (name))
         || (kind == LACUNA_EXPORT_PROVENANCE && g_strv_contains (provenance, name));
}

/* Returns what tells a file from all others; of a link it is the link itself. */
static char *
identify (const char *folder, const char *name)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  GStatBuf status;

  if (g_lstat (path, &status) != 0)
    return g_strdup ("");
  return g_strdup_printf ("%ju:%ju", (uintmax_t) status.st_dev, (uintmax_t) status.st_ino);
}

/* Returns the files of an export that are there: from name to identity. */
static GHashTable *
list_files (LacunaExport kind, const char *path)
{
  GHashTable *files = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_autoptr (GDir) folder = g_dir_open (path, 0, NULL);
  const char *name;

  while (folder != NULL && (name = g_dir_read_name (folder)) != NULL)
    if (lacuna_export_is_name (kind, name))
      g_hash_table_insert (files, g_strdup (name), identify (path, name));
  return files;
}

LacunaExportFolder *
lacuna_export_folder_new (LacunaExport kind, const char *path)
{
  LacunaExportFolder *self;
  char *at;

  if (path == NULL)
    return NULL;
  self = g_new0 (LacunaExportFolder, 1);
  self->kind = kind;
  self->path = g_canonicalize_filename (path, NULL);
  self->before = list_files (kind, self->path);
  at = g_strdup (self->path);
  while (!g_file_test (at, G_FILE_TEST_EXISTS))
    {
      g_free (self->made);
      self->made = at;
      at = g_path_get_dirname (at);
    }
  g_free (at);
  return self;
}

void
lacuna_export_folder_free (LacunaExportFolder *self)
{
  if (self == NULL)
    return;
  g_free (self->path);
  g_free (self->made);
  g_hash_table_unref (self->before);
  g_free (self);
}

static void
remove_folders (const LacunaExportFolder *self)
{
  g_autofree char *at = g_strdup (self->path);

  while (g_rmdir (at) == 0 && !g_str_equal (at, self->made))
    {
      char *above = g_path_get_dirname (at);

      g_free (at);
      at = above;
    }
}

void
lacuna_export_folder_undo (LacunaExportFolder *self)
{
  g_autoptr (GHashTable) now = self != NULL ? list_files (self->kind, self->path) : NULL;
  GHashTableIter iter;
  gpointer name, identity;

  if (self == NULL)
    return;
  g_hash_table_iter_init (&iter, now);
  while (g_hash_table_iter_next (&iter, &name, &identity))
    if (g_strcmp0 (identity, g_hash_table_lookup (self->before, name)) != 0)
      {
        g_autofree char *path = g_build_filename (self->path, name, NULL);

        g_unlink (path);
      }
  if (self->made != NULL)
    remove_folders (self);
}
