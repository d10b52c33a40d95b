#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The colour of a displacement on the wheel of Baker et al., "A Database and
 * Evaluation Methodology for Optical Flow" (2011): its direction is the hue
 * (right red, down yellow, left cyan, up violet), its length, as a share of
 * radius (> 0), goes from white to full colour; longer ones are darkened. */
void    lacuna_flow_get_color (float dx, float dy, float radius, guint8 ret_rgb[3]);

/* The length of the longest displacement from a query to its best key, in
 * grid cells; index as in LacunaRegion. */
float   lacuna_flow_get_radius (const gint32 *index, int grid_width, int grid_height);

/* 3 bytes for each query, rows of grid_width: the colour of its displacement
 * to its best key, with the longest of them at full colour. NULL: there is no memory. */
guint8 *lacuna_flow_render     (const gint32 *index, int grid_width, int grid_height);

G_END_DECLS
