#pragma once

#include "engine/train/held-out.h"
#include "engine/train/learner.h"
#include "engine/train/options.h"

G_BEGIN_DECLS

/* A point of the curves: the losses, averaged since the point before it. */
typedef struct {
  guint64      step;
  LacunaLosses losses;
  double       held_out; /* hole L1 in %, NaN where it was not looked at */
} LacunaTrainingPoint;

/* The base of a training which starts from random weights. */
#define LACUNA_BASE_NONE "none"

/* How far a training has come: what its snapshots hold beside the weights. */
typedef struct {
  char *name;   /* of the model to be */
  char *folder; /* of photos */
  char *held_out_folder; /* of photos to judge by; NULL: a part of those of folder */
  char *base;   /* model, or LACUNA_BASE_NONE */
  LacunaTrainingOptions options;

  guint64 step;         /* steps done */
  double  seconds;      /* spent on them */
  double  rate_factor;  /* halved each time the losses were not finite */
  guint   n_photos, n_held_out;
  LacunaHeldOutScore before; /* of the base, or of the model of that name where it is better */
  LacunaHeldOutScore best;   /* of the best so far: at first that of the base */
  guint64 best_step;    /* 0: none is better than the base */
  guint   n_idle;       /* looks since then */
  gboolean has_looked;  /* at the held-out photos, the last time after step looked_at */
  guint64 looked_at;
  GArray *points;       /* of LacunaTrainingPoint */
} LacunaTrainingProgress;

LacunaTrainingProgress *lacuna_training_progress_new  (const char *name, const char *folder, const char *base,
                                                       const LacunaTrainingOptions *options);
void                    lacuna_training_progress_free (LacunaTrainingProgress *self);

/* As JSON text and back. LACUNA_ERROR_FORMAT. */
char                   *lacuna_training_progress_to_json   (const LacunaTrainingProgress *self);
LacunaTrainingProgress *lacuna_training_progress_from_json (const char *json, GError **error);

/* Where the training of a model of that name keeps its snapshots: the last
 * state, and the best weights. */
char *lacuna_training_get_state_path (const char *name);
char *lacuna_training_get_best_path  (const char *name);

/* Of the last snapshot. LACUNA_ERROR_FILE where there is none, _FORMAT. */
LacunaTrainingProgress *lacuna_training_progress_load (const char *name, LacunaWeights **ret_state, GError **error);

/* With this begin the names of trainings whose model is for one photo alone: they are not listed. */
#define LACUNA_TRAINING_PHOTO ".photo-"

/* The names of trainings which have a snapshot, sorted. */
char **lacuna_training_list (void);

/* Deletes the snapshots. */
void lacuna_training_forget (const char *name);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LacunaTrainingProgress, lacuna_training_progress_free)

G_END_DECLS
