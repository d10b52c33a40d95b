/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tests what is kept of a photo once it is closed, and projects. The oracle is what a person sees of the document
 * before and after: mask, photo, variants, lines, and what is told of the fills. */
#include "app/document/session.h"

#include <gio/gio.h>
#include <utime.h>

#include "tests/editing.h"
#include "tests/folder.h"

static LacunaEngine *engine;

/* What a person would see of a document. */
typedef struct {
  GBytes *mask, *photo;
  gsize n_steer[LACUNA_N_STEERS];
  GVariant *lines;
  guint n_variants, chosen;
  gboolean modified;
  char *fills; /* what is told of them */
} Look;

/* What is told of the fills, without the types of numbers, of which a project has fewer. */
static char *
print_fills (LacunaDocument *document)
{
  g_autoptr (GVariant) fills = lacuna_document_describe_fills (document);
  g_autofree char *typed = g_variant_print (fills, FALSE);
  g_auto (GStrv) parts = g_strsplit (typed, "uint64 ", -1);
  g_autofree char *joined = g_strjoinv ("int64 ", parts);
  g_auto (GStrv) plain = g_strsplit (joined, "int64 ", -1);

  return g_strjoinv ("", plain);
}

static Look
look (LacunaDocument *document)
{
  Look self = { copy_mask (document), copy_photo (document), .fills = print_fills (document) };
  g_autoptr (GPtrArray) variants = lacuna_document_list_variants (document, &self.chosen);

  for (LacunaSteer i = 0; i < LACUNA_N_STEERS; i++)
    if (lacuna_document_has_steer (document, i))
      self.n_steer[i] = lacuna_raster_get_n_hole (lacuna_document_get_steer (document, i));
  if (lacuna_document_get_lines (document) != NULL)
    self.lines = g_variant_ref (lacuna_document_get_lines (document));
  self.n_variants = variants->len;
  self.modified = lacuna_document_get_modified (document);
  return self;
}

static void
look_clear (Look *self)
{
  g_bytes_unref (self->mask);
  g_bytes_unref (self->photo);
  g_clear_pointer (&self->lines, g_variant_unref);
  g_free (self->fills);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Look, look_clear)

static void
assert_alike (const Look *a, const Look *b)
{
  assert_same (a->mask, b->mask);
  assert_same (a->photo, b->photo);
  for (LacunaSteer i = 0; i < LACUNA_N_STEERS; i++)
    g_assert_cmpuint (a->n_steer[i], ==, b->n_steer[i]);
  g_assert_true (a->lines == NULL ? b->lines == NULL : b->lines != NULL && g_variant_equal (a->lines, b->lines));
  g_assert_cmpuint (a->n_variants, ==, b->n_variants);
  g_assert_cmpuint (a->chosen, ==, b->chosen);
  g_assert_cmpint (a->modified, ==, b->modified);
  g_assert_cmpstr (a->fills, ==, b->fills);
}

/* Photos as they are at first, and no sessions. */
static void
begin (void)
{
  g_autofree char *sessions = lacuna_sessions_get_root ();
  const char *names[] = { "photo.png", "other.png", "moved.png" };
  g_autoptr (LacunaPhoto) photo = picture_make (WIDTH, HEIGHT, 8, picture_waves);
  g_autoptr (LacunaPhoto) other = picture_make (WIDTH, HEIGHT, 8, picture_gradient);

  folder_remove (sessions);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = get_path (names[i]);

      if (i < 2)
        g_assert_true (lacuna_photo_save (i == 0 ? photo : other, path, NULL, NULL));
      else
        g_remove (path);
    }
}

static void
fill_well (LacunaDocument *document)
{
  g_autoptr (GError) error = NULL;

  fill (document, engine, NULL, &error);
  g_assert_no_error (error);
}

static void
draw_line (LacunaDocument *document)
{
  const LacunaSample points[] = { { 480, 345.25, 0 }, { 490, 370, 0 }, { 502, 405, 0 } };

  g_assert_true (lacuna_document_draw_line (document, points, G_N_ELEMENTS (points), 1));
}

/* Two holes filled, the second twice; the first of its variants is chosen, and something is to be avoided, and preferred, and
 * a line to be followed. */
static void
work (LacunaDocument *document)
{
  stroke (document, 100, 100, 130, 120, 14, LACUNA_STROKE_MARK);
  fill_well (document);
  g_assert_true (lacuna_document_begin_stroke (document, LACUNA_STROKE_MARK, FALSE));
  lacuna_document_extend_stroke (document, &(LacunaSample){ 500, 400, 4 }, 1);
  lacuna_document_end_stroke (document);
  stroke (document, 300, 100, 320, 100, 14, LACUNA_STROKE_AVOID);
  stroke (document, 480, 350, 500, 350, 20, LACUNA_STROKE_PREFER);
  draw_line (document);
  fill_well (document);
  fill_well (document);
  lacuna_document_choose_variant (document, 0);
}

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

static void
save_project (LacunaDocument *document, const char *name)
{
  g_autofree char *path = get_path (name);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  lacuna_document_save_project_async (document, path, NULL, on_result, &result);
  lacuna_document_save_project_finish (document, wait_for (&result), &error);
  g_assert_no_error (error);
}

/* One that is cancelled leaves no file. */
static void
check_cancelled_project (LacunaDocument *document)
{
  g_autofree char *path = get_path ("cancelled.lacuna");
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  g_cancellable_cancel (cancellable);
  lacuna_document_save_project_async (document, path, cancellable, on_result, &result);
  g_assert_false (lacuna_document_save_project_finish (document, wait_for (&result), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
}

/* A project in another folder, without photo and sessions, gives the same pixels, marks and variants; its own session
 * is found again. */
static void
test_project (gconstpointer depth)
{
  g_autofree char *source = get_path ("photo.png"), *away = get_path ("away");
  g_autofree char *sessions = lacuna_sessions_get_root ();
  g_autofree char *from = get_path ("work.lacuna"), *to = get_path ("away/work.lacuna");
  g_autoptr (LacunaPhoto) photo = picture_make (WIDTH, HEIGHT, GPOINTER_TO_INT (depth), picture_waves);
  g_autoptr (LacunaDocument) document = NULL, moved = NULL, again = NULL;
  g_auto (Look) before = { 0 }, after = { 0 }, last = { 0 };

  begin ();
  g_assert_true (lacuna_photo_save (photo, source, NULL, NULL));
  document = editing_open ("photo.png");
  work (document);
  before = look (document);
  check_cancelled_project (document);
  save_project (document, "work.lacuna");
  editing_close (document);
  folder_remove (sessions);
  g_remove (source);
  g_mkdir (away, 0700);
  g_assert_cmpint (g_rename (from, to), ==, 0);

  moved = editing_open ("away/work.lacuna");
  after = look (moved);
  assert_alike (&after, &before);
  g_assert_cmpint (lacuna_photo_get_depth (lacuna_document_get_original (moved)), ==, GPOINTER_TO_INT (depth));
  stroke (moved, 600, 400, 620, 430, 14, LACUNA_STROKE_AVOID);
  look_clear (&after);
  after = look (moved);
  editing_close (moved);
  again = editing_open ("away/work.lacuna");
  last = look (again);
  assert_alike (&last, &after);
  editing_close (again);
  folder_remove (away);
}

static gboolean
has_version (const char *name, int version)
{
  g_autofree char *path = get_path (name), *content = NULL, *text = NULL;
  g_autoptr (GBytes) zip = NULL;
  g_autoptr (GHashTable) files = NULL;
  g_autofree char *wanted = g_strdup_printf ("\"lacuna-project\" : %d,", version);
  GBytes *json;
  gsize size;

  g_assert_true (g_file_get_contents (path, &content, &size, NULL));
  zip = g_bytes_new (content, size);
  files = lacuna_zip_read (zip, 2 * size, NULL);
  json = g_hash_table_lookup (files, "project.json");
  text = g_strndup (g_bytes_get_data (json, NULL), g_bytes_get_size (json));
  return strstr (text, wanted) != NULL;
}

/* Only what is preferred, and lines, need a version that earlier programs can't read; what they wrote is read. */
static void
test_versions (void)
{
  g_autofree char *sessions = lacuna_sessions_get_root ();
  g_autoptr (LacunaDocument) document = NULL, old = NULL, new = NULL, newest = NULL;
  gsize n;

  begin ();
  document = editing_open ("photo.png");
  stroke (document, 100, 100, 130, 120, 14, LACUNA_STROKE_MARK);
  stroke (document, 300, 100, 320, 100, 14, LACUNA_STROKE_AVOID);
  n = lacuna_raster_get_n_hole (lacuna_document_get_steer (document, LACUNA_STEER_AVOID));
  save_project (document, "old.lacuna");
  stroke (document, 400, 100, 420, 100, 14, LACUNA_STROKE_PREFER);
  save_project (document, "new.lacuna");
  draw_line (document);
  save_project (document, "newest.lacuna");
  editing_close (document);
  folder_remove (sessions);
  g_assert_true (has_version ("old.lacuna", 1));
  g_assert_true (has_version ("new.lacuna", 2));
  g_assert_true (has_version ("newest.lacuna", 3));
  old = editing_open ("old.lacuna");
  g_assert_cmpuint (lacuna_raster_get_n_hole (lacuna_document_get_steer (old, LACUNA_STEER_AVOID)), ==, n);
  g_assert_false (lacuna_document_has_steer (old, LACUNA_STEER_PREFER));
  editing_close (old);
  new = editing_open ("new.lacuna");
  g_assert_true (lacuna_document_has_steer (new, LACUNA_STEER_PREFER));
  g_assert_null (lacuna_document_get_lines (new));
  editing_close (new);
  newest = editing_open ("newest.lacuna");
  g_assert_nonnull (lacuna_document_get_lines (newest));
  editing_close (newest);
}

/* An image that a hostile project has. */
static GBytes *
make_image (int width, int height, int bands)
{
  g_autoptr (GBytes) pixels
      = g_bytes_new_take (g_malloc0 ((gsize) width * height * bands), (gsize) width * height * bands);
  g_autoptr (LacunaPhoto) image = lacuna_photo_new (width, height, bands, 8, pixels, NULL);

  return lacuna_photo_save_bytes (image, "png", NULL, NULL);
}

static void
assert_refused (GBytes *project, const char *what)
{
  g_autofree char *path = get_path ("hostile.lacuna");
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (LacunaDocument) document = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (g_file_set_contents (path, g_bytes_get_data (project, NULL), g_bytes_get_size (project), NULL));
  lacuna_document_open_async (path, NULL, on_result, &result);
  document = lacuna_document_open_finish (wait_for (&result), &error);
  if (document != NULL || error->domain != LACUNA_ERROR)
    g_error ("a project was opened that has %s: %s", what, error != NULL ? error->message : "");
}

#define HEAD                                                                                                           \
  "{ \"lacuna-project\": 1, \"photo\": \"photo.png\", \"width\": 64, \"height\": 48, \"position\": 1, \"steps\": "
#define PATCH "{ \"file\": \"fill.png\", \"x\": %d, \"y\": 0, \"width\": %d, \"height\": 16 }"

/* Refused, and nothing of it is anywhere. */
static void
test_hostile (void)
{
  g_autofree char *deep = g_strnfill (100000, '[');
  g_autofree char *outside = g_strdup_printf (HEAD "[{ \"patches\": [" PATCH "] }] }", 60, 16);
  g_autofree char *negative = g_strdup_printf (HEAD "[{ \"patches\": [" PATCH "] }] }", -16, 16);
  g_autofree char *larger = g_strdup_printf (HEAD "[{ \"patches\": [" PATCH "] }] }", 0, 32);
  g_autofree char *twice = g_strdup_printf (HEAD "[{ \"patches\": [" PATCH ", " PATCH "] }] }", 0, 16, 0, 16);
  g_autofree char *hidden = g_strconcat (HEAD, "/* \" */ ", deep, NULL);
  g_autofree char *nested = g_strconcat (HEAD, deep, NULL);
  const struct {
    const char *json, *what;
  } cases[] = {
    { HEAD "[{ \"mask\": \"/etc/passwd\" }] }", "a mask on disk" },
    { HEAD "[{ \"mask\": \"../other.png\" }] }", "a mask outside of it" },
    { HEAD "[{ \"mask\": \"fill.png\" }] }", "a mask of another size" },
    { HEAD "[{ \"mask\": \"photo.png\" }] }", "its photo as a mask too" },
    { HEAD "7 }", "no list of steps" },
    { HEAD "[7] }", "a number as a step" },
    { HEAD "[] }", "fewer steps than are in force" },
    { "{ \"lacuna-project\": 4 }", "another version" },
    { HEAD "[{ \"lines\": [[[0, 0], [64, 9]]] }] }", "a line that leaves the photo" },
    { HEAD "[{ \"lines\": [[[0, 0]]] }] }", "a line of one corner" },
    { HEAD "[{ \"lines\": [[[0, 0], [9, \"9\"]]] }] }", "a line to no number" },
    { HEAD "[{ \"lines\": [[0, 0], [9, 9]] }] }", "numbers as lines" },
    { HEAD "[{ \"lines\": 7 }] }", "a number as lines" },
    { HEAD "[{ \"patches\": [], \"fills\": 7 }] }", "a number as what is told of a fill" },
    { HEAD "[{ \"patches\": [], \"fills\": null }] }", "nothing told of a fill" },
    { HEAD "[{ \"patches\": [], \"fills\": [7] }] }", "a number told of a fill" },
    { HEAD "[{ \"patches\": [], \"fills\": [[{}]] }] }", "a list told of a fill" },
    { "{ \"lacuna-project\": 1, \"photo\": \"photo.png\", \"width\": 64000, \"height\": 48, \"steps\": [] }",
      "another size" },
    { "{ \"lacuna-project\": 1, \"photo\": \"/etc/passwd\", \"width\": 64, \"height\": 48, \"steps\": [] }",
      "a photo on disk" },
    { outside, "a fill outside the photo" },
    { negative, "a fill left of it" },
    { larger, "a smaller fill than it says" },
    { twice, "one fill in two places" },
    { nested, "lists that are nested deeply" },
    { hidden, "nested lists behind a comment" },
    { "", "no description" },
  };
  g_autoptr (GBytes) photo = make_image (64, 48, 3), patch = make_image (16, 16, 4), rest = NULL, cut = NULL;
  g_autoptr (GPtrArray) sessions = NULL;

  begin ();
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GBytes) json = g_bytes_new (cases[i].json, strlen (cases[i].json));
      g_autoptr (GBytes) zip = lacuna_zip_write ((const char *[]){ "photo.png", "fill.png", "project.json", NULL },
                                                 (GBytes *[]){ photo, patch, json }, NULL);

      assert_refused (zip, cases[i].what);
      cut = cut == NULL ? g_bytes_new_from_bytes (zip, 0, g_bytes_get_size (zip) / 2) : cut;
    }
  assert_refused (cut, "half of its bytes");
  assert_refused (photo, "a photo's bytes");
  sessions = lacuna_sessions_list ();
  g_assert_cmpuint (sessions->len, ==, 0);
}

int
main (int argc, char **argv)
{
  g_autofree char *data = NULL;
  int status;

  folder = g_dir_make_tmp ("lacuna-session-XXXXXX", NULL);
  data = get_path ("data");
  g_setenv ("XDG_DATA_HOME", data, TRUE);
  g_test_init (&argc, &argv, NULL);
  engine = lacuna_engine_new (NULL, 0);
  g_test_add_func ("/session/reopened", test_reopened);
  g_test_add_func ("/session/saved", test_saved);
  g_test_add_func ("/session/loss", test_loss);
  g_test_add_func ("/session/filling", test_filling);
  g_test_add_func ("/session/changed", test_changed);
  g_test_add_func ("/session/damaged", test_damaged);
  g_test_add_func ("/session/bounds", test_bounds);
  g_test_add_func ("/session/forgotten", test_forgotten);
  g_test_add_data_func ("/project/8", GINT_TO_POINTER (8), test_project);
  g_test_add_data_func ("/project/16", GINT_TO_POINTER (16), test_project);
  g_test_add_func ("/project/versions", test_versions);
  g_test_add_func ("/project/hostile", test_hostile);
  status = g_test_run ();
  g_object_unref (engine);
  folder_remove (folder);
  g_free (folder);
  return status;
}
