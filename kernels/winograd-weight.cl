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
#define SIDE 6
#define FREQUENCIES (SIDE * SIDE)

typedef JOIN (float, IN_LANES) in_vec;
#define in_load(i, p) JOIN (vload, IN_LANES) (i, p)
#define in_store(v, i, p) JOIN (vstore, IN_LANES) (v, i, p)

/* B' x, as winograd.cl has it */
inline void
transform_input (const in_vec d[SIDE], in_vec v[SIDE])
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

/* A g */
inline void
transform_gradient (const vec g[4], vec v[SIDE])
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
transform_sums (const vec m[SIDE], vec y[3])
{
  vec sum_a = (m[1] + m[2]) * (-1.0f / 1.8984375f), difference_a = (m[1] - m[2]) * (-1.0f / 1.8984375f);
  vec sum_b = (m[3] + m[4]) * (1.0f / 7.59375f), difference_b = (m[3] - m[4]) * (1.0f / 7.59375f);

  y[0] = fma (m[0], (vec) (1.0f / 1.265625f), sum_a + sum_b);
  y[1] = fma (difference_b, (vec) 1.5f, difference_a * 0.75f);
  y[2] = fma (sum_b, (vec) 2.25f, fma (sum_a, (vec) 0.5625f, m[5]));
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
          const int sub_map = (first + t) / (rows * columns), tile = (first + t) % (rows * columns);
          const int image = sub_map / (step * step), sub_y = sub_map / step % step, sub_x = sub_map % step;
          const int g_top = sub_y + tile / columns * 4 * step, g_left = sub_x + tile % columns * 4 * step;
          const int top = stride * (g_top - step) + a - shift_y, left = stride * (g_left - step) + b - shift_x;
          __global const float *map
              = x + x_offset + (size_t) image * map_height * map_width * x_stride + c_first;
          __global const float *g_map
              = g + g_offset + (size_t) image * g_height * g_width * g_stride + block * BLOCK;
          __global const float *from[SIDE][SIDE], *g_from[4][4];

#pragma unroll
          for (int i = 0; i < SIDE; i++)
#pragma unroll
            for (int j = 0; j < SIDE; j++)
              {
                int row = top + stride * step * i, column = left + stride * step * j;
                int inside = row >= 0 && row < height && column >= 0 && column < width;

                from[i][j]
                    = inside ? map + ((row >> upsample) * map_width + (column >> upsample)) * x_stride : zeros;
              }
          for (int c = 0; c < channels / IN_LANES; c++)
            {
              in_vec d[SIDE][SIDE];

#pragma unroll
              for (int j = 0; j < SIDE; j++)
                {
                  in_vec raw[SIDE], across[SIDE];

#pragma unroll
                  for (int i = 0; i < SIDE; i++)
                    raw[i] = in_load (c, from[i][j]);
                  transform_input (raw, across);
#pragma unroll
                  for (int i = 0; i < SIDE; i++)
                    d[i][j] = across[i];
                }
#pragma unroll
              for (int i = 0; i < SIDE; i++)
                {
                  in_vec v[SIDE];

                  transform_input (d[i], v);
#pragma unroll
                  for (int j = 0; j < SIDE; j++)
                    in_store (v[j], c, V + ((i * SIDE + j) * tiles + t) * pitch);
                }
            }

#pragma unroll
          for (int i = 0; i < 4; i++)
#pragma unroll
            for (int j = 0; j < 4; j++)
              {
                int row = g_top + step * i, column = g_left + step * j;

                g_from[i][j] = row < g_height && column < g_width ? g_map + (row * g_width + column) * g_stride : zeros;
              }
          for (int o = 0; o < OB; o++)
            {
              vec d[SIDE][4];

#pragma unroll
              for (int j = 0; j < 4; j++)
                {
                  vec raw[4], across[SIDE];

#pragma unroll
                  for (int i = 0; i < 4; i++)
                    raw[i] = load_vec (o, g_from[i][j]);
                  transform_gradient (raw, across);
#pragma unroll
                  for (int i = 0; i < SIDE; i++)
                    d[i][j] = across[i];
                }
#pragma unroll
              for (int i = 0; i < SIDE; i++)
                {
                  vec v[SIDE];

                  transform_gradient (d[i], v);
#pragma unroll
                  for (int j = 0; j < SIDE; j++)
                    store_vec (v[j], o, W + ((i * SIDE + j) * tiles + t) * BLOCK);
                }
            }
        }

      for (int f = f_y * SIDE; f < FREQUENCIES; f++)
        for (int c = f % SIDE < f_x ? pitch : 0; c < pitch; c += P)
          {
            __local const float *values = V + f * tiles * pitch + c, *gradients = W + f * tiles * BLOCK;
            __local float *sums = M + (f * pitch + c) * BLOCK;
            vec sum[P][OB];

#pragma unroll
            for (int p = 0; p < P; p++)
#pragma unroll
              for (int o = 0; o < OB; o++)
                sum[p][o] = load_vec (p * OB + o, sums);
            for (int t = 0; t < count; t++)
              {
                vec gradient[OB];

#pragma unroll
                for (int o = 0; o < OB; o++)
                  gradient[o] = load_vec (t * OB + o, gradients);
#pragma unroll
                for (int p = 0; p < P; p++)
                  {
                    vec value = (vec) values[t * pitch + p];

#pragma unroll
                    for (int o = 0; o < OB; o++)
                      sum[p][o] = fma (value, gradient[o], sum[p][o]);
                  }
              }
#pragma unroll
            for (int p = 0; p < P; p++)
#pragma unroll
              for (int o = 0; o < OB; o++)
                store_vec (sum[p][o], p * OB + o, sums);
          }
    }

  for (int i = 0; i < channels * OB; i++)
    {
      __global float *to = parts + ((size_t) (part * blocks + block) * kernel_size * kernel_size * in + c_first) * BLOCK;
      vec m[3][SIDE], taps[9];

#pragma unroll
      for (int j = 0; j < SIDE; j++)
        {
          vec raw[SIDE], across[3];

#pragma unroll
          for (int k = 0; k < SIDE; k++)
            raw[k] = load_vec (i, M + (k * SIDE + j) * pitch * BLOCK);
          transform_sums (raw, across);
#pragma unroll
          for (int k = 0; k < 3; k++)
            m[k][j] = across[k];
        }
#pragma unroll
      for (int k = 0; k < 3; k++)
        transform_sums (m[k], taps + 3 * k);
#pragma unroll
      for (int k = 0; k < 9; k++)
        {
          int u = stride * (k / 3) + a - (stride - 1), v = stride * (k % 3) + b - (stride - 1);

          if (u >= 0 && v >= 0)
            store_vec (taps[k], i, to + (size_t) (u * kernel_size + v) * in * BLOCK);
        }
    }
}
