/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/lacuna.h"

G_BEGIN_DECLS

#define LACUNA_RASTER_TILE 256

/* The hole while it is being marked: a byte a pixel, 255 or 0. Changes are
 * recorded by tiles, so that an edit costs only what it touches. */
typedef struct _LacunaRaster LacunaRaster;

/* What an edit changed, both ways: a bit for each pixel of each changed tile. Immutable. */
typedef struct _LacunaDelta LacunaDelta;

LacunaRaster *lacuna_raster_new        (int width, int height); /* NULL: no memory */
void          lacuna_raster_free       (LacunaRaster *self);
int           lacuna_raster_get_width  (const LacunaRaster *self);
int           lacuna_raster_get_height (const LacunaRaster *self);
int           lacuna_raster_get_stride (const LacunaRaster *self); /* bytes a row: as Cairo's A8 */
guint8       *lacuna_raster_get_pixels (LacunaRaster *self);
gsize         lacuna_raster_get_n_hole (const LacunaRaster *self); /* pixels in the hole, after the last commit */
LacunaBox     lacuna_raster_get_extent (const LacunaRaster *self); /* box around all tiles that may hold a hole */
gboolean      lacuna_raster_may_hold   (const LacunaRaster *self, LacunaBox box); /* FALSE: surely no hole in it */

/* Must be called before pixels of box are changed. Returns the part of box that lies within the raster. */
LacunaBox    lacuna_raster_touch  (LacunaRaster *self, LacunaBox box);
/* Ends the edit. Returns what changed since the last commit; NULL: nothing did. (transfer full) */
LacunaDelta *lacuna_raster_commit (LacunaRaster *self);
/* Takes back what was changed since the last commit. Returns the box of it. */
LacunaBox    lacuna_raster_revert (LacunaRaster *self);
/* Does or undoes a committed edit. Returns the box of the changed tiles. */
LacunaBox    lacuna_raster_apply  (LacunaRaster *self, const LacunaDelta *delta);

/* The bytes of box, which is within the raster, in rows of its width; NULL: no memory (g_free). It may be called from a
 * thread while nothing is changed. */
guint8      *lacuna_raster_copy   (LacunaRaster *self, LacunaBox box);
/* Does or undoes a committed edit to such a copy. */
void         lacuna_raster_apply_to_copy (const LacunaRaster *self, const LacunaDelta *delta, LacunaBox box,
                                          guint8 *pixels);

/* The hole as the engine wants it; it may be called from a thread while nothing is changed. */
LacunaMask  *lacuna_raster_to_mask (LacunaRaster *self);
/* Returns the delta that would make self equal to mask, whose upper left corner lies at (x, y) and outside of which
 * there is no hole. NULL: self is so already. It may be called from a thread while nothing is changed. */
LacunaDelta *lacuna_raster_compare (LacunaRaster *self, LacunaMask *mask, int x, int y);

LacunaDelta *lacuna_delta_ref   (LacunaDelta *self);
void         lacuna_delta_unref (LacunaDelta *self);
GVariant    *lacuna_delta_serialize (const LacunaDelta *self);
/* Returns a delta for a raster of that size; NULL: the data is damaged. */
LacunaDelta *lacuna_delta_deserialize (GVariant *variant, int width, int height);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LacunaRaster, lacuna_raster_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LacunaDelta, lacuna_delta_unref)

G_END_DECLS
