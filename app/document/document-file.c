/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Opens, keeps, closes and saves a document. An open document has a journal, which lacuna_document_close_async()
 * takes from it; `saved` holds the retouches that were in force at the last save, and decides whether the document
 * is modified. open_in_thread() and save_in_thread() run in a GTask's thread, on the task's own data and the photo,
 * which never changes; all else runs in the main loop. */
#include "app/document/document-private.h"

#include <glib/gi18n.h>
#include <glib/gstdio.h>

#include "app/document/preview.h"
#include "app/document/project.h"
#include "app/document/result-name.h"

/* What is to be opened: one of both. */
typedef struct {
  char *path;
  char *session;
} Request;

static void
request_free (Request *self)
{
  g_free (self->path);
  g_free (self->session);
  g_free (self);
}

typedef struct {
  LacunaPhoto *photo;
  LacunaJournal *journal;
  LacunaWork work; /* without steps where there is nothing yet */
  gboolean is_new; /* the work is kept by nothing yet */
  char *note;
} Opened;

static void
opened_free (Opened *self)
{
  g_clear_object (&self->photo);
  g_clear_pointer (&self->journal, lacuna_journal_free);
  lacuna_work_clear (&self->work);
  g_free (self->note);
  g_free (self);
}

static gboolean
open_photo (Opened *self, const char *path, GCancellable *cancellable, GError **error)
{
  if (!lacuna_photo_check_packing (path, NULL, error))
    return FALSE;
  self->journal = lacuna_journal_new (path);
  self->photo = lacuna_photo_load (path, cancellable, error);
  if (self->photo != NULL)
    lacuna_journal_set_photo (self->journal, self->photo, NULL, NULL);
  return self->photo != NULL;
}

static gboolean
open_project (Opened *self, const char *path, GCancellable *cancellable, GError **error)
{
  g_autoptr (LacunaProject) project = NULL;

  self->journal = lacuna_journal_new (path);
  project = lacuna_project_load (path, cancellable, error);
  if (project == NULL)
    return FALSE;
  self->photo = g_object_ref (project->photo);
  self->work.history = project->history;
  self->work.saved = g_ptr_array_new ();
  project->history.steps = NULL;
  self->is_new = TRUE;
  lacuna_journal_set_photo (self->journal, self->photo, project->file, project->name);
  return TRUE;
}

/* Goes on with a session. path: where its file lies; NULL: as it says itself. */
static gboolean
go_on (Opened *self, const char *session, const char *path, GCancellable *cancellable, GError **error)
{
  g_autoptr (GError) problem = NULL;

  self->journal = lacuna_journal_open (session, path, cancellable, &self->photo, &self->work, &problem);
  if (self->journal != NULL)
    return TRUE;
  if (g_error_matches (problem, LACUNA_ERROR, LACUNA_ERROR_FORMAT))
    {
      lacuna_session_put_aside (session);
      g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_FORMAT,
                   _ ("%s It was moved aside to “%s.damaged”; open the photo to begin anew."), problem->message,
                   session);
    }
  else
    g_propagate_error (error, g_steal_pointer (&problem));
  return FALSE;
}

static gboolean
open_session (Opened *self, const char *path, GCancellable *cancellable, GError **error)
{
  g_autofree char *name = NULL;

  if (!go_on (self, path, NULL, cancellable, error))
    return FALSE;
  name = g_filename_display_basename (lacuna_journal_get_path (self->journal));
  if (g_file_test (lacuna_journal_get_path (self->journal), G_FILE_TEST_EXISTS)
      && !lacuna_journal_is_fresh (self->journal))
    self->note = g_strdup_printf (_ ("“%s” was changed on disk since. This is the photo as you worked on it."), name);
  return TRUE;
}

/* The session of the file, or else a new one. */
static gboolean
open_path (Opened *self, const char *path, GCancellable *cancellable, GError **error)
{
  g_autofree char *absolute = g_canonicalize_filename (path, NULL), *name = g_filename_display_basename (path);
  gboolean changed = FALSE;
  g_autoptr (LacunaSession) session = lacuna_session_find (absolute, &changed);
  g_autoptr (GError) problem = NULL;

  if (session != NULL && go_on (self, session->path, absolute, cancellable, &problem))
    return TRUE;
  if (g_error_matches (problem, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_propagate_error (error, g_steal_pointer (&problem));
      return FALSE;
    }
  if (problem != NULL)
    self->note = g_strdup (problem->message);
  else if (changed)
    self->note = g_strdup_printf (
        _ ("“%s” was changed on disk since you worked on it. That work is on the start page."), name);
  return lacuna_project_is (absolute) ? open_project (self, absolute, cancellable, error)
                                      : open_photo (self, absolute, cancellable, error);
}

static void
open_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Request *request = data;
  Opened *opened = g_new0 (Opened, 1);
  GError *error = NULL;

  /* Found out by trials, once and for all: here, so that the main thread need not wait for it. */
  lacuna_photo_get_save_suffixes ();
  lacuna_journal_await_ends (request->session != NULL ? request->session : request->path);
  if (request->session != NULL ? open_session (opened, request->session, cancellable, &error)
                               : open_path (opened, request->path, cancellable, &error))
    {
      g_task_return_pointer (task, opened, (GDestroyNotify) opened_free);
      return;
    }
  opened_free (opened);
  g_task_return_error (task, error);
}

static void
begin_opening (const char *path, const char *session, GCancellable *cancellable, GAsyncReadyCallback callback,
               gpointer data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, data);
  Request *request = g_new0 (Request, 1);

  request->path = g_strdup (path);
  request->session = g_strdup (session);
  g_task_set_source_tag (task, lacuna_document_open_async);
  g_task_set_task_data (task, request, (GDestroyNotify) request_free);
  g_task_run_in_thread (task, open_in_thread);
}

void
lacuna_document_open_async (const char *path, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data)
{
  begin_opening (path, NULL, cancellable, callback, data);
}

void
lacuna_document_open_session_async (const char *session, GCancellable *cancellable, GAsyncReadyCallback callback,
                                    gpointer data)
{
  begin_opening (NULL, session, cancellable, callback, data);
}

LacunaDocument *
lacuna_document_open_finish (GAsyncResult *result, GError **error)
{
  Opened *opened = g_task_propagate_pointer (G_TASK (result), error);
  g_autofree char *path = NULL;
  LacunaDocument *self;

  if (opened == NULL)
    return NULL;
  path = g_strdup (lacuna_journal_get_path (opened->journal));
  self = lacuna_document_new (opened->photo, g_steal_pointer (&opened->journal),
                              opened->work.history.steps != NULL ? &opened->work : NULL);
  if (self == NULL)
    g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_MEMORY,
                 _ ("“%s” can't be worked on for want of memory. Close other programs, or use a smaller copy."), path);
  else
    {
      self->note = g_steal_pointer (&opened->note);
      if (opened->is_new)
        lacuna_document_keep (self);
    }
  opened_free (opened);
  return self;
}

const char *
lacuna_document_get_path (LacunaDocument *self)
{
  return self->path;
}

const char *
lacuna_document_get_note (LacunaDocument *self)
{
  return self->note;
}

gboolean
lacuna_document_get_unfinished (LacunaDocument *self)
{
  return self->unfinished;
}

gboolean
lacuna_document_is_of (LacunaDocument *self, const char *path)
{
  g_autofree char *absolute = g_canonicalize_filename (path, NULL);

  return g_str_equal (absolute, self->path) && self->journal != NULL && lacuna_journal_is_fresh (self->journal);
}

gboolean
lacuna_document_is_source (LacunaDocument *self, const char *path)
{
  GStatBuf a, b;

  return g_stat (path, &a) == 0 && g_stat (self->path, &b) == 0 && a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

/* What the picture of the work is to show as marked. */
static GBytes *
sample_marks (LacunaDocument *self)
{
  int width, height;

  lacuna_preview_get_size (lacuna_photo_get_width (self->original), lacuna_photo_get_height (self->original), &width,
                           &height);
  return lacuna_preview_sample (lacuna_document_get_resting (self) ? NULL : self->raster, self->steer, width, height);
}

static LacunaWork
get_work (LacunaDocument *self)
{
  gboolean is_learning = lacuna_document_get_learning (self);

  return (LacunaWork){ self->history,
                       self->saved,
                       self->fill_cancellable != NULL,
                       lacuna_document_get_state (self) == LACUNA_SESSION_MARKED,
                       is_learning ? self->former : self->lesson,
                       is_learning ? self->used_former : self->use_learnt };
}

void
lacuna_document_keep (LacunaDocument *self)
{
  const LacunaWork work = get_work (self);
  g_autoptr (GBytes) marks = NULL;

  if (self->journal == NULL)
    return;
  marks = sample_marks (self);
  lacuna_journal_save (self->journal, &work, marks);
}

static void
closed (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  GError *error = NULL;

  if (lacuna_journal_end_finish (result, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

/* Whether something works on the document whose result belongs to it: a save, a selection or a change of the mask. A
 * fill is cancelled instead, and made anew. */
static gboolean
is_worked_on (LacunaDocument *self)
{
  return self->n_saving > 0 || (self->busy && self->fill_cancellable == NULL);
}

/* Takes task, whose data tell whether a fill was under way. */
static void
end_journal (LacunaDocument *self, GTask *task)
{
  LacunaWork work = get_work (self);
  g_autoptr (GBytes) marks = sample_marks (self);

  work.filling = GPOINTER_TO_INT (g_task_get_task_data (task));
  lacuna_journal_end_async (g_steal_pointer (&self->journal), &work, marks, closed, task);
}

static gboolean
go_on_closing (gpointer data)
{
  LacunaDocument *self = data;

  if (self->closing != NULL && !is_worked_on (self))
    end_journal (self, g_steal_pointer (&self->closing));
  return G_SOURCE_REMOVE;
}

void
lacuna_document_go_on_closing (LacunaDocument *self)
{
  if (self->closing != NULL)
    g_idle_add_full (G_PRIORITY_HIGH_IDLE, go_on_closing, g_object_ref (self), g_object_unref);
}

void
lacuna_document_close_async (LacunaDocument *self, GAsyncReadyCallback callback, gpointer data)
{
  GTask *task = g_task_new (self, NULL, callback, data);

  g_task_set_source_tag (task, lacuna_document_close_async);
  g_return_if_fail (self->journal != NULL && self->closing == NULL);
  lacuna_document_end_stroke (self);
  g_task_set_task_data (task, GINT_TO_POINTER (lacuna_document_get_filling (self)), NULL);
  if (is_worked_on (self))
    {
      lacuna_journal_expect_end (self->journal);
      self->closing = task;
    }
  else
    end_journal (self, task);
  lacuna_document_cancel_fill (self);
  lacuna_document_cancel_learning (self);
}

gboolean
lacuna_document_close_finish (LacunaDocument *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

const char *
lacuna_document_get_save_path (LacunaDocument *self)
{
  return self->save_path;
}

gboolean
lacuna_document_get_save_record (LacunaDocument *self)
{
  return self->save_record;
}

GVariant *
lacuna_document_describe_fills (LacunaDocument *self)
{
  g_autoptr (GPtrArray) retouches = lacuna_document_list_retouches (self);

  return lacuna_retouches_describe (retouches, self->original);
}

char *
lacuna_document_suggest_path (LacunaDocument *self)
{
  return lacuna_result_name (self->path, self->name, NULL);
}

typedef struct {
  char             *path;
  LacunaSaveOptions options;
  gboolean          copy;
  GPtrArray        *retouches;
  LacunaJournal    *journal; /* where the photo is to be written over, else NULL */
  char             *loss;    /* lacuna_photo_describe_loss */
} Save;

static void
save_free (Save *self)
{
  g_free (self->path);
  g_clear_pointer (&self->options.fills, g_variant_unref);
  g_ptr_array_unref (self->retouches);
  g_clear_pointer (&self->journal, lacuna_journal_unref);
  g_free (self->loss);
  g_free (self);
}

static void
save_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  LacunaDocument *self = source;
  Save *save = data;
  g_autoptr (LacunaPhoto) photo = lacuna_retouches_apply (save->retouches, self->original);
  GError *error = NULL;

  if (photo == NULL)
    g_task_return_new_error (task, LACUNA_ERROR, LACUNA_ERROR_MEMORY,
                             _ ("“%s” was not saved for want of memory. Close other programs and save again."),
                             save->path);
  else if ((save->journal == NULL || lacuna_journal_secure_photo (save->journal, &error))
           && lacuna_photo_save (photo, save->path, &save->options, &error))
    {
      save->loss = lacuna_photo_describe_loss (photo, save->path);
      g_task_return_boolean (task, TRUE);
    }
  else
    g_task_return_error (task, error);
}

void
lacuna_document_save_async (LacunaDocument *self, const char *path, const LacunaSaveOptions *options, gboolean copy,
                            GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, data);
  Save *save = g_new0 (Save, 1);

  g_task_set_source_tag (task, lacuna_document_save_async);
  g_task_set_check_cancellable (task, FALSE);
  save->path = g_strdup (path);
  if (options != NULL)
    save->options = *options;
  if (save->options.fills != NULL)
    g_variant_ref (save->options.fills);
  save->options.cancellable = g_task_get_cancellable (task);
  save->copy = copy;
  save->retouches = lacuna_document_list_retouches (self);
  if (self->journal != NULL && lacuna_document_is_source (self, path))
    save->journal = lacuna_journal_ref (self->journal);
  self->n_saving++;
  g_task_set_task_data (task, save, (GDestroyNotify) save_free);
  g_task_run_in_thread (task, save_in_thread);
}

gboolean
lacuna_document_save_finish (LacunaDocument *self, GAsyncResult *result, GError **error)
{
  Save *save = g_task_get_task_data (G_TASK (result));

  self->n_saving--;
  lacuna_document_go_on_closing (self);
  if (!g_task_propagate_boolean (G_TASK (result), error))
    return FALSE;
  if (self->journal != NULL && save->journal != NULL)
    {
      lacuna_journal_identify (self->journal);
      lacuna_document_keep (self);
    }
  if (save->copy)
    return TRUE;
  g_ptr_array_unref (self->saved);
  self->saved = g_ptr_array_ref (save->retouches);
  g_free (self->save_path);
  self->save_path = g_strdup (save->path);
  self->save_record = save->options.fills != NULL;
  g_free (self->title);
  self->title = g_filename_display_basename (save->path);
  lacuna_document_keep (self);
  lacuna_document_notify (self, PROP_TITLE);
  lacuna_document_notify (self, PROP_MODIFIED);
  return TRUE;
}

const char *
lacuna_document_save_get_loss (GAsyncResult *result)
{
  const Save *save = g_task_get_task_data (G_TASK (result));

  return save->loss;
}
