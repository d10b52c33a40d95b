/* Rebuilds features from attention scores. All 4×4 patches k of b, at stride 2 with one row and column before them,
 * are added up with weights a[q, k] where the patches of q lie, and divided by 4; apart for each parity r of pixels:
 *
 *   y[2u + r] = ¼ Σ_k w[u, k] · b[2k + r],   w[u, k] = Σ_δ a[u + δ, k + δ]
 *
 * with δ per axis over 0 and, for r = 0, -1, for r = 1, 1, where neither u + δ nor k + δ leaves the grid.
 *
 * A work-group takes SUB·P positions u of `rows` rows from row `first`, of one parity, and all channels: KEYS keys at a
 * time it lays out w for P positions, lists the keys that any of them attends to, and multiplies those alone.
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
#define BLOCK (OB * LANES)
#define BLOCKS ((CHANNELS + BLOCK - 1) / BLOCK)
#define PITCH (KEYS + LANES) /* of w's rows, which would share few places of the cache if they lay KEYS apart */

/* w of P positions from the i-th on (the last again where there are fewer), and in `used` whether any attends to the
 * key: -1, else 0. */
inline void
lay_out (__global const float *a, __global const float *edge, int row_size, int ring, int gh, int gw, int first,
         int i, int last, int dy, int dx, int keys, __local float *w, __local int *used)
{
  __global const float *from[P][4];

  for (int p = 0; p < P; p++)
    {
      const int y = first + min (i + p, last) / gw, x = min (i + p, last) % gw;
      const int y_inside = y + dy >= 0 && y + dy < gh, x_inside = x + dx >= 0 && x + dx < gw;
      const int here = y % ring * gw + x, there = (y + dy + ring) % ring * gw + x, none = ring * gw;

      from[p][0] = a + (size_t) here * row_size;
      from[p][1] = a + (size_t) (x_inside ? here + dx : none) * row_size + dx;
      from[p][2] = a + (size_t) (y_inside ? there : none) * row_size + dy * gw;
      from[p][3] = a + (size_t) (y_inside && x_inside ? there + dx : none) * row_size + dy * gw + dx;
    }
  for (int j = 0; j < keys; j += LANES)
    {
      const vec inside = load_vec (0, edge + j);
      vec any_used = (vec) 0.0f;

      for (int p = 0; p < P; p++)
        {
          const vec straight = load_vec (0, from[p][0] + j) + load_vec (0, from[p][2] + j);
          const vec aside = load_vec (0, from[p][1] + j) + load_vec (0, from[p][3] + j);
          const vec value = fma (inside, aside, straight);

          any_used += value;
          store_vec (value, 0, w + p * PITCH + j);
        }
      store_vec (any_used != 0.0f, 0, used + j);
    }
}

/* Turns `used` into the list of used keys, in place. */
inline int
list_used (__local int *used, int keys)
{
  int n = 0;

  for (int j = 0; j < keys; j++)
    {
      const int step = -used[j];

      used[n] = j;
      n += step;
    }
  return n;
}

/* sums[p] += Σ_i w[p, list[i]] · values[list[i]] */
inline void
multiply (__local const float *w, __local const int *list, int n, __global const float *values, __local float *sums)
{
  vec sum[P][OB];

#pragma unroll
  for (int p = 0; p < P; p++)
#pragma unroll
    for (int o = 0; o < OB; o++)
      sum[p][o] = load_vec (p * OB + o, sums);

  for (int i = 0; i < n; i++)
    {
      const int j = list[i];
      vec value[OB];

#pragma unroll
      for (int o = 0; o < OB; o++)
        value[o] = load_vec (j * OB + o, values);
#pragma unroll
      for (int p = 0; p < P; p++)
#pragma unroll
        for (int o = 0; o < OB; o++)
          sum[p][o] = fma ((vec) w[p * PITCH + j], value[o], sum[p][o]);
    }

#pragma unroll
  for (int p = 0; p < P; p++)
#pragma unroll
    for (int o = 0; o < OB; o++)
      store_vec (sum[p][o], p * OB + o, sums);
}

__kernel ONE_ITEM void
transfer (__global const float *restrict a, __global const float *restrict values, __global const float *restrict left,
          __global const float *restrict right, int row_size, int before, int ring, int gh, int gw, int first, int rows,
          __global float *restrict y, int y_offset, int y_stride)
{
  const int parity = get_group_id (1), dy = parity / 2 * 2 - 1, dx = parity % 2 * 2 - 1;
  const int keys = gh * gw;
  const int begin = (int) get_group_id (0) * SUB * P, end = min (begin + SUB * P, rows * gw);
  __local float w[P * PITCH];
  __local int list[KEYS];
  __local float sums[SUB * BLOCKS * P * BLOCK];

  for (int i = 0; i < SUB * BLOCKS * P * BLOCK; i++)
    sums[i] = 0.0f;
  for (int key = 0; key < keys; key += KEYS)
    for (int i = begin; i < end; i += P)
      {
        const int n_keys = min (KEYS, keys - key);
        int n;

        lay_out (a + before + key, (dx < 0 ? left : right) + key, row_size, ring, gh, gw, first, i, end - 1,
                 dy, dx, n_keys, w, list);
        n = list_used (list, n_keys);
        for (int block = 0; block < BLOCKS; block++)
          multiply (w, list, n, values + ((size_t) (parity * BLOCKS + block) * keys + key) * BLOCK,
                    sums + ((i - begin) / P * BLOCKS + block) * P * BLOCK);
      }

  for (int i = begin; i < end; i++)
    {
      const int pixel = (2 * (first + i / gw) + parity / 2) * 2 * gw + 2 * (i % gw) + parity % 2;
      const int p = (i - begin) % P;

      for (int c = 0; c < CHANNELS; c++)
        y[y_offset + (size_t) pixel * y_stride + c]
            = 0.25f * sums[(((i - begin) / P * BLOCKS + c / BLOCK) * P + p) * BLOCK + c % BLOCK];
    }
}
