/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/services/chooser.h"

#include <glib/gi18n.h>

static gboolean
show (gpointer dialog)
{
  gtk_native_dialog_show (dialog);
  return G_SOURCE_REMOVE;
}

/* Without a portal GTK builds the dialog itself. Its widgets and their first layout take too long for one turn of the
 * main loop, which also has to draw the window; so the dialog is shown by the next turn. */
GtkFileChooser *
lacuna_chooser_open (GtkWindow *parent, const char *title, GtkFileChooserAction action, const char *kind,
                     const char *pattern, GCallback response, gpointer data)
{
  GtkFileChooserNative *dialog = gtk_file_chooser_native_new (
      title, parent, action, action == GTK_FILE_CHOOSER_ACTION_SAVE ? _ ("_Save") : _ ("_Open"), NULL);
  g_autoptr (GtkFileFilter) filter = gtk_file_filter_new ();
  g_auto (GStrv) patterns = pattern != NULL ? g_strsplit (pattern, " ", 0) : NULL;

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
