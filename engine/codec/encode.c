/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Turns a photo into the bytes of a file: the pixels by libvips or libjpeg, and then the metadata that these would not
 * write as they are. Blocks of a JPEG whose pixels did not change keep the source's coefficients (jpeg-keep.c), and a
 * HEIC or AVIF is returned only after it could be read back. It runs in lacuna-codec, on its main thread. */
#include "engine/codec/encode.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "engine/error.h"
#include "engine/codec/carrier.h"
#include "engine/codec/confine.h"
#include "engine/codec/exiv2.h"
#include "engine/codec/fills.h"
#include "engine/codec/heif.h"
#include "engine/codec/jpeg-keep.h"
#include "engine/codec/png.h"
#include "engine/codec/record.h"
#include "engine/codec/texts.h"
#include "engine/codec/webp.h"

#define DEFAULT_QUALITY 90

/* All that libvips is to write beside the pixels of a PNG: newer releases would make an EXIF block up. */
#if VIPS_MAJOR_VERSION > 8 || VIPS_MINOR_VERSION >= 15
#define KEEP_PROFILE "keep", VIPS_FOREIGN_KEEP_ICC
#else
#define KEEP_PROFILE NULL
#endif

/* What is to be encoded, and how. */
typedef struct {
  VipsImage *image;           /* with its profile alone */
  const LacunaRecord *record; /* of the photo */
  GExiv2Metadata *tags;       /* in the form that the format holds; NULL: none */
  LacunaEncoding encoding;
  int quality;
} Job;

/* The photo's own sampling of the colour where it came from a JPEG; libvips has 4:4:4 and 4:2:0. */
static int
encode_jpeg (const Job *job, gpointer *ret_data, gsize *ret_size)
{
  const LacunaJpeg *source = &job->record->jpeg;
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
  vips_error (LACUNA_VIPS_DOMAIN, "%s", _ ("there is no memory for it"));
  return -1;
}

static int
encode_webp (const Job *job, gpointer *ret_data, gsize *ret_size)
{
  gboolean lossless = job->record->is_lossless;

  if (!lossless || job->image->Bands != 4)
    return vips_webpsave_buffer (job->image, ret_data, ret_size, "Q", job->quality, "lossless", lossless, NULL);
  if (lacuna_webp_encode (job->image, job->quality, ret_data, ret_size))
    return 0;
  vips_error (LACUNA_VIPS_DOMAIN, "%s", _ ("there is no memory for it"));
  return -1;
}

/* LZW makes 8 bits as small as deflate does, in an eighth of the time, but 16 bits nearly twice as large. */
static int
encode_tiff (VipsImage *image, int n_pages, gpointer *ret_data, gsize *ret_size)
{
  VipsForeignTiffCompression compression = vips_image_get_format (image) == VIPS_FORMAT_UCHAR
                                               ? VIPS_FOREIGN_TIFF_COMPRESSION_LZW
                                               : VIPS_FOREIGN_TIFF_COMPRESSION_DEFLATE;

  return vips_tiffsave_buffer (image, ret_data, ret_size, "compression", compression, "predictor",
                               VIPS_FOREIGN_TIFF_PREDICTOR_HORIZONTAL, "page_height", image->Ysize / n_pages, NULL);
}

static int
encode (const Job *job, gpointer *ret_data, gsize *ret_size)
{
  switch (job->encoding)
    {
    case LACUNA_ENCODING_AVIF:
      return lacuna_heif_encode (job->image, job->tags, VIPS_FOREIGN_HEIF_COMPRESSION_AV1, job->quality, ret_data,
                                 ret_size);
    case LACUNA_ENCODING_HEIC:
      return lacuna_heif_encode (job->image, job->tags, VIPS_FOREIGN_HEIF_COMPRESSION_HEVC, job->quality, ret_data,
                                 ret_size);
    case LACUNA_ENCODING_JPEG:
      return encode_jpeg (job, ret_data, ret_size);
    case LACUNA_ENCODING_TIFF:
      return encode_tiff (job->image, 1, ret_data, ret_size);
    case LACUNA_ENCODING_TIFF_PAGES:
      return encode_tiff (job->image, 2, ret_data, ret_size);
    case LACUNA_ENCODING_WEBP:
      return encode_webp (job, ret_data, ret_size);
    case LACUNA_ENCODING_PNG:
      /* Level 5 takes half the time of 6, for one twentieth more bytes. */
      return vips_pngsave_buffer (job->image, ret_data, ret_size, "compression", 5, "filter",
                                  VIPS_FOREIGN_PNG_FILTER_ALL, KEEP_PROFILE, NULL);
    }
  g_assert_not_reached ();
}

/* Tags and texts as far as the format has a place for them, else in another. */
static GExiv2Metadata *
convert_tags (const LacunaRecord *record, LacunaEncoding encoding)
{
  gboolean has_iptc
      = encoding == LACUNA_ENCODING_JPEG || encoding == LACUNA_ENCODING_TIFF || encoding == LACUNA_ENCODING_TIFF_PAGES;
  g_autofree char *comment = NULL;
  g_autoptr (GPtrArray) texts = NULL;

  if (encoding == LACUNA_ENCODING_PNG)
    return lacuna_metadata_convert (record->metadata, has_iptc, NULL, NULL);
  texts = lacuna_texts_list (record->image, &comment);
  return lacuna_metadata_convert (record->metadata, has_iptc, texts, encoding == LACUNA_ENCODING_JPEG ? NULL : comment);
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

/* Adds the metadata that the encoders do not write, or not as they are. */
static int
add_metadata (const Job *job, gpointer *data, gsize *size)
{
  VipsImage *image = job->record->image;

  switch (job->encoding)
    {
    case LACUNA_ENCODING_AVIF:
    case LACUNA_ENCODING_HEIC:
      break;
    case LACUNA_ENCODING_PNG:
      lacuna_png_add (image, job->tags, data, size);
      break;
    case LACUNA_ENCODING_JPEG:
      if (lacuna_metadata_embed (job->tags, data, size) != 0)
        return -1;
      begin_jpeg (image, data, size);
      break;
    case LACUNA_ENCODING_TIFF:
    case LACUNA_ENCODING_TIFF_PAGES:
      return has_tags (job->tags) ? lacuna_metadata_embed (job->tags, data, size) : 0;
    case LACUNA_ENCODING_WEBP:
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
fit (VipsImage *image, LacunaEncoding encoding, VipsImage **ret_image)
{
  g_autoptr (VipsImage) shallow = NULL;
  g_autoptr (VipsImage) typed = NULL;
  g_autoptr (VipsImage) flat = NULL;
  VipsArrayDouble *white;
  int status = -1;

  if (image->BandFmt == VIPS_FORMAT_UCHAR || (encoding != LACUNA_ENCODING_JPEG && encoding != LACUNA_ENCODING_WEBP))
    typed = g_object_ref (image);
  else if (vips_linear1 (image, &shallow, 1.0 / 257.0, 0.5, "uchar", TRUE, NULL) != 0
           || vips_copy (shallow, &typed, "interpretation",
                         image->Bands < 3 ? VIPS_INTERPRETATION_B_W : VIPS_INTERPRETATION_sRGB, NULL)
                  != 0)
    return -1;
  if (encoding != LACUNA_ENCODING_JPEG || image->Bands % 2 != 0)
    return copy_with_profile (typed, ret_image);
  white = vips_array_double_newv (1, 255.0);
  if (vips_flatten (typed, &flat, "background", white, NULL) == 0)
    status = copy_with_profile (flat, ret_image);
  vips_area_unref (VIPS_AREA (white));
  return status;
}

gboolean
lacuna_encode_can (LacunaEncoding encoding)
{
  static const LacunaRecord none = { 0 };
  g_autoptr (VipsImage) black = NULL;
  g_autoptr (VipsImage) image = NULL;
  g_autofree gpointer data = NULL;
  gsize size;
  gboolean can = lacuna_vips_init (NULL) && vips_black (&black, 16, 16, "bands", 3, NULL) == 0
                 && vips_copy (black, &image, "interpretation", VIPS_INTERPRETATION_sRGB, NULL) == 0
                 && encode (&(Job){ image, &none, NULL, encoding, DEFAULT_QUALITY }, &data, &size) == 0;

  vips_error_clear ();
  return can;
}

/* Metadata of PNG, AVIF and HEIC are written without Exiv2, and so without opening a file. */
gboolean
lacuna_encode_can_tag (LacunaEncoding encoding)
{
  return lacuna_confine_may_open () || encoding == LACUNA_ENCODING_PNG || encoding == LACUNA_ENCODING_AVIF
         || encoding == LACUNA_ENCODING_HEIC;
}

/* Encoders of HEIC and AVIF at times make files that nothing can read. */
static int
read_back (VipsImage *image, LacunaEncoding encoding, gpointer data, gsize size)
{
  g_autoptr (VipsImage) copy = NULL;
  double mean;

  if (encoding != LACUNA_ENCODING_AVIF && encoding != LACUNA_ENCODING_HEIC)
    return 0;
  copy = vips_image_new_from_buffer (data, size, "", "access", VIPS_ACCESS_SEQUENTIAL, "fail_on", VIPS_FAIL_ON_ERROR,
                                     NULL);
  if (copy == NULL)
    return -1;
  if (copy->Xsize == image->Xsize && copy->Ysize == image->Ysize && vips_avg (copy, &mean, NULL) == 0)
    return 0;
  vips_error (LACUNA_VIPS_DOMAIN, "%s", _ ("what was written can't be read back"));
  return -1;
}

static int
make_file (Job *job, GBytes *source, gpointer *ret_data, gsize *ret_size)
{
  if (encode (job, ret_data, ret_size) != 0
      || (job->encoding == LACUNA_ENCODING_JPEG && source != NULL
          && lacuna_jpeg_keep (source, job->image, ret_data, ret_size) != 0)
      || add_metadata (job, ret_data, ret_size) != 0)
    return -1;
  return read_back (job->image, job->encoding, *ret_data, *ret_size);
}

/* Adds what was filled, where that is asked for, to the tags of the file. */
static gboolean
record_fills (GExiv2Metadata **tags, GVariant *fills, const char *name, GError **error)
{
  g_autoptr (GBytes) packet = NULL;

  if (fills == NULL || g_variant_n_children (fills) == 0)
    return TRUE;
  if (*tags == NULL)
    *tags = lacuna_metadata_unpack (NULL);
  lacuna_fills_add (*tags, fills);
  packet = lacuna_exiv2_make_xmp (*tags);
  if (packet != NULL && g_bytes_get_size (packet) <= LACUNA_EXIV2_MAX_XMP)
    return TRUE;
  g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_UNFIT,
               _ ("“%s” can't record what was filled, as there is no room for that in its XMP. Save it without the "
                  "record."),
               name);
  return FALSE;
}

GBytes *
lacuna_encode (LacunaPhoto *photo, LacunaEncoding encoding, const char *name, int quality, GVariant *fills,
               GError **error)
{
  g_autoptr (VipsImage) image = NULL;
  g_autoptr (GExiv2Metadata) tags = NULL;
  g_auto (LacunaRecord) record = { 0 };
  Job job = { .record = &record, .encoding = encoding, .quality = quality };
  g_autofree gpointer data = NULL;
  gsize size;

  if (!lacuna_vips_init (error))
    return NULL;
  lacuna_record_unpack (photo, &record);
  if (quality == 0)
    job.quality = encoding == LACUNA_ENCODING_JPEG && record.jpeg.quality != 0 ? record.jpeg.quality : DEFAULT_QUALITY;
  if (fit (record.image, encoding, &image) == 0)
    job.image = image;
  tags = convert_tags (&record, encoding);
  if (!record_fills (&tags, fills, name, error))
    return NULL;
  job.tags = tags;
  if (job.image == NULL || make_file (&job, quality == 0 ? photo->source : NULL, &data, &size) != 0)
    {
      g_autofree char *problem = lacuna_vips_take_error (_ ("the encoder gave up"));

      g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_FILE,
                   _ ("“%s” can't be encoded: %s. Save it in another format, as PNG for example."), name, problem);
      return NULL;
    }
  return g_bytes_new_take (g_steal_pointer (&data), size);
}
