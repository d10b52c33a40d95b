#pragma once

#include "engine/photo/photo.h"

G_BEGIN_DECLS

/* Which pixels of a photo are the hole: width×height bytes, 255 in the hole and
 * 0 elsewhere. Immutable, atomically reference-counted. */
typedef struct _LacunaMask LacunaMask;

/* NULL, as with the others that make masks: no memory. */
LacunaMask *lacuna_mask_new   (int width, int height, const guint8 *pixels /* non-zero: hole; rows of width bytes; copied */);
/* Any image that the photo room reads, orientation applied, over black where it
 * has alpha. White is the hole, and so is what is soft: from an eighth of the way
 * from black to white on, which JPEG's noise around black does not reach, and
 * what fades out around that, or 2 pixels in a lossy format. Also
 * understood are, and the note tells: labels (all but black), an image of two other
 * colours (the lighter), an image whose colours tell nothing (by its alpha), the
 * photo with strokes over it (photo is then that photo, or NULL: it is not
 * known), and a photo with a transparent hole. LACUNA_ERROR_FILE, _FORMAT,
 * _UNFIT (another photo among them), _MEMORY. */
LacunaMask *lacuna_mask_load  (const char *path, LacunaPhoto *photo, GError **error);
/* The same from an image in memory. */
LacunaMask *lacuna_mask_new_from_image (LacunaPhoto *image, LacunaPhoto *photo, GError **error);
LacunaMask *lacuna_mask_ref   (LacunaMask *self);
void        lacuna_mask_unref (LacunaMask *self);
gboolean    lacuna_mask_save  (LacunaMask *self, const char *path, GError **error); /* 8-bit grey PNG */

/* How its file was understood, where that is not plain, and whether it marks nearly all; NULL: nothing to say. */
const char   *lacuna_mask_get_note     (LacunaMask *self);
int           lacuna_mask_get_width    (LacunaMask *self);
int           lacuna_mask_get_height   (LacunaMask *self);
const guint8 *lacuna_mask_get_pixels   (LacunaMask *self); /* rows of width bytes */
gsize         lacuna_mask_get_n_hole   (LacunaMask *self); /* pixels in the hole */
LacunaBox     lacuna_mask_get_bounds   (LacunaMask *self); /* of the hole; empty box where there is none */

/* The hole's 8-connected components: their bounding boxes, and for every pixel
 * its component's number from 1, or 0 (rows of width; g_free). NULL: no memory. */
GArray *lacuna_mask_components (LacunaMask *self, guint32 **ret_labels); /* of LacunaBox */

/* The mask with the hole grown (or, negative, shrunk) by a Euclidean radius in pixels. */
LacunaMask *lacuna_mask_grow (LacunaMask *self, int radius);

/* Squared Euclidean distance of each pixel of box to the nearest pixel outside
 * the hole (0 there), and that pixel as x + y·width of the mask: what lies
 * outside the box but inside the mask counts. Pixels beyond the mask count as
 * hole. Exact (Felzenszwalb and Huttenlocher 2012). ret_nearest may be NULL; it
 * holds -1 where the mask has no known pixel, with distance G_MAXINT32. NULL: no
 * memory. */
gint32 *lacuna_mask_distance (LacunaMask *self, LacunaBox box, gint64 **ret_nearest);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LacunaMask, lacuna_mask_unref)

G_END_DECLS
