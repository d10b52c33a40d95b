/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tests steps of training: losses, gradients, weights and Adam. The oracle is the golden steps of
 * tests/golden/README.md, computed in float64; repeated, divided and partly frozen steps are compared with whole
 * ones. */
#include "engine/train/learner.h"

#include <glib/gstdio.h>

#include "engine/error.h"
#include "engine/train/hole.h"
#include "engine/weights/weights.h"
#include "tests/context.h"
#include "tests/tiny.h"

static const LacunaLearnerOptions tiny = { TINY_WIDTH, TINY_WIDTH, TINY_SIDE, TINY_WINDOW, 5 };
static const LacunaStepOptions whole_step = { .rate = 1e-4, .critics = TRUE, .adversarial = 0.001, .generator = TRUE,
                                              .decay = 0.5, .reconstruction = 1.2 };

/* Of each of the ten recorded steps, relative for the norms: four times and more what they are off by. Critics' biases
 * behind which every slope is the same for real and completed pictures have no gradient. Adam takes its rounding for
 * one, and steps by up to a rate: scores move by that, and nothing else does. */
#define LOSS_TOLERANCE 1e-6
#define SCORE_TOLERANCE 2e-4
#define NORM_TOLERANCE 1e-4

/* The input of the golden training, whose steps differ in t alone. */
typedef struct {
  float *image, *mask, *discount, *t;
  guint corners[2 * TINY_N];
} Input;

static void
input_clear (Input *self)
{
  g_free (self->image);
  g_free (self->mask);
  g_free (self->discount);
  g_free (self->t);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Input, input_clear)

static Input
load_input (LacunaWeights *golden)
{
  g_autoptr (LacunaWeights) discounts = golden_load ("discount");
  g_autofree float *discount = golden_read (discounts, "discount_32x32", NULL);
  g_autofree float *mask = golden_read (golden, "mask", NULL);
  g_autofree gint32 *box = tiny_read_box (golden);
  Input input = { golden_read (golden, "real", NULL), g_new (float, TINY_N * TINY_SIDE * TINY_SIDE),
                  g_new0 (float, TINY_N * TINY_SIDE * TINY_SIDE), golden_read (golden, "t", NULL),
                  { box[0], box[1], box[0], box[1] } };

  for (guint i = 0; i < TINY_N; i++)
    {
      memcpy (input.mask + i * TINY_SIDE * TINY_SIDE, mask, TINY_SIDE * TINY_SIDE * sizeof (float));
      for (guint y = 0; y < TINY_WINDOW; y++)
        memcpy (input.discount + (i * TINY_SIDE + box[0] + y) * TINY_SIDE + box[1], discount + y * TINY_WINDOW,
                TINY_WINDOW * sizeof (float));
    }
  return input;
}

static LacunaLosses
step (LacunaLearner *learner, const Input *input, guint i, const LacunaStepOptions *options)
{
  const LacunaBatch batch = { TINY_N, TINY_SIDE, TINY_WINDOW, input->image, input->mask, input->discount,
                              input->corners, input->t + i * 2 * TINY_N };
  g_autoptr (GError) error = NULL;
  LacunaLosses losses;

  lacuna_learner_step (learner, &batch, options, NULL, NULL, &losses, &error);
  g_assert_no_error (error);
  return losses;
}

static LacunaWeights *
save_and_load (LacunaWeightsWriter *writer)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *folder = g_dir_make_tmp ("lacuna-XXXXXX", &error);
  g_autofree char *path = g_build_filename (folder, "state.safetensors", NULL);
  LacunaWeights *weights;

  g_assert_no_error (error);
  lacuna_weights_writer_save (writer, path, &error);
  g_assert_no_error (error);
  weights = lacuna_weights_load (path, &error);
  g_assert_no_error (error);
  g_remove (path);
  g_rmdir (folder);
  return weights;
}

static LacunaWeights *
get_state (LacunaLearner *learner)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (LacunaWeightsWriter) writer = lacuna_weights_writer_new ();

  lacuna_learner_add_state (learner, writer, &error);
  g_assert_no_error (error);
  return save_and_load (writer);
}

/* The critics of a learner, as they are kept beside a model. */
static LacunaWeights *
get_critics (LacunaLearner *learner)
{
  g_autoptr (LacunaWeights) state = get_state (learner);
  g_autoptr (LacunaWeightsWriter) writer = lacuna_weights_writer_new ();

  for (guint i = 0; i < lacuna_weights_get_n_entries (state); i++)
    {
      const LacunaWeightsEntry *entry = lacuna_weights_get_entry (state, i);
      g_autofree float *values = golden_read (state, entry->name, NULL);

      if (g_str_has_prefix (entry->name, "value.global.") || g_str_has_prefix (entry->name, "value.local."))
        lacuna_weights_writer_add (writer, entry->name + strlen ("value."), LACUNA_TYPE_F32, entry->n_dims, entry->dims,
                                   values);
    }
  return save_and_load (writer);
}

/* Of a learner that has the golden weights and has not learned. */
static LacunaWeights *
make_state (void)
{
  static const char *const sets[] = { "value.", "average.", "first.", "second." };
  static const char *const files[] = { "generator_tiny_oihw", "critics_tiny_oihw" };
  const float steps[2] = { 0 };
  g_autoptr (LacunaWeightsWriter) writer = lacuna_weights_writer_new ();

  for (guint i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autoptr (LacunaWeights) golden = golden_load (files[i]);

      for (guint j = 0; j < lacuna_weights_get_n_entries (golden); j++)
        {
          const LacunaWeightsEntry *entry = lacuna_weights_get_entry (golden, j);
          guint n_dims, dims[4];
          g_autofree float *values = tiny_read_weight (golden, "", entry->name, &n_dims, dims);

          for (guint set = 0; set < G_N_ELEMENTS (sets); set++)
            {
              g_autofree char *name = g_strconcat (sets[set], entry->name, NULL);

              if (set == 2)
                memset (values, 0, entry->n_elements * sizeof (float));
              lacuna_weights_writer_add (writer, name, LACUNA_TYPE_F32, n_dims, dims, values);
            }
        }
    }
  lacuna_weights_writer_add (writer, "steps", LACUNA_TYPE_F32, 1, (guint[]){ 2 }, steps);
  return save_and_load (writer);
}

static LacunaLearner *
make_learner (LacunaContext *context)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (LacunaWeights) state = make_state ();
  LacunaLearner *learner = lacuna_learner_new (context, &tiny, NULL, &error);

  g_assert_no_error (error);
  lacuna_learner_load_state (learner, state, &error);
  g_assert_no_error (error);
  return learner;
}

/* Calls check with the tensors of a golden set (by its prefix) and of the state's. */
static void
compare_sets (LacunaWeights *golden, const char *golden_prefix, LacunaWeights *state, const char *prefix,
              void (*check) (const char *name, const float *got, const float *expected, gsize n))
{
  for (guint i = 0; i < lacuna_weights_get_n_entries (golden); i++)
    {
      const LacunaWeightsEntry *entry = lacuna_weights_get_entry (golden, i);
      g_autofree float *got = NULL, *expected = NULL;
      g_autofree char *full = NULL;
      guint n_dims, dims[4];
      const char *name;

      if (!g_str_has_prefix (entry->name, golden_prefix))
        continue;
      name = entry->name + strlen (golden_prefix);
      full = g_strconcat (prefix, name, NULL);
      got = golden_read (state, full, NULL);
      expected = tiny_read_weight (golden, golden_prefix, name, &n_dims, dims);
      check (entry->name, got, expected, entry->n_elements);
    }
}

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

/* ---- all else ---- */

static void
assert_same (const char *name, const float *got, const float *expected, gsize n)
{
  if (memcmp (got, expected, n * sizeof (float)) != 0)
    g_error ("%s differs", name);
}

static gboolean
stop_at (gpointer data, GError **error)
{
  guint *left = data;

  if ((*left)-- > 0)
    return TRUE;
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CANCELLED, "stopped");
  return FALSE;
}

/* Twice the same, bit for bit; saved and loaded in between; and after steps that were stopped. */
static void
test_repeat (void)
{
  static const guint stops[] = { 0, 45, 75, 140 };
  g_autoptr (GError) error = NULL;
  g_autoptr (LacunaContext) context = context_open ();
  g_autoptr (LacunaWeights) golden = golden_load ("training_tiny"), half = NULL, first = NULL, second = NULL;
  g_auto (Input) input = load_input (golden);
  g_autoptr (LacunaLearner) learner = make_learner (context);
  g_autoptr (LacunaLearner) other = lacuna_learner_new (context, &tiny, NULL, &error);
  const LacunaBatch batch = { TINY_N,     TINY_SIDE,      TINY_WINDOW,   input.image,
                              input.mask, input.discount, input.corners, input.t + 2 * TINY_N };
  LacunaLosses losses;

  g_assert_no_error (error);
  step (learner, &input, 0, &whole_step);
  half = get_state (learner);
  step (learner, &input, 1, &whole_step);
  first = get_state (learner);

  lacuna_learner_load_state (other, half, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < G_N_ELEMENTS (stops); i++)
    {
      guint left = stops[i];

      g_assert_false (lacuna_learner_step (other, &batch, &whole_step, stop_at, &left, &losses, &error));
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
      g_clear_error (&error);
    }
  step (other, &input, 1, &whole_step);
  second = get_state (other);
  compare_sets (first, "", second, "", assert_same);
}

/* Critics that were kept take up where they were, and nothing else changes; others' are refused. */
static void
test_critics (void)
{
  const LacunaLearnerOptions wider = { TINY_WIDTH, 2 * TINY_WIDTH, TINY_SIDE, TINY_WINDOW, 5 };
  g_autoptr (GError) error = NULL;
  g_autoptr (LacunaContext) context = context_open ();
  g_autoptr (LacunaWeights) golden = golden_load ("training_tiny"), critics = NULL, before = NULL, after = NULL;
  g_autoptr (LacunaLearner) learner = make_learner (context),
                            other = lacuna_learner_new (context, &wider, NULL, &error);
  g_auto (Input) input = load_input (golden);

  g_assert_no_error (error);
  step (learner, &input, 0, &whole_step);
  critics = get_critics (learner);
  step (learner, &input, 1, &whole_step);
  before = get_state (learner);
  lacuna_learner_load_critics (learner, critics, &error);
  g_assert_no_error (error);
  after = get_state (learner);
  for (guint i = 0; i < lacuna_weights_get_n_entries (before); i++)
    {
      const LacunaWeightsEntry *entry = lacuna_weights_get_entry (before, i);
      const char *name = entry->name + (g_str_has_prefix (entry->name, "value.") ? strlen ("value.") : 0);
      gboolean is_kept = lacuna_weights_find (critics, name) != NULL;
      g_autofree float *got = golden_read (after, entry->name, NULL);
      g_autofree float *expected = golden_read (is_kept ? critics : before, is_kept ? name : entry->name, NULL);

      assert_same (entry->name, got, expected, entry->n_elements);
    }
  g_assert_false (lacuna_learner_load_critics (other, critics, &error));
  g_assert_error (error, LACUNA_ERROR, LACUNA_ERROR_UNFIT);
}

static void
check_close (const char *name, const float *got, const float *expected, gsize n)
{
  golden_assert_close (name, got, expected, n, 2e-5 * golden_get_largest (expected, n) + 1e-9);
}

/* A batch in parts has the gradients of the whole. */
static void
test_parts (void)
{
  g_autoptr (LacunaContext) context = context_open ();
  g_autoptr (LacunaWeights) golden = golden_load ("training_tiny"), whole = NULL, parts = NULL;
  g_auto (Input) input = load_input (golden);
  g_autoptr (LacunaLearner) learner = make_learner (context), other = make_learner (context);
  LacunaStepOptions options = whole_step;

  step (learner, &input, 0, &options);
  options.parts = 2;
  step (other, &input, 0, &options);
  whole = get_state (learner);
  parts = get_state (other);
  for (guint i = 0; i < 2; i++)
    compare_sets (whole, "first.", parts, "first.", check_close);
}

/* The gradient grows in proportion to the weight of a loss: that of steps with it once and twice. */
static void
check_weight (const LacunaStepOptions *with_none, const LacunaStepOptions *once, const LacunaStepOptions *twice)
{
  const LacunaStepOptions *options[] = { with_none, once, twice };
  g_autoptr (LacunaContext) context = context_open ();
  g_autoptr (LacunaWeights) golden = golden_load ("training_tiny");
  g_auto (Input) input = load_input (golden);
  float *first[G_N_ELEMENTS (options)];
  double worst = 0.0, largest = 0.0;
  gsize n = 0;

  for (guint i = 0; i < G_N_ELEMENTS (options); i++)
    {
      const LacunaWeightsEntry *entry;
      g_autoptr (LacunaLearner) learner = make_learner (context);
      g_autoptr (LacunaWeights) state = NULL;

      step (learner, &input, 0, options[i]);
      state = get_state (learner);
      first[i] = golden_read (state, "first.conv1.weight", &entry);
      n = entry->n_elements;
    }
  for (gsize i = 0; i < n; i++)
    {
      worst = MAX (worst, fabs (first[0][i] - 2.0 * first[1][i] + first[2][i]));
      largest = MAX (largest, fabs (first[2][i] - first[0][i]));
    }
  g_assert_cmpfloat (largest, >, 0.0);
  g_assert_cmpfloat (worst, <, 1e-4 * largest);
  for (guint i = 0; i < G_N_ELEMENTS (options); i++)
    g_free (first[i]);
}

static void
test_weights (void)
{
  static const LacunaStepOptions none = { .rate = 1e-4, .generator = TRUE };
  LacunaStepOptions once = none, twice = none;

  once.reconstruction = 0.6;
  twice.reconstruction = 1.2;
  check_weight (&none, &once, &twice);
  once = twice = none;
  once.adversarial = 0.1;
  twice.adversarial = 0.2;
  check_weight (&none, &once, &twice);
}

/* A batch of smaller crops teaches a learner of larger ones what it teaches one of its own, whatever came in between;
 * critics refuse it. */
static void
test_sides (void)
{
  const LacunaLearnerOptions larger = { TINY_WIDTH, TINY_WIDTH, 2 * TINY_SIDE, 2 * TINY_WINDOW, tiny.seed };
  const LacunaStepOptions options = { .rate = 1e-2, .generator = TRUE, .reconstruction = 1.2 };
  g_autoptr (GError) error = NULL;
  g_autoptr (LacunaContext) context = context_open ();
  g_autoptr (LacunaWeights) golden = golden_load ("training_tiny");
  g_auto (Input) input = load_input (golden);
  g_autoptr (LacunaLearner) learner = lacuna_learner_new (context, &tiny, NULL, &error);
  g_autoptr (LacunaLearner) other = lacuna_learner_new (context, &larger, NULL, &error);
  const LacunaBatch small = { TINY_N,     TINY_SIDE / 2,  TINY_WINDOW / 2, input.image,
                              input.mask, input.discount, input.corners,   input.t };
  const LacunaStepOptions nothing = { .rate = 0.0, .generator = FALSE };
  LacunaLosses losses;

  g_assert_no_error (error);
  for (guint i = 0; i < 3; i++)
    {
      LacunaLosses expected = step (learner, &input, 0, &options);

      losses = step (other, &input, 0, &options);
      g_assert_cmpmem (&losses, sizeof losses, &expected, sizeof expected);
      lacuna_learner_step (other, &small, &nothing, NULL, NULL, &losses, &error);
      g_assert_no_error (error);
    }
  g_assert_false (lacuna_learner_step (other, &small, &whole_step, NULL, NULL, &losses, &error));
  g_assert_error (error, LACUNA_ERROR, LACUNA_ERROR_UNFIT);
}

/* Steps on crops whose sides grow take no more memory than is planned for the largest. */
static void
test_memory (void)
{
  const LacunaStepOptions options = { .generator = TRUE };
  g_autoptr (GError) error = NULL;
  g_autoptr (LacunaContext) context = context_open ();
  g_autoptr (LacunaWeights) golden = golden_load ("training_tiny");
  g_auto (Input) input = load_input (golden);
  guint64 before = lacuna_context_get_memory_used (context);
  g_autoptr (LacunaLearner) learner = lacuna_learner_new (context, &tiny, NULL, &error);
  LacunaLosses losses;

  g_assert_no_error (error);
  for (guint side = TINY_SIDE / 2; side <= TINY_SIDE; side += 8)
    {
      const LacunaBatch batch = { TINY_N,     side,           side / 2,      input.image,
                                  input.mask, input.discount, input.corners, input.t };

      lacuna_learner_step (learner, &batch, &options, NULL, NULL, &losses, &error);
      g_assert_no_error (error);
    }
  g_assert_cmpuint (lacuna_context_get_memory_used (context) - before, <=,
                    lacuna_learner_get_memory (learner, TINY_N, FALSE));
}

/* Layers before the first that learns stay; what learns has the same gradient; and the norm can be limited. */
static void
test_frozen (void)
{
  static const guint firsts[] = { 7, 20, 29, 34, 40 };
  g_autoptr (LacunaContext) context = context_open ();
  g_autoptr (LacunaWeights) golden = golden_load ("training_tiny"), all = NULL, before = make_state ();
  g_auto (Input) input = load_input (golden);
  g_autoptr (LacunaLearner) learner = make_learner (context);
  LacunaStepOptions options = { .rate = 1e-4, .generator = TRUE, .reconstruction = 1.2 };

  step (learner, &input, 0, &options);
  all = get_state (learner);
  for (guint i = 0; i < G_N_ELEMENTS (firsts); i++)
    {
      g_autoptr (LacunaLearner) other = make_learner (context);
      g_autoptr (LacunaWeights) state = NULL;

      options.first = firsts[i];
      step (other, &input, 0, &options);
      state = get_state (other);
      for (guint j = 0; j < LACUNA_N_LAYERS; j++)
        {
          g_autofree char *value = g_strconcat ("value.", lacuna_layer_get (j)->name, ".weight", NULL);
          const LacunaWeightsEntry *entry;
          g_autofree float *got = golden_read (state, value, &entry);
          g_autofree float *expected = golden_read (j < firsts[i] ? before : all, value, NULL);

          assert_same (value, got, expected, entry->n_elements);
        }
    }
}

static LacunaWeights *
get_clipped (LacunaContext *context, const Input *input, double clip)
{
  const LacunaStepOptions options = { .rate = 1e-4, .generator = TRUE, .clip = clip, .reconstruction = 1.2 };
  g_autoptr (LacunaLearner) learner = make_learner (context);

  step (learner, input, 0, &options);
  return get_state (learner);
}

static void
test_clip (void)
{
  g_autoptr (LacunaContext) context = context_open ();
  g_autoptr (LacunaWeights) golden = golden_load ("training_tiny");
  g_auto (Input) input = load_input (golden);
  g_autoptr (LacunaWeights) clipped = get_clipped (context, &input, 1e-3);
  double square = 0.0;

  for (guint i = 0; i < lacuna_weights_get_n_entries (clipped); i++)
    {
      const LacunaWeightsEntry *entry = lacuna_weights_get_entry (clipped, i);
      g_autofree float *values = golden_read (clipped, entry->name, NULL);

      for (gsize j = 0; g_str_has_prefix (entry->name, "first.") && j < entry->n_elements; j++)
        square += 4.0 * values[j] * values[j];
    }
  g_assert_cmpfloat_with_epsilon (sqrt (square), 1e-3, 2e-6);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/learner/golden", test_golden);
  g_test_add_func ("/learner/ten-steps", test_ten_steps);
  g_test_add_func ("/learner/repeat", test_repeat);
  g_test_add_func ("/learner/critics", test_critics);
  g_test_add_func ("/learner/parts", test_parts);
  g_test_add_func ("/learner/weights", test_weights);
  g_test_add_func ("/learner/sides", test_sides);
  g_test_add_func ("/learner/memory", test_memory);
  g_test_add_func ("/learner/frozen", test_frozen);
  g_test_add_func ("/learner/clip", test_clip);
  return g_test_run ();
}
