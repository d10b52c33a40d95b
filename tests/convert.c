/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/photo/photo.h"

/* Loads and saves photos, and prints what is noted of each: convert (PHOTO OUT)…, for roundtrip.py. */
int
main (int argc, char **argv)
{
  for (int i = 1; i + 1 < argc; i += 2)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (LacunaPhoto) photo = lacuna_photo_load (argv[i], NULL, &error);
      const char *note = photo != NULL ? lacuna_photo_get_note (photo) : NULL;

      if (photo == NULL || !lacuna_photo_save (photo, argv[i + 1], NULL, &error))
        {
          g_printerr ("%s: %s\n", argv[i], error->message);
          return 1;
        }
      g_print ("%s\n", note != NULL ? note : "");
    }
  return 0;
}
