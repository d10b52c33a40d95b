/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The parameters of a network that learns, in buffers of n floats: values, their average, Adam's moments, and the
 * gradient. An update writes `next` and leaves `sets` as they are, and a commit swaps the two, so that a step that
 * fails in between changes nothing. It runs on the thread that uses the context: the engine's, or a command's main
 * thread. */
#include "engine/network/parameters.h"

#include <math.h>

#include "engine/cl/kernel.h"

#define BETA_1 0.5
#define BETA_2 0.9

static LacunaBuffer *
make_buffer (LacunaContext *context, gsize n, GError **error)
{
  g_autoptr (LacunaBuffer) buffer = lacuna_buffer_new (context, n * sizeof (float), error);

  if (buffer == NULL || !lacuna_buffer_clear (buffer, 0, n * sizeof (float), error))
    return NULL;
  return g_steal_pointer (&buffer);
}

LacunaParameters *
lacuna_parameters_new (LacunaContext *context, const float *values, gsize n, GError **error)
{
  g_autoptr (LacunaParameters) self = g_new0 (LacunaParameters, 1);

  self->context = g_object_ref (context);
  self->n = n;
  self->adam = lacuna_kernel_new (context, "adam", "adam", NULL, error);
  if (self->adam == NULL || (self->squares = lacuna_kernel_new (context, "adam", "sum_squares", NULL, error)) == NULL
      || (self->gradient = make_buffer (context, n, error)) == NULL)
    return NULL;
  for (guint i = 0; i < LACUNA_N_PARAMETERS; i++)
    if ((self->sets[i] = make_buffer (context, n, error)) == NULL
        || (self->next[i] = make_buffer (context, n, error)) == NULL)
      return NULL;
  if (!lacuna_parameters_write (self, LACUNA_PARAMETERS_VALUE, values, error)
      || !lacuna_parameters_write (self, LACUNA_PARAMETERS_AVERAGE, values, error))
    return NULL;
  return g_steal_pointer (&self);
}

void
lacuna_parameters_free (LacunaParameters *self)
{
  if (self == NULL)
    return;
  for (guint i = 0; i < LACUNA_N_PARAMETERS; i++)
    {
      g_clear_pointer (&self->sets[i], lacuna_buffer_unref);
      g_clear_pointer (&self->next[i], lacuna_buffer_unref);
    }
  g_clear_pointer (&self->gradient, lacuna_buffer_unref);
  g_clear_pointer (&self->adam, lacuna_kernel_unref);
  g_clear_pointer (&self->squares, lacuna_kernel_unref);
  g_clear_object (&self->context);
  g_free (self);
}

gboolean
lacuna_parameters_clear_gradient (LacunaParameters *self, GError **error)
{
  return lacuna_buffer_clear (self->gradient, 0, self->n * sizeof (float), error);
}

gboolean
lacuna_parameters_read (LacunaParameters *self, LacunaParametersSet set, float *values, GError **error)
{
  return lacuna_buffer_read_floats (self->sets[set], values, self->n, error);
}

gboolean
lacuna_parameters_write (LacunaParameters *self, LacunaParametersSet set, const float *values, GError **error)
{
  return lacuna_buffer_write (self->sets[set], 0, values, self->n * sizeof (float), error);
}

/* Finds what the gradient is to be multiplied with so that its norm is at most clip. */
static gboolean
get_scale (LacunaParameters *self, gsize first, double clip, double *ret_scale, GError **error)
{
  gsize n_groups = (self->n + LACUNA_ADAM_CHUNK - 1) / LACUNA_ADAM_CHUNK;
  g_autoptr (LacunaBuffer) sums = NULL;
  g_autofree float *squares = NULL;
  double square = 0.0;

  *ret_scale = 1.0;
  if (clip <= 0.0)
    return TRUE;
  squares = g_new (float, n_groups);
  sums = lacuna_buffer_new (self->context, n_groups * sizeof (float), error);
  if (sums == NULL
      || !lacuna_kernel_launch (self->squares, n_groups, 1, 1, error, LACUNA_BUFFER_ARG (self->gradient),
                                LACUNA_BUFFER_ARG (sums), LACUNA_INT_ARG (self->n), LACUNA_INT_ARG (first))
      || !lacuna_buffer_read_floats (sums, squares, n_groups, error))
    return FALSE;
  for (gsize i = 0; i < n_groups; i++)
    square += squares[i];
  *ret_scale = MIN (1.0, clip / (sqrt (square) + 1e-6));
  return TRUE;
}

gboolean
lacuna_parameters_update (LacunaParameters *self, gsize first, double rate, double decay, double clip, GError **error)
{
  const double t = self->steps + 1.0;
  double scale;

  if (!get_scale (self, first, clip, &scale, error))
    return FALSE;
  return lacuna_kernel_launch (
      self->adam, (self->n + LACUNA_ADAM_CHUNK - 1) / LACUNA_ADAM_CHUNK, 1, 1, error,
      LACUNA_BUFFER_ARG (self->gradient), LACUNA_BUFFER_ARG (self->sets[LACUNA_PARAMETERS_VALUE]),
      LACUNA_BUFFER_ARG (self->sets[LACUNA_PARAMETERS_FIRST]), LACUNA_BUFFER_ARG (self->sets[LACUNA_PARAMETERS_SECOND]),
      LACUNA_BUFFER_ARG (self->sets[LACUNA_PARAMETERS_AVERAGE]),
      LACUNA_BUFFER_ARG (self->next[LACUNA_PARAMETERS_VALUE]), LACUNA_BUFFER_ARG (self->next[LACUNA_PARAMETERS_FIRST]),
      LACUNA_BUFFER_ARG (self->next[LACUNA_PARAMETERS_SECOND]),
      LACUNA_BUFFER_ARG (self->next[LACUNA_PARAMETERS_AVERAGE]), LACUNA_INT_ARG (self->n), LACUNA_INT_ARG (first),
      LACUNA_FLOAT_ARG (scale), LACUNA_FLOAT_ARG (rate / (1.0 - pow (BETA_1, t))),
      LACUNA_FLOAT_ARG (1.0 / sqrt (1.0 - pow (BETA_2, t))), LACUNA_FLOAT_ARG (BETA_1), LACUNA_FLOAT_ARG (BETA_2),
      LACUNA_FLOAT_ARG (decay));
}

void
lacuna_parameters_commit (LacunaParameters *self)
{
  for (guint i = 0; i < LACUNA_N_PARAMETERS; i++)
    {
      LacunaBuffer *kept = self->sets[i];

      self->sets[i] = self->next[i];
      self->next[i] = kept;
    }
  self->steps++;
}

gboolean
lacuna_learned_conv_init (LacunaLearnedConv *self, LacunaContext *context, const LacunaConvForm *form, guint wanted,
                          gsize *at, GError **error)
{
  self->form = *form;
  self->conv = lacuna_conv_new_learning (context, form, error);
  if (self->conv == NULL)
    return FALSE;
  self->gradient = lacuna_conv_gradient_new (context, form, wanted, error);
  self->weight = *at;
  self->bias = self->weight + (gsize) form->out * form->in * form->kernel * form->kernel;
  *at = self->bias + form->out;
  return self->gradient != NULL;
}

void
lacuna_learned_conv_clear (LacunaLearnedConv *self)
{
  g_clear_pointer (&self->conv, lacuna_conv_free);
  g_clear_pointer (&self->gradient, lacuna_conv_gradient_free);
}

gboolean
lacuna_learned_conv_pack (LacunaLearnedConv *self, LacunaBuffer *values, GError **error)
{
  const gsize taps = self->form.kernel * self->form.kernel;
  const LacunaConvSource source = { values, self->weight, self->bias, taps * self->form.in, taps, FALSE };

  return lacuna_conv_pack (self->conv, &source, error)
         && lacuna_conv_gradient_pack (self->gradient, values, self->weight, error);
}

void
lacuna_learned_conv_randomize (LacunaLearnedConv *self, GRand *rand, float *values)
{
  const guint taps = self->form.kernel * self->form.kernel;
  const double bound = sqrt (6.0 / ((double) (self->form.in + self->form.out) * taps));

  for (gsize i = self->weight; i < self->bias; i++)
    values[i] = (float) g_rand_double_range (rand, -bound, bound);
  for (gsize i = self->bias; i < self->bias + self->form.out; i++)
    values[i] = 0.0f;
}
