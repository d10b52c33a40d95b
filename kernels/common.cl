/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Shared by every program of this folder: put before its source.
 *
 * Tunables, by -D:
 *   LANES          floats of a vector of output channels: 16, 8 or 4
 *   MADE           output channels that a vector of sums makes: LANES, or half as many where the other half are gates
 *   P              pixels (or rows) of a register tile
 *   OB             vectors of output channels of a register tile: P·OB accumulators
 *   ROWS, COLUMNS  work-items of a work-group, along pixels and along vectors
 *
 * A work-item keeps a P×OB tile of vectors in registers (FOR_TILE, ADD_PRODUCTS); loops
 * over them have constant bounds and are unrolled. On a CPU device it is alone in its
 * work-group. Elsewhere a work-group brings a tile of ROWS·P pixels by
 * COLUMNS·OB vectors into local memory, DEPTH terms of its sums at a time.
 */
#ifndef LANES
#define LANES 16
#endif
#ifndef P
#define P 13
#endif
#ifndef OB
#define OB 2
#endif

#ifndef ROWS
#define ROWS 1
#endif
#ifndef COLUMNS
#define COLUMNS 1
#endif

#ifndef MADE
#define MADE LANES
#endif

#define BLOCK (COLUMNS * OB * LANES)     /* sums of a work-group */
#define MADE_BLOCK (COLUMNS * OB * MADE) /* output channels */
#define ITEMS (ROWS * COLUMNS)

#define JOIN_(a, b) a##b
#define JOIN(a, b) JOIN_ (a, b)

typedef JOIN (float, LANES) vec;
typedef JOIN (int, LANES) ivec;
#define load_ivec(i, p) JOIN (vload, LANES) (i, p)
#define store_ivec(v, i, p) JOIN (vstore, LANES) (v, i, p)
#define as_vec(v) JOIN (as_float, LANES) (v)
#define as_ivec(v) JOIN (as_int, LANES) (v)

/* The i-th vector from p, which is aligned as floats are. Some compilers take vloadn and vstoren to pieces, of four
 * floats and less, where they find sums of several; a vector in a structure they leave whole. */
typedef struct __attribute__ ((packed, aligned (4)))
{
  vec v;
} unaligned_vec;

#define DEFINE_ACCESS(space)                                                                                           \
  inline __attribute__ ((overloadable)) vec load_vec (size_t i, const space float *p)                                  \
  {                                                                                                                    \
    return ((const space unaligned_vec *) (p + i * LANES))->v;                                                         \
  }                                                                                                                    \
  inline __attribute__ ((overloadable)) void store_vec (vec v, size_t i, space float *p)                               \
  {                                                                                                                    \
    ((space unaligned_vec *) (p + i * LANES))->v = v;                                                                  \
  }

DEFINE_ACCESS (__global)
DEFINE_ACCESS (__local)
DEFINE_ACCESS (__private)

/* The output channels of a vector of sums. */
typedef JOIN (float, MADE) made_vec;
typedef struct __attribute__ ((packed, aligned (4)))
{
  made_vec v;
} unaligned_made;

inline void
store_made (made_vec v, __global float *to)
{
  ((__global unaligned_made *) to)->v = v;
}

/* The loops over a register tile, vec sum[P][OB]. They and what follows are macros: OpenCL C 1.2 has no pointer that
 * serves global and local memory alike, and a tile handed to a function might leave the registers. */
#define UNROLL _Pragma ("unroll")
#define FOR_TILE(p, o)                                                                                                 \
  UNROLL for (int p = 0; p < P; p++) /* rows of the tile */                                                            \
    UNROLL for (int o = 0; o < OB; o++)

/* One term of the sums of a register tile:
 *
 *   sum[p][o] += value(p) · vector(o)
 *
 * with a float in p and a vec in o, every vector loaded before the first product. */
#define ADD_PRODUCTS(sum, p, value, o, vector)                                                                         \
  {                                                                                                                    \
    vec vectors[OB];                                                                                                   \
                                                                                                                       \
    UNROLL for (int o = 0; o < OB; o++) vectors[o] = vector;                                                           \
    FOR_TILE (p, o) sum[p][o] = fma ((vec) value, vectors[o], sum[p][o]);                                              \
  }

/* Stores the first `count` lanes of v, all of them where it is MADE or more. The bound of the loop is constant:
 * drivers unroll a variable one beyond measure, PoCL 7.1 without an end (github.com/pocl/pocl, issue 2092). */
inline void
store_lanes (made_vec v, int count, __global float *to)
{
  if (count >= MADE)
    store_made (v, to);
  else
    {
      float lanes[MADE];

      ((unaligned_made *) lanes)->v = v;
#pragma unroll
      for (int l = 0; l < MADE; l++)
        if (l < count)
          to[l] = lanes[l];
    }
}

#define ONE_ITEM __attribute__ ((reqd_work_group_size (1, 1, 1)))
#define LINE_OF_ITEMS __attribute__ ((reqd_work_group_size (ITEMS, 1, 1)))
#define TILE_OF_ITEMS __attribute__ ((reqd_work_group_size (COLUMNS, ROWS, 1)))

/* For x <= 0: p(r) and 2^n, where x = n·ln 2 + r with |r| <= ln 2 / 2, and p a polynomial for exp(r) - 1. */
inline vec
exp_parts (vec x, vec *ret_scale)
{
  vec m = max (x, (vec) -87.0f);
  vec shifted = fma (m, (vec) 1.44269504f, (vec) 12582912.0f);
  vec n = shifted - 12582912.0f;
  vec r = fma (n, (vec) 2.12194440e-4f, fma (n, (vec) -0.693359375f, m));
  vec p = (vec) 1.3981999507e-3f;
  p = fma (p, r, (vec) 8.3334519073e-3f);
  p = fma (p, r, (vec) 4.1665795894e-2f);
  p = fma (p, r, (vec) 1.6666665459e-1f);
  p = fma (p, r, (vec) 0.5f);
  *ret_scale = as_vec ((as_ivec (shifted) << 23) + 0x3f800000);
  return fma (p * r, r, r);
}

/* exp(x) for x <= 0 */
inline vec
exponential (vec x)
{
  vec scale, p = exp_parts (x, &scale);

  return fma (p, scale, scale);
}

/* exp(x) - 1 for x <= 0, so that nothing cancels near 0 */
inline vec
exp_minus_1 (vec x)
{
  vec scale, p = exp_parts (x, &scale);

  return fma (p, scale, scale - 1.0f);
}

/* activation: LacunaActivation. What is no number stays none, and what is infinite so, so that the host sees it. */
inline vec
activate (vec x, int activation)
{
  if (activation == LACUNA_ACTIVATION_ELU)
    return select (x, exp_minus_1 (min (x, (vec) 0.0f)), x <= (vec) 0.0f);
  if (activation == LACUNA_ACTIVATION_RELU)
    return select (x, (vec) 0.0f, x <= (vec) 0.0f);
  if (activation == LACUNA_ACTIVATION_LEAKY_RELU)
    return select (x, 0.2f * x, x <= (vec) 0.0f);
  if (activation == LACUNA_ACTIVATION_TANH)
    {
      const vec e = exp_minus_1 (-2.0f * fabs (x));

      return select (x, copysign (e / (2.0f + e), x), fabs (x) <= (vec) MAXFLOAT);
    }
  return x;
}

/* What a vector of sums makes. */
#if MADE == LANES
#define finish activate
#else

/* Features and then their gates: activation(feature) · 1 / (1 + exp(-gate)). One exponential serves both:
 * exp(-|x|) - 1. */
inline made_vec
finish (vec x, int activation)
{
  const vec e = exp_minus_1 (-fabs (x));
  const made_vec none = 0.0f, one = 1.0f;
  const made_vec feature = select (x.lo, activation == LACUNA_ACTIVATION_GATED_ELU ? e.lo : none, x.lo <= none);
  const made_vec gate = select (one, one + e.hi, x.hi <= none) / (2.0f + e.hi);

  return feature * select (x.hi, gate, fabs (x.hi) <= (made_vec) MAXFLOAT);
}

#endif

#ifdef DEPTH

#define TILE (ROWS * P) /* pixels of a work-group */

/* Of the work-item in its work-group of ROWS by COLUMNS. */
inline int
get_item (void)
{
  return get_local_id (1) * COLUMNS + get_local_id (0);
}

/* sum[p][o] += Σ_d a[d][row·P + p] · b[d][o·COLUMNS + column], with a [DEPTH][TILE] floats and b [DEPTH][BLOCK]. The
 * work-group has to have both before, and to be through with them before they change. */
inline void
multiply_tiles (__local const float *a, __local const float *b, vec sum[P][OB])
{
  __local const float *from = a + get_local_id (1) * P;

  for (int d = 0; d < DEPTH; d++)
    ADD_PRODUCTS (sum, p, from[d * TILE + p], o, load_vec (o * COLUMNS + get_local_id (0), b + d * BLOCK))
}

#endif
