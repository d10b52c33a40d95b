/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "engine/weights/entry.h"

G_BEGIN_DECLS

/* Named tensors of a safetensors file, read when they are asked for. Immutable, atomically
 * reference-counted. Nothing about the file is trusted: header length, JSON,
 * types, shapes, offsets and overlaps are checked before anything is read. */
typedef struct _LacunaWeights LacunaWeights;

/* LACUNA_ERROR_FILE, LACUNA_ERROR_FORMAT (names what lies). */
LacunaWeights *lacuna_weights_load  (const char *path, GError **error);
LacunaWeights *lacuna_weights_new_from_bytes (GBytes *bytes, GError **error);
LacunaWeights *lacuna_weights_ref   (LacunaWeights *self);
void           lacuna_weights_unref (LacunaWeights *self);

guint                     lacuna_weights_get_n_entries (LacunaWeights *self);
const LacunaWeightsEntry *lacuna_weights_get_entry     (LacunaWeights *self, guint i); /* by name, sorted */
const LacunaWeightsEntry *lacuna_weights_find          (LacunaWeights *self, const char *name); /* or NULL */
const char               *lacuna_weights_get_metadata  (LacunaWeights *self, const char *key);  /* or NULL */
/* The metadata as a number; 0: it is none, or above limit. */
guint64                   lacuna_weights_get_number    (LacunaWeights *self, const char *key, guint64 limit);
const char              **lacuna_weights_list_metadata (LacunaWeights *self); /* keys, to be freed; they are not */

/* "3×3×64×32" */
char *lacuna_weights_format_shape (guint n_dims, const guint *dims);

/* A copy as float32 (fp16 is widened). LACUNA_ERROR_UNFIT where the tensor is
 * missing, of another shape (n_dims and dims given), not of a float type, or
 * holds a value that is not finite. */
float *lacuna_weights_read (LacunaWeights *self, const char *name, guint n_dims, const guint *dims, GError **error);
/* A copy of an int32 tensor of any shape. */
gint32 *lacuna_weights_read_int (LacunaWeights *self, const char *name, gsize *ret_n_elements, GError **error);

/* Collects tensors of different names and writes them beside the path, synced,
 * then renamed: on failure an old file of that name is untouched.
 * LACUNA_ERROR_FILE; LACUNA_ERROR_UNFIT names a tensor that can't be read back:
 * a value is not finite, or too large for fp16. */
typedef struct _LacunaWeightsWriter LacunaWeightsWriter;
LacunaWeightsWriter *lacuna_weights_writer_new  (void);
void                 lacuna_weights_writer_free (LacunaWeightsWriter *self);
void     lacuna_weights_writer_set_metadata (LacunaWeightsWriter *self, const char *key, const char *value);
void     lacuna_weights_writer_add  (LacunaWeightsWriter *self, const char *name, LacunaWeightsType type, /* F32 or F16 */
                                     guint n_dims, const guint *dims, const float *values); /* copied */
gboolean lacuna_weights_writer_save (LacunaWeightsWriter *self, const char *path, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LacunaWeights, lacuna_weights_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LacunaWeightsWriter, lacuna_weights_writer_free)

G_END_DECLS
