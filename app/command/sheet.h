/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/lacuna.h"

G_BEGIN_DECLS

/* A contact sheet: a row for each hole, with pictures of it and of what is around it, at the photo's own scale where
 * they fit into a cell. */
typedef struct _LacunaSheet LacunaSheet;

#define LACUNA_SHEET_MOST_CELLS 1024

/* n_rows·n_columns: up to LACUNA_SHEET_MOST_CELLS. LACUNA_ERROR_MEMORY. */
LacunaSheet *lacuna_sheet_new  (guint n_rows, guint n_columns, GError **error);
void         lacuna_sheet_free (LacunaSheet *self);

/* Draws the part of photo around the mask's hole into a cell; both have the same size. LACUNA_ERROR_MEMORY. */
gboolean lacuna_sheet_set_cell (LacunaSheet *self, guint row, guint column, LacunaPhoto *photo, LacunaMask *mask,
                                GError **error);
/* The row is left out; the others keep their numbers. */
void     lacuna_sheet_drop_row (LacunaSheet *self, guint row);
/* Writes the sheet as PNG, after which no cell can be set any more. LACUNA_ERROR_FILE, LACUNA_ERROR_MEMORY. */
gboolean lacuna_sheet_save     (LacunaSheet *self, const char *path, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LacunaSheet, lacuna_sheet_free)

G_END_DECLS
