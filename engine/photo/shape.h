/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/photo/mask.h"

G_BEGIN_DECLS

/* The hole's 8-connected components: their bounding boxes, and for every pixel
 * its component's number from 1, or 0 (rows of width; g_free). NULL: no memory. */
GArray *lacuna_mask_components (LacunaMask *self, guint32 **ret_labels); /* of LacunaBox */

/* Squared Euclidean distance of each pixel of box to the nearest pixel outside
 * the hole (0 there), and that pixel as x + y·width of the mask: what lies
 * outside the box but inside the mask counts. Pixels beyond the mask count as
 * hole. Exact (Felzenszwalb and Huttenlocher 2012). ret_nearest may be NULL; it
 * holds -1 where the mask has no known pixel, with distance G_MAXINT32. NULL: no
 * memory. */
gint32 *lacuna_mask_distance (LacunaMask *self, LacunaBox box, gint64 **ret_nearest);

G_END_DECLS
