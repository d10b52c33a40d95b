/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Gradient of a stride 2 convolution with respect to its input:
 *
 *   gx[2i + r, c] = Σ_u Σ_v Σ_o w[o, c, u, v] · g[i_y + (r_y + before_y - u) / 2, i_x + (r_x + before_x - v) / 2, o]
 *
 * over the taps for which both quotients are whole and lie within g. A work-group computes P pixels, consecutive in
 * row-major order of one parity r, of OB·LANES channels of x.
 *   g   n×g_height×g_width pixels, g_stride apart      w   [in/BLOCK][kernel²][out][BLOCK]
 *   gx  n×height×width pixels, gx_stride apart         zeros  at least out of them
 *
 * pool2: y = sums of 2×2 pixels of x, the gradient of nearest ×2.
 */
#define SHARE (OB * LANES) /* of the weights' block */

__kernel ONE_ITEM void
conv_data (__global const float *restrict g, int g_offset, int g_stride, int g_height, int g_width,
           __global const float *restrict w, __global const float *restrict zeros, __global float *restrict gx,
           int gx_offset, int gx_stride, int height, int width, int out, int in, int kernel_size, int before_y,
           int before_x)
{
  const int first = get_group_id (0) * P, share = get_group_id (1);
  const int image = get_group_id (2) / 4, r_y = get_group_id (2) % 4 / 2, r_x = get_group_id (2) % 2;
  const int rows = (height + 1 - r_y) / 2, columns = (width + 1 - r_x) / 2;
  __global const float *map = g + g_offset + (size_t) image * g_height * g_width * g_stride;
  int i_y[P], i_x[P];
  vec sum[P][OB];

  if (first >= rows * columns)
    return;
#pragma unroll
  for (int p = 0; p < P; p++)
    {
      const int i = min (first + p, rows * columns - 1);

      i_y[p] = i / columns;
      i_x[p] = i % columns;
    }
  FOR_TILE (p, o)
    sum[p][o] = (vec) 0.0f;

  for (int u = (r_y + before_y) % 2; u < kernel_size; u += 2)
    for (int v = (r_x + before_x) % 2; v < kernel_size; v += 2)
      {
        __global const float *weight
            = w + (size_t) ((share / COLUMNS * kernel_size + u) * kernel_size + v) * out * BLOCK + share % COLUMNS * SHARE;
        __global const float *from[P];

#pragma unroll
        for (int p = 0; p < P; p++)
          {
            const int row = i_y[p] + (r_y + before_y - u) / 2, column = i_x[p] + (r_x + before_x - v) / 2;
            const int inside = row >= 0 && row < g_height && column >= 0 && column < g_width;

            from[p] = inside ? map + (row * g_width + column) * g_stride : zeros;
          }
        for (int o = 0; o < out; o++)
          ADD_PRODUCTS (sum, p, from[p][o], b, load_vec (b, weight + o * BLOCK))
      }

#pragma unroll
  for (int p = 0; p < P; p++)
    if (first + p < rows * columns)
      {
        const int pixel = (image * height + 2 * i_y[p] + r_y) * width + 2 * i_x[p] + r_x;

        __global float *to = gx + gx_offset + (size_t) pixel * gx_stride + share * SHARE;

#pragma unroll
        for (int o = 0; o < OB; o++)
          store_lanes (sum[p][o], in - share * SHARE - o * LANES, to + o * LANES);
      }
}

__kernel ONE_ITEM void
pool2 (__global const float *restrict x, __global float *restrict y, int y_offset, int y_stride, int width,
       int channels)
{
  const int row = get_group_id (0);

  for (int j = 0; j < width; j++)
    {
      __global const float *from = x + (size_t) (4 * row * width + 2 * j) * channels;
      __global const float *below = from + (size_t) 2 * width * channels;
      __global float *to = y + y_offset + (size_t) (row * width + j) * y_stride;
      int c = 0;

      for (; c + LANES <= channels; c += LANES)
        store_vec (load_vec (0, from + c) + load_vec (0, from + channels + c)
                       + (load_vec (0, below + c) + load_vec (0, below + channels + c)),
                   0, to + c);
      for (; c < channels; c++)
        to[c] = from[c] + from[channels + c] + (below[c] + below[channels + c]);
    }
}
