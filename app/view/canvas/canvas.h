/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "app/document/edit.h"
#include "app/document/sample.h"
#include "app/view/canvas/overlay.h"
#include "app/view/canvas/pyramid.h"
#include "app/view/canvas/viewport.h"

G_BEGIN_DECLS

/* One pane: a picture, and what lies over it. */
#define LACUNA_TYPE_CANVAS (lacuna_canvas_get_type ())
G_DECLARE_FINAL_TYPE (LacunaCanvas, lacuna_canvas, LACUNA, CANVAS, GtkWidget)

/* Draws over the picture. x, y: where the photo's origin is drawn; scale: logical pixels for each pixel of the
 * photo. */
typedef void (*LacunaCanvasDraw) (GObject *drawing, GtkSnapshot *snapshot, double x, double y, double scale);

/* What is under way: a polygon, from its last point back to its first; a part of one; a line as those of
 * lacuna_canvas_set_lines. */
typedef enum {
  LACUNA_OUTLINE_CLOSED,
  LACUNA_OUTLINE_OPEN,
  LACUNA_OUTLINE_LINE,
} LacunaOutlineStyle;

/* name: what screen readers call the pane. */
GtkWidget      *lacuna_canvas_new          (LacunaViewport *viewport, const char *name);
LacunaViewport *lacuna_canvas_get_viewport (LacunaCanvas *self);

/* All may be NULL. */
void lacuna_canvas_set_picture     (LacunaCanvas *self, LacunaPyramid *picture);
/* before: shown left of a divider that can be dragged. overlay, steer: must live until another is set. */
void lacuna_canvas_set_before      (LacunaCanvas *self, LacunaPyramid *before);
void lacuna_canvas_set_overlay     (LacunaCanvas *self, LacunaOverlay *overlay);
/* 0 to 1; 1 after another overlay was set. */
void lacuna_canvas_set_overlay_opacity (LacunaCanvas *self, double opacity);
void lacuna_canvas_set_steer       (LacunaCanvas *self, LacunaSteer kind, LacunaOverlay *steer);
/* drawing: an object with a signal "changed", which draw puts over the picture. */
void lacuna_canvas_set_drawing     (LacunaCanvas *self, GObject *drawing, LacunaCanvasDraw draw);
/* Lines that edges are to follow, as in LacunaFillOptions; with the overlay's opacity. */
void lacuna_canvas_set_lines       (LacunaCanvas *self, GVariant *lines);
/* Sets words that are shown over the pane; NULL: none. */
void lacuna_canvas_set_hint        (LacunaCanvas *self, const char *hint);

/* The divider's place as a share of the width, 0 to 1. */
double lacuna_canvas_get_divider (LacunaCanvas *self);
void   lacuna_canvas_set_divider (LacunaCanvas *self, double share);

/* The brush's ring in coordinates of the photo; radius 0: none. */
void lacuna_canvas_set_ring    (LacunaCanvas *self, double x, double y, double radius);
/* A shape under way, in coordinates of the photo. */
void lacuna_canvas_set_outline (LacunaCanvas *self, const LacunaSample *points, guint n_points,
                                LacunaOutlineStyle style);

G_END_DECLS
