/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <cairo.h>

#include "app/view/attention/attention-mode.h"

G_BEGIN_DECLS

#define LACUNA_LEGEND_LEAST_WIDTH 320

/* What the colours of a drawing of that mode say, to be drawn on white below it: a key where there is one, and words.
 * shares: of the strongest sources, from 0 to 1, in the mode that has them. Returns its height for a width; cr NULL:
 * nothing is drawn. */
int lacuna_legend_draw (cairo_t *cr, LacunaAttentionMode mode, const float *shares, guint n_shares, int y, int width);

G_END_DECLS
