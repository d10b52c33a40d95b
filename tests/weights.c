/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tests the reading and writing of safetensors files, and the lists of models. The oracle is values and names that
 * the golden files are known to hold, files written and read again, and the errors of hostile ones. */
#include "engine/weights/weights.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "engine/error.h"
#include "engine/import/import.h"
#include "engine/import/library.h"
#include "engine/weights/models.h"
#include "tests/golden.h"

/* A file of that header text and n_data zero bytes. */
static GBytes *
make_file (const char *header, gsize n_data)
{
  GByteArray *array = g_byte_array_new ();
  guint64 length = GUINT64_TO_LE (strlen (header));

  g_byte_array_append (array, (const guint8 *) &length, sizeof length);
  g_byte_array_append (array, (const guint8 *) header, strlen (header));
  g_byte_array_set_size (array, array->len + n_data);
  memset (array->data + array->len - n_data, 0, n_data);
  return g_byte_array_free_to_bytes (array);
}

static void
assert_refused (GBytes *bytes, const char *why)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (LacunaWeights) weights = lacuna_weights_new_from_bytes (bytes, &error);

  g_assert_error (error, LACUNA_ERROR, LACUNA_ERROR_FORMAT);
  g_assert_null (weights);
  if (strstr (error->message, why) == NULL)
    g_error ("“%s” doesn't tell “%s”", error->message, why);
}

static void
test_golden (void)
{
  static const float expected_bias[] = { 0x1.8ea40ap-7f, -0x1.a5b708p-5f, -0x1.9fae32p-5f, -0x1.526810p-5f };
  static const gint32 expected_rows[] = { 0, 2, 4, 6, 9, 11, 13, 15 };
  g_autoptr (LacunaWeights) weights = golden_load ("generator_tiny_oihw");
  g_autoptr (LacunaWeights) rows = golden_load ("resize_rows");
  const LacunaWeightsEntry *entry = lacuna_weights_find (weights, "allconv11.weight");
  g_autofree float *bias = golden_read (weights, "conv1.bias", NULL);
  g_autofree gint32 *half = NULL;
  g_autoptr (GError) error = NULL;
  gsize n;

  g_assert_cmpuint (lacuna_weights_get_n_entries (weights), ==, 84);
  g_assert_cmpstr (lacuna_weights_get_entry (weights, 0)->name, ==, "allconv11.bias");
  g_assert_cmpstr (lacuna_weights_get_entry (weights, 83)->name, ==, "xconv9_atrous.weight");
  g_assert_cmpstr (lacuna_weights_get_metadata (weights, "about"), ==, "cnum 4; layout OIHW; names deepfill.py");
  g_assert_null (lacuna_weights_get_metadata (weights, "cnum"));
  g_assert_null (lacuna_weights_find (weights, "conv18.weight"));
  g_assert_cmpuint (entry->n_dims, ==, 4);
  g_assert_cmpuint (entry->dims[0], ==, 16);
  g_assert_cmpuint (entry->dims[1], ==, 32);
  g_assert_cmpuint (entry->dims[2], ==, 3);
  g_assert_cmpuint (entry->n_elements, ==, 16 * 32 * 9);
  g_assert_true (entry->type == LACUNA_TYPE_F32);
  for (guint i = 0; i < G_N_ELEMENTS (expected_bias); i++)
    g_assert_cmpfloat (bias[i], ==, expected_bias[i]);

  half = lacuna_weights_read_int (rows, "half_16", &n, &error);
  g_assert_no_error (error);
  g_assert_cmpmem (half, n * sizeof *half, expected_rows, sizeof expected_rows);
}

static void
test_hostile_headers (void)
{
  static const struct {
    const char *header;
    gsize n_data;
    const char *why;
  } cases[] = {
    { "", 0, "no JSON object" },
    { "[]", 0, "no JSON object" },
    { "{\"a\":", 0, "not JSON" },
    { "{\"a\":1}", 0, "not described" },
    { "{\"__metadata__\":[]}", 0, "metadata" },
    { "{\"__metadata__\":{\"cnum\":16}}", 0, "“cnum”" },
    { "{\"a\":{\"dtype\":\"BF16\",\"shape\":[1],\"data_offsets\":[0,2]}}", 2, "type BF16" },
    { "{\"a\":{\"shape\":[1],\"data_offsets\":[0,2]}}", 2, "type unknown" },
    { "{\"a\":{\"dtype\":\"F32\",\"data_offsets\":[0,4]}}", 4, "no shape" },
    { "{\"a\":{\"dtype\":\"F32\",\"shape\":[1,1,1,1,1],\"data_offsets\":[0,4]}}", 4, "no shape" },
    { "{\"a\":{\"dtype\":\"F32\",\"shape\":[-1],\"data_offsets\":[0,4]}}", 4, "no shape" },
    { "{\"a\":{\"dtype\":\"F32\",\"shape\":[1.0],\"data_offsets\":[0,4]}}", 4, "no shape" },
    { "{\"a\":{\"dtype\":\"F32\",\"shape\":[4294967295,4294967295,4294967295],\"data_offsets\":[0,4]}}", 4,
      "impossible shape" },
    { "{\"a\":{\"dtype\":\"F32\",\"shape\":[2147483648,2147483648],\"data_offsets\":[0,0]}}", 0, "contradict" },
    { "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,4]}}", 4, "contradict" },
    { "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,0]}}", 4, "offsets" },
    { "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[-4,0]}}", 4, "offsets" },
    { "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}", 3, "cut off" },
    { "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[18446744073709551612,0]}}", 4, "offsets" },
    { "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},"
      "\"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}",
      8, "“b” overlaps" },
    { "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}", 8, "of no tensor" },
    { "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}", 8, "bytes follow" },
    { "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]},"
      "\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}",
      4, "twice" },
    { "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4],\"shape\":[1]}}", 4, "twice" },
    { "/*\"*/{}", 0, "not that of a safetensors file" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GBytes) bytes = make_file (cases[i].header, cases[i].n_data);

      assert_refused (bytes, cases[i].why);
    }
}

static void
test_hostile_lengths (void)
{
  g_autofree char *nested = g_strnfill (1 << 20, '[');
  g_autoptr (GBytes) deep = make_file (nested, 0);
  g_autoptr (GBytes) empty = g_bytes_new_static ("", 0);
  g_autoptr (GBytes) huge = g_bytes_new_static ("\xff\xff\xff\xff\xff\xff\xff\xff{}", 10);
  g_autoptr (GBytes) longer = g_bytes_new_static ("\x03\0\0\0\0\0\0\0{}", 10);

  assert_refused (deep, "not that of a safetensors file");
  assert_refused (empty, "too short");
  assert_refused (huge, "18446744073709551615 bytes");
  assert_refused (longer, "3 bytes");
}

static char *
make_path (const char *name)
{
  g_assert_cmpint (g_mkdir_with_parents (g_get_user_cache_dir (), 0700), ==, 0);
  return g_build_filename (g_get_user_cache_dir (), name, NULL);
}

static void
test_widening (void)
{
  static const struct {
    guint16 half;
    float value;
  } cases[] = {
    { 0x0000, 0.0f },     { 0x8000, -0.0f },       { 0x0001, 0x1p-24f }, { 0x83ff, -0x1.ff8p-15f },
    { 0x0400, 0x1p-14f }, { 0x3555, 0x1.554p-2f }, { 0x3c00, 1.0f },     { 0x3c01, 0x1.004p+0f },
    { 0xc000, -2.0f },    { 0x7bff, 65504.0f },
  };
  guint16 halves[G_N_ELEMENTS (cases)];
  g_autofree char *header = g_strdup_printf ("{\"a\":{\"dtype\":\"F16\",\"shape\":[%u],\"data_offsets\":[0,%u]}}",
                                             (guint) G_N_ELEMENTS (cases), (guint) sizeof halves);
  g_autoptr (GBytes) blank = make_file (header, sizeof halves);
  g_autoptr (GByteArray) file = g_bytes_unref_to_array (g_steal_pointer (&blank));
  g_autoptr (LacunaWeights) weights = NULL;
  g_autofree float *values = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    halves[i] = GUINT16_TO_LE (cases[i].half);
  memcpy (file->data + file->len - sizeof halves, halves, sizeof halves);
  bytes = g_bytes_new (file->data, file->len);
  weights = lacuna_weights_new_from_bytes (bytes, &error);
  g_assert_no_error (error);
  values = golden_read (weights, "a", NULL);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_cmpmem (&values[i], sizeof (float), &cases[i].value, sizeof (float));
}

static void
test_unfit (void)
{
  static const char *const headers[] = {
    "{\"a\":{\"dtype\":\"F32\",\"shape\":[2,1],\"data_offsets\":[0,8]}}",
    "{\"a\":{\"dtype\":\"F16\",\"shape\":[2,1],\"data_offsets\":[0,4]}}",
  };
  static const guint8 nans[][4] = { { 0, 0, 0xc0, 0x7f }, { 0, 0, 0, 0xfc } };
  static const guint dims[] = { 2, 1 };

  for (guint i = 0; i < G_N_ELEMENTS (headers); i++)
    {
      g_autoptr (GBytes) blank = make_file (headers[i], 8 >> i);
      g_autoptr (GByteArray) file = g_bytes_unref_to_array (g_steal_pointer (&blank));
      g_autoptr (GBytes) bytes = NULL;
      g_autoptr (LacunaWeights) weights = NULL;
      g_autoptr (GError) missing = NULL, misshapen = NULL, transposed = NULL, infinite = NULL, integer = NULL;
      gsize n;

      memcpy (file->data + file->len - 4, nans[i], 4);
      bytes = g_bytes_new (file->data, file->len);
      weights = lacuna_weights_new_from_bytes (bytes, NULL);
      g_assert_null (lacuna_weights_read (weights, "b", 2, dims, &missing));
      g_assert_error (missing, LACUNA_ERROR, LACUNA_ERROR_UNFIT);
      g_assert_cmpstr (missing->message, ==,
                       "The weights lack the tensor “b” (2×1). Choose a file of generator weights.");
      g_assert_null (lacuna_weights_read (weights, "a", 1, dims, &misshapen));
      g_assert_error (misshapen, LACUNA_ERROR, LACUNA_ERROR_UNFIT);
      g_assert_null (lacuna_weights_read (weights, "a", 2, (const guint[]){ 1, 2 }, &transposed));
      g_assert_cmpstr (transposed->message, ==,
                       "The weights' tensor “a” is 2×1, which should be 1×2. Choose a file of generator weights.");
      g_assert_null (lacuna_weights_read (weights, "a", 2, dims, &infinite));
      g_assert_error (infinite, LACUNA_ERROR, LACUNA_ERROR_UNFIT);
      g_assert_nonnull (strstr (infinite->message, "“a” holds a value that is not finite"));
      g_assert_null (lacuna_weights_read_int (weights, "a", &n, &integer));
      g_assert_error (integer, LACUNA_ERROR, LACUNA_ERROR_UNFIT);
    }
}

static void
test_round_trip (void)
{
  static const float values[] = { 0.0f, -1.5f, 0x1p-24f, 0x1.8p-25f, 0x1.002p+0f, 0x1.006p+0f, 65504.0f, 65519.0f };
  static const float rounded[] = { 0.0f, -1.5f, 0x1p-24f, 0x1p-24f, 1.0f, 0x1.008p+0f, 65504.0f, 65504.0f };
  static const guint dims[] = { 2, 4 };
  g_autofree char *path = make_path ("round.safetensors");
  g_autoptr (LacunaWeightsWriter) writer = lacuna_weights_writer_new ();
  g_autoptr (LacunaWeights) weights = NULL;
  g_autofree float *exact = NULL;
  g_autofree float *narrow = NULL;
  g_autofree float *scalar = NULL;
  g_autoptr (GError) error = NULL;

  lacuna_weights_writer_set_metadata (writer, "name", "A “name”\n");
  lacuna_weights_writer_add (writer, "scalar", LACUNA_TYPE_F16, 0, NULL, values + 1);
  lacuna_weights_writer_add (writer, "exact", LACUNA_TYPE_F32, 2, dims, values);
  lacuna_weights_writer_add (writer, "narrow", LACUNA_TYPE_F16, 2, dims, values);
  g_assert_true (lacuna_weights_writer_save (writer, path, &error));
  g_assert_no_error (error);

  weights = lacuna_weights_load (path, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (lacuna_weights_get_metadata (weights, "name"), ==, "A “name”\n");
  exact = lacuna_weights_read (weights, "exact", 2, dims, &error);
  g_assert_cmpmem (exact, sizeof values, values, sizeof values);
  narrow = lacuna_weights_read (weights, "narrow", 2, dims, &error);
  g_assert_cmpmem (narrow, sizeof rounded, rounded, sizeof rounded);
  scalar = lacuna_weights_read (weights, "scalar", 0, NULL, &error);
  g_assert_cmpfloat (*scalar, ==, -1.5f);
}

/* A disk that is full, by the limit on a file's size. */
static void
test_unwritable (void)
{
  static const float values[1000];
  g_autofree char *path = make_path ("old.safetensors");
  g_autofree char *lost = make_path ("no-such-folder/new.safetensors");
  g_autofree char *content = NULL;
  g_autoptr (LacunaWeightsWriter) writer = lacuna_weights_writer_new ();
  g_autoptr (LacunaWeightsWriter) broken = lacuna_weights_writer_new ();
  g_autoptr (GError) full = NULL, missing = NULL, unfit = NULL;
  struct rlimit usual;
  gboolean saved;

  lacuna_weights_writer_add (writer, "a", LACUNA_TYPE_F32, 1, (const guint[]){ 1000 }, values);
  g_assert_true (g_file_set_contents (path, "old", -1, NULL));
  signal (SIGXFSZ, SIG_IGN);
  g_assert_cmpint (getrlimit (RLIMIT_FSIZE, &usual), ==, 0);
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &(struct rlimit){ 100, usual.rlim_max }), ==, 0);
  saved = lacuna_weights_writer_save (writer, path, &full);
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &usual), ==, 0);
  g_assert_false (saved);
  g_assert_error (full, LACUNA_ERROR, LACUNA_ERROR_FILE);
  g_assert_false (lacuna_weights_writer_save (writer, lost, &missing));
  g_assert_error (missing, LACUNA_ERROR, LACUNA_ERROR_FILE);

  lacuna_weights_writer_add (broken, "a", LACUNA_TYPE_F16, 0, NULL, &(const float){ 65520.0f });
  g_assert_false (lacuna_weights_writer_save (broken, path, &unfit));
  g_assert_error (unfit, LACUNA_ERROR, LACUNA_ERROR_UNFIT);
  g_assert_true (g_file_get_contents (path, &content, NULL, NULL));
  g_assert_cmpstr (content, ==, "old");
}

static void
test_files (void)
{
  g_autofree char *path = make_path ("cut.safetensors");
  g_autofree char *golden = g_test_build_filename (G_TEST_DIST, "golden", "resize_rows.safetensors", NULL);
  g_autofree char *content = NULL;
  g_autoptr (GError) missing = NULL, folder = NULL, cut = NULL;
  gsize length;

  g_assert_null (lacuna_weights_load ("/nonexistent", &missing));
  g_assert_error (missing, LACUNA_ERROR, LACUNA_ERROR_FILE);
  g_assert_null (lacuna_weights_load ("/", &folder));
  g_assert_error (folder, LACUNA_ERROR, LACUNA_ERROR_FILE);
  g_assert_true (g_file_get_contents (golden, &content, &length, NULL));
  g_assert_true (g_file_set_contents (path, content, length - 1, NULL));
  g_assert_null (lacuna_weights_load (path, &cut));
  g_assert_error (cut, LACUNA_ERROR, LACUNA_ERROR_FORMAT);
  g_assert_nonnull (strstr (cut->message, path));
}

static void
save_model (const char *file, guint width, const char *title)
{
  static const float zeros[64 * 5 * 25];
  g_autofree char *folder = g_build_filename (g_get_user_data_dir (), "lacuna", "models", NULL);
  g_autofree char *path = g_build_filename (folder, file, NULL);
  g_autoptr (LacunaWeightsWriter) writer = lacuna_weights_writer_new ();

  g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
  lacuna_weights_writer_set_metadata (writer, "architecture", "deepfill-v1");
  lacuna_weights_writer_set_metadata (writer, "trained_side", "256");
  lacuna_weights_writer_set_metadata (writer, "trained_images", "-3");
  if (title != NULL)
    lacuna_weights_writer_set_metadata (writer, "name", title);
  lacuna_weights_writer_add (writer, "conv1.weight", LACUNA_TYPE_F32, 4, (const guint[]){ width, 5, 5, 5 }, zeros);
  g_assert_true (lacuna_weights_writer_save (writer, path, NULL));
}

static void
test_models (void)
{
  g_autofree char *garbage = g_build_filename (g_get_user_data_dir (), "lacuna", "models", "bad.safetensors", NULL);
  g_autofree char *beach = g_build_filename (g_get_user_data_dir (), "lacuna", "models", "beach.safetensors", NULL);
  g_autofree char *found = NULL;
  g_autofree char *given = NULL;
  g_autofree char *installed = NULL;
  g_autoptr (GPtrArray) models = NULL;
  g_autoptr (GError) error = NULL;
  const LacunaModel *model;

  installed = lacuna_models_find (NULL, &error);
  g_assert_no_error (error);
  g_assert_true (g_str_has_prefix (installed, g_getenv ("LACUNA_DATA")));

  save_model ("beach.safetensors", 16, "Beaches");
  save_model ("alps.safetensors", 8, NULL);
  g_assert_true (g_file_set_contents (garbage, "garbage", -1, NULL));
  models = lacuna_models_list ();
  g_assert_cmpuint (models->len, ==, 3);
  g_assert_cmpstr (((LacunaModel *) models->pdata[0])->name, ==, "default");
  g_assert_true (((LacunaModel *) models->pdata[0])->installed);
  g_assert_cmpstr (((LacunaModel *) models->pdata[1])->title, ==, "alps");
  model = models->pdata[2];
  g_assert_cmpstr (model->name, ==, "beach");
  g_assert_cmpstr (model->title, ==, "Beaches");
  g_assert_cmpstr (model->path, ==, beach);
  g_assert_false (model->installed);
  g_assert_cmpuint (model->width, ==, 16);
  g_assert_cmpuint (model->trained_side, ==, 256);
  g_assert_cmpuint (model->trained_images, ==, 0);

  found = lacuna_models_find ("beach", &error);
  g_assert_cmpstr (found, ==, beach);
  given = lacuna_models_find ("x/y", &error);
  g_assert_cmpstr (given, ==, "x/y");
  g_assert_null (lacuna_models_find ("sea", &error));
  g_assert_error (error, LACUNA_ERROR, LACUNA_ERROR_FILE);
  g_assert_cmpstr (error->message, ==, "There is no model “sea”. Choose one of: default, alps, beach.");

  save_model ("default.safetensors", 4, NULL);
  g_ptr_array_unref (models);
  models = lacuna_models_list ();
  model = models->pdata[0];
  g_assert_cmpstr (model->name, ==, "default");
  g_assert_false (model->installed);
  g_assert_cmpuint (model->width, ==, 4);
}

static gboolean
is_listed (const char *name)
{
  g_autoptr (GPtrArray) models = lacuna_models_list ();

  for (guint i = 0; i < models->len; i++)
    if (g_str_equal (((LacunaModel *) models->pdata[i])->name, name))
      return TRUE;
  return FALSE;
}

/* A model comes in twice, gets a name, goes, comes back, and goes for good. */
static void
test_library (void)
{
  g_autofree char *junk = g_build_filename (g_get_user_data_dir (), "junk.safetensors", NULL);
  g_autofree char *copy = g_build_filename (g_get_user_data_dir (), "copy.safetensors", NULL);
  g_autofree char *source = lacuna_models_find (NULL, NULL);
  g_autofree char *shown = g_build_filename (g_get_user_data_dir (), "Default.safetensors", NULL);
  g_autofree char *first = NULL, *second = NULL, *third = NULL;
  g_auto (GStrv) notes = NULL, more_notes = NULL, yet_more_notes = NULL, no_notes = NULL;
  g_autoptr (GError) error = NULL, taken = NULL, refused = NULL;

  g_assert_cmpint (g_mkdir_with_parents (g_get_user_data_dir (), 0700), ==, 0);
  g_assert_true (lacuna_models_export ("default", copy, LACUNA_PRECISION_KEPT, &error));
  first = lacuna_models_import (copy, NULL, &notes, &error);
  second = lacuna_models_import (source, NULL, &more_notes, &error);
  g_assert_no_error (error);
  /* "Default" is what people know the installed one by. */
  g_assert_true (lacuna_models_export ("default", shown, LACUNA_PRECISION_KEPT, &error));
  third = lacuna_models_import (shown, NULL, &yet_more_notes, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (third, ==, "Default-3");
  g_assert_cmpstr (first, ==, "copy");
  g_assert_cmpstr (second, ==, "default-2");
  g_assert_true (is_listed ("copy"));
  g_assert_true (lacuna_models_rename ("copy", "meadow", &error));
  g_assert_false (is_listed ("copy"));
  g_assert_false (lacuna_models_rename ("meadow", "default-2", &taken));
  g_assert_error (taken, LACUNA_ERROR, LACUNA_ERROR_UNFIT);
  g_assert_true (lacuna_models_remove ("meadow", &error));
  g_assert_false (is_listed ("meadow"));
  g_assert_true (lacuna_models_restore ("meadow", &error));
  g_assert_true (is_listed ("meadow"));
  g_assert_true (lacuna_models_remove ("meadow", &error));
  lacuna_models_purge ("meadow");
  g_assert_false (lacuna_models_restore ("meadow", NULL));
  g_assert_no_error (error);
  g_assert_true (g_file_set_contents (junk, "junk", -1, NULL));
  g_assert_null (lacuna_models_import (junk, NULL, &no_notes, &refused));
  g_assert_error (refused, LACUNA_ERROR, LACUNA_ERROR_FORMAT);
}

/* A file that is cut off after it was opened is an error of what is read then. */
static void
test_cut_off (void)
{
  static const char header[] = "{\"a\":{\"dtype\":\"F32\",\"shape\":[65536],\"data_offsets\":[0,262144]}}";
  static const guint dims[] = { 65536 };
  g_autoptr (GBytes) bytes = make_file (header, 262144);
  g_autofree char *path = g_build_filename (g_get_user_data_dir (), "cut-off.safetensors", NULL);
  g_autofree float *values = NULL;
  g_autoptr (LacunaWeights) weights = NULL;
  g_autoptr (GError) error = NULL;

  g_mkdir_with_parents (g_get_user_data_dir (), 0700);
  g_file_set_contents (path, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), &error);
  g_assert_no_error (error);
  weights = lacuna_weights_load (path, &error);
  g_assert_no_error (error);
  g_assert_cmpint (truncate (path, 8192), ==, 0);
  values = lacuna_weights_read (weights, "a", 1, dims, &error);
  g_assert_null (values);
  g_assert_error (error, LACUNA_ERROR, LACUNA_ERROR_FILE);
  g_assert_nonnull (strstr (error->message, "cut off"));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_func ("/weights/golden", test_golden);
  g_test_add_func ("/weights/hostile-headers", test_hostile_headers);
  g_test_add_func ("/weights/hostile-lengths", test_hostile_lengths);
  g_test_add_func ("/weights/widening", test_widening);
  g_test_add_func ("/weights/unfit", test_unfit);
  g_test_add_func ("/weights/round-trip", test_round_trip);
  g_test_add_func ("/weights/unwritable", test_unwritable);
  g_test_add_func ("/weights/files", test_files);
  g_test_add_func ("/weights/cut-off", test_cut_off);
  g_test_add_func ("/weights/library", test_library);
  g_test_add_func ("/weights/models", test_models);
  return g_test_run ();
}
