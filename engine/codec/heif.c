/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/codec/heif.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include <libheif/heif.h>

#include "engine/codec/exiv2.h"
#include "engine/codec/vips-image.h"

/* libvips has libexif write anew what EXIF it is given, which loses MakerNotes,
 * and Exiv2 can't write this container. So a description as long as the block is
 * written, and the block then laid over all of it. */
#define PLACE "Lacuna puts EXIF here. "
#define PLACE_FIELD "exif-ifd0-ImageDescription"
#define EXIF_HEADER "Exif\0" /* and a second zero */

/* An EXIF block of one directory without entries. */
static const guint8 no_exif[] = { 'I', 'I', '*', 0, 8, 0, 0, 0, 0, 0, 0, 0, 0, 0 };

/* 16 bits become 12, the most that both codecs take. */
static int
encode (VipsImage *image, VipsForeignHeifCompression compression, int quality, gboolean strip, gpointer *ret_data,
        gsize *ret_size)
{
  return vips_heifsave_buffer (image, ret_data, ret_size, "compression", compression, "Q", quality, "bitdepth",
                               image->BandFmt == VIPS_FORMAT_UCHAR ? 8 : 12, "strip", strip, NULL);
}

static void
set_place (VipsImage *image, gsize size)
{
  g_autofree char *filler = g_strnfill (size, '-');
  g_autofree char *description = g_strconcat (PLACE, filler, NULL);

  vips_image_set_string (image, PLACE_FIELD, description);
}

/* The block is at most as long as the filler. */
static gboolean
fill_place (guint8 *data, gsize size, const guint8 *block, gsize block_size)
{
  guint8 *place = memmem (data, size, PLACE, strlen (PLACE)), *start = place, *end;

  while (start != NULL && start > data && memcmp (start, EXIF_HEADER, sizeof EXIF_HEADER) != 0)
    start--;
  if (place == NULL || start == data)
    return FALSE;
  start += sizeof EXIF_HEADER;
  end = place + strlen (PLACE) + block_size;
  if (end > data + size)
    return FALSE;
  memset (start, 0, end - start);
  memcpy (start, block, block_size);
  return TRUE;
}

int
lacuna_heif_encode (VipsImage *image, GExiv2Metadata *tags, VipsForeignHeifCompression compression, int quality,
                    gpointer *ret_data, gsize *ret_size)
{
  g_autoptr (GBytes) exif = tags != NULL ? lacuna_exiv2_make_exif (tags) : NULL;
  g_autoptr (GBytes) xmp = tags != NULL ? lacuna_exiv2_make_xmp (tags) : NULL;
  g_autoptr (VipsImage) copy = NULL;
  gsize size = sizeof no_exif;
  const guint8 *block = exif != NULL ? g_bytes_get_data (exif, &size) : no_exif;

  if (exif == NULL && xmp == NULL && vips_image_get_typeof (image, VIPS_META_ICC_NAME) == 0)
    return encode (image, compression, quality, TRUE, ret_data, ret_size);
  if (vips_copy (image, &copy, NULL) != 0)
    return -1;
  set_place (copy, size);
  if (xmp != NULL)
    vips_image_set_blob_copy (copy, VIPS_META_XMP_NAME, g_bytes_get_data (xmp, NULL), g_bytes_get_size (xmp));
  if (encode (copy, compression, quality, FALSE, ret_data, ret_size) != 0)
    return -1;
  if (fill_place (*ret_data, *ret_size, block, size))
    return 0;
  g_clear_pointer (ret_data, g_free);
  vips_error (LACUNA_VIPS_DOMAIN, "%s", _ ("there is no room for its EXIF data"));
  return -1;
}

static gboolean
read_container (struct heif_context *context, GBytes *file)
{
  return heif_context_read_from_memory_without_copy (context, g_bytes_get_data (file, NULL), g_bytes_get_size (file),
                                                     NULL)
             .code
         == heif_error_Ok;
}

gboolean
lacuna_heif_is_boundless (GBytes *file)
{
  struct heif_context *context = heif_context_alloc ();
  struct heif_image_handle *handle = NULL;
  gboolean is_boundless = FALSE;

  if (read_container (context, file) && heif_context_get_primary_image_handle (context, &handle).code == heif_error_Ok)
    is_boundless = heif_image_handle_get_width (handle) > VIPS_MAX_COORD
                   || heif_image_handle_get_height (handle) > VIPS_MAX_COORD;
  if (handle != NULL)
    heif_image_handle_release (handle);
  heif_context_free (context);
  return is_boundless;
}

LacunaLeft
lacuna_heif_list_left (GBytes *file)
{
  struct heif_context *context = heif_context_alloc ();
  struct heif_image_handle *handle = NULL;
  LacunaLeft left = 0;

  if (read_container (context, file) && heif_context_get_primary_image_handle (context, &handle).code == heif_error_Ok)
    {
      if (heif_image_handle_get_number_of_auxiliary_images (handle, LIBHEIF_AUX_IMAGE_FILTER_OMIT_ALPHA) > 0
          || heif_image_handle_has_depth_image (handle))
        left |= LACUNA_LEFT_COMPANION;
      if (heif_image_handle_get_number_of_thumbnails (handle) > 0)
        left |= LACUNA_LEFT_THUMBNAIL;
    }
  if (handle != NULL)
    heif_image_handle_release (handle);
  heif_context_free (context);
  return left;
}
