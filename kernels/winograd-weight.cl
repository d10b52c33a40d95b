/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Gradient of a convolution with respect to its weights, of 3×3 at stride 1 with any dilation and of 5×5 at stride 2,
 * by the transpose of Winograd's F(4×4, 3×3) as winograd.cl has it:
 *
 *   gw_{o,c} = G' [ Σ_tiles (A g_o A') ⊙ (B' x_c B) ] G        g: 4×4 tile, x: the 6×6 pixels that it was made from
 *
 * At stride 2 the rows 2i + a and columns 2j + b of x make four maps of half the size, `phases`, each with a 3×3 kernel:
 * tap k of phase a is tap 2k + a - 1 of the 5×5. Phase 0 has no tap 0, which is all that frequency 0 serves.
 *
 * A work-group sums over `chunk` tiles of all pictures, `tiles` at a time, for `slab` channels of a phase of x and
 * OB·LANES of g, everything between in its local memory, `pitch` being the slab's channels up to whole P:
 *   V[f][tile][pitch], W[f][tile][OB·LANES]  transformed x and g        M[f][pitch][OB·LANES]  sums
 * and stores parts[chunk][out/(OB·LANES)][tap][in][OB·LANES] for conv-weight.cl to sum. zeros: in and out of them at
 * least.
 *
 * upsample: x is read at row/2, column/2; height and width are those of the doubled map.
 *
 * -D IN_LANES (which divides in and slab; OB·LANES divides out), tunables LANES P OB
 */

/* A g */
inline void
gradient_transform (const vec g[4], vec v[SIDE])
{
  vec even_a = fma (g[2], (vec) 0.5625f, g[0]), odd_a = fma (g[3], (vec) 0.421875f, g[1] * 0.75f);
  vec even_b = fma (g[2], (vec) 2.25f, g[0]), odd_b = fma (g[3], (vec) 3.375f, g[1] * 1.5f);

  v[0] = g[0];
  v[1] = even_a + odd_a;
  v[2] = even_a - odd_a;
  v[3] = even_b + odd_b;
  v[4] = even_b - odd_b;
  v[5] = g[3];
}

/* G' m */
inline void
sums_transform (const vec m[SIDE], vec y[3])
{
  vec sum_a = (m[1] + m[2]) * (-1.0f / 1.8984375f), difference_a = (m[1] - m[2]) * (-1.0f / 1.8984375f);
  vec sum_b = (m[3] + m[4]) * (1.0f / 7.59375f), difference_b = (m[3] - m[4]) * (1.0f / 7.59375f);

  y[0] = fma (m[0], (vec) (1.0f / 1.265625f), sum_a + sum_b);
  y[1] = fma (difference_b, (vec) 1.5f, difference_a * 0.75f);
  y[2] = fma (sum_b, (vec) 2.25f, fma (sum_a, (vec) 0.5625f, m[5]));
}

/* One tile of W, of the 4×4 pixels `step` apart from row `top` and column `left` of g; frequencies are `pitch` apart. */
inline void
transform_gradient (__global const float *map, int g_stride, int g_height, int g_width, int top, int left, int step,
                    __global const float *zeros, __local float *W, int pitch)
{
  __global const float *from[4][4];

#pragma unroll
  for (int i = 0; i < 4; i++)
#pragma unroll
    for (int j = 0; j < 4; j++)
      {
        const int row = top + step * i, column = left + step * j;

        from[i][j] = row < g_height && column < g_width ? map + (row * g_width + column) * g_stride : zeros;
      }
  for (int o = 0; o < OB; o++)
    TRANSFORM (vec, 4, SIDE, gradient_transform, i, j, load_vec (o, from[i][j]), v,
               store_vec (v[j], o, W + (i * SIDE + j) * pitch))
}

/* sums[p] += Σ_t values[t, p] · gradients[t], of one frequency of `count` tiles and P channels of x. */
inline void
multiply (__local const float *values, int pitch, __local const float *gradients, int count, __local float *sums)
{
  vec sum[P][OB];

  FOR_TILE (p, o)
    sum[p][o] = load_vec (p * OB + o, sums);
  for (int t = 0; t < count; t++)
    ADD_PRODUCTS (sum, p, values[t * pitch + p], o, load_vec (t * OB + o, gradients))
  FOR_TILE (p, o)
    store_vec (sum[p][o], p * OB + o, sums);
}

/* The taps of phase (a, b) of one vector, from its sums, which are `pitch` floats apart; the kernel's are `tap_pitch`. */
inline void
store_taps (__local const float *sums, int pitch, __global float *to, size_t tap_pitch, int kernel_size, int stride,
            int a, int b)
{
  vec taps[9];

  TRANSFORM (vec, SIDE, 3, sums_transform, i, j, load_vec (0, sums + (i * SIDE + j) * pitch), t, taps[3 * i + j] = t[j])
#pragma unroll
  for (int k = 0; k < 9; k++)
    {
      const int u = stride * (k / 3) + a - (stride - 1), v = stride * (k % 3) + b - (stride - 1);

      if (u >= 0 && v >= 0)
        store_vec (taps[k], 0, to + (u * kernel_size + v) * tap_pitch);
    }
}

__kernel ONE_ITEM void
winograd_weight (__global const float *restrict x, int x_offset, int x_stride, int height, int width,
                 __global const float *restrict g, int g_offset, int g_stride, int g_height, int g_width,
                 __global const float *restrict zeros, __global float *restrict parts, int in, int slab,
                 int kernel_size, int stride, int step, int upsample, int shift_y, int shift_x, int rows, int columns,
                 int n_tiles, int chunk, int tiles, __local float *restrict V, __local float *restrict W,
                 __local float *restrict M)
{
  const int slabs = (in + slab - 1) / slab, phase = get_group_id (0) / slabs;
  const int a = phase / 2, b = phase % 2, c_first = get_group_id (0) % slabs * slab, channels = min (slab, in - c_first);
  const int block = get_group_id (1), blocks = get_num_groups (1), part = get_group_id (2);
  const int pitch = (channels + P - 1) / P * P, end = min (n_tiles, (part + 1) * chunk);
  const int map_height = height >> upsample, map_width = width >> upsample;
  const int f_y = a < stride - 1, f_x = b < stride - 1; /* first frequencies of use */

  for (int i = 0; i < FREQUENCIES * tiles; i++)
    for (int c = channels; c < pitch; c++)
      V[i * pitch + c] = 0.0f;
  for (int i = 0; i < FREQUENCIES * pitch * OB; i++)
    store_vec ((vec) 0.0f, i, M);

  for (int first = part * chunk; first < end; first += tiles)
    {
      const int count = min (tiles, end - first);

      for (int t = 0; t < count; t++)
        {
          const Tile tile = find_tile (first + t, rows, columns, step);
          const int g_top = tile.sub_y + step * tile.row, g_left = tile.sub_x + step * tile.column;
          const int top = stride * (g_top - step) + a - shift_y, left = stride * (g_left - step) + b - shift_x;

          transform_tile (x + x_offset + (size_t) tile.image * map_height * map_width * x_stride + c_first, x_stride,
                          map_width, upsample, (int4) (0, 0, width, height), top, left, stride * step, zeros, channels,
                          V + t * pitch, tiles * pitch);
          transform_gradient (g + g_offset + (size_t) tile.image * g_height * g_width * g_stride + block * BLOCK,
                              g_stride, g_height, g_width, g_top, g_left, step, zeros, W + t * BLOCK, tiles * BLOCK);
        }

      for (int f = f_y * SIDE; f < FREQUENCIES; f++)
        for (int c = f % SIDE < f_x ? pitch : 0; c < pitch; c += P)
          multiply (V + f * tiles * pitch + c, pitch, W + f * tiles * BLOCK, count, M + (f * pitch + c) * BLOCK);
    }

  for (int i = 0; i < channels * OB; i++)
    store_taps (M + i * LANES, pitch * BLOCK,
                parts + ((size_t) (part * blocks + block) * kernel_size * kernel_size * in + c_first) * BLOCK + i * LANES,
                (size_t) in * BLOCK, kernel_size, stride, a, b);
}
