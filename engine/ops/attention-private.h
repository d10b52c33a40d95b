/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/cl/kernel.h"
#include "engine/tensor/tensor.h"

G_BEGIN_DECLS

/* What the files of attention share. */

static inline gsize
count_groups (gsize n, guint size)
{
  return (n + size - 1) / size;
}

static inline guint
round_up (guint n, guint step)
{
  return (guint) count_groups (n, step) * step;
}

#define INT(value) LACUNA_INT_ARG (value)
/* An image of a batch: three arguments. */
#define IMAGE(tensor, i)                                                                                               \
  LACUNA_BUFFER_ARG ((tensor)->buffer),                                                                                \
      INT ((tensor)->offset + (gsize) (i) * (tensor)->shape.height * (tensor)->shape.width * (tensor)->stride),        \
      INT ((tensor)->stride)

G_END_DECLS
