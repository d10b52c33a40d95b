/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <string.h>

#include "tests/golden.h"

/* The golden tiny networks: their batches, and their weights as the engine has them. */
#define TINY_WIDTH 4
#define TINY_SIDE 64
#define TINY_WINDOW 32
#define TINY_N 2

/* Of the windows: top, left, height, width. */
static inline gint32 *
tiny_read_box (LacunaWeights *golden)
{
  gsize n;

  return lacuna_weights_read_int (golden, "box", &n, NULL);
}

/* A dense layer's weights from C, H, W order. */
static inline void
tiny_turn_dense (const LacunaWeightsEntry *entry, const char *name, float *values, guint dims[4])
{
  const guint side = g_str_has_prefix (name, "global") ? TINY_SIDE / 16 : TINY_WINDOW / 16;
  const guint area = side * side, channels = entry->n_elements / area;
  g_autofree float *copy = g_memdup2 (values, entry->n_elements * sizeof (float));

  for (guint c = 0; c < channels; c++)
    for (guint i = 0; i < area; i++)
      values[i * channels + c] = copy[c * area + i];
  dims[0] = dims[1] = side;
  dims[2] = channels;
}

static inline float *
tiny_read_weight (LacunaWeights *golden, const char *prefix, const char *name, guint *ret_n_dims, guint dims[4])
{
  g_autofree char *full = g_strconcat (prefix, name, NULL);
  const LacunaWeightsEntry *entry;
  float *values = golden_read (golden, full, &entry);

  *ret_n_dims = entry->n_dims;
  memcpy (dims, entry->dims, sizeof entry->dims);
  if (g_str_has_suffix (name, "fc.weight") && entry->n_dims == 2)
    {
      tiny_turn_dense (entry, name, values, dims);
      *ret_n_dims = 3;
    }
  return values;
}
