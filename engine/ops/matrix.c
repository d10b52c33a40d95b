/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/ops/matrix.h"

#include "engine/cl/device-limits.h"

#define SUB 4 /* register tiles of a work-group, of matrix.cl */
#define OB 2

struct _LacunaMatrix {
  guint lanes, p; /* of common.cl */
  LacunaKernel *multiply;
};

LacunaMatrix *
lacuna_matrix_new (LacunaContext *context, GError **error)
{
  g_autoptr (LacunaMatrix) self = g_new0 (LacunaMatrix, 1);
  g_autofree char *options = NULL;

  self->lanes = MAX (lacuna_device_get_lanes (lacuna_context_get_device (context)), 4);
  self->p = self->lanes >= 16 ? 13 : 6;
  options = g_strdup_printf ("-DLANES=%u -DP=%u -DOB=%d -DSUB=%d", self->lanes, self->p, OB, SUB);
  self->multiply = lacuna_kernel_new (context, "matrix", "multiply", options, error);
  if (self->multiply == NULL)
    return NULL;
  return g_steal_pointer (&self);
}

void
lacuna_matrix_free (LacunaMatrix *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->multiply, lacuna_kernel_unref);
  g_free (self);
}

guint
lacuna_matrix_get_block (LacunaMatrix *self)
{
  return self->lanes * OB;
}

gboolean
lacuna_matrix_multiply (LacunaMatrix *self, LacunaBuffer *x, guint x_stride, gboolean transposed, LacunaBuffer *y,
                        guint y_stride, LacunaBuffer *z, guint z_stride, guint rows, guint length, guint columns,
                        float factor, GError **error)
{
  const guint block = lacuna_matrix_get_block (self), group_rows = SUB * self->p;

  g_assert (y_stride % block == 0 && z_stride % block == 0 && columns <= MIN (y_stride, z_stride));
  return lacuna_kernel_launch (self->multiply, (columns + block - 1) / block, (rows + group_rows - 1) / group_rows, 1,
                               error, LACUNA_BUFFER_ARG (x), LACUNA_INT_ARG (transposed ? 1 : x_stride),
                               LACUNA_INT_ARG (transposed ? x_stride : 1), LACUNA_BUFFER_ARG (y),
                               LACUNA_INT_ARG (y_stride), LACUNA_BUFFER_ARG (z), LACUNA_INT_ARG (z_stride),
                               LACUNA_INT_ARG (rows), LACUNA_INT_ARG (length), LACUNA_FLOAT_ARG (factor));
}
