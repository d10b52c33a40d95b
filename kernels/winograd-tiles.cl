/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tiles of x for winograd.cl and winograd-weight.cl, put before their sources:
 *
 *   V[f][tile][c] = (B' d_c B)[f]        d_c: SIDE×SIDE pixels of channel c, f = i·SIDE + j one of FREQUENCIES
 *
 * of the points that winograd.cl has for TAPS 3, the default, and TAPS 2.
 *
 * -D TAPS IN_LANES, the floats of a vector of input channels
 */
#ifndef TAPS
#define TAPS 3
#endif
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

#endif

/* T d T', with T the matrix of `transform`, which makes `to` vectors of `from`: columns first, then rows. `load` is
 * d[i][j]; `store` takes t[j], the result's j-th vector of row i, as soon as the row is there. */
#define TRANSFORM(vector, from, to, transform, i, j, load, t, store)                                                   \
  {                                                                                                                    \
    vector half_way[to][from];                                                                                         \
                                                                                                                       \
    UNROLL for (int j = 0; j < from; j++)                                                                              \
      {                                                                                                                \
        vector raw[from], across[to];                                                                                  \
                                                                                                                       \
        UNROLL for (int i = 0; i < from; i++) raw[i] = load;                                                           \
        transform (raw, across);                                                                                       \
        UNROLL for (int i = 0; i < to; i++) half_way[i][j] = across[i];                                                \
      }                                                                                                                \
    UNROLL for (int i = 0; i < to; i++)                                                                                \
      {                                                                                                                \
        vector t[to];                                                                                                  \
                                                                                                                       \
        transform (half_way[i], t);                                                                                    \
        UNROLL for (int j = 0; j < to; j++) store;                                                                     \
      }                                                                                                                \
  }

/* The place of 4×4 outputs: their picture, their sub-map (sub_y, sub_x), and their first row and column there. */
typedef struct
{
  int image, sub_y, sub_x, row, column;
} Tile;

/* The n-th tile of all pictures, each with step² sub-maps of rows × columns tiles. */
inline Tile
find_tile (int n, int rows, int columns, int step)
{
  const int sub_map = n / (rows * columns), tile = n % (rows * columns);

  return (Tile){ .image = sub_map / (step * step),
                 .sub_y = sub_map % (step * step) / step,
                 .sub_x = sub_map % step,
                 .row = tile / columns * 4,
                 .column = tile % columns * 4 };
}

/* One tile of V, from its first channel on; frequencies are `pitch` floats apart. Its pixels are `by` apart from row
 * `top` and column `left` of a map of pixels x_stride apart, `width` a row, read at row/2, column/2 where it is
 * upsampled; what lies outside of `seen` (left, top, right, bottom) is zero. */
inline void
transform_tile (__global const float *map, int x_stride, int width, int upsample, int4 seen, int top, int left, int by,
                __global const float *zeros, int channels, __local float *V, int pitch)
{
  __global const float *from[SIDE][SIDE];

#pragma unroll
  for (int i = 0; i < SIDE; i++)
#pragma unroll
    for (int j = 0; j < SIDE; j++)
      {
        const int row = top + by * i, column = left + by * j;
        const int inside = row >= seen.y && row < seen.w && column >= seen.x && column < seen.z;

        from[i][j] = inside ? map + ((row >> upsample) * width + (column >> upsample)) * x_stride : zeros;
      }
  for (int c = 0; c < channels / IN_LANES; c++)
    TRANSFORM (in_vec, SIDE, SIDE, input_transform, i, j, in_load (c, from[i][j]), v,
               in_store (v[j], c, V + (i * SIDE + j) * pitch))
}
