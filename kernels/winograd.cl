/* SPDX-License-Identifier: GPL-3.0-or-later */
/* 3×3 convolution, stride 1, any dilation, zero SAME padding, by Winograd's minimal filtering
 * F(4×4, 3×3); and nearest ×2 followed by 3×3 as four 2×2 convolutions, one a phase, by F(4×4, 2×2)
 * (Lavin and Gray 2016; Vincent et al. 2017 for the choice of points):
 *
 *   Y = A' [ Σ_c (G w_c G') ⊙ (B' d_c B) ] A        d: (TAPS+3)² input tile, Y: 4×4 output tile
 *
 * TAPS 3, points 0, ±3/4, ±3/2, ∞; TAPS 2, points ±3/8, ±5/4, ∞: chosen for small rounding error.
 *
 * A dilated convolution is `step`² independent ones on interleaved sub-maps: tile (r, s) of sub-map (a, b) has
 * outputs (a + step·(4r + i), b + step·(4s + j)) and inputs from (a + step·(4r - 1), …) in the same step.
 * Upsampled, phase (a, b) of the output, rows a + 2·(4r + i), reads the small map's rows 4r + a - 1 + i in
 * steps of 1 with its own 2×2 kernel.
 *
 * 5×5 at stride 2 is a 3×3 convolution of four maps of half the size, the rows 2i + a - shift and the columns likewise:
 * tap k of phase a is tap 2k + a - 1 of the 5×5. Its transpose, the gradient, makes the four maps instead (spread 2), of
 * which tap k is tap 3 - 2k + a. Phases are in the order (1, 1), (1, 0), (0, 1), (0, 0); where a is 0 a tap is missing
 * at one end, and with it all that one frequency serves.
 *
 * Of y only `area` (left, top, right, bottom; top and left even where upsampled) is wanted: tiles begin there. `seen`
 * is what that sees of x: a tile would mix what lies around it into its outputs, and so takes it as zero.
 *
 * A work-group takes `tiles` tiles (a multiple of P), counted over all pictures, through input transform → FREQUENCIES
 * small matrix products → output transform for `blocks` blocks of output channels, everything between in its local
 * memory; and where there are several slabs of input channels (of all phases), again for each, with room for the
 * products of all blocks:
 *   V[f][tile][slab]  transformed inputs         M[f][tile][OB·LANES]  products of one block of channels, or of each
 *   u  [phase][phase of y][out/(OB·LANES)][FREQUENCIES][phase of x][in][OB·LANES]  transformed weights
 *   bias  of all sums, then slab zeros
 * Of LANES sums MADE output channels are made: where they are not as many, u and bias have sums for out.
 *
 * -D TAPS IN_LANES MADE (IN_LANES divides slab, which divides in; OB·MADE divides out), tunables LANES P OB
 */
#if TAPS == 3

/* A' m */
inline void
output_transform (const vec m[SIDE], vec y[4])
{
  vec sum_a = m[1] + m[2], difference_a = m[1] - m[2];
  vec sum_b = m[3] + m[4], difference_b = m[3] - m[4];

  y[0] = m[0] + sum_a + sum_b;
  y[1] = fma (difference_b, (vec) 1.5f, difference_a * 0.75f);
  y[2] = fma (sum_b, (vec) 2.25f, sum_a * 0.5625f);
  y[3] = fma (difference_b, (vec) 3.375f, fma (difference_a, (vec) 0.421875f, m[5]));
}

#else

inline void
output_transform (const vec m[SIDE], vec y[4])
{
  vec sum_a = m[0] + m[1], difference_a = m[0] - m[1];
  vec sum_b = m[2] + m[3], difference_b = m[2] - m[3];

  y[0] = sum_a + sum_b;
  y[1] = fma (difference_b, (vec) 1.25f, difference_a * 0.375f);
  y[2] = fma (sum_b, (vec) 1.5625f, sum_a * 0.140625f);
  y[3] = fma (difference_b, (vec) 1.953125f, fma (difference_a, (vec) 0.052734375f, m[4]));
}

#endif

/* Whether phase a of an axis asks for a frequency: tap 0 is missing of an x in phases, the last one of such a y. */
inline int
is_of_use (int frequency, int a, int stride, int spread)
{
  return a == 1 || !((stride == 2 && frequency == 0) || (spread == 2 && frequency == SIDE - 1));
}

/* products[p] (+)= Σ_c values[p, c] · weight[c], of one frequency of P tiles and a slab of `depth` channels. */
inline void
multiply (__local const float *values, int slab, __global const float *weight, int depth, int is_first,
          __local float *products)
{
  vec sum[P][OB];

  FOR_TILE (p, o)
    sum[p][o] = is_first ? (vec) 0.0f : load_vec (p * OB + o, products);
  for (int c = 0; c < depth; c++)
    ADD_PRODUCTS (sum, p, values[p * slab + c], o, load_vec (c * OB + o, weight))
  FOR_TILE (p, o)
    store_vec (sum[p][o], p * OB + o, products);
}

/* MADE channels of 4×4 pixels of y, `by` apart from row `top` and column `left` on, as far as they lie in `to` (left,
 * top, right, bottom). The products' frequencies are `pitch` floats apart. */
inline void
store_outputs (__local const float *products, int pitch, vec bias, int activation, __global float *y, int y_stride,
               int y_width, int top, int left, int by, int4 to)
{
  vec values[16];

  TRANSFORM (vec, SIDE, 4, output_transform, i, j, load_vec (0, products + (i * SIDE + j) * pitch), t,
             values[4 * i + j] = t[j])
  /* Unrolled, sixteen activations would take a driver long to compile. */
#pragma unroll 1
  for (int i = 0; i < 16; i++)
    {
      const int row = top + by * (i / 4), column = left + by * (i % 4);

      if (row >= to.y && row < to.w && column >= to.x && column < to.z)
        store_made (finish (values[i] + bias, activation), y + ((size_t) row * y_width + column) * y_stride);
    }
}

/* The n-th tile of a phase, which is the only sub-map of an upsampled layer. */
inline Tile
find_tile_of_phase (int n, int rows, int columns, int step, int phase)
{
#if TAPS == 3
  return find_tile (n, rows, columns, step);
#else
  Tile tile = find_tile (n, rows, columns, 1);

  tile.sub_y = phase >> 1;
  tile.sub_x = phase & 1;
  return tile;
#endif
}

__kernel ONE_ITEM void
winograd (__global const float *restrict x, int x_offset, int x_stride, int height, int width, int4 seen,
          __global const float *restrict u, __global const float *restrict bias,
          __global float *restrict y, int y_offset, int y_stride, int y_height, int y_width, int4 area,
          int in, int slab, int out, int blocks, int stride, int spread, int shift_y, int shift_x, int step,
          int activation, int rows, int columns, int n_tiles, int tiles, __local float *restrict V,
          __local float *restrict M)
{
  const int first = get_group_id (0) * tiles;
  const int phase = get_group_id (1);
  const int first_block = get_group_id (2) * blocks;
  const int count = min (tiles, n_tiles - first);
  const int n_blocks = spread * spread * out / MADE_BLOCK, n_slabs = stride * stride * in / slab;

  for (int k = 0; k < blocks * n_slabs; k++)
    {
      const int block = first_block + k % blocks, s = k / blocks;
      const int x_phase = 3 - s * slab / in, y_phase = 3 - block * MADE_BLOCK / out, channel = block * MADE_BLOCK % out;
      const int is_first = s == 0, is_last = s + 1 == n_slabs;
      const int a = stride == 2 ? x_phase >> 1 : y_phase >> 1, b = stride == 2 ? x_phase & 1 : y_phase & 1;
      const int down = spread == 2 ? a - shift_y : 0, right = spread == 2 ? b - shift_x : 0; /* of y's phase */
      const int4 inside = (int4) (0, 0, min (y_width, spread * area.z + right), min (y_height, spread * area.w + down));
      __local float *products = M + (n_slabs > 1 ? k % blocks * FREQUENCIES * tiles * BLOCK : 0);

      /* A slab's inputs serve all blocks. */
      for (int t = 0; t < count && k % blocks == 0; t++)
        {
          const Tile tile = find_tile_of_phase (first + t, rows, columns, step, phase);
#if TAPS == 3
          const int by = stride * step;
          const int top
              = stride * (area.y + tile.sub_y + step * (tile.row - 1)) + (stride == 2 ? a - shift_y : 0);
          const int left
              = stride * (area.x + tile.sub_x + step * (tile.column - 1)) + (stride == 2 ? b - shift_x : 0);
#else
          const int top = area.y / 2 + tile.row + tile.sub_y - 1, left = area.x / 2 + tile.column + tile.sub_x - 1;
          const int by = 1;
#endif

          transform_tile (x + x_offset + (size_t) tile.image * height * width * x_stride + s * slab % in, x_stride,
                          width, 0, seen, top, left, by, bias + out / MADE * LANES, slab, V + t * slab, tiles * slab);
        }

      for (int f = 0; f < FREQUENCIES; f++)
        {
          const int depth
              = is_of_use (f / SIDE, a, stride, spread) && is_of_use (f % SIDE, b, stride, spread) ? slab : 0;
          __global const float *weight
              = u + (((size_t) (phase * n_blocks + block) * FREQUENCIES + f) * n_slabs + s) * slab * BLOCK;

          for (int t = 0; t < count && (is_first || depth > 0); t += P)
            multiply (V + (f * tiles + t) * slab, slab, weight, depth, is_first, products + (f * tiles + t) * BLOCK);
        }

      for (int t = 0; t < count && is_last; t++)
        {
          const Tile tile = find_tile_of_phase (first + t, rows, columns, step, phase);
          const int top = area.y + tile.sub_y + step * tile.row, left = area.x + tile.sub_x + step * tile.column;
          __global float *to = y + y_offset + (size_t) tile.image * y_height * y_width * y_stride + channel;

          for (int o = 0; o < OB; o++)
            store_outputs (products + t * BLOCK + o * LANES, tiles * BLOCK, load_vec (o, bias + channel / MADE * LANES),
                           activation, to + o * MADE, y_stride, y_width, spread * top + down, spread * left + right,
                           spread * step, inside);
        }
    }
}
