/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* The formats that a dialog for saving offers, each with what it keeps. */

typedef enum {
  LACUNA_FORMATS_PHOTO,
  LACUNA_FORMATS_LAYERS, /* a layer over the photo */
  LACUNA_FORMATS_FIGURE,
} LacunaFormatsKind;

/* Adds the choice of a format. name: its suffix tells the first choice. */
void  lacuna_save_formats_add        (GtkFileChooser *dialog, const char *name, LacunaFormatsKind kind);
/* Returns the given path with the suffix of the format that was chosen, if it has none that can be saved, or if another
 * format was chosen than was offered first; else a copy of it. (transfer full) */
char *lacuna_save_formats_set_suffix (GtkFileChooser *dialog, const char *given);

G_END_DECLS
