/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "engine/photo/box.h"

G_BEGIN_DECLS

/**
 * LacunaPhoto:
 *
 * A photo in memory, upright, with what its file said about it (format, ICC profile, EXIF, XMP, IPTC, JPEG quality and
 * subsampling). Immutable.
 */
#define LACUNA_TYPE_PHOTO (lacuna_photo_get_type ())
G_DECLARE_FINAL_TYPE (LacunaPhoto, lacuna_photo, LACUNA, PHOTO, GObject)

/**
 * lacuna_photo_load: (constructor)
 * @path: (type filename): a JPEG, PNG, WebP, TIFF, HEIC or AVIF, or what else libvips reads
 * @cancellable: (nullable): to stop it
 * @error: %LACUNA_ERROR_FILE: missing, unreadable; %LACUNA_ERROR_FORMAT: damaged, truncated, no photo;
 *   %LACUNA_ERROR_UNFIT: a side under 16 pixels, over 300 megapixels, not RGB, grey or CMYK of 8 or 16 bits, a camera's
 *   raw file: refused from the header, before pixels are decoded; %LACUNA_ERROR_MEMORY; %G_IO_ERROR_CANCELLED
 *
 * Reads a photo. Pages after the first and whatever else comes with the picture are left out, as are metadata that can
 * hold a picture of the photo, and CMYK becomes sRGB, which the note says.
 *
 * Returns: (transfer full): a photo
 */
LacunaPhoto *lacuna_photo_load (const char *path, GCancellable *cancellable, GError **error);

/**
 * lacuna_photo_load_bytes: (constructor)
 * @file: a file's content
 * @name: how messages call it
 * @cancellable: (nullable): to stop it
 * @error: as of [ctor@Photo.load]
 *
 * Returns: (transfer full): a photo
 */
LacunaPhoto *lacuna_photo_load_bytes (GBytes *file, const char *name, GCancellable *cancellable, GError **error);

/**
 * lacuna_photo_new: (constructor)
 * @width: pixels, at least 16
 * @height: pixels, at least 16
 * @bands: 1 grey, 2 grey and alpha, 3 RGB, 4 RGB and alpha
 * @depth: bits a sample: 8, or 16 in the host's byte order
 * @samples: rows of width·bands samples, without gaps; kept
 * @error: %LACUNA_ERROR_UNFIT: numbers that no photo has, or another number of samples; %LACUNA_ERROR_MEMORY
 *
 * A photo from its samples, in sRGB's colours, without path and metadata.
 *
 * Returns: (transfer full): a photo
 */
LacunaPhoto *lacuna_photo_new (int width, int height, int bands, int depth, GBytes *samples, GError **error);

/**
 * lacuna_photo_get_width:
 *
 * Returns: pixels
 */
int lacuna_photo_get_width (LacunaPhoto *self);

/**
 * lacuna_photo_get_height:
 *
 * Returns: pixels
 */
int lacuna_photo_get_height (LacunaPhoto *self);

/**
 * lacuna_photo_get_bands:
 *
 * Returns: 1 grey, 2 grey and alpha, 3 RGB, 4 RGB and alpha
 */
int lacuna_photo_get_bands (LacunaPhoto *self);

/**
 * lacuna_photo_get_depth:
 *
 * Returns: bits a sample: 8 or 16
 */
int lacuna_photo_get_depth (LacunaPhoto *self);

/**
 * lacuna_photo_get_path:
 *
 * Returns: (type filename) (nullable): the file that it was loaded from; %NULL: from memory, or filled
 */
const char *lacuna_photo_get_path (LacunaPhoto *self);

/**
 * lacuna_photo_get_format:
 *
 * Returns: (nullable): "jpeg", "png", "webp", "tiff", "heif", "avif"; %NULL: another
 */
const char *lacuna_photo_get_format (LacunaPhoto *self);

/**
 * lacuna_photo_get_pixels: (skip)
 *
 * Returns: rows of width·bands samples, guint8 or guint16 by depth, without gaps
 */
gconstpointer lacuna_photo_get_pixels (LacunaPhoto *self);

/**
 * lacuna_photo_dup_bytes:
 *
 * Nothing is copied: the bytes keep the photo alive.
 *
 * Returns: (transfer full): rows of width·bands samples of 8 or 16 bits by depth, without gaps
 */
GBytes *lacuna_photo_dup_bytes (LacunaPhoto *self);

/**
 * lacuna_photo_get_note:
 *
 * Returns: (nullable): what was left out or changed when the file was read, in sentences for people; %NULL: nothing
 */
const char *lacuna_photo_get_note (LacunaPhoto *self);

/**
 * lacuna_photo_had_thumbnail:
 *
 * A thumbnail is left out, as it shows the photo as it was; as nearly every camera adds one, the note does not tell.
 *
 * Returns: whether the file had one
 */
gboolean lacuna_photo_had_thumbnail (LacunaPhoto *self);

/**
 * lacuna_photo_check_packing:
 * @path: (type filename): how messages call it
 * @file: its content, of which only the header is read
 * @error: %LACUNA_ERROR_UNFIT, and errors of reading it
 *
 * A file that claims many pixels in few bytes costs much time and memory (a mask may be such a one).
 *
 * Returns: whether an image file may be a photo at all
 */
gboolean lacuna_photo_check_packing (const char *path, GBytes *file, GError **error);

/**
 * lacuna_photo_check_size:
 * @path: (type filename): how messages call it
 * @file: its content, of which only the header is read
 * @width: pixels
 * @height: pixels
 * @what: “mask”, for the message
 * @error: %LACUNA_ERROR_UNFIT, and errors of reading it
 *
 * Returns: whether the image file has that size, as it stands upright
 */
gboolean lacuna_photo_check_size (const char *path, GBytes *file, int width, int height, const char *what, GError **error);

/**
 * lacuna_photo_resample: (skip)
 * @box: within the photo
 * @width: pixels
 * @height: pixels
 * @error: %LACUNA_ERROR_MEMORY
 *
 * Returns: (transfer full): @box brought to that size by Lanczos resampling, as RGB with 8 bits a sample (grey tripled,
 *   16 bits rounded, alpha left out), without path, profile and metadata
 */
LacunaPhoto *lacuna_photo_resample (LacunaPhoto *self, LacunaBox box, int width, int height, GError **error);

/**
 * LacunaPatch: (skip)
 * @box: within the photo
 * @samples: three a pixel, of the photo's depth
 * @mask: rows of box.width: only pixels whose byte is not 0 change, by that share of 255 over what earlier patches made
 *   of them
 *
 * Pixels that replace others.
 */
typedef struct {
  LacunaBox     box;
  gconstpointer samples;
  const guint8 *mask;
} LacunaPatch;

/**
 * lacuna_photo_paste: (skip)
 * @patches: one after the other
 * @n_patches: how many
 * @error: %LACUNA_ERROR_MEMORY
 *
 * Alpha becomes opaque by the same share, grey the mean.
 *
 * Returns: (transfer full): a photo like this one with some pixels replaced
 */
LacunaPhoto *lacuna_photo_paste (LacunaPhoto *self, const LacunaPatch *patches, guint n_patches, GError **error);

/**
 * LacunaSaveOptions:
 * @quality: 1 to 100; 0: as the source had it, else the format's good default
 * @force: %LACUNA_PUBLISH_FORCE
 * @cancellable: (nullable): ends the encoding; nothing is written then
 * @fills: (nullable): what its metadata are to tell of fills, as of [method@Fill.describe]; %NULL: nothing is told
 *
 * How a photo is saved. All zero is the default.
 */
typedef struct {
  int      quality;
  gboolean force;
  GCancellable *cancellable;
  GVariant *fills;
} LacunaSaveOptions;

#define LACUNA_TYPE_SAVE_OPTIONS (lacuna_save_options_get_type ())
GType lacuna_save_options_get_type (void);

/**
 * lacuna_save_options_new: (constructor)
 *
 * Returns: (transfer full): the defaults
 */
LacunaSaveOptions *lacuna_save_options_new  (void);
LacunaSaveOptions *lacuna_save_options_copy (const LacunaSaveOptions *self);
void               lacuna_save_options_free (LacunaSaveOptions *self);

/**
 * lacuna_save_options_set_cancellable:
 * @cancellable: (nullable): ends the encoding
 *
 * Of options that [ctor@SaveOptions.new] made.
 */
void lacuna_save_options_set_cancellable (LacunaSaveOptions *self, GCancellable *cancellable);

/**
 * lacuna_save_options_set_fills:
 * @fills: (nullable): what the file's metadata are to tell of fills
 *
 * Of options that [ctor@SaveOptions.new] made.
 */
void lacuna_save_options_set_fills (LacunaSaveOptions *self, GVariant *fills);

/**
 * lacuna_photo_save:
 * @path: (type filename): a file, whose suffix tells the format
 * @options: (nullable): %NULL for defaults
 * @error: %LACUNA_ERROR_FILE; %LACUNA_ERROR_UNFIT: as of [method@Photo.check_save], or what was filled can't be told
 *   there
 *
 * Keeps depth (where the format can), profile and metadata (true of the photo as it is now, and by Exiv2 alone); a WebP
 * from one that lost nothing loses nothing; a JPEG from a JPEG has the source's quality and subsampling. From an upright
 * JPEG of YCbCr, RGB or grey, and with its own quality, it also has the source's tables, and the coefficients of every block
 * in which no pixel changed: such pixels decode as before, but for those beside a changed block of subsampled colour,
 * which may be smoothed with it. HEIC and AVIF are read back before they replace anything. Written by [func@publish].
 *
 * Returns: whether it was written
 */
gboolean lacuna_photo_save (LacunaPhoto *self, const char *path, const LacunaSaveOptions *options, GError **error);

/**
 * lacuna_photo_check_save:
 * @path: (type filename): a file
 * @options: (nullable): %NULL for defaults
 * @error: %LACUNA_ERROR_FILE: it could not be written there; %LACUNA_ERROR_UNFIT: a suffix that can't be saved, or more
 *   pixels a side than the format has
 *
 * Returns: whether a photo of this size could be saved so, as far as can be seen before
 */
gboolean lacuna_photo_check_save (LacunaPhoto *self, const char *path, const LacunaSaveOptions *options, GError **error);

/**
 * lacuna_photo_check_format:
 * @path: (type filename): a file
 * @error: %LACUNA_ERROR_UNFIT
 *
 * Returns: the same without regard to what is at @path
 */
gboolean lacuna_photo_check_format (LacunaPhoto *self, const char *path, GError **error);

/**
 * lacuna_photo_check_record:
 * @path: (type filename): a file that could be saved
 * @error: %LACUNA_ERROR_UNFIT
 *
 * Returns: whether the metadata of a file of that suffix can tell what was filled: all formats hold XMP, but where Linux
 *   has no Landlock it is not written into some
 */
gboolean lacuna_photo_check_record (const char *path, GError **error);

/**
 * lacuna_photo_describe_loss:
 * @path: (type filename): a file
 *
 * JPEG has no transparency, in whose place it is white, and 8 bits a channel, as WebP; HEIC and AVIF have 12.
 *
 * Returns: (transfer full) (nullable): what of the photo is not in a file of that suffix, as [method@Photo.save] writes it,
 *   in sentences for people; %NULL: nothing, or a suffix that can't be saved
 */
char *lacuna_photo_describe_loss (LacunaPhoto *self, const char *path);

/**
 * lacuna_photo_save_bytes:
 * @suffix: "png", "jpg", …
 * @options: (nullable): %NULL for defaults
 * @error: as of [method@Photo.save]
 *
 * Returns: (transfer full): what [method@Photo.save] would write into a file of that suffix
 */
GBytes *lacuna_photo_save_bytes (LacunaPhoto *self, const char *suffix, const LacunaSaveOptions *options, GError **error);

/**
 * lacuna_photo_get_save_suffixes:
 *
 * Returns: (transfer none) (array zero-terminated=1): suffixes that can be saved here, without dot: "jpg", "png", …
 *   (depends on the libraries)
 */
const char * const *lacuna_photo_get_save_suffixes (void);

/**
 * lacuna_photo_is_name:
 * @name: (type filename): of a file
 *
 * Returns: whether it ends in one of these suffixes, in whatever case, as photos in folders do
 */
gboolean lacuna_photo_is_name (const char *name);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LacunaSaveOptions, lacuna_save_options_free)

G_END_DECLS
