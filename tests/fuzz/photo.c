/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/codec/decode.h"
#include "engine/photo/mask.h"
#include "engine/photo/samples.h"

#include "tests/fuzz/fuzz.h"

/* Whatever the bytes, they are refused or give a photo all of which can be read. */
int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (GBytes) file = g_bytes_new_static (data, size);
  g_autoptr (LacunaPhoto) photo = NULL;
  g_autoptr (LacunaMask) mask = NULL;

  if (size == 0)
    return 0;
  /* libvips warns of what it ignores in HEIF files, which is no fault. */
  g_log_set_always_fatal (G_LOG_FATAL_MASK | G_LOG_LEVEL_CRITICAL);
  photo = lacuna_decode (file, "photo", NULL);
  if (photo != NULL)
    {
      LacunaBox box
          = { -8, -8, (lacuna_photo_get_width (photo) + 16) / 4 * 4, (lacuna_photo_get_height (photo) + 16) / 4 * 4 };
      g_autofree float *window = lacuna_photo_read_window (photo, box, 2);

      g_assert_cmpfloat (window[0], >=, -1.0f);
      g_assert_cmpfloat (window[0], <=, 1.0f);
      mask = lacuna_mask_new_from_image (photo, NULL, NULL);
    }
  return 0;
}
