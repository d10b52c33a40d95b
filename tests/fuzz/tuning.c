/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/cl/tuning.h"
#include "tests/fuzz/fuzz.h"

/* Groups of a key file that name their family: refused, or sizes that kernels can be built with. */
int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_auto (GStrv) groups = NULL;

  if (!g_key_file_load_from_data (file, (const char *) data, size, G_KEY_FILE_NONE, NULL))
    return 0;
  groups = g_key_file_get_groups (file, NULL);
  for (guint i = 0; groups[i] != NULL; i++)
    {
      LacunaTuning tuning;

      if (!g_key_file_has_key (file, groups[i], "family", NULL)
          || !lacuna_tuning_read (&tuning, NULL, file, groups[i], "tuning.ini", NULL))
        continue;
      g_assert_true (tuning.lanes == 4 || tuning.lanes == 8 || tuning.lanes == 16);
      g_assert_cmpuint (tuning.pixels, >=, 1);
      g_assert_cmpuint (tuning.depth, <=, 64);
    }
  return 0;
}
