/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Contextual attention: what goes before and after its two products.
 *
 *   halve_queries   queries[q, c] = f½[q, c]
 *   halve_keys      keys[k / BLOCK, c, k % BLOCK] = b½[k, c];  square[k] = Σ_c b½[k, c]²
 *   key_scales      scale[k] = 1 / max(‖3×3 patch k of b½‖, 1e-4)
 *   split_values    values[r, c / BLOCK, k, c % BLOCK] = b[2k + r, c],  r = 2·r_y + r_x
 *   blank_matrix    zeros around the keys of every row, and in the last row
 *   copy_scores     scores[q, k] = a[q, k] without what lies around the keys
 *
 * Queries and keys are the positions of the halved grid gh×gw, numbered row by row. f½ and b½ keep the rows
 * and then the columns that `kept` lists (nearest neighbour with aligned corners). Keys from gh·gw up to whole
 * blocks, and channels from their number up to whole blocks, are zero.
 *
 * A matrix of queries by keys holds `ring` rows of the grid, row v in the place v mod ring. Every query has row_size
 * floats: `before` zeros, the keys, and zeros again, so that a key may be shifted by a row of the grid and one more.
 * Behind them lies one row of zeros, read in place of queries outside the grid.
 *
 * The work-items of a work-group share its rows, columns or keys. tunables LANES OB ROWS COLUMNS
 */

__kernel LINE_OF_ITEMS void
halve_queries (__global const float *restrict f, int f_offset, int f_stride, __global const int *restrict kept,
               __global float *restrict queries, int channels, int gh, int gw)
{
  const int y = get_group_id (0);

  for (int x = get_local_id (0); x < gw; x += ITEMS)
    {
      const int pixel = kept[y] * 2 * gw + kept[gh + x];

      for (int c = 0; c < channels; c++)
        queries[(size_t) (y * gw + x) * channels + c] = f[f_offset + (size_t) pixel * f_stride + c];
    }
}

__kernel LINE_OF_ITEMS void
halve_keys (__global const float *restrict b, int b_offset, int b_stride, __global const int *restrict kept,
            __global float *restrict keys, __global float *restrict square, int channels, int gh, int gw)
{
  const int block = get_group_id (0);
  __global float *to = keys + (size_t) block * channels * BLOCK;

  for (int l = get_local_id (0); l < BLOCK; l += ITEMS)
    {
      const int k = block * BLOCK + l;
      const int inside = k < gh * gw;
      const int pixel = inside ? kept[k / gw] * 2 * gw + kept[gh + k % gw] : 0;
      float sum = 0.0f;

      for (int c = 0; c < channels; c++)
        {
          const float value = inside ? b[b_offset + (size_t) pixel * b_stride + c] : 0.0f;

          to[c * BLOCK + l] = value;
          sum = fma (value, value, sum);
        }
      square[k] = sum;
    }
}

__kernel LINE_OF_ITEMS void
key_scales (__global const float *restrict square, __global float *restrict scale, int gh, int gw)
{
  const int first = get_group_id (0) * BLOCK;

  for (int k = first + (int) get_local_id (0); k < first + BLOCK; k += ITEMS)
    {
      const int y = k / gw, x = k % gw;
      float sum = 0.0f;

      for (int i = 0; i < 9; i++)
        {
          const int v = y + i / 3 - 1, u = x + i % 3 - 1;

          if (v >= 0 && v < gh && u >= 0 && u < gw)
            sum += square[v * gw + u];
        }
      scale[k] = k < gh * gw ? 1.0f / max (sqrt (sum), 1e-4f) : 0.0f;
    }
}

__kernel LINE_OF_ITEMS void
split_values (__global const float *restrict b, int b_offset, int b_stride, __global float *restrict values,
              int channels, int gh, int gw)
{
  const int y = get_group_id (0), block = get_group_id (1), parity = get_group_id (2);

  for (int x = get_local_id (0); x < gw; x += ITEMS)
    {
      const int pixel = (2 * y + parity / 2) * 2 * gw + 2 * x + parity % 2;
      __global const float *from = b + b_offset + (size_t) pixel * b_stride + block * BLOCK;
      __global float *to
          = values + ((size_t) (parity * (int) get_num_groups (1) + block) * gh * gw + y * gw + x) * BLOCK;

      for (int l = 0; l < BLOCK; l++)
        to[l] = block * BLOCK + l < channels ? from[l] : 0.0f;
    }
}

__kernel LINE_OF_ITEMS void
blank_matrix (__global float *restrict matrix, int row_size, int before, int keys)
{
  const int row = get_group_id (0);
  const int last = row == (int) get_num_groups (0) - 1;
  __global float *to = matrix + (size_t) row * row_size;

  for (int i = get_local_id (0); i < (last ? row_size : before); i += ITEMS)
    to[i] = 0.0f;
  for (int i = before + keys + (int) get_local_id (0); i < row_size; i += ITEMS)
    to[i] = 0.0f;
}

/* Work-groups: columns × rows of the grid, from column first_x of row `first`. */
__kernel LINE_OF_ITEMS void
copy_scores (__global const float *restrict a, int row_size, int before, int ring, int gh, int gw, int first,
             int first_x, __global float *restrict scores, int image)
{
  const int x = first_x + (int) get_group_id (0), y = first + (int) get_group_id (1);
  __global const float *from = a + (size_t) (y % ring * gw + x) * row_size + before;
  __global float *to = scores + (size_t) ((image * gh + y) * gw + x) * gh * gw;

  for (int k = get_local_id (0); k < gh * gw; k += ITEMS)
    to[k] = from[k];
}
