/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Rows that TensorFlow's nearest-neighbour resize with aligned corners keeps
 * when size rows become out rows: kept[i] = roundf(i · (float)(size-1)/(out-1)),
 * in float32 as the original computes it (engine/network/NETWORK.md,
 * "Contextual attention", step 2). */
void lacuna_resize_kept_rows (guint size, guint out, guint *kept);

/* mask: height×width. Returns (height/rate)×(width/rate) of its elements, both axes by kept rows. */
float *lacuna_resize_mask (const float *mask, guint height, guint width, guint rate);

G_END_DECLS
