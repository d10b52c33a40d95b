/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From products of positions to attention scores, matrices as attention.cl has them. A work-group takes RUN queries of
 * a column, one below the other, which share most of what they read; rows first … end-1 are counted from -gh to 2·gh,
 * so that the ring's are consecutive. Columns begin at first_x.
 *
 *   patch_scores   s[q, k] = scale[k] · Σ_δ d[q + δ, k + δ], δ over the 3×3 offsets that leave neither grid
 *
 *   attend         t[q, k] = s[q-1, k-1] + s[q, k] + s[q+1, k+1]             row by row, zero outside the matrix
 *                  u[q, k] = t[q⁻, k⁻] + t[q, k] + t[q⁺, k⁺]                 the same column by column
 *                  a[q, k] = [valid[k] > 0] · exp(l[k]) / Σ_j exp(l[j]),     l[k] = 10 · valid[k] · u[q, k]
 *                  index[q] = the first valid key of the largest l, 0 without any
 *
 * where q⁺ is the position below q, or the top one of the next column. Terms below exp(least) of the largest are left
 * out: all together they stay under half a unit in the last place of the sum.
 *
 *   left, right   1 where the key has a neighbour there, else 0      valid   1 where all of the key's patch is known,
 *                 and less where that is to be avoided or others are preferred (engine/fill/steering.c): 0 not at all
 *   All are zero from gh·gw up to whole blocks of keys.
 *
 * The work-items of a work-group share the keys. tunables LANES RUN ROWS COLUMNS
 */
#ifndef RUN
#define RUN 4
#endif
#define ROW(matrix, row) ((matrix) + (size_t) (row) * row_size + before)
#define SUM3(from, k) (load_vec (0, from[0] + (k)) + load_vec (0, from[1] + (k)) + load_vec (0, from[2] + (k)))

inline void
sum_patches (__global const float *d, int d_ring, __global float *to, __global const float *scale,
             __global const float *left, __global const float *right, int row_size, int before, int gh, int gw, int v,
             int x)
{
  const int y = (v + gh) % gh;
  __global const float *from[3][3]; /* column, row */

#pragma unroll
  for (int i = 0; i < 3; i++)
#pragma unroll
    for (int j = 0; j < 3; j++)
      {
        const int inside = x + i >= 1 && x + i <= gw && y + j >= 1 && y + j <= gh;
        const int row = inside ? (v + j - 1 + d_ring) % d_ring * gw + x + i - 1 : d_ring * gw;

        from[i][j] = ROW (d, row) + (j - 1) * gw + i - 1;
      }
  for (int k = LANES * get_local_id (0); k < gh * gw; k += LANES * ITEMS)
    {
      vec sum = SUM3 (from[1], k);

      sum = fma (SUM3 (from[0], k), load_vec (0, left + k), sum);
      sum = fma (SUM3 (from[2], k), load_vec (0, right + k), sum);
      store_vec (sum * load_vec (0, scale + k), 0, to + k);
    }
}

__kernel LINE_OF_ITEMS void
patch_scores (__global const float *restrict d, int d_ring, __global float *restrict s, int s_ring,
              __global const float *restrict scale, __global const float *restrict left,
              __global const float *restrict right, int row_size, int before, int gh, int gw, int first, int end,
              int first_x)
{
  const int x = first_x + (int) get_group_id (0), run = first + RUN * (int) get_group_id (1);

  for (int v = run; v < min (run + RUN, end); v++)
    sum_patches (d, d_ring, ROW (s, (v + s_ring) % s_ring * gw + x), scale, left, right, row_size, before, gh, gw, v,
                 x);
}

/* The ring's row of the query i = -1, 0 or 1 after (v, x), row by row. */
inline int
find_row (int v, int x, int i, int ring, int gh, int gw)
{
  const int q = (v + gh) % gh * gw + x + i;

  if (q < 0 || q >= gh * gw)
    return ring * gw;
  if (x + i < 0)
    return (v - 1 + ring) % ring * gw + gw - 1;
  if (x + i >= gw)
    return (v + 1 + ring) % ring * gw;
  return (v + ring) % ring * gw + x + i;
}

/* u of all keys for the query (x, y). A key's neighbour in its column is gw keys away, but for the top and bottom keys;
 * k⁻ of the first key and k⁺ of the last are among the zeros around the keys. */
inline void
fuse (__global const float *s, int s_ring, __global float *to, int row_size, int before, int gh, int gw, int y, int x)
{
  const int keys = gh * gw;
  __global const float *from[3][3]; /* q⁻, q, q⁺; the query before, itself and after */

#pragma unroll
  for (int e = 0; e < 3; e++)
    {
      const int v = y + e - 1;
      const int u = v < 0 ? x - 1 : v < gh ? x : x + 1;

#pragma unroll
      for (int i = 0; i < 3; i++)
        from[e][i] = ROW (s, u < 0 || u >= gw ? s_ring * gw : find_row (v, u, i - 1, s_ring, gh, gw)) + i - 1;
    }
  for (int k = 0; k < keys;)
    {
      const int up = k == 0 ? -2 : k < gw ? keys - gw - 1 : -gw;
      const int down = k == keys - 1 ? 2 : k >= keys - gw ? gw + 1 - keys : gw;
      int end = k < keys - gw ? keys - gw : k < keys - 1 ? keys - 1 : keys;

      if (k < gw)
        end = min (end, k < 1 ? 1 : gw);
      for (int j = k + LANES * (int) get_local_id (0); j + LANES <= end; j += LANES * ITEMS)
        store_vec (SUM3 (from[0], j + up) + SUM3 (from[1], j) + SUM3 (from[2], j + down), 0, to + j);
      for (int j = k + (end - k) / LANES * LANES + (int) get_local_id (0); j < end; j += ITEMS)
        to[j] = from[0][0][j + up] + from[0][1][j + up] + from[0][2][j + up]
                + (from[1][0][j] + from[1][1][j] + from[1][2][j])
                + (from[2][0][j + down] + from[2][1][j + down] + from[2][2][j + down]);
      k = end;
    }
}

#if ITEMS > 1
#define WAIT() barrier (CLK_LOCAL_MEM_FENCE | CLK_GLOBAL_MEM_FENCE)
#define SHARED __local
#else
#define WAIT()
#define SHARED
#endif

/* From u to logits, in place. Returns the largest, and the first valid key of the largest valid one. The arrays hold a
 * value of every lane. */
inline float
find_largest (__global float *to, __global const float *valid, ivec lane, int keys, SHARED float *largests,
              SHARED float *bests, SHARED int *best_keys, __global int *ret_index)
{
  vec largest = (vec) -INFINITY, best = (vec) -INFINITY;
  ivec best_key = (ivec) 0;
  int l_best = 0;

  for (int k = LANES * get_local_id (0); k < keys; k += LANES * ITEMS)
    {
      const vec mask = load_vec (0, valid + k);
      const vec logit = 10.0f * mask * load_vec (0, to + k);
      const ivec better = mask > 0.0f && logit > best;

      best = select (best, logit, better);
      best_key = select (best_key, lane + k, better);
      largest = select (largest, max (largest, logit), lane + k < keys);
      store_vec (logit, 0, to + k);
    }

  store_vec (largest, get_local_id (0), largests);
  store_vec (best, get_local_id (0), bests);
  store_ivec (best_key, get_local_id (0), best_keys);
  WAIT ();
  if (get_local_id (0) == 0)
    {
      for (int l = 1; l < LANES * ITEMS; l++)
        {
          largests[0] = max (largests[0], largests[l]);
          if (bests[l] > bests[l_best] || (bests[l] == bests[l_best] && best_keys[l] < best_keys[l_best]))
            l_best = l;
        }
      *ret_index = best_keys[l_best];
    }
  WAIT ();
  return largests[0];
}

/* From logits to a, in place. */
inline void
soften (__global float *to, __global const float *valid, ivec lane, int keys, float largest, float least,
        SHARED float *totals)
{
  vec total = (vec) 0.0f;

  for (int k = LANES * get_local_id (0); k < keys; k += LANES * ITEMS)
    {
      const vec logit = load_vec (0, to + k) - largest;
      const vec value = select ((vec) 0.0f, exponential (logit), logit > least && lane + k < keys);

      total += value;
      store_vec (select ((vec) 0.0f, value, load_vec (0, valid + k) > 0.0f), 0, to + k);
    }

  store_vec (total, get_local_id (0), totals);
  WAIT ();
  if (get_local_id (0) == 0)
    for (int l = 1; l < LANES * ITEMS; l++)
      totals[0] += totals[l];
  WAIT ();
  for (int k = LANES * get_local_id (0); k < keys; k += LANES * ITEMS)
    store_vec (load_vec (0, to + k) / totals[0], 0, to + k);
}

__kernel LINE_OF_ITEMS void
attend (__global const float *restrict s, int s_ring, __global float *restrict a, int a_ring,
        __global const float *restrict valid, int row_size, int before, int gh, int gw, int first, int end, int first_x,
        float least, __global int *restrict index, int image)
{
  const int x = first_x + (int) get_group_id (0), run = first + RUN * (int) get_group_id (1);
  SHARED float largests[LANES * ITEMS], bests[LANES * ITEMS], totals[LANES * ITEMS];
  SHARED int best_keys[LANES * ITEMS];
  int lanes[LANES];
  ivec lane;

  for (int l = 0; l < LANES; l++)
    lanes[l] = l;
  lane = load_ivec (0, lanes);
  for (int y = run; y < min (run + RUN, end); y++)
    {
      __global float *to = ROW (a, y % a_ring * gw + x);
      float largest;

      fuse (s, s_ring, to, row_size, before, gh, gw, y, x);
      WAIT ();
      largest = find_largest (to, valid, lane, gh * gw, largests, bests, best_keys, index + (image * gh + y) * gw + x);
      soften (to, valid, lane, gh * gw, largest, least, totals);
    }
}
