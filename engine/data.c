/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/data.h"

GPtrArray *
lacuna_data_list_places (const char *name)
{
  GPtrArray *places = g_ptr_array_new_with_free_func (g_free);
  const char *source = g_getenv ("LACUNA_DATA");

  if (source != NULL)
    g_ptr_array_add (places, g_build_filename (source, name, NULL));
  for (const char *const *dir = g_get_system_data_dirs (); *dir != NULL; dir++)
    g_ptr_array_add (places, g_build_filename (*dir, "lacuna", name, NULL));
  g_ptr_array_add (places, g_build_filename (LACUNA_DATA_DIR, name, NULL));
  return places;
}
