/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tests the import of DeepFill v2 from the authors' checkpoint, the PyTorch port and Lacuna's own files. The oracle
 * is the golden weights, which are written here as others would have written them, and the golden outputs. */
#include "engine/import/import.h"

#include "engine/error.h"
#include "engine/import/library.h"
#include "engine/network/generator.h"
#include "engine/network/layers.h"
#include "engine/weights/models.h"
#include "engine/weights/weights.h"
#include "tests/bundle.h"
#include "tests/context.h"
#include "tests/folder.h"
#include "tests/golden.h"

/* DeepFill v2: its golden weights, as others would have written them. */

static LacunaWeights *
import (const char *path, guint n_notes)
{
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) notes = NULL;
  g_autofree char *name = lacuna_models_import (path, NULL, &notes, &error);
  g_autofree char *file = NULL;
  LacunaWeights *weights;

  g_assert_no_error (error);
  g_assert_cmpuint (g_strv_length (notes), ==, n_notes);
  g_assert_nonnull (strstr (notes[0], "DeepFill v2"));
  file = lacuna_models_find (name, &error);
  g_assert_no_error (error);
  weights = lacuna_weights_load (file, &error);
  g_assert_no_error (error);
  return weights;
}

static void
check_weights (LacunaWeights *weights, const char *channels)
{
  g_autoptr (LacunaWeights) expected = golden_load ("gated_oihw");

  g_assert_cmpuint (lacuna_weights_get_n_entries (weights), ==, 2 * LACUNA_N_LAYERS);
  for (guint i = 0; i < 2 * LACUNA_N_LAYERS; i++)
    {
      const LacunaWeightsEntry *entry = lacuna_weights_get_entry (expected, i);
      g_autofree float *values = golden_read (expected, entry->name, NULL),
                       *got = golden_read (weights, entry->name, NULL);

      g_assert_cmpmem (got, entry->n_elements * sizeof (float), values, entry->n_elements * sizeof (float));
    }
  g_assert_cmpstr (lacuna_weights_get_metadata (weights, "architecture"), ==, "deepfill-v2");
  g_assert_cmpstr (lacuna_weights_get_metadata (weights, "cnum"), ==, "8");
  g_assert_cmpstr (lacuna_weights_get_metadata (weights, "channels"), ==, channels);
}

/* A picture's planes, the last first. */
static void
turn_colours (float *values, gsize area)
{
  for (gsize i = 0; i < area; i++)
    {
      const float kept = values[i];

      values[i] = values[2 * area + i];
      values[2 * area + i] = kept;
    }
}

/* bgr: the golden pictures, whose colours the weights were written for, are shown in that order. */
static void
check_outputs (LacunaWeights *weights, gboolean bgr)
{
  g_autoptr (LacunaContext) context = context_open ();
  g_autoptr (LacunaWeights) golden = golden_load ("gated_io");
  g_autoptr (GError) error = NULL;
  g_autoptr (LacunaGenerator) generator = lacuna_generator_new (context, weights, NULL, NULL, &error);
  g_auto (LacunaGeneratorOutput) output = { 0 };
  const LacunaWeightsEntry *entry;
  g_autofree float *image = golden_read (golden, "image", &entry), *mask = golden_read (golden, "mask", NULL);
  g_autofree float *coarse = golden_read (golden, "coarse", NULL), *refined = golden_read (golden, "refined", NULL);
  const LacunaShape shape = { 1, 3, entry->dims[2], entry->dims[3] };
  const gsize n = lacuna_shape_get_elements (shape), area = lacuna_shape_get_pixels (shape);
  g_autofree float *got = g_new (float, n);
  float *turned[] = { image, coarse, refined };
  g_autoptr (LacunaTensor) in = NULL;

  g_assert_no_error (error);
  for (guint i = 0; i < G_N_ELEMENTS (turned) && bgr; i++)
    turn_colours (turned[i], area);
  for (gsize i = 0; i < n; i++)
    image[i] *= 1.0f - mask[i % area];
  in = context_make_tensor (context, shape, image);
  lacuna_generator_forward (generator, in, mask, NULL, &output, &error);
  g_assert_no_error (error);
  g_assert_true (lacuna_tensor_read (output.coarse, got, NULL));
  golden_assert_close ("coarse", got, coarse, n, 1e-4);
  g_assert_true (lacuna_tensor_read (output.refined, got, NULL));
  golden_assert_close ("refined", got, refined, n, 1e-4);
}

static void
add_entry (GArray *entries, GByteArray *data, const char *name, guint n_dims, const guint *dims, const float *values)
{
  BundleEntry entry = { g_intern_string (name), 1, n_dims, .offset = data->len, .size = sizeof (float) };

  for (guint i = 0; i < n_dims; i++)
    {
      entry.dims[i] = dims[i];
      entry.size *= dims[i];
    }
  entry.checksum = lacuna_crc32c (values, entry.size);
  g_byte_array_append (data, (const guint8 *) values, entry.size);
  g_array_append_val (entries, entry);
}

/* out×in×kernel×kernel to kernel×kernel×in×out. */
static float *
to_hwio (const LacunaWeightsEntry *entry, const float *values, guint dims[4])
{
  const guint out = entry->dims[0], in = entry->dims[1], taps = entry->dims[2] * entry->dims[3];
  float *to = g_new (float, entry->n_elements);

  for (guint o = 0; o < out; o++)
    for (guint c = 0; c < in; c++)
      for (guint tap = 0; tap < taps; tap++)
        to[(tap * in + c) * out + o] = values[(o * in + c) * taps + tap];
  memcpy (dims, (guint[]){ entry->dims[2], entry->dims[3], in, out }, 4 * sizeof *dims);
  return to;
}

static int
compare_entries (gconstpointer a, gconstpointer b)
{
  return strcmp (((const BundleEntry *) a)->name, ((const BundleEntry *) b)->name);
}

/* A layer of the authors', with a slot of Adam's. */
static void
add_layer (GArray *entries, GByteArray *data, LacunaWeights *weights, const char *layer)
{
  const char *again = g_str_has_suffix (layer, "_upsample") ? layer : NULL;
  g_autofree char *scope = again != NULL ? g_strdup_printf ("inpaint_net/%s/%s_conv", layer, layer)
                                         : g_strconcat ("inpaint_net/", layer, NULL);
  g_autofree char *kernel = g_strconcat (scope, "/kernel", NULL), *bias = g_strconcat (scope, "/bias", NULL);
  g_autofree char *slot = g_strconcat (bias, "/Adam", NULL);
  g_autofree char *weight_name = g_strconcat (layer, ".weight", NULL), *bias_name = g_strconcat (layer, ".bias", NULL);
  const LacunaWeightsEntry *weight_entry, *bias_entry;
  g_autofree float *weight = golden_read (weights, weight_name, &weight_entry);
  g_autofree float *biases = golden_read (weights, bias_name, &bias_entry);
  guint dims[4];
  g_autofree float *turned = to_hwio (weight_entry, weight, dims);

  add_entry (entries, data, kernel, 4, dims, turned);
  add_entry (entries, data, bias, 1, bias_entry->dims, biases);
  add_entry (entries, data, slot, 1, bias_entry->dims, biases);
}

/* The authors' checkpoint: under TensorFlow's names, blue first, with what the critic is made of. */
static void
test_authors (void)
{
  g_autofree char *folder = g_dir_make_tmp ("lacuna-import-XXXXXX", NULL);
  g_autofree char *index_path = g_build_filename (folder, "snap-0.index", NULL);
  g_autofree char *data_path = g_build_filename (folder, "snap-0.data-00000-of-00001", NULL);
  g_autoptr (LacunaWeights) golden = golden_load ("gated_oihw"), weights = NULL;
  g_autoptr (GArray) entries = g_array_new (FALSE, TRUE, sizeof (BundleEntry));
  g_autoptr (GByteArray) data = g_byte_array_new ();
  g_autoptr (GBytes) index = NULL;

  add_entry (entries, data, "discriminator/sn_patch_gan/conv1/kernel_sn/u", 2, (guint[]){ 1, 2 }, (float[]){ 1, 2 });
  add_entry (entries, data, "lr", 0, NULL, (float[]){ 1 });
  for (guint i = 0; i < LACUNA_N_LAYERS; i++)
    add_layer (entries, data, golden, lacuna_layer_get (i)->name);
  g_array_sort (entries, compare_entries);
  index = bundle_make_index ((BundleEntry *) entries->data, entries->len, 1);
  g_assert_true (g_file_set_contents (index_path, g_bytes_get_data (index, NULL), g_bytes_get_size (index), NULL));
  g_assert_true (g_file_set_contents (data_path, (const char *) data->data, data->len, NULL));

  weights = import (folder, 1);
  check_weights (weights, "BGR");
  check_outputs (weights, TRUE);
  folder_remove (folder);
}

/* The names of the port's own network, in running order. */
#define DOWN(stage)                                                                                                    \
  stage "conv1", stage "down_block1.conv1_downsample", stage "down_block1.conv2",                                      \
      stage "down_block2.conv1_downsample", stage "down_block2.conv2", stage "conv_bn1"
#define DILATED(stage) stage "conv_bn2", stage "conv_bn3", stage "conv_bn4", stage "conv_bn5"
#define UP(stage)                                                                                                      \
  stage "conv_bn6", stage "conv_bn7", stage "up_block1.conv1_upsample.conv", stage "up_block1.conv2",                  \
      stage "up_block2.conv1_upsample.conv", stage "up_block2.conv2", stage "conv_to_rgb"
static const char *const own_names[] = {
  DOWN ("stage1."),    DILATED ("stage1."),    UP ("stage1."),
  DOWN ("stage2.b1_"), DILATED ("stage2.b1_"), DOWN ("stage2.b2_"),
  "stage2.b2_conv_bn4", "stage2.b2_conv_bn5", UP ("stage2."),
};
G_STATIC_ASSERT (G_N_ELEMENTS (own_names) == LACUNA_N_LAYERS);

/* Its name for layer i's tensor; own: not that of what was converted. */
static char *
make_port_name (guint i, gboolean own, const char *part)
{
  const char *name = lacuna_layer_get (i)->name;

  if (own)
    return g_strdup_printf ("G.%s.conv.%s", own_names[i], part);
  return g_strdup_printf ("G.%s.%s%s", name, g_str_has_suffix (name, "_upsample") ? "conv.conv." : "conv.", part);
}

/* The port's file, of both its networks, with what its critic is made of. */
static void
test_port (gconstpointer own)
{
  g_autofree char *folder = g_dir_make_tmp ("lacuna-import-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "states.safetensors", NULL);
  g_autoptr (LacunaWeights) golden = golden_load ("gated_oihw"), weights = NULL;
  g_autoptr (LacunaWeightsWriter) writer = lacuna_weights_writer_new ();
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < 2 * LACUNA_N_LAYERS; i++)
    {
      const char *part = i % 2 == 0 ? "weight" : "bias";
      g_autofree char *name = g_strdup_printf ("%s.%s", lacuna_layer_get (i / 2)->name, part);
      g_autofree char *theirs = make_port_name (i / 2, own != NULL, part);
      const LacunaWeightsEntry *entry;
      g_autofree float *values = golden_read (golden, name, &entry);

      lacuna_weights_writer_add (writer, theirs, LACUNA_TYPE_F32, entry->n_dims, entry->dims, values);
    }
  lacuna_weights_writer_add (writer, "D.conv1.bias", LACUNA_TYPE_F32, 0, NULL, &(float){ 1.0f });
  g_assert_true (lacuna_weights_writer_save (writer, path, &error));
  g_assert_no_error (error);
  weights = import (path, 2);
  check_weights (weights, "RGB");
  folder_remove (folder);
}

/* The published index alone fits name for name and shape for shape, so that only the data is missing. */
static void
test_official_index (void)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "golden", "official", "v2-places2.index", NULL);
  g_auto (GStrv) notes = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_null (lacuna_models_import (path, NULL, &notes, &error));
  g_assert_error (error, LACUNA_ERROR, LACUNA_ERROR_FILE);
  g_assert_nonnull (strstr (error->message, "298 variables"));
  g_assert_nonnull (strstr (error->message, "“v2-places2.data-00000-of-00001”"));
}

/* Lacuna's own file comes in and goes out with all that tells what it is. */
static void
test_own (void)
{
  g_autofree char *folder = g_dir_make_tmp ("lacuna-import-XXXXXX", NULL);
  g_autofree char *out = g_build_filename (folder, "out.safetensors", NULL);
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "golden", "gated_oihw.safetensors", NULL);
  g_autoptr (LacunaWeights) weights = import (path, 1), exported = NULL;
  g_autoptr (GPtrArray) models = NULL;
  g_autoptr (GError) error = NULL;

  check_weights (weights, "RGB");
  check_outputs (weights, FALSE);
  g_assert_true (lacuna_models_export ("gated_oihw", out, LACUNA_PRECISION_KEPT, &error));
  exported = lacuna_weights_load (out, &error);
  g_assert_no_error (error);
  check_weights (exported, "RGB");
  models = lacuna_models_list ();
  for (guint i = 0; i < models->len; i++)
    {
      const LacunaModel *model = models->pdata[i];

      if (strcmp (model->name, "gated_oihw") != 0)
        continue;
      g_assert_cmpstr (model->architecture, ==, "deepfill-v2");
      g_assert_cmpuint (model->width, ==, 8);
    }
  folder_remove (folder);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_func ("/import-gated/official-index", test_official_index);
  g_test_add_func ("/import-gated/authors", test_authors);
  g_test_add_data_func ("/import-gated/port", NULL, test_port);
  g_test_add_data_func ("/import-gated/port-own", "own", test_port);
  g_test_add_func ("/import-gated/own", test_own);
  return g_test_run ();
}
