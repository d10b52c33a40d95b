#pragma once

#include "engine/weights/weights.h"

G_BEGIN_DECLS

/* Changes of the user's own models, which lacuna_models_list() then tells of. Errors: LACUNA_ERROR_FILE. */

/* The name, or the next that no model has yet. */
char    *lacuna_library_choose_name (const char *wish);
/* Where the critics of a model of the user's are, if it has any. */
char    *lacuna_library_get_critics_path (const char *model);

/* Writes a model for other programs: for RGB, under the layers' names. type: of all tensors, NULL: as they are.
 * LACUNA_ERROR_UNFIT: a value is too large for fp16. */
gboolean lacuna_library_export (const char *model, const char *path, const LacunaWeightsType *type, GError **error);
/* The model is the user's own. LACUNA_ERROR_UNFIT: name is taken, or no name of a file. */
gboolean lacuna_library_rename (const char *model, const char *name, GError **error);

/* Takes a model out of the list; it can be brought back until it is purged. */
gboolean lacuna_library_remove  (const char *model, GError **error);
gboolean lacuna_library_restore (const char *model, GError **error);
void     lacuna_library_purge   (const char *model);

G_END_DECLS
