/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/view/attention/explanation.h"
#include "app/view/canvas/canvas.h"

G_BEGIN_DECLS

/* Asks an explanation where the pixels under the pointer come from: hovering asks
 * about a point, a click keeps the answer until the next, a drag asks about a
 * rectangle; the arrow keys move the point. A source under the pointer is lit; the
 * menu of what one can do about it comes by the right button or the menu key, and
 * away from sources it is about the place. */
/* The canvas lies in a box. */
void lacuna_attention_probe_add (LacunaCanvas *canvas, LacunaExplanation *explanation);

G_END_DECLS
