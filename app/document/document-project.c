/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/document/document-private.h"

#include "app/document/project.h"

typedef struct {
  LacunaJournal *journal; /* it has a copy of the photo's file */
  LacunaProject *project;
  char *path;
} Saving;

static void
saving_free (Saving *self)
{
  lacuna_journal_unref (self->journal);
  lacuna_project_free (self->project);
  g_free (self->path);
  g_free (self);
}

static gpointer
copy_step (gconstpointer step, gpointer data)
{
  return lacuna_step_ref ((LacunaStep *) step);
}

static void
save_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Saving *saving = data;
  GError *error = NULL;

  saving->project->file = lacuna_journal_read_photo (saving->journal, &error);
  if (saving->project->file != NULL && lacuna_project_save (saving->project, saving->path, cancellable, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

void
lacuna_document_save_project_async (LacunaDocument *self, const char *path, GCancellable *cancellable,
                                    GAsyncReadyCallback callback, gpointer data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, data);
  Saving *saving = g_new0 (Saving, 1);

  g_task_set_source_tag (task, lacuna_document_save_project_async);
  /* What is written is written. */
  g_task_set_check_cancellable (task, FALSE);
  saving->journal = lacuna_journal_ref (self->journal);
  saving->path = g_strdup (path);
  saving->project = g_new0 (LacunaProject, 1);
  saving->project->photo = g_object_ref (self->original);
  saving->project->name = g_strdup (self->name);
  saving->project->history.steps = g_ptr_array_copy (self->history.steps, copy_step, NULL);
  g_ptr_array_set_free_func (saving->project->history.steps, (GDestroyNotify) lacuna_step_unref);
  saving->project->history.position = self->history.position;
  g_task_set_task_data (task, saving, (GDestroyNotify) saving_free);
  g_task_run_in_thread (task, save_in_thread);
}

gboolean
lacuna_document_save_project_finish (LacunaDocument *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}
