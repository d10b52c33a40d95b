/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "engine/lacuna.h"

G_BEGIN_DECLS

/* Held-out photos side by side: each as it is filled now, and below it as it is, with the hole grey. */
#define LACUNA_TYPE_HELD_OUT_STRIP (lacuna_held_out_strip_get_type ())
G_DECLARE_FINAL_TYPE (LacunaHeldOutStrip, lacuna_held_out_strip, LACUNA, HELD_OUT_STRIP, GtkBox)

/* samples: of LacunaTrainingSample. They take the place of those that were shown before. */
void lacuna_held_out_strip_show (LacunaHeldOutStrip *self, GPtrArray *samples);

G_END_DECLS
