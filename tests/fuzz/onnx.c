/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/import/onnx.h"

#include "tests/fuzz/fuzz.h"

/* Models: refused, or every tensor can be asked for. */
int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (GBytes) bytes = g_bytes_new (data, size);
  g_autoptr (LacunaCheckpoint) checkpoint = lacuna_onnx_read (bytes, NULL);

  for (guint i = 0; checkpoint != NULL && i < checkpoint->tensors->len; i++)
    g_free (lacuna_checkpoint_tensor_read (&g_array_index (checkpoint->tensors, LacunaCheckpointTensor, i), NULL));
  return 0;
}
