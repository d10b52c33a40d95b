/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/weights/weights.h"

#include "tests/fuzz/fuzz.h"

/* Whatever the bytes, they are refused or every tensor can be asked for. */
int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (GBytes) bytes = g_bytes_new (data, size);
  g_autoptr (LacunaWeights) weights = lacuna_weights_new_from_bytes (bytes, NULL);

  for (guint i = 0; weights != NULL && i < lacuna_weights_get_n_entries (weights); i++)
    {
      const LacunaWeightsEntry *entry = lacuna_weights_get_entry (weights, i);
      g_autofree float *values = lacuna_weights_read (weights, entry->name, entry->n_dims, entry->dims, NULL);
      g_autofree gint32 *integers = lacuna_weights_read_int (weights, entry->name, &(gsize){ 0 }, NULL);

      g_assert_true (values == NULL || integers == NULL);
      g_assert_true (lacuna_weights_find (weights, entry->name) == entry);
    }
  return 0;
}
