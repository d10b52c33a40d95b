/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Weights from the order in which they are learned to those of conv.cl and winograd.cl.
 *
 *   pack_direct    packed[o / BLOCK][tap][c][o % BLOCK] = w[o, c, tap], 0 from out up to whole blocks
 *   pack_winograd  packed[phase][o / BLOCK][i, j][c][o % BLOCK] = Σ_u Σ_v G[i, u] w[o, c, u, v] G'[v, j]
 *
 * of a 5×5 at stride 2 with the phases of x or y among c or o, and the 3×3 taps that winograd.cl says of each,
 * with w[o, c, tap] = values[weight + o·out_step + c·in_step + tap], or with the taps from the other end: turned.
 * `transforms` holds G of every phase of an axis, side×3. Biases from values[bias] are copied where bias >= 0.
 *
 * tunables LANES OB COLUMNS
 */

inline void
copy_bias (__global const float *values, int bias, __global float *to, int block, int out)
{
  if (bias >= 0)
    for (int o = block * BLOCK; o < min (out, (block + 1) * BLOCK); o++)
      to[o] = values[bias + o];
}

__kernel ONE_ITEM void
pack_direct (__global const float *restrict values, int weight, int out_step, int in_step, int turned, int bias,
             __global float *restrict packed, __global float *restrict bias_to, int in, int out)
{
  const int tap = get_group_id (0), taps = get_num_groups (0), block = get_group_id (1);
  __global const float *from = values + weight + (turned ? taps - 1 - tap : tap);
  __global float *to = packed + (size_t) (block * taps + tap) * in * BLOCK;

  for (int c = 0; c < in; c++)
    for (int l = 0; l < BLOCK; l++)
      {
        const int o = block * BLOCK + l;

        to[c * BLOCK + l] = o < out ? from[(size_t) o * out_step + (size_t) c * in_step] : 0.0f;
      }
  if (tap == 0)
    copy_bias (values, bias, bias_to, block, out);
}

/* The tap of the layer that is tap k of what Winograd's tiles see, -1: none. parts: of winograd.cl's phases, 0 none, 1
 * of x, 2 of y; a: the phase. */
inline int
get_tap (int k, int turned, int parts, int a)
{
  if (parts == 0)
    return turned ? 2 - k : k;
  return parts == 1 ? 2 * k + a - 1 : 3 - 2 * k + a;
}

__kernel ONE_ITEM void
pack_winograd (__global const float *restrict values, int weight, int out_step, int in_step, int turned, int bias,
               __global const float *restrict transforms, __global float *restrict packed,
               __global float *restrict bias_to, int side, int kernel_size, int parts, int in, int out)
{
  const int c = get_group_id (0), all_in = get_num_groups (0), block = get_group_id (1), blocks = get_num_groups (1);
  const int phase = get_group_id (2), axis_phases = get_num_groups (2) / 2;
  const int part = 3 - (parts == 1 ? c / in : block * BLOCK / out);
  __global const float *down = transforms + phase / max (axis_phases, 1) * side * 3;
  __global const float *across = transforms + (axis_phases > 0 ? phase % axis_phases : 0) * side * 3;

  for (int o = 0; o < OB * COLUMNS; o++)
    {
      __global const float *from
          = values + weight + (size_t) (block * BLOCK % out + o * LANES) * out_step + (size_t) (c % in) * in_step;
      vec taps[9];

      for (int tap = 0; tap < 9; tap++)
        {
          const int u = get_tap (tap / 3, turned, parts, part >> 1), v = get_tap (tap % 3, turned, parts, part & 1);
          float lanes[LANES];

          for (int l = 0; l < LANES; l++)
            lanes[l] = u >= 0 && v >= 0 ? from[(size_t) l * out_step + u * kernel_size + v] : 0.0f;
          taps[tap] = load_vec (0, lanes);
        }
      for (int i = 0; i < side; i++)
        {
          vec row[3];

          for (int v = 0; v < 3; v++)
            row[v] = down[i * 3] * taps[v] + down[i * 3 + 1] * taps[3 + v] + down[i * 3 + 2] * taps[6 + v];
          for (int j = 0; j < side; j++)
            {
              size_t at = ((size_t) ((phase * blocks + block) * side + i) * side + j) * all_in + c;

              store_vec (across[j * 3] * row[0] + across[j * 3 + 1] * row[1] + across[j * 3 + 2] * row[2], o,
                         packed + at * BLOCK);
            }
        }
    }
  if (c == 0 && phase == 0 && block * BLOCK < out)
    copy_bias (values, bias, bias_to, block, out);
}
