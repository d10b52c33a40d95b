/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/document/result-name.h"

#include <glib/gi18n.h>
#include <string.h>

#include "engine/lacuna.h"

/* Returns the suffix of the source's own format where that can be saved, else PNG's. */
static const char *
get_suffix (const char *path)
{
  const char *dot = strrchr (path, '.');

  if (dot != NULL && strchr (dot, '/') == NULL)
    for (const char *const *suffix = lacuna_photo_get_save_suffixes (); *suffix != NULL; suffix++)
      if (g_ascii_strcasecmp (dot + 1, *suffix) == 0)
        return dot + 1;
  return "png";
}

char *
lacuna_result_name (const char *path, const char *name, const char *folder)
{
  g_autofree char *base = g_path_get_basename (path), *beside = g_path_get_dirname (path), *stem = NULL;
  const char *suffix = get_suffix (name);
  char *dot = strrchr (base, '.');

  if (dot != NULL && dot != base)
    *dot = '\0';
  /* TRANSLATORS: the name of a filled photo's file: "holiday filled" */
  stem = folder == NULL ? g_strdup_printf (_ ("%s filled"), base) : g_strdup (base);
  for (guint i = 1;; i++)
    {
      g_autofree char *file
          = i == 1 ? g_strdup_printf ("%s.%s", stem, suffix) : g_strdup_printf ("%s %u.%s", stem, i, suffix);
      g_autofree char *result = g_build_filename (folder != NULL ? folder : beside, file, NULL);

      if (!g_file_test (result, G_FILE_TEST_EXISTS))
        return g_steal_pointer (&result);
    }
}
