/* What goes between the two stages (Yu et al. 2018, section 3; NETWORK.md, "paste" and "clip").
 *
 *   clip     y[i] = min(max(x[i], -1), 1)
 *   compose  y[i] = (fill[i]·m[i] + image[i]·(1 - m[i]) for the three colours, 1, m[i])
 *
 * A work-group takes `count` consecutive elements (clip) or pixels (compose), a row as a rule; colours and y are
 * NHWC without gaps, m has one float a pixel.
 */
__kernel ONE_ITEM void
clip (__global const float *restrict x, __global float *restrict y, int count)
{
  size_t first = get_group_id (0) * (size_t) count;

  for (int i = 0; i < count; i++)
    y[first + i] = clamp (x[first + i], -1.0f, 1.0f);
}

__kernel ONE_ITEM void
compose (__global const float *fill, __global const float *image, __global const float *restrict mask,
         __global float *restrict y, int count)
{
  size_t first = get_group_id (0) * (size_t) count;

  for (int i = 0; i < count; i++)
    {
      float m = mask[first + i];
      __global const float *from = fill + 3 * (first + i), *known = image + 3 * (first + i);
      __global float *to = y + 5 * (first + i);

      for (int c = 0; c < 3; c++)
        to[c] = from[c] * m + known[c] * (1.0f - m);
      to[3] = 1.0f;
      to[4] = m;
    }
}
