/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "app/view/attention/explanation.h"
#include "app/view/canvas/pyramid.h"

G_BEGIN_DECLS

#define LACUNA_INSPECTOR_WIDTH 240

/* The side box of the attention: what is drawn, its legend, and the sources of
 * what was asked as thumbnails with their weights. */
#define LACUNA_TYPE_INSPECTOR (lacuna_inspector_get_type ())
G_DECLARE_FINAL_TYPE (LacunaInspector, lacuna_inspector, LACUNA, INSPECTOR, AdwBin)

void           lacuna_inspector_set_explanation (LacunaInspector *self, LacunaExplanation *explanation);
/* Sets the picture that thumbnails are taken from; NULL: there are no thumbnails. */
void           lacuna_inspector_set_picture   (LacunaInspector *self, LacunaPyramid *picture);
/* Returns the adjustment that holds the drawing's opacity, 0 to 1. (transfer none) */
GtkAdjustment *lacuna_inspector_get_opacity   (LacunaInspector *self);

G_END_DECLS
