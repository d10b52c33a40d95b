/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * lacuna_grow: (skip)
 * @pixels: rows of 0 or 255
 * @stride: bytes from row to row
 * @width: bytes of a row
 * @height: rows
 * @radius: pixels
 *
 * Sets to 1 each byte of 0 whose Euclidean distance to one of 255 is at most @radius.
 */
void lacuna_grow (guint8 *pixels, gsize stride, int width, int height, double radius);

G_END_DECLS
