/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The convolution of conv.cl for devices that run many work-items side by side: a product of matrices, of which the
 * left one, every pixel's taps, is never laid out but in local memory.
 *
 * A work-group computes TILE = ROWS·P pixels (consecutive in row-major order) of `area` (left, top, right, bottom) of
 * y, in BLOCK = COLUMNS·OB·LANES sums: for every tap, DEPTH input channels at a time.
 *   x, w, bias, y as conv.cl has them
 *
 * tunables LANES P OB ROWS COLUMNS DEPTH
 */
__kernel TILE_OF_ITEMS void
conv (__global const float *restrict x, int x_offset, int x_stride, int height, int width,
      __global const float *restrict w, __global const float *restrict bias,
      __global float *restrict y, int y_offset, int y_stride, int y_height, int y_width, int4 area,
      int in, int out, int kernel_size, int stride, int dilation, int upsample, int activation,
      int before_y, int before_x)
{
  const int columns = area.z - area.x;
  const int pixels = (area.w - area.y) * columns;
  const int first = get_group_id (0) * TILE;
  const int block = get_group_id (1);
  const int image = get_group_id (2);
  const int item = get_item ();
  const int map_height = height >> upsample;
  const int map_width = width >> upsample;
  __global const float *map = x + x_offset + (size_t) image * map_height * map_width * x_stride;
  __local float values[DEPTH * TILE], weights[DEPTH * BLOCK];
  __local int top[TILE], left[TILE];
  vec sum[P][OB];

  for (int t = item; t < TILE; t += ITEMS)
    {
      const int i = min (first + t, pixels - 1);

      top[t] = (area.y + i / columns) * stride - before_y;
      left[t] = (area.x + i % columns) * stride - before_x;
    }
  FOR_TILE (p, o)
    sum[p][o] = load_vec (o * COLUMNS + get_local_id (0), bias + block * BLOCK);
  barrier (CLK_LOCAL_MEM_FENCE);

  for (int tap = 0; tap < kernel_size * kernel_size; tap++)
    for (int c = 0; c < in; c += DEPTH)
      {
        __global const float *weight = w + ((size_t) (block * kernel_size * kernel_size + tap) * in + c) * BLOCK;
        const int depth = min (DEPTH, in - c);

        for (int i = item; i < DEPTH * TILE; i += ITEMS)
          {
            const int d = i % DEPTH, t = i / DEPTH;
            const int row = top[t] + tap / kernel_size * dilation, column = left[t] + tap % kernel_size * dilation;
            const int inside = row >= 0 && row < height && column >= 0 && column < width && d < depth;
            const int pixel = (row >> upsample) * map_width + (column >> upsample);

            values[d * TILE + t] = inside ? map[(size_t) pixel * x_stride + c + d] : 0.0f;
          }
        for (int i = item; i < DEPTH * BLOCK; i += ITEMS)
          weights[i] = i < depth * BLOCK ? weight[i] : 0.0f;
        barrier (CLK_LOCAL_MEM_FENCE);
        multiply_tiles (values, weights, sum);
        barrier (CLK_LOCAL_MEM_FENCE);
      }

  for (int p = 0; p < P; p++)
    {
      const int i = first + (int) get_local_id (1) * P + p;
      const int row = image * y_height + area.y + i / columns, column = area.x + i % columns;
      __global float *to = y + y_offset + ((size_t) row * y_width + column) * y_stride;

      if (i < pixels)
        for (int o = 0; o < OB; o++)
          {
            const int channel = block * MADE_BLOCK + (o * COLUMNS + (int) get_local_id (0)) * MADE;

            store_lanes (finish (sum[p][o], activation), out - channel, to + channel);
          }
    }
}
