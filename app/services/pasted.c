/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/services/pasted.h"

#include <glib/gi18n.h>
#include <glib/gstdio.h>

#include "engine/lacuna.h"

static char *
get_folder (void)
{
  return g_build_filename (g_get_user_cache_dir (), "lacuna", "pasted", NULL);
}

char *
lacuna_pasted_write (GdkTexture *texture, GError **error)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autofree char *time = g_date_time_format (now, "%Y-%m-%d %H%M%S");
  g_autofree char *name = g_strdup_printf (_ ("Pasted %s.png"), time);
  g_autofree char *folder = get_folder ();
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autoptr (GBytes) bytes = gdk_texture_save_to_png_bytes (texture);

  g_mkdir_with_parents (folder, 0700);
  if (!lacuna_publish (path, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), LACUNA_PUBLISH_DEFAULT, error))
    return NULL;
  return g_steal_pointer (&path);
}

gboolean
lacuna_pasted_is (const char *path)
{
  g_autofree char *own = get_folder (), *folder = g_path_get_dirname (path);

  return g_str_equal (folder, own);
}

void
lacuna_pasted_remove (const char *path)
{
  if (lacuna_pasted_is (path))
    g_unlink (path);
}
