/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/import/import.h"

#include <math.h>
#include <time.h>

#include "engine/import/bundle.h"
#include "engine/network/generator.h"
#include "engine/weights/models.h"
#include "engine/weights/weights.h"
#include "tests/bundle.h"
#include "tests/context.h"
#include "tests/folder.h"

static GBytes *
read_layout (void)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "golden", "official", "places2.index", NULL);
  char *data = NULL;
  g_autoptr (GError) error = NULL;
  gsize size;

  g_file_get_contents (path, &data, &size, &error);
  g_assert_no_error (error);
  return g_bytes_new_take (data, size);
}

static LacunaWeights *
load_model (const char *name)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = lacuna_models_find (name, &error);
  LacunaWeights *weights = lacuna_weights_load (path, &error);

  g_assert_no_error (error);
  return weights;
}

static void
write_file (const char *folder, const char *name, gconstpointer data, gsize size)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);

  g_assert_true (g_file_set_contents (path, data, size, NULL));
}

/* A picture is filled with what is a picture. */
static void
check_fills (LacunaWeights *weights)
{
  const LacunaShape shape = { 1, 3, 64, 64 };
  const gsize n = lacuna_shape_get_elements (shape), area = n / 3;
  g_autoptr (LacunaContext) context = context_open ();
  g_autoptr (GError) error = NULL;
  g_autoptr (LacunaGenerator) generator = lacuna_generator_new (context, weights, NULL, NULL, &error);
  g_auto (LacunaGeneratorOutput) output = { 0 };
  g_autofree float *image = g_new (float, n), *mask = g_new0 (float, area);
  g_autoptr (LacunaTensor) in = NULL;
  float least = 1.0f, most = -1.0f;

  g_assert_no_error (error);
  for (gsize i = 0; i < area; i++)
    mask[i] = i / 64 >= 16 && i / 64 < 40 && i % 64 >= 16 && i % 64 < 40;
  for (gsize i = 0; i < n; i++)
    image[i] = sinf (0.1f * i) * (1.0f - mask[i % area]);
  in = context_make_tensor (context, shape, image);
  lacuna_generator_forward (generator, in, mask, NULL, &output, &error);
  g_assert_no_error (error);
  g_assert_true (lacuna_tensor_read (output.refined, image, NULL));
  for (gsize i = 0; i < n; i++)
    {
      g_assert_true (isfinite (image[i]));
      least = MIN (least, image[i]);
      most = MAX (most, image[i]);
    }
  g_assert_cmpfloat (least, >=, -1.0f);
  g_assert_cmpfloat (most, <=, 1.0f);
  g_assert_cmpfloat (most - least, >, 0.01f);
}

/* A checkpoint of the published layout and size, width 32, with values of a formula, comes in within a second and
 * fills. */
static void
test_full_size (void)
{
  g_autofree char *folder = g_dir_make_tmp ("lacuna-import-XXXXXX", NULL);
  g_autoptr (GBytes) official = read_layout (), index = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (LacunaCheckpoint) layout = lacuna_bundle_read (official, NULL, 1, &error);
  g_autofree BundleEntry *entries = g_new0 (BundleEntry, layout->tensors->len);
  g_autoptr (GByteArray) data = g_byte_array_new ();
  g_autoptr (LacunaWeights) weights = NULL;
  g_auto (GStrv) notes = NULL;
  g_autofree char *name = NULL;
  g_autofree float *got = NULL;
  double seconds;
  clock_t begin;

  g_assert_no_error (error);
  for (guint i = 0; i < layout->tensors->len; i++)
    {
      const LacunaCheckpointTensor *tensor = &g_array_index (layout->tensors, LacunaCheckpointTensor, i);
      BundleEntry *entry = &entries[i];

      *entry = (BundleEntry){ tensor->name, 1, tensor->n_dims, .offset = data->len, .size = 4 * tensor->n_elements };
      for (guint j = 0; j < tensor->n_dims; j++)
        entry->dims[j] = tensor->dims[j];
      for (gsize j = 0; j < tensor->n_elements; j++)
        {
          float value = 0.05f * sinf (0.7f * i + j);

          g_byte_array_append (data, (const guint8 *) &value, sizeof value);
        }
      entry->checksum = lacuna_crc32c (data->data + entry->offset, entry->size);
    }
  g_assert_cmpuint (data->len, ==, 14406168);
  index = bundle_make_index (entries, layout->tensors->len, 1);
  write_file (folder, "snap-7.index", g_bytes_get_data (index, NULL), g_bytes_get_size (index));
  write_file (folder, "snap-7.data-00000-of-00001", data->data, data->len);

  begin = clock ();
  name = lacuna_models_import (folder, "large", &notes, &error);
  g_assert_no_error (error);
  seconds = (clock () - begin) / (double) CLOCKS_PER_SEC;
  g_test_message ("imported in %.2f s of the processor", seconds);
  /* Sanitizers and Valgrind take far longer. */
  if (g_getenv ("LACUNA_SANITIZED") == NULL && g_getenv ("VIPS_NOVECTOR") == NULL)
    g_assert_cmpfloat (seconds, <, 1.0);
  weights = load_model ("large");
  got = lacuna_weights_read (weights, "conv2_downsample.weight", 4, (guint[]){ 64, 32, 3, 3 }, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < layout->tensors->len; i++)
    if (strcmp (entries[i].name, "inpaint_net/conv2_downsample/kernel") == 0)
      g_assert_cmpfloat (got[(5 * 32 + 7) * 9 + 4], ==, 0.05f * sinf (0.7f * i + (4 * 32 + 7) * 64 + 5));
  check_fills (weights);
  folder_remove (folder);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_func ("/import/full-size", test_full_size);
  return g_test_run ();
}
