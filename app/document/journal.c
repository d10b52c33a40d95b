/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Has a document's work written while it is open: takes snapshots of it, and writes the latest one a little later.
 * One snapshot is pending and one is being written at most, and a snapshot is never changed once a thread has it.
 * The thread that opens a photo makes its journal, which it alone has until then, and waits in
 * lacuna_journal_await_ends(); write_in_thread() and end_in_thread() run in a GTask's thread; all else runs in the
 * main loop. */
#include "app/document/journal-private.h"

#include <string.h>
#include <unistd.h>

/* Steps that follow one another within that many milliseconds are written together. */
#define DELAY 300

static GMutex ending_mutex;
static GCond ending_changed;
static guint n_ending; /* journals that are being ended */
static GPtrArray *expected; /* of LacunaJournal, not owned: those that are going to be */

void
lacuna_work_clear (LacunaWork *self)
{
  lacuna_history_clear (&self->history);
  g_clear_pointer (&self->saved, g_ptr_array_unref);
  g_clear_object (&self->lesson);
}

static void
snapshot_free (LacunaSnapshot *self)
{
  g_ptr_array_unref (self->steps);
  g_ptr_array_unref (self->saved);
  g_bytes_unref (self->marks);
  g_clear_pointer (&self->learnt, g_bytes_unref);
  g_free (self->model);
  g_free (self);
}

static gpointer
copy_step (gconstpointer step, gpointer data)
{
  return lacuna_step_ref ((LacunaStep *) step);
}

static gpointer
copy_retouch (gconstpointer retouch, gpointer data)
{
  return retouch != NULL ? lacuna_retouch_ref ((LacunaRetouch *) retouch) : NULL;
}

static LacunaSnapshot *
snapshot_new (LacunaJournal *journal, const LacunaWork *work, GBytes *marks)
{
  LacunaSnapshot *self = g_new0 (LacunaSnapshot, 1);

  self->steps = g_ptr_array_copy (work->history.steps, copy_step, NULL);
  g_ptr_array_set_free_func (self->steps, (GDestroyNotify) lacuna_step_unref);
  self->saved = g_ptr_array_copy (work->saved, copy_retouch, NULL);
  g_ptr_array_set_free_func (self->saved, (GDestroyNotify) lacuna_retouch_unref);
  self->position = work->history.position;
  self->filling = work->filling;
  self->marked = work->marked;
  self->marks = g_bytes_ref (marks);
  if (work->lesson != NULL)
    {
      self->learnt = g_bytes_ref (lacuna_lesson_get_content (work->lesson));
      self->model = g_strdup (lacuna_lesson_get_model (work->lesson));
      lacuna_lesson_get_score (work->lesson, &self->before, &self->after);
      self->use_learnt = work->use_learnt;
    }
  self->known = journal->known;
  self->number = ++journal->n_snapshots;
  return self;
}

LacunaJournal *
lacuna_journal_new (const char *path)
{
  LacunaJournal *self = g_atomic_rc_box_new0 (LacunaJournal);

  self->photo_path = g_strdup (path);
  lacuna_fingerprint_stat (&self->print, path);
  self->known = self->print;
  self->lock = -1;
  g_mutex_init (&self->mutex);
  self->files = g_hash_table_new_full (NULL, NULL, (GDestroyNotify) lacuna_step_unref, g_free);
  return self;
}

/* A name in the session's folder, with the suffix by which the photo's format is known. */
static char *
make_name (const char *name)
{
  const char *dot = strrchr (name, '.');
  GString *result = g_string_new ("photo");

  if (dot != NULL)
    g_string_append_c (result, '.');
  for (guint i = 1; dot != NULL && i <= 8 && g_ascii_isalnum (dot[i]); i++)
    g_string_append_c (result, g_ascii_tolower (dot[i]));
  return g_string_free (result, FALSE);
}

void
lacuna_journal_set_photo (LacunaJournal *self, LacunaPhoto *photo, GBytes *content, const char *name)
{
  g_set_object (&self->photo, photo);
  self->width = lacuna_photo_get_width (photo);
  self->height = lacuna_photo_get_height (photo);
  self->content = content != NULL ? g_bytes_ref (content) : NULL;
  self->name = make_name (content != NULL ? name : self->photo_path);
  if (content != NULL)
    self->print.sum = lacuna_fingerprint_sum (self->photo_path);
}

void
lacuna_journal_set_report (LacunaJournal *self, LacunaJournalReport report, gpointer data)
{
  self->report = report;
  self->report_data = data;
}

const char *
lacuna_journal_get_path (LacunaJournal *self)
{
  return self->photo_path;
}

const char *
lacuna_journal_get_name (LacunaJournal *self)
{
  return self->name;
}

gboolean
lacuna_journal_is_fresh (LacunaJournal *self)
{
  return lacuna_fingerprint_is_fresh (&self->known, self->photo_path);
}

static void
journal_clear (gpointer data)
{
  LacunaJournal *self = data;

  if (self->lock >= 0)
    close (self->lock);
  g_clear_pointer (&self->pending, snapshot_free);
  g_clear_pointer (&self->content, g_bytes_unref);
  g_clear_object (&self->photo);
  g_clear_object (&self->small);
  g_hash_table_unref (self->files);
  g_clear_pointer (&self->learnt, g_bytes_unref);
  g_free (self->learnt_name);
  g_free (self->learnt_path);
  g_mutex_clear (&self->mutex);
  lacuna_fingerprint_clear (&self->print);
  g_free (self->name);
  g_free (self->photo_path);
  g_free (self->path);
}

LacunaJournal *
lacuna_journal_ref (LacunaJournal *self)
{
  return g_atomic_rc_box_acquire (self);
}

void
lacuna_journal_unref (LacunaJournal *self)
{
  g_atomic_rc_box_release_full (self, journal_clear);
}

static void start (LacunaJournal *self);

static void
on_written (GObject *source, GAsyncResult *result, gpointer data)
{
  LacunaJournal *self = data;
  g_autoptr (GError) error = NULL;

  g_task_propagate_boolean (G_TASK (result), &error);
  self->running = FALSE;
  if (self->report != NULL && (error == NULL || !self->told))
    self->report (error, self->report_data);
  self->told = error != NULL;
  if (self->pending != NULL && self->timeout == 0)
    start (self);
  lacuna_journal_unref (self);
}

static void
write_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  LacunaJournal *self = g_object_get_data (G_OBJECT (task), "journal");
  GError *error = NULL;

  if (lacuna_journal_write (self, data, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static GTask *
make_task (LacunaJournal *self, LacunaSnapshot *snapshot, GAsyncReadyCallback callback, gpointer data)
{
  GTask *task = g_task_new (NULL, NULL, callback, data);

  g_object_set_data (G_OBJECT (task), "journal", self);
  g_task_set_task_data (task, snapshot, (GDestroyNotify) snapshot_free);
  return task;
}

static void
start (LacunaJournal *self)
{
  g_autoptr (GTask) task = make_task (self, g_steal_pointer (&self->pending), on_written, lacuna_journal_ref (self));

  self->running = TRUE;
  g_task_run_in_thread (task, write_in_thread);
}

static gboolean
on_timeout (gpointer data)
{
  LacunaJournal *self = data;

  self->timeout = 0;
  if (!self->running)
    start (self);
  return G_SOURCE_REMOVE;
}

static void
set_pending (LacunaJournal *self, const LacunaWork *work, GBytes *marks)
{
  g_clear_pointer (&self->pending, snapshot_free);
  self->pending = snapshot_new (self, work, marks);
}

void
lacuna_journal_save (LacunaJournal *self, const LacunaWork *work, GBytes *marks)
{
  set_pending (self, work, marks);
  if (self->timeout == 0)
    self->timeout = g_timeout_add (DELAY, on_timeout, self);
}

void
lacuna_journal_identify (LacunaJournal *self)
{
  lacuna_fingerprint_stat (&self->known, self->photo_path);
}

static void
end_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  LacunaJournal *self = g_object_get_data (G_OBJECT (task), "journal");
  LacunaSnapshot *snapshot = data;
  GError *error = NULL;
  gboolean written = lacuna_journal_write (self, snapshot, &error);

  lacuna_journal_release (self);
  g_mutex_lock (&ending_mutex);
  n_ending--;
  g_cond_broadcast (&ending_changed);
  g_mutex_unlock (&ending_mutex);
  if (written)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

/* Writes nothing if no work was saved since the journal was opened. */
void
lacuna_journal_end_async (LacunaJournal *self, const LacunaWork *work, GBytes *marks, GAsyncReadyCallback callback,
                          gpointer data)
{
  g_autoptr (GTask) task = NULL;
  gboolean changed = self->n_snapshots > 0;

  self->report = NULL;
  g_clear_handle_id (&self->timeout, g_source_remove);
  set_pending (self, work, marks);
  self->pending->last = TRUE;
  task = make_task (self, g_steal_pointer (&self->pending), callback, data);
  g_object_set_data_full (G_OBJECT (task), "ended", self, (GDestroyNotify) lacuna_journal_unref);
  g_mutex_lock (&ending_mutex);
  if (expected != NULL)
    g_ptr_array_remove_fast (expected, self);
  if (changed)
    n_ending++;
  g_cond_broadcast (&ending_changed);
  g_mutex_unlock (&ending_mutex);
  if (changed)
    g_task_run_in_thread (task, end_in_thread);
  else
    {
      lacuna_journal_release (self);
      g_task_return_boolean (task, TRUE);
    }
}

gboolean
lacuna_journal_end_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

void
lacuna_journal_expect_end (LacunaJournal *self)
{
  g_mutex_lock (&ending_mutex);
  if (expected == NULL)
    expected = g_ptr_array_new ();
  g_ptr_array_add (expected, self);
  g_mutex_unlock (&ending_mutex);
}

/* The caller holds ending_mutex. */
static gboolean
is_expected (const char *path)
{
  g_autofree char *absolute = g_canonicalize_filename (path, NULL);

  for (guint i = 0; expected != NULL && i < expected->len; i++)
    if (g_str_equal (lacuna_journal_get_path (expected->pdata[i]), absolute)
        || lacuna_journal_may_be_in (expected->pdata[i], absolute))
      return TRUE;
  return FALSE;
}

void
lacuna_journal_await_ends (const char *path)
{
  g_mutex_lock (&ending_mutex);
  while (n_ending > 0 || is_expected (path))
    g_cond_wait (&ending_changed, &ending_mutex);
  g_mutex_unlock (&ending_mutex);
}

void
lacuna_journal_free (LacunaJournal *self)
{
  if (self == NULL)
    return;
  self->report = NULL;
  g_clear_handle_id (&self->timeout, g_source_remove);
  if (self->pending != NULL)
    lacuna_journal_write (self, self->pending, NULL);
  g_clear_pointer (&self->pending, snapshot_free);
  lacuna_journal_unref (self);
}
