/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/train/cache.h"

G_BEGIN_DECLS

/**
 * LacunaPhotoFolder:
 *
 * The photos of a folder, and of those in it, which training can learn from. Immutable.
 */
#define LACUNA_TYPE_PHOTO_FOLDER (lacuna_photo_folder_get_type ())
G_DECLARE_FINAL_TYPE (LacunaPhotoFolder, lacuna_photo_folder, LACUNA, PHOTO_FOLDER, GObject)

/**
 * LacunaPhotoFolderProgress:
 * @n_read: files read
 * @n_files: files of the folder
 * @data: (closure): given beside the function
 *
 * Told after each file, in any thread.
 */
typedef void (*LacunaPhotoFolderProgress) (guint n_read, guint n_files, gpointer data);

/**
 * lacuna_photo_folder_read: (constructor)
 * @path: (type filename): a folder
 * @cache: where the photos are kept
 * @progress: (nullable) (scope call) (closure data): told of it
 * @data: for @progress
 * @cancellable: (nullable): to stop it
 * @error: %LACUNA_ERROR_FILE: the folder can't be listed; %LACUNA_ERROR_EMPTY: none of its files is a photo to learn
 *   from; %G_IO_ERROR_CANCELLED
 *
 * Reads all files into the cache, by as many threads as there are processors. Hidden files and links to folders are
 * passed over.
 *
 * Returns: (transfer full): the folder
 */
LacunaPhotoFolder *lacuna_photo_folder_read (const char *path, LacunaPhotoCache *cache,
                                             LacunaPhotoFolderProgress progress, gpointer data,
                                             GCancellable *cancellable, GError **error);

/**
 * lacuna_photo_folder_read_async:
 * @path: (type filename): a folder
 * @cache: where the photos are kept
 * @cancellable: (nullable): to stop it
 * @callback: (scope async) (closure data): called when it is over
 * @data: for @callback
 *
 * The same in a thread of its own.
 */
void lacuna_photo_folder_read_async (const char *path, LacunaPhotoCache *cache, GCancellable *cancellable,
                                     GAsyncReadyCallback callback, gpointer data);

/**
 * lacuna_photo_folder_read_finish:
 * @result: what the callback was given
 * @error: as of [ctor@PhotoFolder.read]
 *
 * Returns: (transfer full): the folder
 */
LacunaPhotoFolder *lacuna_photo_folder_read_finish (GAsyncResult *result, GError **error);

/**
 * lacuna_photo_folder_get_photos:
 *
 * Returns: (transfer none) (array zero-terminated=1) (element-type filename): paths, sorted
 */
const char * const *lacuna_photo_folder_get_photos (LacunaPhotoFolder *self);

/**
 * lacuna_photo_folder_get_n_photos:
 *
 * Returns: how many there are
 */
guint lacuna_photo_folder_get_n_photos (LacunaPhotoFolder *self);

/**
 * lacuna_photo_folder_get_n_held_out:
 *
 * Returns: how many of them a training holds out to judge by; 0: a photo alone is learnt from, and judged by too
 */
guint lacuna_photo_folder_get_n_held_out (LacunaPhotoFolder *self);

/**
 * lacuna_photo_folder_get_n_skipped:
 *
 * Returns: how many files were left out
 */
guint lacuna_photo_folder_get_n_skipped (LacunaPhotoFolder *self);

/**
 * lacuna_photo_folder_get_skipped:
 * @i: below their number
 * @ret_reason: (out) (transfer none): why, a sentence
 *
 * Returns: (type filename): a file that was left out
 */
const char *lacuna_photo_folder_get_skipped (LacunaPhotoFolder *self, guint i, const char **ret_reason);

G_END_DECLS
