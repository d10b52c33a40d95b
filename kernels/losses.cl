/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Losses and what lies between the networks (engine/network/NETWORK.md, "Losses"). Pictures are NHWC with three
 * colours a pixel and a stride; masks have one float a pixel. Windows have `size` pixels a side, and their top and left of image i are
 * corners[2i] and corners[2i + 1] within `side`.
 *
 *   crop              y = the windows of x
 *   blend             y[i] = a[i] + t[i] · (b[i] - a[i])
 *   reconstruct       g = sign(x - image) · (by_discount · D + by_known · (1 - m));
 *                     sums[row] = Σ |x - image| · D, Σ |x - image| · (1 - m)
 *   penalize          slope[i] = ‖g[i] ⊙ m[i]‖₂;  v[i] = scale · (slope - 1) / slope · g[i] ⊙ m[i], 0 for a slope of 0
 *   paste_back        gx += m ⊙ g over the windows: the gradient of x pasted into the hole
 *   clip_back         g = 0 where x is outside [-1, 1]
 */
__kernel ONE_ITEM void
crop (__global const float *restrict x, int x_offset, int x_stride, __global const int *restrict corners,
      __global float *restrict y, int y_offset, int side)
{
  const int row = get_group_id (0), size = get_num_groups (0), image = get_group_id (1);
  const int pixel = (image * side + corners[2 * image] + row) * side + corners[2 * image + 1];
  __global const float *from = x + x_offset + (size_t) pixel * x_stride;
  __global float *to = y + y_offset + (size_t) (image * size + row) * size * 3;

  for (int j = 0; j < size; j++)
    for (int c = 0; c < 3; c++)
      to[3 * j + c] = from[(size_t) j * x_stride + c];
}

__kernel ONE_ITEM void
blend (__global const float *a, int a_offset, __global const float *b, int b_offset, __global const float *restrict t,
     __global float *y, int y_offset, int count)
{
  const int row = get_group_id (0), image = get_group_id (1);
  const size_t first = (size_t) (image * get_num_groups (0) + row) * count;

  for (int i = 0; i < count; i++)
    {
      const float from = a[a_offset + first + i];

      y[y_offset + first + i] = fma (t[image], b[b_offset + first + i] - from, from);
    }
}

__kernel ONE_ITEM void
reconstruct (__global const float *restrict x, __global const float *restrict image, __global const float *restrict mask,
             __global const float *restrict discount, __global float *restrict g, __global float *restrict sums,
             int width, float by_discount, float by_known)
{
  const int row = get_group_id (0);
  const size_t first = (size_t) row * width;
  float discounted = 0.0f, known = 0.0f;

  for (int i = 0; i < width; i++)
    {
      const float d = discount[first + i], k = 1.0f - mask[first + i];
      float distance = 0.0f;

      for (int c = 0; c < 3; c++)
        {
          const float difference = x[3 * (first + i) + c] - image[3 * (first + i) + c];
          const float slope = difference > 0.0f ? 1.0f : difference < 0.0f ? -1.0f : 0.0f;

          g[3 * (first + i) + c] = slope * (by_discount * d + by_known * k);
          distance += fabs (difference);
        }
      discounted += distance * d;
      known += distance * k;
    }
  sums[2 * row] = discounted;
  sums[2 * row + 1] = known;
}

__kernel ONE_ITEM void
penalize (__global const float *restrict g, int g_offset, __global const float *restrict mask,
          __global const int *restrict corners, __global float *restrict v, int v_offset, __global float *restrict slope,
          int side, int size, float scale)
{
  const int image = get_group_id (0);
  const int pixel = (image * side + corners[2 * image]) * side + corners[2 * image + 1];
  const size_t first = (size_t) image * size * size * 3;
  float square = 0.0f, norm, by;

  for (int y = 0; y < size; y++)
    {
      float sum = 0.0f;

      for (int x = 0; x < size; x++)
        for (int c = 0; c < 3; c++)
          {
            const float value = g[g_offset + first + (y * size + x) * 3 + c];

            sum += value * value * mask[pixel + y * side + x];
          }
      square += sum;
    }
  norm = sqrt (square);
  slope[image] = norm;
  by = norm > 0.0f ? scale * (norm - 1.0f) / norm : 0.0f;
  for (int y = 0; y < size; y++)
    for (int x = 0; x < size; x++)
      for (int c = 0; c < 3; c++)
        {
          const size_t i = first + (y * size + x) * 3 + c;

          v[v_offset + i] = by * g[g_offset + i] * mask[pixel + y * side + x];
        }
}

__kernel ONE_ITEM void
paste_back (__global const float *restrict g, __global const float *restrict mask, __global const int *restrict corners,
            __global float *restrict gx, int side)
{
  const int row = get_group_id (0), size = get_num_groups (0), image = get_group_id (1);
  const int pixel = (image * side + corners[2 * image] + row) * side + corners[2 * image + 1];
  __global const float *from = g + (size_t) (image * size + row) * size * 3;

  for (int j = 0; j < size; j++)
    for (int c = 0; c < 3; c++)
      gx[3 * (size_t) (pixel + j) + c] += mask[pixel + j] * from[3 * j + c];
}

__kernel ONE_ITEM void
clip_back (__global const float *restrict x, __global float *restrict g, int count)
{
  const size_t first = get_group_id (0) * (size_t) count;

  for (int i = 0; i < count; i++)
    g[first + i] = fabs (x[first + i]) <= 1.0f ? g[first + i] : 0.0f;
}
