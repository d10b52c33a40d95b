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
 *   bias  out floats, then slab zeros
 *
 * -D TAPS IN_LANES (which divides slab, which divides in; OB·LANES divides out), tunables LANES P OB
 */
#define SIDE (TAPS + 3)
#define FREQUENCIES (SIDE * SIDE)

typedef JOIN (float, IN_LANES) in_vec;
#define in_load(i, p) JOIN (vload, IN_LANES) (i, p)
#define in_store(v, i, p) JOIN (vstore, IN_LANES) (v, i, p)

#if TAPS == 3

/* B' d */
inline void
input_transform (const in_vec d[SIDE], in_vec v[SIDE])
{
  in_vec even_a = fma (d[2], (in_vec) -2.25f, d[4]), odd_a = fma (d[1], (in_vec) -2.25f, d[3]) * 0.75f;
  in_vec even_b = fma (d[2], (in_vec) -0.5625f, d[4]), odd_b = fma (d[1], (in_vec) -0.5625f, d[3]) * 1.5f;

  v[0] = fma (d[0], (in_vec) 1.265625f, fma (d[2], (in_vec) -2.8125f, d[4]));
  v[1] = even_a + odd_a;
  v[2] = even_a - odd_a;
  v[3] = even_b + odd_b;
  v[4] = even_b - odd_b;
  v[5] = fma (d[1], (in_vec) 1.265625f, fma (d[3], (in_vec) -2.8125f, d[5]));
}

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
input_transform (const in_vec d[SIDE], in_vec v[SIDE])
{
  in_vec odd_a = fma (d[1], (in_vec) -1.5625f, d[3]), even_a = fma (d[0], (in_vec) -1.5625f, d[2]) * 0.375f;
  in_vec odd_b = fma (d[1], (in_vec) -0.140625f, d[3]), even_b = fma (d[0], (in_vec) -0.140625f, d[2]) * 1.25f;

  v[0] = odd_a + even_a;
  v[1] = odd_a - even_a;
  v[2] = odd_b + even_b;
  v[3] = odd_b - even_b;
  v[4] = fma (d[0], (in_vec) 0.2197265625f, fma (d[2], (in_vec) -1.703125f, d[4]));
}

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
  const int n_blocks = spread * spread * out / BLOCK, n_slabs = stride * stride * in / slab;
#if TAPS == 3
  const int sub_maps = step * step;
#else
  const int sub_maps = 1;
#endif
  __global const float *zeros = bias + out;

  for (int k = 0; k < blocks * n_slabs; k++)
    {
      const int block = first_block + k % blocks, s = k / blocks;
      const int x_phase = 3 - s * slab / in, y_phase = 3 - block * BLOCK / out, channel = block * BLOCK % out;
      const int is_first = s == 0, is_last = s + 1 == n_slabs;
      const int a = stride == 2 ? x_phase >> 1 : y_phase >> 1, b = stride == 2 ? x_phase & 1 : y_phase & 1;

      __local float *all_products = M + (n_slabs > 1 ? k % blocks * FREQUENCIES * tiles * BLOCK : 0);

      /* A slab's inputs serve all blocks. */
      for (int t = 0; t < count && k % blocks == 0; t++)
        {
          int sub_map = (first + t) / (rows * columns), tile = (first + t) % (rows * columns);
          int r = tile / columns * 4, c_first = s * slab % in, image = sub_map / sub_maps;
          int q = tile % columns * 4;
#if TAPS == 3
          int by = stride * step;
          int top = stride * (area.y + sub_map % sub_maps / step + step * (r - 1)) + (stride == 2 ? a - shift_y : 0);
          int left = stride * (area.x + sub_map % step + step * (q - 1)) + (stride == 2 ? b - shift_x : 0);
#else
          int top = area.y / 2 + r + (phase >> 1) - 1, left = area.x / 2 + q + (phase & 1) - 1, by = 1;
#endif
          __global const float *map = x + x_offset + (size_t) image * height * width * x_stride + c_first;
          __global const float *from[SIDE][SIDE];

#pragma unroll
          for (int i = 0; i < SIDE; i++)
#pragma unroll
            for (int j = 0; j < SIDE; j++)
              {
                int row = top + by * i, column = left + by * j;
                int inside = row >= seen.y && row < seen.w && column >= seen.x && column < seen.z;

                from[i][j] = inside ? map + (row * width + column) * x_stride : zeros;
              }
          for (int c = 0; c < slab / IN_LANES; c++)
            {
              in_vec d[SIDE][SIDE];

#pragma unroll
              for (int j = 0; j < SIDE; j++)
                {
                  in_vec raw[SIDE], across[SIDE];

#pragma unroll
                  for (int i = 0; i < SIDE; i++)
                    raw[i] = in_load (c, from[i][j]);
                  input_transform (raw, across);
#pragma unroll
                  for (int i = 0; i < SIDE; i++)
                    d[i][j] = across[i];
                }
#pragma unroll
              for (int i = 0; i < SIDE; i++)
                {
                  in_vec v[SIDE];

                  input_transform (d[i], v);
#pragma unroll
                  for (int j = 0; j < SIDE; j++)
                    in_store (v[j], c, V + ((i * SIDE + j) * tiles + t) * slab);
                }
            }
        }

      for (int f = 0; f < FREQUENCIES; f++)
        {
          const int depth
              = is_of_use (f / SIDE, a, stride, spread) && is_of_use (f % SIDE, b, stride, spread) ? slab : 0;
          __global const float *weight
              = u + (((size_t) (phase * n_blocks + block) * FREQUENCIES + f) * n_slabs + s) * slab * BLOCK;

          for (int t = 0; t < count && (is_first || depth > 0); t += P)
            {
              __local const float *values = V + (f * tiles + t) * slab;
              __local float *products = all_products + (f * tiles + t) * BLOCK;
              vec sum[P][OB];

#pragma unroll
              for (int p = 0; p < P; p++)
#pragma unroll
                for (int o = 0; o < OB; o++)
                  sum[p][o] = is_first ? (vec) 0.0f : load_vec (p * OB + o, products);
              for (int c = 0; c < depth; c++)
                {
                  vec weights[OB];

#pragma unroll
                  for (int o = 0; o < OB; o++)
                    weights[o] = load_vec (c * OB + o, weight);
#pragma unroll
                  for (int p = 0; p < P; p++)
                    {
                      vec value = (vec) values[p * slab + c];

#pragma unroll
                      for (int o = 0; o < OB; o++)
                        sum[p][o] = fma (value, weights[o], sum[p][o]);
                    }
                }
#pragma unroll
              for (int p = 0; p < P; p++)
#pragma unroll
                for (int o = 0; o < OB; o++)
                  store_vec (sum[p][o], p * OB + o, products);
            }
        }

      for (int t = 0; t < count && is_last; t++)
        {
          int sub_map = (first + t) / (rows * columns), tile = (first + t) % (rows * columns);
#if TAPS == 3
          int sub_y = sub_map % sub_maps / step, sub_x = sub_map % step;
#else
          int sub_y = phase >> 1, sub_x = phase & 1;
#endif
          int top = area.y + sub_y + step * (tile / columns * 4), left = area.x + sub_x + step * (tile % columns * 4);
          int image = sub_map / sub_maps;

          for (int o = 0; o < OB; o++)
            {
              __local const float *products = all_products + t * BLOCK + o * LANES;
              vec offset = load_vec (o, bias + channel);
              vec m[4][SIDE], values[16];

#pragma unroll
              for (int j = 0; j < SIDE; j++)
                {
                  vec raw[SIDE], across[4];

#pragma unroll
                  for (int i = 0; i < SIDE; i++)
                    raw[i] = load_vec (0, products + (i * SIDE + j) * tiles * BLOCK);
                  output_transform (raw, across);
#pragma unroll
                  for (int i = 0; i < 4; i++)
                    m[i][j] = across[i];
                }
#pragma unroll
              for (int i = 0; i < 4; i++)
                output_transform (m[i], values + 4 * i);
              /* Unrolled, sixteen activations would take a driver long to compile. */
#pragma unroll 1
              for (int i = 0; i < 16; i++)
                {
                  int row = top + step * (i / 4), column = left + step * (i % 4);
                  int y_row = spread == 2 ? 2 * row + a - shift_y : row;
                  int y_column = spread == 2 ? 2 * column + b - shift_x : column;

                  if (row < area.w && column < area.z && y_row >= 0 && y_row < y_height && y_column >= 0
                      && y_column < y_width)
                    store_vec (activate (values[i] + offset, activation), o,
                               y + y_offset + (((size_t) image * y_height + y_row) * y_width + y_column) * y_stride
                                   + channel);
                }
            }
        }
    }
}
