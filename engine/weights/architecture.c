/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/weights/architecture.h"

static const char *const names[] = {
  [LACUNA_ARCHITECTURE_V1] = "deepfill-v1",
  [LACUNA_ARCHITECTURE_V2] = "deepfill-v2",
};

const char *
lacuna_architecture_get_name (LacunaArchitecture self)
{
  return names[self];
}

gboolean
lacuna_architecture_find (const char *name, LacunaArchitecture *ret_architecture)
{
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (name == NULL || g_str_equal (name, names[i]))
      {
        *ret_architecture = i;
        return TRUE;
      }
  return FALSE;
}
