/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tests what becomes of work under way when another tool is taken, or the photo is left. The oracle is what the mask
 * holds, also once the photo is opened again. */
#include "tests/in-window.h"

#include "app/view/canvas/canvas.h"

static void
find_canvas (GtkWidget *widget)
{
  if (LACUNA_IS_CANVAS (widget) && gtk_widget_get_mapped (widget))
    found = widget;
}

static void
press_key (guint key, GdkModifierType state)
{
  g_autoptr (GListModel) controllers = gtk_widget_observe_controllers (found);
  gboolean handled = FALSE;

  for (guint i = 0; i < g_list_model_get_n_items (controllers) && !handled; i++)
    {
      g_autoptr (GtkEventController) controller = g_list_model_get_item (controllers, i);

      if (GTK_IS_EVENT_CONTROLLER_KEY (controller))
        g_signal_emit_by_name (controller, "key-pressed", key, 0, state, &handled);
    }
  g_assert_true (handled);
}

/* Of what the tool makes of corners, in the photo's middle, by keys. */
static void
draw_corners (LacunaWindow *window, const char *tool, guint n)
{
  const guint ways[] = { GDK_KEY_Right, GDK_KEY_Down, GDK_KEY_Left };

  walk (GTK_WIDGET (window), find_canvas);
  gtk_widget_activate_action (found, "view.tool", "s", tool);
  for (guint i = 0; i < n; i++)
    {
      for (guint step = 0; i > 0 && step < 5; step++)
        press_key (ways[i - 1], 0);
      press_key (GDK_KEY_Return, 0);
    }
}

static gboolean
has_hole (LacunaWindow *window)
{
  return lacuna_document_has_hole (lacuna_window_get_document (window));
}

/* As when a second finger comes down beside the one that pressed. */
static void
cancel_drag (void)
{
  g_autoptr (GListModel) controllers = gtk_widget_observe_controllers (found);

  for (guint i = 0; i < g_list_model_get_n_items (controllers); i++)
    {
      g_autoptr (GtkEventController) controller = g_list_model_get_item (controllers, i);

      if (GTK_IS_GESTURE_DRAG (controller))
        g_signal_emit_by_name (controller, "cancel", NULL);
    }
}

/* Corners that were set make a polygon, as one step, once there are three. */
static void
test_other_tool (void)
{
  LacunaWindow *window = make_window (1000);

  open_photo (window, "desert-hike.jpg");
  for (guint n = 2; n <= 4; n++)
    {
      draw_corners (window, "polygon", n);
      g_assert_false (has_hole (window));
      cancel_drag ();
      gtk_widget_activate_action (found, "view.tool", "s", "brush");
      g_assert_true (has_hole (window) == (n > 2));
      lacuna_document_undo (lacuna_window_get_document (window));
      g_assert_false (has_hole (window));
    }
  gtk_window_destroy (GTK_WINDOW (window));
}

/* What else is half drawn stays too: a line, and a stroke that keys draw. */
static void
test_half_drawn (void)
{
  LacunaWindow *window = make_window (1000);
  LacunaDocument *document;

  open_photo (window, "desert-hike.jpg");
  document = lacuna_window_get_document (window);
  draw_corners (window, "line", 2);
  gtk_widget_activate_action (found, "view.tool", "s", "brush");
  g_assert_nonnull (lacuna_document_get_lines (document));
  press_key (GDK_KEY_Right, GDK_SHIFT_MASK);
  gtk_widget_activate_action (found, "view.tool", "s", "eraser");
  lacuna_document_undo (document);
  g_assert_false (has_hole (window));
  lacuna_document_redo (document);
  g_assert_true (has_hole (window));
  lacuna_document_undo (document);
  lacuna_document_undo (document);
  gtk_window_destroy (GTK_WINDOW (window));
}

static void
test_other_photo (void)
{
  LacunaWindow *window = make_window (1000);

  open_photo (window, "desert-hike.jpg");
  draw_corners (window, "polygon", 4);
  open_photo (window, "zion-tunnel.jpg");
  g_assert_false (has_hole (window));
  open_photo (window, "desert-hike.jpg");
  g_assert_true (has_hole (window));
  lacuna_document_undo (lacuna_window_get_document (window));
  gtk_window_destroy (GTK_WINDOW (window));
}

static void
test_closed (void)
{
  LacunaWindow *window = make_window (1000);

  open_photo (window, "desert-hike.jpg");
  g_assert_false (has_hole (window));
  draw_corners (window, "polygon", 4);
  gtk_window_close (GTK_WINDOW (window));
  settle ();
  window = make_window (1000);
  open_photo (window, "desert-hike.jpg");
  g_assert_true (has_hole (window));
  lacuna_document_undo (lacuna_window_get_document (window));
  gtk_window_destroy (GTK_WINDOW (window));
}

/* What is half drawn is filled with the rest, as nothing can be marked meanwhile. */
static void
test_filled (void)
{
  LacunaWindow *window = make_window (1000);
  LacunaDocument *document;

  open_sample (window);
  document = lacuna_window_get_document (window);
  WAIT_UNTIL (is_enabled (window, "fill"));
  draw_corners (window, "polygon", 4);
  gtk_widget_activate_action (GTK_WIDGET (window), "win.fill", NULL);
  lacuna_document_cancel_fill (document);
  WAIT_UNTIL (!lacuna_document_get_busy (document));
  lacuna_document_undo (document);
  g_assert_true (has_hole (window));
  lacuna_document_undo (document);
  g_assert_false (has_hole (window));
  gtk_window_destroy (GTK_WINDOW (window));
}

int
main (int argc, char **argv)
{
  init_application (&argc, &argv);
  g_test_add_func ("/leaving/other-tool", test_other_tool);
  g_test_add_func ("/leaving/half-drawn", test_half_drawn);
  g_test_add_func ("/leaving/other-photo", test_other_photo);
  g_test_add_func ("/leaving/closed", test_closed);
  g_test_add_func ("/leaving/filled", test_filled);
  return run_tests ();
}
