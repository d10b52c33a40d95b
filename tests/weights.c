#include "engine/weights/weights.h"

#include <glib/gstdio.h>
#include <string.h>

#include "engine/error.h"
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
  static const struct
  {
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
      "\"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}", 8, "“b” overlaps" },
    { "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}", 8, "of no tensor" },
    { "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}", 8, "bytes follow" },
    { "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]},"
      "\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}", 4, "twice" },
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

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/weights/golden", test_golden);
  g_test_add_func ("/weights/hostile-headers", test_hostile_headers);
  g_test_add_func ("/weights/hostile-lengths", test_hostile_lengths);
  return g_test_run ();
}
