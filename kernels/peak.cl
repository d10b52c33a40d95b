/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a device can do at best, to compare operations with.
 *
 *   multiply_add   sum = fma(sum, factor, sum'), `count` times for every vector of P·OB independent ones
 *   copy           y[i] = x[i], `count` vectors a work-group
 *
 * tunables LANES P OB COLUMNS
 */

__kernel LINE_OF_ITEMS void
multiply_add (__global float *restrict y, float factor, int count)
{
  const vec addend = (vec) (1.0f + get_local_id (0));
  vec sum[P][OB], total = (vec) 0.0f;

#pragma unroll
  for (int p = 0; p < P; p++)
#pragma unroll
    for (int o = 0; o < OB; o++)
      sum[p][o] = (vec) (float) (p * OB + o);
  for (int i = 0; i < count; i++)
    {
#pragma unroll
      for (int p = 0; p < P; p++)
#pragma unroll
        for (int o = 0; o < OB; o++)
          sum[p][o] = fma (sum[p][o], (vec) factor, addend);
    }
#pragma unroll
  for (int p = 0; p < P; p++)
#pragma unroll
    for (int o = 0; o < OB; o++)
      total += sum[p][o];
  store_vec (total, get_global_id (0), y);
}

__kernel LINE_OF_ITEMS void
copy (__global const float *restrict x, __global float *restrict y, int count)
{
  const size_t first = (size_t) get_group_id (0) * count;

  for (int i = get_local_id (0); i < count; i += ITEMS)
    store_vec (load_vec (first + i, x), first + i, y);
}
