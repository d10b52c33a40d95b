/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gdk/gdk.h>

#include "app/document/raster.h"

G_BEGIN_DECLS

#define LACUNA_OVERLAY_TILE 256

typedef enum {
  LACUNA_OVERLAY_TINT,    /* the hole tinted, with its outline */
  LACUNA_OVERLAY_OUTLINE, /* its outline, dashed */
  LACUNA_OVERLAY_AVOID,   /* hatched, in another colour */
  LACUNA_OVERLAY_PREFER,  /* dotted, in a third */
} LacunaOverlayStyle;

/* The hole as tinted tiles, at one level of halving at a time. Only what
 * changed is drawn again. */
typedef struct _LacunaOverlay LacunaOverlay;

/* raster must live as long. */
LacunaOverlay *lacuna_overlay_new  (LacunaRaster *raster);
void           lacuna_overlay_free (LacunaOverlay *self);

/* Pixels of that box of the raster may have changed. */
void        lacuna_overlay_damage    (LacunaOverlay *self, LacunaBox box);
void        lacuna_overlay_set_style (LacunaOverlay *self, LacunaOverlayStyle style);
/* How far beyond the raster's hole a fill goes, in its pixels: drawn as a lighter band, or within the outline. */
void        lacuna_overlay_set_growth (LacunaOverlay *self, int growth);
/* The tile which covers LACUNA_OVERLAY_TILE << level pixels from (column, row)
 * times that; the right and lower ones are narrower. NULL: no hole there. Transfer none. */
GdkTexture *lacuna_overlay_get_tile  (LacunaOverlay *self, int level, int column, int row);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LacunaOverlay, lacuna_overlay_free)

G_END_DECLS
