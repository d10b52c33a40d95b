#include "engine/photo/photo-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "engine/error.h"
#include "engine/photo/carrier.h"
#include "engine/photo/heif.h"
#include "engine/photo/jpeg-keep.h"
#include "engine/photo/png.h"
#include "engine/photo/texts.h"
#include "engine/publish.h"

#define DEFAULT_QUALITY 90

/* All that libvips is to write beside the pixels of a PNG: newer releases would make an EXIF block up. */
#if VIPS_MAJOR_VERSION > 8 || VIPS_MINOR_VERSION >= 15
#define KEEP_PROFILE "keep", VIPS_FOREIGN_KEEP_ICC
#else
#define KEEP_PROFILE NULL
#endif

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

/* What is to be encoded, and how. */
typedef struct
{
  VipsImage *image; /* with its profile alone */
  LacunaPhoto *photo;    /* NULL: none, this is a trial */
  GExiv2Metadata *tags; /* in the form that the format holds; NULL: none */
  Encoding encoding;
  int quality;
} Job;

/* The photo's own sampling of the colour where it came from a JPEG; libvips has 4:4:4 and 4:2:0. */
static int
encode_jpeg (const Job *job, gpointer *ret_data, gsize *ret_size)
{
  static const LacunaJpeg none = { 0 };
  const LacunaJpeg *source = job->photo != NULL ? &job->photo->jpeg : &none;
  int subsample = VIPS_FOREIGN_SUBSAMPLE_AUTO;
  g_autoptr (VipsImage) rendered = NULL;

  if (source->quality != 0)
    subsample = source->across == 1 && source->down == 1 ? VIPS_FOREIGN_SUBSAMPLE_OFF : VIPS_FOREIGN_SUBSAMPLE_ON;
  if (vips_jpegsave_buffer (job->image, ret_data, ret_size, "Q", job->quality, "subsample_mode", subsample, "interlace",
                            source->progressive, NULL)
      != 0)
    return -1;
  if (subsample != VIPS_FOREIGN_SUBSAMPLE_ON || (source->across == 2 && source->down == 2) || job->image->Bands != 3)
    return 0;
  rendered = lacuna_vips_render (job->image, "The photo", NULL);
  if (rendered != NULL && lacuna_jpeg_resample (source, rendered, ret_data, ret_size))
    return 0;
  vips_error ("jpeg", "%s", _ ("there is no memory for it"));
  return -1;
}

/* LZW makes 8 bits as small as deflate does, in an eighth of the time, but 16 bits nearly twice as large. */
static int
encode_tiff (VipsImage *image, gpointer *ret_data, gsize *ret_size)
{
  VipsForeignTiffCompression compression = vips_image_get_format (image) == VIPS_FORMAT_UCHAR
                                               ? VIPS_FOREIGN_TIFF_COMPRESSION_LZW
                                               : VIPS_FOREIGN_TIFF_COMPRESSION_DEFLATE;

  return vips_tiffsave_buffer (image, ret_data, ret_size, "compression", compression, "predictor",
                               VIPS_FOREIGN_TIFF_PREDICTOR_HORIZONTAL, NULL);
}

static int
encode (const Job *job, gpointer *ret_data, gsize *ret_size)
{
  switch (job->encoding)
    {
    case ENCODING_AVIF:
      return lacuna_heif_encode (job->image, job->tags, VIPS_FOREIGN_HEIF_COMPRESSION_AV1, job->quality, ret_data,
                                 ret_size);
    case ENCODING_HEIC:
      return lacuna_heif_encode (job->image, job->tags, VIPS_FOREIGN_HEIF_COMPRESSION_HEVC, job->quality, ret_data,
                                 ret_size);
    case ENCODING_JPEG:
      return encode_jpeg (job, ret_data, ret_size);
    case ENCODING_TIFF:
      return encode_tiff (job->image, ret_data, ret_size);
    case ENCODING_WEBP:
      return vips_webpsave_buffer (job->image, ret_data, ret_size, "Q", job->quality, "lossless",
                                   job->photo != NULL && job->photo->is_lossless, NULL);
    case ENCODING_PNG:
      /* Level 5 takes half the time of 6, for one twentieth more bytes. */
      return vips_pngsave_buffer (job->image, ret_data, ret_size, "compression", 5, "filter",
                                  VIPS_FOREIGN_PNG_FILTER_ALL, KEEP_PROFILE, NULL);
    }
  g_assert_not_reached ();
}

/* Tags and texts as far as the format has a place for them, else in another. */
static GExiv2Metadata *
convert_tags (LacunaPhoto *photo, Encoding encoding)
{
  gboolean has_iptc = encoding == ENCODING_JPEG || encoding == ENCODING_TIFF;
  g_autofree char *comment = NULL;
  g_autoptr (GPtrArray) texts = NULL;

  if (encoding == ENCODING_PNG)
    return lacuna_metadata_convert (photo->metadata, has_iptc, NULL, NULL);
  texts = lacuna_texts_list (photo->image, &comment);
  return lacuna_metadata_convert (photo->metadata, has_iptc, texts, encoding == ENCODING_JPEG ? NULL : comment);
}

static void
begin_jpeg (VipsImage *image, gpointer *data, gsize *size)
{
  g_autofree char *comment = NULL;

  g_ptr_array_unref (lacuna_texts_list (image, &comment));
  lacuna_jpeg_begin (image->Xres, image->Yres, comment, data, size);
}

static gboolean
has_tags (GExiv2Metadata *tags)
{
  return tags != NULL
         && (gexiv2_metadata_has_exif (tags) || gexiv2_metadata_has_iptc (tags) || gexiv2_metadata_has_xmp (tags));
}

/* What the encoders do not write, or not as it is. */
static int
add_metadata (const Job *job, gpointer *data, gsize *size)
{
  VipsImage *image = job->photo->image;

  switch (job->encoding)
    {
    case ENCODING_AVIF:
    case ENCODING_HEIC:
      break;
    case ENCODING_PNG:
      lacuna_png_add (image, job->tags, data, size);
      break;
    case ENCODING_JPEG:
      if (lacuna_metadata_embed (job->tags, data, size) != 0)
        return -1;
      begin_jpeg (image, data, size);
      break;
    case ENCODING_TIFF:
      return has_tags (job->tags) ? lacuna_metadata_embed (job->tags, data, size) : 0;
    case ENCODING_WEBP:
      return lacuna_metadata_embed (job->tags, data, size);
    }
  return 0;
}

static gpointer
list_field (VipsImage *image, const char *name, GValue *value, gpointer names)
{
  if (!g_str_equal (name, VIPS_META_ICC_NAME))
    g_ptr_array_add (names, g_strdup (name));
  return NULL;
}

static int
copy_with_profile (VipsImage *image, VipsImage **ret_image)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);

  if (vips_copy (image, ret_image, NULL) != 0)
    return -1;
  vips_image_map (*ret_image, list_field, names);
  for (guint i = 0; i < names->len; i++)
    vips_image_remove (*ret_image, names->pdata[i]);
  return 0;
}

/* JPEG and WebP have 8 bits a sample; JPEG has no alpha, and shows white there. */
static int
fit (VipsImage *image, Encoding encoding, VipsImage **ret_image)
{
  g_autoptr (VipsImage) shallow = NULL;
  g_autoptr (VipsImage) typed = NULL;
  g_autoptr (VipsImage) flat = NULL;
  VipsArrayDouble *white;
  int status = -1;

  if (image->BandFmt == VIPS_FORMAT_UCHAR || (encoding != ENCODING_JPEG && encoding != ENCODING_WEBP))
    typed = g_object_ref (image);
  else if (vips_linear1 (image, &shallow, 1.0 / 257.0, 0.5, "uchar", TRUE, NULL) != 0
           || vips_copy (shallow, &typed, "interpretation",
                         image->Bands < 3 ? VIPS_INTERPRETATION_B_W : VIPS_INTERPRETATION_sRGB, NULL)
                  != 0)
    return -1;
  if (encoding != ENCODING_JPEG || image->Bands % 2 != 0)
    return copy_with_profile (typed, ret_image);
  white = vips_array_double_newv (1, 255.0);
  if (vips_flatten (typed, &flat, "background", white, NULL) == 0)
    status = copy_with_profile (flat, ret_image);
  vips_area_unref (VIPS_AREA (white));
  return status;
}

/* Whether the codec behind a HEIF container is there shows only when it is used. */
static gboolean
can_encode (Encoding encoding)
{
  g_autoptr (VipsImage) black = NULL;
  g_autoptr (VipsImage) image = NULL;
  g_autofree gpointer data = NULL;
  gsize size;
  gboolean can = vips_black (&black, 16, 16, "bands", 3, NULL) == 0
                 && vips_copy (black, &image, "interpretation", VIPS_INTERPRETATION_sRGB, NULL) == 0
                 && encode (&(Job){ image, NULL, NULL, encoding, DEFAULT_QUALITY }, &data, &size) == 0;

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
               _ ("“%s” can't be saved because its suffix names no format that can be written here. Use one of %s."),
               path, known);
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
  g_set_error (
      error, LACUNA_ERROR, LACUNA_ERROR_UNFIT,
      _ ("“%s” can't be saved: the photo has %d × %d pixels, and files of that format at most %d a side. Save it "
         "as PNG or TIFF."),
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
  vips_error ("heif", "%s", _ ("what was written can't be read back"));
  return -1;
}

static int
make_file (Job *job, gboolean keeps, gpointer *ret_data, gsize *ret_size)
{
  GBytes *source = job->photo->source;

  if (encode (job, ret_data, ret_size) != 0
      || (job->encoding == ENCODING_JPEG && keeps && source != NULL
          && lacuna_jpeg_keep (source, job->image, ret_data, ret_size) != 0)
      || add_metadata (job, ret_data, ret_size) != 0)
    return -1;
  return read_back (job->image, job->encoding, *ret_data, *ret_size);
}

/* In the format of name's suffix. */
static gboolean
encode_photo (LacunaPhoto *self, const char *name, const LacunaSaveOptions *options, gpointer *ret_data,
              gsize *ret_size, GError **error)
{
  g_autoptr (VipsImage) image = NULL;
  g_autoptr (GExiv2Metadata) tags = NULL;
  Job job = { .photo = self, .quality = options != NULL ? options->quality : 0 };
  gboolean keeps = job.quality == 0;

  if (!check_encoding (self, name, &job.encoding, error))
    return FALSE;
  if (keeps)
    job.quality = job.encoding == ENCODING_JPEG && self->jpeg.quality != 0 ? self->jpeg.quality : DEFAULT_QUALITY;
  if (fit (self->image, job.encoding, &image) == 0)
    job.image = image;
  job.tags = tags = convert_tags (self, job.encoding);
  if (job.image == NULL || make_file (&job, keeps, ret_data, ret_size) != 0)
    {
      g_autofree char *problem = lacuna_vips_take_error ();

      g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_FILE,
                   _ ("“%s” can't be encoded: %s. Save it in another format, as PNG for example."), name, problem);
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
