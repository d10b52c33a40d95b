/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The sums of transfer.cl for devices that run many work-items side by side:
 *
 *   y[2u + r] = ¼ Σ_k w[u, k] · b[2k + r],   w[u, k] = Σ_δ a[u + δ, k + δ]
 *
 * A work-group takes TILE = ROWS·P positions u, one after the other in row-major order of `columns` columns from
 * first_x and rows first … end-1, by a block of BLOCK = COLUMNS·OB·LANES channels of one parity r, DEPTH keys at a time. All
 * else is as transfer.cl has it.
 *
 * -D CHANNELS, tunables LANES P OB ROWS COLUMNS DEPTH
 */

/* w of the position (x, y) and key k in the parity. */
inline float
add_neighbours (__global const float *a, __global const float *left, __global const float *right, int row_size,
                int ring, int gh, int gw, int y, int x, int k, int parity)
{
  const int down = parity / 2 * 2 - 1, across = parity % 2 * 2 - 1;
  const float has_neighbour = across < 0 ? left[k] : right[k];
  float sum = 0.0f;

  for (int v = min (down, 0); v <= max (down, 0); v++)
    if (y + v >= 0 && y + v < gh)
      {
        __global const float *row = a + (size_t) ((y + v + ring) % ring * gw + x) * row_size + k + v * gw;

        sum += row[0];
        if (x + across >= 0 && x + across < gw)
          sum = fma (has_neighbour, row[across * row_size + across], sum);
      }
  return sum;
}

__kernel TILE_OF_ITEMS void
transfer (__global const float *restrict a, __global const float *restrict values, __global const float *restrict left,
          __global const float *restrict right, int row_size, int before, int ring, int gh, int gw, int first, int end,
          int first_x, int columns, __global float *restrict y, int y_offset, int y_stride)
{
  const int begin = get_group_id (0) * TILE, block = get_group_id (1), parity = get_group_id (2);
  const int keys = gh * gw, positions = (end - first) * columns, item = get_item ();
  __global const float *value = values + (size_t) (parity * (int) get_num_groups (1) + block) * keys * BLOCK;
  __local float w[DEPTH * TILE], b[DEPTH * BLOCK];
  vec sum[P][OB];

  FOR_TILE (p, o)
    sum[p][o] = (vec) 0.0f;

  for (int k = 0; k < keys; k += DEPTH)
    {
      const int depth = min (DEPTH, keys - k);

      for (int i = item; i < DEPTH * TILE; i += ITEMS)
        {
          const int d = i % DEPTH, t = i / DEPTH, u = begin + t;

          w[d * TILE + t] = d < depth && u < positions
                                ? add_neighbours (a + before, left, right, row_size, ring, gh, gw, first + u / columns,
                                                  first_x + u % columns, k + d, parity)
                                : 0.0f;
        }
      for (int i = item; i < DEPTH * BLOCK; i += ITEMS)
        b[i] = i < depth * BLOCK ? value[(size_t) k * BLOCK + i] : 0.0f;
      barrier (CLK_LOCAL_MEM_FENCE);
      multiply_tiles (w, b, sum);
      barrier (CLK_LOCAL_MEM_FENCE);
    }

  for (int p = 0; p < P; p++)
    {
      const int u = begin + (int) get_local_id (1) * P + p;
      const int row = 2 * (first + u / columns) + parity / 2, column = 2 * (first_x + u % columns) + parity % 2;
      __global float *to = y + y_offset + (size_t) (row * 2 * gw + column) * y_stride;

      if (u < positions)
        for (int o = 0; o < OB; o++)
          {
            const int channel = block * BLOCK + (o * COLUMNS + (int) get_local_id (0)) * LANES;

            store_lanes (0.25f * sum[p][o], CHANNELS - channel, to + channel);
          }
    }
}
