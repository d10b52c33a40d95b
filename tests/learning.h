/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* A learner of the golden tiny networks, steps of it on their batch, and what it knows then. */
#include <glib/gstdio.h>

#include "engine/train/learner.h"
#include "engine/weights/weights.h"
#include "tests/context.h"
#include "tests/tiny.h"

static const LacunaLearnerOptions tiny = { TINY_WIDTH, TINY_WIDTH, TINY_SIDE, TINY_WINDOW, 5 };
static const LacunaStepOptions whole_step = { .rate = 1e-4, .critics = TRUE, .adversarial = 0.001, .generator = TRUE,
                                              .decay = 0.5, .reconstruction = 1.2 };

/* The input of the golden training, whose steps differ in t alone. */
typedef struct {
  float *image, *mask, *discount, *t;
  guint corners[2 * TINY_N];
} Input;

static inline void
input_clear (Input *self)
{
  g_free (self->image);
  g_free (self->mask);
  g_free (self->discount);
  g_free (self->t);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Input, input_clear)

static inline Input
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

static inline LacunaLosses
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

static inline LacunaWeights *
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

static inline LacunaWeights *
get_state (LacunaLearner *learner)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (LacunaWeightsWriter) writer = lacuna_weights_writer_new ();

  lacuna_learner_add_state (learner, writer, &error);
  g_assert_no_error (error);
  return save_and_load (writer);
}

/* Of a learner that has the golden weights and has not learned. */
static inline LacunaWeights *
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

static inline LacunaLearner *
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
static inline void
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
