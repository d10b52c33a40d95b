/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tests several photos that are worked on together: they are listed, marked by one mask, filled, and saved by a
 * rule. The oracle is the names and states that have to come of it, and the photo's own pixels outside of the hole. */
#include "app/document/queue.h"

#include "app/document/glance.h"
#include "app/document/mask-fit.h"
#include "app/document/photo-list.h"
#include "app/document/result-name.h"
#include "tests/editing.h"
#include "tests/folder.h"

static LacunaEngine *engine;

static void
save_photo (const char *name, int width, int height)
{
  g_autoptr (LacunaPhoto) photo = picture_make (width, height, 8, picture_waves);
  g_autofree char *path = get_path (name);

  g_assert_true (lacuna_photo_save (photo, path, NULL, NULL));
}

static gboolean
is_there (const char *name)
{
  g_autofree char *path = get_path (name);

  return g_file_test (path, G_FILE_TEST_EXISTS);
}

/* No sessions; three photos of one shape, of which the last is half as large, one of another shape, and a file that is none. */
static void
begin (void)
{
  g_autofree char *sessions = lacuna_sessions_get_root (), *notes = get_path ("notes.txt");

  folder_remove (sessions);
  folder_remove (folder);
  g_mkdir (folder, 0700);
  save_photo ("1.png", 240, 160);
  save_photo ("2.png", 240, 160);
  save_photo ("10.png", 120, 80);
  save_photo ("tall.png", 160, 240);
  g_assert_true (g_file_set_contents (notes, "Not a photo.", -1, NULL));
}

static GPtrArray *
list (void)
{
  g_autoptr (GError) error = NULL;
  GPtrArray *photos = lacuna_photo_list_new ((const char *[]){ folder, NULL }, &error);

  g_assert_no_error (error);
  return photos;
}

static void
test_list (void)
{
  const char *expected[] = { "2.png", "1.png", "10.png", "tall.png" };
  g_autofree char *second = get_path ("2.png"), *empty = get_path ("empty");
  g_autoptr (GPtrArray) photos = NULL;
  g_autoptr (GError) error = NULL;

  begin ();
  photos = lacuna_photo_list_new ((const char *[]){ second, folder, NULL }, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (photos->len, ==, G_N_ELEMENTS (expected));
  for (guint i = 0; i < photos->len; i++)
    {
      g_autofree char *path = get_path (expected[i]);

      g_assert_cmpstr (photos->pdata[i], ==, path);
    }
  g_mkdir (empty, 0700);
  g_assert_null (lacuna_photo_list_new ((const char *[]){ empty, NULL }, &error));
  g_assert_error (error, LACUNA_ERROR, LACUNA_ERROR_FILE);
}

static void
assert_name (const char *path, const char *within, const char *expected)
{
  g_autofree char *name = lacuna_result_name (path, path, within);

  g_assert_cmpstr (name, ==, expected);
  g_assert_true (g_file_set_contents (name, "", 0, NULL));
}

/* No name is given twice, in a folder not even that of the photo. */
static void
test_name (void)
{
  g_autofree char *photo = get_path ("1.png"), *bitmap = get_path ("drawing.BMP");
  g_autofree char *first = get_path ("1 filled.png"), *second = get_path ("1 filled 2.png");
  g_autofree char *same = get_path ("1 2.png"), *other = get_path ("drawing filled.png");

  begin ();
  assert_name (photo, NULL, first);
  assert_name (photo, NULL, second);
  assert_name (photo, folder, same);
  assert_name (bitmap, NULL, other);
}

/* A pixel alone, and one of a line of them, of 4×4. */
static void
test_fit (void)
{
  const guint8 pixels[16] = { 0, 0, 0, 0, 0, 255, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 };
  g_autoptr (LacunaMask) mask = lacuna_mask_new (4, 4, pixels), same = lacuna_mask_fit (mask, 4, 4, NULL);
  g_autoptr (LacunaMask) larger = lacuna_mask_fit (mask, 8, 8, NULL), smaller = lacuna_mask_fit (mask, 2, 2, NULL);
  g_autoptr (LacunaMask) uneven = lacuna_mask_fit (mask, 3, 3, NULL);
  g_autoptr (GError) error = NULL;

  g_assert_cmpmem (lacuna_mask_get_pixels (same), 16, pixels, 16);
  g_assert_cmpuint (lacuna_mask_get_n_hole (larger), ==, 4);
  for (int y = 2; y < 4; y++)
    g_assert_cmpmem (lacuna_mask_get_pixels (larger) + 8 * y + 2, 2, "\xff\xff", 2);
  g_assert_cmpmem (lacuna_mask_get_pixels (smaller), 4, "\xff\0\0\0", 4);
  /* It lies half in the first, half in the second of three. */
  g_assert_cmpmem (lacuna_mask_get_pixels (uneven), 9, "\xff\xff\0\xff\xff\0\0\0\0", 9);
  g_assert_null (lacuna_mask_fit (mask, 4, 5, &error));
  g_assert_error (error, LACUNA_ERROR, LACUNA_ERROR_UNFIT);
}

static void
assert_states (const LacunaSessionState *expected)
{
  g_autoptr (GPtrArray) photos = list ();
  g_autoptr (GArray) states = lacuna_glance_states (photos);

  for (guint i = 0; i < states->len; i++)
    g_assert_cmpint (g_array_index (states, LacunaSessionState, i), ==, expected[i]);
}

/* Has what is marked in the first photo be marked in the others. */
static LacunaQueue *
mark (LacunaDocument *first)
{
  g_autoptr (GPtrArray) photos = list ();
  g_autoptr (LacunaMask) mask = NULL;
  LacunaQueue *queue = lacuna_queue_new (photos, first);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  stroke (first, 100, 60, 140, 80, 9, LACUNA_STROKE_MARK);
  mask = lacuna_raster_to_mask (lacuna_document_get_raster (first));
  lacuna_queue_mark_async (queue, mask, NULL, on_result, &result);
  lacuna_queue_finish (queue, wait_for (&result), &error);
  g_assert_no_error (error);
  return queue;
}

static void
test_mark (void)
{
  g_autoptr (LacunaDocument) first = NULL, second = NULL;
  g_autoptr (LacunaQueue) queue = NULL;
  GPtrArray *remarks;
  gsize n;

  begin ();
  first = editing_open ("1.png");
  queue = mark (first);
  remarks = lacuna_queue_get_remarks (queue);
  g_assert_cmpuint (lacuna_queue_get_n_done (queue), ==, 2);
  g_assert_cmpuint (lacuna_queue_get_n_failed (queue), ==, 1);
  g_assert_true (g_str_has_suffix (((LacunaRemark *) remarks->pdata[0])->path, "tall.png"));
  n = lacuna_raster_get_n_hole (lacuna_document_get_raster (first));
  editing_close (first);
  assert_states ((LacunaSessionState[]){ LACUNA_SESSION_MARKED, LACUNA_SESSION_MARKED, LACUNA_SESSION_MARKED,
                                         LACUNA_SESSION_UNDONE });
  second = editing_open ("2.png");
  g_assert_cmpuint (lacuna_raster_get_n_hole (lacuna_document_get_raster (second)), ==, n);
  lacuna_document_undo (second);
  g_assert_false (lacuna_document_has_hole (second));
  editing_close (second);
}

/* Runs a queue over all photos. stop: cancelled once the first is done with. */
static LacunaQueue *
fill_all (LacunaDocument *open, GCancellable *stop, GError **error)
{
  g_autofree char *model = g_test_build_filename (G_TEST_DIST, "golden", "generator_tiny_oihw.safetensors", NULL);
  g_autoptr (GPtrArray) photos = list ();
  g_autoptr (GAsyncResult) result = NULL;
  LacunaQueue *queue = lacuna_queue_new (photos, open);

  if (stop != NULL)
    g_signal_connect_swapped (queue, "left", G_CALLBACK (g_cancellable_cancel), stop);
  lacuna_queue_fill_async (queue, engine, model, 0, NULL, stop, on_result, &result);
  lacuna_queue_finish (queue, wait_for (&result), error);
  return queue;
}

/* Outside of the hole, and of what is around it to be grown over, the saved photo is the photo. */
static void
assert_filled (const char *name, const char *result)
{
  g_autofree char *before_path = get_path (name), *after_path = get_path (result);
  g_autoptr (LacunaPhoto) before = lacuna_photo_load (before_path, NULL, NULL);
  g_autoptr (LacunaPhoto) after = lacuna_photo_load (after_path, NULL, NULL);
  const guint8 *old = lacuna_photo_get_pixels (before), *new = lacuna_photo_get_pixels (after);
  int width = lacuna_photo_get_width (before), changed = 0;

  for (int i = 0; i < 3 * width * lacuna_photo_get_height (before); i++)
    {
      int x = 240 * (i / 3 % width) / width, y = 240 * (i / 3 / width) / width;

      changed += old[i] != new[i];
      g_assert_true (old[i] == new[i] || (x > 80 && x < 160 && y > 40 && y < 100));
    }
  g_assert_cmpint (changed, >, 0);
}

static void
test_fill (void)
{
  g_autofree char *taken = get_path ("2 filled.png"), *damaged = get_path ("damaged.png"), *kept = NULL;
  g_autoptr (LacunaDocument) first = NULL;
  g_autoptr (LacunaQueue) marked = NULL, queue = NULL, again = NULL;
  g_autoptr (GError) error = NULL;

  begin ();
  first = editing_open ("1.png");
  marked = mark (first);
  g_assert_true (g_file_set_contents (damaged, "PNG", -1, NULL));
  g_mkdir (taken, 0700); /* a folder is not listed */
  queue = fill_all (first, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (lacuna_queue_get_n_done (queue), ==, 3);
  g_assert_cmpuint (lacuna_queue_get_n_failed (queue), ==, 1);
  g_assert_true (g_file_test (lacuna_queue_get_result (queue), G_FILE_TEST_IS_REGULAR));
  assert_filled ("1.png", "1 filled.png");
  assert_filled ("2.png", "2 filled 2.png");
  assert_filled ("10.png", "10 filled.png");
  g_assert_false (is_there ("tall filled.png"));
  g_assert_false (lacuna_document_get_modified (first));
  kept = get_path ("1 filled 2.png");
  again = fill_all (first, NULL, &error);
  g_assert_cmpuint (lacuna_queue_get_n_done (again), ==, 0);
  g_assert_null (lacuna_queue_get_result (again));
  g_assert_false (g_file_test (kept, G_FILE_TEST_EXISTS));
  editing_close (first);
}

/* What was done before stays, and so do the marks of the others. */
static void
test_cancel (void)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (LacunaDocument) first = NULL;
  g_autoptr (LacunaQueue) marked = NULL, queue = NULL;
  g_autoptr (GError) error = NULL;

  begin ();
  first = editing_open ("1.png");
  marked = mark (first);
  editing_close (first);
  queue = fill_all (NULL, cancellable, &error);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpuint (lacuna_queue_get_n_done (queue), ==, 1);
  g_assert_cmpuint (lacuna_queue_get_n_failed (queue), ==, 0);
  assert_filled ("1.png", "1 filled.png");
  /* "1 filled.png" is listed as well. */
  assert_states ((LacunaSessionState[]){ LACUNA_SESSION_SAVED, LACUNA_SESSION_UNDONE, LACUNA_SESSION_MARKED,
                                         LACUNA_SESSION_MARKED, LACUNA_SESSION_UNDONE });
}

int
main (int argc, char **argv)
{
  g_autofree char *data = g_dir_make_tmp ("lacuna-data-XXXXXX", NULL);
  int status;

  folder = g_dir_make_tmp ("lacuna-several-XXXXXX", NULL);
  g_setenv ("XDG_DATA_HOME", data, TRUE);
  g_test_init (&argc, &argv, NULL);
  engine = lacuna_engine_new (NULL, 0);
  g_test_add_func ("/several/list", test_list);
  g_test_add_func ("/several/name", test_name);
  g_test_add_func ("/several/fit", test_fit);
  g_test_add_func ("/several/mark", test_mark);
  g_test_add_func ("/several/fill", test_fill);
  g_test_add_func ("/several/cancel", test_cancel);
  status = g_test_run ();
  g_object_unref (engine);
  folder_remove (folder);
  folder_remove (data);
  g_free (folder);
  return status;
}
