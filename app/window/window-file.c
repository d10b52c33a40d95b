/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/window/window-private.h"

#include <glib/gi18n.h>

#include "app/services/chooser.h"

static void
remember (const char *path)
{
  g_autofree char *uri = g_filename_to_uri (path, NULL, NULL);

  if (uri != NULL)
    gtk_recent_manager_add_item (gtk_recent_manager_get_default (), uri);
}

/* What of the file is not in the photo. */
static void
tell_note (LacunaWindow *self)
{
  const char *note = lacuna_photo_get_note (lacuna_document_get_original (self->document));

  if (note != NULL)
    lacuna_window_toast (self, "%s", note);
}

static void
opened (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (LacunaWindow) self = data;
  g_autoptr (GError) error = NULL;
  LacunaDocument *document = lacuna_document_open_finish (result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  g_clear_object (&self->opening);
  gtk_widget_set_cursor (GTK_WIDGET (self), NULL);
  if (document == NULL)
    {
      gtk_stack_set_visible_child_name (self->fill_stack, self->document != NULL ? "photo" : "start");
      lacuna_window_complain (self, _ ("The Photo Could Not Be Opened"), error);
      return;
    }
  lacuna_window_set_document (self, document);
  tell_note (self);
  if (self->next_mask != NULL)
    lacuna_window_import_mask (self, self->next_mask);
  else
    remember (self->next_path);
}

static void
open_next (LacunaWindow *self)
{
  g_cancellable_cancel (self->opening);
  g_clear_object (&self->opening);
  self->opening = g_cancellable_new ();
  gtk_widget_set_cursor_from_name (GTK_WIDGET (self), "progress");
  if (self->document == NULL)
    gtk_stack_set_visible_child_name (self->fill_stack, "opening");
  lacuna_document_open_async (self->next_path, self->opening, opened, g_object_ref (self));
}

void
lacuna_window_open (LacunaWindow *self, const char *path, const char *mask)
{
  g_free (self->next_path);
  g_free (self->next_mask);
  self->next_path = g_strdup (path);
  self->next_mask = g_strdup (mask);
  lacuna_window_leave (self, open_next);
}

void
lacuna_window_open_files (LacunaWindow *self, GFile **files, int n_files)
{
  g_autofree char *path = g_file_get_path (files[0]);

  if (path == NULL)
    {
      g_autofree char *uri = g_file_get_uri (files[0]);
      g_autoptr (GError) error
          = g_error_new (LACUNA_ERROR, LACUNA_ERROR_FILE,
                         _ ("%s is not on this computer. Copy it to a folder here, then open it."), uri);

      lacuna_window_complain (self, _ ("The Photo Could Not Be Opened"), error);
      return;
    }
  if (n_files > 1)
    lacuna_window_toast (self, "%s", _ ("One photo is open at a time: the first one was taken"));
  lacuna_window_open (self, path, NULL);
}

static void
photo_chosen (GtkNativeDialog *dialog, int response, gpointer data)
{
  if (response == GTK_RESPONSE_ACCEPT)
    {
      g_autoptr (GFile) file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog));

      lacuna_window_open_files (data, &file, 1);
    }
  g_object_unref (dialog);
}

void
lacuna_window_ask_open (LacunaWindow *self)
{
  lacuna_chooser_open (GTK_WINDOW (self), _ ("Open Photo"), GTK_FILE_CHOOSER_ACTION_OPEN, _ ("Photos"), NULL,
                       G_CALLBACK (photo_chosen), self);
}

static void
recovered (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (LacunaWindow) self = data;
  g_autoptr (GError) error = NULL;
  LacunaDocument *document = lacuna_document_recover_finish (result, &error);

  if (document != NULL)
    lacuna_window_set_document (self, document);
  else
    lacuna_window_complain (self, _ ("The Last Session Could Not Be Restored"), error);
}

static void
recovery_answered (AdwMessageDialog *dialog, const char *response, gpointer data)
{
  const char *session = g_object_get_data (G_OBJECT (dialog), "session");

  if (g_str_equal (response, "restore"))
    lacuna_document_recover_async (session, NULL, recovered, g_object_ref (data));
  else if (g_str_equal (response, "discard"))
    lacuna_session_discard (session);
}

void
lacuna_window_offer_recovery (LacunaWindow *self)
{
  g_autoptr (GPtrArray) sessions = lacuna_sessions_list ();
  g_autofree char *name = NULL, *time = NULL, *body = NULL;
  const LacunaSession *session;
  AdwMessageDialog *dialog;

  if (sessions->len == 0)
    return;
  session = sessions->pdata[0];
  name = g_path_get_basename (session->photo_path);
  time = g_date_time_format (session->time, "%x %X");
  body = g_strdup_printf (g_dngettext (NULL,
                                       "Lacuna ended unexpectedly while “%s” was open. Its mask and %u fill were kept "
                                       "as of %s.",
                                       "Lacuna ended unexpectedly while “%s” was open. Its mask and %u fills were kept "
                                       "as of %s.",
                                       session->n_fills),
                          name, session->n_fills, time);
  dialog = ADW_MESSAGE_DIALOG (adw_message_dialog_new (GTK_WINDOW (self), _ ("Restore the Last Session?"), body));
  adw_message_dialog_add_responses (dialog, "later", _ ("_Later"), "discard", _ ("_Discard"), "restore",
                                    _ ("_Restore"), NULL);
  adw_message_dialog_set_response_appearance (dialog, "discard", ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_response_appearance (dialog, "restore", ADW_RESPONSE_SUGGESTED);
  adw_message_dialog_set_default_response (dialog, "restore");
  adw_message_dialog_set_close_response (dialog, "later");
  g_object_set_data_full (G_OBJECT (dialog), "session", g_strdup (session->path), g_free);
  g_signal_connect_object (dialog, "response", G_CALLBACK (recovery_answered), self, 0);
  gtk_window_present (GTK_WINDOW (dialog));
}
