/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Products of matrices:
 *
 *   z[i, j] = factor · Σ_l x[i, l] · y[l, j],   l < length
 *
 * x[i, l] lies at i·x_row + l·x_column, so that x may be a matrix or the transpose of one; y and z have rows of y_stride
 * and z_stride floats. A work-group takes one block of columns by SUB register tiles of rows.
 *
 * tunables LANES P OB SUB; columns come in whole blocks of OB·LANES
 */
#ifndef SUB
#define SUB 4
#endif

__kernel ONE_ITEM void
multiply (__global const float *restrict x, int x_row, int x_column, __global const float *restrict y, int y_stride,
          __global float *restrict z, int z_stride, int rows, int length, float factor)
{
  const int column = (int) get_group_id (0) * BLOCK, begin = (int) get_group_id (1) * SUB * P;

  for (int i = begin; i < min (begin + SUB * P, rows); i += P)
    {
      __global const float *from[P];
      vec sum[P][OB];

#pragma unroll
      for (int p = 0; p < P; p++)
        from[p] = x + (size_t) min (i + p, rows - 1) * x_row;
      FOR_TILE (p, o)
        sum[p][o] = (vec) 0.0f;

      for (int l = 0; l < length; l++)
        ADD_PRODUCTS (sum, p, from[p][(size_t) l * x_column], o, load_vec (o, y + (size_t) l * y_stride + column))

#pragma unroll
      for (int p = 0; p < P; p++)
        if (i + p < rows)
#pragma unroll
          for (int o = 0; o < OB; o++)
            store_vec (factor * sum[p][o], o, z + (size_t) (i + p) * z_stride + column);
    }
}
