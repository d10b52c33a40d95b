/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/photo/mask.h"
#include "engine/train/progress.h"

G_BEGIN_DECLS

/**
 * LacunaTrainingPhase:
 * @LACUNA_TRAINING_READING: the folder
 * @LACUNA_TRAINING_PREPARING: kernels are built, weights loaded
 * @LACUNA_TRAINING_LEARNING: steps are done
 * @LACUNA_TRAINING_LOOKING: at the held-out photos
 *
 * What a training is doing.
 */
typedef enum {
  LACUNA_TRAINING_READING,
  LACUNA_TRAINING_PREPARING,
  LACUNA_TRAINING_LEARNING,
  LACUNA_TRAINING_LOOKING,
} LacunaTrainingPhase;

/**
 * LacunaTrainingSample:
 * @truth: the crop
 * @filled: the same refilled
 * @mask: its hole
 *
 * A held-out crop refilled.
 */
typedef struct {
  LacunaPhoto *truth, *filled;
  LacunaMask  *mask;
} LacunaTrainingSample;

#define LACUNA_TYPE_TRAINING_SAMPLE (lacuna_training_sample_get_type ())
GType lacuna_training_sample_get_type (void);

LacunaTrainingSample *lacuna_training_sample_copy (const LacunaTrainingSample *self);
void                  lacuna_training_sample_free (LacunaTrainingSample *self);

/**
 * LacunaTrainingReport:
 * @phase: what it is doing
 * @n_read: files read, while reading
 * @n_files: files of the folder
 * @step: steps done
 * @steps: steps in all
 * @n_photos: photos to learn from
 * @n_held_out: photos to judge by
 * @images_per_second: NaN where it is not known yet
 * @seconds_left: NaN where it is not known yet
 * @before: of the base; NaN until it was looked at
 * @best: of the best so far; NaN until the base was looked at
 * @best_step: 0: none is better than the base
 * @has_point: whether @point is one
 * @point: of the curves
 * @note: (nullable): something out of the ordinary, a sentence
 * @samples: (nullable) (element-type LacunaTrainingSample): held-out crops refilled
 *
 * What a training tells on its way.
 */
typedef struct {
  LacunaTrainingPhase phase;
  guint   n_read, n_files;
  guint64 step, steps;
  guint   n_photos, n_held_out;
  double  images_per_second;
  double  seconds_left;
  LacunaHeldOutScore before, best;
  guint64 best_step;
  gboolean            has_point;
  LacunaTrainingPoint point;
  char      *note;
  GPtrArray *samples;
} LacunaTrainingReport;

#define LACUNA_TYPE_TRAINING_REPORT (lacuna_training_report_get_type ())
GType lacuna_training_report_get_type (void);

LacunaTrainingReport *lacuna_training_report_copy (const LacunaTrainingReport *self);
void                  lacuna_training_report_free (LacunaTrainingReport *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LacunaTrainingSample, lacuna_training_sample_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LacunaTrainingReport, lacuna_training_report_free)

G_END_DECLS
