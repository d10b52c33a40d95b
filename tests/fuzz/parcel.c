/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/photo/parcel.h"
#include "engine/photo/samples.h"

#include <string.h>

#include "tests/fuzz/fuzz.h"

/* Two sizes, and memory as a codec sends it: refused, or a photo all of which can be read. */
int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  guint32 sizes[2];
  g_autoptr (GBytes) memory = NULL;
  g_auto (LacunaParcel) parcel = { 0 };
  g_autoptr (LacunaPhoto) photo = NULL;

  if (size < sizeof sizes)
    return 0;
  memcpy (sizes, data, sizeof sizes);
  memory = g_bytes_new (data + sizeof sizes, size - sizeof sizes);
  if (!lacuna_parcel_open (memory, GUINT32_FROM_LE (sizes[0]), GUINT32_FROM_LE (sizes[1]), &parcel))
    return 0;
  photo = lacuna_parcel_unpack_photo (&parcel);
  if (photo != NULL)
    {
      LacunaBox box = { 0, 0, lacuna_photo_get_width (photo), lacuna_photo_get_height (photo) };
      g_autofree float *window = lacuna_photo_read_window (photo, box, 0);
      const char *note = lacuna_photo_get_note (photo);

      g_assert_true (window == NULL || (window[0] >= -1.0f && window[0] <= 1.0f));
      g_assert_true (note == NULL || g_utf8_validate (note, -1, NULL));
    }
  return 0;
}
