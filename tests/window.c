/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tests the window and its dialogs in process. The oracle is which actions are enabled, how wide the window needs to be,
 * and what of the work is there again after it was closed. */
#include "tests/in-window.h"

#include <glib/gstdio.h>

#include "app/view/attention/explanation.h"
#include "app/view/pane-pictures.h"
#include "app/window/lesson-bar.h"
#include "app/window/queue-dialog.h"

static void
check_enabled (LacunaWindow *window, const char *const *actions, gboolean enabled)
{
  for (; *actions != NULL; actions++)
    if (is_enabled (window, *actions) != enabled)
      g_error ("win.%s is %s", *actions, enabled ? "disabled" : "enabled");
}

static void
test_actions (void)
{
  const char *always[] = { "open", "paste", "page", NULL };
  const char *with_photo[] = { "save", "save-as", "save-copy", "close-photo", "import-mask", NULL };
  const char *with_hole[] = { "fill", "export-mask", "undo", NULL };
  const char *with_fill[]
      = { "cancel-fill", "redo", "export-attention", "export-panes", "export-attention-array", NULL };
  LacunaWindow *window = make_window (1000);

  check_enabled (window, always, TRUE);
  check_enabled (window, with_photo, FALSE);
  check_enabled (window, with_hole, FALSE);
  check_enabled (window, with_fill, FALSE);

  open_sample (window);
  check_enabled (window, with_photo, TRUE);
  check_enabled (window, with_hole, TRUE);
  check_enabled (window, with_fill, FALSE);
  g_assert_true (g_str_has_suffix (gtk_window_get_title (GTK_WINDOW (window)), "zion-tunnel.jpg"));

  gtk_widget_activate_action (GTK_WIDGET (window), "win.undo", NULL);
  g_assert_false (is_enabled (window, "fill"));
  g_assert_false (is_enabled (window, "undo"));
  g_assert_true (is_enabled (window, "redo"));
  gtk_widget_activate_action (GTK_WIDGET (window), "win.redo", NULL);
  g_assert_true (is_enabled (window, "fill"));

  /* What Ctrl+Return and Ctrl+Z would do is out of sight on the other pages. */
  gtk_widget_activate_action (GTK_WIDGET (window), "win.page", "s", "models");
  g_assert_false (is_enabled (window, "fill"));
  g_assert_false (is_enabled (window, "undo"));

  gtk_widget_activate_action (GTK_WIDGET (window), "win.close-photo", NULL);
  g_assert_null (lacuna_window_get_document (window));
  check_enabled (window, with_photo, FALSE);
  gtk_window_destroy (GTK_WINDOW (window));
}

static void
count_frame (GdkFrameClock *clock, gpointer data)
{
  ++*(int *) data;
}

static gboolean
set_true (gpointer data)
{
  return *(gboolean *) data = TRUE, G_SOURCE_REMOVE;
}

/* The frames of a window within so many milliseconds. */
static int
count_frames (LacunaWindow *window, guint time)
{
  GdkFrameClock *clock = gtk_widget_get_frame_clock (GTK_WIDGET (window));
  int frames = 0;
  gulong handler = g_signal_connect (clock, "update", G_CALLBACK (count_frame), &frames);
  gboolean over = FALSE;

  g_timeout_add (time, set_true, &over);
  WAIT_UNTIL (over);
  g_signal_handler_disconnect (clock, handler);
  return frames;
}

/* Where nothing happens, nothing is drawn: what turns out of sight would keep the processor awake, and each frame of a
 * stroke longer. */
static void
test_rest (void)
{
  LacunaWindow *window = make_window (1000);
  gint64 end = g_get_monotonic_time () + 20 * G_TIME_SPAN_SECOND;

  open_sample (window);
  while (count_frames (window, 500) > 0)
    g_assert_cmpint (g_get_monotonic_time (), <, end);
  gtk_window_destroy (GTK_WINDOW (window));
}

static void
test_paste (void)
{
  g_autoptr (GBytes) pixels = g_bytes_new_take (g_malloc0 (64 * 64 * 4), 64 * 64 * 4);
  g_autoptr (GdkTexture) texture = gdk_memory_texture_new (64, 64, GDK_MEMORY_R8G8B8A8, pixels, 64 * 4);
  LacunaWindow *window = make_window (1000);
  g_autofree char *path = NULL;
  LacunaPhoto *photo;

  gdk_clipboard_set_texture (gtk_widget_get_clipboard (GTK_WIDGET (window)), texture);
  gtk_widget_activate_action (GTK_WIDGET (window), "win.paste", NULL);
  WAIT_UNTIL (lacuna_window_get_document (window) != NULL);
  photo = lacuna_document_get_original (lacuna_window_get_document (window));
  g_assert_cmpint (lacuna_photo_get_width (photo), ==, 64);
  path = g_strdup (lacuna_photo_get_path (photo));
  g_assert_true (g_file_test (path, G_FILE_TEST_EXISTS));
  gtk_widget_activate_action (GTK_WIDGET (window), "win.close-photo", NULL);
  WAIT_UNTIL (!g_file_test (path, G_FILE_TEST_EXISTS));
  gtk_window_destroy (GTK_WINDOW (window));
}

/* What is learnt from the photo is lost by closing it, or by opening another: that is asked about. */
static void
test_lesson (void)
{
  LacunaWindow *window = make_window (1000);
  g_autoptr (LacunaDocument) document = NULL;
  g_autofree char *path = g_build_filename (g_getenv ("LACUNA_DATA"), "samples", "desert-hike.jpg", NULL);
  g_autofree char *uri = g_filename_to_uri (path, NULL, NULL);
  const char *uris[] = { uri, NULL };

  open_sample (window);
  document = g_object_ref (lacuna_window_get_document (window));
  WAIT_UNTIL (is_enabled (window, "learn-photo"));
  gtk_widget_activate_action (GTK_WIDGET (window), "win.learn-photo", NULL);
  g_assert_true (lacuna_document_get_learning (document));
  gtk_window_close (GTK_WINDOW (window));
  answer ("cancel");
  gtk_widget_activate_action (GTK_WIDGET (window), "win.close-photo", NULL);
  answer ("cancel");
  settle ();
  g_assert_true (lacuna_window_get_document (window) == document);
  g_assert_true (lacuna_document_get_learning (document));
  gtk_widget_activate_action (GTK_WIDGET (window), "win.open-files", "^as", uris);
  answer ("cancel");
  settle ();
  g_assert_true (lacuna_window_get_document (window) == document);
  gtk_widget_activate_action (GTK_WIDGET (window), "win.open-files", "^as", uris);
  answer ("end");
  WAIT_UNTIL (lacuna_window_get_document (window) != document);
  g_assert_true (lacuna_document_is_of (lacuna_window_get_document (window), path));
  gtk_widget_activate_action (GTK_WIDGET (window), "win.close-photo", NULL);
  WAIT_UNTIL (lacuna_window_get_document (window) == NULL);
  gtk_window_destroy (GTK_WINDOW (window));
}

static void
test_missing_file (void)
{
  LacunaWindow *window = make_window (1000);

  lacuna_window_open (window, "/nowhere/photo.jpg", NULL);
  answer ("close");
  g_assert_null (lacuna_window_get_document (window));
  gtk_window_destroy (GTK_WINDOW (window));
}

/* What the network made of the last fill is drawn when it is asked for. */
static void
check_without_detail (LacunaDocument *document)
{
  g_autoptr (LacunaPanePictures) pictures = lacuna_pane_pictures_new (document);

  WAIT_UNTIL (lacuna_pane_pictures_get_current (pictures) != NULL);
  g_assert_null (lacuna_pane_pictures_get_refined (pictures));
  lacuna_pane_pictures_want_refined (pictures, TRUE);
  WAIT_UNTIL (lacuna_pane_pictures_get_refined (pictures) != NULL);
  g_assert_true (lacuna_pane_pictures_get_refined (pictures) != lacuna_pane_pictures_get_current (pictures));
  lacuna_pane_pictures_want_refined (pictures, FALSE);
  WAIT_UNTIL (lacuna_pane_pictures_get_refined (pictures) == NULL);
}

static void
on_result (GObject *source, GAsyncResult *result, gpointer data)
{
  *(GAsyncResult **) data = g_object_ref (result);
}

static void
save_figure (LacunaExplanation *explanation, LacunaPyramid *picture, const char *path)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  lacuna_explanation_save_figure_async (explanation, picture, path, on_result, &result);
  WAIT_UNTIL (result != NULL);
  lacuna_explanation_save_figure_finish (explanation, result, &error);
  g_assert_no_error (error);
}

static void
assert_starts (const char *path, const char *start)
{
  g_autofree char *contents = NULL;
  g_autoptr (GError) error = NULL;

  g_file_get_contents (path, &contents, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (g_str_has_prefix (contents, start));
}

/* A figure shows the window that was filled in all pixels that the photo has there, and says below what its colours
 * are. */
static void
check_figures (LacunaDocument *document)
{
  static const char *const starts[][2] = { { "svg", "<?xml" }, { "pdf", "%PDF" }, { "PNG", "\x89PNG" } };
  g_autoptr (LacunaExplanation) explanation = lacuna_explanation_new ();
  g_autoptr (LacunaPanePictures) pictures = lacuna_pane_pictures_new (document);
  LacunaFill *fill = lacuna_document_get_fill (document);
  const LacunaBox *box = lacuna_region_get_box (lacuna_fill_get_region (fill, 0));
  g_autofree char *folder = g_dir_make_tmp ("lacuna-window-XXXXXX", NULL);
  g_autoptr (LacunaPhoto) picture = NULL;
  g_autoptr (GError) error = NULL;

  WAIT_UNTIL (lacuna_pane_pictures_get_current (pictures) != NULL);
  lacuna_explanation_set_fill (explanation, fill, lacuna_document_get_trust (document), NULL);
  lacuna_explanation_set_mode (explanation, LACUNA_ATTENTION_FLOW);
  for (guint i = 0; i < G_N_ELEMENTS (starts); i++)
    {
      g_autofree char *path = g_strdup_printf ("%s/flow.%s", folder, starts[i][0]);

      save_figure (explanation, lacuna_pane_pictures_get_current (pictures), path);
      assert_starts (path, starts[i][1]);
      if (i + 1 == G_N_ELEMENTS (starts))
        picture = lacuna_photo_load (path, NULL, &error);
      g_remove (path);
    }
  g_assert_no_error (error);
  g_assert_cmpint (lacuna_photo_get_width (picture), >=, box->width);
  g_assert_cmpint (lacuna_photo_get_height (picture), >,
                   (gint64) lacuna_photo_get_width (picture) * box->height / box->width + 40);
  g_rmdir (folder);
}

static void
find_session_button (GtkWidget *widget)
{
  if (GTK_IS_BUTTON (widget)
      && g_strcmp0 (gtk_actionable_get_action_name (GTK_ACTIONABLE (widget)), "win.open-session") == 0)
    found = widget;
}

/* The first photo that the start page shows as worked on; some: once there is one, else NULL once there is none. */
static GtkWidget *
await_recent (LacunaWindow *window, gboolean some)
{
  do
    {
      g_main_context_iteration (NULL, TRUE);
      found = NULL;
      walk (GTK_WIDGET (window), find_session_button);
  } while ((found != NULL) != some);
  return found;
}

static void
forget_all (LacunaWindow *window)
{
  g_autoptr (GPtrArray) sessions = lacuna_sessions_list ();

  for (guint i = 0; i < sessions->len; i++)
    {
      g_autofree char *id = g_path_get_basename (((LacunaSession *) sessions->pdata[i])->path);

      gtk_widget_activate_action (GTK_WIDGET (window), "win.forget-session", "s", id);
    }
}

static void
close_with_marks (LacunaWindow *window, const char *name)
{
  g_autofree char *file = g_strconcat (name, ".jpg", NULL), *mask_file = g_strconcat (name, ".mask.png", NULL);
  g_autofree char *photo = g_build_filename (g_getenv ("LACUNA_DATA"), "samples", file, NULL);
  g_autofree char *mask = g_build_filename (g_getenv ("LACUNA_DATA"), "samples", mask_file, NULL);

  lacuna_window_open (window, photo, mask);
  WAIT_UNTIL (is_enabled (window, "export-mask"));
  gtk_widget_activate_action (GTK_WIDGET (window), "win.close-photo", NULL);
  await_recent (window, TRUE);
}

static void
find_undo (GtkWidget *widget)
{
  if (GTK_IS_BUTTON (widget) && g_str_equal (G_OBJECT_TYPE_NAME (gtk_widget_get_parent (widget)), "AdwToastWidget")
      && gtk_widget_get_mapped (widget) && gtk_button_get_label (GTK_BUTTON (widget)) != NULL)
    found = widget;
}

static guint
count_sessions (void)
{
  g_autoptr (GPtrArray) sessions = lacuna_sessions_list ();

  return sessions->len;
}

/* Sessions that are forgotten one after the other are brought back by one button. */
static void
test_forgotten (void)
{
  LacunaWindow *window = make_window (1000);

  forget_all (window);
  await_recent (window, FALSE);
  gtk_window_destroy (GTK_WINDOW (window));
  window = make_window (1000);
  close_with_marks (window, "zion-tunnel");
  close_with_marks (window, "golden-eagle");
  WAIT_UNTIL (count_sessions () == 2);
  /* One that is still being written is not forgotten yet. */
  while (count_sessions () > 0)
    {
      forget_all (window);
      settle ();
    }
  settle ();
  found = NULL;
  walk (GTK_WIDGET (window), find_undo);
  g_assert_nonnull (found);
  g_signal_emit_by_name (found, "clicked");
  settle ();
  g_assert_cmpuint (count_sessions (), ==, 2);
  forget_all (window);
  gtk_window_destroy (GTK_WINDOW (window));
}

static void
find_lesson_bar (GtkWidget *widget)
{
  if (LACUNA_IS_LESSON_BAR (widget))
    found = widget;
}

/* The offer to learn the photo goes with the fill that it is about. */
static void
check_offer (LacunaWindow *window)
{
  GtkWidget *content;

  walk (GTK_WIDGET (window), find_lesson_bar);
  content = adw_bin_get_child (ADW_BIN (found));
  lacuna_lesson_bar_offer (LACUNA_LESSON_BAR (found));
  g_assert_true (gtk_widget_get_visible (content));
  gtk_widget_activate_action (GTK_WIDGET (window), "win.undo", NULL);
  g_assert_false (gtk_widget_get_visible (content));
  gtk_widget_activate_action (GTK_WIDGET (window), "win.redo", NULL);
}

/* What was filled and not saved is there again after the window was closed, without a question. */
static void
test_kept (void)
{
  LacunaWindow *window = make_window (1000);
  g_autoptr (GPtrArray) variants = NULL;
  gpointer alive = window;
  guint chosen;

  forget_all (window);
  await_recent (window, FALSE);
  g_object_add_weak_pointer (G_OBJECT (window), &alive);
  open_sample (window);
  gtk_widget_activate_action (GTK_WIDGET (window), "win.fill", NULL);
  g_assert_true (is_enabled (window, "cancel-fill"));
  WAIT_UNTIL (lacuna_document_get_modified (lacuna_window_get_document (window)) || find_dialog () != NULL);
  g_assert_null (find_dialog ());
  WAIT_UNTIL (!is_enabled (window, "cancel-fill"));
  g_assert_true (g_str_has_prefix (gtk_window_get_title (GTK_WINDOW (window)), "• "));
  g_assert_true (is_enabled (window, "export-panes"));
  check_without_detail (lacuna_window_get_document (window));
  check_figures (lacuna_window_get_document (window));
  check_offer (window);
  gtk_window_close (GTK_WINDOW (window));
  WAIT_UNTIL (alive == NULL);
  g_assert_null (find_dialog ());

  window = make_window (360);
  gtk_widget_activate (await_recent (window, TRUE));
  WAIT_UNTIL (lacuna_window_get_document (window) != NULL);
  g_assert_true (lacuna_document_get_modified (lacuna_window_get_document (window)));
  variants = lacuna_document_list_variants (lacuna_window_get_document (window), &chosen);
  g_assert_cmpuint (variants->len, ==, 1);
  g_assert_true (g_str_has_prefix (gtk_window_get_title (GTK_WINDOW (window)), "• "));
  gtk_widget_activate_action (GTK_WIDGET (window), "win.close-photo", NULL);
  await_recent (window, TRUE);
  settle ();
  g_assert_cmpint (get_least_width (window), <=, 360);
  gtk_window_destroy (GTK_WINDOW (window));
}

static void
find_heading (GtkWidget *widget)
{
  if (GTK_IS_LABEL (widget) && gtk_widget_has_css_class (widget, "heading") && gtk_widget_get_mapped (widget)
      && g_str_has_suffix (gtk_label_get_text (GTK_LABEL (widget)), "zion-tunnel.jpg"))
    found = widget;
}

/* A fill that the closing of the photo ended is made anew when it is opened; meanwhile a narrow window shows the
 * photo's name beside the progress. */
static void
test_fill_anew (void)
{
  LacunaWindow *window = make_window (360);

  forget_all (window);
  await_recent (window, FALSE);
  open_sample (window);
  gtk_widget_activate_action (GTK_WIDGET (window), "win.fill", NULL);
  gtk_widget_activate_action (GTK_WIDGET (window), "win.close-photo", NULL);
  gtk_widget_activate (await_recent (window, TRUE));
  WAIT_UNTIL (lacuna_window_get_document (window) != NULL);
  WAIT_UNTIL (is_enabled (window, "cancel-fill"));
  found = NULL;
  walk (GTK_WIDGET (window), find_heading);
  g_assert_nonnull (found);
  WAIT_UNTIL (lacuna_document_get_modified (lacuna_window_get_document (window)));
  WAIT_UNTIL (!is_enabled (window, "cancel-fill"));
  gtk_window_destroy (GTK_WINDOW (window));
}

static void
find_name (GtkWidget *widget)
{
  if (ADW_IS_ENTRY_ROW (widget) && gtk_widget_get_mapped (widget))
    found = widget;
}

/* A text has the focus again when its page is shown again, and nothing of it is selected. */
static void
test_focus_back (void)
{
  LacunaWindow *window = make_window (1000);
  GtkWidget *focus;

  gtk_widget_activate_action (GTK_WIDGET (window), "win.page", "s", "training");
  settle ();
  walk (GTK_WIDGET (window), find_name);
  g_assert_true (gtk_widget_grab_focus (found));
  focus = gtk_window_get_focus (GTK_WINDOW (window));
  g_assert_true (GTK_IS_EDITABLE (focus));
  gtk_widget_activate_action (GTK_WIDGET (window), "win.page", "s", "models");
  g_assert_true (gtk_window_get_focus (GTK_WINDOW (window)) != focus);
  gtk_widget_activate_action (GTK_WIDGET (window), "win.page", "s", "training");
  g_assert_true (gtk_window_get_focus (GTK_WINDOW (window)) == focus);
  g_assert_false (gtk_editable_get_selection_bounds (GTK_EDITABLE (focus), NULL, NULL));
  gtk_window_destroy (GTK_WINDOW (window));
}

/* A dialog that its queue keeps beyond the window it belongs to. */
static void
test_dialog_stays (void)
{
  LacunaWindow *window = make_window (1000);
  g_autoptr (GPtrArray) photos = g_ptr_array_new ();
  g_autoptr (LacunaQueue) queue = lacuna_queue_new (photos, NULL);
  g_autoptr (LacunaQueueDialog) dialog = g_object_ref (
      lacuna_queue_dialog_new (GTK_WINDOW (window), lacuna_application_get_services (application), queue));

  gtk_window_present (GTK_WINDOW (dialog));
  settle ();
  g_object_add_weak_pointer (G_OBJECT (window), (gpointer *) &window);
  gtk_window_destroy (GTK_WINDOW (window));
  WAIT_UNTIL (window == NULL);
  g_assert_null (gtk_window_get_transient_for (GTK_WINDOW (dialog)));
}

int
main (int argc, char **argv)
{
  init_application (&argc, &argv);
  g_test_add_func ("/window/actions", test_actions);
  g_test_add_func ("/window/rest", test_rest);
  g_test_add_func ("/window/paste", test_paste);
  g_test_add_func ("/window/lesson", test_lesson);
  g_test_add_func ("/window/missing-file", test_missing_file);
  g_test_add_func ("/window/forgotten", test_forgotten);
  g_test_add_func ("/window/kept", test_kept);
  g_test_add_func ("/window/fill-anew", test_fill_anew);
  g_test_add_func ("/window/focus-back", test_focus_back);
  g_test_add_func ("/window/dialog-stays", test_dialog_stays);
  return run_tests ();
}
