/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/train/report-private.h"

#include <math.h>

static LacunaLosses *
losses_copy (const LacunaLosses *self)
{
  return g_memdup2 (self, sizeof *self);
}

static LacunaHeldOutScore *
score_copy (const LacunaHeldOutScore *self)
{
  return g_memdup2 (self, sizeof *self);
}

static LacunaTrainingPoint *
point_copy (const LacunaTrainingPoint *self)
{
  return g_memdup2 (self, sizeof *self);
}

G_DEFINE_BOXED_TYPE (LacunaLosses, lacuna_losses, losses_copy, g_free)
G_DEFINE_BOXED_TYPE (LacunaHeldOutScore, lacuna_held_out_score, score_copy, g_free)
G_DEFINE_BOXED_TYPE (LacunaTrainingPoint, lacuna_training_point, point_copy, g_free)
G_DEFINE_BOXED_TYPE (LacunaTrainingSample, lacuna_training_sample, lacuna_training_sample_copy,
                     lacuna_training_sample_free)
G_DEFINE_BOXED_TYPE (LacunaTrainingReport, lacuna_training_report, lacuna_training_report_copy,
                     lacuna_training_report_free)

LacunaTrainingReport *
lacuna_training_report_new (LacunaTrainingPhase phase, const LacunaTrainingProgress *progress)
{
  LacunaTrainingReport *self = g_new0 (LacunaTrainingReport, 1);

  self->phase = phase;
  self->step = progress->step;
  self->steps = progress->options.steps;
  self->n_photos = progress->n_photos;
  self->n_held_out = progress->n_held_out;
  self->images_per_second = NAN;
  self->seconds_left = NAN;
  self->before = progress->before;
  self->best = progress->best;
  self->best_step = progress->best_step;
  return self;
}

LacunaTrainingReport *
lacuna_training_report_copy (const LacunaTrainingReport *self)
{
  LacunaTrainingReport *copy = g_memdup2 (self, sizeof *self);

  copy->note = g_strdup (self->note);
  if (copy->samples != NULL)
    g_ptr_array_ref (copy->samples);
  return copy;
}

void
lacuna_training_report_free (LacunaTrainingReport *self)
{
  if (self == NULL)
    return;
  g_free (self->note);
  g_clear_pointer (&self->samples, g_ptr_array_unref);
  g_free (self);
}

LacunaTrainingSample *
lacuna_training_sample_copy (const LacunaTrainingSample *self)
{
  LacunaTrainingSample *copy = g_memdup2 (self, sizeof *self);

  g_object_ref (copy->truth);
  g_object_ref (copy->filled);
  lacuna_mask_ref (copy->mask);
  return copy;
}

void
lacuna_training_sample_free (LacunaTrainingSample *self)
{
  if (self == NULL)
    return;
  g_object_unref (self->truth);
  g_object_unref (self->filled);
  lacuna_mask_unref (self->mask);
  g_free (self);
}
