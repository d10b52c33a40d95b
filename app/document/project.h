/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/document/history.h"

G_BEGIN_DECLS

/* All that is needed to go on with a photo elsewhere, in one file: data/doc/project.md says how. */
typedef struct {
  LacunaPhoto  *photo;
  GBytes       *file; /* the photo's file */
  char         *name; /* its name in the project */
  LacunaHistory history;
} LacunaProject;

void           lacuna_project_free (LacunaProject *self);

/* Whether a file is named as a project is. */
gboolean       lacuna_project_is   (const char *path);
/* LACUNA_ERROR_FILE; _FORMAT: no project, or a damaged one; _UNFIT: too large; _MEMORY; errors of lacuna_photo_load. In a
 * thread. */
LacunaProject *lacuna_project_load (const char *path, GCancellable *cancellable, GError **error);
/* LACUNA_ERROR_FILE, _UNFIT: more than 3 GiB, _MEMORY. In a thread. */
gboolean       lacuna_project_save (const LacunaProject *self, const char *path, GCancellable *cancellable, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LacunaProject, lacuna_project_free)

G_END_DECLS
