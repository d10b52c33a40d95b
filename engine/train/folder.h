#pragma once

#include "engine/train/cache.h"

G_BEGIN_DECLS

/* The photos of a folder, and of those in it, which training can learn from.
 * Immutable. */
#define LACUNA_TYPE_PHOTO_FOLDER (lacuna_photo_folder_get_type ())
G_DECLARE_FINAL_TYPE (LacunaPhotoFolder, lacuna_photo_folder, LACUNA, PHOTO_FOLDER, GObject)

/* Told after each file, in any thread. */
typedef void (*LacunaPhotoFolderProgress) (guint n_read, guint n_files, gpointer data);

/* Reads all files into the cache, by as many threads as there are processors.
 * Hidden files and links to folders are passed over. LACUNA_ERROR_FILE: the
 * folder can't be listed; LACUNA_ERROR_EMPTY: none of its files is a photo to
 * learn from; G_IO_ERROR_CANCELLED. */
LacunaPhotoFolder *lacuna_photo_folder_read (const char *path, LacunaPhotoCache *cache,
                                             LacunaPhotoFolderProgress progress, gpointer data,
                                             GCancellable *cancellable, GError **error);

/* The same in a thread of its own. */
void               lacuna_photo_folder_read_async  (const char *path, LacunaPhotoCache *cache,
                                                    GCancellable *cancellable,
                                                    GAsyncReadyCallback callback, gpointer data);
LacunaPhotoFolder *lacuna_photo_folder_read_finish (GAsyncResult *result, GError **error);

const char * const *lacuna_photo_folder_get_photos  (LacunaPhotoFolder *self); /* paths, sorted */
guint               lacuna_photo_folder_get_n_photos (LacunaPhotoFolder *self);

/* Files that were left out, in order. ret_reason: why, a sentence. */
guint       lacuna_photo_folder_get_n_skipped (LacunaPhotoFolder *self);
const char *lacuna_photo_folder_get_skipped   (LacunaPhotoFolder *self, guint i, const char **ret_reason);

/* Parts the photos in those to learn from and those held out, a tenth but at
 * least one and at most 32, chosen by seed; a photo alone is in both. Strings
 * are borrowed from self. */
void lacuna_photo_folder_split (LacunaPhotoFolder *self, guint32 seed, GPtrArray **ret_learnt, GPtrArray **ret_held_out);

G_END_DECLS
