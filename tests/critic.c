/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tests the critics, their gradients and the dense layer. The oracle is the golden tensors of
 * tests/golden/README.md, and finite differences of what is computed on the host in double precision. */
#include "engine/network/critic.h"

#include "engine/cl/kernel.h"
#include "engine/ops/padding.h"
#include "engine/weights/weights.h"
#include "tests/context.h"
#include "tests/differences.h"
#include "tests/tiny.h"

/* ---- golden ---- */

typedef struct {
  const float *mask; /* of the window */
  float *gradient;
  double scale;
} Penalty;

/* In double precision on the host. */
static gboolean
penalize (LacunaTensor *gradient, LacunaTensor *direction, LacunaBuffer *slopes, gpointer data, GError **error)
{
  Penalty *penalty = data;
  const gsize n = lacuna_shape_get_elements (gradient->shape) / TINY_N, area = n / 3;
  g_autofree float *v = g_new (float, TINY_N *n);
  float norms[TINY_N];

  g_assert_true (lacuna_tensor_read (gradient, penalty->gradient, NULL));
  for (guint i = 0; i < TINY_N; i++)
    {
      double square = 0.0;

      for (gsize j = 0; j < n; j++)
        square += pow (penalty->gradient[i * n + j] * penalty->mask[j % area], 2.0);
      norms[i] = sqrt (square);
      for (gsize j = 0; j < n; j++)
        v[i * n + j]
            = penalty->scale * (norms[i] - 1.0) / norms[i] * penalty->gradient[i * n + j] * penalty->mask[j % area];
    }
  return lacuna_tensor_write (direction, v, error) && lacuna_buffer_write (slopes, 0, norms, sizeof norms, error);
}

static float *
cut (const float *pictures, guint channels, const gint32 *box, guint side)
{
  const guint top = side < TINY_SIDE ? box[0] : 0, left = side < TINY_SIDE ? box[1] : 0;
  float *window = g_new (float, TINY_N *channels *side *side);

  for (guint i = 0; i < TINY_N * channels; i++)
    for (guint y = 0; y < side; y++)
      memcpy (window + (i * side + y) * side, pictures + (i * TINY_SIDE + top + y) * TINY_SIDE + left,
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
      g_autofree float *w = tiny_read_weight (weights, "", weight_name, &n_dims, dims);
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
      g_autofree char *name
          = i < LACUNA_CRITIC_LAYERS ? g_strdup_printf ("%sconv%u.", prefix, i + 1) : g_strdup_printf ("%sfc.", prefix);
      g_autofree char *weight_name = g_strconcat (name, "weight", NULL);
      g_autofree char *bias_name = g_strconcat (golden_prefix, name, "bias", NULL);
      guint n_dims, dims[4];
      gsize weight, bias;
      g_autofree float *gw = tiny_read_weight (golden, golden_prefix, weight_name, &n_dims, dims);
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
  g_autoptr (LacunaCritic) critic = lacuna_critic_new (context, side, TINY_WIDTH, last, &n, &error);
  g_autoptr (LacunaPool) pool = lacuna_pool_new (context);
  g_autoptr (LacunaParameters) parameters = NULL;
  g_autoptr (LacunaTensor) x = lacuna_tensor_new (context, (LacunaShape){ 3 * TINY_N, 3, side, side }, &error);
  g_autofree gint32 *box = tiny_read_box (golden);
  g_autofree float *real = golden_read (golden, "real", NULL), *fake = golden_read (golden, "complete", NULL);
  g_autofree float *mask_one = golden_read (golden, "mask", NULL);
  g_autofree float *both = g_new (float, TINY_N *TINY_SIDE *TINY_SIDE);
  g_autofree float *values = g_new (float, n), *pictures = g_new (float, 3 * TINY_N * n_picture);
  g_autofree float *gradients = g_new (float, n), *gx = g_new (float, TINY_N *n_picture);
  g_autofree float *real_window = cut (real, 3, box, side), *fake_window = cut (fake, 3, box, side);
  g_autofree char *prefix = g_strconcat (kind, ".", NULL), *x_name = g_strconcat (kind, ".x", NULL);
  g_autofree char *gx_name = g_strconcat (kind, ".gx", NULL), *pos_name = g_strconcat (kind, ".pos", NULL);
  g_autofree char *neg_name = g_strconcat (kind, ".neg", NULL), *slope_name = g_strconcat (kind, ".slope", NULL);
  g_autofree float *mixed = golden_read (golden, x_name, NULL), *golden_gx = golden_read (golden, gx_name, NULL);
  g_autofree float *pos = golden_read (golden, pos_name, NULL), *neg = golden_read (golden, neg_name, NULL);
  g_autofree float *slope = golden_read (golden, slope_name, NULL), *mask = NULL;
  float scores[3 * TINY_N], slopes[TINY_N];

  g_assert_no_error (error);
  memcpy (both, mask_one, TINY_SIDE * TINY_SIDE * sizeof (float));
  memcpy (both + TINY_SIDE * TINY_SIDE, mask_one, TINY_SIDE * TINY_SIDE * sizeof (float));
  mask = cut (both, 1, box, side);
  memcpy (pictures, real_window, TINY_N * n_picture * sizeof (float));
  memcpy (pictures + TINY_N * n_picture, fake_window, TINY_N * n_picture * sizeof (float));
  memcpy (pictures + 2 * TINY_N * n_picture, mixed, TINY_N * n_picture * sizeof (float));
  read_critic (weights, prefix, critic, values);
  parameters = lacuna_parameters_new (context, values, n, &error);
  g_assert_no_error (error);
  g_assert_true (lacuna_critic_pack (critic, parameters->sets[LACUNA_PARAMETERS_VALUE], &error));

  /* Of the whole loss, then of the penalty alone: the means are divided by next to infinity. */
  for (guint i = 0; i < 2; i++)
    {
      Penalty penalty = { mask, gx, 2.0 * 10.0 / TINY_N };
      const char *golden_prefix = i == 0 ? "grad." : "grad_gp.";

      g_assert_true (lacuna_tensor_write (x, pictures, &error));
      g_assert_true (lacuna_parameters_clear_gradient (parameters, &error));
      lacuna_critic_learn (critic, pool, &nobody, parameters, x, i == 0 ? TINY_N : G_MAXUINT, penalize, &penalty,
                           scores, slopes, &error);
      g_assert_no_error (error);
      g_assert_true (lacuna_buffer_read (parameters->gradient, 0, gradients, n * sizeof (float), &error));
      golden_assert_close (pos_name, scores, pos, TINY_N, 2e-6);
      golden_assert_close (neg_name, scores + TINY_N, neg, TINY_N, 2e-6);
      golden_assert_close (slope_name, slopes, slope, TINY_N, 2e-6);
      golden_assert_close (gx_name, gx, golden_gx, TINY_N * n_picture,
                           5e-6 * golden_get_largest (golden_gx, TINY_N * n_picture));
      check_critic_gradients (golden, golden_prefix, prefix, critic, gradients);
    }
}

static void
test_golden (void)
{
  g_autoptr (LacunaContext) context = context_open ();
  g_autoptr (LacunaWeights) golden = golden_load ("critics_tiny_io"), weights = golden_load ("critics_tiny_oihw");

  check_critic (context, golden, weights, "global", TINY_SIDE, 4);
  check_critic (context, golden, weights, "local", TINY_WINDOW, 8);
}

/* ---- the dense layer ---- */

#define LANES 4

typedef struct {
  gsize features;
  guint n;
  const float *x, *values, *g; /* values: the weights and the bias */
} Dense;

/* Σ g · y with x or the values moved. */
static double
get_dense_loss (const Dense *self, const double *x, const double *values)
{
  double loss = 0.0;

  for (guint i = 0; i < self->n; i++)
    {
      double y = values != NULL ? values[self->features] : self->values[self->features];

      for (gsize f = 0; f < self->features; f++)
        y += (x != NULL ? x[i * self->features + f] : self->x[i * self->features + f])
             * (values != NULL ? values[f] : self->values[f]);
      loss += self->g[i] * y;
    }
  return loss;
}

static double
move_dense_input (const double *x, gconstpointer data)
{
  return get_dense_loss (data, x, NULL);
}

static double
move_dense_weight (const double *values, gconstpointer data)
{
  return get_dense_loss (data, NULL, values);
}

static LacunaKernel *
make_kernel (LacunaContext *context, const char *entry)
{
  g_autoptr (GError) error = NULL;
  LacunaKernel *kernel = lacuna_kernel_new (context, "dense", entry, "-DLANES=" G_STRINGIFY (LANES), &error);

  g_assert_no_error (error);
  return kernel;
}

static LacunaBuffer *
make_buffer (LacunaContext *context, const float *values, gsize n)
{
  g_autoptr (GError) error = NULL;
  LacunaBuffer *buffer = lacuna_buffer_new (context, n * sizeof (float), &error);

  g_assert_no_error (error);
  g_assert_true (lacuna_buffer_write (buffer, 0, values, n * sizeof (float), &error));
  return buffer;
}

/* All three kernels, the weights behind `before` other values. */
static void
check_dense (LacunaContext *context, GRand *rand, gsize features, guint n)
{
  const gsize before = 5, n_values = before + features + 1;
  g_autoptr (LacunaKernel) dense = make_kernel (context, "dense");
  g_autoptr (LacunaKernel) input = make_kernel (context, "dense_input"), weight = make_kernel (context, "dense_weight");
  g_autofree float *x = differences_make_noise (rand, n * features, 1.0), *g = differences_make_noise (rand, n, 1.0);
  g_autofree float *values = differences_make_noise (rand, n_values, 1.0 / sqrt (features));
  g_autofree float *y = g_new (float, n), *gx = g_new (float, n *features), *gw = g_new (float, n_values);
  g_autoptr (LacunaBuffer) x_buffer = make_buffer (context, x, n * features), y_buffer = make_buffer (context, g, n);
  g_autoptr (LacunaBuffer) values_buffer = make_buffer (context, values, n_values);
  g_autoptr (LacunaBuffer) g_buffer = make_buffer (context, g, n), gx_buffer = make_buffer (context, x, n * features);
  g_autoptr (LacunaBuffer) gw_buffer = make_buffer (context, values, n_values);
  const Dense all = { features, n, x, values + before, g };

  g_assert_true (lacuna_kernel_launch (
      dense, n, 1, 1, NULL, LACUNA_BUFFER_ARG (x_buffer), LACUNA_BUFFER_ARG (values_buffer), LACUNA_INT_ARG (before),
      LACUNA_INT_ARG (before + features), LACUNA_BUFFER_ARG (y_buffer), LACUNA_INT_ARG (features)));
  g_assert_true (lacuna_kernel_launch (input, n, 1, 1, NULL, LACUNA_BUFFER_ARG (g_buffer),
                                       LACUNA_BUFFER_ARG (values_buffer), LACUNA_INT_ARG (before),
                                       LACUNA_BUFFER_ARG (gx_buffer), LACUNA_INT_ARG (features)));
  g_assert_true (lacuna_kernel_launch (weight, (features + LANES - 1) / LANES, 1, 1, NULL, LACUNA_BUFFER_ARG (x_buffer),
                                       LACUNA_BUFFER_ARG (g_buffer), LACUNA_BUFFER_ARG (gw_buffer),
                                       LACUNA_INT_ARG (before), LACUNA_INT_ARG (features), LACUNA_INT_ARG (n)));
  g_assert_true (lacuna_buffer_read (y_buffer, 0, y, n * sizeof (float), NULL));
  g_assert_true (lacuna_buffer_read (gx_buffer, 0, gx, n * features * sizeof (float), NULL));
  g_assert_true (lacuna_buffer_read (gw_buffer, 0, gw, n_values * sizeof (float), NULL));
  for (guint i = 0; i < n; i++)
    {
      const float one = 1.0f;
      const Dense item = { features, 1, x + i * features, values + before, &one };

      g_assert_cmpfloat_with_epsilon (y[i], get_dense_loss (&item, NULL, NULL), 5e-6);
    }
  differences_check ("dense_input", rand, move_dense_input, &all, x, gx, n * features, 2e-6);

  /* Added to what was there, and to nothing beside it: the bias is not this kernel's. */
  for (gsize i = 0; i < n_values; i++)
    gw[i] -= values[i];
  g_assert_cmpfloat (golden_get_largest (gw, before), ==, 0.0);
  g_assert_cmpfloat (gw[before + features], ==, 0.0);
  for (guint i = 0; i < n; i++)
    gw[before + features] += g[i];
  differences_check ("dense_weight", rand, move_dense_weight, &all, values + before, gw + before, features + 1, 2e-6);
}

static void
test_dense (void)
{
  static const guint shapes[][2] = { { 1, 1 }, { 3, 5 }, { 64, 2 }, { 131, 3 }, { 1026, 4 } };
  g_autoptr (LacunaContext) context = context_open ();
  g_autoptr (GRand) rand = g_rand_new_with_seed (1);

  for (guint i = 0; i < G_N_ELEMENTS (shapes); i++)
    check_dense (context, rand, shapes[i][0], shapes[i][1]);
}

/* ---- finite differences of a critic ---- */

typedef struct {
  guint side, width, last, n;
} Case;

typedef struct {
  LacunaCritic *critic;
  const Case *of;
  const float *values, *pictures; /* 3n pictures: real, completed, mixed */
  const float *v;                 /* the tangent's direction at each of the mixed ones */
  const float *g;                 /* of the scores of the first n pictures */
} Judgement;

/* A layer's outputs y and, where dx is not NULL, their derivatives along dx. */
static void
run_layer (const guint dims[4], guint side, const double *w, const double *b, const double *x, const double *dx,
           double *y, double *dy)
{
  const guint out_side = (side + 1) / 2;
  const int before = (int) lacuna_same_before (side, 5, 2, 1);

  for (guint at = 0; at < dims[0] * out_side * out_side; at++)
    {
      const guint o = at / out_side / out_side, i = at / out_side % out_side, j = at % out_side;
      double sum = b[o], slope = 0.0;

      for (guint tap = 0; tap < dims[1] * 25; tap++)
        {
          const guint c = tap / 25;
          const int row = (int) (2 * i + tap / 5 % 5) - before, column = (int) (2 * j + tap % 5) - before;
          const gsize from = ((gsize) c * side + row) * side + column;

          if (row < 0 || row >= (int) side || column < 0 || column >= (int) side)
            continue;
          sum += w[o * dims[1] * 25 + tap] * x[from];
          slope += dx != NULL ? w[o * dims[1] * 25 + tap] * dx[from] : 0.0;
        }
      y[at] = sum > 0.0 ? sum : 0.2 * sum;
      dy[at] = sum > 0.0 ? slope : 0.2 * slope;
    }
}

/* The score of one picture; its derivative along dx, where that is not NULL. */
static double
judge (LacunaCritic *critic, guint side, const double *values, const double *x, const double *dx, double *ret_slope)
{
  g_autofree double *y = g_memdup2 (x, 3 * side * side * sizeof (double));
  g_autofree double *dy = dx != NULL ? g_memdup2 (dx, 3 * side * side * sizeof (double)) : NULL;
  gsize weight, bias;
  guint dims[4];
  double score;

  for (guint i = 0; i < LACUNA_CRITIC_LAYERS; i++, side = (side + 1) / 2)
    {
      const guint area = (side + 1) / 2 * ((side + 1) / 2);
      double *next, *next_slope;

      lacuna_critic_get_layer (critic, i, &weight, &bias, dims);
      next = g_new (double, dims[0] * area);
      next_slope = g_new (double, dims[0] * area);
      run_layer (dims, side, values + weight, values + bias, y, dy, next, next_slope);
      g_free (y);
      g_free (dy);
      y = next;
      dy = next_slope;
    }
  lacuna_critic_get_layer (critic, LACUNA_CRITIC_LAYERS, &weight, &bias, dims);
  score = values[bias];
  *ret_slope = 0.0;
  for (guint at = 0; at < side * side; at++)
    for (guint c = 0; c < dims[2]; c++)
      {
        score += values[weight + at * dims[2] + c] * y[c * side * side + at];
        *ret_slope += values[weight + at * dims[2] + c] * dy[c * side * side + at];
      }
  return score;
}

/* Σ (C(completed) - C(real)) / n and the tangents of C at the mixed pictures along v. */
static double
move_values (const double *values, gconstpointer data)
{
  const Judgement *self = data;
  const guint n = self->of->n;
  const gsize n_picture = 3 * self->of->side * self->of->side;
  double loss = 0.0;

  for (guint i = 0; i < 3 * n; i++)
    {
      const float *picture = self->pictures + i * n_picture;
      g_autofree double *x = differences_move (picture, picture, n_picture, 0.0), *v = NULL;
      double score, slope;

      if (i >= 2 * n)
        v = differences_move (self->v + (i - 2 * n) * n_picture, picture, n_picture, 0.0);
      score = judge (self->critic, self->of->side, values, x, v, &slope);
      loss += i < n ? -score / n : i < 2 * n ? score / n : slope;
    }
  return loss;
}

/* Σ g · C(x) */
static double
move_pictures (const double *x, gconstpointer data)
{
  const Judgement *self = data;
  const gsize n_picture = 3 * self->of->side * self->of->side;
  g_autofree double *values = NULL;
  gsize weight, bias;
  guint dims[4];
  double loss = 0.0, slope;

  lacuna_critic_get_layer (self->critic, LACUNA_CRITIC_LAYERS, &weight, &bias, dims);
  values = differences_move (self->values, self->values, bias + 1, 0.0);
  for (guint i = 0; i < self->of->n; i++)
    loss += self->g[i] * judge (self->critic, self->of->side, values, x + i * n_picture, NULL, &slope);
  return loss;
}

static gboolean
give_direction (LacunaTensor *gradient, LacunaTensor *direction, LacunaBuffer *slopes, gpointer data, GError **error)
{
  return lacuna_tensor_write (direction, data, error);
}

static void
check_differences (LacunaContext *context, GRand *rand, const Case *of)
{
  static const LacunaPauser nobody = { NULL, NULL };
  const guint n = of->n, n_picture = 3 * of->side * of->side;
  const LacunaShape shape = { n, 3, of->side, of->side }, three = { 3 * n, 3, of->side, of->side };
  gsize n_values = 0;
  g_autoptr (GError) error = NULL;
  g_autoptr (LacunaCritic) critic = lacuna_critic_new (context, of->side, of->width, of->last, &n_values, &error);
  g_autofree float *values = g_new (float, n_values), *gradient = g_new (float, n_values);
  g_autofree float *pictures = differences_make_noise (rand, 3 * n * n_picture, 0.5);
  g_autofree float *v = differences_make_noise (rand, n * n_picture, 0.1), *g = differences_make_noise (rand, n, 1.0);
  g_autofree float *gx = g_new (float, n *n_picture);
  g_autoptr (LacunaPool) pool = lacuna_pool_new (context);
  g_autoptr (LacunaTensor) x = context_make_tensor (context, three, pictures);
  g_autoptr (LacunaTensor) first = context_make_tensor (context, shape, pictures);
  g_autoptr (LacunaTensor) gx_tensor = context_make_tensor (context, shape, NULL);
  g_autoptr (LacunaParameters) parameters = NULL;
  const Judgement judgement = { critic, of, values, pictures, v, g };
  float scores[3 * 4], slopes[4];

  g_assert_no_error (error);
  lacuna_critic_randomize (critic, rand, values);
  parameters = lacuna_parameters_new (context, values, n_values, &error);
  g_assert_no_error (error);
  g_assert_true (lacuna_critic_pack (critic, parameters->sets[LACUNA_PARAMETERS_VALUE], &error));
  g_assert_true (lacuna_critic_judge (critic, pool, &nobody, parameters->sets[LACUNA_PARAMETERS_VALUE], first, g,
                                      gx_tensor, scores, &error));
  g_assert_true (lacuna_tensor_read (gx_tensor, gx, &error));
  g_assert_true (
      lacuna_critic_learn (critic, pool, &nobody, parameters, x, n, give_direction, v, scores, slopes, &error));
  g_assert_true (lacuna_buffer_read (parameters->gradient, 0, gradient, n_values * sizeof (float), &error));
  differences_check ("a critic's pictures", rand, move_pictures, &judgement, pictures, gx, n * n_picture, 1e-5);
  differences_check ("a critic's weights", rand, move_values, &judgement, values, gradient, n_values, 1e-5);
}

/* Scores, and tangents, whose gradient is the penalty's. */
static void
test_differences (void)
{
  static const Case cases[] = { { 16, 3, 2, 2 }, { 24, 5, 3, 3 }, { 38, 4, 1, 1 } };
  g_autoptr (LacunaContext) context = context_open ();
  g_autoptr (GRand) rand = g_rand_new_with_seed (2);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    check_differences (context, rand, &cases[i]);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/critic/golden", test_golden);
  g_test_add_func ("/critic/dense", test_dense);
  g_test_add_func ("/critic/differences", test_differences);
  return g_test_run ();
}
