/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* A modal file dialog of parent, which the caller goes on to set up: it is shown by the next turn of the main loop.
 * pattern: of the files' names, several with blanks between, called kind for people; NULL: pictures. response is
 * connected with data, an object, as a handler of GtkNativeDialog::response, and owns the dialog. */
GtkFileChooser *lacuna_chooser_open (GtkWindow *parent, const char *title, GtkFileChooserAction action,
                                     const char *kind, const char *pattern, GCallback response, gpointer data);

G_END_DECLS
