/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Guided patch matching: for every target, a patch of 7×7 pixels that touches the hole, the offset o to the patch
 * q = p + o of the known photo that costs least (Barnes et al. 2009):
 *
 *   cost(p, o) = Σ_k w[p+k]·|x[p+k] - x[q+k]|² / Σ_k w[p+k]
 *                + strength[p].x·colour·clamp (|low[p] - low[q]|² - 3·8², 0, 3·40²)
 *                + strength[p].y·activity·min (max (0, |A[p] - A[q]| - strength[p].z)², 40²)
 *                + overuse·max (0, uses[q] / 49 - 1)
 *                + reluctance, where others are preferred to q (scale.cl)
 *
 * with the weights w in the pixels' fourth byte, and the guide's low and A in its four bytes. strength.x is greater the
 * surer the guide is, .x and .y are 0 where the border's own colours tell, and .z is how far A may be off (detail.c).
 * Offsets compete by cost + coherence · the number of the target's four neighbours with another offset.
 *
 *   measure    cost of the offsets there are
 *   propagate  tries the offsets of the targets step pixels away to the four sides
 *   search     tries offsets around the target's own, at random within radius, radius/2, … 1
 *
 * Those whose confidence is LACUNA_HELD keep theirs (structure.h). propagate and search read one array of offsets and
 * write another, so that the order of work does not matter. What belongs to the targets has the rows and columns of
 * their box; the rest those of the image, which is the window and, below it, its copies (atlas.h). geometry holds the
 * image's width and height, the box: left, top, columns, rows, and the height of the window. The offset of what is no
 * target is LACUNA_NO_OFFSET.
 *
 * Targets have their whole patch in the window, and sources, q, theirs in the image. Offsets are given or found so that
 * q = p + o is a source: refine and the host begin with such ones, propagate and search try no others. What is read at
 * p and q needs no check, then.
 *
 * A work-group takes SPAN columns of a row of the box.
 */
#ifndef SPAN
#define SPAN 64
#endif
#define R LACUNA_PATCH_RADIUS
#define SIDE (2 * R + 1)
#define AREA (SIDE * SIDE)
#define PREFERRED 2 /* a bit of what is valid */

typedef struct
{
  __global const uchar4 *image, *guide;
  __global const uchar *valid;
  __global const int *uses;
  int width, height;
  float colour, activity, reluctance, coherence, overuse;
} scene;

/* A row of a patch is two vectors of four pixels, of which the second begins with the first one's last. */
typedef struct
{
  short16 pixels[2 * SIDE], weights[2 * SIDE];
  float weight; /* the weights' sum, in pixels of three samples */
  int2 at;      /* in the window */
  float3 strength; /* which the guide's colours and its activity count with, and how far that may be off */
  float4 guide;
  short2 neighbours[4];
  short2 offset; /* the best so far */
  float cost, total;
} target;

inline void
load_patch (const scene *s, target *t)
{
  __global const uchar4 *from = s->image + (size_t) (t->at.y - R) * s->width + t->at.x - R;
  short16 sum = (short16) 0;

#pragma unroll
  for (int i = 0; i < 2 * SIDE; i++)
    {
      const short16 pixels = convert_short16 (vload16 (0, (__global const uchar *) (from + i / 2 * s->width + i % 2 * R)));
      short16 weights = pixels.s33337777bbbbffff;

      weights.s37bf = (short4) 0;
      if (i % 2 == 1)
        weights.s012 = (short3) 0;
      t->pixels[i] = pixels;
      t->weights[i] = weights;
      sum += weights;
    }
  t->weight = max (sum.s0 + sum.s4 + sum.s8 + sum.sc, 64);
}

inline int
add_up (int8 v)
{
  const int4 sums = v.lo + v.hi;

  return sums.s0 + sums.s1 + sums.s2 + sums.s3;
}

/* Σ w·|x[p] - x[q]|², or something above limit. */
inline int
compare (const target *t, __global const uchar4 *from, int width, int limit)
{
  int8 sum = (int8) 0;

#pragma unroll
  for (int i = 0; i < 2 * SIDE; i++)
    {
      const short16 d = convert_short16 (vload16 (0, (__global const uchar *) (from + i / 2 * width + i % 2 * R)))
                        - t->pixels[i];
      const short16 weighted = d * t->weights[i];

      sum += convert_int8 (d.even) * convert_int8 (weighted.even) + convert_int8 (d.odd) * convert_int8 (weighted.odd);
      if (i == 5 && add_up (sum) > limit)
        return INT_MAX;
    }
  return add_up (sum);
}

/* The cost of offset o, or INFINITY where it is not below limit. */
inline float
get_cost (const scene *s, const target *t, short2 o, float limit)
{
  const int2 q = t->at + convert_int2 (o);
  const size_t at = (size_t) q.y * s->width + q.x;
  const float4 d = t->guide - convert_float4 (s->guide[at]), square = d * d;
  const float excess = max (fabs (d.w) - t->strength.z, 0.0f);
  float cost = t->strength.x * s->colour * clamp (square.x + square.y + square.z - 192.0f, 0.0f, 4800.0f)
               + t->strength.y * s->activity * min (excess * excess, 1600.0f);
  int difference;

  if (s->overuse > 0.0f)
    cost += s->overuse * max (0.0f, s->uses[at] * (1.0f / AREA) - 1.0f);
  if (s->reluctance > 0.0f && !(s->valid[at] & PREFERRED))
    cost += s->reluctance;
  if (cost >= limit)
    return INFINITY;
  difference = compare (t, s->image + at - (size_t) R * s->width - R, s->width,
                        min ((limit - cost) * t->weight, 2e9f));
  cost += difference / t->weight;
  return difference < INT_MAX && cost < limit ? cost : INFINITY;
}

inline float
get_bias (const scene *s, const target *t, short2 o)
{
  int others = 0;

  for (int k = 0; k < 4; k++)
    others += t->neighbours[k].x != LACUNA_NO_OFFSET && any (t->neighbours[k] != o);
  return s->coherence * others;
}

inline int
is_source (const scene *s, int2 q)
{
  return q.x >= R && q.y >= R && q.x < s->width - R && q.y < s->height - R
         && s->valid[(size_t) q.y * s->width + q.x];
}

inline void
try_offset (const scene *s, target *t, short2 o)
{
  float bias, cost;

  if (all (o == t->offset) || !is_source (s, t->at + convert_int2 (o)))
    return;
  bias = get_bias (s, t, o);
  cost = get_cost (s, t, o, t->total - bias);
  if (cost + bias < t->total)
    {
      t->offset = o;
      t->cost = cost;
      t->total = cost + bias;
    }
}

inline short2
get_offset (__global const short2 *offsets, int x, int y, int columns, int rows)
{
  return x >= 0 && y >= 0 && x < columns && y < rows ? offsets[y * columns + x] : (short2) LACUNA_NO_OFFSET;
}

/* The side'th of the four targets that lie step away. */
inline short2
get_neighbour (__global const short2 *offsets, int x, int y, int columns, int rows, int step, int side)
{
  const int along = side & 1 ? step : -step;

  return get_offset (offsets, side < 2 ? x + along : x, side < 2 ? y : y + along, columns, rows);
}

inline void
load_target (const scene *s, target *t, __global const int *geometry, int x, int y, __global const float *strength)
{
  t->at = (int2) (geometry[2] + x, geometry[3] + y);
  t->strength = vload3 (y * geometry[4] + x, strength);
  t->guide = convert_float4 (s->guide[(size_t) t->at.y * s->width + t->at.x]);
  load_patch (s, t);
}

inline void
load_rivals (const scene *s, target *t, __global const int *geometry, int x, int y, __global const short2 *offsets,
             __global const float *cost)
{
  const int columns = geometry[4], rows = geometry[5];

  for (int k = 0; k < 4; k++)
    t->neighbours[k] = get_neighbour (offsets, x, y, columns, rows, 1, k);
  t->offset = offsets[y * columns + x];
  t->cost = cost[y * columns + x];
  t->total = t->cost + get_bias (s, t, t->offset);
}

__kernel ONE_ITEM void
measure (__global const int *geometry, __global const uchar4 *image, __global const uchar4 *guide,
         __global const uchar *valid, __global const int *uses, __global const float *strength,
         __global const short2 *offsets, __global float *restrict cost, float colour, float activity, float reluctance,
         float overuse)
{
  const scene s = { image, guide, valid, uses, geometry[0], geometry[1], colour, activity, reluctance, 0.0f, overuse };
  const int y = get_group_id (1), columns = geometry[4];
  const int begin = (int) get_group_id (0) * SPAN, end = min (begin + SPAN, columns);
  target t;

  for (int x = begin; x < end; x++)
    if (offsets[y * columns + x].x != LACUNA_NO_OFFSET)
      {
        load_target (&s, &t, geometry, x, y, strength);
        cost[y * columns + x] = get_cost (&s, &t, offsets[y * columns + x], MAXFLOAT);
      }
}

__kernel ONE_ITEM void
propagate (__global const int *geometry, __global const uchar4 *image, __global const uchar4 *guide,
           __global const uchar *valid, __global const int *uses, __global const float *confidence,
           __global const float *strength, __global const short2 *restrict offsets, __global short2 *restrict next,
           __global float *restrict cost, float colour, float activity, float reluctance, float coherence, float overuse,
           int step)
{
  const scene s
      = { image, guide, valid, uses, geometry[0], geometry[1], colour, activity, reluctance, coherence, overuse };
  const int y = get_group_id (1), columns = geometry[4], rows = geometry[5];
  const int begin = (int) get_group_id (0) * SPAN, end = min (begin + SPAN, columns);
  target t;

  for (int x = begin; x < end; x++)
    {
      const short2 own = offsets[y * columns + x];
      short2 tried[4];
      int n = 0;

      next[y * columns + x] = own;
      for (int k = 0; own.x != LACUNA_NO_OFFSET && confidence[y * columns + x] < LACUNA_HELD && k < 4; k++)
        {
          const short2 o = get_neighbour (offsets, x, y, columns, rows, step, k);
          int known = o.x == LACUNA_NO_OFFSET || all (o == own);

          for (int l = 0; l < n; l++)
            known |= all (o == tried[l]);
          if (!known)
            tried[n++] = o;
        }
      if (n == 0)
        continue;
      load_target (&s, &t, geometry, x, y, strength);
      load_rivals (&s, &t, geometry, x, y, offsets, cost);
      for (int k = 0; k < n; k++)
        try_offset (&s, &t, tried[k]);
      next[y * columns + x] = t.offset;
      cost[y * columns + x] = t.cost;
    }
}

inline uint
hash (uint a, uint b, uint c)
{
  uint h = (a * 0x9e3779b1u) ^ (b * 0x85ebca77u) ^ (c * 0xc2b2ae3du);

  h = (h ^ (h >> 15)) * 0x2c1b3c6du;
  h = (h ^ (h >> 12)) * 0x297a2d39u;
  return h ^ (h >> 15);
}

__kernel ONE_ITEM void
search (__global const int *geometry, __global const uchar4 *image, __global const uchar4 *guide,
        __global const uchar *valid, __global const int *uses, __global const float *confidence,
        __global const float *strength, __global const short2 *restrict offsets, __global short2 *restrict next,
        __global float *restrict cost, float colour, float activity, float reluctance, float coherence, float overuse,
        int radius, int seed)
{
  const scene s
      = { image, guide, valid, uses, geometry[0], geometry[1], colour, activity, reluctance, coherence, overuse };
  const int y = get_group_id (1), columns = geometry[4];
  const int begin = (int) get_group_id (0) * SPAN, end = min (begin + SPAN, columns);
  target t;

  for (int x = begin; x < end; x++)
    {
      const int at = y * columns + x;

      next[at] = offsets[at];
      if (offsets[at].x == LACUNA_NO_OFFSET || confidence[at] >= LACUNA_HELD)
        continue;
      load_target (&s, &t, geometry, x, y, strength);
      load_rivals (&s, &t, geometry, x, y, offsets, cost);
      for (int r = radius; r > 0; r /= 2)
        {
          const uint h = hash (at, seed, r), side = 2 * r + 1;
          const int2 q = t.at + convert_int2 (t.offset) + (int2) (h % side, (h >> 16) % side) - r;

          if (is_source (&s, q))
            try_offset (&s, &t, convert_short2 (q - t.at));
        }
      next[at] = t.offset;
      cost[at] = t.cost;
    }
}

/* Twice the offsets of the targets of half the size; where that leads to no source, the nearest that a random walk of
 * growing steps finds, and at last the given one, which is a source.
 *
 *   coarse, coarse_cost: of the box with coarse_geometry
 */
__kernel ONE_ITEM void
refine (__global const int *coarse_geometry, __global const short2 *coarse, __global const float *coarse_cost,
        __global const int *geometry, __global const uchar *valid, __global const float *confidence,
        __global short2 *restrict offsets, __global float *restrict cost, int source_x, int source_y)
{
  const int y = get_group_id (1), columns = geometry[4];
  const int begin = (int) get_group_id (0) * SPAN, end = min (begin + SPAN, columns);
  const scene s = { .valid = valid, .width = geometry[0], .height = geometry[1] };

  for (int x = begin; x < end; x++)
    {
      const int2 at = (int2) (geometry[2] + x, geometry[3] + y);
      const int coarse_x = clamp (at.x / 2, R, coarse_geometry[0] - R - 1) - coarse_geometry[2];
      const int coarse_y = clamp (at.y / 2, R, coarse_geometry[6] - R - 1) - coarse_geometry[3];
      const short2 doubled = get_offset (coarse, coarse_x, coarse_y, coarse_geometry[4], coarse_geometry[5]);
      int2 start = at, q;

      offsets[y * columns + x] = (short2) LACUNA_NO_OFFSET;
      cost[y * columns + x] = 1.0f;
      if (confidence[y * columns + x] == 0.0f)
        continue;
      if (doubled.x != LACUNA_NO_OFFSET)
        {
          start = at + 2 * convert_int2 (doubled);
          cost[y * columns + x] = coarse_cost[coarse_y * coarse_geometry[4] + coarse_x];
        }
      q = start;
      for (int i = 0; i < 400 && !is_source (&s, q); i++)
        {
          const uint h = hash (at.x, at.y, i), side = 2 * i + 17;

          q = start + (int2) (h % side, (h >> 16) % side) - (i + 8);
        }
      if (!is_source (&s, q))
        q = (int2) (source_x, source_y);
      offsets[y * columns + x] = convert_short2 (q - at);
    }
}
