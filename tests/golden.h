/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <math.h>

#include "engine/weights/weights.h"

/* The golden file of that name (without suffix) in tests/golden. */
static inline LacunaWeights *
golden_load (const char *name)
{
  g_autofree char *file = g_strconcat (name, ".safetensors", NULL);
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "golden", file, NULL);
  g_autoptr (GError) error = NULL;
  LacunaWeights *weights = lacuna_weights_load (path, &error);

  g_assert_no_error (error);
  return weights;
}

/* All of a float tensor; its entry tells the shape. */
static inline float *
golden_read (LacunaWeights *weights, const char *name, const LacunaWeightsEntry **ret_entry)
{
  g_autoptr (GError) error = NULL;
  const LacunaWeightsEntry *entry = lacuna_weights_find (weights, name);
  float *values;

  if (entry == NULL)
    g_error ("no golden tensor %s", name);
  values = lacuna_weights_read (weights, name, entry->n_dims, entry->dims, &error);
  g_assert_no_error (error);
  if (ret_entry != NULL)
    *ret_entry = entry;
  return values;
}

/* Fails the test where any |got - expected| exceeds tolerance (or is not a number). */
static inline void
golden_assert_close (const char *what, const float *got, const float *expected, gsize n, double tolerance)
{
  double worst = 0.0;
  gsize at = 0;

  for (gsize i = 0; i < n; i++)
    {
      double difference = fabs ((double) got[i] - expected[i]);

      if (!(difference <= worst))
        {
          worst = difference;
          at = i;
        }
    }
  g_test_message ("%s: max |difference| %.3g, allowed %.3g", what, worst, tolerance);
  if (!(worst <= tolerance))
    g_error ("%s: element %" G_GSIZE_FORMAT " is %g, expected %g: off by %.3g, allowed %.3g", what, at, got[at],
             expected[at], worst, tolerance);
}

/* Of the absolute values: what relative tolerances are of. */
static inline double
golden_get_largest (const float *values, gsize n)
{
  double largest = 0.0;

  for (gsize i = 0; i < n; i++)
    largest = MAX (largest, fabs (values[i]));
  return largest;
}
