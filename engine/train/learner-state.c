/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A learner as tensors of a safetensors file, and back: the running average as a model, or all sets of parameters and
 * the counts of steps as a snapshot. Both are visited in the same order under the same names, and nothing on the device
 * changes before all tensors were read. It runs on the engine's thread. */
#include "engine/train/learner-private.h"
#include "engine/weights/weights.h"

static const char *const critic_names[N_CRITICS] = { "global", "local" };
static const char *const set_names[LACUNA_N_PARAMETERS] = { "value", "first", "second", "average" };

typedef gboolean (*VisitTensor) (LacunaLearner *self, const char *name, guint n_dims, const guint *dims, float *values,
                                 gpointer data, GError **error);

static gboolean
visit_layer (LacunaLearner *self, const char *prefix, const char *name, guint n_dims, const guint *dims, float *weight,
             guint n_bias, float *bias, VisitTensor visit, gpointer data, GError **error)
{
  g_autofree char *weight_name = g_strconcat (prefix, name, ".weight", NULL);
  g_autofree char *bias_name = g_strconcat (prefix, name, ".bias", NULL);

  return visit (self, weight_name, n_dims, dims, weight, data, error)
         && visit (self, bias_name, 1, &n_bias, bias, data, error);
}

/* Visits all of the generator's tensors, within values. */
static gboolean
visit_generator (LacunaLearner *self, const char *prefix, float *values, VisitTensor visit, gpointer data,
                 GError **error)
{
  for (guint i = 0; i < LACUNA_N_LAYERS; i++)
    {
      const LacunaLearnedConv *layer = lacuna_trainable_get_layer (self->network, i);
      const guint dims[] = { layer->form.out, layer->form.in, layer->form.kernel, layer->form.kernel };

      if (!visit_layer (self, prefix, lacuna_layer_get (i)->name, 4, dims, values + layer->weight, layer->form.out,
                        values + layer->bias, visit, data, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
visit_critics (LacunaLearner *self, const char *prefix, float *values, VisitTensor visit, gpointer data, GError **error)
{
  for (guint i = 0; i < N_CRITICS; i++)
    for (guint j = 0; j <= LACUNA_CRITIC_LAYERS; j++)
      {
        g_autofree char *name = j < LACUNA_CRITIC_LAYERS ? g_strdup_printf ("%s.conv%u", critic_names[i], j + 1)
                                                         : g_strdup_printf ("%s.fc", critic_names[i]);
        gsize weight, bias;
        guint dims[4], n_dims = lacuna_critic_get_layer (self->critics[i], j, &weight, &bias, dims);

        if (!visit_layer (self, prefix, name, n_dims, dims, values + weight, j < LACUNA_CRITIC_LAYERS ? dims[0] : 1,
                          values + bias, visit, data, error))
          return FALSE;
      }
  return TRUE;
}

typedef struct {
  LacunaWeightsWriter *writer;
  LacunaWeightsType type;
} Writing;

static gboolean
write_tensor (LacunaLearner *self, const char *name, guint n_dims, const guint *dims, float *values, gpointer data,
              GError **error)
{
  const Writing *writing = data;

  lacuna_weights_writer_add (writing->writer, name, writing->type, n_dims, dims, values);
  return TRUE;
}

static gboolean
read_tensor (LacunaLearner *self, const char *name, guint n_dims, const guint *dims, float *values, gpointer data,
             GError **error)
{
  g_autofree float *read = lacuna_weights_read (data, name, n_dims, dims, error);
  gsize n = 1;

  if (read == NULL)
    return FALSE;
  for (guint i = 0; i < n_dims; i++)
    n *= dims[i];
  memcpy (values, read, n * sizeof (float));
  return TRUE;
}

static float *
read_set (LacunaParameters *parameters, LacunaParametersSet set, GError **error)
{
  g_autofree float *values = lacuna_learner_allocate (parameters->n, error);

  if (values == NULL || !lacuna_parameters_read (parameters, set, values, error))
    return NULL;
  return g_steal_pointer (&values);
}

gboolean
lacuna_learner_add_average (LacunaLearner *self, LacunaWeightsWriter *writer, LacunaWeightsType type, GError **error)
{
  Writing writing = { writer, type };
  g_autofree float *values = read_set (self->generator, LACUNA_PARAMETERS_AVERAGE, error);

  return values != NULL && visit_generator (self, "", values, write_tensor, &writing, error);
}

gboolean
lacuna_learner_add_state (LacunaLearner *self, LacunaWeightsWriter *writer, GError **error)
{
  const float steps[] = { (float) self->generator->steps, (float) self->critic->steps };
  Writing writing = { writer, LACUNA_TYPE_F32 };

  for (guint i = 0; i < LACUNA_N_PARAMETERS; i++)
    {
      g_autofree char *prefix = g_strconcat (set_names[i], ".", NULL);
      g_autofree float *generator = read_set (self->generator, i, error);
      g_autofree float *critic = generator != NULL ? read_set (self->critic, i, error) : NULL;

      if (critic == NULL || !visit_generator (self, prefix, generator, write_tensor, &writing, error)
          || !visit_critics (self, prefix, critic, write_tensor, &writing, error))
        return FALSE;
    }
  lacuna_weights_writer_add (writer, "steps", LACUNA_TYPE_F32, 1, (guint[]){ G_N_ELEMENTS (steps) }, steps);
  return TRUE;
}

gboolean
lacuna_learner_load_state (LacunaLearner *self, LacunaWeights *state, GError **error)
{
  g_autofree float *steps = lacuna_weights_read (state, "steps", 1, (guint[]){ 2 }, error);
  g_autofree float *generator = NULL, *critic = NULL;

  if (steps == NULL || (generator = lacuna_learner_allocate (LACUNA_N_PARAMETERS * self->generator->n, error)) == NULL
      || (critic = lacuna_learner_allocate (LACUNA_N_PARAMETERS * self->critic->n, error)) == NULL)
    return FALSE;
  for (guint i = 0; i < LACUNA_N_PARAMETERS; i++)
    {
      g_autofree char *prefix = g_strconcat (set_names[i], ".", NULL);

      if (!visit_generator (self, prefix, generator + i * self->generator->n, read_tensor, state, error)
          || !visit_critics (self, prefix, critic + i * self->critic->n, read_tensor, state, error))
        return FALSE;
    }
  self->stale = TRUE;
  for (guint i = 0; i < LACUNA_N_PARAMETERS; i++)
    if (!lacuna_parameters_write (self->generator, i, generator + i * self->generator->n, error)
        || !lacuna_parameters_write (self->critic, i, critic + i * self->critic->n, error))
      return FALSE;
  self->generator->steps = (guint) steps[0];
  self->critic->steps = (guint) steps[1];
  return TRUE;
}

gboolean
lacuna_learner_load_critics (LacunaLearner *self, LacunaWeights *critics, GError **error)
{
  g_autofree float *values = lacuna_learner_allocate (self->critic->n, error);

  if (values == NULL || !visit_critics (self, "", values, read_tensor, critics, error))
    return FALSE;
  self->stale = TRUE;
  return lacuna_parameters_write (self->critic, LACUNA_PARAMETERS_VALUE, values, error);
}

LacunaGenerator *
lacuna_learner_get_generator (LacunaLearner *self, GError **error)
{
  g_autofree float *values = read_set (self->generator, LACUNA_PARAMETERS_AVERAGE, error);

  return values != NULL
             ? lacuna_generator_new_from_values (self->context, self->options.width, values, NULL, NULL, error)
             : NULL;
}
