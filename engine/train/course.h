/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/fill/engine.h"
#include "engine/train/batch.h"
#include "engine/train/held-out.h"
#include "engine/train/learner.h"
#include "engine/train/report.h"

G_BEGIN_DECLS

/* One run of a training on the engine's thread. */
typedef struct {
  LacunaTrainingProgress *progress; /* in and out; replaced where the run goes back to a snapshot */
  gboolean                resume;   /* from the last snapshot, which progress came from */
  LacunaPhotoCache       *cache;
  GPtrArray              *learnt, *held_out; /* paths */
  int                    *is_stopped; /* atomic: be content with the steps done */
  GCancellable           *hurry;    /* cancelled where it is cancelled or stopped: what can be cut short is */
  void                  (*report) (LacunaTrainingReport *report, gpointer data); /* takes it; called in the engine's thread */
  gpointer                data;
  gboolean                has_snapshot; /* out: there is one to go on from */
} LacunaTrainingRun;

/* A run under way: what it has open on the device, and what it has not told yet. */
typedef struct {
  LacunaTrainingRun *run;
  LacunaEngine      *engine;
  GCancellable      *cancellable;

  LacunaContext *context; /* the engine's session's */
  LacunaLearner *learner;
  LacunaBatches *batches;
  LacunaHeldOut *held_out;
  guint          parts; /* of a batch */
  guint          n_faults, n_lost;

  LacunaLosses sum; /* since the last point */
  guint        n_generator, n_critics; /* steps in it */
  gint64       last_snapshot, last_report, last_time; /* microseconds */
  double       seconds_per_step; /* running mean, 0: none yet */
} LacunaCourse;

void lacuna_course_clear (LacunaCourse *self);

/* The learner goes, and the engine's session has its context back. */
void lacuna_course_leave_device (LacunaCourse *self);

const char *lacuna_course_get_device_name (LacunaCourse *self);

/* Report to the owner of the run. point and samples may be NULL; samples is taken. */
void lacuna_course_tell      (LacunaCourse *self, LacunaTrainingPhase phase, const LacunaTrainingPoint *point,
                              GPtrArray *samples);
void lacuna_course_tell_note (LacunaCourse *self, const char *format, ...) G_GNUC_PRINTF (2, 3);

/* Lets fills go first; called between pieces of work. data: the course. G_IO_ERROR_CANCELLED: it was cancelled or
 * stopped. */
gboolean lacuna_course_give_way (gpointer data, GError **error);

gboolean lacuna_course_open_photos  (LacunaCourse *self, GError **error);
/* Makes the learner on the session's device. state: a snapshot's weights, which it goes on from; NULL: it begins with
 * the base model. */
gboolean lacuna_course_open_learner (LacunaCourse *self, LacunaWeights *state, GError **error);
gboolean lacuna_course_save         (LacunaCourse *self, GError **error);

/* Take the losses since the last point together, and add them to the curves. held_out: NaN where nobody looked. */
LacunaTrainingPoint lacuna_course_take_point (LacunaCourse *self);
void                lacuna_course_add_point  (LacunaCourse *self, double held_out, GPtrArray *samples);

/* Looks at the held-out photos, and keeps the weights where they are the best so far. */
gboolean lacuna_course_look (LacunaCourse *self, GError **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (LacunaCourse, lacuna_course_clear)

G_END_DECLS
