/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <cairo.h>

#include "app/view/attention/attention-mode.h"

G_BEGIN_DECLS

#define LACUNA_LEGEND_LEAST_WIDTH 320

/* Returns what the colours of a drawing mean, for each mode but that of steps. shares: those of the strongest
 * sources, 0 to 1, in the mode that has them. (transfer full) */
char *lacuna_legend_describe (LacunaAttentionMode mode, const float *shares, guint n_shares);

/* Where the rest comes from beside sources that together have the share listed, from 0 to 1; NULL: there is none. */
char *lacuna_legend_describe_rest (double listed);

/* The legend of a drawing, to be drawn on white below it: a key where the mode has one, and words. Returns its height for a
 * width; cr NULL: nothing is drawn. */
int lacuna_legend_draw (cairo_t *cr, LacunaAttentionMode mode, const char *text, int y, int width);

G_END_DECLS
