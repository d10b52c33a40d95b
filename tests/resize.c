/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/ops/resize.h"

#include "engine/weights/weights.h"
#include "tests/golden.h"

/* Every tensor of the golden file is named PURPOSE_SIZE: half_128, quarter_512. */
static void
test_rows (void)
{
  g_autoptr (LacunaWeights) golden = golden_load ("resize_rows");

  g_assert_cmpuint (lacuna_weights_get_n_entries (golden), >, 0);
  for (guint i = 0; i < lacuna_weights_get_n_entries (golden); i++)
    {
      const LacunaWeightsEntry *entry = lacuna_weights_get_entry (golden, i);
      guint size = (guint) g_ascii_strtoull (strchr (entry->name, '_') + 1, NULL, 10);
      gsize n = 0;
      g_autoptr (GError) error = NULL;
      g_autofree gint32 *expected = lacuna_weights_read_int (golden, entry->name, &n, &error);
      g_autofree guint *kept = g_new0 (guint, n);

      g_assert_no_error (error);
      lacuna_resize_kept_rows (size, (guint) n, kept);
      g_assert_cmpmem (kept, n * sizeof (guint), expected, n * sizeof (gint32));
    }
}

static void
test_mask (void)
{
  float mask[8 * 12];
  static const guint rows[] = { 0, 7 }, columns[] = { 0, 6, 11 };
  g_autofree float *out = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (mask); i++)
    mask[i] = (float) i;
  out = lacuna_resize_mask (mask, 8, 12, 4);
  for (guint y = 0; y < G_N_ELEMENTS (rows); y++)
    {
      for (guint x = 0; x < G_N_ELEMENTS (columns); x++)
        g_assert_cmpfloat (out[y * G_N_ELEMENTS (columns) + x], ==, mask[rows[y] * 12 + columns[x]]);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/resize/rows", test_rows);
  g_test_add_func ("/resize/mask", test_mask);
  return g_test_run ();
}
