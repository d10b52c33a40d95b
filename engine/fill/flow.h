/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * lacuna_flow_get_color: (skip)
 * @dx: to the right
 * @dy: downwards
 * @radius: > 0: the length that has full colour
 * @ret_rgb: three bytes
 *
 * The colour of a displacement on the wheel of Baker et al., "A Database and Evaluation Methodology for Optical Flow"
 * (2011): its direction is the hue (right red, down yellow, left cyan, up violet), its length, as a share of @radius,
 * goes from white to full colour; longer ones are darkened.
 */
void lacuna_flow_get_color (float dx, float dy, float radius, guint8 ret_rgb[3]);

G_END_DECLS
