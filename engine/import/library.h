/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Changes of the user's own models, which lacuna_models_list() then tells of. */

/**
 * LacunaPrecision:
 * @LACUNA_PRECISION_KEPT: every tensor as it is
 * @LACUNA_PRECISION_FP32: 32 bits
 * @LACUNA_PRECISION_FP16: 16 bits
 *
 * Of the numbers in an exported model.
 */
typedef enum {
  LACUNA_PRECISION_KEPT,
  LACUNA_PRECISION_FP32,
  LACUNA_PRECISION_FP16,
} LacunaPrecision;

/**
 * lacuna_models_export:
 * @model: a name or path
 * @path: (type filename): the file
 * @precision: of all tensors
 * @error: %LACUNA_ERROR_UNFIT: a value is too large for fp16; %LACUNA_ERROR_FILE, _FORMAT
 *
 * Writes a model as safetensors for other programs: for RGB, under the layers' names.
 *
 * Returns: whether it was written
 */
gboolean lacuna_models_export (const char *model, const char *path, LacunaPrecision precision, GError **error);

/**
 * lacuna_models_rename:
 * @model: the user's own
 * @name: the new one
 * @error: %LACUNA_ERROR_UNFIT: it is taken, or no name of a file; %LACUNA_ERROR_FILE
 *
 * Returns: whether it bears the name
 */
gboolean lacuna_models_rename (const char *model, const char *name, GError **error);

/**
 * lacuna_models_remove:
 * @model: the user's own
 * @error: %LACUNA_ERROR_FILE
 *
 * Takes a model out of the list; it can be brought back until it is purged.
 *
 * Returns: whether it is out
 */
gboolean lacuna_models_remove (const char *model, GError **error);

/**
 * lacuna_models_restore:
 * @model: one that was removed
 * @error: %LACUNA_ERROR_FILE
 *
 * Returns: whether it is back
 */
gboolean lacuna_models_restore (const char *model, GError **error);

/**
 * lacuna_models_purge:
 * @model: one that was removed
 *
 * Deletes it for good.
 */
void lacuna_models_purge (const char *model);

G_END_DECLS
