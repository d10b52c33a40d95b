/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/view/canvas/canvas.h"

G_BEGIN_DECLS

/* Zooming and panning of a canvas: the wheel about the pointer, pinching, a
 * drag with the middle button, with the space bar held, or, where the primary
 * button has nothing else to do, with it. */
void     lacuna_navigation_add        (LacunaCanvas *canvas, gboolean primary);
/* The space bar is held or fingers pinch: other tools keep still. */
gboolean lacuna_navigation_is_active  (LacunaCanvas *canvas);

G_END_DECLS
