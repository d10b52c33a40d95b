/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/document/edit.h"
#include "app/document/raster.h"

G_BEGIN_DECLS

/* The small picture of a document as it stands: the photo with its fills, and what is marked. */

/* The size of that of a photo, in pixels. */
void    lacuna_preview_get_size (int width, int height, int *ret_width, int *ret_height);
/* What is marked, a byte for each of its pixels. steer: of LACUNA_N_STEERS. Any raster may be NULL; main thread. */
GBytes *lacuna_preview_sample   (LacunaRaster *hole, LacunaRaster *const *steer, int width, int height);
/* A PNG. small: the photo of width×height pixels, resampled to the size; retouches: of LacunaRetouch. */
GBytes *lacuna_preview_draw     (LacunaPhoto *small, int width, int height, GPtrArray *retouches, GBytes *marks);

G_END_DECLS
