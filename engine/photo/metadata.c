#include "engine/photo/metadata.h"

#include <string.h>

/* libvips has the IPTC block of a JPEG with Photoshop's header before it, and
 * of a TIFF as a tag of its own, whose length it mistakes; what a TIFF has in
 * Photoshop's tag is what comes after that header. */
static const char photoshop_header[] = "Photoshop 3.0";

static gboolean
get_blob (VipsImage *image, const char *name, const guint8 **ret_data, gsize *ret_size)
{
  return vips_image_get_typeof (image, name) == VIPS_TYPE_BLOB
         && vips_image_get_blob (image, name, (const void **) ret_data, ret_size) == 0;
}

static void
take_photoshop (VipsImage *image)
{
  g_autoptr (GByteArray) block = g_byte_array_new ();
  const guint8 *data;
  gsize size;

  if (get_blob (image, VIPS_META_IPTC_NAME, &data, &size)
      && (size <= sizeof photoshop_header || memcmp (data, photoshop_header, sizeof photoshop_header) != 0))
    vips_image_remove (image, VIPS_META_IPTC_NAME);
  if (!get_blob (image, VIPS_META_PHOTOSHOP_NAME, &data, &size))
    return;
  g_byte_array_append (block, (const guint8 *) photoshop_header, sizeof photoshop_header);
  g_byte_array_append (block, data, size);
  vips_image_set_blob_copy (image, VIPS_META_IPTC_NAME, block->data, block->len);
  vips_image_remove (image, VIPS_META_PHOTOSHOP_NAME);
}

/* The thumbnail shows what may be removed from the photo; the others describe
 * how the source was stored, and would steer how libvips saves. */
static gpointer
forget_field (VipsImage *image, const char *name, GValue *value, gpointer data)
{
  static const char *const fields[]
      = { "jpeg-thumbnail-data", "n-pages", "page-height", "palette-bit-depth", "palette", "bits-per-sample" };

  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    if (g_str_equal (name, fields[i]))
      g_ptr_array_add (data, g_strdup (name));
  if (g_str_has_prefix (name, "exif-ifd1-") || g_str_has_prefix (name, "heif-mime-"))
    g_ptr_array_add (data, g_strdup (name));
  return NULL;
}

static gpointer
list_blob (VipsImage *image, const char *name, GValue *value, gpointer names)
{
  if (G_VALUE_HOLDS (value, VIPS_TYPE_BLOB))
    g_ptr_array_add (names, g_strdup (name));
  return NULL;
}

static gboolean
is_xmp (const guint8 *data, gsize size)
{
  return g_strstr_len ((const char *) data, MIN (size, 256), "<x:xmpmeta") != NULL
         || g_strstr_len ((const char *) data, MIN (size, 256), "<?xpacket") != NULL;
}

void
lacuna_metadata_take_heif (VipsImage *image)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);

  vips_image_map (image, list_blob, names);
  for (guint i = 0; i < names->len; i++)
    {
      const char *name = names->pdata[i];
      const guint8 *data;
      gsize size;

      if (!get_blob (image, name, &data, &size))
        continue;
      if (!g_str_has_prefix (name, "heif-mime-"))
        vips_image_set_blob_copy (image, name, data, size);
      else if (is_xmp (data, size))
        vips_image_set_blob_copy (image, VIPS_META_XMP_NAME, data, size);
    }
}

void
lacuna_metadata_take (VipsImage *image)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);

  vips_image_map (image, forget_field, names);
  for (guint i = 0; i < names->len; i++)
    vips_image_remove (image, names->pdata[i]);
  take_photoshop (image);
}

void
lacuna_metadata_fit_tiff (VipsImage *image)
{
  const guint8 *data;
  gsize size;

  if (!get_blob (image, VIPS_META_IPTC_NAME, &data, &size))
    return;
  vips_image_set_blob_copy (image, VIPS_META_PHOTOSHOP_NAME, data + sizeof photoshop_header,
                            size - sizeof photoshop_header);
  vips_image_remove (image, VIPS_META_IPTC_NAME);
}
