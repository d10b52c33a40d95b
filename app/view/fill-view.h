/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "app/document/document.h"
#include "app/view/attention/explanation.h"
#include "app/view/tool.h"

G_BEGIN_DECLS

/* The Fill page: tools, panes, and the inspector of the attention.
 *
 * Properties (read-write): "document" (LacunaDocument or NULL), "tool"
 * (LacunaTool), "brush-size" (double, diameter in pixels of the photo), "panes"
 * (int, 1, 2 or 4; narrow windows show one all the same), "pane" (LacunaPane:
 * the only one shown, or the one beside the photo), "attention"
 * (LacunaAttentionMode), "opacity-share" (double, 0 to 1, of the attention's
 * drawing), "inspector" (gboolean, shown), "growth" (double, how far fills
 * reach beyond what is marked, in percent of the photo's longer side),
 * "strength" (double, 0 to 1, how much rather fills copy from what is preferred), "boxed" (gboolean, what is to be avoided
 * or preferred is marked by rectangles), "turned", "mirrored", "scaled" (gboolean, how what fills copy may be changed),
 * "fill-at-once" (gboolean, fill when a stroke ends), "variant" (int, of the fill that rests: the one in force),
 * "hints" (gboolean, the photo says where to begin), "detail" (gboolean, the refined pane shows the result with the
 * detail at full resolution, else what the network made), "compare" (gboolean, panes show what was before the last fill
 * left of a divider); read-only: "zoom" (double, screen pixels for a pixel of the photo).
 *
 * Actions: lacuna_fill_view_get_actions() is a group which the window inserts
 * as "view", so that the header bar, menus and shortcuts reach it:
 * tool('brush' | 'eraser' | 'lasso' | 'rectangle' | 'polygon' | 'avoid' | 'prefer' | 'line'), panes(1 | 2 | 4),
 * pane('photo' | 'coarse' | 'refined' | 'attention'), show-pane (as pane, but one where there were four),
 * attention('where' | 'flow' | 'confidence' | 'steps'), step-previous, step-next,
 * inspector, fill-at-once, boxed, turned, mirrored, scaled, detail, compare, windows,
 * zoom-in, zoom-out, zoom-fit, zoom-original, brush-larger, brush-smaller,
 * mask-invert, mask-clear, mask-grow, mask-shrink, steer-clear, lines-clear, source-not(i),
 * source-more(i), source-copy(i) (LacunaExplanation tells i), variant(i), variant-next,
 * variant-previous.
 *
 * It activates the window's "win.fill", "win.cancel-fill", "win.import-mask",
 * "win.export-mask", "win.export-attention", "win.export-panes", "win.export-attention-array",
 * "win.export-provenance". */
#define LACUNA_TYPE_FILL_VIEW (lacuna_fill_view_get_type ())
G_DECLARE_FINAL_TYPE (LacunaFillView, lacuna_fill_view, LACUNA, FILL_VIEW, AdwBin)

void            lacuna_fill_view_set_document (LacunaFillView *self, LacunaDocument *document);
GActionGroup   *lacuna_fill_view_get_actions  (LacunaFillView *self);
/* What the attention pane shows, and over which picture, for exporting it; NULL: there is no picture. (transfer none) */
LacunaExplanation *lacuna_fill_view_get_explanation (LacunaFillView *self);
LacunaPyramid  *lacuna_fill_view_get_picture  (LacunaFillView *self);
/* Follows the size that the page may have. Not to be called while sizes are given out. */
void            lacuna_fill_view_lay_out      (LacunaFillView *self, int width, int height);
/* Makes a step of what is half drawn, before the photo is filled or closed. */
void            lacuna_fill_view_conclude     (LacunaFillView *self);
/* Puts the keyboard's focus on a pane. */
void            lacuna_fill_view_focus        (LacunaFillView *self);
gboolean        lacuna_fill_view_is_canvas    (LacunaFillView *self, GtkWidget *widget);
/* The parts that the focus is moved between, in order. */
void            lacuna_fill_view_list_regions (LacunaFillView *self, GPtrArray *regions);

/* The actions' keys, for the class of the window. */
void            lacuna_fill_view_bind_keys     (GtkWidgetClass *klass);
/* Keys while they are held: dragging pans; panes show the photo as it was opened. */
void            lacuna_fill_view_hold_pan      (LacunaFillView *self, gboolean held);
void            lacuna_fill_view_hold_original (LacunaFillView *self, gboolean held);

G_END_DECLS
