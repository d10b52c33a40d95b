/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tests a document: marks, undo, fills, variants, learning, and sessions after a crash. The oracle is copies of the
 * mask and the photo that are taken after every step, and the same marks drawn directly. */
#include "app/document/document.h"

#include <gio/gio.h>
#include <signal.h>

#include "app/document/stroke.h"
#include "tests/editing.h"
#include "tests/folder.h"

static LacunaDocument *
open_document (void)
{
  g_autofree char *sessions = lacuna_sessions_get_root ();

  folder_remove (sessions);
  return editing_open ("photo.png");
}

static const char *
get_model (LacunaDocument *document)
{
  return lacuna_fill_get_model (lacuna_document_get_fill (document));
}

static void
test_zigzag (void)
{
  g_autoptr (LacunaDocument) document = open_document ();
  g_autoptr (LacunaRaster) direct = lacuna_raster_new (WIDTH, HEIGHT);
  g_autoptr (LacunaMask) mask = NULL;
  g_autoptr (GBytes) drawn = copy_mask (document), expected = NULL;
  LacunaSample samples[2000];
  guint done = 0;

  for (guint i = 0; i < G_N_ELEMENTS (samples); i++)
    samples[i] = (LacunaSample){ fabs (fmod (i * 17.3, 2 * WIDTH) - WIDTH), i * HEIGHT / 2000.0 + 9 * sin (i * 0.7),
                                 0.4 + 3.5 * fabs (sin (i * 0.01)) };
  lacuna_document_begin_stroke (document, LACUNA_STROKE_MARK, LACUNA_STROKE_MARK);
  for (guint i = 0; done < G_N_ELEMENTS (samples); i++)
    {
      guint n = MIN (1 + i % 7, G_N_ELEMENTS (samples) - done);

      lacuna_document_extend_stroke (document, samples + done, n);
      done += n;
    }
  lacuna_document_end_stroke (document);
  lacuna_stroke_draw (direct, samples, G_N_ELEMENTS (samples), FALSE);
  mask = lacuna_raster_to_mask (direct);
  expected = g_bytes_new (lacuna_mask_get_pixels (mask), WIDTH * HEIGHT);
  g_bytes_unref (g_steal_pointer (&drawn));
  drawn = copy_mask (document);
  assert_same (drawn, expected);
  g_assert_cmpuint (lacuna_mask_get_n_hole (mask), >, WIDTH * HEIGHT / 20);
  editing_close (document);
}

/* Does every kind of step but fills; steps[i] is the mask after i of them. */
static void
edit_mask (LacunaDocument *document, GPtrArray *steps)
{
  const LacunaSample corners[] = { { 20, 300, 0 }, { 300, 320, 0 }, { 90, 500, 0 } };
  const LacunaMaskEdit edits[] = { LACUNA_MASK_GROW, LACUNA_MASK_SHRINK, LACUNA_MASK_INVERT, LACUNA_MASK_CLEAR };
  g_autofree char *path = get_path ("mask.png");
  g_autoptr (GAsyncResult) exported = NULL, imported = NULL;
  g_autoptr (GError) error = NULL;

  g_ptr_array_add (steps, copy_mask (document));
  stroke (document, 30, 40, 600, 200, 25, LACUNA_STROKE_MARK);
  g_ptr_array_add (steps, copy_mask (document));
  stroke (document, 300, 0, 310, 500, 12, LACUNA_STROKE_ERASE);
  g_ptr_array_add (steps, copy_mask (document));
  lacuna_document_mark_polygon (document, corners, 3, LACUNA_STROKE_MARK, TRUE, "Lasso");
  g_ptr_array_add (steps, copy_mask (document));
  lacuna_document_export_mask_async (document, path, NULL, on_result, &exported);
  lacuna_document_export_mask_finish (document, wait_for (&exported), &error);
  g_assert_no_error (error);
  for (guint i = 0; i < G_N_ELEMENTS (edits); i++)
    {
      lacuna_document_edit_mask (document, edits[i], 6);
      wait_until_idle (document);
      g_ptr_array_add (steps, copy_mask (document));
    }
  lacuna_document_import_mask_async (document, path, NULL, on_result, &imported);
  lacuna_document_import_mask_finish (document, wait_for (&imported), NULL, &error);
  g_assert_no_error (error);
  g_ptr_array_add (steps, copy_mask (document));
  assert_same (steps->pdata[steps->len - 1], steps->pdata[3]);
}

static void
test_undo (void)
{
  g_autoptr (LacunaDocument) document = open_document ();
  g_autoptr (GPtrArray) steps = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  gboolean can = TRUE;

  edit_mask (document, steps);
  for (guint i = 1; i < steps->len; i++)
    g_assert_false (g_bytes_equal (steps->pdata[i - 1], steps->pdata[i]));
  for (guint i = steps->len - 1; i-- > 0;)
    {
      g_autoptr (GBytes) mask = NULL;

      lacuna_document_undo (document);
      mask = copy_mask (document);
      assert_same (mask, steps->pdata[i]);
    }
  g_object_get (document, "can-undo", &can, NULL);
  g_assert_false (can);
  for (guint i = 1; i < steps->len; i++)
    {
      g_autoptr (GBytes) mask = NULL;

      lacuna_document_redo (document);
      mask = copy_mask (document);
      assert_same (mask, steps->pdata[i]);
    }
  g_object_get (document, "can-redo", &can, NULL);
  g_assert_false (can);
  editing_close (document);
}

static void
test_cancelled_stroke (void)
{
  g_autoptr (LacunaDocument) document = open_document ();
  g_autoptr (GBytes) before = NULL, after = NULL;
  gboolean can_redo = FALSE;

  stroke (document, 100, 100, 200, 100, 20, LACUNA_STROKE_MARK);
  stroke (document, 300, 100, 400, 100, 20, LACUNA_STROKE_MARK);
  lacuna_document_undo (document);
  before = copy_mask (document);
  lacuna_document_begin_stroke (document, LACUNA_STROKE_MARK, LACUNA_STROKE_MARK);
  lacuna_document_extend_stroke (document, &(LacunaSample){ 120, 110, 60 }, 1);
  lacuna_document_cancel_stroke (document);
  after = copy_mask (document);
  assert_same (before, after);
  g_object_get (document, "can-redo", &can_redo, NULL);
  g_assert_true (can_redo);
  editing_close (document);
}

static void
count_coarse (LacunaDocument *document, LacunaRetouch *retouch, gpointer data)
{
  g_assert_cmpuint (lacuna_retouch_get_n_patches (retouch), ==, 1);
  (*(guint *) data)++;
}

/* Much has changed, and only in the hole. */
static void
check_changed (GBytes *before, GBytes *after, GBytes *mask)
{
  const guint8 *old = g_bytes_get_data (before, NULL), *new = g_bytes_get_data (after, NULL),
               *hole = g_bytes_get_data (mask, NULL);
  guint n_changed = 0;

  for (guint i = 0; i < WIDTH * HEIGHT * 3; i++)
    {
      n_changed += old[i] != new[i];
      g_assert_true (old[i] == new[i] || hole[i / 3] != 0);
    }
  g_assert_cmpuint (n_changed, >, 1000);
}

static void
test_fill (void)
{
  g_autoptr (LacunaDocument) document = open_document ();
  g_autoptr (LacunaEngine) engine = lacuna_engine_new (NULL, 0);
  g_autoptr (GBytes) original = copy_photo (document), mask = NULL, filled = NULL, undone = NULL, redone = NULL,
                     attention = NULL;
  g_autoptr (GError) error = NULL;
  guint n_coarse = 0;

  g_signal_connect (document, "coarse", G_CALLBACK (count_coarse), &n_coarse);
  stroke (document, 100, 100, 130, 120, 14, LACUNA_STROKE_MARK);
  stroke (document, 600, 400, 620, 430, 14, LACUNA_STROKE_MARK);
  g_assert_false (lacuna_document_get_modified (document));
  fill (document, engine, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (n_coarse, ==, lacuna_fill_get_n_regions (lacuna_document_get_fill (document)));
  attention = lacuna_region_dup_array (lacuna_fill_get_region (lacuna_document_get_fill (document), 0),
                                       LACUNA_REGION_ATTENTION);
  g_assert_nonnull (attention);
  g_assert_true (lacuna_document_get_modified (document));
  g_assert_true (lacuna_document_get_resting (document));
  g_assert_true (lacuna_document_has_hole (document));
  mask = copy_mask (document);
  filled = copy_photo (document);
  check_changed (original, filled, mask);
  lacuna_document_undo (document);
  undone = copy_photo (document);
  assert_same (undone, original);
  g_assert_false (lacuna_document_get_modified (document));
  lacuna_document_redo (document);
  redone = copy_photo (document);
  assert_same (redone, filled);
  editing_close (document);
}

/* A fill reaches beyond what is marked, which stays as it was; undo takes back all of it. */
static void
test_growth (void)
{
  g_autoptr (LacunaDocument) document = open_document ();
  g_autoptr (LacunaEngine) engine = lacuna_engine_new (NULL, 0);
  g_autoptr (GBytes) original = copy_photo (document), marked = NULL, filled = NULL, mask = NULL, undone = NULL;
  g_autoptr (LacunaMask) hole = NULL, grown = NULL;
  g_autoptr (GError) error = NULL;
  const guint8 *old = g_bytes_get_data (original, NULL), *new;
  guint n_changed = 0;

  stroke (document, 100, 100, 130, 120, 14, LACUNA_STROKE_MARK);
  marked = copy_mask (document);
  lacuna_document_set_growth (document, 6);
  fill (document, engine, NULL, &error);
  g_assert_no_error (error);
  mask = copy_mask (document);
  assert_same (mask, marked);
  hole = lacuna_mask_new (WIDTH, HEIGHT, g_bytes_get_data (marked, NULL));
  grown = lacuna_mask_grow (hole, 6);
  filled = copy_photo (document);
  new = g_bytes_get_data (filled, NULL);
  for (guint i = 0; i < WIDTH * HEIGHT * 3; i++)
    if (old[i] != new[i])
      {
        g_assert_cmpint (lacuna_mask_get_pixels (grown)[i / 3], ==, 255);
        n_changed += lacuna_mask_get_pixels (hole)[i / 3] == 0;
      }
  g_assert_cmpuint (n_changed, >, 100);
  lacuna_document_undo (document);
  undone = copy_photo (document);
  assert_same (undone, original);
  editing_close (document);
}

static void
test_cancelled_fill (void)
{
  g_autoptr (LacunaDocument) document = open_document ();
  g_autoptr (LacunaEngine) engine = lacuna_engine_new (NULL, 0);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GBytes) mask = NULL, after = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *undo = NULL;

  stroke (document, 100, 100, 130, 120, 14, LACUNA_STROKE_MARK);
  mask = copy_mask (document);
  g_signal_connect_swapped (document, "notify::progress", G_CALLBACK (lacuna_document_cancel_fill), document);
  g_assert_false (fill (document, engine, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  after = copy_mask (document);
  assert_same (mask, after);
  g_object_get (document, "undo-title", &undo, NULL);
  g_assert_cmpstr (undo, ==, "Brush");
  g_assert_false (lacuna_document_get_busy (document));
  g_assert_null (lacuna_document_get_fill (document));
  editing_close (document);
}

/* A brush stroke on a resting hole begins a new one; undo brings the old one back. */
static void
test_resting (void)
{
  g_autoptr (LacunaDocument) document = open_document ();
  g_autoptr (LacunaEngine) engine = lacuna_engine_new (NULL, 0);
  g_autoptr (GError) error = NULL;
  const LacunaSample dab = { 400, 400, 10 };
  LacunaRaster *raster = lacuna_document_get_raster (document);
  gsize n_before, n_dab;

  stroke (document, 100, 100, 130, 120, 14, LACUNA_STROKE_MARK);
  n_before = lacuna_raster_get_n_hole (raster);
  fill (document, engine, NULL, &error);
  g_assert_no_error (error);
  lacuna_document_begin_stroke (document, LACUNA_STROKE_MARK, LACUNA_STROKE_MARK);
  lacuna_document_extend_stroke (document, &dab, 1);
  lacuna_document_end_stroke (document);
  n_dab = lacuna_raster_get_n_hole (raster);
  g_assert_cmpuint (n_dab, >, 250);
  g_assert_cmpuint (n_dab, <, 380);
  lacuna_document_undo (document);
  g_assert_cmpuint (lacuna_raster_get_n_hole (raster), ==, n_before);
  editing_close (document);
}

/* A resting hole is filled again from the same photo, otherwise; what was made before can be chosen. */
static void
test_variants (void)
{
  g_autoptr (LacunaDocument) document = open_document ();
  g_autoptr (LacunaEngine) engine = lacuna_engine_new (NULL, 0);
  g_autoptr (GBytes) original = copy_photo (document), first = NULL, second = NULL, again = NULL, undone = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) before = NULL;

  stroke (document, 300, 250, 330, 270, 14, LACUNA_STROKE_MARK);
  for (guint i = 0; i < LACUNA_FILL_N_VARIANTS; i++)
    {
      fill (document, engine, NULL, &error);
      g_assert_no_error (error);
      assert_chosen (document, i + 1, i);
      if (i == 0)
        first = copy_photo (document);
      else if (i == 1)
        second = copy_photo (document);
      /* The next one follows the last one, whichever is chosen. */
      lacuna_document_choose_variant (document, 0);
      assert_chosen (document, i + 1, 0);
    }
  again = copy_photo (document);
  assert_same (again, first);
  g_assert_false (g_bytes_equal (first, second));
  /* While something else is being marked nothing is chosen. */
  g_assert_true (lacuna_document_begin_stroke (document, LACUNA_STROKE_AVOID, LACUNA_STROKE_MARK));
  lacuna_document_choose_variant (document, 1);
  assert_chosen (document, LACUNA_FILL_N_VARIANTS, 0);
  lacuna_document_cancel_stroke (document);
  g_assert_false (fill (document, engine, NULL, &error));
  g_assert_error (error, LACUNA_ERROR, LACUNA_ERROR_EMPTY);
  before = lacuna_document_list_before (document);
  g_assert_cmpuint (before->len, ==, 0);
  lacuna_document_undo (document);
  undone = copy_photo (document);
  assert_same (undone, original);
  lacuna_document_redo (document);
  stroke (document, 100, 100, 130, 120, 14, LACUNA_STROKE_MARK);
  assert_chosen (document, 0, 0);
  editing_close (document);
}

/* What was learnt is there again when the photo is: the same content and score, and whether fills go by it. A lesson
 * after it that is cancelled leaves it. */
static void
check_kept (LacunaDocument *learnt, LacunaEngine *engine, GBytes *by_learnt)
{
  LacunaLesson *lesson = lacuna_document_get_lesson (learnt);
  g_autoptr (GBytes) content = g_bytes_ref (lacuna_lesson_get_content (lesson)), again = NULL;
  g_autoptr (GAsyncResult) cancelled = NULL;
  g_autoptr (LacunaDocument) document = NULL;
  g_autoptr (GError) error = NULL;
  double before, after, kept_before, kept_after;
  g_autoptr (GPtrArray) variants = NULL;
  guint chosen;
  gboolean more;

  lacuna_lesson_get_score (lesson, &before, &after);
  editing_close (learnt);
  /* What is written after the first opening is read at the second. */
  document = editing_open ("photo.png");
  lacuna_document_set_use_learnt (document, TRUE);
  lacuna_document_set_use_learnt (document, FALSE);
  editing_close (document);
  g_clear_object (&document);
  document = editing_open ("photo.png");
  lesson = lacuna_document_get_lesson (document);
  g_assert_nonnull (lesson);
  assert_same (lacuna_lesson_get_content (lesson), content);
  lacuna_lesson_get_score (lesson, &kept_before, &kept_after);
  g_assert_cmpfloat (kept_before, ==, before);
  g_assert_cmpfloat (kept_after, ==, after);
  g_assert_false (lacuna_document_get_use_learnt (document));
  /* Of the two variants one is by it. */
  variants = lacuna_document_list_variants (document, &chosen);
  g_assert_cmpuint (variants->len, ==, 2);
  g_assert_true (lacuna_lesson_is_model (lacuna_document_find_model (document, variants->pdata[0])));
  g_assert_cmpstr (lacuna_document_find_model (document, variants->pdata[0]), ==, lacuna_lesson_get_model (lesson));
  g_assert_false (lacuna_lesson_is_model (lacuna_document_find_model (document, variants->pdata[1])));
  lacuna_document_set_use_learnt (document, TRUE);
  lacuna_document_learn_async (document, engine, NULL, on_result, &cancelled);
  lacuna_document_cancel_learning (document);
  g_assert_true (lacuna_document_get_lesson (document) == lesson);
  g_assert_true (lacuna_document_get_use_learnt (document));
  for (g_object_get (document, "can-undo", &more, NULL); more; g_object_get (document, "can-undo", &more, NULL))
    lacuna_document_undo (document);
  stroke (document, 100, 100, 130, 120, 14, LACUNA_STROKE_MARK);
  fill (document, engine, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (lacuna_lesson_is_model (get_model (document)));
  again = copy_photo (document);
  assert_same (again, by_learnt);
  wait_for (&cancelled);
  editing_close (document);
}

/* Fills go on while a photo is learnt, and by what was learnt unless that is switched off; it stays with the work. */
static void
test_learn (void)
{
  g_autoptr (LacunaDocument) document = open_document ();
  g_autoptr (LacunaEngine) engine = lacuna_engine_new (NULL, 0);
  g_autofree char *base = g_test_build_filename (G_TEST_DIST, "golden", "generator_tiny_oihw.safetensors", NULL);
  g_autoptr (GAsyncResult) learnt = NULL, cancelled = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) by_base = NULL, by_learnt = NULL, again = NULL;
  g_autofree char *model = NULL;

  stroke (document, 100, 100, 130, 120, 14, LACUNA_STROKE_MARK);
  lacuna_document_learn_async (document, engine, base, on_result, &cancelled);
  lacuna_document_cancel_learning (document);
  g_assert_false (lacuna_document_get_learning (document));

  lacuna_document_learn_async (document, engine, base, on_result, &learnt);
  g_assert_true (lacuna_document_get_learning (document));
  fill (document, engine, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (lacuna_document_get_learning (document));
  g_assert_cmpstr (get_model (document), ==, base);
  by_base = copy_photo (document);
  lacuna_document_learn_finish (document, wait_for (&learnt), &error);
  g_assert_no_error (error);
  lacuna_document_learn_finish (document, wait_for (&cancelled), &error);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);

  g_assert_true (lacuna_document_get_use_learnt (document));
  model = g_strdup (lacuna_lesson_get_model (lacuna_document_get_lesson (document)));
  lacuna_document_undo (document);
  fill (document, engine, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (get_model (document), ==, model);
  by_learnt = copy_photo (document);

  /* Each model has variants of its own, which are beside each other. */
  lacuna_document_set_use_learnt (document, FALSE);
  fill (document, engine, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (get_model (document), ==, base);
  assert_chosen (document, 2, 1);
  again = copy_photo (document);
  assert_same (again, by_base);
  lacuna_document_choose_variant (document, 0);
  g_clear_pointer (&again, g_bytes_unref);
  again = copy_photo (document);
  assert_same (again, by_learnt);
  g_assert_true (g_file_test (model, G_FILE_TEST_EXISTS));
  check_kept (document, engine, by_learnt);
  g_clear_object (&learnt);
  g_clear_object (&cancelled);
  g_clear_object (&document);
  g_assert_false (g_file_test (model, G_FILE_TEST_EXISTS));
}

static void
write_bytes (const char *name, GBytes *bytes)
{
  g_autofree char *path = get_path (name);

  g_assert_true (g_file_set_contents (path, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), NULL));
}

static GBytes *
read_bytes (const char *name)
{
  g_autofree char *path = get_path (name);
  char *data;
  gsize size;

  g_assert_true (g_file_get_contents (path, &data, &size, NULL));
  return g_bytes_new_take (data, size);
}

/* In a process of its own: works until it is killed. */
static void
work_until_killed (void)
{
  LacunaDocument *document = editing_open ("photo.png");
  g_autoptr (LacunaEngine) engine = lacuna_engine_new (NULL, 0);
  g_autoptr (GBytes) mask = NULL, photo = NULL;
  g_autoptr (GError) error = NULL;

  stroke (document, 100, 100, 130, 120, 14, LACUNA_STROKE_MARK);
  fill (document, engine, NULL, &error);
  g_assert_no_error (error);
  stroke (document, 300, 100, 320, 100, 14, LACUNA_STROKE_AVOID);
  stroke (document, 300, 300, 380, 350, 14, LACUNA_STROKE_MARK);
  stroke (document, 10, 10, 50, 50, 14, LACUNA_STROKE_MARK);
  lacuna_document_undo (document);
  mask = copy_mask (document);
  photo = copy_photo (document);
  write_bytes ("mask.bytes", mask);
  write_bytes ("photo.bytes", photo);
  for (;;)
    g_main_context_iteration (NULL, TRUE);
}

/* The journal is written by a thread: until it holds all five steps, four of them in force. */
static void
wait_for_journal (void)
{
  g_autofree char *sessions = lacuna_sessions_get_root ();
  gboolean written = FALSE;

  while (!written)
    {
      g_autoptr (GDir) all = g_dir_open (sessions, 0, NULL);
      const char *name = all != NULL ? g_dir_read_name (all) : NULL;
      g_autofree char *path = g_build_filename (sessions, name != NULL ? name : "none", "session.json", NULL);
      g_autofree char *photo = get_path ("photo.bytes"), *json = NULL;

      written = g_file_get_contents (path, &json, NULL, NULL) && strstr (json, "\"position\" : 4") != NULL
                && strstr (json, "step-4") != NULL && g_file_test (photo, G_FILE_TEST_EXISTS);
      g_usleep (20000);
    }
}

static GPtrArray *
list_sessions (guint expected)
{
  GPtrArray *sessions = lacuna_sessions_list ();

  g_assert_cmpuint (sessions->len, ==, expected);
  return sessions;
}

static void
check_recovered (LacunaDocument *document)
{
  g_autoptr (GBytes) mask = copy_mask (document), photo = copy_photo (document);
  g_autoptr (GBytes) expected_mask = read_bytes ("mask.bytes"), expected_photo = read_bytes ("photo.bytes");
  g_autoptr (GBytes) original = NULL;
  gsize n_hole;

  assert_same (mask, expected_mask);
  assert_same (photo, expected_photo);
  g_assert_cmpuint (lacuna_raster_get_n_hole (lacuna_document_get_steer (document, LACUNA_STEER_AVOID)), >, 600);
  n_hole = lacuna_raster_get_n_hole (lacuna_document_get_raster (document));
  lacuna_document_redo (document);
  g_assert_cmpuint (lacuna_raster_get_n_hole (lacuna_document_get_raster (document)), >, n_hole);
  for (int i = 0; i < 5; i++)
    lacuna_document_undo (document);
  g_assert_false (lacuna_document_has_hole (document));
  original = copy_photo (document);
  g_assert_false (g_bytes_equal (original, expected_photo));
}

static void
test_recovery (void)
{
  g_autoptr (GSubprocess) process = NULL;
  g_autofree char *root = lacuna_sessions_get_root ();
  g_autoptr (GPtrArray) sessions = NULL;
  g_autoptr (LacunaDocument) document = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *program = g_file_read_link ("/proc/self/exe", NULL);

  folder_remove (root);
  process = g_subprocess_new (G_SUBPROCESS_FLAGS_NONE, &error, program, "--work", folder, NULL);
  g_assert_no_error (error);
  wait_for_journal ();
  g_subprocess_send_signal (process, SIGKILL);
  g_subprocess_wait (process, NULL, NULL);
  sessions = list_sessions (1);
  g_assert_cmpint (((LacunaSession *) sessions->pdata[0])->state, ==, LACUNA_SESSION_MARKED);
  document = editing_open ("photo.png");
  check_recovered (document);
  editing_close (document);
}

/* What can't be read of a session is put aside and not deleted. */
static void
test_damaged_session (void)
{
  g_autofree char *root = lacuna_sessions_get_root ();
  g_autofree char *session = g_build_filename (root, "odd", NULL),
                  *json = g_build_filename (session, "session.json", NULL);
  g_autofree char *kept = g_strconcat (session, ".damaged/session.json", NULL);

  folder_remove (root);
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (GPtrArray) sessions = NULL;

      g_assert_cmpint (g_mkdir_with_parents (session, 0700), ==, 0);
      g_assert_true (g_file_set_contents (json, "{ \"photo\" : ", -1, NULL));
      sessions = list_sessions (0);
      g_assert_true (g_file_test (kept, G_FILE_TEST_EXISTS));
      g_assert_false (g_file_test (session, G_FILE_TEST_EXISTS));
    }
}

int
main (int argc, char **argv)
{
  g_autoptr (LacunaPhoto) photo = NULL;
  g_autofree char *path = NULL, *data = NULL;
  int status;

  if (argc == 3 && g_str_equal (argv[1], "--work"))
    folder = g_strdup (argv[2]);
  else
    folder = g_dir_make_tmp ("lacuna-document-XXXXXX", NULL);
  data = get_path ("data");
  g_setenv ("XDG_DATA_HOME", data, TRUE);
  g_test_init (&argc, &argv, NULL);
  if (argc == 3)
    work_until_killed ();
  photo = picture_make (WIDTH, HEIGHT, 8, picture_waves);
  path = get_path ("photo.png");
  g_assert_true (lacuna_photo_save (photo, path, NULL, NULL));
  g_test_add_func ("/document/zigzag", test_zigzag);
  g_test_add_func ("/document/undo", test_undo);
  g_test_add_func ("/document/cancelled-stroke", test_cancelled_stroke);
  g_test_add_func ("/document/fill", test_fill);
  g_test_add_func ("/document/growth", test_growth);
  g_test_add_func ("/document/cancelled-fill", test_cancelled_fill);
  g_test_add_func ("/document/resting", test_resting);
  g_test_add_func ("/document/variants", test_variants);
  g_test_add_func ("/document/learn", test_learn);
  g_test_add_func ("/document/recovery", test_recovery);
  g_test_add_func ("/document/damaged-session", test_damaged_session);
  status = g_test_run ();
  g_spawn_sync (NULL, (char *[]){ "rm", "-r", folder, NULL }, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, NULL,
                NULL);
  g_free (folder);
  return status;
}
