/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/document/document-private.h"

#include <glib/gi18n.h>

typedef struct {
  LacunaPhoto   *photo;
  LacunaJournal *journal;
  LacunaHistory  history;
} Opened;

static void
opened_free (Opened *self)
{
  g_clear_object (&self->photo);
  g_clear_pointer (&self->journal, lacuna_journal_free);
  lacuna_history_clear (&self->history);
  g_free (self);
}

static LacunaPhoto *
load (const char *path, GCancellable *cancellable, GError **error)
{
  /* Found out by trials, once and for all: here, so that the main thread need not wait for it. */
  lacuna_photo_get_save_suffixes ();
  return lacuna_photo_check_packing (path, NULL, error) ? lacuna_photo_load (path, cancellable, error) : NULL;
}

static void
open_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Opened *opened = g_new0 (Opened, 1);
  GError *error = NULL;

  opened->photo = load (data, cancellable, &error);
  if (opened->photo != NULL)
    {
      g_task_return_pointer (task, opened, (GDestroyNotify) opened_free);
      return;
    }
  opened_free (opened);
  g_task_return_error (task, error);
}

void
lacuna_document_open_async (const char *path, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, data);

  g_task_set_source_tag (task, lacuna_document_open_async);
  g_task_set_task_data (task, g_strdup (path), g_free);
  g_task_run_in_thread (task, open_in_thread);
}

LacunaDocument *
lacuna_document_open_finish (GAsyncResult *result, GError **error)
{
  Opened *opened = g_task_propagate_pointer (G_TASK (result), error);
  gboolean recovered;
  LacunaDocument *self;

  if (opened == NULL)
    return NULL;
  recovered = opened->journal != NULL;
  self = lacuna_document_new (opened->photo, g_steal_pointer (&opened->journal),
                              recovered ? &opened->history : NULL);
  if (recovered)
    opened->history.steps = NULL;
  if (self == NULL)
    g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_MEMORY,
                 _ ("“%s” can't be worked on for want of memory. Close other programs, or use a smaller copy."),
                 lacuna_photo_get_path (opened->photo));
  opened_free (opened);
  return self;
}

static LacunaPhoto *
load_session_photo (const char *session, GCancellable *cancellable, GError **error)
{
  g_autofree char *path = lacuna_session_get_photo_path (session);

  if (path != NULL)
    return load (path, cancellable, error);
  g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_FORMAT,
               _ ("The session in “%s” is damaged: it names no photo. Discard it and begin again."), session);
  return NULL;
}

static void
recover_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Opened *opened = g_new0 (Opened, 1);
  GError *error = NULL;

  opened->photo = load_session_photo (data, cancellable, &error);
  if (opened->photo != NULL)
    opened->journal = lacuna_journal_open (data, opened->photo, &opened->history, &error);
  if (opened->journal != NULL)
    {
      g_task_return_pointer (task, opened, (GDestroyNotify) opened_free);
      return;
    }
  opened_free (opened);
  g_task_return_error (task, error);
}

void
lacuna_document_recover_async (const char *session, GCancellable *cancellable, GAsyncReadyCallback callback,
                               gpointer data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, data);

  g_task_set_source_tag (task, lacuna_document_recover_async);
  g_task_set_task_data (task, g_strdup (session), g_free);
  g_task_run_in_thread (task, recover_in_thread);
}

LacunaDocument *
lacuna_document_recover_finish (GAsyncResult *result, GError **error)
{
  return lacuna_document_open_finish (result, error);
}

void
lacuna_document_close (LacunaDocument *self)
{
  lacuna_document_cancel_fill (self);
  lacuna_document_cancel_learning (self);
  lacuna_journal_discard (self->journal);
}

const char *
lacuna_document_get_save_path (LacunaDocument *self)
{
  return self->save_path;
}

/* The source's own format where it can be saved, else PNG. */
static const char *
get_suffix (const char *path)
{
  const char *dot = strrchr (path, '.');

  if (dot != NULL && strchr (dot, '/') == NULL)
    for (const char * const *suffix = lacuna_photo_get_save_suffixes (); *suffix != NULL; suffix++)
      if (g_ascii_strcasecmp (dot + 1, *suffix) == 0)
        return dot + 1;
  return "png";
}

char *
lacuna_document_suggest_path (LacunaDocument *self)
{
  const char *source = lacuna_photo_get_path (self->original);
  g_autofree char *base = NULL, *folder = NULL;
  char *dot;

  if (source == NULL)
    source = self->title;
  base = g_path_get_basename (source);
  folder = g_path_get_dirname (source);
  dot = strrchr (base, '.');
  if (dot != NULL && dot != base)
    *dot = '\0';
  for (guint i = 1;; i++)
    {
      /* TRANSLATORS: the name of a filled photo's file: "holiday filled" */
      g_autofree char *stem = g_strdup_printf (_("%s filled"), base);
      g_autofree char *name = i == 1 ? g_strdup_printf ("%s.%s", stem, get_suffix (source))
                                     : g_strdup_printf ("%s %u.%s", stem, i, get_suffix (source));
      g_autofree char *path = g_build_filename (folder, name, NULL);

      if (!g_file_test (path, G_FILE_TEST_EXISTS))
        return g_steal_pointer (&path);
    }
}

typedef struct {
  char             *path;
  LacunaSaveOptions options;
  gboolean          copy;
  GPtrArray        *retouches;
} Save;

static void
save_free (Save *self)
{
  g_free (self->path);
  g_ptr_array_unref (self->retouches);
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
  else if (lacuna_photo_save (photo, save->path, &save->options, &error))
    g_task_return_boolean (task, TRUE);
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
  save->copy = copy;
  save->retouches = lacuna_document_list_retouches (self);
  g_task_set_task_data (task, save, (GDestroyNotify) save_free);
  g_task_run_in_thread (task, save_in_thread);
}

gboolean
lacuna_document_save_finish (LacunaDocument *self, GAsyncResult *result, GError **error)
{
  Save *save = g_task_get_task_data (G_TASK (result));

  if (!g_task_propagate_boolean (G_TASK (result), error))
    return FALSE;
  if (save->copy)
    return TRUE;
  g_ptr_array_unref (self->saved);
  self->saved = g_ptr_array_ref (save->retouches);
  g_free (self->save_path);
  self->save_path = g_strdup (save->path);
  g_free (self->title);
  self->title = g_filename_display_basename (save->path);
  lacuna_document_notify (self, PROP_TITLE);
  lacuna_document_notify (self, PROP_MODIFIED);
  return TRUE;
}
