/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Gradients of activations, from their outputs y:
 *
 *   slope      h[i, c] = g[i, c] · activation'(y[i, c]);  parts[group][c] = Σ h over the group's pixels
 *   sum_bias   gradient[c] += Σ parts, always in the same order
 *
 * A work-group takes `chunk` consecutive pixels of all channels; h may be g, and h may be y.
 *
 * tunables LANES
 */

/* activation: LacunaActivation */
inline vec
get_slope (vec y, int activation)
{
  if (activation == LACUNA_ACTIVATION_ELU)
    return min (y, (vec) 0.0f) + 1.0f;
  if (activation == LACUNA_ACTIVATION_RELU)
    return select ((vec) 0.0f, (vec) 1.0f, y > (vec) 0.0f);
  if (activation == LACUNA_ACTIVATION_LEAKY_RELU)
    return select ((vec) 0.2f, (vec) 1.0f, y > (vec) 0.0f);
  return (vec) 1.0f;
}

__kernel ONE_ITEM void
slope (__global const float *y, int y_offset, int y_stride, __global const float *g, int g_offset, int g_stride,
       __global float *h, int h_offset, int h_stride, __global float *restrict parts, int activation, int channels,
       int pixels, int chunk)
{
  const int group = get_group_id (0), begin = group * chunk, end = min (pixels, begin + chunk);
  int c = 0;

  for (; c + LANES <= channels; c += LANES)
    {
      vec sum = (vec) 0.0f;

      for (int i = begin; i < end; i++)
        {
          const vec value = load_vec (0, g + g_offset + (size_t) i * g_stride + c)
                            * get_slope (load_vec (0, y + y_offset + (size_t) i * y_stride + c), activation);

          store_vec (value, 0, h + h_offset + (size_t) i * h_stride + c);
          sum += value;
        }
      store_vec (sum, 0, parts + (size_t) group * channels + c);
    }
  for (; c < channels; c++)
    {
      float sum = 0.0f;

      for (int i = begin; i < end; i++)
        {
          float lanes[LANES];

          store_vec (get_slope ((vec) y[y_offset + (size_t) i * y_stride + c], activation), 0, lanes);
          lanes[0] *= g[g_offset + (size_t) i * g_stride + c];
          h[h_offset + (size_t) i * h_stride + c] = lanes[0];
          sum += lanes[0];
        }
      parts[(size_t) group * channels + c] = sum;
    }
}

__kernel ONE_ITEM void
sum_bias (__global const float *restrict parts, __global float *restrict gradient, int bias, int channels, int n_parts)
{
  for (int c = 0; c < channels; c++)
    {
      float sum = 0.0f;

      for (int part = 0; part < n_parts; part++)
        sum += parts[(size_t) part * channels + c];
      gradient[bias + c] += sum;
    }
}
