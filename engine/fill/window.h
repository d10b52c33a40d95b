/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/photo/mask.h"

G_BEGIN_DECLS

/* Pixels at the network's scale that a window may have; it is halved further until it fits. */
#define LACUNA_WINDOW_MAX_PIXELS (560 * 560)

/* Pixels around the hole, at the network's scale, that its border and interpolation look at. */
#define LACUNA_WINDOW_MARGIN 8

/* Halvings after which a photo of that size still has 16 pixels a side, the network's least. */
guint lacuna_window_get_max_halvings (int width, int height);

/* wanted (which holds hole) with sides brought to multiples of 8·2^halvings, at
 * least 16·2^halvings, and shifted into the photo of width×height. Where that
 * is too small for it, what the multiple leaves over is cut off where there is
 * context to spare, or else the box reaches beyond the photo on both sides. */
LacunaBox lacuna_window_fit (LacunaBox wanted, LacunaBox hole, guint halvings, int width, int height);

gint64 lacuna_window_get_pixels (LacunaBox box, guint halvings); /* at 1/2^halvings */

/* The hole of box at 1/2^halvings: 1 where any pixel of the block is hole, else
 * 0; mirrored beyond the photo. ret_mask: (box.height >> halvings)×(box.width >>
 * halvings), or NULL. Returns how many pixels of it are known. */
gsize lacuna_window_read_mask (LacunaMask *mask, LacunaBox box, guint halvings, float *ret_mask);

G_END_DECLS
