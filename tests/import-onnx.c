/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tests the import of the PyTorch port's generator as torch.onnx.export and converters to float16 write it, its
 * initializers among the graph's nodes and constants. The oracle is the golden weights; what is damaged has to be
 * refused. */
#include "engine/import/onnx.h"

#include "engine/error.h"
#include "engine/import/import.h"
#include "engine/import/torch.h"
#include "engine/network/layers.h"
#include "engine/weights/half.h"
#include "engine/weights/models.h"
#include "engine/weights/weights.h"
#include "tests/bundle.h"
#include "tests/folder.h"
#include "tests/golden.h"

typedef enum {
  FORM_RAW,
  FORM_FLOATS,
  FORM_RAW_HALVES,
  FORM_HALVES, /* each in an integer */
  N_FORMS,
} Form;

static void
put_bytes (GByteArray *message, guint number, gconstpointer data, gsize size)
{
  bundle_put_varint (message, number << 3 | 2);
  bundle_put_varint (message, size);
  g_byte_array_append (message, data, size);
}

static void
put_values (GByteArray *message, Form form, const float *values, gsize n)
{
  g_autofree guint16 *halves = g_new (guint16, MAX (n, 1));
  g_autoptr (GByteArray) integers = g_byte_array_new ();

  for (gsize i = 0; i < n; i++)
    {
      halves[i] = lacuna_half_narrow (values[i]);
      bundle_put_varint (integers, halves[i]);
    }
  switch (form)
    {
    case FORM_RAW:
      put_bytes (message, 9, values, n * sizeof *values);
      break;
    case FORM_FLOATS:
      put_bytes (message, 4, values, n * sizeof *values);
      break;
    case FORM_RAW_HALVES:
      put_bytes (message, 9, halves, n * sizeof *halves);
      break;
    default:
      bundle_put_message (message, 5, integers);
    }
}

static void
put_initializer (GByteArray *graph, const char *name, Form form, guint n_dims, const guint *dims, const float *values,
                 gsize n)
{
  g_autoptr (GByteArray) message = g_byte_array_new ();

  for (guint i = 0; i < n_dims; i++)
    bundle_put_field (message, 1, dims[i]);
  bundle_put_field (message, 2, form == FORM_RAW || form == FORM_FLOATS ? 1 : 10);
  put_bytes (message, 8, name, strlen (name));
  put_values (message, form, values, n);
  bundle_put_message (graph, 5, message);
}

/* Of a graph what torch.onnx.export puts around it. */
static GBytes *
make_model (GByteArray *graph)
{
  GByteArray *model = g_byte_array_new ();

  bundle_put_field (model, 1, 8);
  put_bytes (model, 2, "pytorch", 7);
  bundle_put_message (model, 7, graph);
  put_bytes (model, 8, "\x10\x10", 2);
  return g_byte_array_free_to_bytes (model);
}

static LacunaCheckpoint *
load_port (void)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "golden", "gen_daa233_tiny.pt", NULL), *data = NULL;
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GError) error = NULL;
  LacunaCheckpoint *port;
  gsize size;

  g_assert_true (g_file_get_contents (path, &data, &size, NULL));
  bytes = g_bytes_new_take (g_steal_pointer (&data), size);
  port = lacuna_torch_read (bytes, &error);
  g_assert_no_error (error);
  return port;
}

static GBytes *
make_port (Form form)
{
  g_autoptr (LacunaCheckpoint) port = load_port ();
  g_autoptr (GByteArray) graph = g_byte_array_new ();
  const float shape[] = { 1.0f, 2.0f };

  put_bytes (graph, 1,
             "\x22\x04"
             "Conv",
             6);
  put_initializer (graph, "onnx::Resize_123", FORM_RAW, 1, (guint[]){ 2 }, shape, 2);
  for (guint i = 0; i < port->tensors->len; i++)
    {
      const LacunaCheckpointTensor *tensor = &g_array_index (port->tensors, LacunaCheckpointTensor, i);
      g_autofree float *values = lacuna_checkpoint_tensor_read (tensor, NULL);

      put_initializer (graph, tensor->name, form, tensor->n_dims, tensor->dims, values, tensor->n_elements);
    }
  return make_model (graph);
}

static void
check_weights (LacunaWeights *weights, Form form)
{
  g_autoptr (LacunaWeights) expected = golden_load ("generator_tiny_oihw");
  const gboolean half = form == FORM_RAW_HALVES || form == FORM_HALVES;

  g_assert_cmpuint (lacuna_weights_get_n_entries (weights), ==, 2 * LACUNA_N_LAYERS);
  for (guint i = 0; i < 2 * LACUNA_N_LAYERS; i++)
    {
      const LacunaWeightsEntry *entry = lacuna_weights_get_entry (expected, i);
      g_autofree float *values = golden_read (expected, entry->name, NULL);
      g_autofree float *got = golden_read (weights, entry->name, NULL);

      for (gsize j = 0; half && j < entry->n_elements; j++)
        values[j] = lacuna_half_widen (lacuna_half_narrow (values[j]));
      g_assert_cmpmem (got, entry->n_elements * sizeof *got, values, entry->n_elements * sizeof *got);
      g_assert_cmpint (lacuna_weights_find (weights, entry->name)->type, ==, half ? LACUNA_TYPE_F16 : LACUNA_TYPE_F32);
    }
}

static void
test_forms (void)
{
  for (Form form = 0; form < N_FORMS; form++)
    {
      g_autofree char *folder = g_dir_make_tmp ("lacuna-import-XXXXXX", NULL);
      g_autofree char *path = g_build_filename (folder, "port.onnx", NULL), *name = NULL, *file = NULL;
      g_autoptr (GBytes) model = make_port (form);
      g_autoptr (LacunaWeights) weights = NULL;
      g_auto (GStrv) notes = NULL;
      g_autoptr (GError) error = NULL;

      g_assert_true (g_file_set_contents (path, g_bytes_get_data (model, NULL), g_bytes_get_size (model), NULL));
      name = lacuna_models_import (folder, NULL, &notes, &error);
      g_assert_no_error (error);
      g_assert_true (g_str_has_prefix (name, "port"));
      g_assert_cmpuint (g_strv_length (notes), ==, 1);
      file = lacuna_models_find (name, &error);
      weights = lacuna_weights_load (file, &error);
      g_assert_no_error (error);
      check_weights (weights, form);
      folder_remove (folder);
    }
}

static void
assert_refused (GBytes *model, const char *why)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (LacunaCheckpoint) checkpoint = lacuna_onnx_read (model, &error);

  g_assert_null (checkpoint);
  g_assert_error (error, LACUNA_ERROR, LACUNA_ERROR_FORMAT);
  if (strstr (error->message, why) == NULL)
    g_error ("“%s” doesn't tell “%s”", error->message, why);
}

/* A model of one initializer, and after it what else is in its message. */
static void
assert_tensor_refused (guint n_dims, const guint *dims, gsize n, const char *rest, gsize rest_size, const char *why)
{
  g_autoptr (GByteArray) graph = g_byte_array_new (), message = g_byte_array_new ();
  g_autoptr (GBytes) model = NULL;
  const float values[4] = { 0 };

  for (guint i = 0; i < n_dims; i++)
    bundle_put_field (message, 1, dims[i]);
  bundle_put_field (message, 2, 1);
  put_bytes (message, 8, "a.weight", 8);
  if (n > 0)
    put_values (message, FORM_RAW, values, n);
  g_byte_array_append (message, (const guint8 *) rest, rest_size);
  bundle_put_message (graph, 5, message);
  model = make_model (graph);
  assert_refused (model, why);
}

static void
test_hostile (void)
{
  const guint right[] = { 2, 2 }, large[] = { G_MAXUINT, G_MAXUINT }, many[] = { 1, 1, 1, 1, 1, 4 };
  g_autoptr (GByteArray) graph = g_byte_array_new (), twice = g_byte_array_new ();
  g_autoptr (GBytes) good = make_port (FORM_RAW), bomb = NULL, double_named = NULL;

  assert_tensor_refused (2, right, 0, "\x70\x01", 2, "external_data=False");
  assert_tensor_refused (2, right, 0, NULL, 0, "has no data");
  assert_tensor_refused (2, right, 3, NULL, 0, "contradict");
  assert_tensor_refused (2, large, 4, NULL, 0, "impossible shape");
  assert_tensor_refused (6, many, 4, NULL, 0, "impossible shape");
  for (gsize i = 0; i < g_bytes_get_size (good); i += 997)
    {
      g_autoptr (GBytes) cut = g_bytes_new_from_bytes (good, 0, i);

      assert_refused (cut, "damaged");
    }
  /* Two bytes each here, and far more in memory. */
  for (guint i = 0; i < 1 << 20; i++)
    g_byte_array_append (graph, (const guint8 *) "\x2a\0", 2);
  bomb = make_model (graph);
  assert_refused (bomb, "no memory");
  for (guint i = 0; i < 2; i++)
    put_initializer (twice, "a.bias", FORM_RAW, 1, (guint[]){ 1 }, (float[]){ 1.0f }, 1);
  double_named = make_model (twice);
  assert_refused (double_named, "twice");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_func ("/import-onnx/forms", test_forms);
  g_test_add_func ("/import-onnx/hostile", test_hostile);
  return g_test_run ();
}
