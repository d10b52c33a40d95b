#pragma once

#include "app/document/document.h"
#include "app/view/canvas/pyramid.h"

G_BEGIN_DECLS

/* What the panes show of a document, kept up to date by a thread. Emits
 * "changed". Pyramids are transfer none, and NULL until they are there. */
#define LACUNA_TYPE_PICTURES (lacuna_pictures_get_type ())
G_DECLARE_FINAL_TYPE (LacunaPictures, lacuna_pictures, LACUNA, PICTURES, GObject)

LacunaPictures *lacuna_pictures_new (LacunaDocument *document);

LacunaPyramid *lacuna_pictures_get_current  (LacunaPictures *self); /* with all fills in force */
LacunaPyramid *lacuna_pictures_get_before   (LacunaPictures *self); /* without the last of them */
/* Each variant of the last fill in place of it, where there are several; else none. Of LacunaPyramid. */
GPtrArray     *lacuna_pictures_get_variants (LacunaPictures *self);
/* With the coarse stage in place of the last of them; during a fill, with as
 * much as there is of it. NULL: there is none. */
LacunaPyramid *lacuna_pictures_get_coarse   (LacunaPictures *self);
/* With the refined stage in place of the last of them, before its detail; NULL: there is none, or it is not wanted. */
LacunaPyramid *lacuna_pictures_get_refined  (LacunaPictures *self);
void           lacuna_pictures_want_refined (LacunaPictures *self, gboolean wanted);

G_END_DECLS
