#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Writes a float32 array, last dimension innermost, as NumPy's .npy (version
 * 1.0): beside the path, synced, renamed. LACUNA_ERROR_FILE, _MEMORY. */
gboolean lacuna_npy_save (const char *path, const float *values, guint n_dims, const gsize *dims, GError **error);

G_END_DECLS
