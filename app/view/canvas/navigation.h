/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/view/canvas/canvas.h"

G_BEGIN_DECLS

/* Zooming and panning of a canvas: the wheel about the pointer, pinching, a
 * drag with the middle button, or with the space bar held. */
void     lacuna_navigation_add        (LacunaCanvas *canvas);
/* Tells the canvas whether the space bar is held, wherever the focus is. */
void     lacuna_navigation_hold       (LacunaCanvas *canvas, gboolean held);
/* Whether the space bar is held or fingers pinch, in which case other tools must do nothing. */
gboolean lacuna_navigation_is_active  (LacunaCanvas *canvas);

G_END_DECLS
