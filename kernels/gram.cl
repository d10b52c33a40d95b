/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Products of halved queries and keys, from which every score of 3×3 patches is summed:
 *
 *   d[q, k] = Σ_c queries[q, c] · keys[k, c]
 *
 * for lines of `length` consecutive queries, each a row of the grid below the last, from column `left` of row `first`
 * (counted from -gh; they do not pass the grid's end). A work-group takes SUB·P queries of a line by a share of the
 * blocks of keys: a block stays in the nearest cache for all its queries.
 *
 *   queries  [gh·gw][CHANNELS], P rows more may be read    keys  [blocks][CHANNELS][OB·LANES]
 *   d        a matrix as attention.cl has it; up to whole blocks of keys are written
 *
 * -D CHANNELS, tunables LANES P OB SUB
 */
#ifndef SUB
#define SUB 4
#endif

__kernel ONE_ITEM void
gram (__global const float *restrict queries, __global const float *restrict keys, __global float *restrict d,
      int row_size, int before, int ring, int gh, int gw, int first, int left, int length, int blocks)
{
  const int share = get_group_id (1), shares = get_num_groups (1);
  const int line = get_group_id (2);
  const int begin = (int) get_group_id (0) * SUB * P, end = min (begin + SUB * P, length);
  __global const float *from = queries + (size_t) (((first + gh) % gh + line) * gw + left) * CHANNELS;

  for (int block = blocks * share / shares; block < blocks * (share + 1) / shares; block++)
    for (int i = begin; i < end; i += P)
      {
        __global const float *query = from + (size_t) i * CHANNELS;
        __global const float *key = keys + (size_t) block * CHANNELS * BLOCK;
        vec sum[P][OB];

        FOR_TILE (p, o)
          sum[p][o] = (vec) 0.0f;

        for (int c = 0; c < CHANNELS; c++)
          ADD_PRODUCTS (sum, p, query[p * CHANNELS + c], o, load_vec (c * OB + o, key))

#pragma unroll
        for (int p = 0; p < P; p++)
          if (i + p < end)
            {
              const int q = left + i + p;
              const int row = (first + line + q / gw + ring) % ring * gw + q % gw;

#pragma unroll
              for (int o = 0; o < OB; o++)
                store_vec (sum[p][o], o, d + (size_t) row * row_size + before + block * BLOCK);
            }
      }
}
