/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/train/samples.h"

#include <string.h>

static int
compare (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

static void
list_folder (const char *data_folder, const char *name, GPtrArray *photos)
{
  g_autofree char *folder = g_build_filename (data_folder, name, "samples", NULL);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *file;

  while (dir != NULL && (file = g_dir_read_name (dir)) != NULL)
    if (g_str_has_suffix (file, ".jpg"))
      g_ptr_array_add (photos, g_build_filename (folder, file, NULL));
}

GPtrArray *
lacuna_sample_photos_list (void)
{
  GPtrArray *photos = g_ptr_array_new_with_free_func (g_free);
  const char *source = g_getenv ("LACUNA_DATA");

  if (source != NULL)
    list_folder (source, ".", photos);
  for (const char *const *dir = g_get_system_data_dirs (); photos->len == 0 && *dir != NULL; dir++)
    list_folder (*dir, "lacuna", photos);
  if (photos->len == 0)
    list_folder (LACUNA_DATA_DIR, ".", photos);
  g_ptr_array_sort (photos, compare);
  return photos;
}
