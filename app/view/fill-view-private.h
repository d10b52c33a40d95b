/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/view/attention/inspector.h"
#include "app/view/canvas/canvas.h"
#include "app/view/fill-view.h"
#include "app/view/growth-button.h"
#include "app/view/painter.h"
#include "app/view/pane-pictures.h"
#include "app/view/steer-button.h"
#include "app/view/variant-strip.h"

G_BEGIN_DECLS

/* What the files of the Fill page share. */

#define N_PANES 4
/* How many panes have tools: all but the last one, in which one asks where a fill came from. */
#define N_PAINTED LACUNA_PANE_ATTENTION

/* Wide: everything side by side. Compact: one pane, with less around it. Shortened: the same, and labels may be cut.
 * Stacked: what is beside the pane in the other layouts is above and below it, and labels may be cut. */
typedef enum {
  LACUNA_FILL_WIDE,
  LACUNA_FILL_COMPACT,
  LACUNA_FILL_SHORTENED,
  LACUNA_FILL_STACKED,
} LacunaFillLayout;

struct _LacunaFillView {
  AdwBin           parent_instance;
  GtkWidget       *body, *heading, *name, *dimensions, *compare_button, *stage, *tools, *bar, *grid, *pane_switcher;
  GtkWidget       *inspector, *inspector_separator, *progress_box, *progress, *status, *stage_label;
  GtkWidget       *wide_box, *view_button, *zoom_label, *narrow_zoom_label, *size_scale;
  LacunaVariantStrip *variants;
  GtkAdjustment   *size_adjustment;
  LacunaGrowthButton *growth;
  LacunaSteerButton *steer_button; /* takes the place of the growth while a tool steers */
  LacunaCanvas    *canvases[N_PANES]; /* by LacunaPane */
  GtkWidget       *frames[N_PANES], *captions[N_PANES]; /* around them, and above */

  LacunaDocument  *document;
  LacunaViewport  *viewport;
  LacunaExplanation *explanation;
  LacunaPanePictures *pictures;
  LacunaOverlay   *overlay;
  LacunaOverlay   *steer[LACUNA_N_STEERS]; /* NULL until something is marked so */
  LacunaPainter   *painters[N_PAINTED]; /* by LacunaPane */
  GActionGroup    *actions;

  LacunaTool       tool;
  LacunaPane       pane, left; /* left: for that of attention, by the inspector; or that */
  int              panes;
  LacunaTransforms transforms;
  double           brush_size;
  gboolean         boxed, fill_at_once, detail, compare, hints, original_held;
  AdwAnimation    *fading; /* fades the outline of what was filled */
  guint            fade;   /* source that starts the fading; 0: none */
  guint            describing; /* source that describes the panes; 0: none */
  guint            pulse;   /* source that moves the bar of a fill that is being prepared */
  LacunaFillLayout layout;
  int              width, height; /* of the page */
  /* Widths that a layout needs, without and with the brush's size as a number, or 0: unknown. */
  int              least[LACUNA_FILL_STACKED + 1], numbered[LACUNA_FILL_STACKED + 1];
};

/* fill-view-panes.c: which panes are shown, where, and what they show. */
void lacuna_fill_view_update_layout   (LacunaFillView *self);
void lacuna_fill_view_update_pictures (LacunaFillView *self);
void lacuna_fill_view_show_pictures   (LacunaFillView *self); /* in the panes alone */
void lacuna_fill_view_update_hints    (LacunaFillView *self);
gboolean lacuna_fill_view_is_shown    (LacunaFillView *self, LacunaPane pane);
void lacuna_fill_view_fade_outline    (LacunaFillView *self);

/* fill-view-steer.c: what steers fills. */
void lacuna_fill_view_follow_steer    (LacunaFillView *self); /* the document was opened */
void lacuna_fill_view_forget_steer    (LacunaFillView *self); /* the document is being closed */
void lacuna_fill_view_show_lines      (LacunaFillView *self); /* the document's, or none */
void lacuna_fill_view_set_strength    (LacunaFillView *self); /* gives the document the button's strength */
/* Says whether what fills copy may be changed so, to the document too. */
void lacuna_fill_view_set_transform   (LacunaFillView *self, LacunaTransforms transform, gboolean allowed);
void lacuna_fill_view_update_tool     (LacunaFillView *self); /* tool or boxed changed */
void lacuna_fill_view_add_sources     (LacunaFillView *self); /* actions for the places that a fill came from */

/* fill-view-step.c: actions for the steps of the attention. */
void lacuna_fill_view_add_steps       (LacunaFillView *self);

/* fill-view-describe.c: tells of what the panes show, a little later. */
void lacuna_fill_view_describe        (LacunaFillView *self);

/* fill-view-layout.c: how the page follows its size. */
void lacuna_fill_view_lay_out_anew    (LacunaFillView *self); /* something beside the panes came or went */
void lacuna_fill_view_show_inspector  (LacunaFillView *self, gboolean shown);
void lacuna_fill_view_leave_attention (LacunaFillView *self);
void lacuna_fill_view_update_heading  (LacunaFillView *self);

G_END_DECLS
