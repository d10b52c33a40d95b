#include "engine/train/learner.h"

#include <glib/gstdio.h>

#include "engine/network/critic.h"
#include "tests/context.h"
#include "tests/golden.h"

#define SIDE 64
#define WINDOW 32
#define N 2

static const LacunaLearnerOptions tiny = { 4, 4, SIDE, WINDOW, 5 };
static const LacunaStepOptions whole_step = { .rate = 1e-4, .critics = TRUE, .adversarial = TRUE, .generator = TRUE,
                                              .decay = 0.5 };

/* The input of the golden training, whose steps differ in t alone. */
typedef struct
{
  float *image, *mask, *discount, *t;
  guint corners[2 * N];
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

static gint32 *
read_box (LacunaWeights *golden)
{
  gsize n;

  return lacuna_weights_read_int (golden, "box", &n, NULL);
}

static Input
load_input (LacunaWeights *golden)
{
  g_autoptr (LacunaWeights) discounts = golden_load ("discount");
  g_autofree float *discount = golden_read (discounts, "discount_32x32", NULL);
  g_autofree float *mask = golden_read (golden, "mask", NULL);
  g_autofree gint32 *box = read_box (golden);
  Input input = { golden_read (golden, "real", NULL), g_new (float, N * SIDE * SIDE), g_new0 (float, N * SIDE * SIDE),
                  golden_read (golden, "t", NULL), { box[0], box[1], box[0], box[1] } };

  for (guint i = 0; i < N; i++)
    {
      memcpy (input.mask + i * SIDE * SIDE, mask, SIDE * SIDE * sizeof (float));
      for (guint y = 0; y < WINDOW; y++)
        memcpy (input.discount + (i * SIDE + box[0] + y) * SIDE + box[1], discount + y * WINDOW,
                WINDOW * sizeof (float));
    }
  return input;
}

static LacunaLosses
step (LacunaLearner *learner, const Input *input, guint i, const LacunaStepOptions *options)
{
  const LacunaBatch batch = { N, input->image, input->mask, input->discount, input->corners, input->t + i * 2 * N };
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

/* A dense layer's weights from C, H, W order. */
static void
turn_dense (const LacunaWeightsEntry *entry, const char *name, float *values, guint dims[4])
{
  const guint side = g_str_has_prefix (name, "global") ? SIDE / 16 : WINDOW / 16;
  const guint area = side * side, channels = entry->n_elements / area;
  g_autofree float *copy = g_memdup2 (values, entry->n_elements * sizeof (float));

  for (guint c = 0; c < channels; c++)
    for (guint i = 0; i < area; i++)
      values[i * channels + c] = copy[c * area + i];
  dims[0] = dims[1] = side;
  dims[2] = channels;
}

static float *
read_weight (LacunaWeights *golden, const char *prefix, const char *name, guint *ret_n_dims, guint dims[4])
{
  g_autofree char *full = g_strconcat (prefix, name, NULL);
  const LacunaWeightsEntry *entry;
  float *values = golden_read (golden, full, &entry);

  *ret_n_dims = entry->n_dims;
  memcpy (dims, entry->dims, sizeof entry->dims);
  if (g_str_has_suffix (name, "fc.weight") && entry->n_dims == 2)
    {
      turn_dense (entry, name, values, dims);
      *ret_n_dims = 3;
    }
  return values;
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
          g_autofree float *values = read_weight (golden, "", entry->name, &n_dims, dims);

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
      expected = read_weight (golden, golden_prefix, name, &n_dims, dims);
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

static void
test_golden (void)
{
  g_autoptr (LacunaContext) context = context_open ();
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
      const float got[] = { wgan, penalty, wgan + penalty, losses.l1, losses.ae, losses.adversarial,
                            0.001 * losses.adversarial + 1.2 * losses.l1 + 1.2 * losses.ae };
      g_autoptr (LacunaWeights) state = get_state (learner);

      /* The smallest gradients of step 1 decide whether a sign of step 2's L1 turns, which float32 can't tell; so step
       * 3 has other losses, and weights that differ by a part of the rate. */
      if (i < 2)
        golden_assert_close (name, got, expected, G_N_ELEMENTS (got), 1e-5);
      if (i == 0)
        {
          compare_sets (golden, "grad1.", state, "first.", check_gradient);
          check_set (golden, "after1.", state);
        }
      if (i == 2)
        compare_sets (golden, "after3.", state, "value.", check_weights);
    }
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
  const LacunaBatch batch = { N, input.image, input.mask, input.discount, input.corners, input.t + 2 * N };
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

/* Layers before the first that learns stay; what learns has the same gradient; and the norm can be limited. */
static void
test_frozen (void)
{
  static const guint firsts[] = { 7, 20, 29, 34, 40 };
  g_autoptr (LacunaContext) context = context_open ();
  g_autoptr (LacunaWeights) golden = golden_load ("training_tiny"), all = NULL, before = make_state ();
  g_auto (Input) input = load_input (golden);
  g_autoptr (LacunaLearner) learner = make_learner (context);
  LacunaStepOptions options = { .rate = 1e-4, .generator = TRUE };

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
          g_autofree char *value = g_strconcat ("value.", lacuna_layers[j].name, ".weight", NULL);
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
  const LacunaStepOptions options = { .rate = 1e-4, .generator = TRUE, .clip = clip };
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

/* ---- a critic alone ---- */

typedef struct
{
  const float *mask; /* of the window */
  float *gradient;
  double scale;
} Penalty;

/* In double precision on the host. */
static gboolean
penalize (LacunaTensor *gradient, LacunaTensor *direction, LacunaBuffer *slopes, gpointer data, GError **error)
{
  Penalty *penalty = data;
  const gsize n = lacuna_shape_get_elements (gradient->shape) / N, area = n / 3;
  g_autofree float *v = g_new (float, N *n);
  float norms[N];

  g_assert_true (lacuna_tensor_read (gradient, penalty->gradient, NULL));
  for (guint i = 0; i < N; i++)
    {
      double square = 0.0;

      for (gsize j = 0; j < n; j++)
        square += pow (penalty->gradient[i * n + j] * penalty->mask[j % area], 2.0);
      norms[i] = sqrt (square);
      for (gsize j = 0; j < n; j++)
        v[i * n + j] = penalty->scale * (norms[i] - 1.0) / norms[i] * penalty->gradient[i * n + j]
                       * penalty->mask[j % area];
    }
  return lacuna_tensor_write (direction, v, error) && lacuna_buffer_write (slopes, 0, norms, sizeof norms, error);
}

static float *
cut (const float *pictures, guint channels, const gint32 *box, guint side)
{
  float *window = g_new (float, N *channels *side *side);

  for (guint i = 0; i < N * channels; i++)
    for (guint y = 0; y < side; y++)
      memcpy (window + (i * side + y) * side,
              pictures + (i * SIDE + (side < SIDE ? box[0] : 0) + y) * SIDE + (side < SIDE ? box[1] : 0),
              side * sizeof (float));
  return window;
}

static void
read_critic (LacunaWeights *weights, const char *prefix, LacunaCritic *critic, float *values)
{
  for (guint i = 0; i <= LACUNA_CRITIC_LAYERS; i++)
    {
      g_autofree char *name = i < LACUNA_CRITIC_LAYERS ? g_strdup_printf ("conv%u.", i + 1) : g_strdup ("fc.");
      g_autofree char *weight_name = g_strconcat (prefix, name, "weight", NULL);
      g_autofree char *bias_name = g_strconcat (prefix, name, "bias", NULL);
      guint n_dims, dims[4];
      gsize weight, bias;
      g_autofree float *w = read_weight (weights, "", weight_name, &n_dims, dims);
      const LacunaWeightsEntry *bias_entry;
      g_autofree float *b = golden_read (weights, bias_name, &bias_entry);

      lacuna_critic_get_layer (critic, i, &weight, &bias, dims);
      memcpy (values + weight, w, (bias - weight) * sizeof (float));
      memcpy (values + bias, b, bias_entry->n_elements * sizeof (float));
    }
}

static void
check_critic_gradients (LacunaWeights *golden, const char *golden_prefix, const char *prefix, LacunaCritic *critic,
                        const float *gradients)
{
  for (guint i = 0; i <= LACUNA_CRITIC_LAYERS; i++)
    {
      g_autofree char *name = i < LACUNA_CRITIC_LAYERS ? g_strdup_printf ("%sconv%u.", prefix, i + 1)
                                                       : g_strdup_printf ("%sfc.", prefix);
      g_autofree char *weight_name = g_strconcat (name, "weight", NULL);
      g_autofree char *bias_name = g_strconcat (golden_prefix, name, "bias", NULL);
      guint n_dims, dims[4];
      gsize weight, bias;
      g_autofree float *gw = read_weight (golden, golden_prefix, weight_name, &n_dims, dims);
      const LacunaWeightsEntry *bias_entry;
      g_autofree float *gb = golden_read (golden, bias_name, &bias_entry);

      lacuna_critic_get_layer (critic, i, &weight, &bias, dims);
      golden_assert_close (weight_name, gradients + weight, gw, bias - weight,
                           5e-6 * golden_get_largest (gw, bias - weight));
      golden_assert_close (bias_name, gradients + bias, gb, bias_entry->n_elements,
                           5e-6 * golden_get_largest (gb, bias_entry->n_elements) + 1e-8);
    }
}

static void
check_critic (LacunaContext *context, LacunaWeights *golden, LacunaWeights *weights, const char *kind, guint side,
              guint last)
{
  static const LacunaPauser nobody = { NULL, NULL };
  g_autoptr (GError) error = NULL;
  gsize n = 0, area = side * side, n_picture = 3 * area;
  g_autoptr (LacunaCritic) critic = lacuna_critic_new (context, side, 4, last, &n, &error);
  g_autoptr (LacunaPool) pool = lacuna_pool_new (context);
  g_autoptr (LacunaParameters) parameters = NULL;
  g_autoptr (LacunaTensor) x = lacuna_tensor_new (context, (LacunaShape){ 3 * N, 3, side, side }, &error);
  g_autofree gint32 *box = read_box (golden);
  g_autofree float *real = golden_read (golden, "real", NULL), *fake = golden_read (golden, "complete", NULL);
  g_autofree float *mask_one = golden_read (golden, "mask", NULL), *both = g_new (float, N * SIDE * SIDE);
  g_autofree float *values = g_new (float, n), *pictures = g_new (float, 3 * N * n_picture);
  g_autofree float *gradients = g_new (float, n), *gx = g_new (float, N * n_picture);
  g_autofree float *real_window = cut (real, 3, box, side), *fake_window = cut (fake, 3, box, side);
  g_autofree char *prefix = g_strconcat (kind, ".", NULL), *x_name = g_strconcat (kind, ".x", NULL);
  g_autofree char *gx_name = g_strconcat (kind, ".gx", NULL), *pos_name = g_strconcat (kind, ".pos", NULL);
  g_autofree char *neg_name = g_strconcat (kind, ".neg", NULL), *slope_name = g_strconcat (kind, ".slope", NULL);
  g_autofree float *mixed = golden_read (golden, x_name, NULL), *golden_gx = golden_read (golden, gx_name, NULL);
  g_autofree float *pos = golden_read (golden, pos_name, NULL), *neg = golden_read (golden, neg_name, NULL);
  g_autofree float *slope = golden_read (golden, slope_name, NULL), *mask = NULL;
  float scores[3 * N], slopes[N];

  g_assert_no_error (error);
  memcpy (both, mask_one, SIDE * SIDE * sizeof (float));
  memcpy (both + SIDE * SIDE, mask_one, SIDE * SIDE * sizeof (float));
  mask = cut (both, 1, box, side);
  memcpy (pictures, real_window, N * n_picture * sizeof (float));
  memcpy (pictures + N * n_picture, fake_window, N * n_picture * sizeof (float));
  memcpy (pictures + 2 * N * n_picture, mixed, N * n_picture * sizeof (float));
  read_critic (weights, prefix, critic, values);
  parameters = lacuna_parameters_new (context, values, n, &error);
  g_assert_no_error (error);
  g_assert_true (lacuna_critic_pack (critic, parameters->sets[LACUNA_PARAMETERS_VALUE], &error));

  /* Of the whole loss, then of the penalty alone: the means are divided by next to infinity. */
  for (guint i = 0; i < 2; i++)
    {
      Penalty penalty = { mask, gx, 2.0 * 10.0 / N };
      const char *golden_prefix = i == 0 ? "grad." : "grad_gp.";

      g_assert_true (lacuna_tensor_write (x, pictures, &error));
      g_assert_true (lacuna_parameters_clear_gradient (parameters, &error));
      lacuna_critic_learn (critic, pool, &nobody, parameters, x, i == 0 ? N : G_MAXUINT, penalize, &penalty, scores,
                           slopes, &error);
      g_assert_no_error (error);
      g_assert_true (lacuna_buffer_read (parameters->gradient, 0, gradients, n * sizeof (float), &error));
      golden_assert_close (pos_name, scores, pos, N, 2e-6);
      golden_assert_close (neg_name, scores + N, neg, N, 2e-6);
      golden_assert_close (slope_name, slopes, slope, N, 2e-6);
      golden_assert_close (gx_name, gx, golden_gx, N * n_picture, 5e-6 * golden_get_largest (golden_gx, N * n_picture));
      check_critic_gradients (golden, golden_prefix, prefix, critic, gradients);
    }
}

static void
test_critics (void)
{
  g_autoptr (LacunaContext) context = context_open ();
  g_autoptr (LacunaWeights) golden = golden_load ("critics_tiny_io"), weights = golden_load ("critics_tiny_oihw");

  check_critic (context, golden, weights, "global", SIDE, 4);
  check_critic (context, golden, weights, "local", WINDOW, 8);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/learner/critics", test_critics);
  g_test_add_func ("/learner/golden", test_golden);
  g_test_add_func ("/learner/repeat", test_repeat);
  g_test_add_func ("/learner/parts", test_parts);
  g_test_add_func ("/learner/frozen", test_frozen);
  g_test_add_func ("/learner/clip", test_clip);
  return g_test_run ();
}
