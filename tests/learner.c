/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tests steps of training: losses, gradients, weights and Adam. The oracle is the golden steps of
 * tests/golden/README.md, computed in float64. */
#include "engine/train/hole.h"
#include "tests/learning.h"

/* Of each of the ten recorded steps, relative for the norms: four times and more what they are off by. Critics' biases
 * behind which every slope is the same for real and completed pictures have no gradient. Adam takes its rounding for
 * one, and steps by up to a rate: scores move by that, and nothing else does. */
#define LOSS_TOLERANCE 1e-6
#define SCORE_TOLERANCE 2e-4
#define NORM_TOLERANCE 1e-4

/* Adam's first moment is half of the first gradient. */
static void
check_gradient (const char *name, const float *got, const float *expected, gsize n)
{
  g_autofree float *gradient = g_new (float, n);

  for (gsize i = 0; i < n; i++)
    gradient[i] = 2.0f * got[i];
  golden_assert_close (name, gradient, expected, n, 1e-5 * golden_get_largest (expected, n));
}

static guint64 n_weights, n_off;

/* One in ten thousand may be off by two rates a step: where a gradient is next to nothing, or its sign is a loss's. */
static void
check_weights (const char *name, const float *got, const float *expected, gsize n)
{
  golden_assert_close (name, got, expected, n, 6e-4);
  n_weights += n;
  for (gsize i = 0; i < n; i++)
    n_off += fabs ((double) got[i] - expected[i]) > 2e-6;
}

static void
check_set (LacunaWeights *golden, const char *prefix, LacunaWeights *state)
{
  n_weights = n_off = 0;
  compare_sets (golden, prefix, state, "value.", check_weights);
  g_test_message ("%s %" G_GUINT64_FORMAT " of %" G_GUINT64_FORMAT " off", prefix, n_off, n_weights);
  g_assert_cmpuint (n_off * 10000, <=, n_weights);
}

static double missed;

static void
add_missed (const char *name, const float *got, const float *expected, gsize n)
{
  for (gsize i = 0; i < n; i++)
    missed += fabs ((double) got[i] - expected[i]);
}

/* How far all weights are from the golden ones. */
static double
sum_missed (LacunaWeights *golden, const char *prefix, LacunaWeights *state)
{
  missed = 0.0;
  compare_sets (golden, prefix, state, "value.", add_missed);
  return missed;
}

static void
test_golden (void)
{
  g_autoptr (LacunaContext) context = context_open ();
  g_autoptr (LacunaWeights) start = make_state ();
  g_autoptr (LacunaWeights) golden = golden_load ("training_tiny");
  g_auto (Input) input = load_input (golden);
  g_autoptr (LacunaLearner) learner = make_learner (context);

  for (guint i = 0; i < 3; i++)
    {
      g_autofree char *name = g_strdup_printf ("losses.%u", i + 1);
      g_autofree float *expected = golden_read (golden, name, NULL);
      LacunaLosses losses = step (learner, &input, i, &whole_step);
      double wgan = -(losses.wasserstein[0] + losses.wasserstein[1]);
      double penalty = 10.0 * (losses.penalty[0] + losses.penalty[1]);
      const float got[] = { wgan, penalty, wgan + penalty, losses.l1, losses.reconstruction, losses.adversarial,
                            0.001 * losses.adversarial + 1.2 * losses.l1 + 1.2 * losses.reconstruction };
      g_autoptr (LacunaWeights) state = get_state (learner);

      /* The smallest gradients of step 1 decide whether a sign of step 2's L1 turns, which float32 can't tell; so step
       * 3 has other losses, and its weights are near by what they have come, of which they may miss a part. */
      if (i < 2)
        golden_assert_close (name, got, expected, G_N_ELEMENTS (got), 1e-5);
      if (i == 0)
        {
          compare_sets (golden, "grad1.", state, "first.", check_gradient);
          check_set (golden, "after1.", state);
        }
      if (i == 2)
        {
          double share = sum_missed (golden, "after3.", state) / sum_missed (golden, "after3.", start);

          g_test_message ("after3: %.4f of the way missed", share);
          g_assert_cmpfloat (share, <=, 0.1);
        }
    }
}

/* ---- the recorded run ---- */

static float *
read_row (LacunaWeights *record, const char *name, guint row, gsize *ret_n)
{
  const LacunaWeightsEntry *entry;
  g_autofree float *values = golden_read (record, name, &entry);

  *ret_n = entry->n_elements / entry->dims[0];
  return g_memdup2 (values + row * *ret_n, *ret_n * sizeof (float));
}

/* What step i learnt from: two of the pictures, each with a rectangle in its own window. move: added to and taken from
 * their values in turn, as a share of them. */
static Input
load_recorded (LacunaWeights *record, guint step, float move)
{
  const gsize area = TINY_SIDE * TINY_SIDE;
  gsize n;
  g_autofree float *pictures = golden_read (record, "pictures", NULL);
  g_autofree gint32 *chosen = lacuna_weights_read_int (record, "chosen", &n, NULL);
  g_autofree gint32 *corners = lacuna_weights_read_int (record, "corners", &n, NULL);
  g_autofree gint32 *holes = lacuna_weights_read_int (record, "holes", &n, NULL);
  Input input = { g_new (float, TINY_N * 3 * area), g_new0 (float, TINY_N * area), g_new0 (float, TINY_N * area),
                  read_row (record, "t", step, &n) };

  for (guint i = 0; i < TINY_N; i++)
    {
      const guint item = step * TINY_N + i;
      const gint32 *hole = holes + 4 * item; /* top, left, height, width */
      const gsize first = (i * TINY_SIDE + hole[0]) * TINY_SIDE + hole[1];

      for (gsize j = 0; j < 3 * area; j++)
        input.image[i * 3 * area + j] = pictures[chosen[item] * 3 * area + j] * (1.0f + (j % 2 == 0 ? move : -move));
      for (gint32 y = 0; y < hole[2]; y++)
        for (gint32 x = 0; x < hole[3]; x++)
          input.mask[first + y * TINY_SIDE + x] = 1.0f;
      lacuna_hole_discount_rectangle (0.9, hole[3], hole[2], TINY_SIDE, input.discount + first);
      input.corners[2 * i] = corners[2 * item];
      input.corners[2 * i + 1] = corners[2 * item + 1];
    }
  return input;
}

/* How far each number is from what is expected, at most; INFINITY: one is none. */
static double
measure (const float *got, const float *expected, gsize n)
{
  double worst = 0.0;

  for (gsize i = 0; i < n; i++)
    worst = isfinite (got[i]) ? MAX (worst, fabs ((double) got[i] - expected[i])) : INFINITY;
  return worst;
}

/* Adam's steps don't depend on the size of a gradient, so that losses don't show it: the norms of the moments do. Relative. */
static double
measure_norms (LacunaWeights *record, LacunaWeights *state, guint step)
{
  double worst = 0.0;

  for (guint i = 0; i < lacuna_weights_get_n_entries (record); i++)
    {
      const char *name = lacuna_weights_get_entry (record, i)->name;
      g_autofree char *moment = NULL;
      g_autofree float *expected = NULL, *values = NULL;
      const LacunaWeightsEntry *entry;
      double square = 0.0;
      float norm;

      if (!g_str_has_prefix (name, "norms."))
        continue;
      moment = g_strconcat ("first.", name + strlen ("norms."), NULL);
      expected = golden_read (record, name, NULL);
      values = golden_read (state, moment, &entry);
      for (gsize j = 0; j < entry->n_elements; j++)
        square += (double) values[j] * values[j];
      norm = sqrt (square);
      if (norm != 0.0f || expected[step] != 0.0f)
        worst = MAX (worst, measure (&norm, &expected[step], 1) / expected[step]);
    }
  return worst;
}

/* What is off, over what it may be, at most. */
static double
take_ten_steps (LacunaWeights *record, float move)
{
  g_autoptr (LacunaContext) context = context_open ();
  g_autoptr (LacunaLearner) learner = make_learner (context);
  g_autofree float *rate = golden_read (record, "rate", NULL);
  LacunaStepOptions options = whole_step;
  double worst = 0.0;

  options.rate = *rate;
  for (guint i = 0; i < 10; i++)
    {
      gsize n;
      g_auto (Input) input = load_recorded (record, i, move);
      g_autofree float *expected = read_row (record, "losses", i, &n);
      const LacunaLosses losses = step (learner, &input, 0, &options);
      const float got[] = { losses.l1_coarse, losses.l1_refined, losses.reconstruction, losses.penalty[0], losses.penalty[1],
                            losses.wasserstein[0], losses.wasserstein[1], losses.adversarial };
      g_autoptr (LacunaWeights) state = get_state (learner);
      double loss = measure (got, expected, 5), score = measure (got + 5, expected + 5, 3),
             norm = measure_norms (record, state, i);

      g_assert_cmpuint (n, ==, G_N_ELEMENTS (got));
      g_test_message ("step %u: losses are off by %.2g, scores by %.2g, norms of moments by %.2g", i + 1, loss, score,
                      norm);
      worst = MAX (worst, MAX (loss / LOSS_TOLERANCE, MAX (score / SCORE_TOLERANCE, norm / NORM_TOLERANCE)));
    }
  return worst;
}

/* A value may come so near to what it should be that rounding decides on which side, and with it the sign of its L1: the
 * norms then jump by some 4e-4. Pictures that are moved by their last bit have other roundings. */
static void
test_ten_steps (void)
{
  g_autoptr (LacunaWeights) record = golden_load ("ten_steps");
  const float moves[] = { 0.0f, 6e-8f, 1.2e-7f };
  double best = INFINITY;

  for (guint i = 0; i < G_N_ELEMENTS (moves) && best > 1.0; i++)
    best = MIN (best, take_ten_steps (record, moves[i]));
  g_assert_cmpfloat (best, <=, 1.0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/learner/golden", test_golden);
  g_test_add_func ("/learner/ten-steps", test_ten_steps);
  return g_test_run ();
}
