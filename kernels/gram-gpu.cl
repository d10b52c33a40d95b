/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The products of gram.cl for devices that run many work-items side by side:
 *
 *   d[q, k] = Σ_c queries[q, c] · keys[k, c]
 *
 * A work-group takes TILE = ROWS·P queries of a line by a block of BLOCK = COLUMNS·OB·LANES keys, DEPTH channels at a
 * time. All else is as gram.cl has it.
 *
 * -D CHANNELS, tunables LANES P OB ROWS COLUMNS DEPTH
 */
__kernel TILE_OF_ITEMS void
gram (__global const float *restrict queries, __global const float *restrict keys, __global float *restrict d,
      int row_size, int before, int ring, int gh, int gw, int first, int left, int length, int blocks)
{
  const int begin = get_group_id (0) * TILE, block = get_group_id (1), line = get_group_id (2);
  const int item = get_item ();
  __global const float *query = queries + (size_t) (((first + gh) % gh + line) * gw + left + begin) * CHANNELS;
  __global const float *key = keys + (size_t) block * CHANNELS * BLOCK;
  __local float a[DEPTH * TILE], b[DEPTH * BLOCK];
  vec sum[P][OB];

  FOR_TILE (p, o)
    sum[p][o] = (vec) 0.0f;

  for (int c = 0; c < CHANNELS; c += DEPTH)
    {
      const int depth = min (DEPTH, CHANNELS - c);

      for (int i = item; i < DEPTH * TILE; i += ITEMS)
        {
          const int t = i / DEPTH, channel = i % DEPTH;

          a[channel * TILE + t]
              = channel < depth && begin + t < length ? query[(size_t) t * CHANNELS + c + channel] : 0.0f;
        }
      for (int i = item; i < DEPTH * BLOCK; i += ITEMS)
        b[i] = i < depth * BLOCK ? key[c * BLOCK + i] : 0.0f;
      barrier (CLK_LOCAL_MEM_FENCE);
      multiply_tiles (a, b, sum);
      barrier (CLK_LOCAL_MEM_FENCE);
    }

  for (int p = 0; p < P; p++)
    {
      const int i = begin + (int) get_local_id (1) * P + p, q = left + i;
      const int row = (first + line + q / gw + ring) % ring * gw + q % gw;

      if (i < length)
        for (int o = 0; o < OB; o++)
          store_vec (sum[p][o], o * COLUMNS + get_local_id (0), d + (size_t) row * row_size + before + block * BLOCK);
    }
}
