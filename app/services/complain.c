/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/services/complain.h"

#include <glib/gi18n.h>

#define LAST_TOAST "lacuna-last-toast"

/* A file goes by its name: where it lies is known to whoever chose it, and long. Quotation marks are those of any
 * language. */
static char *
name_files (const char *message)
{
  g_autoptr (GRegex) path
      = g_regex_new ("(\\p{Pi}|\\p{Ps}|\\p{Pf})/[^\\p{Pi}\\p{Pf}\\p{Pe}]*/(?=[^/\\p{Pi}\\p{Pf}\\p{Pe}]+)", 0, 0, NULL);

  return g_regex_replace (path, message, -1, 0, "\\1", 0, NULL);
}

void
lacuna_complain (GtkWidget *widget, const char *heading, const GError *error)
{
  GtkRoot *root = gtk_widget_get_root (widget);
  g_autofree char *text = NULL;
  GtkWidget *dialog;

  if (!GTK_IS_WINDOW (root) || !gtk_widget_get_realized (GTK_WIDGET (root)))
    return;
  text = name_files (error->message);
  dialog = adw_message_dialog_new (GTK_WINDOW (root), heading, text);
  adw_message_dialog_add_response (ADW_MESSAGE_DIALOG (dialog), "close", _ ("_Close"));
  gtk_window_present (GTK_WINDOW (dialog));
}

void
lacuna_show_toast (AdwToastOverlay *overlay, AdwToast *toast)
{
  AdwToast *last = g_object_get_data (G_OBJECT (overlay), LAST_TOAST);

  if (last != NULL)
    adw_toast_dismiss (last);
  adw_toast_set_priority (toast, ADW_TOAST_PRIORITY_HIGH);
  g_object_set_data_full (G_OBJECT (overlay), LAST_TOAST,
                          adw_toast_get_button_label (toast) == NULL ? g_object_ref (toast) : NULL, g_object_unref);
  adw_toast_overlay_add_toast (overlay, toast);
}
