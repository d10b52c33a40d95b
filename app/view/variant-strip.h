/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "app/view/pane-pictures.h"

G_BEGIN_DECLS

/* The variants of a fill side by side, each a button that chooses it by the action "view.variant" (int). Hidden
 * where there are less than two. Emits "pointed" when the pointer comes upon one or leaves it. */
#define LACUNA_TYPE_VARIANT_STRIP (lacuna_variant_strip_get_type ())
G_DECLARE_FINAL_TYPE (LacunaVariantStrip, lacuna_variant_strip, LACUNA, VARIANT_STRIP, AdwBin)

void lacuna_variant_strip_set_orientation (LacunaVariantStrip *self, GtkOrientation orientation);
/* Returns the number of the variant under the pointer, to be shown while it is there; -1: there is none. */
int  lacuna_variant_strip_get_pointed (LacunaVariantStrip *self);
/* Shows the document's variants; must be called whenever the pictures have changed. */
void lacuna_variant_strip_update (LacunaVariantStrip *self, LacunaDocument *document, LacunaPanePictures *pictures);

G_END_DECLS
