/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Convolution with TensorFlow's SAME padding, of any kernel, stride and dilation:
 *
 *   y[i, o] = activation(bias[o] + Σ_u Σ_v Σ_c w[o, c, u, v] · x[row(i, u), column(i, v), c])
 *   row(i, u)    = i_y·stride + u·dilation - before_y,  zero outside 0 … height-1
 *   column(i, v) = i_x·stride + v·dilation - before_x
 *
 * upsample: x is read through nearest ×2, that is at row/2, column/2, and height and width are those of
 * the doubled map. The general form, and the one for 5×5, stride 2 and channel counts that no vector divides.
 *
 * Where x has no gaps and no column of the tile leaves the map, the taps of a row lie behind one another, as the
 * weights do, and are read as one run of kernel·in channels: `together` taps at a time.
 *
 * A work-group computes P pixels (consecutive in row-major order) of `area` (left, top, right, bottom) of y, in
 * OB·LANES sums, which make OB·MADE output channels.
 *   x  n×height×width pixels, x_stride floats apart    w  [out/(OB·LANES)][kernel²][in][OB·LANES]
 *   y  n×y_height×y_width pixels, y_stride apart       bias  of whole blocks, then kernel·in zeros
 *
 * tunables LANES P OB
 */

__kernel ONE_ITEM void
conv (__global const float *restrict x, int x_offset, int x_stride, int height, int width,
      __global const float *restrict w, __global const float *restrict bias,
      __global float *restrict y, int y_offset, int y_stride, int y_height, int y_width, int4 area,
      int in, int out, int kernel_size, int stride, int dilation, int upsample, int activation,
      int before_y, int before_x)
{
  const int columns = area.z - area.x;
  const int pixels = (area.w - area.y) * columns;
  const int first = get_group_id (0) * P;
  const int block = get_group_id (1);
  const int image = get_group_id (2);
  const int map_height = height >> upsample;
  const int map_width = width >> upsample;
  __global const float *map = x + x_offset + (size_t) image * map_height * map_width * x_stride;
  __global const float *zeros = bias + (out + MADE_BLOCK - 1) / MADE_BLOCK * BLOCK;
  int top[P], left[P];
  int together = dilation == 1 && !upsample && x_stride == in ? kernel_size : 1;
  vec sum[P][OB], values[P * OB];

#pragma unroll
  for (int p = 0; p < P; p++)
    {
      int i = min (first + p, pixels - 1);

      top[p] = (area.y + i / columns) * stride - before_y;
      left[p] = (area.x + i % columns) * stride - before_x;
      if (left[p] < 0 || left[p] + kernel_size > width)
        together = 1;
    }
  FOR_TILE (p, o)
    sum[p][o] = load_vec (block * OB + o, bias);

  for (int u = 0; u < kernel_size; u++)
    for (int v = 0; v < kernel_size; v += together)
      {
        __global const float *weight = w + (size_t) ((block * kernel_size + u) * kernel_size + v) * in * BLOCK;
        __global const float *from[P];

#pragma unroll
        for (int p = 0; p < P; p++)
          {
            int row = top[p] + u * dilation, column = left[p] + v * dilation;
            int inside = row >= 0 && row < height && column >= 0 && column < width;

            from[p] = inside ? map + ((row >> upsample) * map_width + (column >> upsample)) * x_stride : zeros;
          }
        for (int c = 0; c < together * in; c++)
          ADD_PRODUCTS (sum, p, from[p][c], o, load_vec (c * OB + o, weight))
      }

  FOR_TILE (p, o)
    values[p * OB + o] = sum[p][o];
  /* Unrolled, so many activations would take a driver long to compile. */
#pragma unroll 1
  for (int k = 0; k < min (P, pixels - first) * OB; k++)
    {
      const int i = first + k / OB, o = k % OB, row = image * y_height + area.y + i / columns;
      const int channel = block * MADE_BLOCK + o * MADE;
      __global float *to = y + y_offset + ((size_t) row * y_width + area.x + i % columns) * y_stride;

      store_lanes (finish (values[k], activation), out - channel, to + channel);
    }
}
