#include "engine/photo/exif.h"

#include <gio/gunixoutputstream.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/mman.h>

#include "engine/photo/gexiv2.h"
#include "engine/photo/photo-private.h"

#define HEADER "Exif\0" /* and a second zero: before the block in a JPEG, and as libvips has it of all but PNG */
#define IPTC_RESOURCE "8BIM\4\4\0\0" /* its signature, number and empty name */
#define IPTC_MARK 0x1c
#define MAX_SEGMENT 0xffff

/* Exiv2's parser of XMP serves one thread at a time. */
static GMutex lock;

static gpointer
start (gpointer data)
{
  gexiv2_log_set_level (GEXIV2_LOG_LEVEL_MUTE);
  return GINT_TO_POINTER (gexiv2_initialize ());
}

static gboolean
init (void)
{
  static GOnce once = G_ONCE_INIT;

  return g_once (&once, start, NULL) != NULL;
}

/* The tags of the image itself, without what describes how its pixels are stored. */
static gboolean
is_about_photo (const char *tag)
{
  static const char *const image_tags[] = {
    "Artist",      "Copyright", "DateTime",  "DocumentName",  "HostComputer", "ImageDescription", "Make",
    "Model",       "Rating",    "Software",  "RatingPercent", "XPAuthor",     "XPComment",        "XPKeywords",
    "XPSubject",   "XPTitle",   NULL,
  };

  if (g_str_has_prefix (tag, "Exif.Image."))
    return g_strv_contains (image_tags, tag + strlen ("Exif.Image."));
  return g_str_has_prefix (tag, "Exif.Photo.") || g_str_has_prefix (tag, "Exif.GPSInfo.")
         || g_str_has_prefix (tag, "Exif.Iop.");
}

/* The block as the header of a JPEG of one grey pixel, which libvips reads. */
static GByteArray *
make_carrier (const guint8 *block, gsize size)
{
  g_autoptr (VipsImage) pixel = NULL;
  g_autofree guint8 *jpeg = NULL;
  gsize jpeg_size, length = 2 + sizeof HEADER + size;
  guint8 marker[] = { 0xff, 0xe1, length >> 8, length & 0xff };
  GByteArray *carrier;

  if (length > MAX_SEGMENT || vips_black (&pixel, 1, 1, NULL) != 0
      || vips_jpegsave_buffer (pixel, (void **) &jpeg, &jpeg_size, "strip", TRUE, NULL) != 0)
    return NULL;
  carrier = g_byte_array_new ();
  g_byte_array_append (carrier, jpeg, 2);
  g_byte_array_append (carrier, marker, sizeof marker);
  g_byte_array_append (carrier, (const guint8 *) HEADER, sizeof HEADER);
  g_byte_array_append (carrier, block, size);
  g_byte_array_append (carrier, jpeg + 2, jpeg_size - 2);
  return carrier;
}

static gpointer
copy_field (VipsImage *carrier, const char *name, GValue *value, gpointer image)
{
  if (g_str_has_prefix (name, "exif-"))
    vips_image_set (image, name, value);
  return NULL;
}

/* Bytes that Exiv2 took for numbers of 32 bits, in their own order: every record begins with the mark. */
static void
restore_order (guint8 *iptc, gsize size)
{
  if (size < 4 || iptc[0] == IPTC_MARK || iptc[3] != IPTC_MARK)
    return;
  for (gsize i = 0; i + 4 <= size; i += 4)
    {
      guint32 word;

      memcpy (&word, iptc + i, 4);
      word = GUINT32_SWAP_LE_BE (word);
      memcpy (iptc + i, &word, 4);
    }
}

/* IPTC data that lie in a tag of their own, as libvips has what lies in Photoshop's. */
static void
read_iptc (VipsImage *image, GExiv2Metadata *tiff)
{
  g_autoptr (GBytes) iptc = gexiv2_metadata_try_get_tag_raw (tiff, "Exif.Image.IPTCNAA", NULL);
  g_autoptr (GByteArray) resource = g_byte_array_new ();
  guint32 length = iptc != NULL ? GUINT32_TO_BE (g_bytes_get_size (iptc)) : 0;

  if (length == 0 || vips_image_get_typeof (image, VIPS_META_PHOTOSHOP_NAME) != 0)
    return;
  g_byte_array_append (resource, (const guint8 *) IPTC_RESOURCE, sizeof IPTC_RESOURCE - 1);
  g_byte_array_append (resource, (const guint8 *) &length, sizeof length);
  g_byte_array_append (resource, g_bytes_get_data (iptc, NULL), g_bytes_get_size (iptc));
  restore_order (resource->data + resource->len - g_bytes_get_size (iptc), g_bytes_get_size (iptc));
  if (resource->len % 2 != 0)
    g_byte_array_append (resource, (const guint8 *) "", 1);
  vips_image_set_blob_copy (image, VIPS_META_PHOTOSHOP_NAME, resource->data, resource->len);
}

/* A TIFF's own tags, its profile and XMP among them, are no part of the block. */
static void
clear_image_tags (GExiv2Metadata *tiff)
{
  g_auto (GStrv) tags = gexiv2_metadata_get_exif_tags (tiff);

  for (guint i = 0; tags[i] != NULL; i++)
    if (g_str_has_prefix (tags[i], "Exif.Image.") && !is_about_photo (tags[i]))
      gexiv2_metadata_try_clear_tag (tiff, tags[i], NULL);
}

/* Of the TIFF at path, or else of that in bytes. */
static GBytes *
read_block (VipsImage *image, const char *path, GBytes *file)
{
  g_autoptr (GExiv2Metadata) tiff = gexiv2_metadata_new ();
  G_GNUC_UNUSED g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&lock);
  gboolean is_open = path != NULL ? gexiv2_metadata_open_path (tiff, path, NULL)
                                  : gexiv2_metadata_open_buf (tiff, g_bytes_get_data (file, NULL),
                                                              g_bytes_get_size (file), NULL);

  if (!is_open || !gexiv2_metadata_has_exif (tiff))
    return NULL;
  read_iptc (image, tiff);
  clear_image_tags (tiff);
  gexiv2_metadata_try_erase_exif_thumbnail (tiff, NULL);
  return gexiv2_metadata_get_exif_data (tiff, GEXIV2_BYTE_ORDER_LITTLE, NULL);
}

static void
read_tiff (VipsImage *image, const char *path, GBytes *file)
{
  g_autoptr (GBytes) block = init () ? read_block (image, path, file) : NULL;
  g_autoptr (GByteArray) bytes = NULL;
  g_autoptr (VipsImage) carrier = NULL;

  if (block != NULL && g_bytes_get_size (block) > 0)
    bytes = make_carrier (g_bytes_get_data (block, NULL), g_bytes_get_size (block));
  if (bytes != NULL && vips_jpegload_buffer (bytes->data, bytes->len, &carrier, NULL) == 0)
    vips_image_map (carrier, copy_field, image);
  vips_error_clear ();
}

void
lacuna_exif_read_tiff (VipsImage *image, const char *path)
{
  read_tiff (image, path, NULL);
}

void
lacuna_exif_read_tiff_bytes (VipsImage *image, GBytes *file)
{
  read_tiff (image, NULL, file);
}

/* The photo may have been turned. */
static void
set_sides (GExiv2Metadata *metadata, VipsImage *image)
{
  if (gexiv2_metadata_try_has_tag (metadata, "Exif.Photo.PixelXDimension", NULL))
    gexiv2_metadata_try_set_tag_long (metadata, "Exif.Photo.PixelXDimension", image->Xsize, NULL);
  if (gexiv2_metadata_try_has_tag (metadata, "Exif.Photo.PixelYDimension", NULL))
    gexiv2_metadata_try_set_tag_long (metadata, "Exif.Photo.PixelYDimension", image->Ysize, NULL);
}

static void
copy_tags (GExiv2Metadata *source, GExiv2Metadata *target)
{
  g_auto (GStrv) tags = gexiv2_metadata_get_exif_tags (source);

  for (guint i = 0; tags[i] != NULL; i++)
    if (is_about_photo (tags[i]))
      {
        g_autofree char *value = gexiv2_metadata_try_get_tag_string (source, tags[i], NULL);

        if (value != NULL)
          gexiv2_metadata_try_set_tag_string (target, tags[i], value, NULL);
      }
}

/* Exiv2 changes files, not memory: this one has no name. */
static gboolean
change_file (VipsImage *image, int fd, const guint8 *block, gsize block_size, gpointer *data, gsize *size, GError **error)
{
  g_autofree char *path = g_strdup_printf ("/proc/self/fd/%d", fd);
  g_autoptr (GOutputStream) stream = g_unix_output_stream_new (fd, FALSE);
  g_autoptr (GExiv2Metadata) source = gexiv2_metadata_new (), target = gexiv2_metadata_new ();
  char *changed;

  if (!g_output_stream_write_all (stream, *data, *size, NULL, NULL, error))
    return FALSE;
  g_clear_pointer (data, g_free);
  if (!gexiv2_metadata_open_buf (source, block, block_size, error) || !gexiv2_metadata_open_path (target, path, error))
    return FALSE;
  copy_tags (source, target);
  set_sides (target, image);
  if (!gexiv2_metadata_save_file (target, path, error) || !g_file_get_contents (path, &changed, size, error))
    return FALSE;
  *data = changed;
  return TRUE;
}

int
lacuna_exif_write_tiff (VipsImage *image, gpointer *data, gsize *size)
{
  g_autoptr (GError) problem = NULL;
  const guint8 *block;
  gsize block_size;
  gboolean done;
  int fd;

  if (vips_image_get_typeof (image, VIPS_META_EXIF_NAME) != VIPS_TYPE_BLOB
      || vips_image_get_blob (image, VIPS_META_EXIF_NAME, (const void **) &block, &block_size) != 0
      || block_size <= sizeof HEADER || !init ())
    return 0;
  if (memcmp (block, HEADER, sizeof HEADER) == 0)
    {
      block += sizeof HEADER;
      block_size -= sizeof HEADER;
    }
  fd = memfd_create ("lacuna-exif", MFD_CLOEXEC);
  g_mutex_lock (&lock);
  done = fd >= 0
         && change_file (image, fd, block, block_size, data, size, &problem);
  g_mutex_unlock (&lock);
  if (fd >= 0)
    g_close (fd, NULL);
  if (!done)
    vips_error ("exif", "%s", problem != NULL ? problem->message : "there is no memory for it");
  return done ? 0 : -1;
}
