/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The correction u that is added to the copied pixels so that no seam stays (Pérez, Gangnet and Blake 2003): over the
 * pixels p of the hole, with u = 0 at those that are known,
 *
 *   Σ_n (u[p] - u[n]) = b[p] = Σ_n j
 *
 * over the four neighbours n of p, where j is the jump between the copies of p and n that u is to level (0 within a
 * label), three channels at a time, with J, a mean over a square of 9×9 pixels, w, around n or, of two labels, around the
 * first of both pixels:
 *
 *   known neighbour:     j = t(J)·J, J = mean x[w] - x[w+o] over the known w
 *   another label o':    j = s(J)·J, J = mean x[w+o'] - x[w+o]
 *
 * Labels part where single pixels are alike by chance, and so they are chosen beside what is known: in grain these tell of
 * no jump where there is one. The mean is one of blocks of 3×3 pixels, thrice taken with Tukey's weight,
 * t = max (0, 1 - (max |d| / edge)²)², of their distances d to the mean before, which is 0 at first. Jumps that are true
 * edges would stain the hole: at the border t keeps them out. Between copies s does, which falls from 1 where max |J| is
 * edge / 2 to 0 where it is edge (smoothstep): any rest of a small jump would be seen. What is left at the border is
 * softened over a narrow band, by another correction v with
 *
 *   Σ_n (v[p] - v[n]) + v[p] / reach² = Σ_n (x[n] - x[n+o] - j)
 *
 * A label is applied beside its own pixel too, and may lead beyond the window from there: pixels beyond it repeat those
 * at its edge.
 *
 * Conjugate gradients, preconditioned by a cycle of multigrid by aggregation: a cell of the next coarser grid is 2×2
 * cells, its edges are the sums of theirs times COARSE, since constants over cells overestimate what slopes cost (Braess
 * 1995). Per cell, east and south are the edges' weights and diagonal is the sum of all four, those to known pixels among
 * them; 0 where there is nothing. The cycle relaxes in the opposite order on its way back, so that it is symmetric; and as
 * relaxing lessens every error and the coarser grid's answer adds none, it is positive definite, whatever COARSE is: the
 * gradients converge for every hole (Xu 1992).
 *
 *   jumps      b, east, south, diagonal of the finest grid
 *   edges      b and diagonal for v, which starts at 0
 *   add        u += v
 *   multiply   q = A·p; sums[y] = Σ p·q over a row
 *   dot_rows   sums[y] = Σ a·b over a row
 *   advance    u += factor·p; r -= factor·q
 *   direct     p = z + factor·p
 *   aggregate  east, south, diagonal of the coarser grid
 *   relax      u[p] = (b[p] + Σ_n edge·u[n]) / diagonal[p] for even (or odd) x + y
 *   restrict   b of the coarser grid = Σ over its cells of (b - diagonal·u + Σ edge·u); its u = 0
 *   prolong    u += the coarser grid's
 *
 * A work-group takes a row.
 */
#ifndef COARSE
#define COARSE 0.65f
#endif
#define BLOCK 3
#define BLOCKS 3
#define REACH (BLOCK * BLOCKS / 2)
#define MEANS 3

inline float4
level (__global const uchar4 *image, int width, int height, int x, int y)
{
  float4 v = convert_float4 (image[(size_t) clamp (y, 0, height - 1) * width + clamp (x, 0, width - 1)]);

  v.w = 0.0f;
  return v;
}

inline float
get_size (float4 jump)
{
  const float4 size = fabs (jump);

  return max (max (size.x, size.y), size.z);
}

inline float
get_weight (float4 jump, float edge)
{
  const float size = get_size (jump) / edge, rest = max (0.0f, 1.0f - size * size);

  return rest * rest;
}

/* Sums of jumps over the blocks of a square, by rows. */
typedef struct
{
  float4 sums[BLOCKS * BLOCKS];
  float n[BLOCKS * BLOCKS];
} square;

inline void
clear (square *s)
{
  for (int i = 0; i < BLOCKS * BLOCKS; i++)
    {
      s->sums[i] = (float4) 0.0f;
      s->n[i] = 0.0f;
    }
}

/* u, v: from the middle, up to REACH. */
inline void
add_jump (square *s, int u, int v, float4 jump)
{
  const int i = (v + REACH) / BLOCK * BLOCKS + (u + REACH) / BLOCK;

  s->sums[i] += jump;
  s->n[i] += 1.0f;
}

inline float4
get_mean (const square *s, float edge)
{
  float4 mean = (float4) 0.0f;

  for (int k = 0; k < MEANS; k++)
    {
      float4 sum = (float4) 0.0f;
      float all = 1e-3f;

      for (int i = 0; i < BLOCKS * BLOCKS; i++)
        {
          const float weight = get_weight (s->sums[i] / max (s->n[i], 1.0f) - mean, edge);

          sum += weight * s->sums[i];
          all += weight * s->n[i];
        }
      mean = sum / all;
    }
  return mean;
}

/* The jump from a label to what is known around (x, y). */
inline float4
get_rim_jump (__global const int *geometry, __global const uchar *hole, __global const uchar4 *image, int x, int y,
              short2 label, float edge)
{
  const int width = geometry[0], height = geometry[1], columns = geometry[4], rows = geometry[5];
  float4 mean;
  square s;

  clear (&s);
  for (int v = max (y - REACH, 0); v <= min (y + REACH, height - 1); v++)
    for (int u = max (x - REACH, 0); u <= min (x + REACH, width - 1); u++)
      {
        const int column = u - geometry[2], row = v - geometry[3];
        const int in_box = column >= 0 && row >= 0 && column < columns && row < rows;

        if (image[(size_t) v * width + u].w >= LACUNA_BARRED && !(in_box && hole[row * columns + column]))
          add_jump (&s, u - x, v - y,
                    level (image, width, height, u, v) - level (image, width, height, u + label.x, v + label.y));
      }
  mean = get_mean (&s, edge);
  return get_weight (mean, edge) * mean;
}

/* The jump from a label to another around a pixel. */
inline float4
get_jump (__global const uchar4 *image, int width, int height, int2 at, short2 label, short2 other, float edge)
{
  float4 mean;
  square s;

  clear (&s);
  for (int v = -REACH; v <= REACH; v++)
    for (int u = -REACH; u <= REACH; u++)
      add_jump (&s, u, v,
                level (image, width, height, at.x + u + other.x, at.y + v + other.y)
                    - level (image, width, height, at.x + u + label.x, at.y + v + label.y));
  mean = get_mean (&s, edge);
  return (1.0f - smoothstep (0.5f * edge, edge, get_size (mean))) * mean;
}

__kernel ONE_ITEM void
jumps (__global const int *geometry, __global const uchar *hole, __global const uchar4 *image,
       __global const short2 *labels, __global float4 *restrict b, __global float4 *restrict u,
       __global float *restrict east, __global float *restrict south, __global float *restrict diagonal,
       float edge)
{
  const int y = get_group_id (0), width = geometry[0], height = geometry[1], columns = geometry[4], rows = geometry[5];

  for (int x = 0; x < columns; x++)
    {
      const int i = y * columns + x, px = geometry[2] + x, py = geometry[3] + y;
      const short2 o = labels[i];
      float4 sum = (float4) 0.0f;
      float n_edges = 0.0f;

      u[i] = (float4) 0.0f;
      east[i] = hole[i] && x + 1 < columns && hole[i + 1];
      south[i] = hole[i] && y + 1 < rows && hole[i + columns];
      for (int side = 0; hole[i] && side < 4; side++)
        {
          const int dx = side < 2 ? 2 * side - 1 : 0, dy = side < 2 ? 0 : 2 * side - 5;
          const int nx = px + dx, ny = py + dy, n = i + dy * columns + dx;
          const int inside = nx >= 0 && ny >= 0 && nx < width && ny < height;

          if (!inside || (!hole[n] && image[(size_t) ny * width + nx].w < LACUNA_BARRED))
            continue;
          n_edges += 1.0f;
          if (!hole[n])
            sum += get_rim_jump (geometry, hole, image, nx, ny, o, edge);
          else if (any (labels[n] != o))
            sum += get_jump (image, width, height, (int2) (min (px, nx), min (py, ny)), o, labels[n], edge);
        }
      b[i] = sum;
      diagonal[i] = n_edges;
    }
}

__kernel ONE_ITEM void
edges (__global const int *geometry, __global const uchar *hole, __global const uchar4 *image,
       __global const short2 *labels, __global float4 *restrict b, __global float4 *restrict u,
       __global float *restrict diagonal, float edge, float reach)
{
  const int y = get_group_id (0), width = geometry[0], height = geometry[1], columns = geometry[4];

  for (int x = 0; x < columns; x++)
    {
      const int i = y * columns + x, px = geometry[2] + x, py = geometry[3] + y;
      const short2 o = labels[i];
      float4 sum = (float4) 0.0f;

      for (int side = 0; hole[i] && side < 4; side++)
        {
          const int dx = side < 2 ? 2 * side - 1 : 0, dy = side < 2 ? 0 : 2 * side - 5;
          const int nx = px + dx, ny = py + dy;
          float4 jump;

          if (nx < 0 || ny < 0 || nx >= width || ny >= height || hole[i + dy * columns + dx]
              || image[(size_t) ny * width + nx].w < LACUNA_BARRED)
            continue;
          jump = level (image, width, height, nx, ny) - level (image, width, height, nx + o.x, ny + o.y);
          sum += jump - get_rim_jump (geometry, hole, image, nx, ny, o, edge);
        }
      b[i] = sum;
      diagonal[i] += hole[i] ? 1.0f / (reach * reach) : 0.0f;
      u[i] = (float4) 0.0f;
    }
}

__kernel ONE_ITEM void
add (__global const float4 *restrict v, __global float4 *restrict total, int columns)
{
  const int y = get_group_id (0);

  for (int i = y * columns; i < (y + 1) * columns; i++)
    total[i] += v[i];
}

inline float
get (__global const float *values, int x, int y, int columns, int rows)
{
  return x >= 0 && y >= 0 && x < columns && y < rows ? values[y * columns + x] : 0.0f;
}

__kernel ONE_ITEM void
aggregate (__global const float *restrict east, __global const float *restrict south,
           __global const float *restrict diagonal, int columns, int rows, __global float *restrict coarse_east,
           __global float *restrict coarse_south, __global float *restrict coarse_diagonal)
{
  const int v = get_group_id (0), coarse_columns = (columns + 1) / 2;

  for (int u = 0; u < coarse_columns; u++)
    {
      const int x = 2 * u, y = 2 * v, i = v * coarse_columns + u;
      const float inner = get (east, x, y, columns, rows) + get (east, x, y + 1, columns, rows)
                          + get (south, x, y, columns, rows) + get (south, x + 1, y, columns, rows);
      const float sum = get (diagonal, x, y, columns, rows) + get (diagonal, x + 1, y, columns, rows)
                        + get (diagonal, x, y + 1, columns, rows) + get (diagonal, x + 1, y + 1, columns, rows);

      coarse_east[i] = COARSE * (get (east, x + 1, y, columns, rows) + get (east, x + 1, y + 1, columns, rows));
      coarse_south[i] = COARSE * (get (south, x, y + 1, columns, rows) + get (south, x + 1, y + 1, columns, rows));
      coarse_diagonal[i] = COARSE * (sum - 2.0f * inner);
    }
}

/* sum + Σ_n edge·u[n] */
inline float4
gather (float4 sum, __global const float4 *u, __global const float *east, __global const float *south, int x, int y,
        int columns, int rows)
{
  const int i = y * columns + x;

  if (x + 1 < columns)
    sum += east[i] * u[i + 1];
  if (y + 1 < rows)
    sum += south[i] * u[i + columns];
  if (x > 0)
    sum += east[i - 1] * u[i - 1];
  if (y > 0)
    sum += south[i - columns] * u[i - columns];
  return sum;
}

__kernel ONE_ITEM void
relax (__global const float4 *b, __global float4 *u, __global const float *east, __global const float *south,
       __global const float *diagonal, int columns, int rows, int odd)
{
  const int y = get_group_id (0);

  for (int x = (y + odd) & 1; x < columns; x += 2)
    if (diagonal[y * columns + x] > 1e-6f)
      u[y * columns + x]
          = gather (b[y * columns + x], u, east, south, x, y, columns, rows) / diagonal[y * columns + x];
}

__kernel ONE_ITEM void
restrict_residual (__global const float4 *b, __global const float4 *u, __global const float *east,
                   __global const float *south, __global const float *diagonal, int columns, int rows,
                   __global float4 *restrict coarse_b, __global float4 *restrict coarse_u)
{
  const int v = get_group_id (0), coarse_columns = (columns + 1) / 2;

  for (int k = 0; k < coarse_columns; k++)
    {
      float4 sum = (float4) 0.0f;

      for (int y = 2 * v; y < min (2 * v + 2, rows); y++)
        for (int x = 2 * k; x < min (2 * k + 2, columns); x++)
          if (diagonal[y * columns + x] > 0.0f)
            sum += gather (b[y * columns + x], u, east, south, x, y, columns, rows)
                   - diagonal[y * columns + x] * u[y * columns + x];
      coarse_b[v * coarse_columns + k] = sum;
      coarse_u[v * coarse_columns + k] = (float4) 0.0f;
    }
}

__kernel ONE_ITEM void
prolong (__global const float4 *restrict coarse_u, __global float4 *restrict u, __global const float *diagonal,
         int columns)
{
  const int y = get_group_id (0), coarse_columns = (columns + 1) / 2;

  for (int x = 0; x < columns; x++)
    if (diagonal[y * columns + x] > 0.0f)
      u[y * columns + x] += coarse_u[y / 2 * coarse_columns + x / 2];
}

__kernel ONE_ITEM void
multiply (__global const float4 *p, __global float4 *restrict q, __global const float *east, __global const float *south,
          __global const float *diagonal, __global float4 *restrict sums, int columns, int rows)
{
  const int y = get_group_id (0);
  float4 sum = (float4) 0.0f;

  for (int x = 0; x < columns; x++)
    {
      const int i = y * columns + x;

      q[i] = diagonal[i] * p[i] - gather ((float4) 0.0f, p, east, south, x, y, columns, rows);
      sum += p[i] * q[i];
    }
  sums[y] = sum;
}

__kernel ONE_ITEM void
dot_rows (__global const float4 *a, __global const float4 *b, __global float4 *restrict sums, int columns)
{
  const int y = get_group_id (0);
  float4 sum = (float4) 0.0f;

  for (int i = y * columns; i < (y + 1) * columns; i++)
    sum += a[i] * b[i];
  sums[y] = sum;
}

__kernel ONE_ITEM void
advance (__global const float4 *restrict factor, __global const float4 *restrict p, __global const float4 *restrict q,
         __global float4 *restrict u, __global float4 *restrict r, int columns)
{
  const int y = get_group_id (0);

  for (int i = y * columns; i < (y + 1) * columns; i++)
    {
      u[i] += factor[0] * p[i];
      r[i] -= factor[0] * q[i];
    }
}

__kernel ONE_ITEM void
direct (__global const float4 *restrict factor, __global const float4 *restrict z, __global float4 *restrict p,
        int columns)
{
  const int y = get_group_id (0);

  for (int i = y * columns; i < (y + 1) * columns; i++)
    p[i] = z[i] + factor[0] * p[i];
}
