/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * lacuna_npy_save: (skip)
 * @path: the file
 * @values: all of them, last dimension innermost
 * @n_dims: how many dimensions
 * @dims: their sizes
 * @error: %LACUNA_ERROR_FILE, _MEMORY
 *
 * Writes a float32 array as NumPy's .npy (version 1.0), by [func@publish].
 *
 * Returns: whether it was written
 */
gboolean lacuna_npy_save (const char *path, const float *values, guint n_dims, const gsize *dims, GError **error);

G_END_DECLS
