/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/window/window-private.h"

#include <glib/gi18n.h>

/* Projects written, and sessions forgotten. */

#define SECONDS_TO_UNDO 15

static void
project_saved (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (LacunaWindow) self = data;
  g_autoptr (GError) error = NULL;

  lacuna_services_release (self->services);
  if (lacuna_document_save_project_finish (LACUNA_DOCUMENT (source), result, &error))
    lacuna_window_toast (self, "%s", _ ("Project saved"));
  else
    lacuna_window_complain (self, _ ("The Project Could Not Be Saved"), error);
}

void
lacuna_window_save_project (LacunaWindow *self, const char *path)
{
  lacuna_services_hold (self->services);
  lacuna_document_save_project_async (self->document, path, NULL, project_saved, g_object_ref (self));
}

static void
remove_in_thread (GTask *task, gpointer source, gpointer path, GCancellable *cancellable)
{
  lacuna_session_remove_forgotten (path);
  g_task_return_boolean (task, TRUE);
}

static gboolean
begin_removing (gpointer path)
{
  g_autoptr (GTask) task = g_task_new (NULL, NULL, NULL, NULL);

  g_task_set_task_data (task, g_strdup (path), g_free);
  g_task_run_in_thread (task, remove_in_thread);
  return G_SOURCE_REMOVE;
}

/* A toast is dismissed by its button too, which may be told first: what was restored is not there to be removed then.
 */
static void
toast_dismissed (AdwToast *toast, gpointer data)
{
  g_idle_add_full (G_PRIORITY_LOW, begin_removing, g_strdup (g_object_get_data (G_OBJECT (toast), "path")), g_free);
}

static void
undo_clicked (AdwToast *toast, gpointer data)
{
  LacunaWindow *self = data;

  lacuna_session_restore (g_object_get_data (G_OBJECT (toast), "path"));
  lacuna_start_page_refresh (self->start_page);
}

/* In the list of the desktop's recent files it is no more than here. */
static void
forget_recent (const char *path)
{
  g_autoptr (LacunaSession) session = lacuna_session_read (path);
  g_autofree char *uri = session != NULL ? g_filename_to_uri (session->photo_path, NULL, NULL) : NULL;

  if (uri != NULL)
    gtk_recent_manager_remove_item (gtk_recent_manager_get_default (), uri, NULL);
}

void
lacuna_window_forget_session (LacunaWindow *self, const char *id)
{
  char *path = lacuna_session_get_path (id);
  AdwToast *toast = adw_toast_new (_ ("The work on the photo is forgotten"));

  g_object_set_data_full (G_OBJECT (toast), "path", path, g_free);
  adw_toast_set_button_label (toast, _ ("_Undo"));
  adw_toast_set_timeout (toast, SECONDS_TO_UNDO);
  forget_recent (path);
  if (lacuna_session_forget (path))
    {
      g_signal_connect_object (toast, "button-clicked", G_CALLBACK (undo_clicked), self, 0);
      g_signal_connect (toast, "dismissed", G_CALLBACK (toast_dismissed), NULL);
      adw_toast_overlay_add_toast (self->toasts, g_object_ref (toast));
    }
  g_object_unref (toast);
  lacuna_start_page_refresh (self->start_page);
}
