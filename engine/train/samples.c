/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/train/samples.h"

#include <string.h>

#include "engine/data.h"

static int
compare (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

GPtrArray *
lacuna_sample_photos_list (void)
{
  g_autoptr (GPtrArray) folders = lacuna_data_list_places ("samples");
  GPtrArray *photos = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; photos->len == 0 && i < folders->len; i++)
    {
      g_autoptr (GDir) dir = g_dir_open (folders->pdata[i], 0, NULL);
      const char *file;

      while (dir != NULL && (file = g_dir_read_name (dir)) != NULL)
        if (g_str_has_suffix (file, ".jpg"))
          g_ptr_array_add (photos, g_build_filename (folders->pdata[i], file, NULL));
    }
  g_ptr_array_sort (photos, compare);
  return photos;
}
