/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/services/chooser.h"

#include <glib/gi18n.h>
#include <string.h>

#include "app/services/complain.h"

static gboolean
show (gpointer dialog)
{
  gtk_native_dialog_show (dialog);
  return G_SOURCE_REMOVE;
}

static void
forget (GObject *parent)
{
  g_object_set_data (parent, "chooser", NULL);
}

/* Without a portal GTK builds the dialog itself. Its widgets and their first layout take too long for one turn of the
 * main loop, which also has to draw the window; so the dialog is shown by the next turn. */
GtkFileChooser *
lacuna_chooser_open (GtkWindow *parent, const char *title, GtkFileChooserAction action, const char *kind,
                     const char *pattern, GCallback response, gpointer data)
{
  GtkFileChooserNative *dialog;
  g_autoptr (GtkFileFilter) filter = gtk_file_filter_new ();
  g_auto (GStrv) patterns = pattern != NULL ? g_strsplit (pattern, " ", 0) : NULL;

  /* Keys reach the parent until the dialog is shown. */
  if (g_object_get_data (G_OBJECT (parent), "chooser") != NULL)
    return NULL;
  dialog = gtk_file_chooser_native_new (title, parent, action,
                                        action == GTK_FILE_CHOOSER_ACTION_SAVE ? _ ("_Save") : _ ("_Open"), NULL);
  g_object_set_data (G_OBJECT (parent), "chooser", dialog);
  g_signal_connect_object (dialog, "response", G_CALLBACK (forget), parent, G_CONNECT_SWAPPED);
  gtk_file_filter_set_name (filter, kind);
  for (guint i = 0; patterns != NULL && patterns[i] != NULL; i++)
    gtk_file_filter_add_pattern (filter, patterns[i]);
  if (patterns == NULL)
    gtk_file_filter_add_mime_type (filter, "image/*");
  gtk_file_chooser_add_filter (GTK_FILE_CHOOSER (dialog), filter);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (dialog), TRUE);
  g_signal_connect_object (dialog, "response", response, data, 0);
  g_idle_add_full (G_PRIORITY_HIGH_IDLE, show, g_object_ref (dialog), g_object_unref);
  return GTK_FILE_CHOOSER (dialog);
}

char *
lacuna_chooser_get_path (GtkFileChooser *dialog)
{
  g_autoptr (GFile) file = gtk_file_chooser_get_file (dialog);
  char *path = file != NULL ? g_file_get_path (file) : NULL;
  g_autoptr (GError) error = NULL;

  if (path != NULL)
    return path;
  error = g_error_new (G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                       _ ("Files can be read and written in folders of this computer alone. Choose one there."));
  lacuna_complain (GTK_WIDGET (gtk_native_dialog_get_transient_for (GTK_NATIVE_DIALOG (dialog))),
                   _ ("Not on This Computer"), error);
  return NULL;
}

AdwMessageDialog *
lacuna_chooser_ask_overwrite (GtkWindow *parent, const char *heading, const char *body)
{
  AdwMessageDialog *dialog = ADW_MESSAGE_DIALOG (adw_message_dialog_new (parent, heading, body));

  adw_message_dialog_add_responses (dialog, "cancel", _ ("_Cancel"), "overwrite", _ ("_Overwrite"), NULL);
  adw_message_dialog_set_response_appearance (dialog, "overwrite", ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_default_response (dialog, "cancel");
  adw_message_dialog_set_close_response (dialog, "cancel");
  gtk_window_present (GTK_WINDOW (dialog));
  return dialog;
}

/* What waits for the answer whether a file may be overwritten. */
typedef struct {
  LacunaChooserFunc use;
  char             *what, *path;
} Use;

static void
use_free (gpointer data)
{
  Use *self = data;

  g_free (self->what);
  g_free (self->path);
  g_free (self);
}

static void
overwrite_answered (AdwMessageDialog *dialog, const char *response, gpointer owner)
{
  const Use *use = g_object_get_data (G_OBJECT (dialog), "use");

  if (g_str_equal (response, "overwrite"))
    use->use (owner, use->what, use->path);
}

static char *
add_suffix (const char *path, const char *suffix)
{
  gsize length = strlen (path), n = strlen (suffix);

  return length > n && g_ascii_strcasecmp (path + length - n, suffix) == 0 ? g_strdup (path)
                                                                           : g_strconcat (path, suffix, NULL);
}

void
lacuna_chooser_use_as (GtkFileChooser *dialog, const char *path, LacunaChooserFunc use, GObject *owner,
                       const char *what)
{
  GtkWindow *parent = gtk_native_dialog_get_transient_for (GTK_NATIVE_DIALOG (dialog));
  g_autoptr (GFile) file = gtk_file_chooser_get_file (dialog), wanted = g_file_new_for_path (path);
  g_autofree char *name = NULL, *body = NULL;
  AdwMessageDialog *question;
  Use *waiting;

  if (g_file_equal (file, wanted) || !g_file_test (path, G_FILE_TEST_EXISTS))
    {
      use (owner, what, path);
      return;
    }
  name = g_filename_display_basename (path);
  body = g_strdup_printf (_ ("“%s” exists already. Its contents can’t be brought back."), name);
  question = lacuna_chooser_ask_overwrite (parent, _ ("Overwrite the File?"), body);
  waiting = g_new (Use, 1);
  *waiting = (Use){ use, g_strdup (what), g_strdup (path) };
  g_object_set_data_full (G_OBJECT (question), "use", waiting, use_free);
  g_signal_connect_object (question, "response", G_CALLBACK (overwrite_answered), owner, 0);
}

void
lacuna_chooser_use (GtkFileChooser *dialog, const char *suffix, LacunaChooserFunc use, GObject *owner, const char *what)
{
  g_autofree char *chosen = lacuna_chooser_get_path (dialog);
  g_autofree char *path = chosen != NULL ? add_suffix (chosen, suffix) : NULL;

  if (path != NULL)
    lacuna_chooser_use_as (dialog, path, use, owner, what);
}
