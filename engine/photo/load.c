#include "engine/photo/photo-private.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>
#include <webp/decode.h>

#include "engine/error.h"
#include "engine/photo/carrier.h"
#include "engine/photo/colour.h"
#include "engine/photo/heif.h"
#include "engine/photo/jpeg-keep.h"
#include "engine/photo/plain.h"
#include "engine/photo/png.h"

#define MIN_SIDE 16
#define MAX_PIXELS G_GUINT64_CONSTANT (300000000)
/* A file of so many bytes of pixels, and so many for each of its own, holds no photo: it costs much and says nothing. */
#define LARGE (G_GUINT64_CONSTANT (64) << 20)
#define MOST_PACKED 900

static VipsSource *
open_source (const char *path, GError **error)
{
  struct stat status;
  VipsSource *source = NULL;
  int fd = g_open (path, O_RDONLY | O_CLOEXEC | O_NONBLOCK, 0);

  if (fd < 0 || fstat (fd, &status) != 0)
    g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_FILE,
                 _ ("“%s” can't be opened: %s. Check its name and that you may read it."), path, g_strerror (errno));
  else if (S_ISDIR (status.st_mode))
    g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_FILE, _ ("“%s” is a folder. Name an image file in it."), path);
  else if (!S_ISREG (status.st_mode))
    g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_FILE, _ ("“%s” is a device or a pipe. Save it as a file first."),
                 path);
  else if (status.st_size == 0)
    g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_FORMAT, _ ("“%s” is empty. Use an intact copy."), path);
  else
    source = vips_source_new_from_descriptor (fd);
  if (fd >= 0)
    close (fd);
  return source;
}

/* The file is not copied. */
static VipsSource *
open_bytes (GBytes *file, const char *name, GError **error)
{
  gsize size;
  gconstpointer data = g_bytes_get_data (file, &size);

  if (size > 0)
    return vips_source_new_from_memory (data, size);
  g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_FORMAT, _ ("“%s” is empty. Use an intact copy."), name);
  return NULL;
}

/* The header is read here, the pixels only when they are rendered. */
static VipsImage *
open_image (const char *path, GBytes *file, GError **error)
{
  VipsSource *source = file != NULL ? open_bytes (file, path, error) : open_source (path, error);
  g_autofree char *problem = NULL;
  VipsImage *image = NULL;
  gboolean is_boundless;

  if (source == NULL)
    return NULL;
  is_boundless = g_strcmp0 (vips_foreign_find_load_source (source), "VipsForeignLoadHeifSource") == 0
                 && lacuna_heif_is_boundless (path, file);
  if (!is_boundless)
    image = vips_image_new_from_source (source, "", "access", VIPS_ACCESS_SEQUENTIAL, "fail_on", VIPS_FAIL_ON_ERROR,
                                        NULL);
  g_object_unref (source);
  problem = lacuna_vips_take_error ();
  if (is_boundless)
    g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_UNFIT,
                 _ ("“%s” claims more pixels a side than any photo has. Use an intact copy."), path);
  else if (image == NULL)
    g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_FORMAT,
                 _ ("“%s” is damaged or not an image that can be read here: %s. Use an intact JPEG, PNG, WebP, TIFF, "
                    "HEIC or AVIF file."),
                 path, problem);
  return image;
}

/* Debian's libvips reads no raw files; most are TIFFs too, of which it would show a small preview. */
static gboolean
check_developed (const char *path, GError **error)
{
  static const char *const raw_suffixes[]
    = { "3fr", "arw", "cr2", "cr3", "crw", "dng", "erf", "iiq", "kdc", "mrw", "nef", "nrw",
        "orf", "pef", "raf", "rw2", "rwl", "sr2", "srw", "x3f", NULL };
  const char *dot = strrchr (path, '.');
  g_autofree char *suffix = g_ascii_strdown (dot != NULL ? dot + 1 : "", -1);

  if (!g_strv_contains (raw_suffixes, suffix))
    return TRUE;
  g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_UNFIT,
               _ ("“%s” is a camera's raw file, which can't be read here. Develop it with a program for raw files, and "
                  "save it as a TIFF of 16 bits."),
               path);
  return FALSE;
}

static gboolean
check_size (VipsImage *image, const char *path, GError **error)
{
  guint64 n_pixels = (guint64) image->Xsize * image->Ysize;

  if (MIN (image->Xsize, image->Ysize) < MIN_SIDE)
    g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_UNFIT,
                 _ ("“%s” has %d × %d pixels, which is too small to fill. Use one with at least %d on each side."),
                 path, image->Xsize, image->Ysize, MIN_SIDE);
  else if (n_pixels > MAX_PIXELS)
    g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_UNFIT,
                 _ ("“%s” has %d × %d pixels, which is too large. Make it smaller than %d megapixels."), path,
                 image->Xsize, image->Ysize, (int) (MAX_PIXELS / 1000000));
  else
    return TRUE;
  return FALSE;
}

gboolean
lacuna_photo_check_packing (const char *path, GBytes *file, GError **error)
{
  g_autoptr (VipsImage) image = NULL;
  guint64 n_bytes;
  GStatBuf status = { 0 };
  gint64 size;

  if (!lacuna_vips_init (error) || (image = open_image (path, file, error)) == NULL)
    return FALSE;
  n_bytes = VIPS_IMAGE_SIZEOF_IMAGE (image);
  if (file != NULL)
    size = g_bytes_get_size (file);
  else
    size = g_stat (path, &status) == 0 ? status.st_size : 0;
  if (n_bytes < LARGE || size == 0 || n_bytes / size < MOST_PACKED)
    return TRUE;
  g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_UNFIT,
               _ ("“%s” claims %d × %d pixels in a file of %" PRId64 " bytes, which no photo fits into. Use the "
                  "photo itself, or make it smaller."),
               path, image->Xsize, image->Ysize, size);
  return FALSE;
}

gboolean
lacuna_photo_check_size (const char *path, GBytes *file, int width, int height, const char *what, GError **error)
{
  g_autoptr (VipsImage) image = NULL;
  gboolean turned;
  int own_width, own_height;

  if (!lacuna_vips_init (error) || (image = open_image (path, file, error)) == NULL)
    return FALSE;
  turned = vips_image_get_orientation_swap (image);
  own_width = turned ? image->Ysize : image->Xsize;
  own_height = turned ? image->Xsize : image->Ysize;
  /* Of a HEIF it is not known which of both turns it. */
  if ((own_width == width && own_height == height)
      || (turned && image->Xsize == width && image->Ysize == height))
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
  static const struct
  {
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

static void
on_cancelled (GCancellable *cancellable, VipsImage *image)
{
  vips_image_set_kill (image, TRUE);
}

static VipsImage *
decode (VipsImage *image, const char *path, GCancellable *cancellable, GError **error)
{
  g_autoptr (VipsImage) rgb = NULL;
  g_autoptr (VipsImage) typed = NULL;
  g_autoptr (VipsImage) decoded = NULL;
  g_autoptr (GError) problem = NULL;
  gulong handler;

  if (image->Type == VIPS_INTERPRETATION_CMYK)
    rgb = lacuna_colour_from_cmyk (image);
  else
    vips_copy (image, &rgb, "interpretation", find_interpretation (image), NULL);
  if (rgb == NULL || vips_copy (rgb, &typed, NULL) != 0)
    {
      g_autofree char *reason = lacuna_vips_take_error ();

      g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_FORMAT,
                   _ ("The CMYK colours of “%s” can't be converted: %s. Convert it to RGB."), path, reason);
      return NULL;
    }
  handler = cancellable == NULL
                ? 0
                : g_cancellable_connect (cancellable, G_CALLBACK (on_cancelled), g_object_ref (typed), g_object_unref);
  decoded = lacuna_vips_render (typed, path, &problem);
  g_cancellable_disconnect (cancellable, handler);
  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return NULL;
  if (decoded == NULL)
    g_propagate_error (error, g_steal_pointer (&problem));
  return g_steal_pointer (&decoded);
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
typedef struct
{
  const char *path;   /* of the file, or its name in messages */
  const char *format; /* or NULL */
  GBytes *file;       /* its content, as given or read; NULL: it is to be read from path */
  VipsImage *image;   /* just opened */
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

/* Of a format that is known from its whole content alone. */
static gboolean
read_content (Opening *self)
{
  char *content;
  gsize size;

  if (self->file == NULL && g_file_get_contents (self->path, &content, &size, NULL))
    self->file = g_bytes_new_take (content, size);
  return self->file != NULL;
}

static void
inspect_webp (Opening *self)
{
  WebPBitstreamFeatures features;

  self->is_lossless = read_content (self)
                      && WebPGetFeatures (g_bytes_get_data (self->file, NULL), g_bytes_get_size (self->file), &features)
                             == VP8_STATUS_OK
                      && features.format == 2;
}

/* A JPEG may lack its end, though its pixels are all there. */
static void
complete_jpeg (Opening *self)
{
  g_autoptr (GBytes) whole = lacuna_jpeg_complete (self->file);
  VipsImage *image = whole != NULL ? open_image (self->path, whole, NULL) : NULL;

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
  if (!read_content (self) || !lacuna_jpeg_read (self->file, &self->jpeg, self->comment))
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
  self->left |= lacuna_heif_list_left (self->path, self->file);
  lacuna_metadata_take_heif (self->image);
}

static gboolean
is_heif (const Opening *self)
{
  return g_strcmp0 (self->format, "heif") == 0 || g_strcmp0 (self->format, "avif") == 0;
}

/* What libvips leaves in the file. */
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

  lacuna_png_read (image, self->path, self->file, &is_animated, &self->has_resolution);
  if (is_animated)
    add_note (self, _ ("The file is animated; this is its first picture."));
}

static GExiv2Metadata *
take_metadata (Opening *self, VipsImage *upright, gboolean turned)
{
  GExiv2Metadata *tags;

  if (g_strcmp0 (self->format, "png") == 0)
    inspect_png (self, upright);
  tags = lacuna_metadata_take (upright, self->path, self->file, self->format, turned, &self->left);
  set_comment (self, upright);
  lacuna_metadata_describe_left (self->left, self->note);
  /* libvips makes up a resolution where the file has none; 1 is where none is written. */
  if (!self->has_resolution && !gexiv2_metadata_try_has_tag (tags, "Exif.Image.XResolution", NULL))
    upright->Xres = upright->Yres = 1.0;
  return tags;
}

static LacunaPhoto *
make_photo (Opening *self, VipsImage *upright, gboolean turned)
{
  LacunaPhoto *photo = g_object_new (LACUNA_TYPE_PHOTO, NULL);

  photo->metadata = take_metadata (self, upright, turned);
  photo->image = g_object_ref (upright);
  photo->note = self->note->len > 0 ? g_strdup (self->note->str) : NULL;
  photo->format = self->format;
  photo->jpeg = self->jpeg;
  if (self->jpeg.quality != 0 && !turned && lacuna_jpeg_can_keep (self->file))
    photo->source = g_bytes_ref (self->file);
  photo->is_lossless = self->is_lossless;
  photo->had_thumbnail = (self->left & LACUNA_LEFT_THUMBNAIL) != 0;
  photo->has_profile = !lacuna_colour_is_srgb (upright);
  return photo;
}

/* What of the file's pixels is not in the photo. */
static void
describe_image (Opening *self)
{
  int n_pages = vips_image_get_n_pages (self->image);

  if (n_pages > 1)
    g_string_append_printf (self->note, _ ("The file has %d pages or frames; this is the first."), n_pages);
  if (self->image->Type == VIPS_INTERPRETATION_CMYK)
    add_note (self, _ ("Its CMYK colours were converted to sRGB, and are saved as that."));
}

static LacunaPhoto *
load (const char *path, GBytes *file, GCancellable *cancellable, GError **error)
{
  g_auto (Opening) opening = { .path = path, .comment = g_byte_array_new (), .note = g_string_new (NULL) };
  g_autoptr (VipsImage) decoded = NULL;
  g_autoptr (VipsImage) upright = NULL;
  gboolean turned;

  if (!lacuna_vips_init (error) || !check_developed (path, error)
      || g_cancellable_set_error_if_cancelled (cancellable, error))
    return NULL;
  opening.file = file != NULL ? g_bytes_ref (file) : NULL;
  opening.image = open_image (path, file, error);
  if (opening.image == NULL || !check_size (opening.image, path, error) || !check_kind (opening.image, path, error))
    return NULL;
  describe_image (&opening);
  inspect (&opening);
  decoded = decode (opening.image, path, cancellable, error);
  if (decoded == NULL)
    return NULL;
  turned = vips_image_get_orientation (decoded) != 1;
  /* A HEIF was turned by its decoder, as its container says; what its EXIF says besides is not to be done again. */
  if (is_heif (&opening))
    vips_autorot_remove_angle (decoded);
  upright = turn_upright (decoded, path, error);
  return upright != NULL ? make_photo (&opening, upright, turned) : NULL;
}

LacunaPhoto *
lacuna_photo_load (const char *path, GCancellable *cancellable, GError **error)
{
  LacunaPhoto *self = load (path, NULL, cancellable, error);

  if (self != NULL)
    self->path = g_strdup (path);
  return self;
}

LacunaPhoto *
lacuna_photo_load_bytes (GBytes *file, const char *name, GCancellable *cancellable, GError **error)
{
  return load (name, file, cancellable, error);
}
