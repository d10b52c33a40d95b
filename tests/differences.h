/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <math.h>

#include <glib.h>

/* Gradients against finite differences of what they are gradients of, computed on the host in double precision. */

/* Of about unit variance, times scale. */
static inline float *
differences_make_noise (GRand *rand, gsize n, double scale)
{
  float *values = g_new (float, n);

  for (gsize i = 0; i < n; i++)
    values[i] = (float) (scale * g_rand_double_range (rand, -1.7, 1.7));
  return values;
}

static inline double *
differences_move (const float *values, const float *direction, gsize n, double by)
{
  double *moved = g_new (double, n);

  for (gsize i = 0; i < n; i++)
    moved[i] = values[i] + by * direction[i];
  return moved;
}

typedef double (*DifferencesLoss) (const double *x, gconstpointer data);

/* What loss does along directions from x is what its gradient there says, but for tolerance times the norm of that. */
static inline void
differences_check (const char *what, GRand *rand, DifferencesLoss loss, gconstpointer data, const float *x,
                   const float *gradient, gsize n, double tolerance)
{
  const double step = 1e-6; /* small, so that no value passes a kink */

  for (guint i = 0; i < 3; i++)
    {
      g_autofree float *direction = differences_make_noise (rand, n, 1.0);
      g_autofree double *ahead = differences_move (x, direction, n, step);
      g_autofree double *behind = differences_move (x, direction, n, -step);
      const double expected = (loss (ahead, data) - loss (behind, data)) / (2.0 * step);
      double predicted = 0.0, square = 0.0;

      for (gsize j = 0; j < n; j++)
        {
          predicted += (double) direction[j] * gradient[j];
          square += (double) gradient[j] * gradient[j];
        }
      g_test_message ("%s: off by %.2g of the norm, allowed %.2g", what,
                      fabs (predicted - expected) / sqrt (square), tolerance);
      if (!(fabs (predicted - expected) <= tolerance * sqrt (square)))
        g_error ("%s: the loss goes by %.9g, and %.9g was predicted", what, expected, predicted);
    }
}
