/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tests the batches that a training learns from: holes and their discounts, the folder of photos, and which are held
 * out. The oracle is a golden discount, the properties that every hole has, and that the same number gives the same
 * batch. */
#include "engine/train/batch.h"
#include "engine/train/held-out.h"

#include <glib/gstdio.h>
#include <string.h>

#include "engine/error.h"
#include "engine/train/folder-private.h"
#include "engine/weights/weights.h"
#include "tests/folder.h"
#include "tests/golden.h"
#include "tests/picture.h"

static char *folder;

static void
put_photo (const char *name, int width, int height, PictureFunc func)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autofree char *parent = g_path_get_dirname (path);
  g_autoptr (LacunaPhoto) photo = picture_make (width, height, 8, func);
  g_autoptr (GError) error = NULL;

  g_mkdir_with_parents (parent, 0700);
  lacuna_photo_save (photo, path, NULL, &error);
  g_assert_no_error (error);
}

static LacunaPhotoFolder *
read_folder (LacunaPhotoCache *cache)
{
  g_autoptr (GError) error = NULL;
  LacunaPhotoFolder *photos = lacuna_photo_folder_read (folder, cache, NULL, NULL, NULL, &error);

  g_assert_no_error (error);
  return photos;
}

static void
test_discount (void)
{
  g_autoptr (LacunaWeights) golden = golden_load ("discount");
  const LacunaWeightsEntry *entry;
  g_autofree float *expected = golden_read (golden, "discount_24x40", &entry);
  g_autofree float *got = g_new (float, entry->n_elements);

  lacuna_hole_discount_rectangle (0.9, entry->dims[1], entry->dims[0], entry->dims[1], got);
  golden_assert_close ("discount", got, expected, entry->n_elements, 1e-6);
}

/* Every kind: never empty, 1 or 0, weighed where it is a hole and nowhere else, most at its border. */
static void
test_holes (void)
{
  const guint side = 32, stride = 40;

  for (LacunaHoleKinds kind = LACUNA_HOLE_RECTANGLES; kind <= LACUNA_HOLE_BLOBS; kind <<= 1)
    for (guint32 seed = 0; seed < 200; seed++)
      {
        g_autoptr (GRand) rand = g_rand_new_with_seed (seed);
        g_autofree float *mask = g_new0 (float, side *stride);
        g_autofree float *discount = g_new0 (float, side *stride);
        float largest = 0.0f;

        lacuna_hole_draw (rand, kind, 0.9, side, stride, mask, discount);
        for (guint i = 0; i < side * stride; i++)
          {
            g_assert_true (mask[i] == 0.0f || (mask[i] == 1.0f && i % stride < side));
            g_assert_true (mask[i] == 1.0f ? discount[i] > 0.0f && discount[i] <= 1.0f : discount[i] == 0.0f);
            largest = MAX (largest, discount[i]);
          }
        g_assert_cmpfloat (largest, ==, 1.0f);
      }
}

static void
test_folder (void)
{
  g_autoptr (LacunaPhotoCache) cache = lacuna_photo_cache_new (32, 64, 0);
  g_autofree char *text = g_build_filename (folder, "notes.txt", NULL);
  g_autoptr (LacunaPhotoFolder) photos = NULL;
  g_autoptr (LacunaPhoto) small = NULL;
  g_autoptr (GError) error = NULL;
  const char *reason;

  put_photo ("a.png", 100, 80, picture_waves);
  put_photo ("deep/er/b.jpg", 90, 300, picture_gradient);
  put_photo ("deep/small.png", 200, 31, picture_gradient);
  g_file_set_contents (text, "not a photo", -1, NULL);
  photos = read_folder (cache);
  g_assert_cmpuint (lacuna_photo_folder_get_n_photos (photos), ==, 2);
  g_assert_cmpuint (lacuna_photo_folder_get_n_held_out (photos), ==, 1);
  g_assert_true (g_str_has_suffix (lacuna_photo_folder_get_photos (photos)[0], "/a.png"));
  g_assert_true (g_str_has_suffix (lacuna_photo_folder_get_photos (photos)[1], "/deep/er/b.jpg"));
  g_assert_cmpuint (lacuna_photo_folder_get_n_skipped (photos), ==, 2);
  g_assert_true (g_str_has_suffix (lacuna_photo_folder_get_skipped (photos, 0, &reason), "/deep/small.png"));
  g_assert_nonnull (strstr (reason, "200 × 31 pixels, which is too small"));
  g_assert_true (g_str_has_suffix (lacuna_photo_folder_get_skipped (photos, 1, &reason), "/notes.txt"));

  small = lacuna_photo_cache_load (cache, lacuna_photo_folder_get_photos (photos)[1], NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (lacuna_photo_get_width (small), ==, 64);
  g_assert_cmpint (lacuna_photo_get_height (small), ==, 213);
}

static void
test_no_folder (void)
{
  g_autoptr (LacunaPhotoCache) cache = lacuna_photo_cache_new (32, 64, 0);
  g_autofree char *text = g_build_filename (folder, "notes.txt", NULL);
  g_autoptr (GError) empty = NULL;
  g_autoptr (GError) missing = NULL;

  g_file_set_contents (text, "not a photo", -1, NULL);
  g_assert_null (lacuna_photo_folder_read (folder, cache, NULL, NULL, NULL, &empty));
  g_assert_error (empty, LACUNA_ERROR, LACUNA_ERROR_EMPTY);
  g_assert_null (lacuna_photo_folder_read ("/nonexistent", cache, NULL, NULL, NULL, &missing));
  g_assert_error (missing, LACUNA_ERROR, LACUNA_ERROR_FILE);
}

/* Nothing is on both sides, and a photo that comes changes the sides of few. */
static void
test_split (void)
{
  g_autoptr (LacunaPhotoCache) cache = lacuna_photo_cache_new (16, 16, 0);
  g_autoptr (LacunaPhotoFolder) photos = NULL;
  g_autoptr (LacunaPhotoFolder) more = NULL;
  g_autoptr (GPtrArray) learnt = NULL;
  g_autoptr (GPtrArray) held_out = NULL;
  g_autoptr (GPtrArray) learnt_now = NULL;
  g_autoptr (GPtrArray) held_out_now = NULL;
  guint n_moved = 0;

  for (int i = 0; i < 30; i++)
    {
      g_autofree char *name = g_strdup_printf ("%02d.png", i);

      put_photo (name, 20 + i, 20, picture_gradient);
    }
  photos = read_folder (cache);
  lacuna_photo_folder_split (photos, 7, &learnt, &held_out);
  g_assert_cmpuint (held_out->len, ==, 3);
  g_assert_cmpuint (learnt->len, ==, 27);
  for (guint i = 0; i < held_out->len; i++)
    g_assert_false (g_ptr_array_find_with_equal_func (learnt, held_out->pdata[i], g_str_equal, NULL));

  put_photo ("new.png", 40, 40, picture_gradient);
  more = read_folder (cache);
  lacuna_photo_folder_split (more, 7, &learnt_now, &held_out_now);
  for (guint i = 0; i < held_out->len; i++)
    n_moved += !g_ptr_array_find_with_equal_func (held_out_now, held_out->pdata[i], g_str_equal, NULL);
  g_assert_cmpuint (n_moved, <=, 1);
}

static GPtrArray *
list_paths (LacunaPhotoFolder *photos)
{
  GPtrArray *paths = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < lacuna_photo_folder_get_n_photos (photos); i++)
    g_ptr_array_add (paths, g_strdup (lacuna_photo_folder_get_photos (photos)[i]));
  return paths;
}

static const LacunaBatchOptions options
    = { .n = 3, .least_side = 32, .side = 32, .holes = LACUNA_HOLE_ALL_KINDS, .gamma = 0.9, .seed = 5 };

static void
assert_same (const LacunaBatch *a, const LacunaBatch *b, gboolean same)
{
  gsize plane = options.n * options.side * options.side;
  gboolean equal = memcmp (a->image, b->image, 3 * plane * sizeof (float)) == 0
                   && memcmp (a->mask, b->mask, plane * sizeof (float)) == 0
                   && memcmp (a->discount, b->discount, plane * sizeof (float)) == 0
                   && memcmp (a->corners, b->corners, 2 * options.n * sizeof (guint)) == 0
                   && memcmp (a->t, b->t, 2 * options.n * sizeof (float)) == 0;

  g_assert_cmpint (equal, ==, same);
}

/* A batch is the same whichever came before it, whoever makes it, and whether the cache holds its photos. */
static void
test_batches (void)
{
  g_autoptr (LacunaPhotoCache) cache = lacuna_photo_cache_new (32, 64, 1); /* keeps no file */
  g_autoptr (LacunaPhotoCache) other_cache = lacuna_photo_cache_new (32, 64, 0);
  g_autoptr (LacunaPhotoFolder) photos = NULL;
  g_autoptr (LacunaBatches) batches = NULL;
  g_autoptr (LacunaBatches) others = NULL;
  g_autoptr (LacunaBatch) first = NULL;
  g_autoptr (LacunaBatch) second = NULL;
  g_autoptr (LacunaBatch) again = NULL;
  g_autoptr (GPtrArray) paths = NULL;
  g_autoptr (GError) error = NULL;

  put_photo ("a.png", 100, 80, picture_waves);
  put_photo ("b.png", 90, 300, picture_gradient);
  photos = read_folder (cache);
  paths = list_paths (photos);
  batches = lacuna_batches_new (cache, paths, NULL, &options);
  others = lacuna_batches_new (other_cache, paths, NULL, &options);
  first = lacuna_batches_take (batches, 6, &error);
  second = lacuna_batches_take (batches, 7, &error);
  g_clear_pointer (&batches, lacuna_batches_free); /* at work on the next, it would remove what the others keep */
  again = lacuna_batches_take (others, 7, &error);
  g_assert_no_error (error);
  assert_same (second, again, TRUE);
  assert_same (first, second, FALSE);
}

/* Batches have every side from the least to the largest, and holes within windows of half of it. */
static void
test_sides (void)
{
  LacunaBatchOptions several = options;
  g_autoptr (LacunaPhotoCache) cache = lacuna_photo_cache_new (64, 128, 0);
  g_autoptr (LacunaPhotoFolder) photos = NULL;
  g_autoptr (LacunaBatches) batches = NULL;
  g_autoptr (GPtrArray) paths = NULL;
  g_autoptr (GError) error = NULL;
  const LacunaHeldOutOptions judged
      = { .least_side = 32, .side = 64, .holes = LACUNA_HOLE_ALL_KINDS, .seed = 5, .n = 4 };
  g_autoptr (LacunaHeldOut) held_out = NULL;
  guint n_of[3] = { 0 };

  put_photo ("a.png", 100, 80, picture_waves);
  photos = read_folder (cache);
  paths = list_paths (photos);
  several.side = 64;
  batches = lacuna_batches_new (cache, paths, NULL, &several);
  for (guint number = 0; number < 160; number++)
    {
      g_autoptr (LacunaBatch) batch = lacuna_batches_take (batches, number, &error);
      gsize plane;

      g_assert_no_error (error);
      g_assert_cmpuint (batch->side % 16, ==, 0);
      g_assert_cmpuint (batch->side, >=, 32);
      g_assert_cmpuint (batch->side, <=, 64);
      g_assert_cmpuint (batch->window, ==, batch->side / 2);
      n_of[batch->side / 16 - 2]++;
      plane = (gsize) batch->side * batch->side;
      for (gsize i = 0; i < batch->n * plane; i++)
        {
          const guint *corner = batch->corners + i / plane * 2;
          guint y = i % plane / batch->side, x = i % batch->side;

          if (batch->mask[i] != 0.0f)
            g_assert_true (y - corner[0] < batch->window && x - corner[1] < batch->window);
        }
    }
  for (guint i = 0; i < G_N_ELEMENTS (n_of); i++)
    g_assert_cmpuint (n_of[i], >, 4);
  /* They are judged by crops of every side too. */
  held_out = lacuna_held_out_new (cache, paths, &judged, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < judged.n; i++)
    {
      g_assert_cmpint (lacuna_photo_get_width (lacuna_held_out_get_truth (held_out, i)), ==, 32 + i % 3 * 16);
      g_assert_cmpint (lacuna_mask_get_width (lacuna_held_out_get_mask (held_out, i)), ==, 32 + i % 3 * 16);
    }
}

/* A photo deleted meanwhile gives way to another; without any there is an error. */
static void
test_lost (void)
{
  g_autoptr (LacunaPhotoCache) cache = lacuna_photo_cache_new (32, 64, 0);
  g_autoptr (LacunaPhotoFolder) photos = NULL;
  g_autoptr (LacunaBatches) batches = NULL;
  g_autoptr (LacunaBatch) batch = NULL;
  g_autoptr (GPtrArray) paths = NULL;
  g_autoptr (GError) error = NULL;

  put_photo ("a.png", 100, 80, picture_waves);
  put_photo ("b.png", 90, 300, picture_gradient);
  photos = read_folder (cache);
  paths = list_paths (photos);
  batches = lacuna_batches_new (cache, paths, NULL, &options);
  g_unlink (paths->pdata[0]);
  for (guint number = 0; number < 8; number++)
    {
      g_clear_pointer (&batch, lacuna_batch_free);
      batch = lacuna_batches_take (batches, number, &error);
      g_assert_no_error (error);
    }
  g_assert_cmpuint (lacuna_batches_get_n_lost (batches), ==, 1);
  g_unlink (paths->pdata[1]);
  g_assert_null (lacuna_batches_take (batches, 100, &error));
  g_assert_error (error, LACUNA_ERROR, LACUNA_ERROR_FILE);
}

static void
in_folder (gconstpointer test)
{
  folder = g_dir_make_tmp ("lacuna-batch-XXXXXX", NULL);
  ((void (*) (void)) test) ();
  folder_remove (folder);
  g_free (folder);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_func ("/batch/discount", test_discount);
  g_test_add_func ("/batch/holes", test_holes);
  g_test_add_data_func ("/batch/folder", test_folder, in_folder);
  g_test_add_data_func ("/batch/no-folder", test_no_folder, in_folder);
  g_test_add_data_func ("/batch/split", test_split, in_folder);
  g_test_add_data_func ("/batch/batches", test_batches, in_folder);
  g_test_add_data_func ("/batch/sides", test_sides, in_folder);
  g_test_add_data_func ("/batch/lost", test_lost, in_folder);
  return g_test_run ();
}
