/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A training as its owner sees it: reads the photos, then runs on the engine, then ends its task. While it runs,
 * `progress` belongs to the engine's thread, which may replace it, and is taken back when the run ends; `wish` and
 * `cancellable` are all that others change. Methods and callbacks are for the thread of the caller's main context;
 * photos are read on a worker, and reports come through a LacunaReporter. */
#include "engine/train/trainer.h"

#include "engine/error.h"
#include "engine/fill/work.h"
#include "engine/jobs/reporter.h"
#include "engine/train/folder-private.h"
#include "engine/train/keeper.h"
#include "engine/train/lock.h"
#include "engine/train/options-private.h"
#include "engine/train/report-private.h"
#include "engine/train/run.h"
#include "engine/train/snapshot.h"
#include "engine/weights/model-name.h"

struct _LacunaTrainer {
  GObject parent_instance;

  LacunaEngine           *engine;
  LacunaTrainingProgress *progress;
  LacunaPhotoFolder      *photos;
  LacunaPhotoFolder      *held_out; /* NULL: a part of photos */
  gboolean                has_snapshot;
  LacunaTrainingLock     *name_lock; /* while it runs */
  int                     is_stopped; /* atomic */

  /* These are set while it runs. */
  LacunaTrainingRun run;
  GCancellable     *cancellable; /* the caller's */
  gulong            handler;
  GCancellable     *hurry; /* of reading the folder and of what else can be cut short */
  GTask            *task;
  LacunaReporter   *reporter; /* of LacunaTrainingReport */
};

G_DEFINE_FINAL_TYPE (LacunaTrainer, lacuna_trainer, G_TYPE_OBJECT)

static LacunaTrainer *
trainer_new (LacunaEngine *engine, LacunaTrainingProgress *progress, gboolean has_snapshot)
{
  LacunaTrainer *self = g_object_new (LACUNA_TYPE_TRAINER, NULL);

  self->engine = g_object_ref (engine);
  self->progress = progress;
  self->has_snapshot = has_snapshot;
  return self;
}

LacunaTrainer *
lacuna_trainer_new (LacunaEngine *engine, const char *name, const char *folder, const char *base,
                    const LacunaTrainingOptions *options, GError **error)
{
  g_autofree char *absolute = g_canonicalize_filename (folder, NULL);

  gboolean is_for_photo = g_str_has_prefix (name, LACUNA_TRAINING_PHOTO);

  if ((!is_for_photo && !lacuna_models_check_name (name, error)) || !lacuna_training_options_check (options, error))
    return NULL;
  return trainer_new (engine, lacuna_training_progress_new (name, absolute, base != NULL ? base : "default", options),
                      FALSE);
}

LacunaTrainer *
lacuna_trainer_resume (LacunaEngine *engine, const char *name, GError **error)
{
  LacunaTrainingProgress *progress;

  if (!lacuna_models_check_name (name, error) || (progress = lacuna_training_progress_load (name, NULL, error)) == NULL)
    return NULL;
  return trainer_new (engine, progress, TRUE);
}

const LacunaTrainingProgress *
lacuna_trainer_get_progress (LacunaTrainer *self)
{
  return self->progress;
}

LacunaPhotoFolder *
lacuna_trainer_get_photos (LacunaTrainer *self)
{
  return self->photos;
}

gboolean
lacuna_trainer_has_snapshot (LacunaTrainer *self)
{
  return self->has_snapshot;
}

void
lacuna_trainer_set_held_out (LacunaTrainer *self, const char *folder)
{
  g_free (self->progress->held_out_folder);
  self->progress->held_out_folder = g_canonicalize_filename (folder, NULL);
}

void
lacuna_trainer_set_steps (LacunaTrainer *self, guint steps)
{
  self->progress->options.steps = steps;
}

/* Whether a newer report says all that this one does. */
static gboolean
is_passing (const LacunaTrainingReport *self)
{
  return !self->has_point && self->note == NULL && self->samples == NULL;
}

static void
report (LacunaTrainingReport *event, gpointer data)
{
  LacunaTrainer *self = data;

  lacuna_reporter_report (self->reporter, event, is_passing (event));
}

static void
report_reading (guint n_read, guint n_files, gpointer data)
{
  LacunaTrainer *self = data;
  LacunaTrainingReport *event = lacuna_training_report_new (LACUNA_TRAINING_READING, self->progress);

  event->n_read = n_read;
  event->n_files = n_files;
  report (event, self);
}

static void
run_clear (LacunaTrainingRun *run)
{
  g_clear_pointer (&run->cache, lacuna_photo_cache_unref);
  g_clear_pointer (&run->learnt, g_ptr_array_unref);
  g_clear_pointer (&run->held_out, g_ptr_array_unref);
}

/* Ends the run; takes error. */
static void
end (LacunaTrainer *self, GError *error)
{
  g_autoptr (GTask) task = g_steal_pointer (&self->task);

  lacuna_reporter_flush (self->reporter);
  g_clear_pointer (&self->reporter, lacuna_reporter_unref);
  run_clear (&self->run);
  g_cancellable_disconnect (self->cancellable, self->handler);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->hurry);
  /* The model of a training for one photo is used where it lies. */
  if (!g_str_has_prefix (self->progress->name, LACUNA_TRAINING_PHOTO))
    g_clear_pointer (&self->name_lock, lacuna_training_lock_free);
  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_boolean (task, TRUE);
}

static void
trained (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (LacunaTrainer) self = data;
  GError *error = NULL;

  self->progress = self->run.progress;
  lacuna_engine_work_finish (result, &error);
  self->has_snapshot |= self->run.has_snapshot;
  end (self, error);
}

/* Reads the folder to learn from and, where there is one, that to judge by. */
static void
read_photos (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  LacunaTrainer *self = source;
  const LacunaTrainingOptions *options = &self->progress->options;
  const char *const paths[] = { self->progress->folder, self->progress->held_out_folder };
  g_autoptr (GPtrArray) folders = g_ptr_array_new_with_free_func (g_object_unref);

  self->run.cache = lacuna_photo_cache_new (options->side, 2 * options->side, 0);
  for (guint i = 0; i < G_N_ELEMENTS (paths) && paths[i] != NULL; i++)
    {
      GError *error = NULL;
      LacunaPhotoFolder *folder
          = lacuna_photo_folder_read (paths[i], self->run.cache, report_reading, self, cancellable, &error);

      if (folder == NULL)
        {
          g_task_return_error (task, error);
          return;
        }
      g_ptr_array_add (folders, folder);
    }
  g_task_return_pointer (task, g_steal_pointer (&folders), (GDestroyNotify) g_ptr_array_unref);
}

static GPtrArray *
list_all (LacunaPhotoFolder *photos)
{
  GPtrArray *paths = g_ptr_array_new ();

  for (guint i = 0; i < lacuna_photo_folder_get_n_photos (photos); i++)
    g_ptr_array_add (paths, (gpointer) lacuna_photo_folder_get_photos (photos)[i]);
  return paths;
}

static void
share_photos (LacunaTrainer *self)
{
  if (self->held_out != NULL)
    {
      self->run.learnt = list_all (self->photos);
      self->run.held_out = list_all (self->held_out);
    }
  else
    lacuna_photo_folder_split (self->photos, self->progress->options.seed, &self->run.learnt, &self->run.held_out);
  self->progress->n_photos = self->run.learnt->len;
  self->progress->n_held_out = self->run.held_out->len;
}

static void
photos_read (GObject *source, GAsyncResult *result, gpointer data)
{
  LacunaTrainer *self = LACUNA_TRAINER (source);
  GError *error = NULL;
  g_autoptr (GPtrArray) folders = g_task_propagate_pointer (G_TASK (result), &error);

  if (folders == NULL)
    {
      end (self, error);
      return;
    }
  g_set_object (&self->photos, folders->pdata[0]);
  g_clear_object (&self->held_out);
  if (folders->len > 1)
    self->held_out = g_object_ref (folders->pdata[1]);
  share_photos (self);
  if (!self->has_snapshot)
    lacuna_training_forget (self->progress->name);
  self->run.progress = self->progress;
  self->run.resume = self->has_snapshot;
  self->run.is_stopped = &self->is_stopped;
  self->run.hurry = self->hurry;
  self->run.report = report;
  self->run.data = self;
  lacuna_engine_work_async (self->engine, lacuna_training_run, &self->run, self->cancellable, trained,
                            g_object_ref (self));
}

static void
hurry (GCancellable *cancellable, gpointer data)
{
  g_cancellable_cancel (data);
}

void
lacuna_trainer_run_async (LacunaTrainer *self, LacunaTrainerFunc progress, gpointer progress_data,
                          GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data)
{
  g_autoptr (GTask) reading = NULL;
  GError *error = NULL;

  g_return_if_fail (self->task == NULL);
  self->task = g_task_new (self, cancellable, callback, data);
  g_task_set_source_tag (self->task, lacuna_trainer_run_async);
  g_task_set_check_cancellable (self->task, FALSE); /* its steps may be over all the same */
  if (self->name_lock == NULL)
    self->name_lock = lacuna_training_lock_take (self->progress->name, &error);
  if (self->name_lock == NULL)
    {
      g_task_return_error (self->task, error);
      g_clear_object (&self->task);
      return;
    }
  self->reporter = lacuna_reporter_new (g_task_get_context (self->task), (LacunaReporterFunc) progress, progress_data,
                                        (GDestroyNotify) lacuna_training_report_free);
  g_atomic_int_set (&self->is_stopped, FALSE);
  self->hurry = g_cancellable_new ();
  self->cancellable = cancellable != NULL ? g_object_ref (cancellable) : g_cancellable_new ();
  self->handler = g_cancellable_connect (self->cancellable, G_CALLBACK (hurry), self->hurry, NULL);
  reading = g_task_new (self, self->hurry, photos_read, NULL);
  g_task_run_in_thread (reading, read_photos);
}

gboolean
lacuna_trainer_run_finish (LacunaTrainer *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}

void
lacuna_trainer_stop (LacunaTrainer *self)
{
  g_atomic_int_set (&self->is_stopped, TRUE);
  if (self->hurry != NULL)
    g_cancellable_cancel (self->hurry);
}

gboolean
lacuna_trainer_is_better (LacunaTrainer *self)
{
  return self->progress->best_step > 0 && self->progress->best.l1 < self->progress->before.l1;
}

gboolean
lacuna_trainer_keep (LacunaTrainer *self, GError **error)
{
  return lacuna_keeper_publish (self->progress, FALSE, error);
}

gboolean
lacuna_trainer_keep_worse (LacunaTrainer *self, GError **error)
{
  return lacuna_keeper_publish (self->progress, TRUE, error);
}

void
lacuna_trainer_discard (LacunaTrainer *self)
{
  lacuna_training_forget (self->progress->name);
}

static void
lacuna_trainer_finalize (GObject *object)
{
  LacunaTrainer *self = LACUNA_TRAINER (object);

  g_clear_pointer (&self->name_lock, lacuna_training_lock_free);
  lacuna_training_progress_free (self->progress);
  g_clear_object (&self->photos);
  g_clear_object (&self->held_out);
  g_clear_object (&self->engine);
  G_OBJECT_CLASS (lacuna_trainer_parent_class)->finalize (object);
}

static void
lacuna_trainer_class_init (LacunaTrainerClass *class)
{
  G_OBJECT_CLASS (class)->finalize = lacuna_trainer_finalize;
}

static void
lacuna_trainer_init (LacunaTrainer *self)
{
}
