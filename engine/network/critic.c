/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A Wasserstein critic and its gradient penalty: passes forward and back, and the pass of a tangent that spares second
 * derivatives (engine/network/NETWORK.md, "Losses"). A batch that is learnt from has three equal thirds (real,
 * completed, mixed), of which the penalty overwrites the last with its direction. The parameters are the caller's; the
 * critic owns kernels and packed weights, which have to be those of `values`. It runs on the thread that uses the
 * context: the engine's, or a command's main thread. */
#include "engine/network/critic.h"

#include <math.h>

#include "engine/cl/kernel.h"

#define DENSE_LANES 4 /* of dense.cl */

struct _LacunaCritic {
  LacunaContext *context;
  LacunaLearnedConv layers[LACUNA_CRITIC_LAYERS];
  LacunaShape last; /* of one picture's features */
  gsize features, weight, bias;
  LacunaKernel *dense, *dense_input, *dense_weight;
};

/* One pass: outputs, and gradients before the activations. */
typedef struct {
  LacunaTensor *y[LACUNA_CRITIC_LAYERS];
  LacunaTensor *h[LACUNA_CRITIC_LAYERS];
  LacunaTensor *scores, *g;
} Pass;

static void
pass_clear (Pass *pass)
{
  for (guint i = 0; i < LACUNA_CRITIC_LAYERS; i++)
    {
      g_clear_pointer (&pass->y[i], lacuna_tensor_unref);
      g_clear_pointer (&pass->h[i], lacuna_tensor_unref);
    }
  g_clear_pointer (&pass->scores, lacuna_tensor_unref);
  g_clear_pointer (&pass->g, lacuna_tensor_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Pass, pass_clear)

gboolean
lacuna_pauser_call (const LacunaPauser *self, GError **error)
{
  return self->call == NULL || self->call (self->data, error);
}

LacunaCritic *
lacuna_critic_new (LacunaContext *context, guint side, guint width, guint last, gsize *at, GError **error)
{
  const guint channels[] = { 3, width, 2 * width, 4 * width, last * width };
  g_autofree char *options = g_strdup_printf ("-DLANES=%d", DENSE_LANES);
  g_autoptr (LacunaCritic) self = g_new0 (LacunaCritic, 1);

  self->context = g_object_ref (context);
  self->last = (LacunaShape){ 1, 3, side, side };
  for (guint i = 0; i < LACUNA_CRITIC_LAYERS; i++)
    {
      LacunaConvForm form = { channels[i], channels[i + 1], 5, 2, 1, FALSE, LACUNA_ACTIVATION_LEAKY_RELU };

      if (!lacuna_learned_conv_init (&self->layers[i], context, &form, form.in, at, error))
        return NULL;
      self->last = lacuna_conv_form_get_output (&form, self->last);
    }
  self->features = lacuna_shape_get_elements (self->last);
  self->weight = *at;
  self->bias = self->weight + self->features;
  *at = self->bias + 1;
  if ((self->dense = lacuna_kernel_new (context, "dense", "dense", options, error)) == NULL
      || (self->dense_input = lacuna_kernel_new (context, "dense", "dense_input", options, error)) == NULL
      || (self->dense_weight = lacuna_kernel_new (context, "dense", "dense_weight", options, error)) == NULL)
    return NULL;
  return g_steal_pointer (&self);
}

void
lacuna_critic_free (LacunaCritic *self)
{
  if (self == NULL)
    return;
  for (guint i = 0; i < LACUNA_CRITIC_LAYERS; i++)
    lacuna_learned_conv_clear (&self->layers[i]);
  g_clear_pointer (&self->dense, lacuna_kernel_unref);
  g_clear_pointer (&self->dense_input, lacuna_kernel_unref);
  g_clear_pointer (&self->dense_weight, lacuna_kernel_unref);
  g_clear_object (&self->context);
  g_free (self);
}

void
lacuna_critic_randomize (LacunaCritic *self, GRand *rand, float *values)
{
  const double bound = 1.0 / sqrt (self->features);

  for (guint i = 0; i < LACUNA_CRITIC_LAYERS; i++)
    lacuna_learned_conv_randomize (&self->layers[i], rand, values);
  for (gsize i = self->weight; i < self->bias; i++)
    values[i] = (float) g_rand_double_range (rand, -bound, bound);
  values[self->bias] = 0.0f;
}

gboolean
lacuna_critic_pack (LacunaCritic *self, LacunaBuffer *values, GError **error)
{
  for (guint i = 0; i < LACUNA_CRITIC_LAYERS; i++)
    if (!lacuna_learned_conv_pack (&self->layers[i], values, error))
      return FALSE;
  return TRUE;
}

guint
lacuna_critic_get_layer (LacunaCritic *self, guint i, gsize *ret_weight, gsize *ret_bias, guint dims[4])
{
  if (i == LACUNA_CRITIC_LAYERS)
    {
      *ret_weight = self->weight;
      *ret_bias = self->bias;
      dims[0] = self->last.height;
      dims[1] = self->last.width;
      dims[2] = self->last.channels;
      return 3;
    }
  *ret_weight = self->layers[i].weight;
  *ret_bias = self->layers[i].bias;
  dims[0] = self->layers[i].form.out;
  dims[1] = self->layers[i].form.in;
  dims[2] = dims[3] = self->layers[i].form.kernel;
  return 4;
}

/* Computes outputs and scores. values: the parameters that are packed. */
static gboolean
run_forward (LacunaCritic *self, LacunaPool *pool, const LacunaPauser *pauser, LacunaBuffer *values, LacunaTensor *x,
             Pass *pass, GError **error)
{
  LacunaTensor *from = x;

  for (guint i = 0; i < LACUNA_CRITIC_LAYERS; i++)
    {
      pass->y[i] = lacuna_pool_take (pool, lacuna_conv_form_get_output (&self->layers[i].form, from->shape), error);
      if (pass->y[i] == NULL)
        return FALSE;
      if (!lacuna_pool_is_planning (pool)
          && (!lacuna_conv_forward (self->layers[i].conv, from, pass->y[i], error)
              || !lacuna_pauser_call (pauser, error)))
        return FALSE;
      from = pass->y[i];
    }
  pass->scores = lacuna_pool_take (pool, (LacunaShape){ x->shape.n, 1, 1, 1 }, error);
  if (pass->scores == NULL)
    return FALSE;
  return lacuna_pool_is_planning (pool)
         || lacuna_kernel_launch (self->dense, x->shape.n, 1, 1, error, LACUNA_BUFFER_ARG (from->buffer),
                                  LACUNA_BUFFER_ARG (values), LACUNA_INT_ARG (self->weight),
                                  LACUNA_INT_ARG (self->bias), LACUNA_BUFFER_ARG (pass->scores->buffer),
                                  LACUNA_INT_ARG (self->features));
}

/* Goes back from g, the gradients of n scores, to the gradient h before the activation of every layer. The gradients of
 * the biases are added up over the first n_learning pictures. */
static gboolean
run_backward (LacunaCritic *self, LacunaPool *pool, const LacunaPauser *pauser, LacunaBuffer *values, const float *g,
              Pass *pass, LacunaBuffer *gradient, guint n_learning, GError **error)
{
  const guint n = pass->scores->shape.n;

  pass->g = lacuna_pool_take (pool, (LacunaShape){ n, 1, 1, 1 }, error);
  if (pass->g == NULL)
    return FALSE;
  if (!lacuna_pool_is_planning (pool) && !lacuna_tensor_write (pass->g, g, error))
    return FALSE;
  for (guint i = LACUNA_CRITIC_LAYERS; i-- > 0;)
    {
      LacunaLearnedConv *layer = &self->layers[i];
      g_autoptr (LacunaTensor) y_first = NULL, h_first = NULL, y_last = NULL, h_last = NULL;

      pass->h[i] = lacuna_pool_take (pool, pass->y[i]->shape, error);
      if (pass->h[i] == NULL)
        return FALSE;
      if (i + 1 < LACUNA_CRITIC_LAYERS)
        {
          if (!lacuna_conv_gradient_input (self->layers[i + 1].gradient, pool, pass->h[i + 1], pass->h[i], error))
            return FALSE;
        }
      else if (!lacuna_pool_is_planning (pool)
               && !lacuna_kernel_launch (self->dense_input, n, 1, 1, error, LACUNA_BUFFER_ARG (pass->g->buffer),
                                         LACUNA_BUFFER_ARG (values), LACUNA_INT_ARG (self->weight),
                                         LACUNA_BUFFER_ARG (pass->h[i]->buffer), LACUNA_INT_ARG (self->features)))
        return FALSE;
      y_first = lacuna_tensor_items (pass->y[i], 0, n_learning);
      h_first = lacuna_tensor_items (pass->h[i], 0, n_learning);
      y_last = lacuna_tensor_items (pass->y[i], n_learning, n - n_learning);
      h_last = lacuna_tensor_items (pass->h[i], n_learning, n - n_learning);
      if ((n_learning > 0
           && !lacuna_conv_gradient_activation (layer->gradient, pool, y_first, h_first, h_first, gradient, layer->bias,
                                                error))
          || (n > n_learning
              && !lacuna_conv_gradient_activation (layer->gradient, pool, y_last, h_last, h_last, NULL, 0, error))
          || !lacuna_pauser_call (pauser, error))
        return FALSE;
    }
  return TRUE;
}

gboolean
lacuna_critic_judge (LacunaCritic *self, LacunaPool *pool, const LacunaPauser *pauser, LacunaBuffer *values,
                     LacunaTensor *x, const float *g, LacunaTensor *gx, float *scores, GError **error)
{
  g_auto (Pass) pass = { 0 };

  if (!run_forward (self, pool, pauser, values, x, &pass, error))
    return FALSE;
  if (gx != NULL
      && (!run_backward (self, pool, pauser, values, g, &pass, NULL, 0, error)
          || !lacuna_conv_gradient_input (self->layers[0].gradient, pool, pass.h[0], gx, error)))
    return FALSE;
  return lacuna_pool_is_planning (pool) || lacuna_tensor_read (pass.scores, scores, error);
}

/* The last third of x holds a direction: outputs of the last third become derivatives along it, with the slopes of
 * the activations as they are. */
static gboolean
run_tangent (LacunaCritic *self, LacunaPool *pool, const LacunaPauser *pauser, LacunaTensor *x, Pass *pass,
             GError **error)
{
  const guint n = x->shape.n / 3;
  LacunaTensor *from = x;

  for (guint i = 0; i < LACUNA_CRITIC_LAYERS; i++)
    {
      LacunaShape shape = pass->y[i]->shape;
      g_autoptr (LacunaTensor) in = lacuna_tensor_items (from, 2 * n, n);
      g_autoptr (LacunaTensor) y = lacuna_tensor_items (pass->y[i], 2 * n, n);
      g_autoptr (LacunaTensor) linear = NULL;

      shape.n = n;
      linear = lacuna_pool_take (pool, shape, error);
      if (linear == NULL)
        return FALSE;
      if (!lacuna_pool_is_planning (pool) && !lacuna_conv_forward_linear (self->layers[i].conv, in, linear, error))
        return FALSE;
      if (!lacuna_conv_gradient_activation (self->layers[i].gradient, pool, y, linear, y, NULL, 0, error)
          || !lacuna_pauser_call (pauser, error))
        return FALSE;
      from = pass->y[i];
    }
  return TRUE;
}

/* The dense layer's bias moves both means alike: its gradient is 0. */
static gboolean
add_weights (LacunaCritic *self, LacunaPool *pool, const LacunaPauser *pauser, LacunaTensor *x, Pass *pass,
             LacunaBuffer *gradient, GError **error)
{
  for (guint i = 0; i < LACUNA_CRITIC_LAYERS; i++)
    if (!lacuna_conv_gradient_weight (self->layers[i].gradient, pool, i == 0 ? x : pass->y[i - 1], pass->h[i], gradient,
                                      self->layers[i].weight, error)
        || !lacuna_pauser_call (pauser, error))
      return FALSE;
  return lacuna_pool_is_planning (pool)
         || lacuna_kernel_launch (self->dense_weight, (self->features + DENSE_LANES - 1) / DENSE_LANES, 1, 1, error,
                                  LACUNA_BUFFER_ARG (pass->y[LACUNA_CRITIC_LAYERS - 1]->buffer),
                                  LACUNA_BUFFER_ARG (pass->g->buffer), LACUNA_BUFFER_ARG (gradient),
                                  LACUNA_INT_ARG (self->weight), LACUNA_INT_ARG (self->features),
                                  LACUNA_INT_ARG (x->shape.n));
}

gboolean
lacuna_critic_learn (LacunaCritic *self, LacunaPool *pool, const LacunaPauser *pauser, LacunaParameters *parameters,
                     LacunaTensor *x, guint total, LacunaCriticPenalty penalty, gpointer data, float *ret_scores,
                     float *ret_slopes, GError **error)
{
  const guint n = x->shape.n / 3;
  LacunaBuffer *values = parameters->sets[LACUNA_PARAMETERS_VALUE];
  g_autofree float *g = g_new (float, 3 * n);
  g_autoptr (LacunaTensor) gx = lacuna_pool_take (pool, (LacunaShape){ n, 3, x->shape.height, x->shape.width }, error);
  g_autoptr (LacunaTensor) slopes = lacuna_pool_take (pool, (LacunaShape){ n, 1, 1, 1 }, error);
  g_autoptr (LacunaTensor) direction = lacuna_tensor_items (x, 2 * n, n);
  g_autoptr (LacunaTensor) h = NULL;
  g_auto (Pass) pass = { 0 };

  for (guint i = 0; i < 3 * n; i++)
    g[i] = i < n ? -1.0f / total : i < 2 * n ? 1.0f / total : 1.0f;
  if (gx == NULL || slopes == NULL || !run_forward (self, pool, pauser, values, x, &pass, error)
      || !run_backward (self, pool, pauser, values, g, &pass, parameters->gradient, 2 * n, error))
    return FALSE;
  h = lacuna_tensor_items (pass.h[0], 2 * n, n);
  if (!lacuna_conv_gradient_input (self->layers[0].gradient, pool, h, gx, error)
      || (!lacuna_pool_is_planning (pool) && !penalty (gx, direction, slopes->buffer, data, error))
      || !run_tangent (self, pool, pauser, x, &pass, error)
      || !add_weights (self, pool, pauser, x, &pass, parameters->gradient, error))
    return FALSE;
  return lacuna_pool_is_planning (pool)
         || (lacuna_tensor_read (pass.scores, ret_scores, error) && lacuna_tensor_read (slopes, ret_slopes, error));
}
