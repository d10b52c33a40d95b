/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tests projects. The oracle is what a person sees of the document before and after. */
#include "tests/work.h"

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
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/project/8", GINT_TO_POINTER (8), test_project);
  g_test_add_data_func ("/project/16", GINT_TO_POINTER (16), test_project);
  g_test_add_func ("/project/versions", test_versions);
  g_test_add_func ("/project/hostile", test_hostile);
  return run_in_folder ();
}
