/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Sizes of a batch of feature maps, in elements. */
typedef struct {
  guint n, channels, height, width;
} LacunaShape;

static inline gsize
lacuna_shape_get_pixels (LacunaShape shape)
{
  return (gsize) shape.n * shape.height * shape.width;
}

static inline gsize
lacuna_shape_get_elements (LacunaShape shape)
{
  return lacuna_shape_get_pixels (shape) * shape.channels;
}

G_END_DECLS
