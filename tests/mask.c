/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tests masks: how images of many kinds are understood, their components, distances and growth. The oracle is a
 * pattern that every image holds, and brute force over all pixels of random masks. */
#include "engine/error.h"
#include "engine/photo/mask.h"
#include "engine/photo/shape.h"

#include "tests/image.h"

/* A random mask: blocks of a few pixels, each in the hole or not. */
static LacunaMask *
make_mask (int width, int height, int percent)
{
  g_autofree guint8 *pixels = g_malloc0 ((gsize) width * height);

  for (int i = 0; i < width * height; i++)
    if (g_test_rand_int_range (0, 400) < percent)
      for (int k = 0; k < 9; k++)
        {
          int x = i % width + k % 3, y = i / width + k / 3;

          if (x < width && y < height)
            pixels[y * width + x] = 1 + k;
        }
  return lacuna_mask_new (width, height, pixels);
}

static gboolean
is_hole (LacunaMask *mask, int x, int y)
{
  return lacuna_mask_get_pixels (mask)[(gsize) y * lacuna_mask_get_width (mask) + x] != 0;
}

static void
test_new (void)
{
  static const guint8 pixels[] = { 0, 0, 0, 0, 0, 0, 7, 0, 0, 255, 0, 0 };
  g_autoptr (LacunaMask) mask = lacuna_mask_new (4, 3, pixels);
  g_autoptr (LacunaMask) none = lacuna_mask_new (4, 1, pixels);
  LacunaBox bounds = *lacuna_mask_get_bounds (mask);

  g_assert_cmpint (bounds.x, ==, 1);
  g_assert_cmpint (bounds.y, ==, 1);
  g_assert_cmpint (bounds.width, ==, 2);
  g_assert_cmpint (bounds.height, ==, 2);
  g_assert_cmpuint (lacuna_mask_get_n_hole (mask), ==, 2);
  g_assert_cmpuint (lacuna_mask_get_pixels (mask)[6], ==, 255);
  g_assert_cmpuint (lacuna_mask_get_n_hole (none), ==, 0);
  g_assert_cmpint (lacuna_mask_get_bounds (none)->width, ==, 0);
}

/* The pattern that all the files of test_load hold. */
static gboolean
in_pattern (int x, int y)
{
  return x >= 5 && x < 20 && y >= 8 && y < 15;
}

static guint
white_on_black (int x, int y, int band)
{
  return in_pattern (x, y) ? 0xffff : 0;
}

static guint
light_on_dark (int x, int y, int band)
{
  return in_pattern (x, y) ? 0x9000 : 0x7000;
}

/* Green is the hole; red and blue alone are too dark, together as well. */
static guint
green_on_purple (int x, int y, int band)
{
  return (band == 1) == in_pattern (x, y) ? 0xffff : 0;
}

static guint
black_by_alpha (int x, int y, int band)
{
  return band % 2 == 1 && in_pattern (x, y) ? 0xffff : 0;
}

/* White everywhere, seen in the hole alone. */
static guint
white_by_alpha (int x, int y, int band)
{
  return band == 3 && !in_pattern (x, y) ? 0x4000 : 0xffff;
}

static void
test_load (void)
{
  static const struct {
    ImageFunc func;
    int bands, depth, bits;
  } files[] = {
    { white_on_black, 1, 8, 8 },  { white_on_black, 1, 8, 1 }, { white_on_black, 3, 8, 8 },
    { light_on_dark, 1, 16, 16 }, { light_on_dark, 3, 8, 8 },  { green_on_purple, 3, 8, 8 },
    { black_by_alpha, 2, 8, 8 },  { white_by_alpha, 4, 8, 8 }, { white_by_alpha, 4, 16, 16 },
  };
  g_autofree char *path = image_path ("mask.png");
  g_autofree char *copy = image_path ("copy.png");

  for (guint i = 0; i < G_N_ELEMENTS (files); i++)
    {
      VipsImage *image = image_new (files[i].func, 32, 24, files[i].bands, files[i].depth);
      g_autoptr (GError) error = NULL;
      g_autoptr (LacunaMask) mask = NULL;
      g_autoptr (LacunaMask) again = NULL;

      g_assert_cmpint (vips_pngsave (image, path, "bitdepth", files[i].bits, NULL), ==, 0);
      g_object_unref (image);
      mask = lacuna_mask_load (path, NULL, &error);
      g_assert_no_error (error);
      g_assert_cmpint (lacuna_mask_get_width (mask), ==, 32);
      g_assert_cmpint (lacuna_mask_get_height (mask), ==, 24);
      for (int k = 0; k < 32 * 24; k++)
        g_assert_cmpint (is_hole (mask, k % 32, k / 32), ==, in_pattern (k % 32, k / 32));
      g_assert_true (lacuna_mask_save (mask, copy, &error));
      again = lacuna_mask_load (copy, NULL, &error);
      g_assert_no_error (error);
      g_assert_cmpmem (lacuna_mask_get_pixels (mask), 32 * 24, lacuna_mask_get_pixels (again), 32 * 24);
    }
}

/* Small numbers, which look black. */
static guint
numbers (int x, int y, int band)
{
  return in_pattern (x, y) ? 257 * (1 + x % 3) : 0;
}

static guint
numbers_and_white (int x, int y, int band)
{
  return !in_pattern (x, y) ? 0 : x == 5 ? 0xffff : 257 * (1 + x % 9);
}

static guint
one_of_65535 (int x, int y, int band)
{
  return in_pattern (x, y);
}

static guint
red_on_black (int x, int y, int band)
{
  return band == 0 && in_pattern (x, y) ? 0xffff : 0;
}

static guint
many_colours (int x, int y, int band)
{
  return in_pattern (x, y) ? 0x4000 + 0x2000 * ((x + y + band) % 5) : 0;
}

/* The pattern's rim fades out, and what is around, not close by, is not quite black. */
static guint
soft_in_noise (int x, int y, int band)
{
  for (int depth = 2; depth > 0; depth--)
    if (in_pattern (x - depth, y - depth) && in_pattern (x + depth, y + depth))
      return depth == 2 ? 0xffff : 0x2400;
  if (in_pattern (x, y))
    return 0x0500;
  return in_pattern (x - 1, y - 1) || in_pattern (x + 1, y + 1) || in_pattern (x - 1, y + 1)
                 || in_pattern (x + 1, y - 1)
             ? 0
             : image_noise (x, y, 0) % 17 * 257;
}

static guint
red_strokes (int x, int y, int band)
{
  return (band == 0 || band == 3) && in_pattern (x, y) ? 0xffff : 0;
}

static guint
soft_white_by_alpha (int x, int y, int band)
{
  return band < 3 ? 0xffff : in_pattern (x, y) ? 0x3000 + 0x1000 * (x % 12) : 0;
}

static guint
photo_with_hole (int x, int y, int band)
{
  return band < 3 ? image_noise (x, y, band) : in_pattern (x, y) ? 0 : 0xffff;
}

static guint
photo_in_red (int x, int y, int band)
{
  return !in_pattern (x, y) ? image_noise (x, y, band) : band == 0 ? 0xffff : 0;
}

/* Mostly black, with lights of all colours. */
static guint
night (int x, int y, int band)
{
  return x % 8 < 2 && y % 6 < 2 ? image_noise (x, y, band * 77) : 200u * (x + band);
}

static guint
photo_mostly_clear (int x, int y, int band)
{
  return band < 3 ? image_noise (x, y, band) : x < 14 ? 0xffff : 0;
}

static LacunaMask *
write_and_load (ImageFunc func, int bands, int depth, const char *name, LacunaPhoto *photo, GError **error)
{
  g_autofree char *path = image_path (name);
  VipsImage *image = image_new (func, 32, 24, bands, depth);

  g_assert_cmpint (vips_image_write_to_file (image, path, NULL), ==, 0);
  g_object_unref (image);
  path[strcspn (path, "[")] = '\0';
  return lacuna_mask_load (path, photo, error);
}

static LacunaPhoto *
make_noise (void)
{
  g_autofree char *path = image_path ("photo.png");
  VipsImage *image = image_new (image_noise, 32, 24, 3, 8);

  g_assert_cmpint (vips_pngsave (image, path, NULL), ==, 0);
  g_object_unref (image);
  return lacuna_photo_load (path, NULL, NULL);
}

static void
check_pattern (LacunaMask *mask, guint file, const char *name)
{
  for (int k = 0; k < 32 * 24; k++)
    if (is_hole (mask, k % 32, k / 32) != in_pattern (k % 32, k / 32))
      g_error ("file %u, %s: pixel %d, %d", file, name, k % 32, k / 32);
}

/* Whatever marks the pattern without a doubt is understood to the pixel, in all that is lossless, and what is not plain
 * is told. */
static void
test_kinds (void)
{
  static const struct {
    ImageFunc func;
    int bands, depth;
    const char *note;
  } files[] = {
    { numbers, 1, 8, "several colours" },
    { numbers, 3, 8, "several colours" },
    { numbers_and_white, 1, 8, "several colours" },
    { one_of_65535, 1, 16, "two colours" },
    { red_on_black, 3, 8, "two colours" },
    { many_colours, 3, 8, "several colours" },
    { many_colours, 3, 16, "several colours" },
    { soft_in_noise, 1, 8, NULL },
    { soft_in_noise, 3, 16, NULL },
    { red_strokes, 4, 8, "two colours" },
    { soft_white_by_alpha, 4, 8, NULL },
    { photo_with_hole, 4, 8, "transparent" },
    { photo_with_hole, 4, 16, "transparent" },
    { photo_in_red, 3, 8, "differs from the photo" },
  };
  g_autoptr (LacunaPhoto) photo = make_noise ();

  for (guint n = 0; n < 2 * G_N_ELEMENTS (files); n++)
    {
      guint i = n / 2;
      const char *name = n % 2 == 1 && files[i].depth == 8 ? "kind.webp[lossless]" : "kind.png";
      g_autoptr (GError) error = NULL;
      g_autoptr (LacunaMask) mask = write_and_load (files[i].func, files[i].bands, files[i].depth, name,
                                                    files[i].func == photo_in_red ? photo : NULL, &error);

      g_assert_no_error (error);
      check_pattern (mask, i, name);
      if (files[i].note != NULL)
        g_assert_nonnull (strstr (lacuna_mask_get_note (mask), files[i].note));
      else
        g_assert_null (lacuna_mask_get_note (mask));
    }
}

/* JPEG's noise marks nothing far from the pattern, and no pixel of it is missed. */
static void
test_lossy (void)
{
  static const char *const names[] = { "lossy.jpg[Q=50]", "lossy.jpg[Q=90]", "lossy.webp[Q=40]" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *path = image_path (names[i]);
      VipsImage *image = image_new (white_on_black, 32, 24, 3, 8);
      g_autoptr (LacunaMask) mask = NULL;

      g_assert_cmpint (vips_image_write_to_file (image, path, NULL), ==, 0);
      g_object_unref (image);
      *strchr (path, '[') = '\0';
      mask = lacuna_mask_load (path, NULL, &error);
      g_assert_no_error (error);
      for (int k = 0; k < 32 * 24; k++)
        {
          int x = k % 32, y = k / 32;
          gboolean near = x >= 3 && x < 26 && y >= 6 && y < 18;

          if (is_hole (mask, x, y) ? !near : in_pattern (x, y))
            g_error ("file %u: pixel %d, %d", i, x, y);
        }
    }
}

/* Another photo, the photo itself, and a cut-out, of which nobody knows what is meant. */
static void
test_no_mask (void)
{
  g_autoptr (LacunaPhoto) photo = make_noise ();
  static const struct {
    ImageFunc func;
    int bands;
    const char *name;
  } files[] = { { image_slope, 3, "no.png" }, { image_noise, 1, "no.png" }, { image_slope, 1, "no.jpg" },
                { image_noise, 3, "no.png" }, { image_noise, 3, "no.jpg" }, { photo_mostly_clear, 4, "no.png" },
                { night, 3, "no.png" } };

  for (guint i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (LacunaMask) mask = write_and_load (files[i].func, files[i].bands, 8, files[i].name, photo, &error);

      if (mask != NULL)
        g_error ("file %u is no mask, but: %s", i, lacuna_mask_get_note (mask));
      g_assert_error (error, LACUNA_ERROR, LACUNA_ERROR_UNFIT);
      g_assert_nonnull (strstr (error->message, files[i].name));
    }
}

static guint
nearly_white (int x, int y, int band)
{
  return in_pattern (x, y) && x < 8 ? 0 : 0xffff;
}

/* A mask that marks nearly all is most often inverted: said, and done. */
static void
test_nearly_all (void)
{
  g_autoptr (LacunaMask) mask = write_and_load (nearly_white, 1, 8, "nearly.png", NULL, NULL);

  g_assert_nonnull (strstr (lacuna_mask_get_note (mask), "97 %"));
  g_assert_cmpuint (lacuna_mask_get_n_hole (mask), ==, 32 * 24 - 3 * 7);
}

static void
test_load_none (void)
{
  g_autofree char *path = image_path ("mask.png");
  g_autoptr (GError) error = NULL;
  g_autoptr (LacunaMask) mask = NULL;
  VipsImage *black = NULL;

  g_assert_cmpint (vips_black (&black, 32, 24, "bands", 3, NULL), ==, 0);
  g_assert_cmpint (vips_pngsave (black, path, NULL), ==, 0);
  g_object_unref (black);
  mask = lacuna_mask_load (path, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (lacuna_mask_get_n_hole (mask), ==, 0);

  g_assert_true (g_file_set_contents (path, "nothing", 7, NULL));
  g_assert_null (lacuna_mask_load (path, NULL, &error));
  g_assert_error (error, LACUNA_ERROR, LACUNA_ERROR_FORMAT);
}

/* Floods from a pixel by brute force. */
static void
flood (LacunaMask *mask, guint32 *labels, int x, int y, guint32 number)
{
  int width = lacuna_mask_get_width (mask), height = lacuna_mask_get_height (mask);

  if (x < 0 || y < 0 || x >= width || y >= height || !is_hole (mask, x, y) || labels[y * width + x] != 0)
    return;
  labels[y * width + x] = number;
  for (int k = 0; k < 9; k++)
    flood (mask, labels, x - 1 + k % 3, y - 1 + k / 3, number);
}

static void
test_components (void)
{
  for (int round = 0; round < 30; round++)
    {
      int width = g_test_rand_int_range (1, 60), height = g_test_rand_int_range (1, 60);
      g_autoptr (LacunaMask) mask = make_mask (width, height, round);
      g_autofree guint32 *expected = g_new0 (guint32, width * height);
      g_autofree guint32 *labels = NULL;
      g_autoptr (GArray) boxes = lacuna_mask_components (mask, &labels);
      guint32 n = 0;

      for (int i = 0; i < width * height; i++)
        if (is_hole (mask, i % width, i / width) && expected[i] == 0)
          flood (mask, expected, i % width, i / width, ++n);
      g_assert_cmpuint (boxes->len, ==, n);
      g_assert_cmpmem (labels, width * height * sizeof *labels, expected, width * height * sizeof *labels);
      for (guint32 number = 1; number <= n; number++)
        {
          LacunaBox box = { 0 }, got = g_array_index (boxes, LacunaBox, number - 1);

          for (int i = 0; i < width * height; i++)
            if (labels[i] == number)
              {
                LacunaBox pixel = { i % width, i / width, 1, 1 };

                box = box.width == 0 ? pixel : lacuna_box_union (box, pixel);
              }
          g_assert_cmpmem (&got, sizeof got, &box, sizeof box);
        }
    }
}

static gint64
measure (int x, int y, gint64 pixel, int width)
{
  gint64 across = pixel % width - x, down = pixel / width - y;

  return across * across + down * down;
}

static gint64
find_distance (LacunaMask *mask, int x, int y, gboolean to_hole)
{
  int width = lacuna_mask_get_width (mask), height = lacuna_mask_get_height (mask);
  gint64 least = G_MAXINT32;

  for (int i = 0; i < width * height; i++)
    if (is_hole (mask, i % width, i / width) == to_hole)
      least = MIN (least, measure (x, y, i, width));
  return least;
}

static void
test_distance (void)
{
  for (int round = 0; round < 60; round++)
    {
      int width = g_test_rand_int_range (1, 40), height = g_test_rand_int_range (1, 40);
      g_autoptr (LacunaMask) mask = make_mask (width, height, round * 3);
      LacunaBox box = { g_test_rand_int_range (-20, width + 5), g_test_rand_int_range (-20, height + 5),
                        g_test_rand_int_range (1, 40), g_test_rand_int_range (1, 40) };
      g_autofree gint64 *nearest = NULL;
      g_autofree gint32 *distance = lacuna_mask_distance (mask, box, &nearest);
      g_autofree gint32 *alone = lacuna_mask_distance (mask, box, NULL);

      for (int i = 0; i < box.width * box.height; i++)
        {
          int x = box.x + i % box.width, y = box.y + i / box.width;

          g_assert_cmpint (distance[i], ==, find_distance (mask, x, y, FALSE));
          g_assert_cmpint (alone[i], ==, distance[i]);
          if (distance[i] == G_MAXINT32)
            {
              g_assert_cmpint (nearest[i], ==, -1);
              continue;
            }
          g_assert_false (is_hole (mask, nearest[i] % width, nearest[i] / width));
          g_assert_cmpint (measure (x, y, nearest[i], width), ==, distance[i]);
        }
    }
}

static void
test_grow (void)
{
  for (int round = 0; round < 30; round++)
    {
      int width = g_test_rand_int_range (1, 40), height = g_test_rand_int_range (1, 40);
      int radius = g_test_rand_int_range (-4, 9);
      g_autoptr (LacunaMask) mask = make_mask (width, height, round * 2);
      g_autoptr (LacunaMask) grown = lacuna_mask_grow (mask, radius);

      for (int i = 0; i < width * height; i++)
        {
          int x = i % width, y = i / width;
          gboolean expected = radius < 0 ? find_distance (mask, x, y, FALSE) > radius * radius
                                         : find_distance (mask, x, y, TRUE) <= radius * radius;

          g_assert_cmpint (is_hole (grown, x, y), ==, expected);
        }
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/mask/new", test_new);
  g_test_add_func ("/mask/load", test_load);
  g_test_add_func ("/mask/kinds", test_kinds);
  g_test_add_func ("/mask/lossy", test_lossy);
  g_test_add_func ("/mask/no-mask", test_no_mask);
  g_test_add_func ("/mask/nearly-all", test_nearly_all);
  g_test_add_func ("/mask/load-none", test_load_none);
  g_test_add_func ("/mask/components", test_components);
  g_test_add_func ("/mask/distance", test_distance);
  g_test_add_func ("/mask/grow", test_grow);
  return image_test_run ();
}
