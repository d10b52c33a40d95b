#include "engine/photo/photo-private.h"

#include <string.h>

#include "engine/error.h"
#include "engine/photo/exif.h"
#include "engine/photo/jpeg-keep.h"
#include "engine/photo/metadata.h"
#include "engine/publish.h"

#define DEFAULT_QUALITY 90

typedef enum
{
  ENCODING_AVIF,
  ENCODING_HEIC,
  ENCODING_JPEG,
  ENCODING_PNG,
  ENCODING_TIFF,
  ENCODING_WEBP,
} Encoding;

static const struct
{
  const char *suffix;
  Encoding encoding;
} encodings[] = {
  { "avif", ENCODING_AVIF }, { "heic", ENCODING_HEIC }, { "heif", ENCODING_HEIC }, { "hif", ENCODING_HEIC },
  { "jfif", ENCODING_JPEG }, { "jpe", ENCODING_JPEG },  { "jpeg", ENCODING_JPEG }, { "jpg", ENCODING_JPEG },
  { "png", ENCODING_PNG },   { "tif", ENCODING_TIFF },  { "tiff", ENCODING_TIFF }, { "webp", ENCODING_WEBP },
};

/* Pixels a side: of libjpeg, of WebP's 14 bits, and what libheif reads back; the others hold all that can be loaded. */
static const int largest_sides[] = {
  [ENCODING_AVIF] = 16384, [ENCODING_HEIC] = 16384, [ENCODING_JPEG] = 65500,
  [ENCODING_PNG] = G_MAXINT, [ENCODING_TIFF] = G_MAXINT, [ENCODING_WEBP] = 16383,
};

/* 16 bits become 12, the most that both codecs take. */
static int
encode_heif (VipsImage *image, int compression, int quality, gpointer *ret_data, gsize *ret_size)
{
  return vips_heifsave_buffer (image, ret_data, ret_size, "compression", compression, "Q", quality, "bitdepth",
                               image->BandFmt == VIPS_FORMAT_UCHAR ? 8 : 12, NULL);
}

/* The photo's own sampling of the colour where it came from a JPEG; libvips has 4:4:4 and 4:2:0. */
static int
encode_jpeg (VipsImage *image, const LacunaJpeg *source, int quality, gpointer *ret_data, gsize *ret_size)
{
  int subsample = VIPS_FOREIGN_SUBSAMPLE_AUTO;
  g_autoptr (VipsImage) rendered = NULL;

  if (source->quality != 0)
    subsample = source->across == 1 && source->down == 1 ? VIPS_FOREIGN_SUBSAMPLE_OFF : VIPS_FOREIGN_SUBSAMPLE_ON;
  if (vips_jpegsave_buffer (image, ret_data, ret_size, "Q", quality, "subsample_mode", subsample, "interlace",
                            source->progressive, NULL)
      != 0)
    return -1;
  if (subsample != VIPS_FOREIGN_SUBSAMPLE_ON || (source->across == 2 && source->down == 2) || image->Bands != 3)
    return 0;
  rendered = lacuna_vips_render (image, "The photo", NULL);
  if (rendered != NULL && lacuna_jpeg_resample (source, rendered, ret_data, ret_size))
    return 0;
  vips_error ("jpeg", "there is no memory for it");
  return -1;
}

/* LZW makes 8 bits as small as deflate does, in an eighth of the time, but 16 bits nearly twice as large. */
static int
encode_tiff (VipsImage *image, gpointer *ret_data, gsize *ret_size)
{
  VipsForeignTiffCompression compression = vips_image_get_format (image) == VIPS_FORMAT_UCHAR
                                               ? VIPS_FOREIGN_TIFF_COMPRESSION_LZW
                                               : VIPS_FOREIGN_TIFF_COMPRESSION_DEFLATE;
  g_autoptr (VipsImage) copy = NULL;

  if (vips_copy (image, &copy, NULL) != 0)
    return -1;
  lacuna_metadata_fit_tiff (copy);
  if (vips_tiffsave_buffer (copy, ret_data, ret_size, "compression", compression, "predictor",
                            VIPS_FOREIGN_TIFF_PREDICTOR_HORIZONTAL, NULL)
      != 0)
    return -1;
  return lacuna_exif_write_tiff (image, ret_data, ret_size);
}

static int
encode (VipsImage *image, Encoding encoding, int quality, const LacunaJpeg *source, gpointer *ret_data, gsize *ret_size)
{
  switch (encoding)
    {
    case ENCODING_AVIF:
      return encode_heif (image, VIPS_FOREIGN_HEIF_COMPRESSION_AV1, quality, ret_data, ret_size);
    case ENCODING_HEIC:
      return encode_heif (image, VIPS_FOREIGN_HEIF_COMPRESSION_HEVC, quality, ret_data, ret_size);
    case ENCODING_JPEG:
      return encode_jpeg (image, source, quality, ret_data, ret_size);
    case ENCODING_TIFF:
      return encode_tiff (image, ret_data, ret_size);
    case ENCODING_WEBP:
      return vips_webpsave_buffer (image, ret_data, ret_size, "Q", quality, NULL);
    case ENCODING_PNG:
      /* Level 5 takes half the time of 6, for one twentieth more bytes. */
      return vips_pngsave_buffer (image, ret_data, ret_size, "compression", 5, "filter", VIPS_FOREIGN_PNG_FILTER_ALL,
                                  NULL);
    }
  g_assert_not_reached ();
}

/* JPEG and WebP have 8 bits a sample; JPEG has no alpha, and shows white there. */
static int
fit (VipsImage *image, Encoding encoding, VipsImage **ret_image)
{
  g_autoptr (VipsImage) shallow = NULL;
  g_autoptr (VipsImage) typed = NULL;
  gboolean has_alpha = image->Bands % 2 == 0;

  if (image->BandFmt == VIPS_FORMAT_UCHAR || (encoding != ENCODING_JPEG && encoding != ENCODING_WEBP))
    typed = g_object_ref (image);
  else if (vips_linear1 (image, &shallow, 1.0 / 257.0, 0.5, "uchar", TRUE, NULL) != 0
           || vips_copy (shallow, &typed, "interpretation",
                         image->Bands < 3 ? VIPS_INTERPRETATION_B_W : VIPS_INTERPRETATION_sRGB, NULL)
                  != 0)
    return -1;
  if (encoding == ENCODING_JPEG && has_alpha)
    {
      VipsArrayDouble *white = vips_array_double_newv (1, 255.0);
      int status = vips_flatten (typed, ret_image, "background", white, NULL);

      vips_area_unref (VIPS_AREA (white));
      return status;
    }
  *ret_image = g_steal_pointer (&typed);
  return 0;
}

/* Whether the codec behind a HEIF container is there shows only when it is used. */
static gboolean
can_encode (Encoding encoding)
{
  g_autoptr (VipsImage) image = NULL;
  g_autofree gpointer data = NULL;
  LacunaJpeg none = { 0 };
  gsize size;
  gboolean can = vips_black (&image, 16, 16, "bands", 3, NULL) == 0
                 && encode (image, encoding, DEFAULT_QUALITY, &none, &data, &size) == 0;

  vips_error_clear ();
  return can;
}

static gpointer
find_suffixes (gpointer data)
{
  GPtrArray *suffixes = g_ptr_array_new ();

  if (lacuna_vips_init (NULL))
    for (guint i = 0; i < G_N_ELEMENTS (encodings); i++)
      if (can_encode (encodings[i].encoding))
        g_ptr_array_add (suffixes, (gpointer) encodings[i].suffix);
  g_ptr_array_add (suffixes, NULL);
  return g_ptr_array_free (suffixes, FALSE);
}

const char *const *
lacuna_photo_get_save_suffixes (void)
{
  static GOnce once = G_ONCE_INIT;

  return g_once (&once, find_suffixes, NULL);
}

static gboolean
find_encoding (const char *path, Encoding *ret_encoding, GError **error)
{
  const char *dot = strrchr (path, '.');
  g_autofree char *suffix = g_ascii_strdown (dot != NULL ? dot + 1 : "", -1);
  g_autofree char *known = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (encodings); i++)
    if (g_str_equal (suffix, encodings[i].suffix))
      {
        *ret_encoding = encodings[i].encoding;
        return TRUE;
      }
  known = g_strjoinv (", ", (char **) lacuna_photo_get_save_suffixes ());
  g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_UNFIT,
               "“%s” can't be saved because its suffix names no format that can be written here. Use one of %s.", path,
               known);
  return FALSE;
}

static gboolean
check_encoding (LacunaPhoto *self, const char *path, Encoding *ret_encoding, GError **error)
{
  int width = lacuna_photo_get_width (self), height = lacuna_photo_get_height (self);

  if (!find_encoding (path, ret_encoding, error))
    return FALSE;
  if (MAX (width, height) <= largest_sides[*ret_encoding])
    return TRUE;
  g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_UNFIT,
               "“%s” can't be saved: the photo has %d × %d pixels, and files of that format at most %d a side. Save it "
               "as PNG or TIFF.",
               path, width, height, largest_sides[*ret_encoding]);
  return FALSE;
}

gboolean
lacuna_photo_check_format (LacunaPhoto *self, const char *path, GError **error)
{
  Encoding encoding;

  return check_encoding (self, path, &encoding, error);
}

static LacunaPublishFlags
get_flags (const LacunaSaveOptions *options)
{
  return options != NULL && options->force ? LACUNA_PUBLISH_FORCE : LACUNA_PUBLISH_DEFAULT;
}

gboolean
lacuna_photo_check_save (LacunaPhoto *self, const char *path, const LacunaSaveOptions *options, GError **error)
{
  return lacuna_photo_check_format (self, path, error) && lacuna_publish_check (path, get_flags (options), error);
}

/* Encoders of HEIC and AVIF at times make files that nothing can read. */
static int
read_back (VipsImage *image, Encoding encoding, gpointer data, gsize size)
{
  g_autoptr (VipsImage) copy = NULL;
  double mean;

  if (encoding != ENCODING_AVIF && encoding != ENCODING_HEIC)
    return 0;
  copy = vips_image_new_from_buffer (data, size, "", "access", VIPS_ACCESS_SEQUENTIAL, "fail_on", VIPS_FAIL_ON_ERROR,
                                     NULL);
  if (copy == NULL)
    return -1;
  if (copy->Xsize == image->Xsize && copy->Ysize == image->Ysize && vips_avg (copy, &mean, NULL) == 0)
    return 0;
  vips_error ("heif", "what was written can't be read back");
  return -1;
}

/* In the format of name's suffix. */
static gboolean
encode_photo (LacunaPhoto *self, const char *name, const LacunaSaveOptions *options, gpointer *ret_data,
              gsize *ret_size, GError **error)
{
  g_autoptr (VipsImage) image = NULL;
  Encoding encoding;
  int quality = options != NULL ? options->quality : 0;
  gboolean keeps = quality == 0 && self->source != NULL;

  if (!check_encoding (self, name, &encoding, error))
    return FALSE;
  if (quality == 0)
    quality = encoding == ENCODING_JPEG && self->jpeg.quality != 0 ? self->jpeg.quality : DEFAULT_QUALITY;
  if (fit (self->image, encoding, &image) != 0
      || encode (image, encoding, quality, &self->jpeg, ret_data, ret_size) != 0
      || (encoding == ENCODING_JPEG && keeps && lacuna_jpeg_keep (self->source, image, ret_data, ret_size) != 0)
      || read_back (image, encoding, *ret_data, *ret_size) != 0)
    {
      g_autofree char *problem = lacuna_vips_take_error ();

      g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_FILE,
                   "“%s” can't be encoded: %s. Save it in another format, as PNG for example.", name, problem);
      return FALSE;
    }
  return TRUE;
}

gboolean
lacuna_photo_save (LacunaPhoto *self, const char *path, const LacunaSaveOptions *options, GError **error)
{
  g_autofree gpointer data = NULL;
  gsize size;

  return encode_photo (self, path, options, &data, &size, error) && lacuna_publish (path, data, size, get_flags (options), error);
}

GBytes *
lacuna_photo_save_bytes (LacunaPhoto *self, const char *suffix, const LacunaSaveOptions *options, GError **error)
{
  g_autofree char *name = g_strconcat ("photo.", suffix, NULL);
  g_autofree gpointer data = NULL;
  gsize size;

  if (!encode_photo (self, name, options, &data, &size, error))
    return NULL;
  return g_bytes_new_take (g_steal_pointer (&data), size);
}
