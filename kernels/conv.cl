/* Convolution with TensorFlow's SAME padding, of any kernel, stride and dilation:
 *
 *   y[i, o] = activation(bias[o] + Σ_u Σ_v Σ_c w[o, c, u, v] · x[row(i, u), column(i, v), c])
 *   row(i, u)    = i_y·STRIDE + u·dilation - before_y,  zero outside 0 … height-1
 *   column(i, v) = i_x·STRIDE + v·dilation - before_x
 *
 * UPSAMPLE: x is read through nearest ×2, that is at row/2, column/2, and height and width are those of
 * the doubled map. The general form, and the one for 5×5, stride 2 and channel counts that no vector divides.
 *
 * A work-group computes P pixels (consecutive in row-major order) of OB·LANES output channels.
 *   x  n×height×width pixels, x_stride floats apart    w  [OUT/(OB·LANES)][KERNEL²][IN][OB·LANES]
 *   y  n×y_height×y_width pixels, y_stride apart       bias  OUT rounded up to whole vectors, then IN zeros
 *
 * -D IN OUT KERNEL STRIDE UPSAMPLE ACTIVATION, tunables LANES P OB
 */
#define BLOCK (OB * LANES)
#define BLOCKS ((OUT + BLOCK - 1) / BLOCK)

__kernel ONE_ITEM void
conv (__global const float *restrict x, int x_offset, int x_stride, int height, int width,
      __global const float *restrict w, __global const float *restrict bias,
      __global float *restrict y, int y_offset, int y_stride, int y_height, int y_width,
      int before_y, int before_x, int dilation)
{
  const int pixels = y_height * y_width;
  const int first = get_group_id (0) * P;
  const int block = get_group_id (1);
  const int image = get_group_id (2);
  const int map_height = UPSAMPLE ? height / 2 : height;
  const int map_width = UPSAMPLE ? width / 2 : width;
  __global const float *map = x + x_offset + (size_t) image * map_height * map_width * x_stride;
  __global const float *zeros = bias + BLOCKS * BLOCK;
  int top[P], left[P];
  vec sum[P][OB];

#pragma unroll
  for (int p = 0; p < P; p++)
    {
      int i = min (first + p, pixels - 1);

      top[p] = i / y_width * STRIDE - before_y;
      left[p] = i % y_width * STRIDE - before_x;
#pragma unroll
      for (int o = 0; o < OB; o++)
        sum[p][o] = load_vec (block * OB + o, bias);
    }

  for (int u = 0; u < KERNEL; u++)
    for (int v = 0; v < KERNEL; v++)
      {
        __global const float *weight = w + (size_t) ((block * KERNEL + u) * KERNEL + v) * IN * BLOCK;
        __global const float *from[P];

#pragma unroll
        for (int p = 0; p < P; p++)
          {
            int row = top[p] + u * dilation, column = left[p] + v * dilation;
            int inside = row >= 0 && row < height && column >= 0 && column < width;

            if (UPSAMPLE)
              {
                row >>= 1;
                column >>= 1;
              }
            from[p] = inside ? map + (row * map_width + column) * x_stride : zeros;
          }
        for (int c = 0; c < IN; c++)
          {
            vec weights[OB];

#pragma unroll
            for (int o = 0; o < OB; o++)
              weights[o] = load_vec (c * OB + o, weight);
#pragma unroll
            for (int p = 0; p < P; p++)
              {
                vec value = (vec) from[p][c];

#pragma unroll
                for (int o = 0; o < OB; o++)
                  sum[p][o] = fma (value, weights[o], sum[p][o]);
              }
          }
      }

#pragma unroll
  for (int p = 0; p < P; p++)
    {
      __global float *to = y + y_offset + ((size_t) image * pixels + first + p) * y_stride + block * BLOCK;

      if (first + p < pixels)
#pragma unroll
        for (int o = 0; o < OB; o++)
          {
            vec value = activate (sum[p][o]);
#if OUT % BLOCK == 0
            store_vec (value, o, to);
#else
            float lanes[LANES];

            store_vec (value, 0, lanes);
            for (int l = 0; l < LANES && block * BLOCK + o * LANES + l < OUT; l++)
              to[o * LANES + l] = lanes[l];
#endif
          }
    }
}
