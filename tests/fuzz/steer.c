/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/command/steer.h"
#include "tests/fuzz/fuzz.h"

#define WIDTH 48
#define HEIGHT 32

/* Whatever the file says, it is refused or gives areas of the photo. */
int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  static LacunaPhoto *photo;
  static char *path;
  LacunaSteerRequest request = { .strength = -1.0, .variant = -1 };
  g_auto (LacunaSteer) steer = { 0 };

  if (photo == NULL)
    {
      g_autofree char *folder = g_dir_make_tmp ("lacuna-fuzz-XXXXXX", NULL);
      g_autoptr (GBytes) samples = g_bytes_new_take (g_malloc0 (3 * WIDTH * HEIGHT), 3 * WIDTH * HEIGHT);

      path = g_build_filename (folder, "steer.json", NULL);
      photo = lacuna_photo_new (WIDTH, HEIGHT, 3, 8, samples, NULL);
    }
  g_assert_true (g_file_set_contents (path, (const char *) data, size, NULL));
  request.file = path;
  if (lacuna_steer_read (&request, photo, &steer, NULL))
    {
      g_assert_cmpfloat (steer.strength, >=, 0.0);
      g_assert_true (steer.avoid == NULL || lacuna_mask_get_width (steer.avoid) == WIDTH);
      g_assert_true (steer.prefer == NULL || lacuna_mask_get_height (steer.prefer) == HEIGHT);
    }
  return 0;
}
