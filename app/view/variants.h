#pragma once

#include <adwaita.h>

#include "app/view/pictures.h"

G_BEGIN_DECLS

/* The variants of a fill side by side, each a button that chooses it by the action "view.variant" (int). Hidden
 * where there are less than two. */
#define LACUNA_TYPE_VARIANTS (lacuna_variants_get_type ())
G_DECLARE_FINAL_TYPE (LacunaVariants, lacuna_variants, LACUNA, VARIANTS, AdwBin)

/* To be called whenever the pictures have changed. */
void lacuna_variants_update (LacunaVariants *self, LacunaDocument *document, LacunaPictures *pictures);

G_END_DECLS
