/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/lacuna.h"

G_BEGIN_DECLS

/* A contact sheet: a row for each hole, with pictures of it and of what is around it, at the photo's own scale where
 * they fit into a cell. */
typedef struct _LacunaSheet LacunaSheet;

#define LACUNA_SHEET_MOST_ROWS 256

LacunaSheet *lacuna_sheet_new  (void);
void         lacuna_sheet_free (LacunaSheet *self);

#define LACUNA_SHEET_COLUMNS 4
/* photos: of the mask's size. LACUNA_ERROR_MEMORY. */
gboolean lacuna_sheet_add  (LacunaSheet *self, LacunaPhoto *const photos[LACUNA_SHEET_COLUMNS], LacunaMask *mask,
                            GError **error);
/* As PNG. LACUNA_ERROR_FILE, LACUNA_ERROR_MEMORY. */
gboolean lacuna_sheet_save (LacunaSheet *self, const char *path, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LacunaSheet, lacuna_sheet_free)

G_END_DECLS
