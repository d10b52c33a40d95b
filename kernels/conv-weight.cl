/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Gradient of a convolution with respect to its weights:
 *
 *   gw[o, c, u, v] = Σ_n Σ_i g[n, i, o] · x[n, i·stride + (u, v)·dilation - before, c]
 *
 * conv_weight    sums over `chunk` rows of pixels for one tap, P channels of x and OB·LANES of g, into
 *                parts[chunk][out/(OB·LANES)][tap][in][OB·LANES]
 * sum_parts      gw[o, c, tap] += Σ parts, always in the same order
 *
 * upsample: x is read at row/2, column/2; height and width are those of the doubled map. Where P does not divide the
 * channels the last tile overlaps the one before and leaves out what that has computed.
 *
 * tunables LANES P OB
 */
/* Channels from block on, 0 behind the last. */
inline vec
load_channels (__global const float *from, int left_over)
{
  float lanes[LANES];

  for (int l = 0; l < LANES; l++)
    lanes[l] = l < left_over ? from[l] : 0.0f;
  return load_vec (0, lanes);
}

__kernel ONE_ITEM void
conv_weight (__global const float *restrict x, int x_offset, int x_stride, int height, int width,
             __global const float *restrict g, int g_offset, int g_stride, int g_height, int g_width,
             __global float *restrict parts, int in, int out, int kernel_size, int stride, int dilation, int upsample,
             int before_y, int before_x, int rows, int chunk)
{
  const int tiles = (in + P - 1) / P, taps = kernel_size * kernel_size;
  const int tap = get_group_id (0) / tiles, tile = get_group_id (0) % tiles;
  const int block = get_group_id (1), blocks = get_num_groups (1), part = get_group_id (2);
  const int c = min (tile * P, in - P), skip = tile * P - c;
  const int down = tap / kernel_size * dilation - before_y, across = tap % kernel_size * dilation - before_x;
  const int begin = across < 0 ? (stride - 1 - across) / stride : 0;
  const int end = min (g_width, width - across > 0 ? (width - 1 - across) / stride + 1 : 0);
  const int map_height = height >> upsample, map_width = width >> upsample;
  const int left_over = out - block * BLOCK;
  vec sum[P][OB];

  FOR_TILE (p, o)
    sum[p][o] = (vec) 0.0f;

  for (int r = part * chunk; r < min (rows, (part + 1) * chunk); r++)
    {
      const int image = r / g_height, row = r % g_height * stride + down;
      __global const float *line
          = x + x_offset + (size_t) (image * map_height + (row >> upsample)) * map_width * x_stride + c;
      __global const float *from = g + g_offset + (size_t) r * g_width * g_stride + block * BLOCK;

      if (row < 0 || row >= height)
        continue;
      for (int j = begin; j < end; j++)
        {
          __global const float *values = line + ((j * stride + across) >> upsample) * x_stride;

          ADD_PRODUCTS (sum, p, values[p], o,
                        left_over >= BLOCK ? load_vec (o, from + j * g_stride)
                                           : load_channels (from + j * g_stride + o * LANES, left_over - o * LANES))
        }
    }

#pragma unroll
  for (int p = 0; p < P; p++)
    if (p >= skip)
#pragma unroll
      for (int o = 0; o < OB; o++)
        store_vec (sum[p][o], o, parts + (((size_t) (part * blocks + block) * taps + tap) * in + c + p) * BLOCK);
}

__kernel ONE_ITEM void
sum_parts (__global const float *restrict parts, __global float *restrict gradient, int weight, int in, int out,
           int taps, int n_parts)
{
  const int c = get_group_id (0) * LACUNA_SUM_CHANNELS, block = get_group_id (1), blocks = get_num_groups (1);
  const int count = min (LACUNA_SUM_CHANNELS, in - c);
  float sums[LACUNA_SUM_CHANNELS * 25 * BLOCK];

  for (int tap = 0; tap < taps; tap++)
    for (int i = 0; i < count * OB; i++)
      {
        vec sum = (vec) 0.0f;

        for (int part = 0; part < n_parts; part++)
          sum += load_vec (i, parts + (((size_t) (part * blocks + block) * taps + tap) * in + c) * BLOCK);
        store_vec (sum, tap * LACUNA_SUM_CHANNELS * OB + i, sums);
      }
  for (int o = 0; o < min (BLOCK, out - block * BLOCK); o++)
    {
      __global float *to = gradient + weight + ((size_t) (block * BLOCK + o) * in + c) * taps;

      for (int i = 0; i < count; i++)
        for (int tap = 0; tap < taps; tap++)
          to[i * taps + tap] += sums[(tap * LACUNA_SUM_CHANNELS + i) * BLOCK + o];
    }
}
