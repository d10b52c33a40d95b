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
 * "fill-at-once" (gboolean, fill when a stroke ends), "variant" (int, of the
 * fill that rests: the one in force), "detail" (gboolean, the refined pane shows the result with the detail at full
 * resolution, else what the network made); read-only: "zoom" (double, screen
 * pixels for a pixel of the photo).
 *
 * Actions: lacuna_fill_view_get_actions() is a group which the window inserts
 * as "view", so that the header bar, menus and shortcuts reach it:
 * tool('brush' | 'eraser' | 'lasso' | 'rectangle' | 'polygon' | 'avoid'), panes(1 | 2 | 4),
 * pane('photo' | 'coarse' | 'refined' | 'attention'),
 * attention('where' | 'flow' | 'confidence'), inspector, fill-at-once, detail, windows,
 * zoom-in, zoom-out, zoom-fit, zoom-original, brush-larger, brush-smaller,
 * mask-invert, mask-clear, mask-grow, mask-shrink, variant(i), variant-next,
 * variant-previous.
 *
 * It activates the window's "win.fill", "win.cancel-fill", "win.import-mask",
 * "win.export-mask", "win.export-attention-image", "win.export-attention-array". */
#define LACUNA_TYPE_FILL_VIEW (lacuna_fill_view_get_type ())
G_DECLARE_FINAL_TYPE (LacunaFillView, lacuna_fill_view, LACUNA, FILL_VIEW, AdwBin)

void            lacuna_fill_view_set_document (LacunaFillView *self, LacunaDocument *document);
GActionGroup   *lacuna_fill_view_get_actions  (LacunaFillView *self);
/* What the attention pane shows, for exporting it. (transfer none) */
LacunaExplanation *lacuna_fill_view_get_explanation (LacunaFillView *self);
/* Puts the keyboard's focus where the brush is. */
void            lacuna_fill_view_focus        (LacunaFillView *self);

G_END_DECLS
