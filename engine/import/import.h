#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Imports a model from elsewhere into the user's library: TensorFlow's checkpoints as the authors published them (any of
 * its files, or the folder), what torch.save wrote, safetensors; of every family in families/. Nothing of a file is
 * run, and every tensor is known, of the right shape and finite before anything is written. Critics are kept beside.
 *
 * name: of the model; NULL: from the file's or folder's, the next that is free. ret_notes: sentences about what is to be
 * known of such a model, to be freed, maybe none. Returns the model's name. LACUNA_ERROR_FILE; LACUNA_ERROR_FORMAT:
 * a file is damaged or of no format that is known; LACUNA_ERROR_UNFIT: it is of another network, or the name can't be. */
char *lacuna_import (const char *path, const char *name, char ***ret_notes, GError **error);

G_END_DECLS
