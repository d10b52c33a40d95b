/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/window/window-private.h"

#include <glib/gi18n.h>

/* What the window says of its own accord. */

void
lacuna_window_toast (LacunaWindow *self, const char *format, ...)
{
  g_autofree char *text = NULL, *markup = NULL;
  va_list arguments;

  if (!gtk_widget_get_realized (GTK_WIDGET (self)))
    return;
  va_start (arguments, format);
  text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  markup = g_markup_escape_text (text, -1);
  adw_toast_overlay_add_toast (self->toasts, adw_toast_new (markup));
}

void
lacuna_window_complain (LacunaWindow *self, const char *heading, const GError *error)
{
  lacuna_complain (GTK_WIDGET (self), heading, error);
}
