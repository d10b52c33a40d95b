/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/fill/region-private.h"

G_BEGIN_DECLS

/* A region's pixels at the photo's resolution, made a few rows at a time so
 * that a large hole takes little memory. */
typedef struct _LacunaRender LacunaRender;

/* NULL: no memory. */
LacunaRender *lacuna_render_new  (const LacunaRegion *region, LacunaPhoto *photo, LacunaStage stage);
void          lacuna_render_free (LacunaRender *self);

/* Returns how many rows are best made at once. */
int  lacuna_render_get_strip (LacunaRender *self);
/* Renders n_rows of the hole's box from row y on, into three planes that lie plane floats apart. FALSE: no memory. */
gboolean lacuna_render_rows  (LacunaRender *self, int y, int n_rows, float *rgb, gsize plane);

/* Returns a colour of pixel i of the photo, in [-1, 1]; grey has three alike. */
float lacuna_render_read_colour (LacunaPhoto *photo, gsize i, int channel);

/* Renders all of the region: 3×hole.height×hole.width floats in [-1, 1] (g_free). NULL: no memory. */
float *lacuna_render_region (const LacunaRegion *region, LacunaPhoto *photo, LacunaStage stage);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LacunaRender, lacuna_render_free)

G_END_DECLS
