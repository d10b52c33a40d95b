/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Folders that fills write into. */
typedef enum {
  LACUNA_EXPORT_STAGES,     /* what lacuna_region_export writes */
  LACUNA_EXPORT_PROVENANCE, /* what lacuna_provenance_export writes */
  LACUNA_EXPORT_PHOTOS,     /* files of any names */
  LACUNA_N_EXPORTS,
} LacunaExport;

/* Whether a file of that name, without folder, can be one of an export. No file is one of LACUNA_EXPORT_PHOTOS. */
gboolean lacuna_export_is_name (LacunaExport kind, const char *name);

/* A folder as it is before an export, so that nothing is left of one that fails. */
typedef struct _LacunaExportFolder LacunaExportFolder;

/* Looks at the folder, which need not be there. path NULL: returns NULL, with which the others do nothing. */
LacunaExportFolder *lacuna_export_folder_new  (LacunaExport kind, const char *path);
void                lacuna_export_folder_free (LacunaExportFolder *self);
/* Removes the files of the export that were written since, and the folder with those above it that were made. */
void                lacuna_export_folder_undo (LacunaExportFolder *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LacunaExportFolder, lacuna_export_folder_free)

G_END_DECLS
