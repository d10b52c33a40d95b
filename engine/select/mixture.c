/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Learns a mixture of Gaussians of colours (Oklab) and places, and tells what a spot costs under it. Nothing is random,
 * so that the same spots give the same model; every variance has a floor, so that a covariance can be inverted. The
 * model is a plain value without references. It runs on the worker of the window that selects. */
#include "engine/select/mixture.h"

#include <math.h>
#include <string.h>

#define SIZE LACUNA_MIXTURE_SIZE
#define ROUNDS 3
/* Variance that each channel has at the least: noise, and what was averaged away. */
#define LEAST_VARIANCE 2.0
/* Density of colours that no part explains: one in fifty, anywhere in a space of about 100×50×50. */
#define OUTLIERS (0.02f / (100 * 50 * 50))
/* The least spread of places, as a share of the longer side: how far around a part is believed at the least. */
#define NEAR 0.15

/* Sums over the colours of a part. */
typedef struct {
  double weight, sum[3], squares[6], places[2], place_squares[2];
} Moments;

typedef struct {
  double mean[3], covariance[6], weight, middle[2], variances[2];
} Cluster;

static void
add (Moments *self, const LacunaSpot *spot, double weight)
{
  const float *c = spot->color.channels;

  self->weight += weight;
  for (guint i = 0, k = 0; i < 3; i++)
    {
      self->sum[i] += weight * c[i];
      for (guint j = i; j < 3; j++, k++)
        self->squares[k] += weight * c[i] * c[j];
    }
  for (guint i = 0; i < 2; i++)
    {
      self->places[i] += weight * spot->place[i];
      self->place_squares[i] += weight * spot->place[i] * spot->place[i];
    }
}

static Cluster
describe (const Moments *moments)
{
  Cluster self = { .weight = moments->weight };

  for (guint i = 0; i < 3; i++)
    self.mean[i] = moments->sum[i] / moments->weight;
  for (guint i = 0, k = 0; i < 3; i++)
    for (guint j = i; j < 3; j++, k++)
      self.covariance[k]
          = moments->squares[k] / moments->weight - self.mean[i] * self.mean[j] + (i == j ? LEAST_VARIANCE : 0);
  for (guint i = 0; i < 2; i++)
    {
      self.middle[i] = moments->places[i] / moments->weight;
      self.variances[i] = moments->place_squares[i] / moments->weight - self.middle[i] * self.middle[i] + NEAR * NEAR;
    }
  return self;
}

static void
multiply (const double matrix[6], const double v[3], double product[3])
{
  product[0] = matrix[0] * v[0] + matrix[1] * v[1] + matrix[2] * v[2];
  product[1] = matrix[1] * v[0] + matrix[3] * v[1] + matrix[4] * v[2];
  product[2] = matrix[2] * v[0] + matrix[4] * v[1] + matrix[5] * v[2];
}

/* The direction in which a cluster is widest, by power iteration. Returns the variance in it. */
static double
find_axis (const Cluster *self, double axis[3])
{
  double length = 0;

  memcpy (axis, (double[3]){ 1, 0.6, 0.8 }, sizeof (double[3]));
  for (guint round = 0; round < 20; round++)
    {
      double product[3];

      multiply (self->covariance, axis, product);
      length = sqrt (product[0] * product[0] + product[1] * product[1] + product[2] * product[2]);
      for (guint i = 0; i < 3; i++)
        axis[i] = product[i] / length;
    }
  return length;
}

/* Moves the colours of one cluster that lie beyond its middle into the cluster to. */
static void
split (const Cluster *cluster, const double axis[3], guint from, guint to, const LacunaSpot *spots,
       const float *weights, gsize n, guint8 *parts, Moments moments[SIZE])
{
  moments[from] = moments[to] = (Moments){ 0 };
  for (gsize i = 0; i < n; i++)
    {
      double along = 0;

      if (weights[i] <= 0 || parts[i] != from)
        continue;
      for (guint k = 0; k < 3; k++)
        along += (spots[i].color.channels[k] - cluster->mean[k]) * axis[k];
      if (along > 0)
        parts[i] = to;
      add (&moments[parts[i]], &spots[i], weights[i]);
    }
}

/* Begins with one cluster and splits the one with most variance again and again. Returns how many there are then. */
static guint
cluster (const LacunaSpot *spots, const float *weights, gsize n, guint8 *parts, Moments moments[SIZE])
{
  guint n_clusters = 1;

  moments[0] = (Moments){ 0 };
  for (gsize i = 0; i < n; i++)
    if (weights[i] > 0)
      add (&moments[0], &spots[i], weights[i]);
  while (n_clusters < SIZE && moments[0].weight > 0)
    {
      double axis[3], most = 0, widest[3] = { 0 };
      guint from = 0;
      Cluster clusters[SIZE];

      for (guint i = 0; i < n_clusters; i++)
        {
          double spread;

          clusters[i] = describe (&moments[i]);
          spread = find_axis (&clusters[i], axis) * clusters[i].weight;
          if (spread <= most)
            continue;
          most = spread;
          from = i;
          memcpy (widest, axis, sizeof widest);
        }
      split (&clusters[from], widest, from, n_clusters, spots, weights, n, parts, moments);
      if (moments[n_clusters].weight <= 0 || moments[from].weight <= 0)
        break;
      n_clusters++;
    }
  return n_clusters;
}

static void
set_part (LacunaMixture *self, const Moments *moments, double total)
{
  Cluster cluster = describe (moments);
  const double *c = cluster.covariance;
  double a = c[3] * c[5] - c[4] * c[4], b = c[2] * c[4] - c[1] * c[5], d = c[1] * c[4] - c[2] * c[3];
  double determinant = c[0] * a + c[1] * b + c[2] * d;
  const double adjugate[6] = {
    a, b, d, c[0] * c[5] - c[2] * c[2], c[1] * c[2] - c[0] * c[4], c[0] * c[3] - c[1] * c[1],
  };

  for (guint i = 0; i < 3; i++)
    self->parts[self->n].mean[i] = cluster.mean[i];
  for (guint i = 0; i < 6; i++)
    self->parts[self->n].inverse[i] = adjugate[i] / determinant;
  for (guint i = 0; i < 2; i++)
    {
      self->parts[self->n].middle[i] = cluster.middle[i];
      self->parts[self->n].widths[i] = 1 / cluster.variances[i];
    }
  self->parts[self->n].factor
      = cluster.weight / total / sqrt (pow (2 * G_PI, 5) * determinant * cluster.variances[0] * cluster.variances[1]);
  self->n++;
}

static void
set_parts (LacunaMixture *self, const Moments *moments, guint n)
{
  double total = 0;

  self->n = 0;
  for (guint i = 0; i < n; i++)
    total += moments[i].weight;
  for (guint i = 0; i < n; i++)
    if (moments[i].weight > total * 1e-4)
      set_part (self, &moments[i], total);
}

static float
get_density (const LacunaMixture *self, guint part, const LacunaSpot *spot)
{
  const float *color = spot->color.channels, *middle = self->parts[part].middle, *widths = self->parts[part].widths;
  const float *mean = self->parts[part].mean, *m = self->parts[part].inverse;
  float x = color[0] - mean[0], y = color[1] - mean[1], z = color[2] - mean[2];
  float distance = x * (m[0] * x + 2 * (m[1] * y + m[2] * z)) + y * (m[3] * y + 2 * m[4] * z) + m[5] * z * z;
  float right = spot->place[0] - middle[0], down = spot->place[1] - middle[1];

  distance += right * right * widths[0] + down * down * widths[1];
  return distance < 60 ? self->parts[part].factor * expf (-0.5f * distance) : 0;
}

/* Sorts the colours into the parts that explain them best, and describes these anew. */
static void
sort (LacunaMixture *self, const LacunaSpot *spots, const float *weights, gsize n)
{
  Moments moments[SIZE] = { 0 };

  for (gsize i = 0; i < n; i++)
    {
      float most = 0;
      guint best = SIZE;

      for (guint part = 0; weights[i] > 0 && part < self->n; part++)
        {
          float density = get_density (self, part, &spots[i]);

          if (density > most)
            {
              most = density;
              best = part;
            }
        }
      if (best < SIZE)
        add (&moments[best], &spots[i], weights[i]);
    }
  set_parts (self, moments, self->n);
}

void
lacuna_mixture_fit (LacunaMixture *self, const LacunaSpot *spots, const float *weights, gsize n)
{
  g_autofree guint8 *parts = g_malloc0 (n);
  Moments moments[SIZE] = { 0 };
  guint n_clusters = cluster (spots, weights, n, parts, moments);

  set_parts (self, moments, n_clusters);
  for (guint round = 0; round < ROUNDS && self->n > 0; round++)
    sort (self, spots, weights, n);
}

float
lacuna_mixture_get_cost (const LacunaMixture *self, const LacunaSpot *spot)
{
  float density = OUTLIERS;

  for (guint part = 0; part < self->n; part++)
    density += get_density (self, part, spot);
  return -logf (density);
}
