/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What goes between the two stages: "paste" and "clip" of engine/network/NETWORK.md, "Generator" (Yu et al. 2018,
 * section 3).
 *
 *   clip     y[i] = min(max(x[i], -1), 1) within `area` (left, top, right, bottom), zero elsewhere; NaN where x is not
 *            finite, so that the host sees it
 *   compose  y[i] = (fill[i]·m[i] + image[i]·(1 - m[i]) for the three colours, 1, m[i]), the last two of 5 channels alone
 *
 * A work-group takes a row (clip) or `count` consecutive pixels (compose), a row as a rule; colours and y are NHWC
 * without gaps, m has one float a pixel. tunable COLUMNS
 */
__kernel LINE_OF_ITEMS void
clip (__global const float *restrict x, __global float *restrict y, int width, int channels, int4 area)
{
  const int row = get_group_id (0), image = get_group_id (1);
  const size_t first = (size_t) (image * (int) get_num_groups (0) + row) * width * channels;
  const int wanted = row >= area.y && row < area.w;
  const int left = wanted ? area.x * channels : 0, right = wanted ? area.z * channels : 0;

  for (int i = get_local_id (0); i < width * channels; i += ITEMS)
    {
      const float value = i >= left && i < right ? x[first + i] : 0.0f;

      y[first + i] = isfinite (value) ? clamp (value, -1.0f, 1.0f) : NAN;
    }
}

__kernel LINE_OF_ITEMS void
compose (__global const float *fill, __global const float *image, __global const float *restrict mask,
         __global float *restrict y, int count, int channels)
{
  size_t first = get_group_id (0) * (size_t) count;

  for (int i = get_local_id (0); i < count; i += ITEMS)
    {
      float m = mask[first + i];
      __global const float *from = fill + 3 * (first + i), *known = image + 3 * (first + i);
      __global float *to = y + channels * (first + i);

      for (int c = 0; c < 3; c++)
        to[c] = from[c] * m + known[c] * (1.0f - m);
      if (channels == 5)
        {
          to[3] = 1.0f;
          to[4] = m;
        }
    }
}
