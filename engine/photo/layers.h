/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/photo/photo.h"

G_BEGIN_DECLS

/**
 * lacuna_photo_new_layer:
 * @error: %LACUNA_ERROR_MEMORY
 *
 * A layer to be laid over the photo: what is pasted into it ([method@Photo.paste]) stands there alone, and is opaque.
 *
 * Returns: (transfer full): a photo of the same size, depth and colours, with alpha, which is transparent everywhere
 */
LacunaPhoto *lacuna_photo_new_layer (LacunaPhoto *self, GError **error);

/**
 * lacuna_photo_save_layers:
 * @layer: of [method@Photo.new_layer]
 * @path: (type filename): a file, whose suffix tells the format: "tif", "tiff" or "ora"
 * @options: (nullable): %NULL for defaults
 * @error: %LACUNA_ERROR_FILE; %LACUNA_ERROR_UNFIT: as of [method@Photo.check_save_layers]; %LACUNA_ERROR_MEMORY
 *
 * Saves a photo and a layer over it: as a TIFF of two pages, both with alpha, or as OpenRaster, which has both besides
 * as one. Depth, profile and metadata are the photo's, as [method@Photo.save] keeps them. Written by [func@publish].
 *
 * Returns: whether it was written
 */
gboolean lacuna_photo_save_layers (LacunaPhoto *self, LacunaPhoto *layer, const char *path,
                                   const LacunaSaveOptions *options, GError **error);

/**
 * lacuna_photo_check_save_layers:
 * @path: (type filename): a file
 * @options: (nullable): %NULL for defaults
 * @error: %LACUNA_ERROR_FILE: it could not be written there; %LACUNA_ERROR_UNFIT: a suffix of no format with layers, or
 *   more than 150 megapixels in a TIFF
 *
 * Returns: whether a photo of this size could be saved so, as far as can be seen before
 */
gboolean lacuna_photo_check_save_layers (LacunaPhoto *self, const char *path, const LacunaSaveOptions *options,
                                         GError **error);

G_END_DECLS
