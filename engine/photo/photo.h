#pragma once

#include <gio/gio.h>

#include "engine/photo/box.h"

G_BEGIN_DECLS

/* A photo in memory, upright, with what its file said about it (format, ICC
 * profile, EXIF, XMP, IPTC, JPEG quality and subsampling). Immutable. */
#define LACUNA_TYPE_PHOTO (lacuna_photo_get_type ())
G_DECLARE_FINAL_TYPE (LacunaPhoto, lacuna_photo, LACUNA, PHOTO, GObject)

/* LACUNA_ERROR_FILE (missing, unreadable), _FORMAT (damaged, truncated, no
 * photo), _UNFIT (a side under 16 pixels, over 300 megapixels, not RGB, grey or
 * CMYK of 8 or 16 bits, a camera's raw file: refused from the header, before
 * pixels are decoded), _MEMORY, G_IO_ERROR_CANCELLED. Pages after the first and
 * whatever else comes with the picture are left out, as are metadata that can hold a
 * picture of the photo, and CMYK becomes sRGB, which the note says. */
LacunaPhoto *lacuna_photo_load (const char *path, GCancellable *cancellable, GError **error);

/* The same from a file's content, which messages call by that name. */
LacunaPhoto *lacuna_photo_load_bytes (GBytes *file, const char *name, GCancellable *cancellable, GError **error);

int          lacuna_photo_get_width   (LacunaPhoto *self);
int          lacuna_photo_get_height  (LacunaPhoto *self);
int          lacuna_photo_get_bands   (LacunaPhoto *self); /* 1 grey, 2 grey+alpha, 3 RGB, 4 RGB+alpha */
int          lacuna_photo_get_depth   (LacunaPhoto *self); /* bits a sample: 8 or 16 */
const char  *lacuna_photo_get_path    (LacunaPhoto *self); /* it was loaded from; NULL: from bytes, or filled */
const char  *lacuna_photo_get_format  (LacunaPhoto *self); /* "jpeg", "png", "webp", "tiff", "heif", "avif"; NULL: another */
/* Rows of width·bands samples, guint8 or guint16 by depth, without gaps. */
gconstpointer lacuna_photo_get_pixels (LacunaPhoto *self);
/* What was left out or changed when the file was read, in sentences for the user; NULL: nothing. */
const char  *lacuna_photo_get_note    (LacunaPhoto *self);
/* Whether the file had a thumbnail. It is left out, as it shows the photo as it was; as nearly every camera adds one, the
 * note does not tell. */
gboolean     lacuna_photo_had_thumbnail (LacunaPhoto *self);

/* Whether an image file may be a photo at all, of which only the header is read: one that claims many pixels in few bytes
 * costs much time and memory (a mask may be such a one). LACUNA_ERROR_UNFIT, and errors of reading it. */
gboolean lacuna_photo_check_packing (const char *path, GBytes *file, GError **error);

/* Whether the image file has that size, as it stands upright, of which only the header is read. what: “mask”, for
 * LACUNA_ERROR_UNFIT; and errors of reading it. */
gboolean lacuna_photo_check_size (const char *path, GBytes *file, int width, int height, const char *what, GError **error);

/* box of the photo at 1/2^halvings, 3×h×w floats in [-1, 1] with
 * h = box.height >> halvings; the box's sides are multiples of 2^halvings.
 * Halving is the exact 2×2 mean. What lies beyond the photo is mirrored at its
 * edges (lacuna_mirror). Grey is tripled, alpha left out, 16 bits kept in the
 * float; values are the photo's own, whatever its profile. NULL: no memory. */
float *lacuna_photo_read_window (LacunaPhoto *self, LacunaBox box, guint halvings);

/* box (within the photo) brought to width×height by Lanczos resampling, as RGB
 * with 8 bits a sample (grey tripled, 16 bits rounded, alpha left out), without
 * path, profile and metadata. LACUNA_ERROR_MEMORY. */
LacunaPhoto *lacuna_photo_resample (LacunaPhoto *self, LacunaBox box, int width, int height, GError **error);

/* Converts a picture of the photo's own colours, 3×n floats in [-1, 1], to sRGB,
 * and back, in place and rounded to 16 bits; nothing changes where the photo's
 * profile is sRGB's, missing or unsound. Back into grey the three are alike.
 * LACUNA_ERROR_MEMORY. */
gboolean lacuna_photo_to_srgb   (LacunaPhoto *self, float *rgb, gsize n, GError **error);
gboolean lacuna_photo_from_srgb (LacunaPhoto *self, float *rgb, gsize n, GError **error);

/* Colours of n pixels, three planes of floats in [-1, 1] that lie plane floats
 * apart, rounded to that depth: three interleaved samples a pixel, guint8 or
 * guint16 (g_free). NULL: no memory. */
gpointer lacuna_photo_quantize (const float *rgb, gsize plane, gsize n, int depth);

/* A photo like this one with some pixels replaced. samples: three a pixel for
 * box (within the photo), of the photo's depth; only pixels whose mask byte
 * (rows of box.width) is not 0 change, by that share of 255 over what earlier
 * patches made of them. Alpha becomes opaque by the same share, grey the mean. */
typedef struct {
  LacunaBox     box;
  gconstpointer samples;
  const guint8 *mask;
} LacunaPatch;
/* LACUNA_ERROR_MEMORY: no memory for another photo. */
LacunaPhoto *lacuna_photo_paste (LacunaPhoto *self, const LacunaPatch *patches, guint n_patches, GError **error);

typedef struct {
  int      quality; /* 1 to 100; 0: as the source had it, else the format's good default */
  gboolean force;   /* LACUNA_PUBLISH_FORCE */
} LacunaSaveOptions;

/* The format is the suffix's. Keeps depth (where the format can), profile and
 * metadata (true of the photo as it is now, and by Exiv2 alone); a WebP from one
 * that lost nothing loses nothing; a JPEG from a JPEG has the source's quality and
 * subsampling. From an upright JPEG of YCbCr or grey, and with its
 * own quality, it also has the source's tables, and the coefficients of every
 * block in which no pixel changed: such pixels decode as before, but for those
 * beside a changed block of subsampled colour, which may be smoothed with it.
 * HEIC and AVIF are read back before they replace anything. Written by
 * lacuna_publish. options: NULL for defaults. LACUNA_ERROR_FILE; _UNFIT: as below. */
gboolean lacuna_photo_save (LacunaPhoto *self, const char *path, const LacunaSaveOptions *options, GError **error);

/* Whether a photo of this size could be saved so, as far as can be seen before:
 * LACUNA_ERROR_FILE: it could not be written there; LACUNA_ERROR_UNFIT: a
 * suffix that can't be saved, or more pixels a side than the format has. */
gboolean lacuna_photo_check_save (LacunaPhoto *self, const char *path, const LacunaSaveOptions *options,
                                  GError **error);
/* The same without regard to what is at path. */
gboolean lacuna_photo_check_format (LacunaPhoto *self, const char *path, GError **error);

/* What lacuna_photo_save would write into a file of that suffix ("png"). */
GBytes *lacuna_photo_save_bytes (LacunaPhoto *self, const char *suffix, const LacunaSaveOptions *options, GError **error);

/* Suffixes that can be saved here, without dot: "jpg", "png", … (depends on the libraries). */
const char * const *lacuna_photo_get_save_suffixes (void);

G_END_DECLS
