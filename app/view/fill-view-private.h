/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/view/canvas/canvas.h"
#include "app/view/fill-view.h"
#include "app/view/growth-button.h"
#include "app/view/painter.h"
#include "app/view/pane-pictures.h"
#include "app/view/variant-strip.h"

G_BEGIN_DECLS

/* What the files of the Fill page share. */

#define N_PANES 4

struct _LacunaFillView {
  AdwBin           parent_instance;
  GtkWidget       *flap, *inspector, *grid, *pane_switcher, *wide_box, *zoom_label;
  GtkWidget       *progress_revealer, *progress, *status;
  LacunaVariantStrip *variants;
  GtkAdjustment   *size_adjustment;
  LacunaGrowthButton *growth;
  LacunaCanvas    *canvases[N_PANES]; /* by LacunaPane */

  LacunaDocument  *document;
  LacunaViewport  *viewport;
  LacunaExplanation *explanation;
  LacunaPanePictures *pictures;
  LacunaOverlay   *overlay;
  LacunaOverlay   *avoid; /* NULL until something is to be avoided */
  LacunaPainter   *painter;
  GActionGroup    *actions;

  LacunaTool       tool;
  LacunaPane       pane;
  int              panes;
  double           brush_size;
  gboolean         fill_at_once, detail, narrow, reveal_when_wide;
  guint            relayout;
};

/* fill-view-panes.c: which panes are shown, where, and what they show. */
void lacuna_fill_view_update_layout   (LacunaFillView *self);
void lacuna_fill_view_update_pictures (LacunaFillView *self);
void lacuna_fill_view_update_hints    (LacunaFillView *self);
void lacuna_fill_view_show_avoid      (LacunaFillView *self);

G_END_DECLS
