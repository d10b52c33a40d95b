/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/ops/winograd.h"

/* Row i: [1, p_i, p_i²] / Π_{j≠i} (p_i - p_j), last the point at infinity. Points 0, ±3/4, ±3/2, ∞: a fifth of the
 * rounding error of the usual 0, ±1, ±2, ∞. */
static const double transform_3[6][3] = {
  { 1.0 / 1.265625, 0.0, 0.0 },
  { -1.0 / 1.8984375, -0.75 / 1.8984375, -0.5625 / 1.8984375 },
  { -1.0 / 1.8984375, 0.75 / 1.8984375, -0.5625 / 1.8984375 },
  { 1.0 / 7.59375, 1.5 / 7.59375, 2.25 / 7.59375 },
  { 1.0 / 7.59375, -1.5 / 7.59375, 2.25 / 7.59375 },
  { 0.0, 0.0, 1.0 },
};

/* Points ±3/8, ±5/4, ∞ for two taps. */
static const double transform_2[5][2] = {
  { -1.0 / 1.06640625, -0.375 / 1.06640625 },
  { 1.0 / 1.06640625, -0.375 / 1.06640625 },
  { 1.0 / 3.5546875, 1.25 / 3.5546875 },
  { -1.0 / 3.5546875, 1.25 / 3.5546875 },
  { 0.0, 1.0 },
};

/* The two taps that three become on rows doubled by nearest neighbour: an even row sees (w0, w1 + w2), an odd one
 * (w0 + w1, w2). */
static const double phase_taps[2][2][3] = {
  { { 1.0, 0.0, 0.0 }, { 0.0, 1.0, 1.0 } },
  { { 1.0, 1.0, 0.0 }, { 0.0, 0.0, 1.0 } },
};

static guint
get_side (const LacunaConvForm *form)
{
  return form->upsample ? 5 : 6;
}

guint64
lacuna_winograd_get_tile_bytes (const LacunaConvForm *form, guint slab, guint block)
{
  return (guint64) get_side (form) * get_side (form) * (slab + block) * sizeof (float);
}

/* The matrix that takes three taps to side frequencies, in one phase of an axis. */
static void
get_transform (const LacunaConvForm *form, guint phase, double transform[6][3])
{
  for (guint i = 0; i < get_side (form); i++)
    for (guint u = 0; u < 3; u++)
      transform[i][u] = form->upsample
                            ? transform_2[i][0] * phase_taps[phase][0][u] + transform_2[i][1] * phase_taps[phase][1][u]
                            : transform_3[i][u];
}

float *
lacuna_winograd_get_transforms (const LacunaConvForm *form, gsize *ret_n)
{
  guint side = get_side (form), phases = form->upsample ? 2 : 1;
  float *transforms = g_new (float, phases *side * 3);

  for (guint phase = 0; phase < phases; phase++)
    {
      double transform[6][3];

      get_transform (form, phase, transform);
      for (guint i = 0; i < side * 3; i++)
        transforms[phase * side * 3 + i] = (float) transform[i / 3][i % 3];
    }
  *ret_n = phases * side * 3;
  return transforms;
}

/* G w G' of one 3×3 kernel. */
static void
transform_kernel (const double down[6][3], const double across[6][3], guint side, const float *w, double *frequencies)
{
  for (guint i = 0; i < side; i++)
    for (guint j = 0; j < side; j++)
      {
        double sum = 0.0;

        for (guint u = 0; u < 3; u++)
          for (guint v = 0; v < 3; v++)
            sum += down[i][u] * w[u * 3 + v] * across[j][v];
        frequencies[i * side + j] = sum;
      }
}

float *
lacuna_winograd_pack (const LacunaConvForm *form, guint block, const float *weight, gsize *ret_n)
{
  guint side = get_side (form), phases = form->upsample ? 2 : 1;
  gsize n_frequencies = (gsize) side * side;
  gsize phase_size = n_frequencies * form->in * form->out;
  float *packed = g_try_new (float, phase_size *phases *phases);

  if (packed == NULL)
    return NULL;
  for (guint phase = 0; phase < phases * phases; phase++)
    {
      double down[6][3], across[6][3], frequencies[36];
      float *to = packed + phase * phase_size;

      get_transform (form, phase / phases, down);
      get_transform (form, phase % phases, across);
      for (gsize o = 0; o < form->out; o++)
        for (gsize c = 0; c < form->in; c++)
          {
            transform_kernel (down, across, side, weight + (o * form->in + c) * 9, frequencies);
            for (gsize f = 0; f < n_frequencies; f++)
              to[((o / block * n_frequencies + f) * form->in + c) * block + o % block] = (float) frequencies[f];
          }
    }
  *ret_n = phase_size * phases * phases;
  return packed;
}
