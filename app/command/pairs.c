/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/command/pairs.h"

#include <glib/gi18n.h>
#include <string.h>

#include "app/command/command.h"
#include "engine/lacuna.h"

static void
pair_free (gpointer data)
{
  LacunaPair *self = data;

  g_free (self->photo);
  g_free (self->mask);
  g_free (self);
}

static int
compare_pairs (gconstpointer a, gconstpointer b)
{
  return strcmp ((*(LacunaPair *const *) a)->photo, (*(LacunaPair *const *) b)->photo);
}

static char *
get_mask_path (const char *photo, const char *masks)
{
  g_autofree char *name = g_path_get_basename (photo);
  g_autofree char *file = NULL;
  char *dot = strrchr (name, '.');

  if (!g_file_test (masks, G_FILE_TEST_IS_DIR))
    return g_strdup (masks);
  if (dot != NULL)
    *dot = '\0';
  file = g_strconcat (name, ".png", NULL);
  return g_build_filename (masks, file, NULL);
}

char *
lacuna_pair_find_mask (const char *photo, const char *masks)
{
  g_autofree char *mask = get_mask_path (photo, masks);

  if (g_file_test (masks, G_FILE_TEST_IS_DIR) && !g_file_test (mask, G_FILE_TEST_IS_REGULAR))
    return NULL;
  return g_steal_pointer (&mask);
}

/* NULL where the file is no photo. */
static LacunaPair *
make_pair (const char *folder, const char *name, const char *masks)
{
  g_autofree char *photo = g_build_filename (folder, name, NULL);
  g_autofree char *mask = lacuna_pair_find_mask (photo, masks);
  gboolean has_own = mask != NULL && g_file_test (masks, G_FILE_TEST_IS_DIR);
  LacunaPair *pair;

  if (!g_file_test (photo, G_FILE_TEST_IS_REGULAR) || (mask != NULL && lacuna_command_is_same_file (photo, mask))
      || (!has_own && (name[0] == '.' || !lacuna_photo_is_name (name))))
    return NULL;
  pair = g_new (LacunaPair, 1);
  *pair = (LacunaPair){ g_steal_pointer (&photo), g_steal_pointer (&mask) };
  return pair;
}

/* Whether any has a mask; the error tells how it would be named. */
static gboolean
check_masks (GPtrArray *pairs, const char *folder, const char *masks, GError **error)
{
  for (guint i = 0; i < pairs->len; i++)
    if (((const LacunaPair *) pairs->pdata[i])->mask != NULL)
      return TRUE;
  if (pairs->len == 0)
    g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_FILE, _ ("There is no photo in “%s”. Name another folder."), folder);
  else
    g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_FILE,
                 _ ("No photo in “%s” has a mask of its name in “%s”: for a.jpg that is a.png."), folder, masks);
  return FALSE;
}

GPtrArray *
lacuna_pairs_list (const char *folder, const char *masks, GError **error)
{
  g_autoptr (GPtrArray) pairs = g_ptr_array_new_with_free_func (pair_free);
  g_autoptr (GError) reason = NULL;
  g_autoptr (GDir) dir = g_dir_open (folder, 0, &reason);
  const char *name;

  if (dir == NULL)
    {
      g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_FILE, _ ("The photos can't be listed: %s."), reason->message);
      return NULL;
    }
  if (!g_file_test (masks, G_FILE_TEST_EXISTS))
    {
      g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_FILE,
                   _ ("There is no file or folder “%s” of masks. Check its name."), masks);
      return NULL;
    }
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      LacunaPair *pair = make_pair (folder, name, masks);

      if (pair != NULL)
        g_ptr_array_add (pairs, pair);
    }
  if (!check_masks (pairs, folder, masks, error))
    return NULL;
  g_ptr_array_sort (pairs, compare_pairs);
  return g_steal_pointer (&pairs);
}
