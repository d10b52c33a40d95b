/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Learns one photo: writes parts of it into a folder, trains a model with them, and tells whether it fills better. The
 * folder is removed when the training ends, in whatever way; `model` and `content` are NULL unless the training went
 * well; the last reference discards the training and its model. What a lesson leaves behind where the program is killed
 * goes at the next start. save_parts() runs in a GTask's thread, the training in the engine's thread, and all else, its
 * reports too, in the main loop. */
#include "app/document/lesson.h"

#include <errno.h>
#include <glib/gi18n.h>
#include <math.h>

#include "engine/lacuna.h"

#define SIDE 256 /* pixels of a part, at most: what training brings photos to */

struct _LacunaLesson {
  GObject parent_instance;

  LacunaEngine  *engine;
  LacunaPhoto   *photo;
  GArray        *parts; /* of LacunaBox */
  char          *base;
  char          *name;   /* of the training, of this lesson alone */
  char          *folder; /* where the files of the parts are; NULL: there are none */
  GCancellable  *cancellable;
  LacunaTrainer *trainer; /* NULL until the files are there */
  char          *model;   /* NULL until it is over */
  GBytes        *content; /* of the model's file */
  double         before, after;
  double         progress;
  char          *status;
};

enum {
  PROP_PROGRESS = 1,
  PROP_STATUS,
  N_PROPERTIES,
};

static GParamSpec *properties[N_PROPERTIES];

G_DEFINE_FINAL_TYPE (LacunaLesson, lacuna_lesson, G_TYPE_OBJECT)

LacunaLesson *
lacuna_lesson_new (LacunaEngine *engine, LacunaPhoto *photo, GArray *parts, const char *base)
{
  LacunaLesson *self = g_object_new (LACUNA_TYPE_LESSON, NULL);

  self->engine = g_object_ref (engine);
  self->photo = g_object_ref (photo);
  self->parts = g_array_ref (parts);
  self->base = g_strdup (base);
  self->name = g_strdup_printf (LACUNA_TRAINING_PHOTO "%08x", g_random_int ());
  return self;
}

LacunaLesson *
lacuna_lesson_new_over (const char *path, GBytes *content, double before, double after)
{
  LacunaLesson *self = g_object_new (LACUNA_TYPE_LESSON, NULL);

  self->model = g_strdup (path);
  self->content = g_bytes_ref (content);
  self->before = before;
  self->after = after;
  return self;
}

/* Takes status. */
static void
tell (LacunaLesson *self, double progress, char *status)
{
  g_free (self->status);
  self->status = status;
  self->progress = CLAMP (progress, 0.0, 1.0);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PROGRESS]);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATUS]);
}

static void
remove_files (LacunaLesson *self)
{
  if (self->folder != NULL)
    lacuna_publish_remove (self->folder);
  g_clear_pointer (&self->folder, g_free);
}

static gboolean
make_folder (LacunaLesson *self, GError **error)
{
  self->folder = lacuna_training_get_parts_path (self->name);
  if (g_mkdir_with_parents (self->folder, 0700) == 0)
    return TRUE;
  g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_FILE, _ ("The folder “%s” can't be made: %s. Check your data folder."),
               self->folder, g_strerror (errno));
  return FALSE;
}

static gboolean
save_part (LacunaLesson *self, guint i, GError **error)
{
  LacunaBox box = g_array_index (self->parts, LacunaBox, i);
  g_autofree char *name = g_strdup_printf ("%u.png", i);
  g_autofree char *path = g_build_filename (self->folder, name, NULL);
  g_autoptr (LacunaPhoto) part
      = lacuna_photo_resample (self->photo, box, MIN (box.width, SIDE), MIN (box.height, SIDE), error);

  return part != NULL && lacuna_photo_save (part, path, NULL, error);
}

static void
save_parts (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  LacunaLesson *self = source;
  GError *error = NULL;

  make_folder (self, &error);
  for (guint i = 0; error == NULL && i < self->parts->len; i++)
    if (!g_cancellable_set_error_if_cancelled (cancellable, &error))
      save_part (self, i, &error);
  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_boolean (task, TRUE);
}

/* Takes task and error. */
static void
end (GTask *task, GError *error)
{
  remove_files (g_task_get_source_object (task));
  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_boolean (task, TRUE);
  g_object_unref (task);
}

/* Takes the model of a training that went well. */
static gboolean
take_model (LacunaLesson *self, GError **error)
{
  const LacunaTrainingProgress *progress = lacuna_trainer_get_progress (self->trainer);
  g_autofree char *path = lacuna_training_get_best_path (progress->name);
  char *data;
  gsize size;

  if (!g_file_get_contents (path, &data, &size, error))
    return FALSE;
  self->model = g_steal_pointer (&path);
  self->content = g_bytes_new_take (data, size);
  self->before = progress->before.l1;
  self->after = progress->best.l1;
  return TRUE;
}

static void
trained (GObject *source, GAsyncResult *result, gpointer data)
{
  GTask *task = data;
  LacunaLesson *self = g_task_get_source_object (task);
  GError *error = NULL;

  if (!lacuna_trainer_run_finish (self->trainer, result, &error)
      || g_cancellable_set_error_if_cancelled (self->cancellable, &error))
    {
      end (task, error);
      return;
    }
  if (lacuna_trainer_is_better (self->trainer))
    take_model (self, &error);
  else
    error = g_error_new (LACUNA_ERROR, LACUNA_ERROR_UNFIT,
                         _ ("What was learnt fills a part of this photo that was held out no better than the model at "
                            "hand, which stays in force."));
  end (task, error);
}

static char *
describe (const LacunaTrainingReport *report)
{
  if (report->phase == LACUNA_TRAINING_READING && report->n_read == report->n_files)
    return g_strdup (_ ("Waiting for what the device does now"));
  if (report->phase == LACUNA_TRAINING_READING || report->phase == LACUNA_TRAINING_PREPARING)
    return g_strdup (_ ("Preparing to learn this photo"));
  if (!isfinite (report->seconds_left))
    return g_strdup (_ ("Learning this photo"));
  return g_strdup_printf (_ ("Learning this photo: %.0f s left"), ceil (report->seconds_left));
}

static void
show_report (const LacunaTrainingReport *report, gpointer data)
{
  LacunaLesson *self = data;

  if (!g_cancellable_is_cancelled (self->cancellable))
    tell (self, (double) report->step / MAX (1, report->steps), describe (report));
}

static void
parts_saved (GObject *source, GAsyncResult *result, gpointer data)
{
  LacunaLesson *self = LACUNA_LESSON (source);
  GTask *task = data;
  LacunaTrainingOptions options;
  GError *error = NULL;

  if (!g_task_propagate_boolean (G_TASK (result), &error))
    {
      end (task, error);
      return;
    }
  lacuna_training_options_init (&options, LACUNA_PRESET_PHOTO, FALSE);
  self->trainer = lacuna_trainer_new (self->engine, self->name, self->folder, self->base, &options, &error);
  if (self->trainer != NULL)
    lacuna_trainer_run_async (self->trainer, show_report, self, self->cancellable, trained, task);
  else
    end (task, error);
}

void
lacuna_lesson_run_async (LacunaLesson *self, GAsyncReadyCallback callback, gpointer data)
{
  GTask *task = g_task_new (self, NULL, callback, data);
  g_autoptr (GTask) saving = g_task_new (self, self->cancellable, parts_saved, task);

  g_task_set_source_tag (task, lacuna_lesson_run_async);
  tell (self, 0.0, g_strdup (_ ("Preparing to learn this photo")));
  g_task_run_in_thread (saving, save_parts);
}

gboolean
lacuna_lesson_run_finish (LacunaLesson *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

void
lacuna_lesson_cancel (LacunaLesson *self)
{
  g_cancellable_cancel (self->cancellable);
}

gboolean
lacuna_lesson_is_model (const char *path)
{
  g_autofree char *folder = g_path_get_dirname (path), *room = g_path_get_basename (folder);
  g_autofree char *name = g_path_get_basename (path);

  return g_str_has_prefix (room, LACUNA_TRAINING_PHOTO) || g_str_has_prefix (name, LACUNA_LESSON_KEPT);
}

const char *
lacuna_lesson_get_model (LacunaLesson *self)
{
  return self->model;
}

GBytes *
lacuna_lesson_get_content (LacunaLesson *self)
{
  return self->content;
}

void
lacuna_lesson_get_score (LacunaLesson *self, double *ret_before, double *ret_after)
{
  *ret_before = self->before;
  *ret_after = self->after;
}

static void
lacuna_lesson_get_property (GObject *object, guint property, GValue *value, GParamSpec *pspec)
{
  LacunaLesson *self = LACUNA_LESSON (object);

  switch (property)
    {
    case PROP_PROGRESS:
      g_value_set_double (value, self->progress);
      break;
    case PROP_STATUS:
      g_value_set_string (value, self->status);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property, pspec);
    }
}

static void
lacuna_lesson_finalize (GObject *object)
{
  LacunaLesson *self = LACUNA_LESSON (object);

  if (self->trainer != NULL)
    lacuna_trainer_discard (self->trainer);
  g_clear_object (&self->trainer);
  g_clear_object (&self->engine);
  g_clear_object (&self->photo);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->parts, g_array_unref);
  g_clear_pointer (&self->content, g_bytes_unref);
  g_free (self->name);
  g_free (self->base);
  g_free (self->model);
  g_free (self->status);
  G_OBJECT_CLASS (lacuna_lesson_parent_class)->finalize (object);
}

static void
lacuna_lesson_class_init (LacunaLessonClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->get_property = lacuna_lesson_get_property;
  object_class->finalize = lacuna_lesson_finalize;
  properties[PROP_PROGRESS] = g_param_spec_double ("progress", NULL, NULL, 0, 1, 0, flags);
  properties[PROP_STATUS] = g_param_spec_string ("status", NULL, NULL, NULL, flags);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);
}

static void
lacuna_lesson_init (LacunaLesson *self)
{
  self->cancellable = g_cancellable_new ();
}
