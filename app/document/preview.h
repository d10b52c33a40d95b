/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/document/edit.h"
#include "app/document/raster.h"

G_BEGIN_DECLS

/* The small picture of a document as it stands: the photo with its fills, and what is marked. */

/* Finds the size of the picture of a photo of width×height pixels. */
void    lacuna_preview_get_size (int width, int height, int *ret_width, int *ret_height);
/* Returns what is marked, a byte for each pixel of a picture of width×height. steer: LACUNA_N_STEERS rasters. Each
 * raster may be NULL. For the main thread, which changes the rasters. */
GBytes *lacuna_preview_sample   (LacunaRaster *hole, LacunaRaster *const *steer, int width, int height);
/* Returns the picture as a PNG. small: the photo, which has width×height pixels, resampled to the picture's size;
 * retouches: of LacunaRetouch. */
GBytes *lacuna_preview_draw     (LacunaPhoto *small, int width, int height, GPtrArray *retouches, GBytes *marks);

G_END_DECLS
