/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tests how photos are read: depths, orientation, colours, damaged files, and patches pasted into them. The oracle
 * is the formulas that the pictures are drawn by, and libvips' own conversion of colours. */
#include "engine/error.h"
#include "engine/photo/photo.h"
#include "engine/codec/plain.h"
#include "engine/photo/samples.h"

#include <string.h>
#include <sys/stat.h>

#include "tests/image.h"

static LacunaPhoto *
load (const char *path)
{
  g_autoptr (GError) error = NULL;
  LacunaPhoto *photo = lacuna_photo_load (path, NULL, &error);

  g_assert_no_error (error);
  return photo;
}

/* The photo that a PNG of that image gives. */
static LacunaPhoto *
make_photo (ImageFunc func, int width, int height, int bands, int depth)
{
  g_autofree char *path = image_path ("photo.png");
  VipsImage *image = image_new (func, width, height, bands, depth);

  g_assert_cmpint (vips_pngsave (image, path, NULL), ==, 0);
  g_object_unref (image);
  return load (path);
}

static guint
get_sample (LacunaPhoto *photo, int x, int y, int band)
{
  gconstpointer pixels = lacuna_photo_get_pixels (photo);
  gsize i = ((gsize) y * lacuna_photo_get_width (photo) + x) * lacuna_photo_get_bands (photo) + band;

  return lacuna_photo_get_depth (photo) == 8 ? ((const guint8 *) pixels)[i] : ((const guint16 *) pixels)[i];
}

static void
test_pixels (void)
{
  for (int bands = 1; bands <= 4; bands++)
    for (int depth = 8; depth <= 16; depth += 8)
      {
        g_autoptr (LacunaPhoto) photo = make_photo (image_noise, 37, 21, bands, depth);
        g_autofree char *path = image_path ("photo.png");

        g_assert_cmpint (lacuna_photo_get_width (photo), ==, 37);
        g_assert_cmpint (lacuna_photo_get_height (photo), ==, 21);
        g_assert_cmpint (lacuna_photo_get_bands (photo), ==, bands);
        g_assert_cmpint (lacuna_photo_get_depth (photo), ==, depth);
        g_assert_cmpstr (lacuna_photo_get_path (photo), ==, path);
        g_assert_cmpstr (lacuna_photo_get_format (photo), ==, "png");
        for (int i = 0; i < 37 * 21 * bands; i++)
          {
            int x = i / bands % 37, y = i / bands / 37, band = i % bands;

            g_assert_cmpuint (get_sample (photo, x, y, band), ==, image_noise (x, y, band) >> (16 - depth));
          }
      }
}

static guint
two_values (int x, int y, int band)
{
  return (x ^ y) & 4 ? 0xffff : 0;
}

static void
test_small_depths (void)
{
  g_autofree char *bits = image_path ("bits.png");
  g_autofree char *palette = image_path ("palette.png");
  VipsImage *grey = image_new (two_values, 32, 32, 1, 8), *colour = image_new (two_values, 32, 32, 3, 8);
  g_autoptr (LacunaPhoto) a = NULL;
  g_autoptr (LacunaPhoto) b = NULL;

  g_assert_cmpint (vips_pngsave (grey, bits, "bitdepth", 1, NULL), ==, 0);
  g_assert_cmpint (vips_pngsave (colour, palette, "palette", TRUE, "bitdepth", 1, NULL), ==, 0);
  a = load (bits);
  b = load (palette);
  g_assert_cmpint (lacuna_photo_get_bands (a), ==, 1);
  g_assert_cmpint (lacuna_photo_get_bands (b), ==, 3);
  for (int i = 0; i < 32 * 32; i++)
    {
      g_assert_cmpuint (get_sample (a, i % 32, i / 32, 0), ==, two_values (i % 32, i / 32, 0) >> 8);
      g_assert_cmpuint (get_sample (b, i % 32, i / 32, 2), ==, two_values (i % 32, i / 32, 2) >> 8);
    }
  g_object_unref (grey);
  g_object_unref (colour);
}

/* Upright pixel (x, y) of a 30×20 picture as stored with that orientation. */
static void
store_pixel (int orientation, int x, int y, int *ret_x, int *ret_y)
{
  gboolean flip_x = orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8;
  gboolean flip_y = orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7;
  int across = orientation >= 5 ? y : x, down = orientation >= 5 ? x : y;
  int width = orientation >= 5 ? 20 : 30, height = orientation >= 5 ? 30 : 20;

  /* Orientation 6 is shown turned clockwise: its top right is stored at the top left. */
  *ret_x = flip_x ? width - 1 - across : across;
  *ret_y = flip_y ? height - 1 - down : down;
}

static void
test_orientation (void)
{
  for (int orientation = 1; orientation <= 8; orientation++)
    {
      g_autofree char *path = image_path ("turned.tif");
      g_autoptr (LacunaPhoto) photo = NULL;
      gboolean across = orientation >= 5;
      VipsImage *image = image_new (image_noise, across ? 20 : 30, across ? 30 : 20, 3, 8);

      vips_image_set_int (image, VIPS_META_ORIENTATION, orientation);
      g_assert_cmpint (vips_tiffsave (image, path, NULL), ==, 0);
      g_object_unref (image);
      photo = load (path);
      g_assert_cmpint (lacuna_photo_get_width (photo), ==, 30);
      g_assert_cmpint (lacuna_photo_get_height (photo), ==, 20);
      for (int y = 0; y < 20; y++)
        for (int x = 0; x < 30; x++)
          {
            int stored_x, stored_y;

            store_pixel (orientation, x, y, &stored_x, &stored_y);
            g_assert_cmpuint (get_sample (photo, x, y, 1), ==, image_noise (stored_x, stored_y, 1) >> 8);
          }
    }
}

static int
mirror (int i, int size)
{
  while (i < 0 || i >= size)
    i = i < 0 ? -1 - i : 2 * size - 1 - i;
  return i;
}

static void
assert_window (LacunaPhoto *photo, LacunaBox box, guint halvings)
{
  int width = box.width >> halvings, height = box.height >> halvings, side = 1 << halvings;
  int bands = lacuna_photo_get_bands (photo);
  double largest = (1 << lacuna_photo_get_depth (photo)) - 1;
  g_autofree float *window = lacuna_photo_read_window (photo, box, halvings);

  for (int i = 0; i < 3 * width * height; i++)
    {
      int x = i % width * side, y = i / width % height * side, band = bands < 3 ? 0 : i / (width * height);
      double sum = 0.0;

      for (int k = 0; k < side * side; k++)
        sum += get_sample (photo, mirror (box.x + x + k % side, lacuna_photo_get_width (photo)),
                           mirror (box.y + y + k / side, lacuna_photo_get_height (photo)), band);
      g_assert_cmpfloat_with_epsilon (window[i], sum / (side * side) / largest * 2.0 - 1.0, 1e-6);
    }
}

static void
test_window (void)
{
  static const struct {
    LacunaBox box;
    guint halvings;
  } windows[] = {
    { { 0, 0, 24, 16 }, 0 },    { { 3, 5, 16, 8 }, 0 },      { { 8, 0, 16, 16 }, 2 },
    { { -8, -16, 48, 56 }, 3 }, { { -100, 60, 64, 32 }, 1 }, { { -64, -64, 192, 160 }, 5 },
  };

  for (int bands = 1; bands <= 4; bands++)
    for (int depth = 8; depth <= 16; depth += 8)
      {
        g_autoptr (LacunaPhoto) photo = make_photo (image_noise, 24, 17, bands, depth);

        for (guint i = 0; i < G_N_ELEMENTS (windows); i++)
          assert_window (photo, windows[i].box, windows[i].halvings);
      }
}

static void
test_paste (void)
{
  enum { WIDTH = 6, HEIGHT = 4, PLANE = WIDTH * HEIGHT };
  float rgb[3 * PLANE];
  guint8 mask[PLANE];

  for (int i = 0; i < PLANE; i++)
    {
      mask[i] = i % 3 == 0 ? 255 : 0;
      rgb[i] = -1.5f + i / 8.0f; /* beyond the range on both sides */
      rgb[PLANE + i] = 0.25f;
      rgb[2 * PLANE + i] = -0.5f;
    }
  for (int bands = 1; bands <= 4; bands++)
    for (int depth = 8; depth <= 16; depth += 8)
      {
        g_autoptr (LacunaPhoto) photo = make_photo (image_noise, 20, 18, bands, depth);
        g_autofree gpointer samples = lacuna_photo_quantize (rgb, PLANE, PLANE, depth);
        const LacunaPatch patches[]
            = { { { 2, 3, WIDTH, HEIGHT }, samples, mask }, { { 14, 14, WIDTH, HEIGHT }, samples, mask } };
        g_autoptr (LacunaPhoto) pasted = lacuna_photo_paste (photo, patches, 2, NULL);
        double largest = (1 << depth) - 1;

        g_assert_null (lacuna_photo_get_path (pasted));
        for (int i = 0; i < 20 * 18 * bands; i++)
          {
            int x = i / bands % 20, y = i / bands / 20, band = i % bands;
            int left = x >= 14 ? 14 : 2, top = y >= 14 ? 14 : 3;
            int k = (y - top) * WIDTH + x - left;
            gboolean is_alpha = bands % 2 == 0 && band == bands - 1;
            gboolean inside = x >= left && x < left + WIDTH && y >= top && y < top + HEIGHT && (x >= 14) == (y >= 14);
            double value;

            if (!inside || mask[k] == 0)
              {
                g_assert_cmpuint (get_sample (pasted, x, y, band), ==, get_sample (photo, x, y, band));
                continue;
              }
            value = is_alpha ? 1.0 : bands < 3 ? (CLAMP (rgb[k], -1.0, 1.0) + 0.25 - 0.5) / 3.0 : rgb[band * PLANE + k];
            g_assert_cmpfloat_with_epsilon (get_sample (pasted, x, y, band),
                                            CLAMP ((value + 1.0) / 2.0, 0.0, 1.0) * largest, bands < 3 ? 1.0 : 0.501);
          }
      }
}

/* A second patch laid over a first by shares, and nothing of either where there is none. */
static void
test_shares (void)
{
  static const guint8 all[4] = { 255, 255, 255, 255 }, shares[4] = { 0, 51, 204, 255 };
  static const guint8 dark[12] = { 0 };
  static const guint8 light[12] = { 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255 };
  LacunaPatch patches[] = { { { 8, 8, 4, 1 }, dark, all }, { { 8, 8, 4, 1 }, light, shares } };
  g_autoptr (LacunaPhoto) photo = make_photo (image_noise, 32, 32, 3, 8);
  g_autoptr (LacunaPhoto) pasted = lacuna_photo_paste (photo, patches, 2, NULL);

  for (int x = 0; x < 4; x++)
    g_assert_cmpuint (get_sample (pasted, 8 + x, 8, 1), ==, shares[x]);
}

static void
assert_refused (const char *path, int code)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (LacunaPhoto) photo = lacuna_photo_load (path, NULL, &error);

  g_assert_null (photo);
  g_assert_error (error, LACUNA_ERROR, code);
  g_assert_nonnull (strstr (error->message, path));
  g_assert_cmpstr (vips_error_buffer (), ==, "");
}

static void
assert_bytes_refused (const char *name, gconstpointer bytes, gsize size, int code)
{
  g_autofree char *path = image_path (name);

  g_assert_true (g_file_set_contents (path, bytes, size, NULL));
  assert_refused (path, code);
}

static void
test_damaged (void)
{
  static const char *const suffixes[] = { "jpg", "png", "tif", "webp" };
  VipsImage *image = image_new (image_noise, 90, 70, 3, 8);

  for (guint i = 0; i < G_N_ELEMENTS (suffixes); i++)
    {
      g_autofree char *name = g_strconcat ("cut.", suffixes[i], NULL);
      g_autofree char *path = image_path (name);
      g_autofree char *bytes = NULL;
      gsize size;

      g_assert_cmpint (vips_image_write_to_file (image, path, NULL), ==, 0);
      g_assert_true (g_file_get_contents (path, &bytes, &size, NULL));
      g_object_unref (load (path));
      assert_bytes_refused (name, bytes, size * 2 / 3, LACUNA_ERROR_FORMAT);
      assert_bytes_refused (name, bytes, 20, LACUNA_ERROR_FORMAT);
    }
  g_object_unref (image);
  assert_bytes_refused ("empty.jpg", "", 0, LACUNA_ERROR_FORMAT);
  assert_bytes_refused ("text.jpg", "no photo at all", 15, LACUNA_ERROR_FORMAT);
  assert_bytes_refused ("hostile.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"64\" height=\"64\"/>", 64,
                        LACUNA_ERROR_FORMAT);
}

static void
test_unfit (void)
{
  /* The header of a PNG of 20000×20000 pixels, without any. */
  static const guint8 vast[] = {
    0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0x00, 0x00, 0x00, 0x0d, 0x49, 0x48, 0x44,
    0x52, 0x00, 0x00, 0x4e, 0x20, 0x00, 0x00, 0x4e, 0x20, 0x08, 0x02, 0x00, 0x00, 0x00, 0x6c,
    0x12, 0xd1, 0x6e, 0x00, 0x00, 0x00, 0x00, 0x49, 0x44, 0x41, 0x54, 0x35, 0xaf, 0x06, 0x1e,
  };
  g_autofree char *small = image_path ("small.png");
  g_autofree char *odd = image_path ("odd.tif");
  g_autofree char *raw = image_path ("raw.NEF");
  g_autoptr (LacunaPhoto) converted = NULL;
  VipsImage *image = image_new (image_noise, 40, 15, 3, 8), *cmyk = NULL, *floating = NULL;

  g_assert_cmpint (vips_pngsave (image, small, NULL), ==, 0);
  assert_refused (small, LACUNA_ERROR_UNFIT);
  g_object_unref (image);
  assert_bytes_refused ("vast.png", vast, sizeof vast, LACUNA_ERROR_UNFIT);

  image = image_new (image_noise, 32, 32, 4, 8);
  vips_copy (image, &cmyk, "interpretation", VIPS_INTERPRETATION_CMYK, NULL);
  g_assert_cmpint (vips_tiffsave (cmyk, odd, NULL), ==, 0);
  converted = load (odd);
  g_assert_cmpint (lacuna_photo_get_bands (converted), ==, 3);
  g_assert_nonnull (strstr (lacuna_photo_get_note (converted), "CMYK"));
  vips_cast_float (image, &floating, NULL);
  g_assert_cmpint (vips_tiffsave (floating, odd, NULL), ==, 0);
  assert_refused (odd, LACUNA_ERROR_UNFIT);
  assert_refused (raw, LACUNA_ERROR_UNFIT);
  g_object_unref (image);
  g_object_unref (cmyk);
  g_object_unref (floating);
}

/* Wide colours to sRGB and back, as far as it has them, known ones as libvips converts them; sRGB as it is. */
static void
test_colours (void)
{
  static const char *const profiles[] = { "srgb", "p3" };
  g_autofree char *path = image_path ("wide.png");

  for (guint i = 0; i < G_N_ELEMENTS (profiles); i++)
    {
      VipsImage *image = image_new (image_slope, 32, 32, 3, 16), *wide = NULL;
      float rgb[] = { 0.5f, -0.3f, 0.2f, -0.1f, 0.1f, 0.0f }, before[G_N_ELEMENTS (rgb)];
      g_autoptr (LacunaPhoto) photo = NULL;
      g_autoptr (GError) error = NULL;

      memcpy (before, rgb, sizeof rgb);
      g_assert_cmpint (vips_icc_transform (image, &wide, profiles[i], "input_profile", "srgb", "depth", 16, NULL), ==,
                       0);
      g_assert_cmpint (vips_pngsave (wide, path, NULL), ==, 0);
      photo = load (path);
      g_assert_true (lacuna_photo_to_srgb (photo, rgb, 2, &error));
      if (i == 0)
        g_assert_cmpmem (rgb, sizeof rgb, before, sizeof before);
      else /* the first is a strong red, which P3 has less of for the same number */
        g_assert_cmpfloat (rgb[0], >, before[0] + 0.02f);
      g_assert_true (lacuna_photo_from_srgb (photo, rgb, 2, &error));
      for (guint k = 0; k < G_N_ELEMENTS (rgb); k++)
        g_assert_cmpfloat_with_epsilon (rgb[k], before[k], 0.006f);
      g_object_unref (wide);
      g_object_unref (image);
    }
}

/* A photo whose PNG has a chunk more before its pixels. */
static LacunaPhoto *
make_photo_with_chunk (const guint8 *chunk, gsize chunk_size)
{
  enum { AFTER_HEADER = 33 };
  g_autofree char *path = image_path ("chunk.png");
  g_autofree char *png = NULL;
  g_autoptr (GByteArray) with_chunk = g_byte_array_new ();
  VipsImage *image = image_new (image_slope, 32, 32, 3, 8);
  gsize size;

  g_assert_cmpint (vips_pngsave (image, path, NULL), ==, 0);
  g_object_unref (image);
  g_assert_true (g_file_get_contents (path, &png, &size, NULL));
  g_byte_array_append (with_chunk, (guint8 *) png, AFTER_HEADER);
  g_byte_array_append (with_chunk, chunk, chunk_size);
  g_byte_array_append (with_chunk, (guint8 *) png + AFTER_HEADER, size - AFTER_HEADER);
  g_assert_true (g_file_set_contents (path, (char *) with_chunk->data, with_chunk->len, NULL));
  return load (path);
}

/* A grey of a signal, as it is in sRGB by what a PNG tells without a profile, and as it comes back from a JPEG. */
static void
test_told_colours (void)
{
  static const guint8 gama[]
      = { 0x00, 0x00, 0x00, 0x04, 0x67, 0x41, 0x4d, 0x41, 0x00, 0x01, 0x86, 0xa0, 0x31, 0xe8, 0x96, 0x5f };
  static const guint8 cicp[]
      = { 0x00, 0x00, 0x00, 0x04, 0x63, 0x49, 0x43, 0x50, 0x09, 0x10, 0x00, 0x01, 0x4d, 0x23, 0x23, 0xfe };
  static const struct {
    const guint8 *chunk;
    gsize size;
    float signal, srgb; /* from 0 to 1 */
  } colours[] = {
    { gama, sizeof gama, 0.5f, 0.7354f }, /* linear light */
    { cicp, sizeof cicp, 0.7f, 1.0f },    /* above the 203 cd/m² of paper white in PQ */
    { cicp, sizeof cicp, 0.4283f, 0.5f }, /* 0.2140 of that */
  };
  g_autofree char *path = image_path ("told.jpg");

  for (guint i = 0; i < G_N_ELEMENTS (colours); i++)
    {
      g_autoptr (LacunaPhoto) photo = make_photo_with_chunk (colours[i].chunk, colours[i].size);
      g_autoptr (LacunaPhoto) copy = NULL;
      g_autoptr (GError) error = NULL;

      lacuna_photo_save (photo, path, NULL, &error);
      g_assert_no_error (error);
      copy = load (path);
      for (guint k = 0; k < 2; k++)
        {
          float signal = colours[i].signal * 2.0f - 1.0f, rgb[] = { signal, signal, signal };

          g_assert_true (lacuna_photo_to_srgb (k == 0 ? photo : copy, rgb, 1, NULL));
          g_assert_cmpfloat_with_epsilon (rgb[1], colours[i].srgb * 2.0f - 1.0f, 0.01f);
        }
    }
}

static char *
write_jpeg (const char *path, gboolean progressive, gsize *ret_size)
{
  VipsImage *image = image_new (image_noise, 90, 70, 3, 8);
  char *bytes;

  g_assert_cmpint (vips_jpegsave (image, path, "interlace", progressive, NULL), ==, 0);
  g_object_unref (image);
  g_assert_true (g_file_get_contents (path, &bytes, ret_size, NULL));
  return bytes;
}

/* Where all pixels are there the end may be missing, but no bit more: least of all the last scan of several. */
static void
test_missing_end (void)
{
  g_autofree char *path = image_path ("whole.jpg");
  g_autofree char *cut = image_path ("cut.jpg");
  g_autofree char *saved = image_path ("saved.jpg");

  for (int progressive = 0; progressive < 2; progressive++)
    {
      gsize size, scan = 0;
      g_autofree char *bytes = write_jpeg (path, progressive, &size);
      g_autoptr (LacunaPhoto) whole = load (path);
      g_autoptr (LacunaPhoto) photo = NULL;
      g_autoptr (LacunaPhoto) again = NULL;

      g_assert_null (lacuna_photo_get_note (whole));
      g_assert_true (g_file_set_contents (cut, bytes, size - 2, NULL));
      photo = load (cut);
      g_assert_nonnull (strstr (lacuna_photo_get_note (photo), "end of the file"));
      g_assert_cmpmem (lacuna_photo_get_pixels (photo), 90 * 70 * 3, lacuna_photo_get_pixels (whole), 90 * 70 * 3);
      g_assert_true (lacuna_photo_save (photo, saved, NULL, NULL));
      again = load (saved); /* its blocks are kept */
      g_assert_cmpmem (lacuna_photo_get_pixels (again), 90 * 70 * 3, lacuna_photo_get_pixels (whole), 90 * 70 * 3);
      assert_bytes_refused ("cut.jpg", bytes, size - 6, LACUNA_ERROR_FORMAT);
      for (gsize i = 0; i + 1 < size; i++)
        if (memcmp (bytes + i, "\xff\xda", 2) == 0)
          scan = i;
      assert_bytes_refused ("cut.jpg", bytes, scan, LACUNA_ERROR_FORMAT);
    }
}

/* An extension of XMP that comes before XMP itself hides it, and that is said. */
static void
test_hidden_xmp (void)
{
  static const char name[] = "http://ns.adobe.com/xmp/extension/"; /* and a zero */
  const guint8 marker[] = { 0xff, 0xe1, 0, 2 + sizeof name + 60 };
  g_autofree char *path = image_path ("extended.jpg");
  gsize size;
  g_autofree char *bytes = write_jpeg (path, FALSE, &size);
  g_autofree char *digest = g_strnfill (32, 'A'); /* and two lengths, and a part */
  g_autoptr (GByteArray) extended = g_byte_array_new ();
  g_autoptr (LacunaPhoto) photo = NULL;

  g_byte_array_append (extended, (guint8 *) bytes, 2);
  g_byte_array_append (extended, marker, sizeof marker);
  g_byte_array_append (extended, (const guint8 *) name, sizeof name);
  g_byte_array_append (extended, (const guint8 *) digest, 32);
  g_byte_array_append (extended, (const guint8 *) "\0\0\0\24\0\0\0\0<x:xmpmeta xmlns:x='", 28);
  g_byte_array_append (extended, (guint8 *) bytes + 2, size - 2);
  g_assert_true (g_file_set_contents (path, (char *) extended->data, extended->len, NULL));
  photo = load (path);
  g_assert_cmpstr (lacuna_photo_get_note (photo), ==, "Metadata of an unknown kind are left out.");
}

/* What a picture may be packed in, or has inside. */
static void
test_packed (void)
{
  static const struct {
    const char *bytes;
    gsize size;
  } packed[] = {
    { "BZh91AY&SY", 10 },
    { "\375"
      "7zXZ\0",
      6 },
    { "\377\333\0\103\0", 5 },
    { "\377\304\0\037\0", 5 },
  };
  guint8 data[600];

  for (guint i = 0; i < G_N_ELEMENTS (packed); i++)
    {
      memset (data, ' ', sizeof data);
      g_assert_false (lacuna_plain_holds_picture (data, sizeof data));
      memcpy (data + 100, packed[i].bytes, packed[i].size);
      g_assert_true (lacuna_plain_holds_picture (data, sizeof data));
    }
}

static const char *const plain[] = {
  "A hill, seen from the valley on a clear morning in spring, with two hikers and a dog on the way up to the hut.",
  "Grüße aus Wien: ein Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetz gibt es hier nicht mehr, heißt es.",
  "https://example.org/photos/2024/a-long-way/that/goes-on/and-on.html?with=parameters&and=more#of-it-all",
  "春の朝、谷から見た丘。小屋への道には二人の登山者と一匹の犬がいる。空は晴れていて、遠くの山々まで見える。",
  "Places|Europe|Austria|Wien, Places|Europe|Italy|Roma, People|Ada, People|Zoë, Events|2020|Summer|Journey",
  "ALL RIGHTS RESERVED. REPRODUCTION, PUBLICATION AND DISTRIBUTION ONLY AFTER CONSULTATION WITH THE PHOTOGRAPHER AGENCY "
  "AND WITH ACKNOWLEDGEMENT. PHOTOGRAPHS REPRODUCED WITHOUT AUTHORISATION ARE INVOICED. COMMERCIAL ADVERTISEMENT EXCLUDED.",
  "xmp.did:9C57F0A8B1C2D3E49C57F0A8B1C2D3E4, uuid:faf5bdd5-ba3d-11da-ad31-d33d75182f1b, DSC_0421.NEF, D850 3021457",
  "A face that melts, and one that shakes: \360\237\253\240 \360\237\253\250, of a later version of Unicode than most.",
};

static void
test_plain_text (void)
{
  g_autofree guint8 *noise = g_malloc (600);
  g_autofree char *base64 = NULL;
  static const char rights[]
      = "All rights are those of the photographer, Zoë Lind\0and of the editor, the Museum in Graz";
  g_autoptr (GString) hex = g_string_new (NULL), numbers = g_string_new (NULL), groups = g_string_new (NULL);
  g_autoptr (GString) lines = g_string_new (NULL);

  for (guint i = 0; i < 600; i++)
    {
      noise[i] = image_noise (i, 1, 0) >> 8;
      g_string_append_printf (groups, i % 4 == 3 ? "%02x " : "%02x", noise[i]);
      g_string_append_printf (hex, i % 30 == 29 ? "%02x\n" : "%02x", noise[i]);
      g_string_append_printf (numbers, "%d, ", noise[i]);
    }
  base64 = g_base64_encode (noise, 600);
  for (gsize i = 0; i + 38 < strlen (base64); i += 38)
    g_string_append_printf (lines, "%.38s\n", base64 + i);
  for (guint i = 0; i < G_N_ELEMENTS (plain); i++)
    {
      glong n;
      g_autofree gunichar2 *utf16 = g_utf8_to_utf16 (plain[i], -1, NULL, &n, NULL);

      g_assert_true (lacuna_plain_is_text (plain[i], strlen (plain[i])));
      g_assert_true (lacuna_plain_is_text (utf16, n * sizeof *utf16));
      g_assert_false (lacuna_plain_holds_picture (plain[i], strlen (plain[i])));
    }
  g_assert_false (lacuna_plain_is_text (noise, 600));
  g_assert_false (lacuna_plain_is_text (base64, strlen (base64)));
  g_assert_false (lacuna_plain_is_text (hex->str, hex->len));
  g_assert_false (lacuna_plain_is_text (numbers->str, numbers->len));
  g_assert_false (lacuna_plain_is_text (groups->str, groups->len));
  g_assert_false (lacuna_plain_is_text (lines->str, lines->len));
  g_assert_true (lacuna_plain_is_text (rights, sizeof rights));
  g_assert_true (lacuna_plain_holds_picture (base64, strlen (base64)));
  g_assert_false (lacuna_plain_holds_picture (noise, 600));
}

static void
test_unreadable (void)
{
  g_autofree char *missing = image_path ("missing.jpg");
  g_autofree char *pipe = image_path ("pipe.jpg");
  g_autofree char *path = image_path ("photo.png");
  G_GNUC_UNUSED g_autoptr (LacunaPhoto) photo = make_photo (image_noise, 32, 32, 3, 8);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  assert_refused (missing, LACUNA_ERROR_FILE);
  assert_refused (image_folder, LACUNA_ERROR_FILE);
  g_assert_cmpint (mkfifo (pipe, 0600), ==, 0);
  assert_refused (pipe, LACUNA_ERROR_FILE);
  g_cancellable_cancel (cancellable);
  g_assert_null (lacuna_photo_load (path, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
check_refused (int width, int height, int bands, int depth, GBytes *samples)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (lacuna_photo_new (width, height, bands, depth, samples, &error));
  g_assert_error (error, LACUNA_ERROR, LACUNA_ERROR_UNFIT);
}

/* Samples become a photo as they are, and only as many as it has. */
static void
test_from_memory (void)
{
  g_autoptr (GBytes) samples = g_bytes_new_take (g_malloc0 (20 * 17 * 3 * 2), 20 * 17 * 3 * 2);
  g_autoptr (GBytes) nothing = g_bytes_new (NULL, 0), kept = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (LacunaPhoto) photo = lacuna_photo_new (20, 17, 3, 16, samples, &error);

  g_assert_no_error (error);
  g_assert_cmpint (lacuna_photo_get_width (photo), ==, 20);
  g_assert_cmpint (lacuna_photo_get_depth (photo), ==, 16);
  kept = lacuna_photo_dup_bytes (photo);
  g_assert_true (g_bytes_equal (kept, samples));
  check_refused (20, 17, 3, 8, samples);
  check_refused (20, 17, 6, 8, samples);
  check_refused (15, 17, 4, 16, samples);
  /* 2⁶⁴ bytes, of which an overflow makes none. */
  check_refused (1 << 30, 1 << 30, 4, 16, nothing);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/photo/pixels", test_pixels);
  g_test_add_func ("/photo/small-depths", test_small_depths);
  g_test_add_func ("/photo/orientation", test_orientation);
  g_test_add_func ("/photo/window", test_window);
  g_test_add_func ("/photo/paste", test_paste);
  g_test_add_func ("/photo/shares", test_shares);
  g_test_add_func ("/photo/damaged", test_damaged);
  g_test_add_func ("/photo/unfit", test_unfit);
  g_test_add_func ("/photo/colours", test_colours);
  g_test_add_func ("/photo/told-colours", test_told_colours);
  g_test_add_func ("/photo/missing-end", test_missing_end);
  g_test_add_func ("/photo/hidden-xmp", test_hidden_xmp);
  g_test_add_func ("/photo/plain-text", test_plain_text);
  g_test_add_func ("/photo/packed", test_packed);
  g_test_add_func ("/photo/unreadable", test_unreadable);
  g_test_add_func ("/photo/from-memory", test_from_memory);
  return image_test_run ();
}
