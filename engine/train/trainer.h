/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/fill/engine.h"
#include "engine/train/folder.h"
#include "engine/train/report.h"

G_BEGIN_DECLS

/**
 * LacunaTrainer:
 *
 * A training: learns from a folder of photos on the engine's thread, tells how it goes, and can be cancelled and gone on
 * with, stopped, kept and thrown away.
 */
#define LACUNA_TYPE_TRAINER (lacuna_trainer_get_type ())
G_DECLARE_FINAL_TYPE (LacunaTrainer, lacuna_trainer, LACUNA, TRAINER, GObject)

/**
 * lacuna_trainer_new:
 * @engine: on whose thread it runs; fills go before it
 * @name: of the model to be, by which its snapshots are found; those of an earlier training of that name go when it
 *   starts; one that begins with %LACUNA_TRAINING_PHOTO is not to be kept
 * @folder: (type filename): of photos
 * @base: (nullable): a model, or %LACUNA_BASE_NONE for random weights, or %NULL for the default model
 * @options: what steers it
 * @error: %LACUNA_ERROR_UNFIT: the name or one of the options is
 *
 * Returns: (transfer full): a new training
 */
LacunaTrainer *lacuna_trainer_new (LacunaEngine *engine, const char *name, const char *folder, const char *base,
                                   const LacunaTrainingOptions *options, GError **error);

/**
 * lacuna_trainer_resume: (constructor)
 * @engine: on whose thread it runs
 * @name: of a training that has a snapshot
 * @error: %LACUNA_ERROR_FILE: there is none; %LACUNA_ERROR_FORMAT
 *
 * Returns: (transfer full): one to go on with
 */
LacunaTrainer *lacuna_trainer_resume (LacunaEngine *engine, const char *name, GError **error);

/**
 * lacuna_trainer_get_progress:
 *
 * Returns: (transfer none): how far it has come; not to be looked at while it runs
 */
const LacunaTrainingProgress *lacuna_trainer_get_progress (LacunaTrainer *self);

/**
 * lacuna_trainer_get_photos:
 *
 * Returns: (transfer none) (nullable): the photos it learns from; %NULL before they were read
 */
LacunaPhotoFolder *lacuna_trainer_get_photos (LacunaTrainer *self);

/**
 * lacuna_trainer_set_held_out:
 * @folder: (type filename): of photos
 *
 * Judges by the photos of another folder, all of them and no others, so that trainings compare, and learns from all of
 * its own. Before it runs for the first time.
 */
void lacuna_trainer_set_held_out (LacunaTrainer *self, const char *folder);

/**
 * lacuna_trainer_set_steps:
 * @steps: in all
 *
 * Another number of steps for one that goes on. Not while it runs.
 */
void lacuna_trainer_set_steps (LacunaTrainer *self, guint steps);

/**
 * lacuna_trainer_has_snapshot:
 *
 * Returns: whether there is a snapshot to go on from
 */
gboolean lacuna_trainer_has_snapshot (LacunaTrainer *self);

/**
 * LacunaTrainerFunc:
 * @report: valid during the call
 * @data: (closure): given beside the function
 *
 * Told how a training goes.
 */
typedef void (*LacunaTrainerFunc) (const LacunaTrainingReport *report, gpointer data);

/**
 * lacuna_trainer_run_async:
 * @progress: (nullable) (scope notified) (closure progress_data): called in the caller's main context and never after
 *   @callback
 * @progress_data: for @progress
 * @cancellable: (nullable): to end it soon, with a snapshot
 * @callback: (scope async) (closure data): called when it is over
 * @data: for @callback
 *
 * Runs until all steps are done, or it is cancelled or stopped. Another training of that name, of any process, is refused
 * meanwhile. A cancelled one may be run again and goes on from its snapshot.
 */
void lacuna_trainer_run_async (LacunaTrainer *self, LacunaTrainerFunc progress, gpointer progress_data,
                               GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data);

/**
 * lacuna_trainer_run_finish:
 * @result: what the callback was given
 * @error: %G_IO_ERROR_CANCELLED, also where it was stopped before it could learn; %LACUNA_ERROR_UNFIT: another one goes
 *   on; and those of the folder, the base model, the snapshots and the device
 *
 * Returns: whether its steps are over
 */
gboolean lacuna_trainer_run_finish (LacunaTrainer *self, GAsyncResult *result, GError **error);

/**
 * lacuna_trainer_stop:
 *
 * Ends the run soon, as if its steps were over.
 */
void lacuna_trainer_stop (LacunaTrainer *self);

/**
 * lacuna_trainer_is_better:
 *
 * Returns: whether the best model is better on the held-out photos than what it came from or would replace
 */
gboolean lacuna_trainer_is_better (LacunaTrainer *self);

/**
 * lacuna_trainer_keep:
 * @error: %LACUNA_ERROR_UNFIT: it isn't better than what it came from or would replace; %LACUNA_ERROR_FILE
 *
 * Puts the best model into the user's library, and deletes the snapshots, which else stay.
 *
 * Returns: whether it is there
 */
gboolean lacuna_trainer_keep (LacunaTrainer *self, GError **error);

/**
 * lacuna_trainer_keep_worse:
 * @error: %LACUNA_ERROR_FILE
 *
 * As [method@Trainer.keep], though it isn't better; where nothing was, what was looked at last.
 *
 * Returns: whether it is there
 */
gboolean lacuna_trainer_keep_worse (LacunaTrainer *self, GError **error);

/**
 * lacuna_trainer_discard:
 *
 * Deletes the snapshots.
 */
void lacuna_trainer_discard (LacunaTrainer *self);

G_END_DECLS
