/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gdk/gdk.h>

#include "app/document/retouch.h"

G_BEGIN_DECLS

#define LACUNA_PYRAMID_TILE 512

/* A photo at its own and every halved size, as tiles to be drawn. Level 0 is
 * the photo, each further one the exact 2×2 mean of the one before. A retouched
 * pyramid shares all tiles that the retouches leave alone. Immutable and
 * atomically reference-counted; tiles are for the main thread. */
typedef struct _LacunaPyramid LacunaPyramid;

/* They compute; to be called in a thread. NULL: no memory. */
LacunaPyramid *lacuna_pyramid_new     (LacunaPhoto *photo);
LacunaPyramid *lacuna_pyramid_retouch (LacunaPyramid *base, GPtrArray *retouches /* of LacunaRetouch */);

LacunaPyramid *lacuna_pyramid_ref   (LacunaPyramid *self);
void           lacuna_pyramid_unref (LacunaPyramid *self);

int        lacuna_pyramid_get_n_levels (LacunaPyramid *self);
int        lacuna_pyramid_get_width    (LacunaPyramid *self, int level);
int        lacuna_pyramid_get_height   (LacunaPyramid *self, int level);
gboolean   lacuna_pyramid_has_alpha    (LacunaPyramid *self);
/* The level whose pixels, drawn at zoom, come out at share (at most 1) of a screen pixel or more. */
int        lacuna_pyramid_choose_level (LacunaPyramid *self, double zoom, double share);
/* may_make: else NULL where the tile was not asked for lately. Transfer none. */
GdkTexture *lacuna_pyramid_get_tile    (LacunaPyramid *self, int level, int column, int row, gboolean may_make);
/* box of level 0 at the level that brings its longer side under size pixels. */
GdkTexture *lacuna_pyramid_get_thumbnail (LacunaPyramid *self, LacunaBox box, int size);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LacunaPyramid, lacuna_pyramid_unref)

G_END_DECLS
