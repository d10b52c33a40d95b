/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A dense layer of one output over `features` values in H, W, C order, and its gradients:
 *
 *   dense          y[i] = bias + Σ_f w[f] · x[i, f]
 *   dense_input    gx[i, f] = g[i] · w[f]
 *   dense_weight   gw[f] += Σ_i g[i] · x[i, f], for LANES features a work-group
 */
__kernel ONE_ITEM void
dense (__global const float *restrict x, __global const float *restrict values, int weight, int bias,
       __global float *restrict y, int features)
{
  const int i = get_group_id (0);
  __global const float *from = x + (size_t) i * features, *w = values + weight;
  vec sum = (vec) 0.0f;
  float sums[LANES];
  int f = 0;

  for (; f + LANES <= features; f += LANES)
    sum = fma (load_vec (0, from + f), load_vec (0, w + f), sum);
  store_vec (sum, 0, sums);
  for (int l = 1; l < LANES; l++)
    sums[0] += sums[l];
  for (; f < features; f++)
    sums[0] = fma (from[f], w[f], sums[0]);
  y[i] = sums[0] + values[bias];
}

__kernel ONE_ITEM void
dense_input (__global const float *restrict g, __global const float *restrict values, int weight,
             __global float *restrict gx, int features)
{
  const int i = get_group_id (0);

  for (int f = 0; f < features; f++)
    gx[(size_t) i * features + f] = g[i] * values[weight + f];
}

__kernel ONE_ITEM void
dense_weight (__global const float *restrict x, __global const float *restrict g, __global float *restrict gradient,
              int weight, int features, int n)
{
  const int first = get_group_id (0) * LANES;

  for (int f = first; f < min (features, first + LANES); f++)
    {
      float sum = 0.0f;

      for (int i = 0; i < n; i++)
        sum = fma (g[i], x[(size_t) i * features + f], sum);
      gradient[weight + f] += sum;
    }
}
