#pragma once

#include "engine/fill/engine.h"
#include "engine/train/folder.h"
#include "engine/train/report.h"

G_BEGIN_DECLS

/* A training: learns from a folder of photos on the engine's thread, tells how
 * it goes, and can be paused, stopped, kept and thrown away. */
#define LACUNA_TYPE_TRAINER (lacuna_trainer_get_type ())
G_DECLARE_FINAL_TYPE (LacunaTrainer, lacuna_trainer, LACUNA, TRAINER, GObject)

/* A new one. name: of the model to be, by which its snapshots are found; those
 * of an earlier training of that name go when it starts; one that begins with
 * LACUNA_TRAINING_PHOTO is not to be kept. base: a model, or
 * LACUNA_BASE_NONE for random weights, or NULL for the default model.
 * LACUNA_ERROR_UNFIT: the name or one of the options is. */
LacunaTrainer *lacuna_trainer_new    (LacunaEngine *engine, const char *name, const char *folder, const char *base,
                                      const LacunaTrainingOptions *options, GError **error);

/* One to go on with, from its last snapshot. Errors of lacuna_training_progress_load. */
LacunaTrainer *lacuna_trainer_resume (LacunaEngine *engine, const char *name, GError **error);

/* How far it has come. Not to be looked at while it runs. */
const LacunaTrainingProgress *lacuna_trainer_get_progress (LacunaTrainer *self);
/* The photos it learns from; NULL before they were read. */
LacunaPhotoFolder            *lacuna_trainer_get_photos   (LacunaTrainer *self);

/* Judges by the photos of another folder, all of them and no others, so that trainings compare, and learns from all of
 * its own. Before it runs for the first time. */
void lacuna_trainer_set_held_out (LacunaTrainer *self, const char *folder);

/* Other numbers of steps for one that goes on. Not while it runs. */
void lacuna_trainer_set_steps (LacunaTrainer *self, guint steps);

/* Whether there is a snapshot to go on from. */
gboolean lacuna_trainer_has_snapshot (LacunaTrainer *self);

/* Runs until all steps are done, or it is paused or stopped. Another training of
 * that name, of any process, is refused meanwhile: LACUNA_ERROR_UNFIT. func is called in
 * the caller's main context and never after callback. A paused one may be run
 * again. Errors of the folder, the base model, the snapshots and the device. */
typedef void (*LacunaTrainerFunc) (const LacunaTrainingReport *report, gpointer data);
void     lacuna_trainer_run_async  (LacunaTrainer *self, LacunaTrainerFunc func, gpointer func_data,
                                    GAsyncReadyCallback callback, gpointer data);
/* ret_is_over: FALSE where it was paused. */
gboolean lacuna_trainer_run_finish (LacunaTrainer *self, GAsyncResult *result, gboolean *ret_is_over, GError **error);

void     lacuna_trainer_pause (LacunaTrainer *self); /* soon, with a snapshot */
void     lacuna_trainer_stop  (LacunaTrainer *self); /* as if its steps were over */

/* Whether the best model is better on the held-out photos than what it came
 * from or would replace. */
gboolean lacuna_trainer_is_better (LacunaTrainer *self);

/* Puts it into the user's library. As lacuna_keeper_publish. */
gboolean lacuna_trainer_keep    (LacunaTrainer *self, GError **error);
void     lacuna_trainer_discard (LacunaTrainer *self);

G_END_DECLS
