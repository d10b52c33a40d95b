/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Turns what the pointer, a pen and keys do on a canvas into strokes and shapes of the document. `drawing` is TRUE
 * as long as a stroke of the document is under way; `points` holds the corners of the shape under way, in pixels of
 * the photo. Another tool makes a step of what is under way, where there is enough of it. All of it runs in the main
 * loop; a selection is computed in a thread of the document. */
#include "app/view/painter.h"

#include <glib/gi18n.h>
#include <math.h>

#include "app/view/canvas/navigation.h"

/* A polygon closes when a corner comes as near as this to its first one, in logical pixels. */
#define CLOSE_REACH 10
/* How far a line may lie from where it was drawn, in logical pixels: a hand is no steadier. */
#define LINE_TOLERANCE 3
/* Half the width of what the select tool draws, in logical pixels. */
#define SELECT_RADIUS 2.5
/* The lightest pressure's share of the brush's radius. */
#define MIN_PRESSURE 0.15

struct _LacunaPainter {
  GObject         parent_instance;
  LacunaCanvas   *canvas; /* borrowed */
  LacunaDocument *document;
  LacunaTool      tool;
  gboolean        boxed; /* what steers is marked by rectangles */
  double          radius;
  GArray         *points; /* of LacunaSample: the corners of the shape under way */
  gboolean        keep;   /* the shape adds to a resting hole */
  gboolean        take;   /* what is selected leaves the hole */
  gboolean        drawing, drawing_by_keys;
  double          x, y;   /* the pointer or the keys' cursor, in the photo */
  gboolean        over;   /* the pointer or the cursor is over the canvas */
};

enum {
  RESIZE,
  MARKED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (LacunaPainter, lacuna_painter, G_TYPE_OBJECT)

/* Whether the tool marks what steers fills. */
static gboolean
is_steering (LacunaPainter *self)
{
  return self->tool == LACUNA_TOOL_AVOID || self->tool == LACUNA_TOOL_PREFER;
}

static gboolean
is_brush (LacunaPainter *self)
{
  return self->tool == LACUNA_TOOL_BRUSH || self->tool == LACUNA_TOOL_ERASER || (is_steering (self) && !self->boxed);
}

static gboolean
is_box (LacunaPainter *self)
{
  return self->tool == LACUNA_TOOL_RECTANGLE || (is_steering (self) && self->boxed);
}

/* Whether the path along which the pointer is dragged is the shape. */
static gboolean
is_freehand (LacunaPainter *self)
{
  return self->tool == LACUNA_TOOL_SELECT || self->tool == LACUNA_TOOL_LASSO || self->tool == LACUNA_TOOL_LINE;
}

/* Whether a shape is made corner by corner until it is ended. */
static gboolean
has_corners (LacunaPainter *self)
{
  return self->tool == LACUNA_TOOL_POLYGON || self->tool == LACUNA_TOOL_LINE;
}

/* Whether the shape under way has enough corners to be ended. */
static gboolean
can_end (LacunaPainter *self)
{
  return has_corners (self) && self->points->len >= (self->tool == LACUNA_TOOL_LINE ? 2 : 3);
}

static LacunaStrokeKind
get_kind (LacunaPainter *self)
{
  return self->tool == LACUNA_TOOL_ERASER   ? LACUNA_STROKE_ERASE
         : self->tool == LACUNA_TOOL_AVOID  ? LACUNA_STROKE_AVOID
         : self->tool == LACUNA_TOOL_PREFER ? LACUNA_STROKE_PREFER
                                            : LACUNA_STROKE_MARK;
}

static void
update_ring (LacunaPainter *self)
{
  gboolean shown = self->over && self->document != NULL && is_brush (self);
  gboolean keys = self->over && self->document != NULL && gtk_widget_has_visible_focus (GTK_WIDGET (self->canvas));
  /* Shapes have a small ring where the keys' cursor is. */
  double small = 4 / lacuna_viewport_get_scale (lacuna_canvas_get_viewport (self->canvas));

  lacuna_canvas_set_ring (self->canvas, self->x, self->y, shown ? self->radius : keys ? small : 0);
}

static void
update_cursor (LacunaPainter *self)
{
  double scale = lacuna_viewport_get_scale (lacuna_canvas_get_viewport (self->canvas));
  gboolean ring = is_brush (self) && self->radius * scale >= 4;

  if (lacuna_navigation_is_active (self->canvas))
    return;
  gtk_widget_set_cursor_from_name (GTK_WIDGET (self->canvas), self->document == NULL ? NULL
                                                              : ring                 ? "none"
                                                                                     : "crosshair");
}

static void
update_outline (LacunaPainter *self)
{
  g_autoptr (GArray) points = g_array_copy (self->points);
  LacunaSample cursor = { self->x, self->y, 0 };

  if (is_box (self) && points->len == 1)
    {
      const LacunaSample *first = &g_array_index (points, LacunaSample, 0);
      LacunaSample corners[] = { { cursor.x, first->y, 0 }, cursor, { first->x, cursor.y, 0 } };

      g_array_append_vals (points, corners, 3);
    }
  else if (points->len > 0)
    g_array_append_val (points, cursor);
  lacuna_canvas_set_outline (self->canvas, (LacunaSample *) (gpointer) points->data, points->len,
                             self->tool == LACUNA_TOOL_LINE ? LACUNA_OUTLINE_LINE
                             : self->tool == LACUNA_TOOL_POLYGON || self->tool == LACUNA_TOOL_SELECT
                                 ? LACUNA_OUTLINE_OPEN
                                 : LACUNA_OUTLINE_CLOSED);
}

static void
forget_shape (LacunaPainter *self)
{
  g_array_set_size (self->points, 0);
  lacuna_canvas_set_outline (self->canvas, NULL, 0, LACUNA_OUTLINE_OPEN);
}

static void
end_stroke (LacunaPainter *self)
{
  if (!self->drawing)
    return;
  self->drawing = self->drawing_by_keys = FALSE;
  lacuna_document_end_stroke (self->document);
  g_signal_emit (self, signals[MARKED], 0);
}

static void
let_go (LacunaPainter *self)
{
  if (self->drawing)
    lacuna_document_cancel_stroke (self->document);
  self->drawing = self->drawing_by_keys = FALSE;
  forget_shape (self);
}

static const char *
get_title (LacunaTool tool)
{
  switch (tool)
    {
    case LACUNA_TOOL_LASSO:
      return _ ("Lasso");
    case LACUNA_TOOL_RECTANGLE:
      return _ ("Rectangle");
    case LACUNA_TOOL_AVOID:
      return _ ("Avoid");
    case LACUNA_TOOL_PREFER:
      return _ ("Prefer");
    case LACUNA_TOOL_POLYGON:
    case LACUNA_TOOL_SELECT:
    case LACUNA_TOOL_BRUSH:
    case LACUNA_TOOL_ERASER:
    case LACUNA_TOOL_LINE:
    default:
      return _ ("Polygon");
    }
}

static void
mark_rectangle (LacunaPainter *self)
{
  const LacunaSample *first = &g_array_index (self->points, LacunaSample, 0);
  double left = round (MIN (first->x, self->x)), right = round (MAX (first->x, self->x));
  double top = round (MIN (first->y, self->y)), bottom = round (MAX (first->y, self->y));
  LacunaSample corners[] = { { left, top, 0 }, { right, top, 0 }, { right, bottom, 0 }, { left, bottom, 0 } };

  if (lacuna_document_mark_polygon (self->document, corners, 4, get_kind (self), self->keep, get_title (self->tool)))
    g_signal_emit (self, signals[MARKED], 0);
}

static void
on_selected (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (LacunaPainter) self = data;
  g_autoptr (GError) error = NULL;

  if (lacuna_document_select_finish (LACUNA_DOCUMENT (source), result, &error))
    g_signal_emit (self, signals[MARKED], 0);
  else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_BUSY))
    g_signal_emit_by_name (source, "failed", error);
}

static void
select_thing (LacunaPainter *self)
{
  double radius = SELECT_RADIUS / lacuna_viewport_get_scale (lacuna_canvas_get_viewport (self->canvas));
  LacunaSample *samples = (LacunaSample *) (gpointer) self->points->data;

  for (guint i = 0; i < self->points->len; i++)
    samples[i].radius = radius;
  lacuna_document_select_async (self->document, samples, self->points->len, self->take, self->keep, NULL, on_selected,
                                g_object_ref (self));
}

static gboolean
draw_line (LacunaPainter *self)
{
  double scale = lacuna_viewport_get_scale (lacuna_canvas_get_viewport (self->canvas));

  return lacuna_document_draw_line (self->document, (LacunaSample *) (gpointer) self->points->data, self->points->len,
                                    LINE_TOLERANCE / scale);
}

static gboolean
mark_polygon (LacunaPainter *self)
{
  return lacuna_document_mark_polygon (self->document, (LacunaSample *) (gpointer) self->points->data,
                                       self->points->len, get_kind (self), self->keep, get_title (self->tool));
}

void
lacuna_painter_conclude (LacunaPainter *self)
{
  if (self->drawing)
    lacuna_document_end_stroke (self->document);
  else if (can_end (self) && self->tool == LACUNA_TOOL_LINE)
    draw_line (self);
  else if (can_end (self) || self->tool == LACUNA_TOOL_LASSO)
    mark_polygon (self);
  self->drawing = FALSE;
  let_go (self);
}

static void
end_shape (LacunaPainter *self)
{
  if (self->tool == LACUNA_TOOL_SELECT && self->points->len > 0)
    select_thing (self);
  else if (is_box (self) && self->points->len > 0)
    mark_rectangle (self);
  else if (self->tool == LACUNA_TOOL_LINE ? draw_line (self) : mark_polygon (self))
    g_signal_emit (self, signals[MARKED], 0);
  forget_shape (self);
}

static void
add_corner (LacunaPainter *self)
{
  LacunaSample point = { self->x, self->y, 0 };
  double scale = lacuna_viewport_get_scale (lacuna_canvas_get_viewport (self->canvas));
  const LacunaSample *first = self->points->len > 0 ? &g_array_index (self->points, LacunaSample, 0) : NULL;

  if (is_box (self) && first != NULL)
    end_shape (self);
  else if (self->tool != LACUNA_TOOL_LINE && first != NULL && self->points->len > 2
           && hypot (point.x - first->x, point.y - first->y) * scale <= CLOSE_REACH)
    end_shape (self);
  else
    {
      g_array_append_val (self->points, point);
      update_outline (self);
    }
}

static void
move_to (LacunaPainter *self, double x, double y)
{
  lacuna_viewport_to_photo (lacuna_canvas_get_viewport (self->canvas), x, y, &self->x, &self->y);
  self->over = TRUE;
}

static double
get_radius (LacunaPainter *self, const double *axes, GdkAxisFlags flags)
{
  return flags & GDK_AXIS_FLAG_PRESSURE ? self->radius * MAX (MIN_PRESSURE, axes[GDK_AXIS_PRESSURE]) : self->radius;
}

/* Adds every position of the pointer since the last frame, not only the last one. */
static void
add_history (LacunaPainter *self, GArray *samples, GdkEvent *event, double x, double y)
{
  LacunaViewport *viewport = lacuna_canvas_get_viewport (self->canvas);
  g_autofree GdkTimeCoord *history = NULL;
  double event_x, event_y;
  guint n = 0;

  if (gdk_event_get_event_type (event) == GDK_MOTION_NOTIFY && gdk_event_get_position (event, &event_x, &event_y))
    history = gdk_event_get_history (event, &n);
  for (guint i = 0; history != NULL && i < n; i++)
    {
      LacunaSample sample = { .radius = get_radius (self, history[i].axes, history[i].flags) };

      lacuna_viewport_to_photo (viewport, history[i].axes[GDK_AXIS_X] - event_x + x,
                                history[i].axes[GDK_AXIS_Y] - event_y + y, &sample.x, &sample.y);
      g_array_append_val (samples, sample);
    }
}

static GArray *
get_samples (LacunaPainter *self, GtkGesture *gesture, GdkEventSequence *sequence)
{
  GArray *samples = g_array_new (FALSE, FALSE, sizeof (LacunaSample));
  GdkEvent *event = gtk_gesture_get_last_event (gesture, sequence);
  double axes[GDK_AXIS_LAST] = { 0 }, x, y;
  LacunaSample sample;

  gtk_gesture_get_point (gesture, sequence, &x, &y);
  if (event != NULL)
    add_history (self, samples, event, x, y);
  move_to (self, x, y);
  sample = (LacunaSample){ self->x, self->y, self->radius };
  if (event != NULL && gdk_event_get_device_tool (event) != NULL
      && gdk_event_get_axis (event, GDK_AXIS_PRESSURE, &axes[GDK_AXIS_PRESSURE]))
    sample.radius = get_radius (self, axes, GDK_AXIS_FLAG_PRESSURE);
  g_array_append_val (samples, sample);
  return samples;
}

static void
on_begin (GtkGesture *gesture, GdkEventSequence *sequence, gpointer data)
{
  LacunaPainter *self = data;
  GdkModifierType state = gtk_event_controller_get_current_event_state (GTK_EVENT_CONTROLLER (gesture));
  GdkEvent *event = gtk_gesture_get_last_event (gesture, sequence);
  GdkDeviceTool *pen = event != NULL ? gdk_event_get_device_tool (event) : NULL;
  gboolean turned = pen != NULL && gdk_device_tool_get_tool_type (pen) == GDK_DEVICE_TOOL_TYPE_ERASER;
  g_autoptr (GArray) samples = NULL;

  if (self->document == NULL || lacuna_document_get_busy (self->document) || lacuna_navigation_is_active (self->canvas))
    {
      gtk_gesture_set_state (gesture, GTK_EVENT_SEQUENCE_DENIED);
      return;
    }
  gtk_widget_grab_focus (GTK_WIDGET (self->canvas));
  samples = get_samples (self, gesture, sequence);
  if (self->points->len == 0)
    {
      self->keep = (state & GDK_SHIFT_MASK) != 0;
      self->take = turned || (state & GDK_CONTROL_MASK) != 0;
    }
  if (!is_brush (self))
    add_corner (self);
  else if (lacuna_document_begin_stroke (self->document, turned ? LACUNA_STROKE_ERASE : get_kind (self), self->keep))
    {
      self->drawing = TRUE;
      lacuna_document_extend_stroke (self->document, (LacunaSample *) (gpointer) samples->data, samples->len);
    }
  update_ring (self);
}

static void
on_update (GtkGesture *gesture, GdkEventSequence *sequence, gpointer data)
{
  LacunaPainter *self = data;
  g_autoptr (GArray) samples = get_samples (self, gesture, sequence);

  if (self->drawing)
    lacuna_document_extend_stroke (self->document, (LacunaSample *) (gpointer) samples->data, samples->len);
  else if (is_freehand (self))
    g_array_append_vals (self->points, samples->data, samples->len);
  if (self->points->len > 0)
    update_outline (self);
  update_ring (self);
}

/* Whether the shape goes on after the button is released: what was only a click is a corner of it. */
static gboolean
goes_on (LacunaPainter *self, GtkGesture *gesture)
{
  double dx = 0, dy = 0;

  gtk_gesture_drag_get_offset (GTK_GESTURE_DRAG (gesture), &dx, &dy);
  return has_corners (self) && (self->tool == LACUNA_TOOL_POLYGON || hypot (dx, dy) <= CLOSE_REACH);
}

static void
on_end (GtkGesture *gesture, GdkEventSequence *sequence, gpointer data)
{
  LacunaPainter *self = data;

  if (self->drawing)
    end_stroke (self);
  else if (self->document != NULL && self->points->len > 0 && !goes_on (self, gesture))
    end_shape (self);
}

/* Two fingers that zoom take the first one's press back, but not the corners before. */
static void
on_cancel (GtkGesture *gesture, GdkEventSequence *sequence, gpointer data)
{
  if (!has_corners (data))
    let_go (data);
}

static void
on_motion (GtkEventControllerMotion *controller, double x, double y, gpointer data)
{
  LacunaPainter *self = data;

  if (self->drawing_by_keys)
    return;
  move_to (self, x, y);
  if (self->points->len > 0 && has_corners (self))
    update_outline (self);
  update_cursor (self);
  update_ring (self);
}

static void
on_leave (GtkEventControllerMotion *controller, gpointer data)
{
  LacunaPainter *self = data;

  self->over = FALSE;
  update_ring (self);
}

static gboolean
on_scroll (GtkEventControllerScroll *controller, double dx, double dy, gpointer data)
{
  GdkModifierType state = gtk_event_controller_get_current_event_state (GTK_EVENT_CONTROLLER (controller));

  if (!(state & GDK_CONTROL_MASK))
    return FALSE;
  g_signal_emit (data, signals[RESIZE], 0, pow (1.15, -dy));
  return TRUE;
}

static void
mark_by_key (LacunaPainter *self)
{
  LacunaSample sample = { self->x, self->y, self->radius };

  if (self->tool == LACUNA_TOOL_SELECT)
    {
      g_array_append_val (self->points, sample);
      self->take = FALSE;
      end_shape (self);
    }
  else if (!is_brush (self))
    add_corner (self);
  else if (lacuna_document_begin_stroke (self->document, get_kind (self), FALSE))
    {
      self->drawing = TRUE;
      lacuna_document_extend_stroke (self->document, &sample, 1);
      end_stroke (self);
    }
}

static void
move_by_key (LacunaPainter *self, int dx, int dy, gboolean draw)
{
  LacunaViewport *viewport = lacuna_canvas_get_viewport (self->canvas);
  gboolean shapes = draw && (self->tool == LACUNA_TOOL_SELECT || self->tool == LACUNA_TOOL_LINE);
  double step = MAX (1, is_brush (self) ? self->radius / 2 : 8 / lacuna_viewport_get_scale (viewport));
  LacunaSample samples[2] = { { self->x, self->y, self->radius } };

  self->over = TRUE;
  self->x = CLAMP (self->x + dx * step, 0, lacuna_raster_get_width (lacuna_document_get_raster (self->document)));
  self->y = CLAMP (self->y + dy * step, 0, lacuna_raster_get_height (lacuna_document_get_raster (self->document)));
  lacuna_viewport_reveal (viewport, self->x, self->y);
  if (draw && is_brush (self))
    {
      samples[1] = (LacunaSample){ self->x, self->y, self->radius };
      if (!self->drawing && lacuna_document_begin_stroke (self->document, get_kind (self), FALSE))
        self->drawing = self->drawing_by_keys = TRUE;
      lacuna_document_extend_stroke (self->document, samples, 2);
    }
  if (shapes && self->points->len == 0)
    g_array_append_vals (self->points, samples, 1);
  if (shapes)
    {
      samples[1] = (LacunaSample){ self->x, self->y, 0 };
      g_array_append_val (self->points, samples[1]);
      self->drawing_by_keys = TRUE;
    }
  if (self->points->len > 0)
    update_outline (self);
  update_ring (self);
}

static void
end_by_keys (LacunaPainter *self)
{
  if (!self->drawing_by_keys)
    return;
  self->drawing_by_keys = FALSE;
  if (self->drawing)
    end_stroke (self);
  else
    end_shape (self);
}

static gboolean
on_key_pressed (GtkEventControllerKey *controller, guint key, guint code, GdkModifierType state, gpointer data)
{
  LacunaPainter *self = data;
  gboolean draw = (state & GDK_SHIFT_MASK) != 0;

  if (self->document == NULL || (state & (GDK_CONTROL_MASK | GDK_ALT_MASK)))
    return FALSE;
  switch (key)
    {
    case GDK_KEY_Left:
    case GDK_KEY_Right:
      move_by_key (self, key == GDK_KEY_Left ? -1 : 1, 0, draw);
      return TRUE;
    case GDK_KEY_Up:
    case GDK_KEY_Down:
      move_by_key (self, 0, key == GDK_KEY_Up ? -1 : 1, draw);
      return TRUE;
    case GDK_KEY_Return:
    case GDK_KEY_KP_Enter:
      if (can_end (self) && draw)
        end_shape (self);
      else
        mark_by_key (self);
      return TRUE;
    case GDK_KEY_BackSpace:
      if (self->points->len == 0)
        return FALSE;
      g_array_set_size (self->points, self->points->len - 1);
      update_outline (self);
      return TRUE;
    case GDK_KEY_Escape:
      if (self->points->len == 0 && !self->drawing)
        return FALSE;
      let_go (self);
      return TRUE;
    default:
      return FALSE;
    }
}

static void
on_key_released (GtkEventControllerKey *controller, guint key, guint code, GdkModifierType state, gpointer data)
{
  LacunaPainter *self = data;

  if (key == GDK_KEY_Shift_L || key == GDK_KEY_Shift_R)
    end_by_keys (self);
}

static void
on_clicked (GtkGestureClick *gesture, int n_press, double x, double y, gpointer data)
{
  LacunaPainter *self = data;

  if (n_press == 2 && can_end (self))
    end_shape (self);
}

static void
on_focus_left (GtkEventControllerFocus *controller, gpointer data)
{
  end_by_keys (data);
}

static void
add_controller (LacunaPainter *self, GtkEventController *controller)
{
  gtk_widget_add_controller (GTK_WIDGET (self->canvas), controller);
}

LacunaPainter *
lacuna_painter_new (LacunaCanvas *canvas)
{
  LacunaPainter *self = g_object_new (LACUNA_TYPE_PAINTER, NULL);
  GtkGesture *drag = gtk_gesture_drag_new (), *click = gtk_gesture_click_new ();
  GtkEventController *motion = gtk_event_controller_motion_new (), *key = gtk_event_controller_key_new ();
  GtkEventController *scroll = gtk_event_controller_scroll_new (GTK_EVENT_CONTROLLER_SCROLL_VERTICAL);
  GtkEventController *focus = gtk_event_controller_focus_new ();

  self->canvas = canvas;
  g_signal_connect_object (drag, "begin", G_CALLBACK (on_begin), self, 0);
  g_signal_connect_object (drag, "update", G_CALLBACK (on_update), self, 0);
  g_signal_connect_object (drag, "end", G_CALLBACK (on_end), self, 0);
  g_signal_connect_object (drag, "cancel", G_CALLBACK (on_cancel), self, 0);
  add_controller (self, GTK_EVENT_CONTROLLER (drag));
  g_signal_connect_object (click, "pressed", G_CALLBACK (on_clicked), self, 0);
  add_controller (self, GTK_EVENT_CONTROLLER (click));
  gtk_gesture_group (drag, click);
  g_signal_connect_object (motion, "enter", G_CALLBACK (on_motion), self, 0);
  g_signal_connect_object (motion, "motion", G_CALLBACK (on_motion), self, 0);
  g_signal_connect_object (motion, "leave", G_CALLBACK (on_leave), self, 0);
  add_controller (self, motion);
  g_signal_connect_object (scroll, "scroll", G_CALLBACK (on_scroll), self, 0);
  add_controller (self, scroll);
  g_signal_connect_object (key, "key-pressed", G_CALLBACK (on_key_pressed), self, 0);
  g_signal_connect_object (key, "key-released", G_CALLBACK (on_key_released), self, 0);
  add_controller (self, key);
  g_signal_connect_object (focus, "leave", G_CALLBACK (on_focus_left), self, 0);
  add_controller (self, focus);
  gtk_widget_set_focusable (GTK_WIDGET (canvas), TRUE);
  return self;
}

void
lacuna_painter_set_document (LacunaPainter *self, LacunaDocument *document)
{
  let_go (self);
  g_set_object (&self->document, document);
  if (document != NULL)
    {
      self->x = lacuna_raster_get_width (lacuna_document_get_raster (document)) / 2.0;
      self->y = lacuna_raster_get_height (lacuna_document_get_raster (document)) / 2.0;
    }
}

void
lacuna_painter_set_tool (LacunaPainter *self, LacunaTool tool)
{
  lacuna_painter_conclude (self);
  self->tool = tool;
  update_cursor (self);
  update_ring (self);
}

void
lacuna_painter_set_boxed (LacunaPainter *self, gboolean boxed)
{
  lacuna_painter_conclude (self);
  self->boxed = boxed;
  update_cursor (self);
  update_ring (self);
}

void
lacuna_painter_set_radius (LacunaPainter *self, double radius)
{
  self->radius = radius;
  update_cursor (self);
  update_ring (self);
}

static void
lacuna_painter_dispose (GObject *object)
{
  LacunaPainter *self = LACUNA_PAINTER (object);

  g_clear_object (&self->document);
  G_OBJECT_CLASS (lacuna_painter_parent_class)->dispose (object);
}

static void
lacuna_painter_finalize (GObject *object)
{
  g_array_unref (LACUNA_PAINTER (object)->points);
  G_OBJECT_CLASS (lacuna_painter_parent_class)->finalize (object);
}

static void
lacuna_painter_class_init (LacunaPainterClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = lacuna_painter_dispose;
  G_OBJECT_CLASS (klass)->finalize = lacuna_painter_finalize;
  signals[RESIZE] = g_signal_new ("resize", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                  G_TYPE_NONE, 1, G_TYPE_DOUBLE);
  signals[MARKED]
      = g_signal_new ("marked", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
lacuna_painter_init (LacunaPainter *self)
{
  self->points = g_array_new (FALSE, FALSE, sizeof (LacunaSample));
  self->tool = LACUNA_TOOL_BRUSH;
  self->radius = 20;
}
