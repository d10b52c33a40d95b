/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <cairo.h>
#include <glib.h>

G_BEGIN_DECLS

/* Words beside things in a drawing, each on a ground of its own, and apart from each other. Lengths are points; any thread
 * may use them. */
#define LACUNA_LABELS_FONT "Sans 8"

typedef struct _LacunaLabels LacunaLabels;

typedef struct {
  double x, y, width, height;
} LacunaArea;

LacunaLabels *lacuna_labels_new  (double width, double height); /* of the drawing, from 0, 0 */
void          lacuna_labels_free (LacunaLabels *self);

/* Keeps labels away from an area. */
void lacuna_labels_keep_free (LacunaLabels *self, LacunaArea area);

/* Adds a text beside a thing, as near as there is room; where there is none, it is left out. */
void  lacuna_labels_add            (LacunaLabels *self, cairo_t *cr, LacunaArea thing, const char *text,
                                    const double color[3]);
guint lacuna_labels_get_n_left_out (LacunaLabels *self);

/* Draws all that were added, each with a line to its thing where that is farther away. */
void lacuna_labels_draw (LacunaLabels *self, cairo_t *cr);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LacunaLabels, lacuna_labels_free)

G_END_DECLS
