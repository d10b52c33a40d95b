/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the patches found say a pixel p of the hole is. Every target i whose patch covers p proposes
 * c[i] = x[p + offset[i]], with the weight
 *
 *   w[i] = confidence[i] · exp (-falloff·cost[i]), LACUNA_HELD where the offset is given      (weigh)
 *
 *   x[p] = Σ w[i]·g[i]·c[i] / Σ w[i]·g[i],   g[i] = exp (-|c[i] - mean|² / (2·(0.1·variance + 4)))   (vote)
 *
 * with the mean and the variance of the proposals under w: one step of mean shift, towards what most of them agree on.
 * The pixel's new weight for matching is 64·max (¼, confidence[p]).
 *
 *   label    label[p] = offset[i] of the i with least (cost[i] + 1) / confidence[i] · (1 + 0.02·|i - p|²)
 *   smooth   label[p] = that of its own and its neighbours' labels o with least
 *            0.1·|x[p+o] - estimate[p]|² + Σ_n seam(n), over its four neighbours n:
 *              of the hole, label o' ≠ o:  |x[p+o] - x[p+o']|² + |x[n+o] - x[n+o']|² + 8
 *              known:                      2·|x[n+o] - x[n]|²
 *
 * for the pixels of the hole that are not held (2) with even (or odd) x + y, so that neighbours keep still. x holds the
 * estimate in the hole. Pixels beyond the image repeat those at its edge.
 *
 * Places that come from data are within the image: the offset of a target i leads to a source (match.cl), whose whole
 * patch is within, so that p + offset[i] is too for every p that the patch of i covers, in vote and in label. In smooth a
 * label is applied beside the pixel that it is of, where this need not hold: copy looks no further than the edge.
 *
 * Arrays and geometry are as in match.cl. A work-group takes SPAN columns of a row of the box.
 */
#ifndef SPAN
#define SPAN 64
#endif
#define R LACUNA_PATCH_RADIUS
#define AREA ((2 * R + 1) * (2 * R + 1))
#define DATA_WEIGHT 0.1f
#define LABEL_COST 8.0f

__kernel ONE_ITEM void
weigh (__global const int *geometry, __global const float *confidence, __global const float *cost,
       __global float *restrict weight, float falloff)
{
  const int y = get_group_id (1), columns = geometry[4];
  const int begin = (int) get_group_id (0) * SPAN, end = min (begin + SPAN, columns);

  for (int i = y * columns + begin; i < y * columns + end; i++)
    if (confidence[i] >= LACUNA_HELD)
      weight[i] = LACUNA_HELD;
    else
      weight[i] = confidence[i] > 0.0f ? confidence[i] * exp (-min (falloff * cost[i], 60.0f)) + 1e-20f : 0.0f;
}

/* The different proposals for the pixel (x, y) of the box; returns how many. */
inline int
list_proposals (__global const int *geometry, __global const uchar4 *image, __global const short2 *offsets,
                __global const float *weight, int x, int y, float4 *ret_colours, float *ret_weights)
{
  const int columns = geometry[4], rows = geometry[5];
  short2 last = (short2) LACUNA_NO_OFFSET;
  int n = 0;

  for (int v = max (y - R, 0); v <= min (y + R, rows - 1); v++)
    for (int u = max (x - R, 0); u <= min (x + R, columns - 1); u++)
      {
        const int i = v * columns + u;
        const short2 o = offsets[i];

        if (o.x == LACUNA_NO_OFFSET)
          continue;
        if (n == 0 || any (o != last))
          {
            ret_colours[n] = convert_float4 (
                image[(size_t) (geometry[3] + y + o.y) * geometry[0] + geometry[2] + x + o.x]);
            ret_weights[n++] = 0.0f;
            last = o;
          }
        ret_weights[n - 1] += weight[i];
      }
  return n;
}

inline float
square (float4 v)
{
  return v.x * v.x + v.y * v.y + v.z * v.z;
}

inline float4
agree (const float4 *colours, const float *weights, int n)
{
  float4 mean = (float4) 0.0f;
  float sum = 0.0f, variance = 0.0f;

  for (int i = 0; i < n; i++)
    {
      mean += weights[i] * colours[i];
      sum += weights[i];
      variance += weights[i] * square (colours[i]);
    }
  mean /= sum;
  if (n > 1)
    {
      const float falloff = 0.5f / (0.1f * max (variance / sum - square (mean), 0.0f) + 4.0f);
      float4 shifted = (float4) 0.0f;
      float shifted_sum = 0.0f;

      for (int i = 0; i < n; i++)
        {
          const float w = weights[i] * exp (-min (square (colours[i] - mean) * falloff, 50.0f));

          shifted += w * colours[i];
          shifted_sum += w;
        }
      if (shifted_sum > 0.0f)
        mean = shifted / shifted_sum;
    }
  return mean;
}

__kernel ONE_ITEM void
vote (__global const int *geometry, __global const uchar *hole, __global const float *confidence,
      __global const short2 *offsets, __global const float *weight, __global uchar4 *image)
{
  const int y = get_group_id (1), columns = geometry[4];
  const int begin = (int) get_group_id (0) * SPAN, end = min (begin + SPAN, columns);
  float4 colours[AREA];
  float weights[AREA];

  for (int x = begin; x < end; x++)
    if (hole[y * columns + x])
      {
        const int n = list_proposals (geometry, image, offsets, weight, x, y, colours, weights);
        __global uchar4 *to = image + (size_t) (geometry[3] + y) * geometry[0] + geometry[2] + x;

        if (n > 0)
          {
            uchar4 pixel = convert_uchar4 (agree (colours, weights, n) + 0.5f);

            pixel.w = min (LACUNA_KNOWN * max (0.25f, confidence[y * columns + x]), LACUNA_BARRED - 1.0f);
            *to = pixel;
          }
      }
}

__kernel ONE_ITEM void
label (__global const int *geometry, __global const uchar *hole, __global const float *confidence,
       __global const short2 *offsets, __global const float *cost, __global short2 *restrict labels)
{
  const int y = get_group_id (1), columns = geometry[4], rows = geometry[5];
  const int begin = (int) get_group_id (0) * SPAN, end = min (begin + SPAN, columns);

  for (int x = begin; x < end; x++)
    {
      short2 best = (short2) LACUNA_NO_OFFSET;
      float least = INFINITY;

      for (int v = max (y - R, 0); hole[y * columns + x] && v <= min (y + R, rows - 1); v++)
        for (int u = max (x - R, 0); u <= min (x + R, columns - 1); u++)
          {
            const int i = v * columns + u;
            float rank;

            if (offsets[i].x == LACUNA_NO_OFFSET)
              continue;
            rank = (cost[i] + 1.0f) / confidence[i] * (1.0f + 0.02f * ((u - x) * (u - x) + (v - y) * (v - y)));
            if (rank < least)
              {
                least = rank;
                best = offsets[i];
              }
          }
      labels[y * columns + x] = best;
    }
}

inline float
differ (uchar4 a, uchar4 b)
{
  return square (convert_float4 (a) - convert_float4 (b));
}

/* A pixel with those of its four neighbours that are known or of the hole: places in the window, and labels
 * (LACUNA_NO_OFFSET: known). */
typedef struct
{
  int n;
  int2 at, neighbours[4];
  short2 labels[4];
} surroundings;

/* x[p+o] */
inline uchar4
copy (__global const uchar4 *image, int width, int height, int2 p, short2 o)
{
  const int2 from = clamp (p + convert_int2 (o), (int2) 0, (int2) (width - 1, height - 1));

  return image[(size_t) from.y * width + from.x];
}

inline float
get_energy (const surroundings *s, __global const uchar4 *image, int width, int height, short2 label)
{
  const uchar4 own = copy (image, width, height, s->at, label);
  float energy = DATA_WEIGHT * differ (own, image[(size_t) s->at.y * width + s->at.x]);

  for (int k = 0; k < s->n; k++)
    {
      const int2 n = s->neighbours[k];
      const short2 other = s->labels[k];
      const uchar4 beside = copy (image, width, height, n, label);

      if (other.x == LACUNA_NO_OFFSET)
        energy += 2.0f * differ (beside, image[(size_t) n.y * width + n.x]);
      else if (any (other != label))
        energy += differ (own, copy (image, width, height, s->at, other))
                  + differ (beside, copy (image, width, height, n, other)) + LABEL_COST;
    }
  return energy;
}

/* May p be copied with that label, and its neighbours be looked at? */
inline int
is_usable (const surroundings *s, __global const uchar4 *image, int width, int height, short2 label)
{
  const int2 p = s->at + convert_int2 (label);

  return p.x >= 1 && p.y >= 1 && p.x < width - 1 && p.y < height - 1
         && image[(size_t) p.y * width + p.x].w >= LACUNA_OTHER;
}

/* The box holds what lies R around the hole, so that a neighbour within the window is within the box. */
inline void
look_around (surroundings *s, __global const int *geometry, __global const uchar *hole, __global const uchar4 *image,
             __global const short2 *labels, int x, int y)
{
  const int columns = geometry[4];

  s->n = 0;
  s->at = (int2) (geometry[2] + x, geometry[3] + y);
  for (int side = 0; side < 4; side++)
    {
      const int2 step = side < 2 ? (int2) (2 * side - 1, 0) : (int2) (0, 2 * side - 5);
      const int2 n = s->at + step;
      const int u = x + step.x, v = y + step.y;

      if (n.x < 0 || n.y < 0 || n.x >= geometry[0] || n.y >= geometry[1]
          || (!hole[v * columns + u] && image[(size_t) n.y * geometry[0] + n.x].w < LACUNA_BARRED))
        continue;
      s->neighbours[s->n] = n;
      s->labels[s->n++] = hole[v * columns + u] ? labels[v * columns + u] : (short2) LACUNA_NO_OFFSET;
    }
}

__kernel ONE_ITEM void
smooth (__global const int *geometry, __global const uchar *hole, __global const uchar4 *image,
        __global short2 *labels, int odd)
{
  const int y = get_group_id (1), columns = geometry[4];
  const int begin = (int) get_group_id (0) * SPAN, end = min (begin + SPAN, columns);

  for (int x = begin + ((begin + y + odd) & 1); x < end; x += 2)
    {
      surroundings s;
      short2 best;
      float least = INFINITY;
      int alone = 1;

      if (hole[y * columns + x] != 1)
        continue;
      look_around (&s, geometry, hole, image, labels, x, y);
      best = labels[y * columns + x];
      for (int k = 0; k < s.n; k++)
        alone &= s.labels[k].x == LACUNA_NO_OFFSET || all (s.labels[k] == best);
      if (alone)
        continue;
      for (int k = -1; k < s.n; k++)
        {
          const short2 candidate = k < 0 ? labels[y * columns + x] : s.labels[k];
          float energy;

          if (candidate.x == LACUNA_NO_OFFSET || (k >= 0 && all (candidate == best))
              || !is_usable (&s, image, geometry[0], geometry[1], candidate))
            continue;
          energy = get_energy (&s, image, geometry[0], geometry[1], candidate);
          if (energy < least)
            {
              least = energy;
              best = candidate;
            }
        }
      labels[y * columns + x] = best;
    }
}
