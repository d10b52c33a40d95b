/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Gradients of contextual attention (Yu et al. 2018, section 4.1), with names of attention.cl, scores.cl, transfer.cl.
 * Matrices are of queries by keys, `stride` floats a query; a work-group takes a query unless said otherwise.
 *
 *   diagonals   to[q, k] (+)= factor[k] · Σ_δ from[q + δ, k + δ], δ over the offsets that leave neither grid
 *               The transpose of the operation is the same with offsets of the other sign.
 *   fuse        t[q, k] = s[q⁻, k⁻] + s[q, k] + s[q⁺, k⁺], row by row or column by column; its own transpose
 *   soften      a[q, k] = valid[k] · exp(l[k]) / Σ_j exp(l[j]),  l[k] = 10 · valid[k] · u[q, k]
 *   harden      ∂u[q, k] = 10 · a[q, k] · (∂a[q, k] - Σ_j ∂a[q, j] · a[q, j])
 *   key_sums    ∂scale[k] = Σ_q ∂s[q, k] · s[q, k] / scale[k], from which the gradient of the squared norm of a key,
 *               -½ · scale[k]² · Σ_q ∂s[q, k] · s[q, k], or 0 where the norm is held at 1e-4;
 *               then ∂s[q, k] becomes scale[k] · ∂s[q, k]
 *   place_keys  ∂b of a halved position k: product[k] + 2 · b[k] · Σ_δ ∂square[k + δ]
 *
 *   rows, columns of features: [gh·gw][stride], and turned [channels][stride]
 *   kept   for each set (halved, and the four parities of transfer.cl), gh rows of pixels and gw columns of them that
 *          the grid's positions stand for
 *
 * tunables LANES
 */

/* Work-groups: rows of the grid. Up to the stride filled with zeros. */
__kernel ONE_ITEM void
gather (__global const float *restrict from, int from_offset, int from_stride, __global const int *restrict kept,
        __global float *restrict to, int to_stride, int channels, int gh, int gw,
        int set)
{
  const int y = get_group_id (0);

  kept += set * (gh + gw);
  for (int x = 0; x < gw; x++)
    {
      const int pixel = kept[y] * 2 * gw + kept[gh + x];
      __global const float *values = from + from_offset + (size_t) pixel * from_stride;
      __global float *row = to + (size_t) (y * gw + x) * to_stride;

      for (int c = 0; c < to_stride; c++)
        row[c] = c < channels ? values[c] : 0.0f;
    }
}

/* Work-groups: channels. */
__kernel ONE_ITEM void
turn (__global const float *restrict rows, int row_stride, __global float *restrict columns, int column_stride, int n)
{
  const int c = get_group_id (0);

  for (int i = 0; i < column_stride; i++)
    columns[(size_t) c * column_stride + i] = i < n ? rows[(size_t) i * row_stride + c] : 0.0f;
}

/* Work-groups: rows of the grid. */
__kernel ONE_ITEM void
place (__global const float *restrict rows, int row_stride, __global const int *restrict kept, __global float *restrict to,
       int to_offset, int to_stride, int channels, int gh, int gw, int set, int add)
{
  const int y = get_group_id (0);

  kept += set * (gh + gw);
  for (int x = 0; x < gw; x++)
    {
      const int pixel = kept[y] * 2 * gw + kept[gh + x];
      __global const float *row = rows + (size_t) (y * gw + x) * row_stride;
      __global float *values = to + to_offset + (size_t) pixel * to_stride;

      for (int c = 0; c < channels; c++)
        values[c] = add ? values[c] + row[c] : row[c];
    }
}

/* Work-groups: rows of the grid. */
__kernel ONE_ITEM void
place_keys (__global const float *restrict product, __global const float *restrict keys, int row_stride,
            __global const float *restrict square_gradient, __global const int *restrict kept,
            __global float *restrict to, int to_offset, int to_stride, int channels, int gh, int gw)
{
  const int y = get_group_id (0);

  for (int x = 0; x < gw; x++)
    {
      const int pixel = kept[y] * 2 * gw + kept[gh + x];
      const size_t row = (size_t) (y * gw + x) * row_stride;
      __global float *values = to + to_offset + (size_t) pixel * to_stride;
      float sum = 0.0f;

      for (int v = max (y - 1, 0); v <= min (y + 1, gh - 1); v++)
        for (int u = max (x - 1, 0); u <= min (x + 1, gw - 1); u++)
          sum += square_gradient[v * gw + u];
      for (int c = 0; c < channels; c++)
        values[c] += product[row + c] + 2.0f * keys[row + c] * sum;
    }
}

/* Work-groups: rows of pixels. */
__kernel ONE_ITEM void
clear (__global float *restrict to, int to_offset, int to_stride, int channels, int width)
{
  __global float *row = to + to_offset + (size_t) get_group_id (0) * width * to_stride;

  for (int x = 0; x < width; x++)
    for (int c = 0; c < channels; c++)
      row[(size_t) x * to_stride + c] = 0.0f;
}

/* Work-groups: positions. */
__kernel ONE_ITEM void
norms (__global const float *restrict keys, int row_stride, __global float *restrict scale, int channels, int gh, int gw)
{
  const int k = get_group_id (0), y = k / gw, x = k % gw;
  float sum = 0.0f;

  for (int v = max (y - 1, 0); v <= min (y + 1, gh - 1); v++)
    for (int u = max (x - 1, 0); u <= min (x + 1, gw - 1); u++)
      for (int c = 0; c < channels; c++)
        sum = fma (keys[(size_t) (v * gw + u) * row_stride + c], keys[(size_t) (v * gw + u) * row_stride + c], sum);
  scale[k] = 1.0f / max (sqrt (sum), 1e-4f);
}

/* Offsets: top … bottom by left … right. scaled: times factor[k]. */
__kernel ONE_ITEM void
diagonals (__global const float *restrict from, __global float *restrict to, int stride, int gh, int gw, int top,
           int bottom, int left, int right, __global const float *restrict factor, int scaled, int add)
{
  const int q = get_group_id (0), y = q / gw, x = q % gw;
  __global float *row = to + (size_t) q * stride;

  if (!add)
    for (int k = 0; k < gh * gw; k++)
      row[k] = 0.0f;
  for (int v = top; v <= bottom; v++)
    for (int u = left; u <= right; u++)
      if (y + v >= 0 && y + v < gh && x + u >= 0 && x + u < gw)
        for (int j = max (-v, 0); j < gh - max (v, 0); j++)
          {
            __global const float *values = from + (size_t) ((y + v) * gw + x + u) * stride + (j + v) * gw + u;

            for (int i = max (-u, 0); i < gw - max (u, 0); i++)
              row[j * gw + i] += values[i];
          }
  if (scaled)
    for (int k = 0; k < gh * gw; k++)
      row[k] *= factor[k];
}

/* The position `step` (-1, 0, 1) after (y, x) column by column, whose columns are gh long; -1: there is none. */
inline int
step_down (int y, int x, int step, int gh, int gw)
{
  const int v = y + step, column = v < 0 ? x - 1 : v < gh ? x : x + 1;

  return column < 0 || column >= gw ? -1 : (v + gh) % gh * gw + column;
}

__kernel ONE_ITEM void
fuse (__global const float *restrict s, __global float *restrict t, int stride, int gh, int gw, int by_columns)
{
  const int n = gh * gw, q = get_group_id (0);
  __global float *row = t + (size_t) q * stride;

  for (int k = 0; k < n; k++)
    row[k] = s[(size_t) q * stride + k];
  for (int step = -1; step <= 1; step += 2)
    {
      const int other = by_columns ? step_down (q / gw, q % gw, step, gh, gw) : q + step;
      __global const float *from = s + (size_t) other * stride;

      if (other < 0 || other >= n)
        continue;
      if (!by_columns)
        for (int k = max (-step, 0); k < n - max (step, 0); k++)
          row[k] += from[k + step];
      else
        for (int j = 0; j < gh; j++)
          {
            const int inside = j + step >= 0 && j + step < gh, shift = inside ? 0 : step;
            __global const float *values = from + (j + step + gh) % gh * gw + shift;

            for (int i = max (-shift, 0); i < gw - max (shift, 0); i++)
              row[j * gw + i] += values[i];
          }
    }
}

__kernel ONE_ITEM void
soften (__global float *restrict u, int stride, __global const float *restrict valid, int n)
{
  __global float *row = u + (size_t) get_group_id (0) * stride;
  float largest = -INFINITY, total = 0.0f;

  for (int k = 0; k < n; k++)
    {
      row[k] *= 10.0f * valid[k];
      largest = max (largest, row[k]);
    }
  for (int k = 0; k < n; k++)
    {
      row[k] = exp (row[k] - largest);
      total += row[k];
    }
  for (int k = 0; k < n; k++)
    row[k] *= valid[k] / total;
}

__kernel ONE_ITEM void
harden (__global const float *restrict a, __global float *restrict gradient, int stride, int n)
{
  const size_t first = get_group_id (0) * (size_t) stride;
  float sum = 0.0f;

  for (int k = 0; k < n; k++)
    sum = fma (gradient[first + k], a[first + k], sum);
  for (int k = 0; k < n; k++)
    gradient[first + k] = 10.0f * a[first + k] * (gradient[first + k] - sum);
}

/* Work-groups: LANES keys. */
__kernel ONE_ITEM void
key_sums (__global float *restrict gradient, __global const float *restrict s, int stride,
          __global const float *restrict scale, __global float *restrict square_gradient, int n)
{
  const int first = get_group_id (0) * LANES;
  const vec factor = load_vec (0, scale + first);
  vec sum = (vec) 0.0f;

  for (int q = 0; q < n; q++)
    {
      const size_t at = (size_t) q * stride + first;
      const vec value = load_vec (0, gradient + at);

      sum = fma (value, load_vec (0, s + at), sum);
      store_vec (factor * value, 0, gradient + at);
    }
  store_vec (select ((vec) 0.0f, -0.5f * factor * factor * sum, factor < 1.0f / 1e-4f), 0, square_gradient + first);
}
