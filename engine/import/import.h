/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * lacuna_models_import:
 * @path: (type filename): TensorFlow's checkpoints as the authors published them (any of its files, or the folder), what
 *   torch.save wrote, or safetensors; of every family that is known
 * @name: (nullable): of the model; %NULL: from the file's or folder's, the next that is free
 * @ret_notes: (out) (transfer full) (array zero-terminated=1): sentences about what is to be known of such a model,
 *   maybe none
 * @error: %LACUNA_ERROR_FILE; %LACUNA_ERROR_FORMAT: a file is damaged or of no format that is known;
 *   %LACUNA_ERROR_UNFIT: it is of another network, or the name can't be
 *
 * Imports a model from elsewhere into the user's library. Nothing of a file is run, and every tensor is known, of the
 * right shape and finite before anything is written. Critics are kept beside.
 *
 * Returns: (transfer full): the model's name
 */
char *lacuna_models_import (const char *path, const char *name, char ***ret_notes, GError **error);

G_END_DECLS
