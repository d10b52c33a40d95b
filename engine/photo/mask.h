#pragma once

#include <gio/gio.h>

#include "engine/photo/box.h"

G_BEGIN_DECLS

/* Which pixels of a photo are the hole: width×height bytes, 255 in the hole and
 * 0 elsewhere. Immutable, atomically reference-counted. */
typedef struct _LacunaMask LacunaMask;

LacunaMask *lacuna_mask_new   (int width, int height, const guint8 *pixels /* non-zero: hole; rows of width bytes; copied */);
/* Any image that the photo room reads: white is the hole (luminance of at least
 * one half, over black where it has alpha; an image whose colours tell nothing
 * is read by its alpha). Orientation applied. LACUNA_ERROR_FILE, _FORMAT, _UNFIT. */
LacunaMask *lacuna_mask_load  (const char *path, GError **error);
LacunaMask *lacuna_mask_ref   (LacunaMask *self);
void        lacuna_mask_unref (LacunaMask *self);
gboolean    lacuna_mask_save  (LacunaMask *self, const char *path, GError **error); /* 8-bit grey PNG */

int           lacuna_mask_get_width    (LacunaMask *self);
int           lacuna_mask_get_height   (LacunaMask *self);
const guint8 *lacuna_mask_get_pixels   (LacunaMask *self); /* rows of width bytes */
gsize         lacuna_mask_get_n_hole   (LacunaMask *self); /* pixels in the hole */
LacunaBox     lacuna_mask_get_bounds   (LacunaMask *self); /* of the hole; empty box where there is none */

/* The hole's 8-connected components: their bounding boxes, and for every pixel
 * its component's number from 1, or 0 (rows of width; g_free). */
GArray *lacuna_mask_components (LacunaMask *self, guint32 **ret_labels); /* of LacunaBox */

/* The mask with the hole grown (or, negative, shrunk) by a Euclidean radius in pixels. */
LacunaMask *lacuna_mask_grow (LacunaMask *self, int radius);

/* Squared Euclidean distance of each pixel of box to the nearest pixel outside
 * the hole (0 there), and that pixel as x + y·width of the mask: what lies
 * outside the box but inside the mask counts. Pixels beyond the mask count as
 * hole. Exact (Felzenszwalb and Huttenlocher 2012). ret_nearest may be NULL; it
 * holds -1 where the mask has no known pixel, with distance G_MAXINT32. */
gint32 *lacuna_mask_distance (LacunaMask *self, LacunaBox box, gint64 **ret_nearest);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LacunaMask, lacuna_mask_unref)

G_END_DECLS
