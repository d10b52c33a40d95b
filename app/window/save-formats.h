/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* The formats that a dialog for saving offers, each with what it keeps. */

/* Adds the choice of a format. name: its suffix tells the first choice; layered: offers formats that have a layer
 * over the photo, instead of the usual ones. */
void  lacuna_save_formats_add      (GtkFileChooser *dialog, const char *name, gboolean layered);
/* Returns the path that was chosen. It gets the suffix of the chosen format if it has none that can be saved, or if
 * another format was chosen than was offered first. (transfer full) */
char *lacuna_save_formats_get_path (GtkFileChooser *dialog);

G_END_DECLS
