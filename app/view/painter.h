/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/document/document.h"
#include "app/view/canvas/canvas.h"
#include "app/view/tool.h"

G_BEGIN_DECLS

/* The tools on a canvas: turns what pointer, pen and keys do there into strokes
 * and shapes of a document.
 *
 * Keys: the arrows move a cursor, with Shift they draw; Enter marks (a dab, a
 * corner, the thing there), Backspace takes back a corner, Escape lets go.
 *
 * The select tool draws around things or over them; with Control it takes away. The line tool draws along an edge, or from
 * corner to corner.
 *
 * Signals: "resize" (double: factor that the brush's size is asked to change
 * by), "marked" (a stroke or shape was ended). */
#define LACUNA_TYPE_PAINTER (lacuna_painter_get_type ())
G_DECLARE_FINAL_TYPE (LacunaPainter, lacuna_painter, LACUNA, PAINTER, GObject)

/* The canvas, whose controllers call the painter, must live as long or be destroyed first. */
LacunaPainter *lacuna_painter_new (LacunaCanvas *canvas);

void lacuna_painter_set_document (LacunaPainter *self, LacunaDocument *document);
void lacuna_painter_set_tool     (LacunaPainter *self, LacunaTool tool);
/* Makes a step of the stroke, lines, polygon or lasso under way, without “marked”: fewer corners than these need are
 * forgotten, and so is the rest. To set a tool does so too; to set a document forgets all. */
void lacuna_painter_conclude     (LacunaPainter *self);
/* Whether what steers fills is marked by rectangles, not by the brush. */
void lacuna_painter_set_boxed    (LacunaPainter *self, gboolean boxed);
void lacuna_painter_set_radius   (LacunaPainter *self, double radius); /* pixels of the photo */

G_END_DECLS
