/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/photo/photo.h"

G_BEGIN_DECLS

/**
 * LacunaPhotoCache:
 *
 * Photos as training reads them: brought down to a small size once and kept, in files of the user's cache folder up to a
 * limit, the oldest leaving first, and in memory. Atomically reference-counted; threads may share one.
 */
typedef struct _LacunaPhotoCache LacunaPhotoCache;

#define LACUNA_TYPE_PHOTO_CACHE (lacuna_photo_cache_get_type ())
GType lacuna_photo_cache_get_type (void);

/**
 * lacuna_photo_cache_new:
 * @least: short side in pixels that a photo must have
 * @most: to which it is brought where it has more
 * @limit: bytes of the files, 0 for 2 GiB
 *
 * Returns: (transfer full): a cache
 */
LacunaPhotoCache *lacuna_photo_cache_new   (guint least, guint most, guint64 limit);
LacunaPhotoCache *lacuna_photo_cache_ref   (LacunaPhotoCache *self);
void              lacuna_photo_cache_unref (LacunaPhotoCache *self);

/**
 * lacuna_photo_cache_load:
 * @path: (type filename): a photo
 * @cancellable: (nullable): to stop it
 * @error: as of [ctor@Photo.load], and %LACUNA_ERROR_UNFIT: it is too small
 *
 * The same file gives the same pixels.
 *
 * Returns: (transfer full): the photo as RGB of 8 bits, its short side least to most pixels
 */
LacunaPhoto *lacuna_photo_cache_load (LacunaPhotoCache *self, const char *path, GCancellable *cancellable,
                                      GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LacunaPhotoCache, lacuna_photo_cache_unref)

G_END_DECLS
