/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "app/document/session.h"
#include "app/document/step.h"
#include "tests/fuzz/fuzz.h"

/* The length of a session.json, that, and the rest as a step of a photo of this size: refused, or all of it is there. */
#define WIDTH 48
#define HEIGHT 32

static void
read_step (const guint8 *data, gsize size)
{
  gpointer copy = g_memdup2 (data, size);
  g_autoptr (GVariant) variant
      = g_variant_ref_sink (g_variant_new_from_data (G_VARIANT_TYPE ("(sv)"), copy, size, FALSE, g_free, copy));
  g_autoptr (LacunaRaster) raster = lacuna_raster_new (WIDTH, HEIGHT);
  g_autoptr (LacunaStep) step = NULL;

  if (g_variant_is_normal_form (variant))
    step = lacuna_step_deserialize (variant, WIDTH, HEIGHT);
  if (step != NULL && step->delta != NULL)
    lacuna_raster_apply (raster, step->delta);
  if (step != NULL)
    g_variant_unref (g_variant_ref_sink (lacuna_step_serialize (step)));
}

static void
read_json (const guint8 *data, gsize size)
{
  static char *folder, *path;
  g_autoptr (LacunaSession) session = NULL;

  if (folder == NULL)
    {
      folder = g_dir_make_tmp ("lacuna-fuzz-XXXXXX", NULL);
      path = g_build_filename (folder, "session.json", NULL);
    }
  g_assert_true (g_file_set_contents (path, (const char *) data, size, NULL));
  session = lacuna_session_read (folder);
  g_assert_true (session == NULL || session->photo_path != NULL);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  guint16 length;

  if (size < sizeof length)
    return 0;
  memcpy (&length, data, sizeof length);
  length = MIN (GUINT16_FROM_LE (length), size - sizeof length);
  read_json (data + sizeof length, length);
  read_step (data + sizeof length + length, size - sizeof length - length);
  return 0;
}
