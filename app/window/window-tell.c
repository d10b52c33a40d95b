/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/window/window-private.h"

#include <glib/gi18n.h>

/* What the window says of its own accord. */

#define SECONDS 5
#define SECONDS_TO_CHOOSE 30
#define READ_IN_A_SECOND 12 /* characters */
#define LINE 30             /* characters that fit the narrowest window */
#define LINE_AND_BUTTON 16  /* the same beside a button */

/* A toast that is as long, and stays as long, as its text asks for. line: characters. */
static AdwToast *
make_toast (const char *text, int line)
{
  AdwToast *toast = adw_toast_new ("");
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_width_chars (GTK_LABEL (label), MIN (g_utf8_strlen (text, -1), line));
  gtk_label_set_max_width_chars (GTK_LABEL (label), line);
  gtk_label_set_xalign (GTK_LABEL (label), 0.0f);
  adw_toast_set_custom_title (toast, label);
  adw_toast_set_timeout (toast, MAX (SECONDS, g_utf8_strlen (text, -1) / READ_IN_A_SECOND));
  return toast;
}

/* The last word takes the place of one that is older. */
static void
show_toast (LacunaWindow *self, AdwToast *toast)
{
  if (self->toast != NULL)
    adw_toast_dismiss (self->toast);
  g_set_weak_pointer (&self->toast, toast);
  adw_toast_overlay_add_toast (self->toasts, toast);
}

void
lacuna_window_toast (LacunaWindow *self, const char *format, ...)
{
  g_autofree char *text = NULL;
  va_list arguments;

  if (!gtk_widget_get_realized (GTK_WIDGET (self)))
    return;
  va_start (arguments, format);
  text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  show_toast (self, make_toast (text, LINE));
}

void
lacuna_window_offer_lesson (LacunaWindow *self)
{
  AdwToast *toast;

  if (lacuna_document_get_lesson (self->document) != NULL)
    return;
  if (self->offered == NULL)
    self->offered = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  if (!g_hash_table_add (self->offered, g_strdup (lacuna_document_get_path (self->document))))
    return;
  toast = make_toast (_ ("This fill may not be right. To learn the photo first may help."), LINE_AND_BUTTON);
  adw_toast_set_timeout (toast, SECONDS_TO_CHOOSE);
  adw_toast_set_button_label (toast, _ ("_Learn This Photo"));
  adw_toast_set_action_name (toast, "win.learn-photo");
  g_set_weak_pointer (&self->offer, toast);
  show_toast (self, toast);
}

void
lacuna_window_withdraw_offer (LacunaWindow *self)
{
  if (self->offer != NULL)
    adw_toast_dismiss (self->offer);
}

void
lacuna_window_complain (LacunaWindow *self, const char *heading, const GError *error)
{
  lacuna_complain (GTK_WIDGET (self), heading, error);
}
