/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* The formats that a dialog for saving offers, each with what it keeps. */

/* name: whose suffix tells the first choice; layered: formats that have a layer over the photo. */
void  lacuna_save_formats_add      (GtkFileChooser *dialog, const char *name, gboolean layered);
/* The path that was chosen, with the suffix of the format that was chosen, where it has none that can be saved or
 * another format was chosen than was offered first. */
char *lacuna_save_formats_get_path (GtkFileChooser *dialog);

G_END_DECLS
