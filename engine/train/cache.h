#pragma once

#include "engine/photo/photo.h"

G_BEGIN_DECLS

/* Photos as training reads them: brought down to a small size once and kept, in
 * files of the user's cache folder up to a limit, the oldest leaving first, and
 * in memory. Threads may share one. */
typedef struct _LacunaPhotoCache LacunaPhotoCache;

/* least: short side in pixels that a photo must have; most: to which it is
 * brought where it has more; limit: bytes of the files, 0 for 2 GiB. */
LacunaPhotoCache *lacuna_photo_cache_new   (guint least, guint most, guint64 limit);
LacunaPhotoCache *lacuna_photo_cache_ref   (LacunaPhotoCache *self);
void              lacuna_photo_cache_unref (LacunaPhotoCache *self);

/* The photo at path as RGB of 8 bits, its short side least to most pixels. The
 * same file gives the same pixels. Errors of lacuna_photo_load, and
 * LACUNA_ERROR_UNFIT: it is too small. */
LacunaPhoto *lacuna_photo_cache_load (LacunaPhotoCache *self, const char *path, GCancellable *cancellable,
                                      GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LacunaPhotoCache, lacuna_photo_cache_unref)

G_END_DECLS
