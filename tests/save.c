/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tests how photos are saved in every format. The oracle is the pixels of the source, the coefficients of a JPEG as
 * libjpeg reads them, and what a disk without room leaves. */
#include "engine/error.h"
#include "engine/codec/jpeg.h"
#include "engine/codec/webp.h"
#include "engine/photo/samples.h"

#include <math.h>
#include <stdio.h>

#include <jpeglib.h>

#include <signal.h>
#include <string.h>
#include <sys/resource.h>

#include "tests/saved.h"

/* Mean |difference| of two photos of the same size, in parts of the range. */
static double
compare (LacunaPhoto *a, LacunaPhoto *b)
{
  LacunaBox box = { 0, 0, lacuna_photo_get_width (a), lacuna_photo_get_height (a) };
  gsize n = 3 * (gsize) box.width * box.height;
  g_autofree float *window_a = lacuna_photo_read_window (a, box, 0);
  g_autofree float *window_b = lacuna_photo_read_window (b, box, 0);
  double sum = 0.0;

  for (gsize i = 0; i < n; i++)
    sum += fabsf (window_a[i] - window_b[i]) / 2.0f;
  return sum / n;
}

static void
test_lossless (void)
{
  static const char *const names[] = { "exact.png", "exact.tif" };

  for (int bands = 1; bands <= 4; bands++)
    for (int depth = 8; depth <= 16; depth += 8)
      for (guint i = 0; i < G_N_ELEMENTS (names); i++)
        {
          g_autofree char *path = image_path ("source.png");
          g_autoptr (LacunaPhoto) source = NULL;
          g_autoptr (LacunaPhoto) copy = NULL;
          gsize size = 33 * 18 * bands * depth / 8;

          saved_write (image_new (image_noise, 33, 18, bands, depth), "source.png");
          source = saved_load (path);
          copy = saved_convert ("source.png", names[i], 0);
          g_assert_cmpint (lacuna_photo_get_bands (copy), ==, bands);
          g_assert_cmpint (lacuna_photo_get_depth (copy), ==, depth);
          g_assert_cmpmem (lacuna_photo_get_pixels (source), size, lacuna_photo_get_pixels (copy), size);
        }
}

static gboolean
read_jpeg (const char *path, LacunaJpeg *ret_jpeg)
{
  g_autoptr (GBytes) file = saved_read (path);

  return lacuna_jpeg_read (file, ret_jpeg, NULL);
}

static void
test_jpeg_encoding (void)
{
  static const int qualities[] = { 12, 35, 50, 75, 89, 92, 97, 100 };
  g_autofree char *source = image_path ("source.jpg");
  g_autofree char *copy = image_path ("copy.jpg");

  for (guint i = 0; i < G_N_ELEMENTS (qualities) * 4; i++)
    {
      VipsImage *image = image_new (image_slope, 80, 64, 3, 8);
      int quality = qualities[i / 4];
      gboolean subsampled = i % 2, progressive = i / 2 % 2;
      LacunaJpeg jpeg;

      g_assert_cmpint (vips_jpegsave (image, source, "Q", quality, "subsample_mode",
                                      subsampled ? VIPS_FOREIGN_SUBSAMPLE_ON : VIPS_FOREIGN_SUBSAMPLE_OFF, "interlace",
                                      progressive, NULL),
                       ==, 0);
      g_object_unref (image);
      g_object_unref (saved_convert ("source.jpg", "copy.jpg", 0));
      g_assert_true (read_jpeg (copy, &jpeg));
      g_assert_cmpint (jpeg.quality, ==, quality);
      g_assert_cmpint (jpeg.across, ==, subsampled ? 2 : 1);
      g_assert_cmpint (jpeg.down, ==, subsampled ? 2 : 1);
      g_assert_cmpint (jpeg.progressive, ==, progressive);
      g_object_unref (saved_convert ("source.jpg", "copy.jpg", 64));
      g_assert_true (read_jpeg (copy, &jpeg));
      g_assert_cmpint (jpeg.quality, ==, 64);
    }
}

/* The quantised coefficients of a JPEG, component by component and block by block, and how it is made up. */
typedef struct {
  int     width, height, n_components, across[3], down[3], columns[3];
  boolean progressive;
  UINT16  tables[3][DCTSIZE2];
  GArray *blocks[3]; /* of JBLOCK */
} Coefficients;

static void
read_coefficients (const char *name, Coefficients *ret)
{
  struct jpeg_error_mgr manager;
  struct jpeg_decompress_struct file = { .err = jpeg_std_error (&manager) };
  g_autofree char *path = image_path (name);
  FILE *stream = g_fopen (path, "rbe");
  jvirt_barray_ptr *arrays;

  jpeg_create_decompress (&file);
  jpeg_stdio_src (&file, stream);
  jpeg_read_header (&file, TRUE);
  arrays = jpeg_read_coefficients (&file);
  *ret = (Coefficients){ file.image_width, file.image_height, file.num_components,
                         .progressive = file.progressive_mode };
  for (int c = 0; c < file.num_components; c++)
    {
      const jpeg_component_info *component = &file.comp_info[c];

      ret->across[c] = 8 * file.max_h_samp_factor / component->h_samp_factor;
      ret->down[c] = 8 * file.max_v_samp_factor / component->v_samp_factor;
      ret->columns[c] = component->width_in_blocks;
      memcpy (ret->tables[c], component->quant_table->quantval, sizeof ret->tables[c]);
      ret->blocks[c] = g_array_new (FALSE, FALSE, sizeof (JBLOCK));
      for (JDIMENSION y = 0; y < component->height_in_blocks; y++)
        g_array_append_vals (ret->blocks[c],
                             file.mem->access_virt_barray ((j_common_ptr) &file, arrays[c], y, 1, FALSE)[0],
                             component->width_in_blocks);
    }
  jpeg_destroy_decompress (&file);
  fclose (stream);
}

static void
coefficients_clear (Coefficients *self)
{
  for (int c = 0; c < self->n_components; c++)
    g_array_unref (self->blocks[c]);
}

/* Compares what the hole touches, and what it does not. */
static void
compare_coefficients (const Coefficients *a, const Coefficients *b, LacunaBox hole)
{
  for (int c = 0; c < a->n_components; c++)
    {
      guint n_changed = 0;

      g_assert_cmpint (a->across[c], ==, b->across[c]);
      g_assert_cmpint (a->down[c], ==, b->down[c]);
      g_assert_cmpmem (a->tables[c], sizeof a->tables[c], b->tables[c], sizeof b->tables[c]);
      g_assert_cmpuint (a->blocks[c]->len, ==, b->blocks[c]->len);
      for (guint i = 0; i < a->blocks[c]->len; i++)
        {
          int x = i % a->columns[c] * a->across[c], y = i / a->columns[c] * a->down[c];
          LacunaBox touched = lacuna_box_intersection ((LacunaBox){ x, y, a->across[c], a->down[c] }, hole);
          gboolean same = memcmp (&g_array_index (a->blocks[c], JBLOCK, i), &g_array_index (b->blocks[c], JBLOCK, i),
                                  sizeof (JBLOCK))
                          == 0;

          g_assert_true (same || touched.width > 0);
          n_changed += !same;
        }
      g_assert_cmpuint (n_changed, >, 0);
    }
}

/* Pixels farther from the hole's blocks than colour is smoothed are those of the source. */
static void
compare_pixels (const char *name, LacunaPhoto *source, LacunaBox hole, int cell)
{
  g_autofree char *path = image_path (name);
  g_autoptr (LacunaPhoto) copy = saved_load (path);
  int width = lacuna_photo_get_width (source), bands = lacuna_photo_get_bands (source);
  const guint8 *a = lacuna_photo_get_pixels (source), *b = lacuna_photo_get_pixels (copy);
  LacunaBox near = { hole.x / cell * cell - 2, hole.y / cell * cell - 2 };

  near.width = (hole.x + hole.width + cell - 1) / cell * cell + 2 - near.x;
  near.height = (hole.y + hole.height + cell - 1) / cell * cell + 2 - near.y;
  for (int y = 0; y < lacuna_photo_get_height (source); y++)
    for (int x = 0; x < width; x++)
      if (lacuna_box_intersection (near, (LacunaBox){ x, y, 1, 1 }).width == 0)
        g_assert_cmpmem (a + (y * width + x) * bands, bands, b + (y * width + x) * bands, bands);
}

/* A JPEG whose components are red, green and blue, as Adobe's programs write them. */
static void
write_rgb_jpeg (VipsImage *image, const char *path)
{
  struct jpeg_error_mgr manager;
  struct jpeg_compress_struct file = { .err = jpeg_std_error (&manager) };
  FILE *stream = g_fopen (path, "wbe");
  const guint8 *pixels = vips_image_get_data (image);

  jpeg_create_compress (&file);
  jpeg_stdio_dest (&file, stream);
  file.image_width = image->Xsize;
  file.image_height = image->Ysize;
  file.input_components = 3;
  file.in_color_space = JCS_RGB;
  jpeg_set_defaults (&file);
  jpeg_set_colorspace (&file, JCS_RGB);
  jpeg_start_compress (&file, TRUE);
  while (file.next_scanline < file.image_height)
    {
      JSAMPROW row = (JSAMPROW) pixels + file.next_scanline * image->Xsize * 3;

      jpeg_write_scanlines (&file, &row, 1);
    }
  jpeg_finish_compress (&file);
  jpeg_destroy_compress (&file);
  fclose (stream);
  g_object_unref (image);
}

/* Of a JPEG, blocks that the hole does not touch keep their coefficients, whatever its sampling and tables are. */
static void
test_jpeg_keeps_blocks (void)
{
  static const struct {
    const char *options; /* NULL: of RGB */
    int bands, cell;
  } files[] = { { "Q=83", 3, 16 },
                { "Q=92,subsample-mode=off", 3, 8 },
                { "Q=31,interlace", 3, 16 },
                { "Q=75,quant-table=3", 3, 16 },
                { "Q=60", 1, 8 },
                { NULL, 3, 8 } };
  const LacunaBox hole = { 37, 21, 30, 18 };
  g_autofree guint8 *samples = g_malloc0 (3 * 30 * 18);
  g_autofree guint8 *all = g_malloc (30 * 18);
  const LacunaPatch patch = { hole, samples, all };

  memset (all, 255, 30 * 18);
  for (int i = 0; i < 3 * 30 * 18; i++)
    samples[i] = i * 7;
  for (guint i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autofree char *name = g_strdup_printf ("keep.jpg[%s]", files[i].options);
      g_autofree char *path = image_path ("keep.jpg");
      g_autofree char *target = image_path ("kept.jfif");
      g_autoptr (LacunaPhoto) photo = NULL, filled = NULL;
      Coefficients before, after;

      /* No multiple of a block. */
      if (files[i].options != NULL)
        saved_write (image_new (image_noise, 131, 77, files[i].bands, 8), name);
      else
        write_rgb_jpeg (image_new (image_noise, 131, 77, 3, 8), path);
      photo = saved_load (path);
      filled = lacuna_photo_paste (photo, &patch, 1, NULL);
      g_assert_true (lacuna_photo_save (filled, target, NULL, NULL));
      read_coefficients ("keep.jpg", &before);
      read_coefficients ("kept.jfif", &after);
      g_assert_cmpint (before.progressive, ==, after.progressive);
      compare_coefficients (&before, &after, hole);
      compare_pixels ("kept.jfif", photo, hole, files[i].cell);
      coefficients_clear (&before);
      coefficients_clear (&after);
    }
}

/* Too many pixels a side for the format: refused before anything is encoded. */
static void
test_limits (void)
{
  static const struct {
    int width;
    const char *bad, *good;
  } cases[] = { { 16384, "wide.webp", "wide.avif" },
                { 16385, "wide.avif", "wide.jpg" },
                { 16385, "wide.HEIC", "wide.tif" },
                { 16385, "wide.hif", "wide.jpe" },
                { 65501, "wide.jfif", "wide.png" } };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *source = image_path ("source.png");
      g_autofree char *bad = image_path (cases[i].bad);
      g_autofree char *good = image_path (cases[i].good);
      g_autoptr (LacunaPhoto) photo = NULL;
      g_autoptr (GError) error = NULL;

      saved_write (image_new (image_slope, cases[i].width, 16, 1, 8), "source.png");
      photo = saved_load (source);
      g_assert_true (lacuna_photo_check_save (photo, good, NULL, NULL));
      g_assert_false (lacuna_photo_check_save (photo, bad, NULL, &error));
      g_assert_error (error, LACUNA_ERROR, LACUNA_ERROR_UNFIT);
      g_clear_error (&error);
      g_assert_false (lacuna_photo_save (photo, bad, NULL, &error));
      g_assert_error (error, LACUNA_ERROR, LACUNA_ERROR_UNFIT);
      g_assert_false (g_file_test (bad, G_FILE_TEST_EXISTS));
    }
}

static guint
slope_with_clear_corner (int x, int y, int band)
{
  return band < 3 ? image_slope (x, y, band) : x + y == 0 ? 0 : 0xffff;
}

typedef struct {
  const char *name;
  int bands, depth; /* of what comes back */
  const char *format;
} LossyFile;

static void
check_lossy (const LossyFile *file)
{
  g_autofree char *path = image_path ("source.png");
  g_autoptr (LacunaPhoto) flat = NULL, grey = NULL, source = NULL, deep = NULL;

  saved_write (image_new (image_slope, 64, 48, 1, 16), "source.png");
  flat = saved_load (path);
  grey = saved_convert ("source.png", file->name, 0);
  g_assert_cmpfloat (compare (flat, grey), <, 0.01);

  saved_write (image_new (slope_with_clear_corner, 64, 48, 4, 16), "source.png");
  source = saved_load (path);
  deep = saved_convert ("source.png", file->name, 0);
  g_assert_cmpint (lacuna_photo_get_bands (deep), ==, file->bands);
  g_assert_cmpint (lacuna_photo_get_depth (deep), ==, file->depth);
  g_assert_cmpstr (lacuna_photo_get_format (deep), ==, file->format);
  g_assert_cmpfloat (compare (source, deep), <, 0.01);
}

static void
test_lossy (void)
{
  static const LossyFile files[] = {
    { "copy.jpg", 3, 8, "jpeg" },
    { "copy.WEBP", 4, 8, "webp" },
    { "copy.avif", 4, 16, "avif" },
    { "copy.heic", 4, 16, "heif" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autofree char *suffix = g_ascii_strdown (strchr (files[i].name, '.') + 1, -1);

      if (g_strv_contains (lacuna_photo_get_save_suffixes (), suffix))
        check_lossy (&files[i]);
      else
        g_test_message ("no %s here", suffix);
    }
}

/* A WebP that loses nothing is saved as such, another as it was. */
static void
test_lossless_webp (void)
{
  g_autofree char *path = image_path ("source.webp");

  for (int bands = 3; bands <= 4; bands++)
    for (int lossless = 0; lossless < 2; lossless++)
      {
        VipsImage *image = image_new (image_noise, 64, 48, bands, 8);
        g_autoptr (LacunaPhoto) source = NULL;
        g_autoptr (LacunaPhoto) copy = NULL;
        gsize size = 64 * 48 * bands;

        g_assert_cmpint (vips_webpsave (image, path, "lossless", lossless, NULL), ==, 0);
        g_object_unref (image);
        source = saved_load (path);
        copy = saved_convert ("source.webp", "copy.webp", 0);
        if (lossless)
          g_assert_cmpmem (lacuna_photo_get_pixels (source), size, lacuna_photo_get_pixels (copy), size);
        else
          g_assert_cmpfloat (compare (source, copy), >, 0.0);
      }
}

static guint
noise_with_holes (int x, int y, int band)
{
  return band == 3 && x % 3 == 0 ? 0 : image_noise (x, y, band);
}

/* Colours under what is transparent are kept as well, which nobody sees but whoever takes the transparency off. */
static void
test_clear_webp (void)
{
  g_autofree char *source_path = image_path ("source.webp"), *copy_path = image_path ("copy.webp");
  VipsImage *image = image_new (noise_with_holes, 64, 48, 4, 8), *file;
  g_autofree gpointer data = NULL;
  g_autoptr (LacunaPhoto) copy = NULL;
  VipsBlob *profile;
  gsize size;

  g_assert_cmpint (vips_profile_load ("p3", &profile, NULL), ==, 0);
  vips_image_set_blob_copy (image, VIPS_META_ICC_NAME, vips_blob_get (profile, NULL), VIPS_AREA (profile)->length);
  vips_area_unref (VIPS_AREA (profile));
  g_assert_true (lacuna_webp_encode (image, 90, &data, &size));
  g_assert_true (g_file_set_contents (source_path, data, size, NULL));
  copy = saved_convert ("source.webp", "copy.webp", 0);
  g_assert_cmpmem (vips_image_get_data (image), 64 * 48 * 4, lacuna_photo_get_pixels (copy), 64 * 48 * 4);
  file = vips_image_new_from_file (copy_path, NULL);
  saved_assert_blob_kept (image, file, VIPS_META_ICC_NAME);
  g_object_unref (file);
  g_object_unref (image);
}

static guint
clear_grey (int x, int y, int band)
{
  return band == 3 ? 0 : 0x3000;
}

static guint
opaque_slope (int x, int y, int band)
{
  return band % 2 == 1 ? 0xffff : image_slope (x, y, band);
}

/* What a format does not hold is told: alpha that hides nothing is no loss, nor are the 12 bits of a HEIC or AVIF. */
static void
test_loss (void)
{
  static const struct {
    ImageFunc func;
    int bands, depth;
    const char *from, *to, *loss; /* words of it; NULL: none */
  } cases[] = {
    { clear_grey, 4, 8, "source.png", "copy.JPG", "JPEG has no transparency." },
    { slope_with_clear_corner, 4, 16, "source.png", "copy.jpg", "transparency. The photo was rounded to 8 bits" },
    { opaque_slope, 2, 8, "source.png", "copy.jpg", NULL },
    { image_slope, 3, 16, "source.png", "copy.jpg", "8 bits a channel, the most that JPEG" },
    { slope_with_clear_corner, 4, 16, "source.tif", "copy.webp", "The photo was rounded to 8 bits" },
    { slope_with_clear_corner, 4, 8, "source.png", "copy.webp", NULL },
    { image_slope, 3, 16, "source.png", "copy.heic", "12 bits a channel, the most that HEIC" },
    { image_slope, 3, 16, "source.png", "copy.avif", "12 bits a channel, the most that AVIF" },
    { slope_with_clear_corner, 4, 16, "source.png", "copy.tif", NULL },
    { image_slope, 3, 16, "source.avif[bitdepth=12]", "copy.heif", NULL },
    { image_slope, 3, 16, "source.avif[bitdepth=12]", "copy.webp", "8 bits" },
    { image_slope, 3, 8, "source.png", "copy.xyz", NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = image_path (cases[i].from), *loss = NULL;
      g_autoptr (LacunaPhoto) photo = NULL;

      if (strstr (cases[i].from, "avif") != NULL && !g_strv_contains (lacuna_photo_get_save_suffixes (), "avif"))
        continue;
      saved_write (image_new (cases[i].func, 64, 48, cases[i].bands, cases[i].depth), cases[i].from);
      path[strcspn (path, "[")] = '\0';
      photo = saved_load (path);
      g_assert_cmpint (lacuna_photo_get_depth (photo), ==, cases[i].depth);
      loss = lacuna_photo_describe_loss (photo, cases[i].to);
      if (cases[i].loss == NULL)
        g_assert_null (loss);
      else
        g_assert_nonnull (strstr (loss != NULL ? loss : "", cases[i].loss));
    }
}

static void
test_jpeg_shows_white_where_clear (void)
{
  g_autoptr (LacunaPhoto) copy = NULL;

  saved_write (image_new (clear_grey, 32, 32, 4, 16), "source.png");
  copy = saved_convert ("source.png", "copy.jpg", 0);
  g_assert_cmpuint (((const guint8 *) lacuna_photo_get_pixels (copy))[0], ==, 255);
}

/* What was filled is opaque in every format that has alpha. */
static void
test_filled_is_opaque (void)
{
  static const char *const suffixes[] = { "png", "webp", "tif", "avif", "heic" };
  guint16 samples[3 * 256] = { 0 };
  guint8 all[256];

  memset (all, 255, sizeof all);
  for (int depth = 8; depth <= 16; depth += 8)
    for (guint i = 0; i < G_N_ELEMENTS (suffixes); i++)
      {
        const LacunaPatch patch = { { 8, 8, 16, 16 }, samples, all };
        g_autofree char *source = image_path ("source.png");
        g_autofree char *name = g_strconcat ("copy.", suffixes[i], NULL);
        g_autofree char *target = image_path (name);
        g_autoptr (LacunaPhoto) photo = NULL, filled = NULL, copy = NULL;
        int bytes;

        if (!g_strv_contains (lacuna_photo_get_save_suffixes (), suffixes[i]))
          continue;
        saved_write (image_new (clear_grey, 32, 32, 4, depth), "source.png");
        photo = saved_load (source);
        filled = lacuna_photo_paste (photo, &patch, 1, NULL);
        g_assert_true (lacuna_photo_save (filled, target, NULL, NULL));
        copy = saved_load (target);
        g_assert_cmpint (lacuna_photo_get_bands (copy), ==, 4);
        bytes = lacuna_photo_get_depth (copy) / 8;
        for (int y = 0; y < 32; y += 15)
          {
            const guint8 *end = (const guint8 *) lacuna_photo_get_pixels (copy) + (y * 32 + 15 + 1) * 4 * bytes;
            gboolean was_filled = y >= 8 && y < 24;

            g_assert_true (was_filled ? end[-1] >= 254 : end[-1] <= 1);
          }
      }
}

static void
assert_refused (LacunaPhoto *photo, const char *path, int code)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (lacuna_photo_save (photo, path, NULL, &error));
  g_assert_error (error, LACUNA_ERROR, code);
  g_assert_nonnull (strstr (error->message, path));
}

static guint
count_files (void)
{
  g_autoptr (GDir) dir = g_dir_open (image_folder, 0, NULL);
  guint n = 0;

  while (g_dir_read_name (dir) != NULL)
    n++;
  return n;
}

static void
test_disk_full (void)
{
  g_autofree char *source = image_path ("source.png");
  g_autofree char *old = image_path ("old.png");
  g_autofree char *content = NULL;
  g_autoptr (LacunaPhoto) photo = NULL;
  struct rlimit before, small;
  guint n_files;

  saved_write (image_new (image_noise, 200, 200, 3, 16), "source.png");
  photo = saved_load (source);
  g_assert_true (g_file_set_contents (old, "old", 3, NULL));
  n_files = count_files ();

  signal (SIGXFSZ, SIG_IGN);
  g_assert_cmpint (getrlimit (RLIMIT_FSIZE, &before), ==, 0);
  small = before;
  small.rlim_cur = 4096;
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &small), ==, 0);
  assert_refused (photo, old, LACUNA_ERROR_FILE);
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &before), ==, 0);

  g_assert_true (g_file_get_contents (old, &content, NULL, NULL));
  g_assert_cmpstr (content, ==, "old");
  g_assert_cmpuint (count_files (), ==, n_files);
}

static void
test_unwritable (void)
{
  g_autofree char *source = image_path ("source.png");
  g_autofree char *in_file = g_build_filename (source, "in-file.png", NULL);
  g_autofree char *nowhere = g_build_filename (image_folder, "missing", "photo.png", NULL);
  g_autofree char *unknown = image_path ("photo.xyz");
  g_autofree char *bare = image_path ("photo");
  g_autoptr (LacunaPhoto) photo = NULL;

  saved_write (image_new (image_noise, 32, 32, 3, 8), "source.png");
  photo = saved_load (source);
  assert_refused (photo, in_file, LACUNA_ERROR_FILE);
  assert_refused (photo, nowhere, LACUNA_ERROR_FILE);
  assert_refused (photo, unknown, LACUNA_ERROR_UNFIT);
  assert_refused (photo, bare, LACUNA_ERROR_UNFIT);
  g_assert_false (g_file_test (unknown, G_FILE_TEST_EXISTS));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/save/lossless", test_lossless);
  g_test_add_func ("/save/jpeg-encoding", test_jpeg_encoding);
  g_test_add_func ("/save/jpeg-keeps-blocks", test_jpeg_keeps_blocks);
  g_test_add_func ("/save/limits", test_limits);
  g_test_add_func ("/save/lossy", test_lossy);
  g_test_add_func ("/save/lossless-webp", test_lossless_webp);
  g_test_add_func ("/save/clear-webp", test_clear_webp);
  g_test_add_func ("/save/loss", test_loss);
  g_test_add_func ("/save/jpeg-shows-white-where-clear", test_jpeg_shows_white_where_clear);
  g_test_add_func ("/save/filled-is-opaque", test_filled_is_opaque);
  g_test_add_func ("/save/disk-full", test_disk_full);
  g_test_add_func ("/save/unwritable", test_unwritable);
  return image_test_run ();
}
