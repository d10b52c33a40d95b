/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/document/document-private.h"

#include <glib/gi18n.h>

typedef struct {
  char      *path;
  GPtrArray *retouches;
} Saving;

static void
saving_free (Saving *self)
{
  g_free (self->path);
  g_ptr_array_unref (self->retouches);
  g_free (self);
}

static void
save_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  LacunaDocument *self = source;
  Saving *saving = data;
  const LacunaSaveOptions options = { .cancellable = cancellable };
  GError *error = NULL;
  g_autoptr (LacunaPhoto) blank = lacuna_photo_new_layer (self->original, &error);
  g_autoptr (LacunaPhoto) layer = blank != NULL ? lacuna_retouches_apply (saving->retouches, blank) : NULL;

  if (error == NULL && layer == NULL)
    g_set_error (&error, LACUNA_ERROR, LACUNA_ERROR_MEMORY,
                 _ ("“%s” was not saved for want of memory. Close other programs and save again."), saving->path);
  if (error == NULL && lacuna_photo_save_layers (self->original, layer, saving->path, &options, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

void
lacuna_document_save_patch_async (LacunaDocument *self, const char *path, GCancellable *cancellable,
                                  GAsyncReadyCallback callback, gpointer data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, data);
  Saving *saving = g_new0 (Saving, 1);

  g_task_set_source_tag (task, lacuna_document_save_patch_async);
  g_task_set_check_cancellable (task, FALSE);
  saving->path = g_strdup (path);
  saving->retouches = lacuna_document_list_retouches (self);
  g_task_set_task_data (task, saving, (GDestroyNotify) saving_free);
  g_task_run_in_thread (task, save_in_thread);
}

gboolean
lacuna_document_save_patch_finish (LacunaDocument *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}
