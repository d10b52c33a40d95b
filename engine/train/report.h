#pragma once

#include "engine/train/progress.h"

G_BEGIN_DECLS

typedef enum {
  LACUNA_TRAINING_READING,   /* the folder */
  LACUNA_TRAINING_PREPARING, /* building kernels, loading weights */
  LACUNA_TRAINING_LEARNING,
  LACUNA_TRAINING_LOOKING,   /* at the held-out photos */
} LacunaTrainingPhase;

/* A held-out crop refilled. */
typedef struct {
  LacunaPhoto *truth, *filled;
  LacunaMask  *mask;
} LacunaTrainingSample;

/* What a training tells on its way. */
typedef struct {
  LacunaTrainingPhase phase;
  guint   n_read, n_files;     /* while reading */
  guint64 step, steps;
  guint   n_photos, n_held_out;
  double  images_per_second;   /* NaN where it is not known yet, and so below */
  double  seconds_left;
  LacunaHeldOutScore before, best; /* NaN until the base was looked at */
  guint64 best_step;
  gboolean            has_point; /* of the curves */
  LacunaTrainingPoint point;
  char      *note;    /* something out of the ordinary, a sentence, or NULL */
  GPtrArray *samples; /* of LacunaTrainingSample, or NULL */
} LacunaTrainingReport;

LacunaTrainingReport *lacuna_training_report_new  (LacunaTrainingPhase phase, const LacunaTrainingProgress *progress);
void                  lacuna_training_report_free (LacunaTrainingReport *self);

void                  lacuna_training_sample_free (LacunaTrainingSample *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LacunaTrainingReport, lacuna_training_report_free)

G_END_DECLS
