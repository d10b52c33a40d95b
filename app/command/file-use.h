/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/command/export-folder.h"

G_BEGIN_DECLS

/* What a command reads and what it is to write, compared before anything is computed: nothing that is read is overwritten,
 * by whatever name it is called, and nothing is written twice. Paths may be NULL, which is none, and “-”. */
typedef struct _LacunaFileUse LacunaFileUse;

LacunaFileUse *lacuna_file_use_new  (void);
void           lacuna_file_use_free (LacunaFileUse *self);

void lacuna_file_use_read   (LacunaFileUse *self, const char *path);
void lacuna_file_use_write  (LacunaFileUse *self, const char *path);
void lacuna_file_use_export (LacunaFileUse *self, LacunaExport kind, const char *folder);

/* FALSE where the use is wrong, which was said. force: what --force says, with which what is read is overwritten; NULL where
 * the command has no such option. */
gboolean lacuna_file_use_check (LacunaFileUse *self, const gboolean *force);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LacunaFileUse, lacuna_file_use_free)

G_END_DECLS
