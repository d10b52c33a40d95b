/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Turns a file's bytes into an upright photo. The header is checked (size, kind) before a pixel is decoded, and what
 * the photo does not keep of the file is told in its note. The pixels lie in shared memory, of which the photo holds a
 * reference, so that they reach the other process without a copy. It runs in lacuna-codec, on its main thread. Fuzzers
 * call it too. */
#include "engine/codec/decode.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <string.h>
#include <webp/decode.h>

#include "engine/codec/vips-image.h"
#include "engine/error.h"
#include "engine/codec/colour.h"
#include "engine/codec/heif.h"
#include "engine/codec/jpeg-keep.h"
#include "engine/codec/plain.h"
#include "engine/codec/png.h"
#include "engine/codec/record.h"

#define MIN_SIDE 16
/* A file of so many bytes of pixels, and so many for each of its own, holds no photo: it costs much and says
 * nothing. */
#define LARGE (G_GUINT64_CONSTANT (64) << 20)
#define MOST_PACKED 900

/* The header is read here, the pixels only when they are rendered. */
static VipsImage *
open_image (GBytes *file, const char *path, GError **error)
{
  VipsSource *source = vips_source_new_from_memory (g_bytes_get_data (file, NULL), g_bytes_get_size (file));
  g_autofree char *problem = NULL;
  VipsImage *image = NULL;
  gboolean is_boundless;

  is_boundless = g_strcmp0 (vips_foreign_find_load_source (source), "VipsForeignLoadHeifSource") == 0
                 && lacuna_heif_is_boundless (file);
  if (!is_boundless)
    image = vips_image_new_from_source (source, "", "access", VIPS_ACCESS_SEQUENTIAL, "fail_on", VIPS_FAIL_ON_ERROR,
                                        NULL);
  g_object_unref (source);
  problem = lacuna_vips_take_error (_ ("its data make no sense"));
  if (is_boundless)
    g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_UNFIT,
                 _ ("“%s” claims more pixels a side than any photo has. Use an intact copy."), path);
  else if (image == NULL)
    g_set_error (
        error, LACUNA_ERROR, LACUNA_ERROR_FORMAT,
        _ ("“%s” is damaged or of no kind that can be read here: %s. Use an intact JPEG, PNG, WebP, TIFF, HEIC or AVIF file."),
        path, problem);
  return image;
}

static gboolean
check_size (VipsImage *image, const char *path, GError **error)
{
  guint64 n_pixels = (guint64) image->Xsize * image->Ysize;

  if (MIN (image->Xsize, image->Ysize) < MIN_SIDE)
    g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_UNFIT,
                 _ ("“%s” has %d × %d pixels, which is too small to fill. Use one with at least %d on each side."),
                 path, image->Xsize, image->Ysize, MIN_SIDE);
  else if (n_pixels > LACUNA_PHOTO_MAX_PIXELS)
    g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_UNFIT,
                 _ ("“%s” has %d × %d pixels, which is too large. Make it smaller than %d megapixels."), path,
                 image->Xsize, image->Ysize, (int) (LACUNA_PHOTO_MAX_PIXELS / 1000000));
  else
    return TRUE;
  return FALSE;
}

gboolean
lacuna_decode_packing (GBytes *file, const char *path, GError **error)
{
  g_autoptr (VipsImage) image = NULL;
  guint64 n_bytes;
  gint64 size = g_bytes_get_size (file);

  if (!lacuna_vips_init (error) || (image = open_image (file, path, error)) == NULL)
    return FALSE;
  n_bytes = VIPS_IMAGE_SIZEOF_IMAGE (image);
  if (n_bytes < LARGE || n_bytes / size < MOST_PACKED)
    return TRUE;
  g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_UNFIT,
               _ ("“%s” claims %d × %d pixels in a file of %" PRId64 " bytes, which no photo fits into. Use the "
                  "photo itself, or make it smaller."),
               path, image->Xsize, image->Ysize, size);
  return FALSE;
}

gboolean
lacuna_decode_size (GBytes *file, const char *path, int width, int height, const char *what, GError **error)
{
  g_autoptr (VipsImage) image = NULL;
  gboolean turned;
  int own_width, own_height;

  if (!lacuna_vips_init (error) || (image = open_image (file, path, error)) == NULL)
    return FALSE;
  turned = vips_image_get_orientation_swap (image);
  own_width = turned ? image->Ysize : image->Xsize;
  own_height = turned ? image->Xsize : image->Ysize;
  /* A HEIF may be turned by its container or by its EXIF, so both ways round are accepted. */
  if ((own_width == width && own_height == height) || (turned && image->Xsize == width && image->Ysize == height))
    return TRUE;
  g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_UNFIT,
               _ ("The %s “%s” has %d×%d pixels and the photo %d×%d: make a %s of the photo's size."), what, path,
               own_width, own_height, width, height, what);
  return FALSE;
}

static gboolean
check_kind (VipsImage *image, const char *path, GError **error)
{
  switch (image->Type)
    {
    case VIPS_INTERPRETATION_MULTIBAND:
    case VIPS_INTERPRETATION_B_W:
    case VIPS_INTERPRETATION_GREY16:
    case VIPS_INTERPRETATION_RGB:
    case VIPS_INTERPRETATION_sRGB:
    case VIPS_INTERPRETATION_RGB16:
    case VIPS_INTERPRETATION_CMYK:
      if (image->Coding == VIPS_CODING_NONE && image->Bands <= 4
          && (image->BandFmt == VIPS_FORMAT_UCHAR || image->BandFmt == VIPS_FORMAT_USHORT))
        return TRUE;
      break;
    default:
      break;
    }
  g_set_error (
      error, LACUNA_ERROR, LACUNA_ERROR_UNFIT,
      _ ("“%s” has pixels of a kind that can't be filled (%s, %d channels, %s). Convert it to RGB or grey with "
         "8 or 16 bits a channel."),
      path, vips_enum_nick (VIPS_TYPE_INTERPRETATION, image->Type), image->Bands,
      vips_enum_nick (VIPS_TYPE_BAND_FORMAT, image->BandFmt));
  return FALSE;
}

static const char *
find_format (VipsImage *image)
{
  static const struct {
    const char *loader, *format;
  } formats[] = {
    { "jpegload", "jpeg" }, { "pngload", "png" },   { "webpload", "webp" },
    { "tiffload", "tiff" }, { "heifload", "heif" },
  };
  const char *loader, *compression;

  if (vips_image_get_typeof (image, "heif-compression") != 0
      && vips_image_get_string (image, "heif-compression", &compression) == 0 && g_str_equal (compression, "av1"))
    return "avif";
  if (vips_image_get_typeof (image, VIPS_META_LOADER) == 0
      || vips_image_get_string (image, VIPS_META_LOADER, &loader) != 0)
    return NULL;
  for (guint i = 0; i < G_N_ELEMENTS (formats); i++)
    if (g_str_has_prefix (loader, formats[i].loader))
      return formats[i].format;
  return NULL;
}

static VipsInterpretation
find_interpretation (VipsImage *image)
{
  if (image->BandFmt == VIPS_FORMAT_UCHAR)
    return image->Bands < 3 ? VIPS_INTERPRETATION_B_W : VIPS_INTERPRETATION_sRGB;
  return image->Bands < 3 ? VIPS_INTERPRETATION_GREY16 : VIPS_INTERPRETATION_RGB16;
}

static VipsImage *
decode (VipsImage *image, const char *path, GError **error)
{
  g_autoptr (VipsImage) rgb = NULL;

  if (image->Type == VIPS_INTERPRETATION_CMYK)
    rgb = lacuna_colour_from_cmyk (image);
  else
    vips_copy (image, &rgb, "interpretation", find_interpretation (image), NULL);
  if (rgb == NULL)
    {
      g_autofree char *reason = lacuna_vips_take_error (_ ("its profile makes no sense"));

      g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_FORMAT,
                   _ ("The CMYK colours of “%s” can't be converted: %s. Convert it to RGB."), path, reason);
      return NULL;
    }
  return lacuna_vips_render (rgb, path, error);
}

static VipsImage *
turn_upright (VipsImage *image, const char *path, GError **error)
{
  g_autoptr (VipsImage) upright = NULL;

  if (vips_image_get_orientation (image) == 1)
    {
      vips_autorot_remove_angle (image);
      return g_object_ref (image);
    }
  vips_autorot (image, &upright, NULL);
  return lacuna_vips_render (upright, path, error);
}

/* A photo is opened by parts, each of which may know of something to note. */
typedef struct {
  const char *path;   /* in messages */
  const char *format; /* or NULL */
  GBytes *file;
  VipsImage *image; /* just opened */
  LacunaJpeg jpeg;
  GByteArray *comment;
  GString *note;
  LacunaLeft left;
  gboolean has_resolution; /* by the format's own means */
  gboolean is_lossless;    /* a WebP */
} Opening;

static void
opening_clear (Opening *self)
{
  g_clear_object (&self->image);
  g_clear_pointer (&self->file, g_bytes_unref);
  g_byte_array_unref (self->comment);
  g_string_free (self->note, TRUE);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Opening, opening_clear)

static void
add_note (Opening *self, const char *sentence)
{
  g_string_append_printf (self->note, "%s%s", self->note->len > 0 ? " " : "", sentence);
}

static void
inspect_webp (Opening *self)
{
  WebPBitstreamFeatures features;

  self->is_lossless
      = WebPGetFeatures (g_bytes_get_data (self->file, NULL), g_bytes_get_size (self->file), &features) == VP8_STATUS_OK
        && features.format == 2;
}

/* A JPEG may lack its end, though its pixels are all there. */
static void
complete_jpeg (Opening *self)
{
  g_autoptr (GBytes) whole = lacuna_jpeg_complete (self->file);
  VipsImage *image = whole != NULL ? open_image (whole, self->path, NULL) : NULL;

  if (image == NULL)
    return;
  g_object_unref (self->image);
  self->image = image;
  g_bytes_unref (self->file);
  self->file = g_steal_pointer (&whole);
  add_note (self, _ ("The end of the file is missing, but all of its pixels are there."));
}

static void
inspect_jpeg (Opening *self)
{
  if (!lacuna_jpeg_read (self->file, &self->jpeg, self->comment))
    return;
  self->has_resolution = self->jpeg.has_density;
  if (self->jpeg.has_companion)
    self->left |= LACUNA_LEFT_COMPANION;
  if (self->jpeg.lacks_end)
    complete_jpeg (self);
}

static void
inspect_heif (Opening *self)
{
  self->left |= lacuna_heif_list_left (self->file);
  lacuna_metadata_take_heif (self->image);
}

static gboolean
is_heif (const Opening *self)
{
  return g_strcmp0 (self->format, "heif") == 0 || g_strcmp0 (self->format, "avif") == 0;
}

/* Reads what libvips leaves in the file. */
static void
inspect (Opening *self)
{
  self->format = find_format (self->image);
  if (is_heif (self))
    inspect_heif (self);
  else if (g_strcmp0 (self->format, "jpeg") == 0)
    inspect_jpeg (self);
  else if (g_strcmp0 (self->format, "webp") == 0)
    inspect_webp (self);
  else if (g_strcmp0 (self->format, "tiff") == 0)
    self->has_resolution = TRUE;
}

static void
set_comment (Opening *self, VipsImage *image)
{
  g_autofree char *raw = NULL, *text = NULL;

  if (self->comment->len == 0)
    return;
  /* Many programs write the zero that ends it in memory. */
  while (self->comment->len > 0 && self->comment->data[self->comment->len - 1] == '\0')
    g_byte_array_set_size (self->comment, self->comment->len - 1);
  raw = g_strndup ((const char *) self->comment->data, self->comment->len);
  text = lacuna_plain_to_utf8 (raw);
  if (strlen (raw) == self->comment->len && text != NULL && lacuna_plain_is_text (text, strlen (text)))
    vips_image_set_string (image, LACUNA_TEXT_FIELD "0-Comment", text);
  else
    self->left |= LACUNA_LEFT_OTHER;
}

static void
inspect_png (Opening *self, VipsImage *image)
{
  gboolean is_animated;

  lacuna_png_read (image, self->file, &is_animated, &self->has_resolution);
  if (is_animated)
    add_note (self, _ ("The file is animated; this is its first frame."));
}

static GVariant *
take_metadata (Opening *self, VipsImage *upright, int orientation)
{
  g_autoptr (GExiv2Metadata) tags = NULL;
  GVariant *record;

  if (g_strcmp0 (self->format, "png") == 0)
    inspect_png (self, upright);
  tags = lacuna_metadata_take (upright, self->file, self->format, orientation, &self->left);
  set_comment (self, upright);
  /* libvips makes up a resolution where the file has none; 1 is where none is written. */
  if (!self->has_resolution && !gexiv2_metadata_try_has_tag (tags, "Exif.Image.XResolution", NULL))
    upright->Xres = upright->Yres = 1.0;
  record = lacuna_record_pack (&(LacunaRecord){ upright, tags, self->jpeg, self->is_lossless }, &self->left);
  lacuna_metadata_describe_left (self->left, self->note);
  return record;
}

static LacunaPhoto *
make_photo (Opening *self, VipsImage *upright, int orientation)
{
  LacunaPhoto *photo = g_object_new (LACUNA_TYPE_PHOTO, NULL);

  photo->width = upright->Xsize;
  photo->height = upright->Ysize;
  photo->bands = upright->Bands;
  photo->depth = upright->BandFmt == VIPS_FORMAT_UCHAR ? 8 : 16;
  photo->shared = lacuna_vips_share (upright);
  photo->pixels = g_bytes_new_with_free_func (vips_image_get_data (upright), VIPS_IMAGE_SIZEOF_IMAGE (upright),
                                              g_object_unref, g_object_ref (upright));
  photo->record = take_metadata (self, upright, orientation);
  photo->note = self->note->len > 0 ? g_strdup (self->note->str) : NULL;
  photo->format = self->format;
  if (self->jpeg.quality != 0 && orientation == 1 && lacuna_jpeg_can_keep (self->file))
    photo->source = g_bytes_ref (self->file);
  photo->had_thumbnail = (self->left & LACUNA_LEFT_THUMBNAIL) != 0;
  photo->has_profile = !lacuna_colour_is_srgb (upright);
  return photo;
}

/* Notes what of the file's pixels the photo does not have as they are. */
static void
describe_image (Opening *self)
{
  int n_pages = vips_image_get_n_pages (self->image);

  if (n_pages > 1)
    g_string_append_printf (self->note, _ ("The file has %d pages or frames; this is the first."), n_pages);
  if (self->image->Type == VIPS_INTERPRETATION_CMYK)
    add_note (self, _ ("Its CMYK colours were converted to sRGB, and are saved as that."));
}

/* libvips turns pixels, and leaves what it knows of their density. */
static void
exchange_density (VipsImage *image)
{
  double across = image->Xres;

  image->Xres = image->Yres;
  image->Yres = across;
}

LacunaPhoto *
lacuna_decode (GBytes *file, const char *path, GError **error)
{
  g_auto (Opening) opening = { .path = path, .comment = g_byte_array_new (), .note = g_string_new (NULL) };
  g_autoptr (VipsImage) decoded = NULL;
  g_autoptr (VipsImage) upright = NULL;
  int orientation;

  if (!lacuna_vips_init (error))
    return NULL;
  opening.file = g_bytes_ref (file);
  opening.image = open_image (file, path, error);
  if (opening.image == NULL || !check_size (opening.image, path, error) || !check_kind (opening.image, path, error))
    return NULL;
  describe_image (&opening);
  inspect (&opening);
  decoded = decode (opening.image, path, error);
  if (decoded == NULL)
    return NULL;
  if (g_strcmp0 (opening.format, "png") == 0 && vips_image_get_typeof (decoded, VIPS_META_EXIF_NAME) == 0)
    vips_image_set_int (decoded, VIPS_META_ORIENTATION, lacuna_metadata_find_orientation (file));
  orientation = vips_image_get_orientation (decoded);
  /* A HEIF was turned by its decoder, as its container says; what its EXIF says besides is not to be done again. */
  if (is_heif (&opening))
    vips_autorot_remove_angle (decoded);
  upright = turn_upright (decoded, path, error);
  if (upright == NULL)
    return NULL;
  if (orientation > 4 && !is_heif (&opening))
    exchange_density (upright);
  return make_photo (&opening, upright, orientation);
}
