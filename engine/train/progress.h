/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/train/measures.h"
#include "engine/train/options.h"

G_BEGIN_DECLS

/**
 * LacunaTrainingPoint:
 * @step: steps done
 * @losses: averaged since the point before it
 * @held_out: hole L1 in %, NaN where it was not looked at
 *
 * A point of the curves.
 */
typedef struct {
  guint64      step;
  LacunaLosses losses;
  double       held_out;
} LacunaTrainingPoint;

#define LACUNA_TYPE_TRAINING_POINT (lacuna_training_point_get_type ())
GType lacuna_training_point_get_type (void);

/**
 * LACUNA_BASE_NONE:
 *
 * The base of a training which starts from random weights.
 */
#define LACUNA_BASE_NONE "none"

/**
 * LACUNA_TRAINING_PHOTO:
 *
 * With this begin the names of trainings whose model is for one photo alone: they are not listed.
 */
#define LACUNA_TRAINING_PHOTO ".photo-"

/**
 * LacunaTrainingProgress:
 * @name: of the model to be
 * @folder: (type filename): of photos
 * @held_out_folder: (type filename) (nullable): of photos to judge by; %NULL: a part of those of @folder
 * @base: a model, or %LACUNA_BASE_NONE
 * @options: what steers it
 * @step: steps done
 * @seconds: spent on them
 * @rate_factor: halved each time the losses were not finite
 * @n_photos: photos to learn from
 * @n_held_out: photos to judge by
 * @before: of the base, or of the model of that name where it is better
 * @best: of the best so far: at first that of the base
 * @best_step: 0: none is better than the base
 * @n_idle: looks since then
 * @has_looked: at the held-out photos
 * @looked_at: the last time after so many steps
 * @points: (element-type LacunaTrainingPoint): the curves
 *
 * How far a training has come: what its snapshots hold beside the weights.
 */
typedef struct {
  char *name;
  char *folder;
  char *held_out_folder;
  char *base;
  LacunaTrainingOptions options;

  guint64 step;
  double  seconds;
  double  rate_factor;
  guint   n_photos, n_held_out;
  LacunaHeldOutScore before;
  LacunaHeldOutScore best;
  guint64  best_step;
  guint    n_idle;
  gboolean has_looked;
  guint64  looked_at;
  GArray  *points;
} LacunaTrainingProgress;

#define LACUNA_TYPE_TRAINING_PROGRESS (lacuna_training_progress_get_type ())
GType lacuna_training_progress_get_type (void);

LacunaTrainingProgress *lacuna_training_progress_copy (const LacunaTrainingProgress *self);
void                    lacuna_training_progress_free (LacunaTrainingProgress *self);

/**
 * lacuna_training_list:
 *
 * Returns: (transfer full) (array zero-terminated=1): the names of trainings which have a snapshot, sorted
 */
char **lacuna_training_list (void);

/**
 * lacuna_training_get_best_path:
 * @name: of a training
 *
 * Returns: (transfer full) (type filename): where it keeps its best weights so far
 */
char *lacuna_training_get_best_path (const char *name);

/**
 * lacuna_training_get_parts_path:
 * @name: of a training which begins with %LACUNA_TRAINING_PHOTO
 *
 * Returns: (transfer full) (type filename): the folder, to be made by who trains, for the parts of the photo that are
 *   learnt from
 */
char *lacuna_training_get_parts_path (const char *name);

/**
 * lacuna_training_forget_photos:
 *
 * Deletes what trainings whose model is for one photo alone left behind where the program was killed: snapshots, models
 * and parts of the photo. What a running program uses stays.
 */
void lacuna_training_forget_photos (void);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LacunaTrainingProgress, lacuna_training_progress_free)

G_END_DECLS
