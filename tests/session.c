/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tests what is kept of a photo once it is closed. The oracle is what a person sees of the document before and after. */
#include <utime.h>

#include "tests/work.h"

static LacunaSession *
find_only (void)
{
  g_autoptr (GPtrArray) sessions = lacuna_sessions_list ();

  g_assert_cmpuint (sessions->len, ==, 1);
  return g_ptr_array_steal_index (sessions, 0);
}

/* Closed with marks and variants, another opened in between: all is there again, and can be undone. */
static void
test_reopened (void)
{
  g_autoptr (LacunaDocument) document = NULL, other = NULL, again = NULL;
  g_auto (Look) before = { 0 }, after = { 0 };
  g_autoptr (GBytes) original = NULL, undone = NULL;
  g_autoptr (LacunaSession) session = NULL;

  begin ();
  document = editing_open ("photo.png");
  original = copy_photo (document);
  work (document);
  before = look (document);
  g_assert_cmpuint (before.n_variants, ==, 2);
  g_assert_nonnull (strstr (before.fills, "modelSHA256"));
  g_assert_cmpuint (before.n_steer[LACUNA_STEER_AVOID], >, 600);
  g_assert_cmpuint (before.n_steer[LACUNA_STEER_PREFER], >, 1200);
  g_assert_nonnull (before.lines);
  other = editing_open ("other.png");
  editing_close (document);
  editing_close (other);
  /* Nothing is kept of a photo that was only looked at. */
  session = find_only ();
  g_assert_cmpint (session->state, ==, LACUNA_SESSION_FILLED);
  g_assert_true (g_file_test (session->preview, G_FILE_TEST_EXISTS));
  again = editing_open ("photo.png");
  after = look (again);
  assert_alike (&after, &before);
  lacuna_document_choose_variant (again, 1);
  for (int i = 0; i < 8; i++)
    lacuna_document_undo (again);
  undone = copy_photo (again);
  assert_same (undone, original);
  g_assert_false (lacuna_document_has_hole (again));
  editing_close (again);
}

static void
save (LacunaDocument *document, const char *name)
{
  g_autofree char *path = get_path (name);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  lacuna_document_save_async (document, path, NULL, FALSE, NULL, on_result, &result);
  lacuna_document_save_finish (document, wait_for (&result), &error);
  g_assert_no_error (error);
}

/* Closes the photo while it is saved, and opens it again at once. */
static LacunaDocument *
save_late (LacunaDocument *document, const char *name)
{
  g_autofree char *path = get_path (name), *photo = get_path ("photo.png");
  g_autoptr (GAsyncResult) saved = NULL, closed = NULL, opened = NULL;
  g_autoptr (GError) error = NULL;

  lacuna_document_save_async (document, path, NULL, FALSE, NULL, on_result, &saved);
  lacuna_document_close_async (document, on_result, &closed);
  lacuna_document_open_async (photo, NULL, on_result, &opened);
  lacuna_document_save_finish (document, wait_for (&saved), &error);
  g_assert_no_error (error);
  lacuna_document_close_finish (document, wait_for (&closed), &error);
  g_assert_no_error (error);
  return editing_await (&opened);
}

/* That the work was saved is known later, also where it was closed meanwhile; saved over the photo itself it can still be
 * undone. */
static void
test_saved (void)
{
  const char *names[] = { "result.png", "photo.png", "result.png", "photo.png" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      gboolean is_late = i > 1;
      g_autoptr (LacunaDocument) document = NULL, again = NULL;
      g_autoptr (LacunaSession) session = NULL;
      g_autoptr (GBytes) original = NULL, undone = NULL;

      begin ();
      document = editing_open ("photo.png");
      original = copy_photo (document);
      stroke (document, 100, 100, 130, 120, 14, LACUNA_STROKE_MARK);
      fill_well (document);
      if (is_late)
        again = save_late (document, names[i]);
      else
        {
          save (document, names[i]);
          editing_close (document);
          again = editing_open ("photo.png");
        }
      session = find_only ();
      g_assert_cmpint (session->state, ==, LACUNA_SESSION_SAVED);
      g_assert_null (lacuna_document_get_note (again));
      g_assert_false (lacuna_document_get_modified (again));
      lacuna_document_undo (again);
      undone = copy_photo (again);
      assert_same (undone, original);
      g_assert_true (lacuna_document_get_modified (again));
      editing_close (again);
    }
}

/* Of a photo with more bits than a WebP has; NULL where the format has them. */
static char *
save_deep (const char *name)
{
  g_autofree char *path = get_path (name);
  g_autoptr (LacunaDocument) document = editing_open ("deep.png");
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  char *loss;

  lacuna_document_save_async (document, path, NULL, TRUE, NULL, on_result, &result);
  lacuna_document_save_finish (document, wait_for (&result), &error);
  g_assert_no_error (error);
  loss = g_strdup (lacuna_document_save_get_loss (result));
  editing_close (document);
  return loss;
}

static void
test_loss (void)
{
  g_autoptr (GBytes) samples = g_bytes_new_take (g_malloc0 (32 * 32 * 3 * 2), 32 * 32 * 3 * 2);
  g_autoptr (LacunaPhoto) photo = lacuna_photo_new (32, 32, 3, 16, samples, NULL);
  g_autofree char *path = NULL, *lost = NULL, *kept = NULL;

  begin ();
  path = get_path ("deep.png");
  g_assert_true (lacuna_photo_save (photo, path, NULL, NULL));
  lost = save_deep ("deep.webp");
  kept = save_deep ("copy.png");
  g_assert_nonnull (strstr (lost != NULL ? lost : "", "8 bits"));
  g_assert_null (kept);
}

static void
check_status (LacunaDocument *document, const char *expected)
{
  g_autofree char *status = NULL;

  g_object_get (document, "status", &status, NULL);
  g_assert_cmpstr (status, ==, expected);
}

/* A fill under way is ended, and whoever opens the photo is told to make it anew; one that was cancelled is not. */
static void
test_filling (void)
{
  g_autofree char *model = g_test_build_filename (G_TEST_DIST, "golden", "generator_tiny_oihw.safetensors", NULL);
  LacunaFillOptions options = { .model = model };
  g_autoptr (LacunaDocument) document = NULL, again = NULL, last = NULL;
  g_autoptr (GAsyncResult) filled = NULL;
  g_autoptr (GError) error = NULL;

  begin ();
  document = editing_open ("photo.png");
  stroke (document, 100, 100, 130, 120, 14, LACUNA_STROKE_MARK);
  lacuna_document_set_preparing (document, TRUE);
  lacuna_document_fill_async (document, engine, &options, NULL, on_result, &filled);
  check_status (document, "Preparing the device: to compile for it takes a minute, once");
  editing_close (document);
  g_assert_false (lacuna_document_fill_finish (document, wait_for (&filled), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);
  again = editing_open ("photo.png");
  g_assert_true (lacuna_document_get_unfinished (again));
  g_assert_true (lacuna_document_has_hole (again));
  g_clear_object (&filled);
  lacuna_document_fill_async (again, engine, &options, NULL, on_result, &filled);
  g_assert_false (lacuna_document_get_unfinished (again));
  check_status (again, "Preparing the photo");
  lacuna_document_cancel_fill (again);
  g_assert_false (lacuna_document_fill_finish (again, wait_for (&filled), &error));
  editing_close (again);
  last = editing_open ("photo.png");
  g_assert_false (lacuna_document_get_unfinished (last));
  editing_close (last);
}

static void
copy_file (const char *from, const char *to)
{
  g_autofree char *source = get_path (from), *target = get_path (to), *data = NULL;
  gsize size;

  g_assert_true (g_file_get_contents (source, &data, &size, NULL));
  g_assert_true (g_file_set_contents (target, data, size, NULL));
}

/* Another content is noticed and said, and the work on the earlier one stays; another date or place is not another
 * photo. */
static void
test_changed (void)
{
  g_autoptr (LacunaDocument) document = NULL, touched = NULL, moved = NULL, changed = NULL, earlier = NULL;
  g_autofree char *path = get_path ("photo.png"), *place = get_path ("moved.png");
  g_autoptr (LacunaSession) session = NULL;
  g_autoptr (GPtrArray) both = NULL;
  gsize n;

  begin ();
  document = editing_open ("photo.png");
  stroke (document, 100, 100, 130, 120, 14, LACUNA_STROKE_MARK);
  n = lacuna_raster_get_n_hole (lacuna_document_get_raster (document));
  editing_close (document);
  g_utime (path, &(struct utimbuf){ 1, 1 });
  touched = editing_open ("photo.png");
  g_assert_cmpuint (lacuna_raster_get_n_hole (lacuna_document_get_raster (touched)), ==, n);
  editing_close (touched);
  g_rename (path, place);
  moved = editing_open ("moved.png");
  g_assert_cmpuint (lacuna_raster_get_n_hole (lacuna_document_get_raster (moved)), ==, n);
  g_assert_cmpstr (lacuna_document_get_title (moved), ==, "moved.png");
  stroke (moved, 300, 100, 320, 100, 14, LACUNA_STROKE_AVOID);
  editing_close (moved);

  copy_file ("other.png", "moved.png");
  session = find_only ();
  changed = editing_open ("moved.png");
  g_assert_nonnull (strstr (lacuna_document_get_note (changed), "changed on disk"));
  g_assert_false (lacuna_document_has_hole (changed));
  stroke (changed, 10, 10, 30, 20, 14, LACUNA_STROKE_MARK);
  editing_close (changed);
  both = lacuna_sessions_list ();
  g_assert_cmpuint (both->len, ==, 2);
  earlier = editing_open_session (session->path);
  g_assert_nonnull (strstr (lacuna_document_get_note (earlier), "changed on disk"));
  g_assert_cmpuint (lacuna_raster_get_n_hole (lacuna_document_get_raster (earlier)), ==, n);
  editing_close (earlier);
}

/* What can't be read is moved aside, said, and begun anew. */
static void
test_damaged (void)
{
  g_autoptr (LacunaDocument) document = NULL, again = NULL;
  g_autoptr (LacunaSession) session = NULL;
  g_autofree char *step = NULL, *kept = NULL;

  begin ();
  document = editing_open ("photo.png");
  stroke (document, 100, 100, 130, 120, 14, LACUNA_STROKE_MARK);
  editing_close (document);
  session = find_only ();
  step = g_build_filename (session->path, "step-0", NULL);
  g_assert_true (g_file_set_contents (step, "odd", 3, NULL));
  again = editing_open ("photo.png");
  g_assert_nonnull (strstr (lacuna_document_get_note (again), "moved aside"));
  g_assert_false (lacuna_document_has_hole (again));
  kept = g_strconcat (session->path, ".damaged/photo.png", NULL);
  g_assert_true (g_file_test (kept, G_FILE_TEST_EXISTS));
  editing_close (again);
}

static void
make_session (guint i, const char *state)
{
  g_autofree char *root = lacuna_sessions_get_root (), *name = g_strdup_printf ("s-%03u", i);
  g_autofree char *path = g_build_filename (root, name, NULL), *json = g_build_filename (path, "session.json", NULL);
  g_autofree char *text = g_strdup_printf ("{ \"photo\" : \"file:///p%u.jpg\", \"state\" : \"%s\" }", i, state);

  g_assert_cmpint (g_mkdir_with_parents (path, 0700), ==, 0);
  g_assert_true (g_file_set_contents (json, text, -1, NULL));
  g_utime (json, &(struct utimbuf){ 1000 + i, 1000 + i });
}

/* Too many: the oldest that were saved go, and no other. */
static void
test_bounds (void)
{
  static const char *const oldest[] = { "s-000", "s-002", "s-004" };
  g_autoptr (GPtrArray) sessions = NULL;

  begin ();
  for (guint i = 0; i < LACUNA_SESSIONS_MOST + 3; i++)
    make_session (i, i % 2 ? "saved" : "filled");
  sessions = lacuna_sessions_list ();
  lacuna_sessions_prune (sessions);
  g_clear_pointer (&sessions, g_ptr_array_unref);
  sessions = lacuna_sessions_list ();
  g_assert_cmpuint (sessions->len, ==, LACUNA_SESSIONS_MOST);
  for (guint i = 0; i < G_N_ELEMENTS (oldest); i++)
    g_assert_true (g_str_has_suffix (((LacunaSession *) sessions->pdata[sessions->len - 1 - i])->path, oldest[i]));
  begin ();
  for (guint i = 0; i < LACUNA_SESSIONS_MOST + 3; i++)
    make_session (i, "marked");
  g_clear_pointer (&sessions, g_ptr_array_unref);
  sessions = lacuna_sessions_list ();
  lacuna_sessions_prune (sessions);
  g_assert_cmpuint (sessions->len, ==, LACUNA_SESSIONS_MOST + 3);
}

/* Forgotten, undone, and forgotten for good. */
static void
test_forgotten (void)
{
  g_autoptr (LacunaDocument) document = NULL, again = NULL;
  g_autoptr (LacunaSession) session = NULL, restored = NULL;
  g_autofree char *root = lacuna_sessions_get_root ();
  g_autoptr (GDir) rest = NULL;

  begin ();
  document = editing_open ("photo.png");
  stroke (document, 100, 100, 130, 120, 14, LACUNA_STROKE_MARK);
  editing_close (document);
  session = find_only ();
  again = editing_open ("photo.png");
  g_assert_false (lacuna_session_forget (session->path));
  editing_close (again);
  g_assert_true (lacuna_session_forget (session->path));
  lacuna_session_restore (session->path);
  restored = find_only ();
  g_assert_true (lacuna_session_forget (session->path));
  lacuna_session_remove_forgotten (session->path);
  rest = g_dir_open (root, 0, NULL);
  g_assert_null (g_dir_read_name (rest));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/session/reopened", test_reopened);
  g_test_add_func ("/session/saved", test_saved);
  g_test_add_func ("/session/loss", test_loss);
  g_test_add_func ("/session/filling", test_filling);
  g_test_add_func ("/session/changed", test_changed);
  g_test_add_func ("/session/damaged", test_damaged);
  g_test_add_func ("/session/bounds", test_bounds);
  g_test_add_func ("/session/forgotten", test_forgotten);
  return run_in_folder ();
}
