/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Fills what MASK marks in PHOTO and saves the result: fill PHOTO MASK OUT
 *
 *   cc fill.c $(pkg-config --cflags --libs lacuna) -o fill */
#include <lacuna.h>

static gboolean
fill (const char *photo_path, const char *mask_path, const char *out_path, GError **error)
{
  g_autoptr (LacunaEngine) engine = lacuna_engine_new (NULL, 0); /* the best device, its default memory limit */
  g_autoptr (LacunaPhoto) photo = lacuna_photo_load (photo_path, NULL, error);
  g_autoptr (LacunaMask) mask = photo != NULL ? lacuna_mask_load (mask_path, photo, error) : NULL;
  g_autoptr (LacunaFill) result = NULL;
  g_autoptr (LacunaPhoto) filled = NULL;

  if (mask != NULL)
    result = lacuna_engine_fill (engine, photo, mask, NULL, NULL, NULL, NULL, error);
  if (result != NULL)
    filled = lacuna_fill_apply (result, photo, LACUNA_STAGE_DETAIL, error);
  return filled != NULL && lacuna_photo_save (filled, out_path, NULL, error);
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;

  if (argc == 4 && fill (argv[1], argv[2], argv[3], &error))
    return 0;
  g_printerr ("%s\n", error != NULL ? error->message : "Give PHOTO MASK OUT.");
  return 1;
}
