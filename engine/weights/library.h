#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Changes of the user's own models, which lacuna_models_list() then tells of. Errors: LACUNA_ERROR_FILE. */

/* Copies a safetensors file of generator weights into the user's folder, under its name or the next that is free.
 * Returns the model's name. LACUNA_ERROR_FORMAT, LACUNA_ERROR_UNFIT: the file is none. */
char    *lacuna_library_import (const char *path, GError **error);
/* Copies a model's file: beside the path, synced, renamed. */
gboolean lacuna_library_export (const char *model, const char *path, GError **error);
/* LACUNA_ERROR_UNFIT: name is taken, or no name of a file. */
gboolean lacuna_library_rename (const char *model, const char *name, GError **error);

/* Takes a model out of the list; it can be brought back until it is purged. */
gboolean lacuna_library_remove  (const char *model, GError **error);
gboolean lacuna_library_restore (const char *model, GError **error);
void     lacuna_library_purge   (const char *model);

G_END_DECLS
