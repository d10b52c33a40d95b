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
  lacuna_window_end_saving (self);
  if (lacuna_document_save_project_finish (LACUNA_DOCUMENT (source), result, &error))
    lacuna_window_toast (self, LACUNA_DOCUMENT (source), "%s", _ ("Project saved"));
  else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    lacuna_window_toast (self, LACUNA_DOCUMENT (source), "%s", _ ("The project was not saved"));
  else
    lacuna_window_complain (self, _ ("The Project Could Not Be Saved"), error);
}

void
lacuna_window_save_project (LacunaWindow *self, const char *path)
{
  lacuna_services_hold (self->services);
  lacuna_window_begin_saving (self, path);
  lacuna_document_save_project_async (self->document, path, self->saving, project_saved, g_object_ref (self));
}

static void
remove_forgotten (gpointer path, gpointer data)
{
  lacuna_session_remove_forgotten (path);
}

static void
remove_in_thread (GTask *task, gpointer source, gpointer paths, GCancellable *cancellable)
{
  g_ptr_array_foreach (paths, remove_forgotten, NULL);
  g_task_return_boolean (task, TRUE);
}

static gboolean
begin_removing (gpointer paths)
{
  g_autoptr (GTask) task = g_task_new (NULL, NULL, NULL, NULL);

  g_task_set_task_data (task, g_ptr_array_ref (paths), (GDestroyNotify) g_ptr_array_unref);
  g_task_run_in_thread (task, remove_in_thread);
  return G_SOURCE_REMOVE;
}

/* A toast is dismissed by its button too, which may be told first: what was restored is not there to be removed then.
 */
static void
toast_dismissed (AdwToast *toast, gpointer data)
{
  GPtrArray *paths = g_object_get_data (G_OBJECT (toast), "paths");

  g_object_set_data (G_OBJECT (toast), "over", toast);
  if (paths != NULL)
    g_idle_add_full (G_PRIORITY_LOW, begin_removing, g_ptr_array_ref (paths), (GDestroyNotify) g_ptr_array_unref);
}

static void
restore (gpointer path, gpointer data)
{
  lacuna_session_restore (path);
}

static void
undo_clicked (AdwToast *toast, gpointer data)
{
  LacunaWindow *self = data;

  g_ptr_array_foreach (g_object_get_data (G_OBJECT (toast), "paths"), restore, NULL);
  lacuna_start_page_refresh (self->start_page);
}

/* Removes the photo from the desktop's recent files too. */
static void
forget_recent (const char *path)
{
  g_autoptr (LacunaSession) session = lacuna_session_read (path);
  g_autofree char *uri = session != NULL ? g_filename_to_uri (session->photo_path, NULL, NULL) : NULL;

  if (uri != NULL)
    gtk_recent_manager_remove_item (gtk_recent_manager_get_default (), uri, NULL);
}

/* Offers to undo it; what the last such toast told of, while it stands, goes on with the new one. paths: of char. */
static void
offer_undo (LacunaWindow *self, GPtrArray *paths)
{
  g_autofree char *text
      = g_strdup_printf (ngettext ("%u photo forgotten", "%u photos forgotten", paths->len), paths->len);
  AdwToast *toast = adw_toast_new (text);

  g_object_set_data_full (G_OBJECT (toast), "paths", paths, (GDestroyNotify) g_ptr_array_unref);
  adw_toast_set_button_label (toast, _ ("Undo"));
  adw_toast_set_timeout (toast, SECONDS_TO_UNDO);
  g_signal_connect_object (toast, "button-clicked", G_CALLBACK (undo_clicked), self, 0);
  g_signal_connect (toast, "dismissed", G_CALLBACK (toast_dismissed), NULL);
  g_set_weak_pointer (&self->forgotten, toast);
  lacuna_show_toast (self->toasts, toast);
}

void
lacuna_window_forget_session (LacunaWindow *self, const char *id)
{
  g_autofree char *path = lacuna_session_get_path (id);
  GPtrArray *paths = NULL;

  forget_recent (path);
  if (lacuna_session_forget (path))
    {
      if (self->forgotten != NULL && g_object_get_data (G_OBJECT (self->forgotten), "over") == NULL)
        {
          paths = g_object_steal_data (G_OBJECT (self->forgotten), "paths");
          lacuna_dismiss_toast (self->forgotten);
        }
      if (paths == NULL)
        paths = g_ptr_array_new_with_free_func (g_free);
      g_ptr_array_add (paths, g_steal_pointer (&path));
      offer_undo (self, paths);
    }
  lacuna_start_page_refresh (self->start_page);
}
