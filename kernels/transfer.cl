/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rebuilds features from attention scores. All 4×4 patches k of b, at stride 2 with one row and column before them,
 * are added up with weights a[q, k] where the patches of q lie, and divided by 4; apart for each parity r of pixels:
 *
 *   y[2u + r] = ¼ Σ_k w[u, k] · b[2k + r],   w[u, k] = Σ_δ a[u + δ, k + δ]
 *
 * with δ per axis over 0 and, for r = 0, -1, for r = 1, 1, where neither u + δ nor k + δ leaves the grid.
 *
 * A work-group takes P positions u one after the other in row-major order of `columns` columns from first_x and every
 * SUB-th row from row `first`, and those in the SUB-1 rows below them (up to row end-1), which share most of what they
 * read. KEYS keys at a time it lays out w for P positions, lists the keys that any of them attends to, and multiplies
 * those alone, for all channels.
 *
 *   a       a matrix as attention.cl has it              values  [4][blocks][gh·gw][OB·LANES]
 *   left, right as scores.cl has them                    y  2gh×2gw pixels, y_stride floats apart
 *
 * -D CHANNELS, tunables LANES P OB SUB KEYS
 */
#ifndef SUB
#define SUB 4
#endif
#ifndef KEYS
#define KEYS 256
#endif
#define BLOCKS ((CHANNELS + BLOCK - 1) / BLOCK)
#define PITCH (KEYS + LANES) /* of w's rows, which would share few places of the cache if they lay KEYS apart */

/* w of the position (x, y), P·PITCH apart for the four parities. */
inline void
lay_out (__global const float *a, __global const float *left, __global const float *right, int row_size, int ring,
         int gh, int gw, int y, int x, int keys, __local float *w)
{
  __global const float *from[3][3];

#pragma unroll
  for (int v = -1; v <= 1; v++)
#pragma unroll
    for (int u = -1; u <= 1; u++)
      {
        const int inside = y + v >= 0 && y + v < gh && x + u >= 0 && x + u < gw;
        const int row = inside ? (y + v + ring) % ring * gw + x + u : ring * gw;

        from[v + 1][u + 1] = a + (size_t) row * row_size + v * gw + u;
      }
  for (int j = 0; j < keys; j += LANES)
    {
      const vec left_inside = load_vec (0, left + j), right_inside = load_vec (0, right + j);
      vec to_left[3], to_right[3]; /* sums of a column's two, by row */

#pragma unroll
      for (int v = 0; v < 3; v++)
        {
          const vec centre = load_vec (0, from[v][1] + j);

          to_left[v] = fma (left_inside, load_vec (0, from[v][0] + j), centre);
          to_right[v] = fma (right_inside, load_vec (0, from[v][2] + j), centre);
        }
      store_vec (to_left[1] + to_left[0], 0, w + j);
      store_vec (to_right[1] + to_right[0], 0, w + P * PITCH + j);
      store_vec (to_left[1] + to_left[2], 0, w + 2 * P * PITCH + j);
      store_vec (to_right[1] + to_right[2], 0, w + 3 * P * PITCH + j);
    }
}

/* Lists the keys that any of P positions attends to, by their places among the values. */
inline int
list_used (__local const float *w, int keys, __local int *list)
{
  int n = 0;

  for (int j = 0; j < keys; j += LANES)
    {
      vec sum = load_vec (0, w + j);
      int used[LANES];

#pragma unroll
      for (int p = 1; p < P; p++)
        sum += load_vec (0, w + p * PITCH + j);
      if (!any (sum != 0.0f))
        continue;
      store_ivec (sum != 0.0f, 0, used);
      for (int l = 0; l < LANES; l++)
        {
          list[n] = (j + l) * BLOCK;
          n -= j + l < keys ? used[l] : 0; /* what fills up a vector has weights too, of the keys a row above */
        }
    }
  return n;
}

/* sums[p] += Σ_k w[p, k] · values[k] over the keys of the list. It holds places of values and not of w, so that
 * compilers load those first, and keep the sums in registers. */
inline void
multiply (__local const float *w, __local const int *list, int n, __global const float *values, __local float *sums)
{
  vec sum[P][OB];

  FOR_TILE (p, o)
    sum[p][o] = load_vec (p * OB + o, sums);

  for (int i = 0; i < n; i++)
    {
      const uint j = list[i];

      ADD_PRODUCTS (sum, p, w[p * PITCH + j / BLOCK], o, load_vec (o, values + j))
    }

  FOR_TILE (p, o)
    store_vec (sum[p][o], p * OB + o, sums);
}

__kernel ONE_ITEM void
transfer (__global const float *restrict a, __global const float *restrict values, __global const float *restrict left,
          __global const float *restrict right, int row_size, int before, int ring, int gh, int gw, int first, int end,
          int first_x, int columns, __global float *restrict y, int y_offset, int y_stride)
{
  const int keys = gh * gw;
  const int begin = (int) get_group_id (0) * P;
  __local float w[4 * P * PITCH];
  __local int list[KEYS + 1];
  __local float sums[SUB * 4 * BLOCKS * P * BLOCK];

  for (int i = 0; i < SUB * 4 * BLOCKS * P * BLOCK; i++)
    sums[i] = 0.0f;
  for (int key = 0; key < keys; key += KEYS)
    for (int sub = 0; sub < SUB; sub++)
      {
        const int n_keys = min (KEYS, keys - key);

        if (first + begin / columns * SUB + sub >= end)
          break;
        for (int p = 0; p < P; p++)
          lay_out (a + before + key, left + key, right + key, row_size, ring, gh, gw,
                   min (first + (begin + p) / columns * SUB + sub, end - 1), first_x + (begin + p) % columns, n_keys,
                   w + p * PITCH);
        for (int parity = 0; parity < 4; parity++)
          {
            const int n = list_used (w + parity * P * PITCH, n_keys, list);

            for (int block = 0; block < BLOCKS; block++)
              multiply (w + parity * P * PITCH, list, n,
                        values + ((size_t) (parity * BLOCKS + block) * keys + key) * BLOCK,
                        sums + ((sub * 4 + parity) * BLOCKS + block) * P * BLOCK);
          }
      }

  for (int sub = 0; sub < SUB; sub++)
    for (int p = 0; p < P; p++)
      for (int parity = 0; parity < 4; parity++)
        {
          const int row = first + (begin + p) / columns * SUB + sub, column = first_x + (begin + p) % columns;
          const int pixel = (2 * row + parity / 2) * 2 * gw + 2 * column + parity % 2;
          __local const float *from = sums + ((sub * 4 + parity) * BLOCKS * P + p) * BLOCK;
          __global float *to = y + y_offset + (size_t) pixel * y_stride;

          if (row < end)
            for (int c = 0; c < CHANNELS; c++)
              to[c] = 0.25f * from[c / BLOCK * P * BLOCK + c % BLOCK];
        }
}
