/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tests what the window tells in passing: what is read together, when it goes, and what it lies over. The oracle is which
 * texts are shown, and where. */
#include "tests/in-window.h"

#include "app/services/complain.h"
#include "app/view/canvas/canvas.h"

static GPtrArray *told; /* of char */

static void
note_label (GtkWidget *widget)
{
  if (GTK_IS_LABEL (widget) && gtk_widget_get_mapped (widget))
    g_ptr_array_add (told, g_strdup (gtk_label_get_text (GTK_LABEL (widget))));
}

static gboolean
is_toast (GtkWidget *widget)
{
  return g_str_equal (G_OBJECT_TYPE_NAME (widget), "AdwToastWidget") && gtk_widget_get_mapped (widget);
}

static void
note_toast (GtkWidget *widget)
{
  if (is_toast (widget))
    walk (widget, note_label);
}

/* The texts of the toasts that are shown, joined. */
static char *
read_toasts (LacunaWindow *window)
{
  g_autoptr (GPtrArray) texts = g_ptr_array_new_with_free_func (g_free);

  told = texts;
  walk (GTK_WIDGET (window), note_toast);
  g_ptr_array_add (texts, NULL);
  return g_strjoinv ("; ", (char **) texts->pdata);
}

static gboolean
say (LacunaWindow *window, const char *texts)
{
  g_autofree char *said = read_toasts (window);

  return g_str_equal (said, texts);
}

static graphene_rect_t toast_bounds;

static void
find_toast (GtkWidget *widget)
{
  if (is_toast (widget))
    g_assert_true (gtk_widget_compute_bounds (widget, GTK_WIDGET (gtk_widget_get_root (widget)), &toast_bounds));
}

/* Waits until the toast does not move any more, and finds its place. */
static void
await_rest (GtkWidget *root)
{
  graphene_rect_t before;

  do
    {
      before = toast_bounds;
      settle ();
      toast_bounds = GRAPHENE_RECT_INIT (0, 0, 0, 0);
      walk (root, find_toast);
  } while (!graphene_rect_equal (&before, &toast_bounds));
}

/* The pointer reaches what is below a toast. */
static void
check_below (GtkWidget *widget)
{
  GtkWidget *root = GTK_WIDGET (gtk_widget_get_root (widget)), *below;

  for (double share = 0.05; is_toast (widget) && share < 1.0; share += 0.05)
    {
      below = gtk_widget_pick (root, toast_bounds.origin.x + share * toast_bounds.size.width,
                               toast_bounds.origin.y + toast_bounds.size.height / 2, GTK_PICK_DEFAULT);
      g_assert_nonnull (below);
      g_assert_false (below == widget || gtk_widget_is_ancestor (below, widget));
    }
}

/* Waits until the toasts that are shown say so, and checks what is below. */
static void
await_toasts (LacunaWindow *window, const char *texts)
{
  WAIT_UNTIL (say (window, texts));
  await_rest (GTK_WIDGET (window));
  walk (GTK_WIDGET (window), check_below);
}

static void
find_overlay (GtkWidget *widget)
{
  if (ADW_IS_TOAST_OVERLAY (widget) && gtk_widget_get_mapped (widget))
    found = widget;
}

/* One that is dismissed while it waits for the one before to go does not come. */
static void
check_withdrawn (LacunaWindow *window)
{
  AdwToast *toast = adw_toast_new ("withdrawn");
  g_autofree char *text = NULL;

  walk (GTK_WIDGET (window), find_overlay);
  lacuna_show_toast (ADW_TOAST_OVERLAY (found), toast);
  lacuna_dismiss_toast (toast);
  settle ();
  settle ();
  text = read_toasts (window);
  g_assert_cmpstr (text, ==, "");
}

/* Notes that come together are read together; one that comes later stands alone. The pointer reaches what is below. */
static void
test_together (void)
{
  LacunaWindow *window = make_window (1000);

  lacuna_window_toast (window, NULL, "first “/home/O’Brien/one.jpg”");
  lacuna_window_toast (window, NULL, "second");
  await_toasts (window, "first “one.jpg”\nsecond");
  g_usleep (G_USEC_PER_SEC);
  lacuna_window_toast (window, NULL, "third");
  await_toasts (window, "third");
  check_withdrawn (window);
  gtk_window_destroy (GTK_WINDOW (window));
}

/* What is told about a photo goes when that is left, and is not told any more afterwards; all else stays. */
static void
test_other_photo (void)
{
  LacunaWindow *window = make_window (1000);
  g_autoptr (LacunaDocument) left = NULL;

  open_photo (window, "desert-hike.jpg");
  left = g_object_ref (lacuna_window_get_document (window));
  lacuna_window_toast (window, NULL, "of none");
  open_photo (window, "zion-tunnel.jpg");
  await_toasts (window, "of none");
  g_usleep (G_USEC_PER_SEC);
  lacuna_window_toast (window, left, "of the one before");
  lacuna_window_toast (window, lacuna_window_get_document (window), "of this");
  await_toasts (window, "of this");
  open_photo (window, "desert-hike.jpg");
  await_toasts (window, "");
  gtk_window_destroy (GTK_WINDOW (window));
}

static void
click_details (GtkWidget *widget)
{
  if (GTK_IS_BUTTON (widget) && gtk_widget_get_mapped (widget)
      && g_strcmp0 (gtk_button_get_label (GTK_BUTTON (widget)), "Details") == 0)
    g_signal_emit_by_name (widget, "clicked");
}

/* What takes long to read, as it is, or with what comes within moments, is begun, and read in a dialog: as the notes on
 * ten drivers. */
static void
test_long (void)
{
  LacunaWindow *window = make_window (1000);
  g_autoptr (GString) all = g_string_new (NULL);
  g_autofree char *shown = NULL;
  AdwMessageDialog *dialog;
  float height;

  lacuna_window_toast (window, NULL, "The driver 10 is left out, as it failed a test of what it computes.");
  await_toasts (window, "The driver 10 is left out, as it failed a test of what it computes.");
  height = toast_bounds.size.height;
  g_usleep (G_USEC_PER_SEC);
  for (int i = 0; i < 10; i++)
    {
      g_autofree char *note
          = g_strdup_printf ("The driver %d is left out, as it failed a test of what it computes.", i);

      lacuna_window_toast (window, NULL, "%s", note);
      g_string_append_printf (all, "%s%s", i > 0 ? "\n" : "", note);
    }
  shown = g_strconcat (all->str, "; Details", NULL);
  g_strdelimit (shown, "\n", ' ');
  WAIT_UNTIL (say (window, shown));
  await_rest (GTK_WIDGET (window));
  g_assert_cmpfloat (toast_bounds.size.height, <, 2 * height);
  walk (GTK_WIDGET (window), click_details);
  WAIT_UNTIL (find_dialog () != NULL);
  dialog = find_dialog ();
  g_assert_cmpstr (adw_message_dialog_get_body (dialog), ==, all->str);
  gtk_window_destroy (GTK_WINDOW (dialog));
  gtk_window_destroy (GTK_WINDOW (window));
}

static guint n_controls;

/* What scrolls cuts off what is scrolled out of sight. */
static void
check_uncovered (GtkWidget *widget)
{
  GtkWidget *root = GTK_WIDGET (gtk_widget_get_root (widget));
  GtkWidget *scrolled = gtk_widget_get_ancestor (widget, GTK_TYPE_SCROLLED_WINDOW);
  graphene_rect_t bounds, sight;

  if (!(GTK_IS_BUTTON (widget) || GTK_IS_CHECK_BUTTON (widget)) || !gtk_widget_get_mapped (widget) || scrolled == NULL)
    return;
  g_assert_true (gtk_widget_compute_bounds (widget, root, &bounds));
  g_assert_true (gtk_widget_compute_bounds (scrolled, root, &sight));
  if (!graphene_rect_intersection (&bounds, &sight, &bounds))
    return;
  n_controls++;
  g_assert_false (graphene_rect_intersection (&bounds, &toast_bounds, NULL));
}

static void
scroll_to_end (GtkWidget *widget)
{
  GtkAdjustment *place
      = GTK_IS_SCROLLED_WINDOW (widget) ? gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (widget)) : NULL;

  if (place != NULL)
    gtk_adjustment_set_value (place, gtk_adjustment_get_upper (place));
}

/* On a page that scrolls a toast lies over no control, wherever it is scrolled to. */
static void
check_page (AdwToastOverlay *overlay)
{
  AdwToast *toast = adw_toast_new ("said");
  GtkWidget *page = adw_toast_overlay_get_child (overlay);
  int height;

  WAIT_UNTIL (gtk_widget_get_height (page) > 0);
  height = gtk_widget_get_height (page);
  adw_toast_set_button_label (toast, "Undo");
  lacuna_show_toast (overlay, toast);
  await_rest (GTK_WIDGET (overlay));
  for (gboolean is_end = FALSE; is_end <= TRUE; is_end++)
    {
      n_controls = 0;
      walk (GTK_WIDGET (overlay), check_uncovered);
      g_assert_cmpuint (n_controls, >, 0);
      walk (GTK_WIDGET (overlay), scroll_to_end);
      settle ();
    }
  lacuna_dismiss_toast (toast);
  WAIT_UNTIL (gtk_widget_get_height (page) == height);
}

static void
test_uncovered (void)
{
  const char *pages[] = { "fill", "training", "models" };
  LacunaWindow *window = make_window (500);

  gtk_window_set_default_size (GTK_WINDOW (window), 500, 500);
  for (guint i = 0; i < G_N_ELEMENTS (pages); i++)
    {
      gtk_widget_activate_action (GTK_WIDGET (window), "win.page", "s", pages[i]);
      settle ();
      walk (GTK_WIDGET (window), find_overlay);
      check_page (ADW_TOAST_OVERLAY (found));
    }
  gtk_window_destroy (GTK_WINDOW (window));
}

static void
find_canvas (GtkWidget *widget)
{
  if (LACUNA_IS_CANVAS (widget) && gtk_widget_get_mapped (widget))
    found = widget;
}

/* Over a photo, and above the strip of several, a toast lies over nothing else. */
static void
test_over_photo (void)
{
  const int widths[] = { 1000, 360 };
  g_autofree char *samples = g_build_filename (g_getenv ("LACUNA_DATA"), "samples", NULL);
  g_autofree char *uri = g_filename_to_uri (samples, NULL, NULL);
  const char *uris[] = { uri, NULL };

  for (guint i = 0; i < G_N_ELEMENTS (widths); i++)
    {
      LacunaWindow *window = make_window (widths[i]);
      graphene_rect_t photo;

      gtk_widget_activate_action (GTK_WIDGET (window), "win.open-files", "^as", uris);
      WAIT_UNTIL (is_enabled (window, "next-photo"));
      settle ();
      lacuna_window_toast (window, NULL, "said");
      settle ();
      walk (GTK_WIDGET (window), find_canvas);
      walk (GTK_WIDGET (window), find_toast);
      g_assert_true (gtk_widget_compute_bounds (found, GTK_WIDGET (window), &photo));
      g_assert_true (graphene_rect_contains_rect (&photo, &toast_bounds));
      gtk_window_destroy (GTK_WINDOW (window));
    }
}

int
main (int argc, char **argv)
{
  init_application (&argc, &argv);
  g_test_add_func ("/toasts/together", test_together);
  g_test_add_func ("/toasts/other-photo", test_other_photo);
  g_test_add_func ("/toasts/uncovered", test_uncovered);
  g_test_add_func ("/toasts/over-photo", test_over_photo);
  g_test_add_func ("/toasts/long", test_long);
  return run_tests ();
}
