/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Asks by pointer and keys in the attention pane where a place was filled from, and opens the menu of a source.
 * While `kept` is TRUE the answer stays, else it follows the pointer. The canvas owns the Probe, which borrows the
 * canvas. All of it runs in the main loop. */
#include "app/view/attention/attention-probe.h"

#include <math.h>

#include "app/view/attention/source-menu.h"
#include "app/view/canvas/navigation.h"

#define DRAG_THRESHOLD 6

typedef struct {
  LacunaCanvas    *canvas; /* its owner */
  LacunaExplanation *explanation;
  gboolean         kept;       /* a click holds the answer */
  gboolean         by_keys;
  double           x, y;       /* the point, in the photo */
  GtkWidget       *menu;
} Probe;

static void
probe_free (gpointer data)
{
  Probe *self = data;

  g_object_unref (self->explanation);
  g_free (self);
}

static gboolean
ask_point (Probe *self)
{
  return lacuna_explanation_ask (self->explanation, (LacunaBox){ floor (self->x), floor (self->y), 1, 1 });
}

static void
on_motion (GtkEventControllerMotion *controller, double x, double y, gpointer data)
{
  Probe *self = data;

  double px, py;

  if (gtk_event_controller_get_current_event_state (GTK_EVENT_CONTROLLER (controller)) & GDK_BUTTON1_MASK)
    return;
  lacuna_viewport_to_photo (lacuna_canvas_get_viewport (self->canvas), x, y, &px, &py);
  if (!self->kept)
    {
      self->x = px;
      self->y = py;
    }
  if (self->kept || !ask_point (self))
    lacuna_explanation_set_lit (self->explanation, lacuna_explanation_find_source (self->explanation, px, py));
}

static void
open_menu (Probe *self, double x, double y)
{
  double frame_x, frame_y;

  if (lacuna_explanation_choose (self->explanation, LACUNA_SOURCE_CHOSEN).width == 0)
    return;
  gtk_widget_translate_coordinates (GTK_WIDGET (self->canvas), gtk_widget_get_parent (self->menu), x, y, &frame_x,
                                    &frame_y);
  gtk_popover_set_pointing_to (GTK_POPOVER (self->menu), &(GdkRectangle){ (int) frame_x, (int) frame_y, 1, 1 });
  gtk_popover_popup (GTK_POPOVER (self->menu));
}

/* Opens the menu about the source at the pointer, or else about what was copied to what was filled there, or
 * about the place itself. */
static void
on_menu_pressed (GtkGestureClick *gesture, int n_press, double x, double y, gpointer data)
{
  Probe *self = data;
  double px, py;
  LacunaBox lit;

  lacuna_viewport_to_photo (lacuna_canvas_get_viewport (self->canvas), x, y, &px, &py);
  lit = lacuna_explanation_find_source (self->explanation, px, py);
  if (lit.width == 0)
    lit = lacuna_explanation_find_patch (self->explanation, px, py);
  if (lit.width == 0 && !self->kept)
    self->kept = lacuna_explanation_ask (self->explanation, (LacunaBox){ floor (px), floor (py), 1, 1 });
  gtk_widget_grab_focus (GTK_WIDGET (self->canvas));
  lacuna_explanation_set_lit (self->explanation, lit);
  open_menu (self, x, y);
}

/* Opens the menu at the source that it is about. */
static void
open_menu_by_key (Probe *self)
{
  LacunaBox box = lacuna_explanation_choose (self->explanation, LACUNA_SOURCE_CHOSEN);
  double x, y;

  lacuna_viewport_to_pane (lacuna_canvas_get_viewport (self->canvas), box.x + box.width / 2.0, box.y + box.height / 2.0,
                           &x, &y);
  open_menu (self, CLAMP (x, 0, gtk_widget_get_width (GTK_WIDGET (self->canvas))),
             CLAMP (y, 0, gtk_widget_get_height (GTK_WIDGET (self->canvas))));
}

static LacunaBox
get_dragged (Probe *self, GtkGestureDrag *gesture)
{
  LacunaViewport *viewport = lacuna_canvas_get_viewport (self->canvas);
  double x, y, dx, dy, left, top, right, bottom;

  gtk_gesture_drag_get_start_point (gesture, &x, &y);
  gtk_gesture_drag_get_offset (gesture, &dx, &dy);
  lacuna_viewport_to_photo (viewport, MIN (x, x + dx), MIN (y, y + dy), &left, &top);
  lacuna_viewport_to_photo (viewport, MAX (x, x + dx), MAX (y, y + dy), &right, &bottom);
  return (LacunaBox){ floor (left), floor (top), MAX (1, ceil (right) - floor (left)),
                      MAX (1, ceil (bottom) - floor (top)) };
}

static void
on_drag_begin (GtkGestureDrag *gesture, double x, double y, gpointer data)
{
  Probe *self = data;

  if (lacuna_navigation_is_active (self->canvas))
    gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_DENIED);
  else
    gtk_widget_grab_focus (GTK_WIDGET (self->canvas));
}

static void
on_drag_update (GtkGestureDrag *gesture, double dx, double dy, gpointer data)
{
  Probe *self = data;
  LacunaBox box = get_dragged (self, gesture);
  LacunaSample corners[] = { { box.x, box.y, 0 },
                             { box.x + box.width, box.y, 0 },
                             { box.x + box.width, box.y + box.height, 0 },
                             { box.x, box.y + box.height, 0 } };

  if (hypot (dx, dy) > DRAG_THRESHOLD)
    lacuna_canvas_set_outline (self->canvas, corners, 4, LACUNA_OUTLINE_CLOSED);
}

static void
on_drag_end (GtkGestureDrag *gesture, double dx, double dy, gpointer data)
{
  Probe *self = data;
  LacunaBox box = get_dragged (self, gesture);

  lacuna_canvas_set_outline (self->canvas, NULL, 0, LACUNA_OUTLINE_CLOSED);
  if (hypot (dx, dy) > DRAG_THRESHOLD)
    {
      self->kept = lacuna_explanation_ask (self->explanation, box);
      return;
    }
  self->x = box.x;
  self->y = box.y;
  self->kept = !self->kept || ask_point (self);
}

static gboolean
on_key_pressed (GtkEventControllerKey *controller, guint key, guint code, GdkModifierType state, gpointer data)
{
  static const struct { guint key; int dx, dy; } arrows[] = {
    { GDK_KEY_Left, -1, 0 }, { GDK_KEY_Right, 1, 0 }, { GDK_KEY_Up, 0, -1 }, { GDK_KEY_Down, 0, 1 },
  };
  Probe *self = data;
  LacunaViewport *viewport = lacuna_canvas_get_viewport (self->canvas);
  double step = MAX (1, 8 / lacuna_viewport_get_scale (viewport));

  if (state & (GDK_CONTROL_MASK | GDK_ALT_MASK))
    return FALSE;
  if (key == GDK_KEY_Menu || (key == GDK_KEY_F10 && (state & GDK_SHIFT_MASK)))
    {
      open_menu_by_key (self);
      return TRUE;
    }
  for (guint i = 0; i < G_N_ELEMENTS (arrows); i++)
    if (key == arrows[i].key)
      {
        if (!self->by_keys && !lacuna_explanation_get_start (self->explanation, &self->x, &self->y))
          return FALSE;
        self->by_keys = self->kept = TRUE;
        self->x += arrows[i].dx * step;
        self->y += arrows[i].dy * step;
        lacuna_canvas_set_ring (self->canvas, self->x, self->y, step / 2);
        lacuna_viewport_reveal (viewport, self->x, self->y);
        ask_point (self);
        return TRUE;
      }
  return FALSE;
}

/* Adds the menu to the box around the canvas: a box places its popovers, which the canvas does not. */
static void
add_menu (Probe *self)
{
  g_autoptr (GMenuModel) model = lacuna_source_menu_new (LACUNA_SOURCE_CHOSEN);
  GtkGesture *click = gtk_gesture_click_new ();

  self->menu = gtk_popover_menu_new_from_model (model);
  gtk_popover_set_has_arrow (GTK_POPOVER (self->menu), FALSE);
  gtk_widget_set_halign (self->menu, GTK_ALIGN_START);
  gtk_widget_set_parent (self->menu, gtk_widget_get_parent (GTK_WIDGET (self->canvas)));
  gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (click), GDK_BUTTON_SECONDARY);
  g_signal_connect (click, "pressed", G_CALLBACK (on_menu_pressed), self);
  gtk_widget_add_controller (GTK_WIDGET (self->canvas), GTK_EVENT_CONTROLLER (click));
}

static void
on_leave (GtkEventControllerFocus *controller, gpointer data)
{
  Probe *self = data;

  self->by_keys = FALSE;
  lacuna_canvas_set_ring (self->canvas, 0, 0, 0);
}

void
lacuna_attention_probe_add (LacunaCanvas *canvas, LacunaExplanation *explanation)
{
  Probe *self = g_new0 (Probe, 1);
  GtkEventController *motion = gtk_event_controller_motion_new (), *key = gtk_event_controller_key_new ();
  GtkEventController *focus = gtk_event_controller_focus_new ();
  GtkGesture *drag = gtk_gesture_drag_new ();

  self->canvas = canvas;
  self->explanation = g_object_ref (explanation);
  g_object_set_data_full (G_OBJECT (canvas), "lacuna-attention-probe", self, probe_free);
  g_signal_connect (motion, "motion", G_CALLBACK (on_motion), self);
  gtk_widget_add_controller (GTK_WIDGET (canvas), motion);
  g_signal_connect (drag, "drag-begin", G_CALLBACK (on_drag_begin), self);
  g_signal_connect (drag, "drag-update", G_CALLBACK (on_drag_update), self);
  g_signal_connect (drag, "drag-end", G_CALLBACK (on_drag_end), self);
  gtk_widget_add_controller (GTK_WIDGET (canvas), GTK_EVENT_CONTROLLER (drag));
  g_signal_connect (key, "key-pressed", G_CALLBACK (on_key_pressed), self);
  gtk_widget_add_controller (GTK_WIDGET (canvas), key);
  g_signal_connect (focus, "leave", G_CALLBACK (on_leave), self);
  gtk_widget_add_controller (GTK_WIDGET (canvas), focus);
  gtk_widget_set_focusable (GTK_WIDGET (canvas), TRUE);
  add_menu (self);
}
