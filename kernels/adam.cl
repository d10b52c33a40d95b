/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A step of Adam (Kingma and Ba 2015; epsilon beside the corrected root) and of the running average, from one set of
 * buffers into another:
 *
 *   g' = scale · g;  m' = m + (1 - β₁)(g' - m);  v' = β₂ v + (1 - β₂) g'²
 *   w' = w - rate · m' / (√v' · root + 1e-8);  a' = a + (1 - decay)(w' - a)
 *
 * rate is divided by 1 - β₁ᵗ and root is 1/√(1 - β₂ᵗ). Elements before `first` stay, but for the average. A work-group
 * takes LACUNA_ADAM_CHUNK elements.
 *
 *   sum_squares   sums[group] = Σ g² over the group's elements from `first` on
 */

__kernel ONE_ITEM void
adam (__global const float *restrict gradient, __global const float *restrict value, __global const float *restrict m,
      __global const float *restrict v, __global const float *restrict average, __global float *restrict next_value,
      __global float *restrict next_m, __global float *restrict next_v, __global float *restrict next_average, int n,
      int first, float scale, float rate, float root, float beta_1, float beta_2, float decay)
{
  const int begin = get_group_id (0) * LACUNA_ADAM_CHUNK, end = min (n, begin + LACUNA_ADAM_CHUNK);

  for (int i = begin; i < end; i++)
    {
      const float g = scale * gradient[i];
      const float moved_m = m[i] + (1.0f - beta_1) * (g - m[i]);
      const float moved_v = beta_2 * v[i] + (1.0f - beta_2) * g * g;
      const float moved = value[i] - rate * moved_m / (sqrt (moved_v) * root + 1e-8f);
      const int learns = i >= first;
      const float kept = learns ? moved : value[i];

      next_m[i] = learns ? moved_m : m[i];
      next_v[i] = learns ? moved_v : v[i];
      next_value[i] = kept;
      next_average[i] = average[i] + (1.0f - decay) * (kept - average[i]);
    }
}

__kernel ONE_ITEM void
sum_squares (__global const float *restrict gradient, __global float *restrict sums, int n, int first)
{
  const int group = get_group_id (0), begin = max (group * LACUNA_ADAM_CHUNK, first);
  const int end = min (n, (group + 1) * LACUNA_ADAM_CHUNK);
  float sum = 0.0f;

  for (int i = begin; i < end; i++)
    sum = fma (gradient[i], gradient[i], sum);
  sums[group] = sum;
}
