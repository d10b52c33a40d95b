/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/helper.h"

static char *
find_in (const char *folder, const char *program)
{
  g_autofree char *path = folder != NULL ? g_build_filename (folder, program, NULL) : NULL;

  return path != NULL && g_file_test (path, G_FILE_TEST_IS_EXECUTABLE) ? g_steal_pointer (&path) : NULL;
}

char *
lacuna_helper_find (const char *program)
{
  g_autofree char *self = g_file_read_link ("/proc/self/exe", NULL);
  g_autofree char *folder = self != NULL ? g_path_get_dirname (self) : NULL;
  const char *chosen = g_getenv ("LACUNA_LIBEXEC");
  char *path = find_in (chosen != NULL ? chosen : folder, program);

  return path != NULL ? path : find_in (LACUNA_LIBEXEC_DIR, program);
}
