#include "engine/photo/mask.h"
#include "engine/photo/photo.h"
#include "engine/photo/samples.h"

#include <sys/mman.h>
#include <unistd.h>

#include "tests/fuzz/fuzz.h"

/* Whatever the bytes, they are refused or give a photo all of which can be read. */
int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  int fd = memfd_create ("photo", MFD_CLOEXEC);
  g_autofree char *path = g_strdup_printf ("/proc/self/fd/%d", fd);
  g_autoptr (LacunaPhoto) photo = NULL;
  g_autoptr (LacunaMask) mask = NULL;

  /* libvips warns of what it ignores in HEIF files, which is no fault. */
  g_log_set_always_fatal (G_LOG_FATAL_MASK | G_LOG_LEVEL_CRITICAL);
  g_assert_cmpint (write (fd, data, size), ==, size);
  photo = lacuna_photo_load (path, NULL, NULL);
  mask = lacuna_mask_load (path, NULL, NULL);
  g_assert_true (photo != NULL || mask == NULL);
  if (photo != NULL)
    {
      LacunaBox box
          = { -8, -8, (lacuna_photo_get_width (photo) + 16) / 4 * 4, (lacuna_photo_get_height (photo) + 16) / 4 * 4 };
      g_autofree float *window = lacuna_photo_read_window (photo, box, 2);

      g_assert_cmpfloat (window[0], >=, -1.0f);
      g_assert_cmpfloat (window[0], <=, 1.0f);
    }
  close (fd);
  return 0;
}
