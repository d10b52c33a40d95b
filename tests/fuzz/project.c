/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/document/project.h"
#include "engine/zip.h"
#include "tests/fuzz/fuzz.h"

#define WIDTH 20
#define HEIGHT 16

static GBytes *
make_png (int width, int height, int bands)
{
  gsize size = (gsize) width * height * bands;
  guint8 *samples = g_malloc (size);
  g_autoptr (GBytes) bytes = g_bytes_new_take (samples, size);
  g_autoptr (LacunaPhoto) photo = NULL;

  for (gsize i = 0; i < size; i++)
    samples[i] = i * 37;
  photo = lacuna_photo_new (width, height, bands, 8, bytes, NULL);
  return lacuna_photo_save_bytes (photo, "png", NULL, NULL);
}

/* What is fuzzed is a project.json, beside a photo, a mask and a patch; or a whole archive. */
static GBytes *
pack (const guint8 *data, gsize size)
{
  static const char *const names[] = { "project.json", "photo.png", "mask.png", "patch.png", NULL };
  static GBytes *images[3];
  g_autoptr (GBytes) text = g_bytes_new (data, size);

  if (size >= 2 && data[0] == 'P' && data[1] == 'K')
    return g_steal_pointer (&text);
  if (images[0] == NULL)
    {
      images[0] = make_png (WIDTH, HEIGHT, 3);
      images[1] = make_png (WIDTH, HEIGHT, 1);
      images[2] = make_png (16, 16, 4);
    }
  return lacuna_zip_write (names, (GBytes *[]){ text, images[0], images[1], images[2] }, NULL);
}

/* Whatever it says, it is refused or opened whole. */
int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  static char *path;
  g_autoptr (GBytes) zip = pack (data, size);
  g_autoptr (LacunaProject) project = NULL;

  if (path == NULL)
    {
      g_autofree char *folder = g_dir_make_tmp ("lacuna-fuzz-XXXXXX", NULL);

      path = g_build_filename (folder, "fuzz.lacuna", NULL);
    }
  g_assert_true (g_file_set_contents (path, g_bytes_get_data (zip, NULL), g_bytes_get_size (zip), NULL));
  project = lacuna_project_load (path, NULL, NULL);
  if (project != NULL)
    {
      g_assert_cmpuint (project->history.position, <=, project->history.steps->len);
      g_assert_true (lacuna_project_save (project, path, NULL, NULL));
    }
  return 0;
}
