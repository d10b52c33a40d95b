/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/photo/photo.h"

G_BEGIN_DECLS

/**
 * LacunaMask:
 *
 * Which pixels of a photo are the hole: width×height bytes, 255 in the hole and 0 elsewhere. Immutable, atomically
 * reference-counted.
 */
typedef struct _LacunaMask LacunaMask;

#define LACUNA_TYPE_MASK (lacuna_mask_get_type ())
GType lacuna_mask_get_type (void);

/**
 * lacuna_mask_new: (skip)
 * @width: pixels
 * @height: pixels
 * @pixels: rows of @width bytes, of which those that are not 0 are the hole; copied
 *
 * Returns: (nullable): a mask; %NULL: no memory
 */
LacunaMask *lacuna_mask_new (int width, int height, const guint8 *pixels);

/**
 * lacuna_mask_new_from_bytes: (constructor)
 * @width: pixels
 * @height: pixels
 * @pixels: rows of @width bytes, of which those that are not 0 are the hole; copied
 * @error: %LACUNA_ERROR_UNFIT: there are not as many as that; %LACUNA_ERROR_MEMORY
 *
 * Returns: (transfer full): a mask
 */
LacunaMask *lacuna_mask_new_from_bytes (int width, int height, GBytes *pixels, GError **error);

/**
 * lacuna_mask_load: (constructor)
 * @path: (type filename): any image that [ctor@Photo.load] reads
 * @photo: (nullable): the photo that it marks, where that is known
 * @error: %LACUNA_ERROR_FILE, _FORMAT, _UNFIT (another photo among them), _MEMORY
 *
 * Reads a mask, upright, over black where it has alpha. White is the hole, and so is what is soft: from an eighth of the
 * way from black to white on, which JPEG's noise around black does not reach, and what fades out around that, or 2 pixels
 * in a lossy format. Also understood are, and the note tells: labels (all but black), an image of two other colours (the
 * lighter), an image whose colours tell nothing (by its alpha), the photo with strokes over it, and a photo with a
 * transparent hole.
 *
 * Returns: (transfer full): a mask
 */
LacunaMask *lacuna_mask_load (const char *path, LacunaPhoto *photo, GError **error);

/**
 * lacuna_mask_new_from_image: (constructor)
 * @image: the image
 * @photo: (nullable): the photo that it marks, where that is known
 * @error: as of [ctor@Mask.load]
 *
 * The same from an image in memory.
 *
 * Returns: (transfer full): a mask
 */
LacunaMask *lacuna_mask_new_from_image (LacunaPhoto *image, LacunaPhoto *photo, GError **error);

LacunaMask *lacuna_mask_ref   (LacunaMask *self);
void        lacuna_mask_unref (LacunaMask *self);

/**
 * lacuna_mask_save:
 * @path: (type filename): an 8-bit grey PNG, written by [func@publish]
 * @error: %LACUNA_ERROR_FILE, _MEMORY
 *
 * Returns: whether it was written
 */
gboolean lacuna_mask_save (LacunaMask *self, const char *path, GError **error);

/**
 * lacuna_mask_get_note:
 *
 * Returns: (nullable): how its file was understood, where that is not plain, and whether it marks nearly all
 */
const char *lacuna_mask_get_note (LacunaMask *self);

/**
 * lacuna_mask_get_width:
 *
 * Returns: pixels
 */
int lacuna_mask_get_width (LacunaMask *self);

/**
 * lacuna_mask_get_height:
 *
 * Returns: pixels
 */
int lacuna_mask_get_height (LacunaMask *self);

/**
 * lacuna_mask_get_pixels: (skip)
 *
 * Returns: rows of width bytes
 */
const guint8 *lacuna_mask_get_pixels (LacunaMask *self);

/**
 * lacuna_mask_dup_bytes:
 *
 * Nothing is copied: the bytes keep the mask alive.
 *
 * Returns: (transfer full): rows of width bytes
 */
GBytes *lacuna_mask_dup_bytes (LacunaMask *self);

/**
 * lacuna_mask_get_n_hole:
 *
 * Returns: pixels in the hole
 */
gsize lacuna_mask_get_n_hole (LacunaMask *self);

/**
 * lacuna_mask_get_bounds:
 *
 * Returns: (transfer none): the hole's; empty where there is none
 */
const LacunaBox *lacuna_mask_get_bounds (LacunaMask *self);

/**
 * lacuna_mask_grow:
 * @radius: Euclidean, in pixels; negative to shrink
 *
 * Returns: (transfer full) (nullable): the mask with its hole grown; %NULL: no memory
 */
LacunaMask *lacuna_mask_grow (LacunaMask *self, int radius);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LacunaMask, lacuna_mask_unref)

G_END_DECLS
