/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/ops/conv.h"
#include "tests/golden.h"

/* The convolutions of golden/conv.safetensors, forward and backward. */
static const struct {
  const char *name;
  guint stride, dilation;
  gboolean upsample;
  LacunaActivation activation;
} golden_cases[] = {
  { "k3_elu", 1, 1, FALSE, LACUNA_ACTIVATION_ELU },
  { "k3_relu", 1, 1, FALSE, LACUNA_ACTIVATION_RELU },
  { "k3d2", 1, 2, FALSE, LACUNA_ACTIVATION_NONE },
  { "k3d4", 1, 4, FALSE, LACUNA_ACTIVATION_NONE },
  { "k3d8", 1, 8, FALSE, LACUNA_ACTIVATION_NONE },
  { "k3d8_part", 1, 8, FALSE, LACUNA_ACTIVATION_NONE },
  { "k3d16", 1, 16, FALSE, LACUNA_ACTIVATION_NONE },
  { "k3d16_part", 1, 16, FALSE, LACUNA_ACTIVATION_NONE },
  { "k3s1", 1, 1, FALSE, LACUNA_ACTIVATION_NONE },
  { "k3s2_even", 2, 1, FALSE, LACUNA_ACTIVATION_NONE },
  { "k3s2_odd", 2, 1, FALSE, LACUNA_ACTIVATION_NONE },
  { "k5s1", 1, 1, FALSE, LACUNA_ACTIVATION_NONE },
  { "k5s2_2x2", 2, 1, FALSE, LACUNA_ACTIVATION_NONE },
  { "k5s2_even", 2, 1, FALSE, LACUNA_ACTIVATION_NONE },
  { "k5s2_lrelu", 2, 1, FALSE, LACUNA_ACTIVATION_LEAKY_RELU },
  { "k5s2_odd", 2, 1, FALSE, LACUNA_ACTIVATION_NONE },
  { "up2_k3", 1, 1, TRUE, LACUNA_ACTIVATION_NONE },
  { "up2_k3_elu", 1, 1, TRUE, LACUNA_ACTIVATION_ELU },
};

static inline float *
read_part (LacunaWeights *golden, const char *name, const char *part, const LacunaWeightsEntry **ret_entry)
{
  g_autofree char *full = g_strconcat (name, ".", part, NULL);

  return golden_read (golden, full, ret_entry);
}
