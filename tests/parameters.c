/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/network/parameters.h"

#include "tests/context.h"
#include "tests/differences.h"

/* Adam and the average in double precision, after Kingma and Ba (2015), algorithm 1. */
typedef struct {
  gsize n;
  double *value, *first, *second, *average;
} Reference;

static void
reference_clear (Reference *self)
{
  g_free (self->value);
  g_free (self->first);
  g_free (self->second);
  g_free (self->average);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Reference, reference_clear)

/* Values from `begin` on are learnt. t counts from 1. */
static void
step_reference (Reference *self, const float *gradient, gsize begin, double t, double rate, double decay, double clip)
{
  double square = 0.0, scale;

  for (gsize i = begin; i < self->n; i++)
    square += (double) gradient[i] * gradient[i];
  scale = clip > 0.0 ? MIN (1.0, clip / (sqrt (square) + 1e-6)) : 1.0;
  for (gsize i = 0; i < self->n; i++)
    {
      const double g = scale * gradient[i];

      if (i >= begin)
        {
          self->first[i] = 0.5 * self->first[i] + 0.5 * g;
          self->second[i] = 0.9 * self->second[i] + 0.1 * g * g;
          self->value[i]
              -= rate * self->first[i] / (1.0 - pow (0.5, t)) / (sqrt (self->second[i] / (1.0 - pow (0.9, t))) + 1e-8);
        }
      self->average[i] = decay * self->average[i] + (1.0 - decay) * self->value[i];
    }
}

static void
assert_set (LacunaParameters *parameters, LacunaParametersSet set, const double *expected)
{
  g_autofree float *got = g_new (float, parameters->n);
  double worst = 0.0, largest = 0.0;

  g_assert_true (lacuna_parameters_read (parameters, set, got, NULL));
  for (gsize i = 0; i < parameters->n; i++)
    {
      worst = MAX (worst, fabs (got[i] - expected[i]));
      largest = MAX (largest, fabs (expected[i]));
    }
  g_test_message ("set %u: off by %.2g of %.2g", set, worst, largest);
  g_assert_cmpfloat (worst, <=, 1e-6 * largest);
}

static void
check_steps (LacunaContext *context, GRand *rand, gsize n, gsize begin, double clip)
{
  const double rate = 1e-2, decay = 0.8;
  g_autoptr (GError) error = NULL;
  g_autofree float *start = differences_make_noise (rand, n, 0.1);
  g_autoptr (LacunaParameters) parameters = lacuna_parameters_new (context, start, n, &error);
  g_auto (Reference) reference = { n, differences_move (start, start, n, 0.0), g_new0 (double, n), g_new0 (double, n),
                                   differences_move (start, start, n, 0.0) };

  g_assert_no_error (error);
  for (guint t = 1; t <= 6; t++)
    {
      g_autofree float *gradient = differences_make_noise (rand, n, pow (10.0, g_rand_int_range (rand, -3, 2)));

      g_assert_true (lacuna_buffer_write (parameters->gradient, 0, gradient, n * sizeof (float), NULL));
      g_assert_true (lacuna_parameters_update (parameters, begin, rate, decay, clip, NULL));

      /* Nothing counts before it is committed. */
      assert_set (parameters, LACUNA_PARAMETERS_VALUE, reference.value);
      lacuna_parameters_commit (parameters);
      step_reference (&reference, gradient, begin, t, rate, decay, clip);
      assert_set (parameters, LACUNA_PARAMETERS_VALUE, reference.value);
      assert_set (parameters, LACUNA_PARAMETERS_AVERAGE, reference.average);
      assert_set (parameters, LACUNA_PARAMETERS_FIRST, reference.first);
      assert_set (parameters, LACUNA_PARAMETERS_SECOND, reference.second);
    }
}

/* Sizes on both sides of what a work-group takes, all of it learnt or the end, with a gradient of any norm or not. */
static void
test_adam (void)
{
  g_autoptr (LacunaContext) context = context_open ();
  g_autoptr (GRand) rand = g_rand_new_with_seed (1);

  check_steps (context, rand, 1, 0, 0.0);
  check_steps (context, rand, 4095, 0, 0.5);
  check_steps (context, rand, 4096, 17, 0.0);
  check_steps (context, rand, 9001, 4097, 0.5);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/parameters/adam", test_adam);
  return g_test_run ();
}
