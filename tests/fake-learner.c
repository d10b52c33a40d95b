/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/fake-learner.h"

#include <glib/gstdio.h>
#include <unistd.h>

#include "engine/error.h"
#include "engine/weights/weights.h"
#include "tests/golden.h"

#define DRIFTING "allconv17.bias"

double fake_learner_drift;
guint64 fake_learner_nan_at, fake_learner_lost_at, fake_learner_n_steps;
guint fake_learner_max_items, fake_learner_pause;
gint fake_learner_is_held;

struct _LacunaLearner {
  LacunaContext *context;
  LacunaWeights *base;
  LacunaLearnerOptions options;
  float drift, trace; /* the state */
};

LacunaLearner *
lacuna_learner_new (LacunaContext *context, const LacunaLearnerOptions *options, LacunaWeights *base, GError **error)
{
  LacunaLearner *self = g_new0 (LacunaLearner, 1);

  while (g_atomic_int_get (&fake_learner_is_held))
    g_usleep (1000);
  self->context = g_object_ref (context);
  self->options = *options;
  self->base = base != NULL ? lacuna_weights_ref (base) : golden_load ("generator_tiny_oihw");
  return self;
}

void
lacuna_learner_free (LacunaLearner *self)
{
  if (self == NULL)
    return;
  lacuna_weights_unref (self->base);
  g_object_unref (self->context);
  g_free (self);
}

static float
add_up (const float *values, gsize n)
{
  float sum = 0.0f;

  for (gsize i = 0; i < n; i++)
    sum += values[i];
  return sum;
}

gboolean
lacuna_learner_step (LacunaLearner *self, const LacunaBatch *batch, const LacunaStepOptions *options,
                     LacunaLearnerPause pause, gpointer data, LacunaLosses *ret_losses, GError **error)
{
  gsize plane = (gsize) batch->side * batch->side;

  fake_learner_n_steps++;
  for (guint k = 0; k < fake_learner_pause / 1000; k++)
    {
      g_usleep (1000);
      if (pause != NULL && !pause (data, error))
        return FALSE;
    }
  if (fake_learner_n_steps == fake_learner_lost_at)
    {
      g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_DEVICE, "The device is lost.");
      return FALSE;
    }
  self->drift += (float) (fake_learner_drift * options->rate);
  self->trace = 0.9f * self->trace + add_up (batch->image, batch->n * 3 * plane) / plane
                + add_up (batch->discount, batch->n * plane) / plane;
  *ret_losses = (LacunaLosses){ .l1 = self->trace, .reconstruction = batch->corners[0], .l1_coarse = batch->t[0],
                                .l1_refined = self->drift };
  if (fake_learner_n_steps == fake_learner_nan_at)
    ret_losses->l1 = NAN;
  return TRUE;
}

guint64
lacuna_learner_get_memory (LacunaLearner *self, guint n, gboolean critics)
{
  return fake_learner_max_items == 0 || n <= fake_learner_max_items ? 0 : G_MAXUINT64;
}

gboolean
lacuna_learner_add_average (LacunaLearner *self, LacunaWeightsWriter *writer, LacunaWeightsType type, GError **error)
{
  for (guint i = 0; i < lacuna_weights_get_n_entries (self->base); i++)
    {
      const LacunaWeightsEntry *entry = lacuna_weights_get_entry (self->base, i);
      g_autofree float *values = lacuna_weights_read (self->base, entry->name, entry->n_dims, entry->dims, error);

      if (values == NULL)
        return FALSE;
      for (gsize k = 0; g_str_equal (entry->name, DRIFTING) && k < entry->n_elements; k++)
        values[k] += self->drift;
      lacuna_weights_writer_add (writer, entry->name, type, entry->n_dims, entry->dims, values);
    }
  return TRUE;
}

gboolean
lacuna_learner_add_state (LacunaLearner *self, LacunaWeightsWriter *writer, GError **error)
{
  lacuna_weights_writer_add (writer, "state", LACUNA_TYPE_F32, 1, (guint[]){ 2 },
                             (float[]){ self->drift, self->trace });
  return TRUE;
}

gboolean
lacuna_learner_load_state (LacunaLearner *self, LacunaWeights *state, GError **error)
{
  g_autofree float *values = lacuna_weights_read (state, "state", 1, (guint[]){ 2 }, error);

  if (values == NULL)
    return FALSE;
  self->drift = values[0];
  self->trace = values[1];
  return TRUE;
}

gboolean
lacuna_learner_load_critics (LacunaLearner *self, LacunaWeights *critics, GError **error)
{
  g_autofree float *values = lacuna_weights_read (critics, "critics", 1, (guint[]){ 1 }, error);

  if (values == NULL)
    return FALSE;
  self->trace = values[0];
  return TRUE;
}

LacunaGenerator *
lacuna_learner_get_generator (LacunaLearner *self, GError **error)
{
  g_autoptr (LacunaWeightsWriter) writer = lacuna_weights_writer_new ();
  g_autofree char *path = g_strdup_printf ("%s/fake-average-%d.safetensors", g_get_tmp_dir (), (int) getpid ());
  g_autoptr (LacunaWeights) average = NULL;

  if (!lacuna_learner_add_average (self, writer, LACUNA_TYPE_F32, error)
      || !lacuna_weights_writer_save (writer, path, error))
    return NULL;
  average = lacuna_weights_load (path, error);
  g_unlink (path);
  return average != NULL ? lacuna_generator_new (self->context, average, NULL, NULL, error) : NULL;
}
