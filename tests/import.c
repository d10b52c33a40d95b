/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tests the import of models from all other formats, their critics, and the export. The oracle is the golden weights
 * and what the authors' code computed with them; hostile and damaged files have to be refused by name. */
#include "engine/import/import.h"

#include <archive.h>
#include <archive_entry.h>

#include "engine/error.h"
#include "engine/import/bundle.h"
#include "engine/import/library.h"
#include "engine/import/pickle.h"
#include "engine/import/torch.h"
#include "engine/zip.h"
#include "engine/network/generator.h"
#include "engine/network/layers.h"
#include "engine/weights/model-name.h"
#include "engine/weights/models.h"
#include "engine/weights/weights.h"
#include "tests/bundle.h"
#include "tests/context.h"
#include "tests/folder.h"
#include "tests/tiny.h"

static char *
get_golden_path (const char *name)
{
  return g_test_build_filename (G_TEST_DIST, "golden", name, NULL);
}

static GBytes *
read_golden (const char *name)
{
  g_autofree char *path = get_golden_path (name);
  g_autoptr (GError) error = NULL;
  char *data;
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

/* The model that comes of a golden file. */
static LacunaWeights *
import (const char *file, guint *ret_n_notes)
{
  g_autofree char *path = get_golden_path (file);
  g_auto (GStrv) notes = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *name = lacuna_models_import (path, NULL, &notes, &error);

  g_assert_no_error (error);
  *ret_n_notes = g_strv_length (notes);
  return load_model (name);
}

static void
assert_refused (const char *path, int code, const char *why)
{
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) notes = NULL;
  g_autofree char *name = lacuna_models_import (path, NULL, &notes, &error);

  g_assert_null (name);
  g_assert_error (error, LACUNA_ERROR, code);
  if (strstr (error->message, why) == NULL)
    g_error ("“%s” doesn't tell “%s”", error->message, why);
}

static void
assert_same (LacunaWeights *weights, LacunaWeights *expected, const char *name)
{
  const LacunaWeightsEntry *entry;
  g_autofree float *values = golden_read (expected, name, &entry);
  g_autofree float *got = golden_read (weights, name, NULL);

  g_assert_cmpmem (got, entry->n_elements * sizeof (float), values, entry->n_elements * sizeof (float));
}

/* Every family and format gives the very weights that it was written from. */
static void
test_golden (void)
{
  static const struct {
    const char *file, *channels;
    guint n_notes;
  } cases[] = {
    { "generator", "BGR", 0 },
    { "generator/snap-0.data-00000-of-00001", "BGR", 0 },
    { "two-shards", "BGR", 0 },
    { "checkpoint/snap-0.index", "BGR", 0 },
    { "gen_daa233_tiny.pt", "RGB", 1 },
    { "trainer_daa233_tiny.pt", "RGB", 1 },
    { "generator_tiny_oihw.safetensors", "RGB", 0 },
  };
  g_autoptr (LacunaWeights) expected = golden_load ("generator_tiny_oihw");

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      guint n_notes;
      g_autoptr (LacunaWeights) weights = import (cases[i].file, &n_notes);

      g_assert_cmpuint (n_notes, ==, cases[i].n_notes);
      g_assert_cmpuint (lacuna_weights_get_n_entries (weights), ==, 2 * LACUNA_N_LAYERS);
      for (guint j = 0; j < 2 * LACUNA_N_LAYERS; j++)
        assert_same (weights, expected, lacuna_weights_get_entry (expected, j)->name);
      g_assert_cmpstr (lacuna_weights_get_metadata (weights, "channels"), ==, cases[i].channels);
      g_assert_cmpstr (lacuna_weights_get_metadata (weights, "cnum"), ==, "4");
      g_assert_cmpstr (lacuna_weights_get_metadata (weights, "license"), ==, "unknown");
      g_assert_nonnull (lacuna_weights_get_metadata (weights, "source"));
    }
}

/* A layer's name in MMagic, whose modules are numbered in running order. */
static char *
make_mmagic_name (guint i, const char *part)
{
  static const struct {
    const char *name;
    guint n_layers, first;
  } modules[] = {
    { "stage1.encoder.enc", 6, 1 },
    { "stage1.dilation_neck.dilation_convs.", 4, 0 },
    { "stage1.decoder.dec", 7, 1 },
    { "stage2.encoder_conv.enc", 6, 1 },
    { "stage2.dilation_neck.dilation_convs.", 4, 0 },
    { "stage2.encoder_attention.enc", 6, 1 },
    { "stage2.contextual_attention_neck.conv", 2, 1 },
    { "stage2.decoder.dec", 7, 1 },
  };
  guint module = 0;

  for (; i >= modules[module].n_layers; module++)
    i -= modules[module].n_layers;
  return g_strdup_printf ("generator.%s%u.conv.%s", modules[module].name, modules[module].first + i, part);
}

/* MMagic's names, which expect BGR and come with what is to be known. */
static void
test_mmagic (void)
{
  g_autofree char *folder = g_dir_make_tmp ("lacuna-import-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "mmagic.safetensors", NULL);
  g_autoptr (LacunaWeights) tiny = golden_load ("generator_tiny_oihw"), weights = NULL;
  g_autoptr (LacunaWeightsWriter) writer = lacuna_weights_writer_new ();
  g_auto (GStrv) notes = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *name = NULL;

  for (guint i = 0; i < 2 * LACUNA_N_LAYERS; i++)
    {
      const char *part = i % 2 == 0 ? "weight" : "bias";
      g_autofree char *own = g_strdup_printf ("%s.%s", lacuna_layer_get (i / 2)->name, part);
      g_autofree char *theirs = make_mmagic_name (i / 2, part);
      const LacunaWeightsEntry *entry;
      g_autofree float *values = golden_read (tiny, own, &entry);

      lacuna_weights_writer_add (writer, theirs, LACUNA_TYPE_F32, entry->n_dims, entry->dims, values);
    }
  lacuna_weights_writer_add (writer, "disc.global_disc.fc.bias", LACUNA_TYPE_F32, 0, NULL, &(float){ 1.0f });
  g_assert_true (lacuna_weights_writer_save (writer, path, &error));
  name = lacuna_models_import (path, NULL, &notes, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (name, ==, "mmagic");
  g_assert_cmpuint (g_strv_length (notes), ==, 1);
  weights = load_model (name);
  g_assert_cmpstr (lacuna_weights_get_metadata (weights, "channels"), ==, "BGR");
  for (guint i = 0; i < 2 * LACUNA_N_LAYERS; i++)
    assert_same (weights, tiny, lacuna_weights_get_entry (tiny, i)->name);
  folder_remove (folder);
}

static char *
get_critics_path (const char *name)
{
  g_autofree char *path = lacuna_models_get_user_path (name);

  return lacuna_models_get_critics_path (path);
}

/* The critics of a checkpoint go where its model goes. */
static void
test_critics (void)
{
  g_autofree char *path = get_golden_path ("checkpoint"), *without = get_golden_path ("generator");
  g_autofree char *kept = get_critics_path ("judged");
  g_autofree char *moved = get_critics_path ("moved");
  g_autofree char *none = get_critics_path ("alone");
  g_autoptr (LacunaWeights) expected = golden_load ("critics_tiny_oihw");
  g_autoptr (LacunaWeights) critics = NULL;
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) notes = NULL, more_notes = NULL;
  g_autofree char *name = lacuna_models_import (path, "judged", &notes, &error);
  g_autofree char *alone = lacuna_models_import (without, "alone", &more_notes, &error);

  g_assert_no_error (error);
  g_assert_false (g_file_test (none, G_FILE_TEST_EXISTS));
  critics = lacuna_weights_load (kept, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (lacuna_weights_get_n_entries (critics), ==, lacuna_weights_get_n_entries (expected));
  for (guint i = 0; i < lacuna_weights_get_n_entries (expected); i++)
    {
      const LacunaWeightsEntry *entry = lacuna_weights_get_entry (expected, i);
      guint n_dims, dims[4];
      g_autofree float *values = tiny_read_weight (expected, "", entry->name, &n_dims, dims);
      g_autofree float *got = lacuna_weights_read (critics, entry->name, n_dims, dims, &error);

      g_assert_no_error (error);
      g_assert_cmpmem (got, entry->n_elements * sizeof (float), values, entry->n_elements * sizeof (float));
    }
  g_assert_true (lacuna_models_rename ("judged", "moved", &error));
  g_assert_true (g_file_test (moved, G_FILE_TEST_EXISTS));
  g_assert_true (lacuna_models_remove ("moved", &error));
  g_assert_false (g_file_test (moved, G_FILE_TEST_EXISTS));
  g_assert_true (lacuna_models_restore ("moved", &error));
  g_assert_true (g_file_test (moved, G_FILE_TEST_EXISTS));
  g_assert_no_error (error);
}

/* Height×width×channels in BGR, as the authors' code has images, to planes in RGB; from planes with turned FALSE. */
static float *
read_picture (LacunaWeights *golden, const char *prefix, const char *name, gboolean turned, LacunaShape *ret_shape)
{
  g_autofree char *full = g_strconcat (prefix, name, NULL);
  const LacunaWeightsEntry *entry;
  float *values = golden_read (golden, full, &entry), *planes;
  const guint height = entry->dims[turned ? 1 : 2], width = entry->dims[turned ? 2 : 3];
  const guint channels = entry->dims[turned ? 3 : 1];
  const gsize area = (gsize) height * width;

  *ret_shape = (LacunaShape){ 1, channels, height, width };
  if (!turned)
    return values;
  planes = g_new (float, entry->n_elements);
  for (gsize i = 0; i < area; i++)
    for (guint c = 0; c < channels; c++)
      planes[(channels - 1 - c) * area + i] = values[i * channels + c];
  g_free (values);
  return planes;
}

static void
check_outputs (const char *file, const char *golden_file, const char *prefix, gboolean turned, double tolerance)
{
  g_autoptr (LacunaContext) context = context_open ();
  guint n_notes;
  g_autoptr (LacunaWeights) weights = import (file, &n_notes), golden = golden_load (golden_file);
  g_autoptr (GError) error = NULL;
  g_autoptr (LacunaGenerator) generator = lacuna_generator_new (context, weights, NULL, NULL, &error);
  g_auto (LacunaGeneratorOutput) output = { 0 };
  LacunaShape shape, mask_shape;
  g_autofree float *mask = read_picture (golden, prefix, "mask", turned, &mask_shape);
  g_autofree float *coarse = read_picture (golden, prefix, "coarse", turned, &shape);
  g_autofree float *refined = read_picture (golden, prefix, "refined", turned, &shape);
  g_autofree float *image = read_picture (golden, prefix, "image", turned, &shape);
  const gsize n = lacuna_shape_get_elements (shape);
  g_autofree float *got = g_new (float, n);
  g_autoptr (LacunaTensor) in = NULL;

  g_assert_no_error (error);
  for (gsize i = 0; i < n; i++)
    image[i] *= 1.0f - mask[i % lacuna_shape_get_elements (mask_shape)];
  in = context_make_tensor (context, shape, image);
  lacuna_generator_forward (generator, in, mask, NULL, &output, &error);
  g_assert_no_error (error);
  g_assert_true (lacuna_tensor_read (output.coarse, got, NULL));
  golden_assert_close ("coarse", got, coarse, n, tolerance);
  g_assert_true (lacuna_tensor_read (output.refined, got, NULL));
  golden_assert_close ("refined", got, refined, n, tolerance);
}

/* What the authors' code made under TensorFlow, with its order of colours, and the golden network. */
static void
test_outputs (void)
{
  check_outputs ("generator", "tf_outputs", "64x64.", TRUE, 5e-5);
  check_outputs ("two-shards", "tf_outputs", "48x80.", TRUE, 5e-5);
  check_outputs ("gen_daa233_tiny.pt", "generator_tiny_io_64x64", "", FALSE, 5e-5);
}

/* The published indexes alone: known, and what is missing is told. */
static void
test_official_indexes (void)
{
  g_autofree char *places2 = get_golden_path ("official/places2.index");
  g_autofree char *celeba_hq = get_golden_path ("official/celeba-hq.index");

  assert_refused (places2, LACUNA_ERROR_FILE, "84 variables");
  assert_refused (places2, LACUNA_ERROR_FILE, "“places2.data-00000-of-00001”");
  assert_refused (celeba_hq, LACUNA_ERROR_FILE, "316 variables");
}

static void
write_file (const char *folder, const char *name, gconstpointer data, gsize size)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);

  g_assert_true (g_file_set_contents (path, data, size, NULL));
}

/* A golden checkpoint with one more pair of tensors, and with one too few. */
static void
test_named_problems (void)
{
  g_autofree char *folder = g_dir_make_tmp ("lacuna-import-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "odd.safetensors", NULL);
  g_autoptr (LacunaWeights) tiny = golden_load ("generator_tiny_oihw");
  g_autoptr (LacunaWeightsWriter) writer = lacuna_weights_writer_new ();
  const guint dims[] = { 2, 3 };
  const float values[6] = { 0 };
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < 2 * LACUNA_N_LAYERS; i++)
    {
      const LacunaWeightsEntry *entry = lacuna_weights_get_entry (tiny, i);
      g_autofree float *kept = golden_read (tiny, entry->name, NULL);

      if (strcmp (entry->name, "xconv3.bias") == 0)
        lacuna_weights_writer_add (writer, entry->name, LACUNA_TYPE_F32, 2, dims, values);
      else if (strcmp (entry->name, "conv5.weight") != 0 && strcmp (entry->name, "conv6.weight") != 0)
        lacuna_weights_writer_add (writer, entry->name, LACUNA_TYPE_F32, entry->n_dims, entry->dims, kept);
    }
  lacuna_weights_writer_add (writer, "conv18.weight", LACUNA_TYPE_F32, 2, dims, values);
  g_assert_true (lacuna_weights_writer_save (writer, path, &error));
  assert_refused (path, LACUNA_ERROR_UNFIT, "it lacks “conv5.weight”, “conv6.weight”;");
  assert_refused (path, LACUNA_ERROR_UNFIT, "“xconv3.bias” (2×3 instead of 8)");
  assert_refused (path, LACUNA_ERROR_UNFIT, "not of the network are “conv18.weight”");
  folder_remove (folder);
}

static void
assert_bundle_refused (const BundleEntry *entries, guint n, GBytes *data, const char *why)
{
  g_autoptr (GBytes) index = bundle_make_index (entries, n, 1);
  g_autoptr (GError) error = NULL;
  g_autoptr (LacunaCheckpoint) checkpoint = lacuna_bundle_read (index, &data, 1, &error);

  for (guint i = 0; checkpoint != NULL && error == NULL && i < checkpoint->tensors->len; i++)
    g_free (lacuna_checkpoint_tensor_read (&g_array_index (checkpoint->tensors, LacunaCheckpointTensor, i), &error));
  g_assert_nonnull (error);
  if (strstr (error->message, why) == NULL)
    g_error ("“%s” doesn't tell “%s”", error->message, why);
}

static void
test_hostile_bundles (void)
{
  static const float values[] = { 1.0f, 2.0f, 3.0f, 4.0f };
  static const float infinite[] = { 1.0f, INFINITY, 3.0f, 4.0f };
  const guint32 sum = lacuna_crc32c (values, 8), rest = lacuna_crc32c (values + 2, 8);
  const struct {
    BundleEntry entries[2];
    const char *why;
  } cases[] = {
    { { { "a", 1, 1, { 2 }, 0, 0, 8, sum }, { "b", 1, 1, { 2 }, 0, 4, 8, rest } }, "overlap" },
    { { { "a", 1, 1, { 2 }, 0, 0, 8, sum }, { "b", 1, 1, { 1 }, 0, 12, 4, rest } }, "of no tensor" },
    { { { "a", 1, 1, { 2 }, 0, 0, 8, sum }, { "b", 1, 1, { 1 }, 0, 8, 4, rest } }, "bytes follow" },
    { { { "a", 1, 1, { 2 }, 0, 0, 8, sum }, { "b", 1, 1, { 2 }, 0, 8, 8, sum } }, "checksum" },
    { { { "a", 1, 1, { 2 }, 0, 0, 8, sum }, { "b", 1, 1, { 3 }, 0, 8, 12, rest } }, "beyond the end" },
    { { { "a", 1, 1, { 2 }, 0, 0, 8, sum }, { "b", 1, 1, { 3 }, 0, 8, 8, rest } }, "contradict" },
    { { { "a", 1, 1, { 2 }, 0, 0, 8, sum }, { "b", 1, 1, { 2 }, 1, 8, 8, rest } }, "none of its own" },
    { { { "a", 1, 1, { 2 }, 0, 0, 8, sum }, { "b", 1, 1, { 2 }, 0, -8, 8, rest } }, "impossible place" },
    { { { "a", 1, 1, { 2 }, 0, 0, 8, sum }, { "b", 1, 1, { -2 }, 0, 8, 8, rest } }, "impossible shape" },
    { { { "a", 1, 1, { 2 }, 0, 0, 8, sum }, { "b", 1, 4, { 1 << 30, 1 << 30, 1 << 30, 1 << 30 }, 0, 8, 8, rest } },
      "impossible shape" },
    { { { "a", 1, 1, { 2 }, 0, 0, 8, sum }, { "b", 1, 8, { 1, 1, 1, 1, 1, 1, 1, 2 }, 0, 8, 8, rest } },
      "impossible shape" },
    { { { "a", 1, 1, { 2 }, 0, 0, 8, sum }, { "a", 1, 1, { 2 }, 0, 8, 8, rest } }, "twice" },
    { { { "a", 1, 1, { 2 }, 0, 0, 8, sum }, { "b", 3, 1, { 2 }, 0, 8, 8, rest } }, "not hold floats" },
  };
  g_autoptr (GBytes) data = g_bytes_new_static (values, sizeof values);
  g_autoptr (GBytes) endless = g_bytes_new_static (infinite, sizeof infinite);
  const BundleEntry whole = { "a", 1, 1, { 4 }, 0, 0, 16, lacuna_crc32c (infinite, sizeof infinite) };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    assert_bundle_refused (cases[i].entries, 2, data, cases[i].why);
  assert_bundle_refused (&whole, 1, endless, "not finite");
}

/* An index that is cut off anywhere, or has any byte changed, is refused: nothing of it is without a checksum but
 * what nobody reads. */
static void
test_damaged_indexes (void)
{
  g_autoptr (GBytes) index = read_golden ("generator/snap-0.index");
  gsize size;
  const guint8 *data = g_bytes_get_data (index, &size);
  guint n_accepted = 0;

  g_assert_cmpuint (lacuna_bundle_count_shards (index, NULL), ==, 1);
  for (gsize i = 0; i < size; i++)
    {
      g_autofree guint8 *copy = g_memdup2 (data, size);
      g_autoptr (GBytes) cut = g_bytes_new_static (data, i), changed = NULL;

      copy[i] ^= 0x41;
      changed = g_bytes_new_static (copy, size);
      g_assert_cmpuint (lacuna_bundle_count_shards (cut, NULL), ==, 0);
      n_accepted += lacuna_bundle_count_shards (changed, NULL) != 0;
    }
  /* The empty block about the table and its handle, and what fills up the footer. */
  g_assert_cmpuint (n_accepted, <, 64);
}

static void
assert_pickle_refused (const char *pickle, gsize size, const char *why)
{
  g_autoptr (GError) error = NULL;
  gsize at = 0;
  g_autoptr (LacunaPickle) read = lacuna_pickle_read ((const guint8 *) pickle, size, &at, &error);

  g_assert_null (read);
  g_assert_error (error, LACUNA_ERROR, LACUNA_ERROR_FORMAT);
  if (strstr (error->message, why) == NULL)
    g_error ("“%s” doesn't tell “%s”", error->message, why);
}

/* What would do something where it is run asks for what is not known here. */
static void
test_hostile_pickles (void)
{
#define REFUSED(pickle, why) assert_pickle_refused (pickle, sizeof pickle - 1, why)
  REFUSED ("\x80\x02"
           "cos\nsystem\nX\x02\0\0\0ls\x85R.",
           "“os system”");
  REFUSED ("\x80\x04\x8c\x05posix\x8c\x06system\x93\x8c\x02ls\x85R.", "“posix system”");
  REFUSED ("\x80\x02"
           "cbuiltins\neval\n.",
           "“builtins eval”");
  REFUSED ("\x80\x02"
           "ctorch.serialization\nload\n.",
           "“torch.serialization load”");
  REFUSED ("\x80\x02"
           "ctorch\nFloatStorage\n)R.",
           "can't be called");
  REFUSED ("\x80\x02}(\x81.", "instruction 0x81");
  REFUSED ("\x80\x02ios\nsystem\n.", "instruction 0x69");
  REFUSED ("\x80\x02", "cut off");
  REFUSED ("\x80\x02X\xff\xff\xff\xff", "cut off");
  REFUSED ("\x80\x02.", "amid");
  REFUSED ("\x80\x02(}.", "amid");
  REFUSED ("\x80\x02R.", "can't be called");
  REFUSED ("\x80\x02h\x05.", "never had");
  REFUSED ("\x80\x02K\x01s.", "more than there is");
  REFUSED ("\x80\x02]K\x01K\x02s.", "no list or dictionary");
  REFUSED ("\x80\x02Q.", "no storage");
#undef REFUSED
}

/* A zip archive of the files; filter: "store" or "deflate". */
static GBytes *
write_zip (GHashTable *files, const char *compression)
{
  struct archive *archive = archive_write_new ();
  g_autofree char *buffer = g_malloc (1 << 20);
  gsize size = 0;
  GHashTableIter iter;
  gpointer name, bytes;

  archive_write_set_format_zip (archive);
  archive_write_set_format_option (archive, "zip", "compression", compression);
  archive_write_set_bytes_per_block (archive, 0);
  g_assert_cmpint (archive_write_open_memory (archive, buffer, 1 << 20, &size), ==, ARCHIVE_OK);
  g_hash_table_iter_init (&iter, files);
  while (g_hash_table_iter_next (&iter, &name, &bytes))
    {
      struct archive_entry *entry = archive_entry_new ();

      archive_entry_set_pathname (entry, name);
      archive_entry_set_size (entry, g_bytes_get_size (bytes));
      archive_entry_set_filetype (entry, AE_IFREG);
      archive_entry_set_perm (entry, 0644);
      g_assert_cmpint (archive_write_header (archive, entry), ==, ARCHIVE_OK);
      archive_write_data (archive, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
      archive_entry_free (entry);
    }
  g_assert_cmpint (archive_write_free (archive), ==, ARCHIVE_OK);
  return g_bytes_new_take (g_steal_pointer (&buffer), size);
}

static void
assert_torch_refused (GBytes *bytes, const char *why)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (LacunaCheckpoint) checkpoint = lacuna_torch_read (bytes, &error);

  g_assert_null (checkpoint);
  g_assert_error (error, LACUNA_ERROR, LACUNA_ERROR_FORMAT);
  if (strstr (error->message, why) == NULL)
    g_error ("“%s” doesn't tell “%s”", error->message, why);
}

/* Archives that are cut off, changed, longer than they should be, compressed; and names of files that would lead
 * elsewhere lead nowhere. */
static void
test_hostile_archives (void)
{
  g_autoptr (GBytes) good = read_golden ("gen_daa233_tiny.pt"), stored = NULL, deflated = NULL, longer = NULL;
  g_autoptr (GBytes) changed = NULL;
  g_autoptr (GHashTable) files = lacuna_zip_read (good, g_bytes_get_size (good), NULL);
  g_autoptr (LacunaCheckpoint) checkpoint = NULL;
  g_autoptr (GByteArray) array = g_byte_array_new ();
  g_autoptr (GError) error = NULL;
  gsize size;
  const guint8 *data = g_bytes_get_data (good, &size);

  g_hash_table_insert (files, g_strdup ("../../lacuna-escaped"), g_bytes_new_static ("out", 3));
  g_hash_table_insert (files, g_strdup ("/tmp/lacuna-escaped"), g_bytes_new_static ("out", 3));
  stored = write_zip (files, "store");
  deflated = write_zip (files, "deflate");
  checkpoint = lacuna_torch_read (stored, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (checkpoint->tensors->len, ==, 2 * LACUNA_N_LAYERS);
  g_assert_false (g_file_test ("../../lacuna-escaped", G_FILE_TEST_EXISTS));
  g_assert_false (g_file_test ("/tmp/lacuna-escaped", G_FILE_TEST_EXISTS));
  assert_torch_refused (deflated, "compressed");

  g_byte_array_append (array, data, size);
  g_byte_array_append (array, (const guint8 *) "garbage behind", 14);
  longer = g_bytes_new (array->data, array->len);
  assert_torch_refused (longer, "something follows");
  array->data[size / 2] ^= 1;
  changed = g_bytes_new (array->data, size);
  assert_torch_refused (changed, "damaged");
  for (gsize i = 4; i < size; i += 997)
    {
      g_autoptr (GBytes) cut = g_bytes_new_from_bytes (good, 0, i);

      assert_torch_refused (cut, "cut off");
    }
}

/* What PyTorch wrote before 1.6: the same pickle, and the storages behind it. */
static GBytes *
make_legacy (GHashTable *files)
{
  static const char head[] = "\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19.\x80\x02M\xe9\x03.\x80\x02}.";
  GBytes *pickle = g_hash_table_lookup (files, "gen_daa233_tiny/data.pkl");
  GByteArray *array = g_byte_array_new ();

  g_byte_array_append (array, (const guint8 *) head, sizeof head - 1);
  g_byte_array_append (array, g_bytes_get_data (pickle, NULL), g_bytes_get_size (pickle));
  g_byte_array_append (array, (const guint8 *) "\x80\x02](", 4);
  for (guint i = 0; i < 2 * LACUNA_N_LAYERS; i++)
    {
      g_autofree char *key = g_strdup_printf ("%u", i);

      g_byte_array_append (array, (const guint8 *) "X", 1);
      bundle_put_fixed (array, strlen (key), 4);
      g_byte_array_append (array, (const guint8 *) key, strlen (key));
    }
  g_byte_array_append (array, (const guint8 *) "e.", 2);
  for (guint i = 0; i < 2 * LACUNA_N_LAYERS; i++)
    {
      g_autofree char *name = g_strdup_printf ("gen_daa233_tiny/data/%u", i);
      GBytes *storage = g_hash_table_lookup (files, name);

      bundle_put_fixed (array, g_bytes_get_size (storage) / 4, 8);
      g_byte_array_append (array, g_bytes_get_data (storage, NULL), g_bytes_get_size (storage));
    }
  return g_byte_array_free_to_bytes (array);
}

static void
test_legacy (void)
{
  g_autoptr (GBytes) zip = read_golden ("gen_daa233_tiny.pt");
  g_autoptr (GHashTable) files = lacuna_zip_read (zip, g_bytes_get_size (zip), NULL);
  g_autoptr (GBytes) legacy = make_legacy (files), cut = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (LacunaCheckpoint) expected = lacuna_torch_read (zip, &error), read = lacuna_torch_read (legacy, &error);
  g_autofree char *folder = g_dir_make_tmp ("lacuna-import-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "old.tar", NULL);
  char tar[1024] = "tensors";

  g_assert_no_error (error);
  g_assert_cmpuint (read->tensors->len, ==, expected->tensors->len);
  for (guint i = 0; i < read->tensors->len; i++)
    {
      const LacunaCheckpointTensor *a = &g_array_index (read->tensors, LacunaCheckpointTensor, i);
      const LacunaCheckpointTensor *b = &g_array_index (expected->tensors, LacunaCheckpointTensor, i);

      g_assert_cmpstr (a->name, ==, b->name);
      g_assert_true (g_bytes_equal (a->data, b->data));
    }
  cut = g_bytes_new_from_bytes (legacy, 0, g_bytes_get_size (legacy) - 1);
  assert_torch_refused (cut, "cut off");
  memcpy (tar + 257, "ustar", 5);
  write_file (folder, "old.tar", tar, sizeof tar);
  assert_refused (path, LACUNA_ERROR_FORMAT, "torch.save");
  folder_remove (folder);
}

/* What is imported can be given on: for RGB, and back, in both precisions. */
static void
test_export (void)
{
  g_autofree char *source = get_golden_path ("generator"), *folder = g_dir_make_tmp ("lacuna-import-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "out.safetensors", NULL), *name = NULL;
  g_autoptr (LacunaWeights) bgr = golden_load ("generator_tiny_oihw"), full = NULL, narrow = NULL;
  g_autofree float *before = golden_read (bgr, "conv17.bias", NULL), *after = NULL;
  g_auto (GStrv) notes = NULL;
  g_autoptr (GError) error = NULL;

  name = lacuna_models_import (source, NULL, &notes, &error);
  g_assert_true (lacuna_models_export (name, path, LACUNA_PRECISION_KEPT, &error));
  full = lacuna_weights_load (path, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (lacuna_weights_get_metadata (full, "channels"), ==, "RGB");
  g_assert_cmpstr (lacuna_weights_get_metadata (full, "license"), ==, "unknown");
  after = golden_read (full, "conv17.bias", NULL);
  for (guint i = 0; i < 3; i++)
    g_assert_cmpfloat (after[i], ==, before[2 - i]);
  assert_same (full, bgr, "xconv9_atrous.weight");
  g_assert_true (lacuna_models_export (name, path, LACUNA_PRECISION_FP16, &error));
  narrow = lacuna_weights_load (path, &error);
  g_assert_no_error (error);
  g_assert_true (lacuna_weights_find (narrow, "conv5.weight")->type == LACUNA_TYPE_F16);
  g_assert_false (lacuna_models_export (name, "out.onnx", LACUNA_PRECISION_KEPT, &error));
  g_assert_error (error, LACUNA_ERROR, LACUNA_ERROR_UNFIT);
  folder_remove (folder);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_func ("/import/golden", test_golden);
  g_test_add_func ("/import/mmagic", test_mmagic);
  g_test_add_func ("/import/critics", test_critics);
  g_test_add_func ("/import/outputs", test_outputs);
  g_test_add_func ("/import/official-indexes", test_official_indexes);
  g_test_add_func ("/import/named-problems", test_named_problems);
  g_test_add_func ("/import/hostile-bundles", test_hostile_bundles);
  g_test_add_func ("/import/damaged-indexes", test_damaged_indexes);
  g_test_add_func ("/import/hostile-pickles", test_hostile_pickles);
  g_test_add_func ("/import/hostile-archives", test_hostile_archives);
  g_test_add_func ("/import/legacy", test_legacy);
  g_test_add_func ("/import/export", test_export);
  return g_test_run ();
}
