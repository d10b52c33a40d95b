/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gdk/gdk.h>

#include "engine/lacuna.h"

G_BEGIN_DECLS

/* Numbers of a region's grid as colours, clear where there is nothing to show. */

/* A texture with a pixel for each cell. weights: as lacuna_explain_where(). */
GdkTexture *lacuna_attention_texture_new_where      (const LacunaRegion *region, const float *weights);

/* Textures at the network's scale, of what the region fills. */
/* Marks what can be asked about. */
GdkTexture *lacuna_attention_texture_new_place      (const LacunaRegion *region);
/* flow: as lacuna_explain_flow(); the longest displacement is full colour. */
GdkTexture *lacuna_attention_texture_new_flow       (const LacunaRegion *region, const float *flow);
/* trust: as lacuna_explain_trust(). */
GdkTexture *lacuna_attention_texture_new_trust      (const LacunaRegion *region, const float *trust);

/* The legends: the wheel of displacements, and what a trust from 0 to 1 is drawn in. */
GdkTexture *lacuna_attention_texture_new_wheel      (int size);
void        lacuna_attention_texture_get_trust_color (double trust, guint8 ret_rgb[3]);

G_END_DECLS
