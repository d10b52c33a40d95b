/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* A button for how the tools mark what is to be avoided or preferred, and how much rather fills copy from what is
 * preferred. */
#define LACUNA_TYPE_STEER_BUTTON (lacuna_steer_button_get_type ())
G_DECLARE_FINAL_TYPE (LacunaSteerButton, lacuna_steer_button, LACUNA, STEER_BUTTON, AdwBin)

/* Returns the adjustment that holds the strength, 0 to 1. (transfer none) */
GtkAdjustment *lacuna_steer_button_get_strength (LacunaSteerButton *self);

G_END_DECLS
