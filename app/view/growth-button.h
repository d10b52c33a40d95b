/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* A button that asks how far a fill reaches beyond what is marked, in percent
 * of the photo's longer side. */
#define LACUNA_TYPE_GROWTH_BUTTON (lacuna_growth_button_get_type ())
G_DECLARE_FINAL_TYPE (LacunaGrowthButton, lacuna_growth_button, LACUNA, GROWTH_BUTTON, AdwBin)

/* The adjustment that holds the percentage. (transfer none) */
GtkAdjustment *lacuna_growth_button_get_adjustment (LacunaGrowthButton *self);
/* side: the longer side of the photo that is open; 0 means that none is. */
void           lacuna_growth_button_set_side       (LacunaGrowthButton *self, int side);
/* The percentage in pixels of that photo. */
int            lacuna_growth_button_get_pixels     (LacunaGrowthButton *self);

G_END_DECLS
