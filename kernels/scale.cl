/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The scales of a window of a photo, for matching its patches. A pixel is four bytes: red, green, blue and a weight,
 * 64 where it is known, 63 where others are preferred, 62 where it may not be copied, and less where it is not known.
 *
 *   halve    y[i, j] = round (¼ Σ x[2i..2i+1, 2j..2j+1]), its weight the least of the four
 *   known    a[i, j] = 1 where x[i, j-R..j+R] may all be copied, and 2 more where all are preferred; else 0
 *   valid    v[i, j] = the bits that a[i-R..i+R, j] have in common: 0 where not a whole patch may be copied
 *   stretch  y = x, bilinear at ((j + ½)·ratio - ½, (i + ½)·ratio - ½), clamped to x: all four bytes
 *
 * A work-group takes a row of the result.
 */
#define R LACUNA_PATCH_RADIUS

__kernel ONE_ITEM void
halve (__global const uchar4 *restrict x, __global uchar4 *restrict y, int width)
{
  const size_t row = get_group_id (0);
  __global const uchar4 *upper = x + 4 * row * width, *lower = upper + 2 * width;

  for (int j = 0; j < width; j++)
    {
      const uchar4 a = upper[2 * j], b = upper[2 * j + 1], c = lower[2 * j], d = lower[2 * j + 1];
      uchar4 mean = convert_uchar4 ((convert_ushort4 (a) + convert_ushort4 (b) + convert_ushort4 (c)
                                     + convert_ushort4 (d) + (ushort4) 2)
                                    >> (ushort4) 2);

      mean.w = min (min (a.w, b.w), min (c.w, d.w));
      y[row * width + j] = mean;
    }
}

__kernel ONE_ITEM void
known (__global const uchar4 *restrict x, __global uchar *restrict a, int width)
{
  const size_t row = get_group_id (0);
  int run = 0, preferred = 0; /* pixels in a row, up to j + R */

  for (int j = -R; j < width; j++)
    {
      const int ahead = j + R;

      run = ahead < width && x[row * width + ahead].w >= LACUNA_OTHER ? run + 1 : 0;
      preferred = ahead < width && x[row * width + ahead].w == LACUNA_KNOWN ? preferred + 1 : 0;
      if (j >= 0)
        a[row * width + j] = (run > 2 * R) | (preferred > 2 * R) << 1;
    }
}

__kernel ONE_ITEM void
valid (__global const uchar *restrict a, __global uchar *restrict v, int width, int height)
{
  const int row = get_group_id (0);
  const int inside = row >= R && row + R < height;
  __global const uchar *from = a + (size_t) max (row - R, 0) * width;

  for (int j = 0; j < width; j++)
    {
      uchar all = inside ? 3 : 0;

      for (int k = 0; inside && k <= 2 * R; k++)
        all &= from[(size_t) k * width + j];
      v[(size_t) row * width + j] = all;
    }
}

__kernel ONE_ITEM void
stretch (__global const uchar4 *restrict x, __global uchar4 *restrict y, int width, int x_width, int x_height,
         float ratio)
{
  const int row = get_group_id (0);
  const float v = clamp ((row + 0.5f) * ratio - 0.5f, 0.0f, x_height - 1.0f);
  const int i = v;
  __global const uchar4 *upper = x + (size_t) i * x_width, *lower = x + (size_t) min (i + 1, x_height - 1) * x_width;

  for (int j = 0; j < width; j++)
    {
      const float u = clamp ((j + 0.5f) * ratio - 0.5f, 0.0f, x_width - 1.0f);
      const int k = u, next = min (k + 1, x_width - 1);
      const float4 above = mix (convert_float4 (upper[k]), convert_float4 (upper[next]), u - k);
      const float4 below = mix (convert_float4 (lower[k]), convert_float4 (lower[next]), u - k);

      y[(size_t) row * width + j] = convert_uchar4 (mix (above, below, v - i) + 0.5f);
    }
}
