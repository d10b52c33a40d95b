#pragma once

#include <vips/vips.h>

#include "engine/photo/jpeg.h"
#include "engine/photo/metadata.h"
#include "engine/photo/photo.h"

G_BEGIN_DECLS

#if VIPS_MAJOR_VERSION == 8 && VIPS_MINOR_VERSION < 16
G_DEFINE_AUTOPTR_CLEANUP_FUNC (VipsImage, g_object_unref)
#endif

struct _LacunaPhoto {
  GObject     parent_instance;
  /* In memory, upright, uchar or ushort, as B_W, GREY16, sRGB or RGB16, with its profile and texts. */
  VipsImage  *image;
  GExiv2Metadata *metadata; /* NULL: none */
  char       *path;
  const char *format; /* static */
  char       *note;
  gboolean    is_lossless; /* it came from a WebP that keeps every pixel */
  gboolean    had_thumbnail;
  gboolean    has_profile; /* its colours are not those of sRGB, as far as can be seen */
  LacunaJpeg  jpeg;   /* how the source was encoded; quality 0: it was no JPEG */
  GBytes     *source; /* the file, where it is an upright JPEG whose blocks can be kept; or NULL */
};

/* The sample i of pixels of that depth. */
static inline guint
lacuna_photo_read_sample (gconstpointer pixels, int depth, gsize i)
{
  return depth == 8 ? ((const guint8 *) pixels)[i] : ((const guint16 *) pixels)[i];
}

/* Starts libvips once. LACUNA_ERROR_FILE. */
gboolean lacuna_vips_init (GError **error);

/* What libvips says went wrong, in one line; its error buffer is emptied. */
char *lacuna_vips_take_error (void);

/* The image's pixels computed into a buffer of its own, with its metadata.
 * LACUNA_ERROR_MEMORY; LACUNA_ERROR_FORMAT where the pixels can't be computed. */
VipsImage *lacuna_vips_render (VipsImage *image, const char *path, GError **error);

G_END_DECLS
