/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tests what photos tell beside their pixels when they are saved, and photos that come and go through memory. The
 * oracle is the metadata that have to be kept or left out, and the files. */
#include "engine/error.h"

#include <string.h>

#include "tests/saved.h"

static void
set_metadata (VipsImage *image)
{
  static const char xmp[] = "<x:xmpmeta xmlns:x='adobe:ns:meta/'>"
                            "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'>"
                            "<rdf:Description rdf:about='' xmlns:xmp='http://ns.adobe.com/xap/1.0/' "
                            "xmp:Label='a label'/></rdf:RDF></x:xmpmeta>";
  static const char iptc[] = "Photoshop 3.0\0"
                             "8BIM\4\4\0\0\0\0\0\x9\x1c\2\x19\0\4rock";
  VipsBlob *profile;

  g_assert_cmpint (vips_profile_load ("p3", &profile, NULL), ==, 0);
  vips_image_set_blob_copy (image, VIPS_META_ICC_NAME, vips_blob_get (profile, NULL), VIPS_AREA (profile)->length);
  vips_area_unref (VIPS_AREA (profile));
  vips_image_set_blob_copy (image, VIPS_META_XMP_NAME, xmp, sizeof xmp - 1);
  vips_image_set_blob_copy (image, VIPS_META_IPTC_NAME, iptc, sizeof iptc); /* with a zero to pad it */
  vips_image_set_string (image, "exif-ifd0-Artist", "Somebody (Somebody, ASCII, 9 components, 9 bytes)");
  vips_image_set_int (image, VIPS_META_ORIENTATION, 6);
}

static void
assert_label_kept (VipsImage *copy)
{
  const void *xmp;
  gsize size;

  g_assert_cmpint (vips_image_get_blob (copy, VIPS_META_XMP_NAME, &xmp, &size), ==, 0);
  g_assert_nonnull (g_strstr_len (xmp, size, "a label"));
}

/* Each copy is brought back into a JPEG, as libvips knows little of what a TIFF says. */
static void
test_metadata (void)
{
  g_autofree char *source_path = image_path ("source.jpg");
  g_autofree char *back_path = image_path ("back.jpg");
  VipsImage *source = image_new (image_slope, 64, 48, 3, 8);
  static const char *const names[] = { "copy.jpg", "copy.png", "copy.webp", "copy.tif" };
  g_autoptr (LacunaPhoto) photo = NULL;

  set_metadata (source);
  vips_image_set_blob_copy (source, "jpeg-thumbnail-data", "thumbnail", 9);
  saved_write (source, "source.jpg");
  source = vips_image_new_from_file (source_path, NULL);
  g_assert_cmpint (vips_image_get_orientation (source), ==, 6);
  g_assert_cmpint (vips_image_get_typeof (source, "jpeg-thumbnail-data"), !=, 0);
  /* It is not told of in words, as nearly every photo has one. */
  photo = lacuna_photo_load (source_path, NULL, NULL);
  g_assert_true (lacuna_photo_had_thumbnail (photo));
  g_assert_null (strstr (lacuna_photo_get_note (photo) != NULL ? lacuna_photo_get_note (photo) : "", "picture"));
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      VipsImage *back;
      const char *artist;

      g_object_unref (saved_convert ("source.jpg", names[i], 0));
      g_object_unref (saved_convert (names[i], "back.jpg", 0));
      back = vips_image_new_from_file (back_path, NULL);
      g_assert_cmpint (back->Xsize, ==, 48);
      g_assert_cmpint (back->Ysize, ==, 64);
      g_assert_cmpint (vips_image_get_orientation (back), ==, 1);
      g_assert_cmpint (vips_image_get_typeof (back, "jpeg-thumbnail-data"), ==, 0);
      saved_assert_blob_kept (source, back, VIPS_META_ICC_NAME);
      assert_label_kept (back);
      g_assert_cmpint (vips_image_get_string (back, "exif-ifd0-Artist", &artist), ==, 0);
      g_assert_true (g_str_has_prefix (artist, "Somebody "));
      g_object_unref (back);
    }
  g_object_unref (source);
}

/* A photo that comes and goes through memory is the one that comes and goes through files, with all that it tells. */
static void
test_bytes (void)
{
  VipsImage *source = image_new (image_slope, 64, 48, 3, 8);

  set_metadata (source);
  saved_write (source, "source.jpg");
  for (const char *const *suffix = lacuna_photo_get_save_suffixes (); *suffix != NULL; suffix++)
    {
      g_autofree char *name = g_strconcat ("copy.", *suffix, NULL), *again_name = g_strconcat ("again.", *suffix, NULL);
      g_autofree char *path = image_path (name), *again_path = image_path (again_name);
      g_autoptr (LacunaPhoto) written = saved_convert ("source.jpg", name, 64);
      g_autoptr (LacunaPhoto) again = saved_convert (name, again_name, 0);
      g_autoptr (GBytes) file = saved_read (path), expected = saved_read (again_path);
      g_autoptr (GError) error = NULL;
      g_autoptr (LacunaPhoto) photo = lacuna_photo_load_bytes (file, "a photo", NULL, &error);
      g_autoptr (GBytes) saved = NULL;

      g_assert_cmpstr (lacuna_photo_get_format (again), ==, lacuna_photo_get_format (written));
      g_assert_no_error (error);
      g_assert_null (lacuna_photo_get_path (photo));
      g_assert_cmpstr (lacuna_photo_get_format (photo), ==, lacuna_photo_get_format (written));
      g_assert_cmpstr (lacuna_photo_get_note (photo), ==, lacuna_photo_get_note (written));
      saved = lacuna_photo_save_bytes (photo, *suffix, NULL, &error);
      g_assert_no_error (error);
      g_assert_cmpmem (g_bytes_get_data (saved, NULL), g_bytes_get_size (saved), g_bytes_get_data (expected, NULL),
                       g_bytes_get_size (expected));
    }
}

static void
test_bad_bytes (void)
{
  static const char *const contents[] = { "", "no photo at all" };

  for (guint i = 0; i < G_N_ELEMENTS (contents); i++)
    {
      g_autoptr (GBytes) file = g_bytes_new_static (contents[i], strlen (contents[i]));
      g_autoptr (GError) error = NULL;

      g_assert_null (lacuna_photo_load_bytes (file, "standard input", NULL, &error));
      g_assert_error (error, LACUNA_ERROR, LACUNA_ERROR_FORMAT);
      g_assert_nonnull (strstr (error->message, "“standard input”"));
    }
}

/* The IPTC block of a JPEG survives other formats that can hold it. */
static void
test_iptc (void)
{
  g_autofree char *source_path = image_path ("source.jpg");
  g_autofree char *copy_path = image_path ("copy.jpg");
  VipsImage *source = image_new (image_slope, 32, 32, 3, 8), *copy;

  set_metadata (source);
  saved_write (source, "source.jpg");
  g_object_unref (saved_convert ("source.jpg", "through.jpeg", 0));
  g_object_unref (saved_convert ("through.jpeg", "through.tif", 0));
  g_object_unref (saved_convert ("through.tif", "copy.jpg", 0));
  source = vips_image_new_from_file (source_path, NULL);
  copy = vips_image_new_from_file (copy_path, NULL);
  saved_assert_blob_kept (source, copy, VIPS_META_IPTC_NAME);
  g_object_unref (source);
  g_object_unref (copy);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/save-metadata/metadata", test_metadata);
  g_test_add_func ("/save-metadata/bytes", test_bytes);
  g_test_add_func ("/save-metadata/bad-bytes", test_bad_bytes);
  g_test_add_func ("/save-metadata/iptc", test_iptc);
  return image_test_run ();
}
