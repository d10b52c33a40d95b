/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/document/document.h"
#include "app/view/canvas/pyramid.h"

G_BEGIN_DECLS

/* What the panes show of a document, kept up to date by a thread. Emits
 * "changed". Pyramids are transfer none, and NULL until they are there. */
#define LACUNA_TYPE_PANE_PICTURES (lacuna_pane_pictures_get_type ())
G_DECLARE_FINAL_TYPE (LacunaPanePictures, lacuna_pane_pictures, LACUNA, PANE_PICTURES, GObject)

LacunaPanePictures *lacuna_pane_pictures_new (LacunaDocument *document);

LacunaPyramid *lacuna_pane_pictures_get_original (LacunaPanePictures *self); /* the photo as it was opened */
LacunaPyramid *lacuna_pane_pictures_get_current  (LacunaPanePictures *self); /* the photo with all fills in force */
LacunaPyramid *lacuna_pane_pictures_get_before   (LacunaPanePictures *self); /* the photo without the last fill */
/* Each variant of the last fill in place of it, where there are several; else none. Of LacunaPyramid. */
GPtrArray     *lacuna_pane_pictures_get_variants (LacunaPanePictures *self);
/* The photo with the coarse stage in place of the last fill; while one is being made, with as much of its coarse
 * stage as there is. NULL: there is none. */
LacunaPyramid *lacuna_pane_pictures_get_coarse   (LacunaPanePictures *self);
/* The photo with the last fill as it is after the refined stage, without detail; NULL: there is none, or it is not
 * wanted. */
LacunaPyramid *lacuna_pane_pictures_get_refined  (LacunaPanePictures *self);
void           lacuna_pane_pictures_want_refined (LacunaPanePictures *self, gboolean wanted);

G_END_DECLS
