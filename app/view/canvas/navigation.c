/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Zooms and pans a canvas by the wheel, by dragging and by pinching. The canvas owns the Navigation, which borrows
 * the canvas; dragged_x, dragged_y and pinched tell what was applied of a gesture, so that each event adds only what
 * is new. All of it runs in the main loop. */
#include "app/view/canvas/navigation.h"

#include <math.h>

#define WHEEL_FACTOR 1.2
#define KEY "lacuna-navigation"

typedef struct {
  LacunaCanvas *canvas; /* its owner */
  gboolean      held, pinching;
  double        x, y;   /* the pointer in the pane, where the wheel zooms */
  double        dragged_x, dragged_y, pinched;
} Navigation;

static LacunaViewport *
get_viewport (Navigation *self)
{
  return lacuna_canvas_get_viewport (self->canvas);
}

static gboolean
on_scroll (GtkEventControllerScroll *controller, double dx, double dy, gpointer data)
{
  Navigation *self = data;
  GdkModifierType state = gtk_event_controller_get_current_event_state (GTK_EVENT_CONTROLLER (controller));

  /* With Control the wheel changes the brush's size (app/view/painter.c). */
  if (state & GDK_CONTROL_MASK)
    return FALSE;
  if (state & GDK_SHIFT_MASK)
    lacuna_viewport_pan (get_viewport (self), -64 * (dx + dy), 0);
  else
    lacuna_viewport_zoom_at (get_viewport (self), lacuna_viewport_limit (get_viewport (self), pow (WHEEL_FACTOR, -dy)),
                             self->x, self->y);
  return TRUE;
}

static void
on_motion (GtkEventControllerMotion *controller, double x, double y, gpointer data)
{
  Navigation *self = data;

  self->x = x;
  self->y = y;
}

static void
on_drag_begin (GtkGestureDrag *gesture, double x, double y, gpointer data)
{
  Navigation *self = data;
  guint button = gtk_gesture_single_get_current_button (GTK_GESTURE_SINGLE (gesture));
  gboolean pans = button == GDK_BUTTON_MIDDLE || (button == GDK_BUTTON_PRIMARY && self->held);

  gtk_gesture_set_state (GTK_GESTURE (gesture), pans ? GTK_EVENT_SEQUENCE_CLAIMED : GTK_EVENT_SEQUENCE_DENIED);
  self->dragged_x = self->dragged_y = 0;
  if (pans)
    gtk_widget_set_cursor_from_name (GTK_WIDGET (self->canvas), "grabbing");
}

static void
on_drag_update (GtkGestureDrag *gesture, double dx, double dy, gpointer data)
{
  Navigation *self = data;

  lacuna_viewport_pan (get_viewport (self), dx - self->dragged_x, dy - self->dragged_y);
  self->dragged_x = dx;
  self->dragged_y = dy;
}

static void
on_drag_end (GtkGestureDrag *gesture, double dx, double dy, gpointer data)
{
  Navigation *self = data;

  gtk_widget_set_cursor_from_name (GTK_WIDGET (self->canvas), self->held ? "grab" : NULL);
}

static void
on_pinch_begin (GtkGesture *gesture, GdkEventSequence *sequence, gpointer data)
{
  Navigation *self = data;

  self->pinching = TRUE;
  self->pinched = 1;
  gtk_gesture_get_bounding_box_center (gesture, &self->dragged_x, &self->dragged_y);
  gtk_gesture_set_state (gesture, GTK_EVENT_SEQUENCE_CLAIMED);
}

static void
on_pinch (GtkGestureZoom *gesture, double scale, gpointer data)
{
  Navigation *self = data;
  double x, y;

  if (!gtk_gesture_get_bounding_box_center (GTK_GESTURE (gesture), &x, &y))
    return;
  lacuna_viewport_pan (get_viewport (self), x - self->dragged_x, y - self->dragged_y);
  lacuna_viewport_zoom_at (get_viewport (self), scale / self->pinched, x, y);
  self->pinched = scale;
  self->dragged_x = x;
  self->dragged_y = y;
}

static void
on_pinch_end (GtkGesture *gesture, GdkEventSequence *sequence, gpointer data)
{
  ((Navigation *) data)->pinching = FALSE;
}

static void
add_gestures (Navigation *self, GtkWidget *canvas)
{
  GtkGesture *drag = gtk_gesture_drag_new (), *pinch = gtk_gesture_zoom_new ();

  gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (drag), 0);
  gtk_event_controller_set_propagation_phase (GTK_EVENT_CONTROLLER (drag), GTK_PHASE_CAPTURE);
  g_signal_connect (drag, "drag-begin", G_CALLBACK (on_drag_begin), self);
  g_signal_connect (drag, "drag-update", G_CALLBACK (on_drag_update), self);
  g_signal_connect (drag, "drag-end", G_CALLBACK (on_drag_end), self);
  gtk_widget_add_controller (canvas, GTK_EVENT_CONTROLLER (drag));
  gtk_event_controller_set_propagation_phase (GTK_EVENT_CONTROLLER (pinch), GTK_PHASE_CAPTURE);
  g_signal_connect (pinch, "begin", G_CALLBACK (on_pinch_begin), self);
  g_signal_connect (pinch, "scale-changed", G_CALLBACK (on_pinch), self);
  g_signal_connect (pinch, "end", G_CALLBACK (on_pinch_end), self);
  gtk_widget_add_controller (canvas, GTK_EVENT_CONTROLLER (pinch));
}

void
lacuna_navigation_add (LacunaCanvas *canvas)
{
  Navigation *self = g_new0 (Navigation, 1);
  GtkEventController *scroll = gtk_event_controller_scroll_new (GTK_EVENT_CONTROLLER_SCROLL_BOTH_AXES);
  GtkEventController *motion = gtk_event_controller_motion_new ();

  self->canvas = canvas;
  g_object_set_data_full (G_OBJECT (canvas), KEY, self, g_free);
  g_signal_connect (scroll, "scroll", G_CALLBACK (on_scroll), self);
  gtk_widget_add_controller (GTK_WIDGET (canvas), scroll);
  g_signal_connect (motion, "motion", G_CALLBACK (on_motion), self);
  g_signal_connect (motion, "enter", G_CALLBACK (on_motion), self);
  gtk_widget_add_controller (GTK_WIDGET (canvas), motion);
  add_gestures (self, GTK_WIDGET (canvas));
}

void
lacuna_navigation_hold (LacunaCanvas *canvas, gboolean held)
{
  Navigation *self = g_object_get_data (G_OBJECT (canvas), KEY);

  if (self->held == held)
    return;
  self->held = held;
  gtk_widget_set_cursor_from_name (GTK_WIDGET (canvas), held ? "grab" : NULL);
}

gboolean
lacuna_navigation_is_active (LacunaCanvas *canvas)
{
  Navigation *self = g_object_get_data (G_OBJECT (canvas), KEY);

  return self != NULL && (self->held || self->pinching);
}
