/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/document/photo-list.h"

#include <glib/gi18n.h>
#include <string.h>

#include "engine/lacuna.h"

/* "2.jpg" comes before "10.jpg". */
static int
compare_names (gconstpointer a, gconstpointer b)
{
  g_autofree char *first = g_utf8_collate_key_for_filename (*(char *const *) a, -1);
  g_autofree char *second = g_utf8_collate_key_for_filename (*(char *const *) b, -1);

  return strcmp (first, second);
}

static GPtrArray *
list_folder (const char *path, GError **error)
{
  g_autoptr (GPtrArray) photos = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GError) reason = NULL;
  g_autoptr (GDir) folder = g_dir_open (path, 0, &reason);
  const char *name;

  if (folder == NULL)
    {
      g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_FILE, _ ("The photos can't be listed: %s."), reason->message);
      return NULL;
    }
  while ((name = g_dir_read_name (folder)) != NULL)
    {
      g_autofree char *file = g_build_filename (path, name, NULL);

      if (name[0] != '.' && lacuna_photo_is_name (name) && g_file_test (file, G_FILE_TEST_IS_REGULAR))
        g_ptr_array_add (photos, g_steal_pointer (&file));
    }
  g_ptr_array_sort (photos, compare_names);
  return g_steal_pointer (&photos);
}

static void
add_once (GPtrArray *photos, GHashTable *known, const char *path)
{
  char *absolute = g_canonicalize_filename (path, NULL);

  g_ptr_array_add (photos, absolute);
  if (!g_hash_table_add (known, absolute))
    g_ptr_array_remove_index (photos, photos->len - 1);
}

GPtrArray *
lacuna_photo_list_new (const char *const *paths, GError **error)
{
  g_autoptr (GPtrArray) photos = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GHashTable) known = g_hash_table_new (g_str_hash, g_str_equal);

  for (const char *const *path = paths; *path != NULL; path++)
    {
      g_autoptr (GPtrArray) inside = NULL;

      if (!g_file_test (*path, G_FILE_TEST_IS_DIR))
        {
          add_once (photos, known, *path);
          continue;
        }
      inside = list_folder (*path, error);
      if (inside == NULL)
        return NULL;
      for (guint i = 0; i < inside->len; i++)
        add_once (photos, known, inside->pdata[i]);
    }
  if (photos->len > 0)
    return g_steal_pointer (&photos);
  g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_FILE, _ ("There is no photo in “%s”. Name another folder."), paths[0]);
  return NULL;
}
