/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Says in a dialog over the widget's window what went wrong and what to do, which can't be overlooked. Says nothing
 * once that window is closed. */
void lacuna_complain (GtkWidget *widget, const char *heading, const GError *error);

G_END_DECLS
