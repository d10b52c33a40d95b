/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/cl/kernel.h"

G_BEGIN_DECLS

/* z[i, j] = factor · Σ_l x[i, l] · y[l, j], of row-major float32 matrices that
 * begin at their buffers' first element. */
typedef struct _LacunaMatrix LacunaMatrix;

LacunaMatrix *lacuna_matrix_new  (LacunaContext *context, GError **error);
void          lacuna_matrix_free (LacunaMatrix *self);

/* Columns of y and z come in whole blocks of so many: their rows' strides are
 * multiples of it, and what lies behind the last column is computed too. */
guint lacuna_matrix_get_block (LacunaMatrix *self);

/* x: rows×length, rows x_stride floats apart; with transposed set, the matrix
 * in memory is length×rows. y: length×columns. z: rows×columns; overwritten. */
gboolean lacuna_matrix_multiply (LacunaMatrix *self, LacunaBuffer *x, guint x_stride, gboolean transposed,
                                 LacunaBuffer *y, guint y_stride, LacunaBuffer *z, guint z_stride,
                                 guint rows, guint length, guint columns, float factor, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LacunaMatrix, lacuna_matrix_free)

G_END_DECLS
