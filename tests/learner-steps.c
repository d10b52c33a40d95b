/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tests steps of training that are repeated, divided, weighed, partly frozen, of smaller crops, or begin with critics that
 * were kept. The oracle is what whole steps do. */
#include "engine/error.h"
#include "tests/learning.h"

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
  g_test_add_func ("/learner-steps/repeat", test_repeat);
  g_test_add_func ("/learner-steps/critics", test_critics);
  g_test_add_func ("/learner-steps/parts", test_parts);
  g_test_add_func ("/learner-steps/weights", test_weights);
  g_test_add_func ("/learner-steps/sides", test_sides);
  g_test_add_func ("/learner-steps/memory", test_memory);
  g_test_add_func ("/learner-steps/frozen", test_frozen);
  g_test_add_func ("/learner-steps/clip", test_clip);
  return g_test_run ();
}
