#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* A button that asks how far a fill reaches beyond what is marked, in percent
 * of the photo's longer side. */
#define LACUNA_TYPE_GROWTH (lacuna_growth_get_type ())
G_DECLARE_FINAL_TYPE (LacunaGrowth, lacuna_growth, LACUNA, GROWTH, AdwBin)

/* Of the percentage. (transfer none) */
GtkAdjustment *lacuna_growth_get_adjustment (LacunaGrowth *self);
/* The longer side of the photo that is open, 0: none. */
void           lacuna_growth_set_side       (LacunaGrowth *self, int side);
/* What the percentage is of that photo. */
int            lacuna_growth_get_pixels     (LacunaGrowth *self);

G_END_DECLS
