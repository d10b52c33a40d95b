/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tests the generator of both architectures in every family of kernels. The oracle is every layer's golden output
 * (tests/golden/README.md); runs for a part alone are compared with the whole, and memory with its plan. */
#include "engine/network/generator.h"

#include <unistd.h>

#include "engine/error.h"
#include "engine/fill/self-test.h"
#include "engine/network/layers.h"
#include "engine/weights/weights.h"
#include "tests/context.h"
#include "tests/golden.h"

typedef struct {
  LacunaWeights *golden;
  GHashTable    *seen;
} Layers;

static double
get_tolerance (const char *name)
{
  return strcmp (name, "conv17") == 0 || strcmp (name, "allconv17") == 0 ? 1e-4 : 5e-5;
}

static gboolean
check_layer (const char *name, LacunaTensor *y, gpointer data, GError **error)
{
  Layers *layers = data;
  g_autofree char *golden_name = NULL;
  g_autofree float *expected = NULL;
  g_autofree float *got = g_new (float, lacuna_shape_get_elements (y->shape));
  const LacunaWeightsEntry *entry;

  if (strcmp (name, "attention") == 0)
    golden_name = g_strdup ("pmconv9.in");
  else if (strcmp (name, "coarse") == 0 || strcmp (name, "refined") == 0)
    golden_name = g_strdup (name);
  else
    golden_name = g_strconcat (name, ".out", NULL);
  expected = golden_read (layers->golden, golden_name, &entry);
  g_assert_cmpuint (entry->n_elements, ==, lacuna_shape_get_elements (y->shape));
  if (!lacuna_tensor_read (y, got, error))
    return FALSE;
  golden_assert_close (golden_name, got, expected, entry->n_elements, get_tolerance (name));
  g_hash_table_add (layers->seen, g_strdup (name));
  return TRUE;
}

static void
check_attention (LacunaWeights *golden, LacunaGeneratorOutput *output)
{
  g_autoptr (GError) error = NULL;
  const LacunaWeightsEntry *entry;
  gsize n_index;
  g_autofree float *expected = golden_read (golden, "attention", &entry);
  g_autofree gint32 *expected_index = lacuna_weights_read_int (golden, "attention_index", &n_index, &error);
  g_autofree float *scores = g_new (float, entry->n_elements);
  g_autofree gint32 *index = g_new (gint32, n_index);

  g_assert_no_error (error);
  g_assert_true (lacuna_tensor_read (output->scores, scores, &error));
  g_assert_true (lacuna_buffer_read (output->index, 0, index, n_index * sizeof (gint32), &error));
  g_assert_no_error (error);
  golden_assert_close ("attention", scores, expected, entry->n_elements, 5e-6);
  g_assert_cmpmem (index, n_index * sizeof (gint32), expected_index, n_index * sizeof (gint32));
}

static void
check_golden (const char *tuning, const char *weights_file, const char *file)
{
  g_autoptr (LacunaContext) context = context_open_tuned (tuning);
  g_autoptr (LacunaWeights) weights = golden_load (weights_file);
  g_autoptr (LacunaWeights) golden = golden_load (file);
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (LacunaGenerator) generator = lacuna_generator_new (context, weights, NULL, NULL, &error);
  const LacunaWeightsEntry *entry;
  g_autofree float *image = golden_read (golden, "image", &entry);
  g_autofree float *mask = golden_read (golden, "mask", NULL);
  guint height = entry->dims[2], width = entry->dims[3];
  Layers layers = { golden, seen };
  LacunaGeneratorOptions options = { .layer = check_layer, .data = &layers, .scores = TRUE };
  g_auto (LacunaGeneratorOutput) output = { 0 };
  g_autoptr (LacunaTensor) in = NULL;

  g_assert_no_error (error);
  for (gsize i = 0; i < entry->n_elements; i++)
    image[i] *= 1.0f - mask[i % (height * width)];
  in = lacuna_tensor_new (context, (LacunaShape){ 1, 3, height, width }, &error);
  g_assert_true (lacuna_tensor_write (in, image, &error));
  lacuna_generator_forward (generator, in, mask, &options, &output, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_hash_table_size (seen), ==, LACUNA_N_LAYERS + 3);
  check_attention (golden, &output);
}

static void
test_golden (gconstpointer tuning)
{
  check_golden (tuning, "generator_tiny_oihw", "generator_tiny_io_64x64");
  check_golden (tuning, "generator_tiny_oihw", "generator_tiny_io_48x80");
}

static void
test_gated (gconstpointer tuning)
{
  check_golden (tuning, "gated_oihw", "gated_io");
}

/* Runs one after the other lend the same memory and give the same bytes; the plan states what they take. Small enough
 * for every tuning, and to be interpreted. */
static void
check_repeats (const char *tuning, const char *file)
{
  g_autoptr (LacunaContext) context = context_open_tuned (tuning);
  g_autoptr (LacunaWeights) weights = golden_load (file);
  g_autoptr (GError) error = NULL;
  g_autoptr (LacunaGenerator) generator = lacuna_generator_new (context, weights, NULL, NULL, &error);
  guint64 before = lacuna_context_get_memory_used (context), planned;
  LacunaShape shape = { 1, 3, 24, 16 };
  gsize n = lacuna_shape_get_elements (shape), area = 24 * 16;
  g_autofree float *image = g_new (float, n);
  g_autofree float *mask = g_new0 (float, area);
  g_autofree float *first = g_new (float, n);
  g_autofree float *second = g_new (float, n);
  float *results[] = { first, second };
  g_autoptr (LacunaTensor) in = lacuna_tensor_new (context, shape, &error);

  for (gsize i = 0; i < n; i++)
    image[i] = sinf (0.37f * i);
  for (gsize i = 0; i < 8 * 6; i++)
    mask[(10 + i / 6) * 16 + 5 + i % 6] = 1.0f;
  for (gsize i = 0; i < n; i++)
    image[i] *= 1.0f - mask[i % area];
  g_assert_true (lacuna_tensor_write (in, image, &error));

  for (guint run = 0; run < 2; run++)
    {
      g_auto (LacunaGeneratorOutput) output = { 0 };

      g_assert_true (lacuna_generator_forward (generator, in, mask, NULL, &output, &error));
      g_assert_true (lacuna_tensor_read (output.refined, results[run], &error));
    }
  g_assert_no_error (error);
  g_assert_cmpmem (first, n * sizeof (float), second, n * sizeof (float));
  planned = lacuna_generator_get_memory (generator, 24, 16, FALSE);
  g_assert_cmpuint (lacuna_context_get_memory_peak (context) - before, <=, planned + 4096);
  g_assert_cmpuint (lacuna_context_get_memory_peak (context) - before, >=, planned / 2);
}

static void
run_area (LacunaGenerator *generator, LacunaTensor *image, const float *mask, LacunaArea area, float *ret_coarse,
          float *ret_refined)
{
  const LacunaGeneratorOptions options = { .area = area };
  g_auto (LacunaGeneratorOutput) output = { 0 };
  g_autoptr (GError) error = NULL;

  lacuna_generator_forward (generator, image, mask, &options, &output, &error);
  g_assert_no_error (error);
  g_assert_true (lacuna_tensor_read (output.coarse, ret_coarse, NULL));
  g_assert_true (lacuna_tensor_read (output.refined, ret_refined, NULL));
}

static void
test_repeats (gconstpointer tuning)
{
  check_repeats (tuning, "generator_tiny_oihw");
  if (!context_is_interpreted ())
    check_repeats (tuning, "gated_oihw");
}

/* What a fill leaves out does not change what it takes: in and around a hole, in the middle and at the edges. */
static void
check_areas (const char *tuning, const char *file)
{
  static const LacunaArea areas[] = { { 60, 65, 24, 20 }, { 99, 3, 29, 19 }, { 0, 100, 10, 36 } };
  const LacunaShape shape = { 1, 3, 128, 136 };
  const gsize n_pixels = lacuna_shape_get_pixels (shape), n = 3 * n_pixels;
  g_autoptr (LacunaContext) context = context_open_tuned (tuning);
  g_autoptr (LacunaWeights) weights = golden_load (file);
  g_autoptr (GError) error = NULL;
  g_autoptr (LacunaGenerator) generator = lacuna_generator_new (context, weights, NULL, NULL, &error);
  g_autoptr (LacunaTensor) in = lacuna_tensor_new (context, shape, &error);
  g_autofree float *image = g_new (float, n);
  g_autofree float *coarse = g_new (float, n), *refined = g_new (float, n);
  g_autofree float *part_coarse = g_new (float, n), *part_refined = g_new (float, n);

  g_assert_no_error (error);
  for (guint i = 0; i < G_N_ELEMENTS (areas); i++)
    {
      const LacunaArea area = areas[i];
      g_autofree float *mask = g_new0 (float, n_pixels);

      for (gsize y = area.y + 2; y < area.y + area.height - 2; y++)
        for (gsize x = area.x + 2; x < area.x + area.width - 2; x++)
          mask[y * shape.width + x] = 1.0f;
      for (gsize j = 0; j < n; j++)
        image[j] = sinf (0.37f * j) * (1.0f - mask[j % n_pixels]);
      g_assert_true (lacuna_tensor_write (in, image, &error));
      run_area (generator, in, mask, (LacunaArea){ 0 }, coarse, refined);
      run_area (generator, in, mask, area, part_coarse, part_refined);

      for (gsize j = 0; j < n; j++)
        {
          gsize y = j % n_pixels / shape.width, x = j % shape.width;

          if (y < area.y || y >= area.y + area.height || x < area.x || x >= area.x + area.width)
            coarse[j] = refined[j] = 0.0f;
        }
      golden_assert_close ("coarse", part_coarse, coarse, n, 5e-5);
      golden_assert_close ("refined", part_refined, refined, n, 5e-5);
    }
}

static void
test_areas (gconstpointer tuning)
{
  check_areas (tuning, "generator_tiny_oihw");
  check_areas (tuning, "gated_oihw");
}

/* Every way in which weights don't fit names the tensor at fault. */
static void
test_refused (void)
{
  g_autoptr (LacunaContext) context = context_open ();
  g_autoptr (LacunaWeights) conv = golden_load ("conv");
  g_autoptr (LacunaWeights) tiny = golden_load ("generator_tiny_oihw");
  g_autoptr (GError) error = NULL;
  g_autofree char *path = g_build_filename (g_get_tmp_dir (), "lacuna-test-XXXXXX.safetensors", NULL);
  g_autoptr (LacunaWeightsWriter) writer = lacuna_weights_writer_new ();
  g_autoptr (LacunaWeights) broken = NULL;

  g_assert_null (lacuna_generator_new (context, conv, NULL, NULL, &error));
  g_assert_error (error, LACUNA_ERROR, LACUNA_ERROR_UNFIT);
  g_assert_nonnull (strstr (error->message, "k3_elu.b"));
  g_clear_error (&error);

  for (guint i = 0; i < lacuna_weights_get_n_entries (tiny); i++)
    {
      const LacunaWeightsEntry *entry = lacuna_weights_get_entry (tiny, i);
      g_autofree float *values = golden_read (tiny, entry->name, NULL);

      if (strcmp (entry->name, "pmconv9.weight") != 0)
        lacuna_weights_writer_add (writer, entry->name, LACUNA_TYPE_F32, entry->n_dims, entry->dims, values);
    }
  close (g_mkstemp (path));
  g_assert_true (lacuna_weights_writer_save (writer, path, &error));
  broken = lacuna_weights_load (path, &error);
  g_assert_no_error (error);
  g_assert_null (lacuna_generator_new (context, broken, NULL, NULL, &error));
  g_assert_error (error, LACUNA_ERROR, LACUNA_ERROR_UNFIT);
  g_assert_nonnull (strstr (error->message, "pmconv9.weight"));
  unlink (path);
}

static void
count_step (gpointer n_steps)
{
  ++*(guint *) n_steps;
}

/* What a device is tried by knows the numbers that all of these give. */
static void
test_self_test (gconstpointer tuning)
{
  g_autoptr (LacunaContext) context = context_open_tuned (tuning);
  g_autoptr (GError) error = NULL;
  guint n_steps = 0;

  lacuna_self_test_run (context, count_step, &n_steps, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (n_steps, >=, LACUNA_N_LAYERS);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  if (!context_is_interpreted ()) /* they take far too long */
    {
      context_add_tuned_tests ("/generator/golden", test_golden);
      context_add_tuned_tests ("/generator/gated", test_gated);
      context_add_tuned_tests ("/generator/areas", test_areas);
      context_add_tuned_tests ("/generator/self-test", test_self_test);
    }
  context_add_tuned_tests ("/generator/repeats", test_repeats);
  g_test_add_func ("/generator/refused", test_refused);
  return g_test_run ();
}
