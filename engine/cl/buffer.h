/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/cl/context.h"

G_BEGIN_DECLS

/* Device memory on the context's account. Atomically reference-counted. */
typedef struct _LacunaBuffer LacunaBuffer;

/* n_bytes > 0, content undefined. LACUNA_ERROR_MEMORY when over the limit. */
LacunaBuffer *lacuna_buffer_new   (LacunaContext *context, gsize n_bytes, GError **error);
LacunaBuffer *lacuna_buffer_ref   (LacunaBuffer *self);
void          lacuna_buffer_unref (LacunaBuffer *self);
gsize         lacuna_buffer_get_size (LacunaBuffer *self);

/* Blocking copies of n_bytes from or to the byte at offset; in order with launches. */
gboolean lacuna_buffer_write (LacunaBuffer *self, gsize offset, gconstpointer data, gsize n_bytes, GError **error);
gboolean lacuna_buffer_read  (LacunaBuffer *self, gsize offset, gpointer data, gsize n_bytes, GError **error);
/* Read n elements from the buffer's start and check them: floats have to be finite (LACUNA_ERROR_NOT_FINITE) … */
gboolean lacuna_buffer_read_floats (LacunaBuffer *self, float *values, gsize n, GError **error);
/* … and integers have to be from 0 to end - 1 (LACUNA_ERROR_DEVICE). */
gboolean lacuna_buffer_read_indices (LacunaBuffer *self, gint32 *values, gsize n, gint32 end, GError **error);
gboolean lacuna_buffer_read_bytes   (LacunaBuffer *self, guint8 *values, gsize n, guint8 end, GError **error);
/* The check of floats that were read otherwise, and the error of places out of range. */
gboolean lacuna_buffer_check_floats (LacunaBuffer *self, const float *values, gsize n, GError **error);
void     lacuna_buffer_set_range_error (LacunaBuffer *self, GError **error);
/* Sets n_bytes to 0; like a launch in order, and without waiting. */
gboolean lacuna_buffer_clear (LacunaBuffer *self, gsize offset, gsize n_bytes, GError **error);

/* Tries whether the device gives back what it was given. LACUNA_ERROR_DEVICE: it does not; LACUNA_ERROR_MEMORY: it
 * can't be tried. */
gboolean lacuna_buffer_try (LacunaContext *context, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LacunaBuffer, lacuna_buffer_unref)

G_END_DECLS
