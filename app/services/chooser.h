/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* A modal file dialog of parent, which the caller goes on to set up: it is shown by the next turn of the main loop.
 * NULL: parent has one already.
 * pattern: of the files' names, several with blanks between, called kind for people; NULL: pictures. response is
 * connected with data, an object, as a handler of GtkNativeDialog::response, and owns the dialog. */
GtkFileChooser *lacuna_chooser_open (GtkWindow *parent, const char *title, GtkFileChooserAction action,
                                     const char *kind, const char *pattern, GCallback response, gpointer data);

/* Returns the path that was chosen; NULL: it is not on this computer, which was said. */
char *lacuna_chooser_get_path (GtkFileChooser *dialog);

/* Asks over parent whether a file may be overwritten: its "response" is "overwrite", or else not. */
AdwMessageDialog *lacuna_chooser_ask_overwrite (GtkWindow *parent, const char *heading, const char *body);

/* owner, and what it was to do with the file at path. */
typedef void (*LacunaChooserFunc) (GObject *owner, const char *what, const char *path);

/* Calls use with path; asks first before a file is overwritten that is not the one that was chosen, of which the dialog
 * has asked. Calls nothing once the owner is gone. */
void lacuna_chooser_use_as (GtkFileChooser *dialog, const char *path, LacunaChooserFunc use, GObject *owner,
                            const char *what);
/* The same with the file that was chosen, which gets the suffix, with its dot, where its name lacks it. */
void lacuna_chooser_use (GtkFileChooser *dialog, const char *suffix, LacunaChooserFunc use, GObject *owner,
                         const char *what);

G_END_DECLS
