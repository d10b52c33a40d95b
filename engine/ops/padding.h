/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* TensorFlow's SAME padding of one axis (engine/network/NETWORK.md, "Generator"). */

/* Returns the number of outputs of an axis of n elements. */
static inline guint
lacuna_same_size (guint n, guint stride)
{
  return (n + stride - 1) / stride;
}

/* Returns the number of zeros before the first element; the rest of the total comes after the last. */
static inline guint
lacuna_same_before (guint n, guint kernel, guint stride, guint dilation)
{
  guint needed = (lacuna_same_size (n, stride) - 1) * stride + dilation * (kernel - 1) + 1;

  return needed > n ? (needed - n) / 2 : 0;
}

G_END_DECLS
