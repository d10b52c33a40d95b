/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "engine/import/bundle.h"
#include "tests/fuzz/fuzz.h"

/* The length of an index, the index, and the rest as one shard: refused, or every tensor can be asked for. Checksums of
 * blocks are taken for right. */
int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (GBytes) index = NULL, shard = NULL;
  g_autoptr (LacunaCheckpoint) checkpoint = NULL, bare = NULL;
  guint16 length;

  if (size < sizeof length)
    return 0;
  memcpy (&length, data, sizeof length);
  length = MIN (GUINT16_FROM_LE (length), size - sizeof length);
  index = g_bytes_new (data + sizeof length, length);
  shard = g_bytes_new (data + sizeof length + length, size - sizeof length - length);
  lacuna_bundle_count_shards (index, NULL);
  bare = lacuna_bundle_read (index, NULL, 1, NULL);
  checkpoint = lacuna_bundle_read (index, &shard, 1, NULL);
  g_assert_true (checkpoint == NULL || bare != NULL);
  for (guint i = 0; checkpoint != NULL && i < checkpoint->tensors->len; i++)
    g_free (lacuna_checkpoint_tensor_read (&g_array_index (checkpoint->tensors, LacunaCheckpointTensor, i), NULL));
  return 0;
}
