/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/train/report-private.h"

#include <math.h>

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

void
lacuna_training_report_free (LacunaTrainingReport *self)
{
  if (self == NULL)
    return;
  g_free (self->note);
  g_clear_pointer (&self->samples, g_ptr_array_unref);
  g_free (self);
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
