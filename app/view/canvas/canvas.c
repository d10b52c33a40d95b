/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A pane: draws the photo in tiles, the overlays, lines and outlines over it, and the divider between before and
 * after. The canvas holds references to its pyramids, lines and viewport, but borrows the overlays, which have to be
 * taken from it before they are freed. A frame makes MAX_NEW_TILES fine tiles of a picture at most; the next frames
 * bring the others. All of it runs in the main loop. */
#include "app/view/canvas/canvas.h"

#include <glib/gi18n.h>
#include <math.h>

#include "app/view/canvas/tile-cache.h"

#define DIVIDER_REACH 14
#define HANDLE_RADIUS 14
#define CHECKER 8
#define MIN_SIDE 96
/* Tiles made for one frame. */
#define MAX_NEW_TILES 8

/* What is drawn over a photo, light on dark, is seen on any; lines are yellow, as nothing else is. */
static const GdkRGBA white = { 1, 1, 1, 0.95 }, line_color = { 1, 0.85, 0.1, 1 }, shade = { 0, 0, 0, 0.6 };

struct _LacunaCanvas {
  GtkWidget          parent_instance;
  GtkWidget         *hint;
  GtkWidget         *sides[2]; /* words beside the divider */
  LacunaViewport    *viewport;
  LacunaPyramid     *picture, *before;
  GObject           *drawing;
  LacunaCanvasDraw   draw;
  LacunaOverlay     *overlay, *steer[LACUNA_N_STEERS]; /* borrowed */
  double             divider, drag_start, overlay_opacity;
  double             ring_x, ring_y, ring_radius;
  GArray            *outline; /* of LacunaSample */
  LacunaOutlineStyle outline_style;
  GVariant          *lines;
  guint              refine; /* source that asks for a further frame, which draws finer tiles; 0: none */
};

G_DEFINE_FINAL_TYPE (LacunaCanvas, lacuna_canvas, GTK_TYPE_WIDGET)

/* What is laid out in tiles. */
typedef struct {
  LacunaPyramid *pyramid; /* or else an overlay */
  LacunaOverlay *overlay;
  int            side, level;
  int            budget;  /* tiles that may still be made for this frame */
  gboolean       complete;
} Tiles;

static gboolean
is_drawn_by_cairo (LacunaCanvas *self)
{
  GskRenderer *renderer = gtk_native_get_renderer (gtk_widget_get_native (GTK_WIDGET (self)));

  return renderer != NULL && GSK_IS_CAIRO_RENDERER (renderer);
}

/* Rounds a coordinate to whole screen pixels, so that no seam shows between tiles. */
static double
snap (LacunaCanvas *self, double at)
{
  int scale_factor = gtk_widget_get_scale_factor (GTK_WIDGET (self));

  return round (at * scale_factor) / scale_factor;
}

static GdkTexture *
get_tile (LacunaCanvas *self, Tiles *tiles, int column, int row)
{
  GdkTexture *texture;

  if (tiles->pyramid == NULL)
    return lacuna_overlay_get_tile (tiles->overlay, tiles->level, column, row);
  texture = lacuna_pyramid_get_tile (tiles->pyramid, tiles->level, column, row, FALSE);
  if (texture == NULL && tiles->budget-- > 0)
    texture = lacuna_pyramid_get_tile (tiles->pyramid, tiles->level, column, row, TRUE);
  tiles->complete = tiles->complete && texture != NULL;
  return texture;
}

static void
append_tile (LacunaCanvas *self, GtkSnapshot *snapshot, GdkTexture *texture, double x, double y, double scale)
{
  graphene_rect_t bounds;

  graphene_rect_init (&bounds, snap (self, x), snap (self, y),
                      snap (self, x + gdk_texture_get_width (texture) * scale) - snap (self, x),
                      snap (self, y + gdk_texture_get_height (texture) * scale) - snap (self, y));
  if (bounds.size.width > 0 && bounds.size.height > 0)
    lacuna_tile_cache_append (snapshot, texture, &bounds, is_drawn_by_cairo (self));
}

/* Draws the tiles that are in sight. */
static void
append_tiles (LacunaCanvas *self, GtkSnapshot *snapshot, Tiles *tiles)
{
  double scale = lacuna_viewport_get_scale (self->viewport) * (1 << tiles->level), side = tiles->side * scale;
  int columns = (lacuna_pyramid_get_width (self->picture, tiles->level) + tiles->side - 1) / tiles->side;
  int rows = (lacuna_pyramid_get_height (self->picture, tiles->level) + tiles->side - 1) / tiles->side;
  double left, top;
  int last_column, last_row;

  lacuna_viewport_get_origin (self->viewport, &left, &top);
  last_column = MIN (columns - 1, floor ((gtk_widget_get_width (GTK_WIDGET (self)) - left) / side));
  last_row = MIN (rows - 1, floor ((gtk_widget_get_height (GTK_WIDGET (self)) - top) / side));
  for (int row = MAX (0, floor (-top / side)); row <= last_row; row++)
    for (int column = MAX (0, floor (-left / side)); column <= last_column; column++)
      {
        GdkTexture *texture = get_tile (self, tiles, column, row);

        if (texture != NULL)
          append_tile (self, snapshot, texture, left + column * side, top + row * side, scale);
      }
}

/* Cairo filters fast down to three quarters; a graphics processor has no such threshold. */
static int
choose_level (LacunaCanvas *self, LacunaPyramid *picture)
{
  return lacuna_pyramid_choose_level (picture, lacuna_viewport_get_zoom (self->viewport),
                                      is_drawn_by_cairo (self) ? 0.75 : 0.5);
}

static gboolean
on_refine (gpointer data)
{
  LacunaCanvas *self = data;

  self->refine = 0;
  gtk_widget_queue_draw (GTK_WIDGET (self));
  return G_SOURCE_REMOVE;
}

/* Draws the picture. When many tiles come into sight at once, the coarsest level stands in for those that the next
 * frames bring. */
static void
append_picture (LacunaCanvas *self, GtkSnapshot *snapshot, LacunaPyramid *picture)
{
  Tiles tiles = { picture, NULL, LACUNA_PYRAMID_TILE, choose_level (self, picture), MAX_NEW_TILES, TRUE };
  Tiles coarse = { picture, NULL, LACUNA_PYRAMID_TILE, lacuna_pyramid_get_n_levels (picture) - 1, 1, TRUE };
  GtkSnapshot *fine = gtk_snapshot_new ();
  GskRenderNode *node;

  append_tiles (self, fine, &tiles);
  node = gtk_snapshot_free_to_node (fine);
  if (!tiles.complete)
    append_tiles (self, snapshot, &coarse);
  if (!tiles.complete && self->refine == 0)
    self->refine = g_idle_add (on_refine, self);
  if (node != NULL)
    gtk_snapshot_append_node (snapshot, node);
  g_clear_pointer (&node, gsk_render_node_unref);
}

static void
append_overlay (LacunaCanvas *self, GtkSnapshot *snapshot, LacunaOverlay *overlay, double opacity)
{
  Tiles tiles = { NULL, overlay, LACUNA_OVERLAY_TILE, choose_level (self, self->picture), 0, TRUE };

  if (opacity < 1)
    gtk_snapshot_push_opacity (snapshot, opacity);
  append_tiles (self, snapshot, &tiles);
  if (opacity < 1)
    gtk_snapshot_pop (snapshot);
}

/* Returns the photo's place in the pane, in logical pixels. */
static graphene_rect_t
get_photo_bounds (LacunaCanvas *self)
{
  double scale = lacuna_viewport_get_scale (self->viewport), left, top;
  graphene_rect_t bounds;

  lacuna_viewport_get_origin (self->viewport, &left, &top);
  graphene_rect_init (&bounds, left, top, lacuna_pyramid_get_width (self->picture, 0) * scale,
                      lacuna_pyramid_get_height (self->picture, 0) * scale);
  return bounds;
}

static void
append_checkerboard (LacunaCanvas *self, GtkSnapshot *snapshot)
{
  static const GdkRGBA light = { 0.8, 0.8, 0.8, 1 }, dark = { 0.6, 0.6, 0.6, 1 };
  graphene_rect_t bounds = get_photo_bounds (self);

  gtk_snapshot_push_repeat (snapshot, &bounds, &GRAPHENE_RECT_INIT (0, 0, 2 * CHECKER, 2 * CHECKER));
  gtk_snapshot_append_color (snapshot, &light, &GRAPHENE_RECT_INIT (0, 0, 2 * CHECKER, 2 * CHECKER));
  gtk_snapshot_append_color (snapshot, &dark, &GRAPHENE_RECT_INIT (0, 0, CHECKER, CHECKER));
  gtk_snapshot_append_color (snapshot, &dark, &GRAPHENE_RECT_INIT (CHECKER, CHECKER, CHECKER, CHECKER));
  gtk_snapshot_pop (snapshot);
}

static void
append_circle (GtkSnapshot *snapshot, double x, double y, double radius, double width, const GdkRGBA *color)
{
  graphene_rect_t bounds = GRAPHENE_RECT_INIT (x - radius, y - radius, 2 * radius, 2 * radius);
  GskRoundedRect circle;

  gsk_rounded_rect_init_from_rect (&circle, &bounds, radius);
  gtk_snapshot_append_border (snapshot, &circle, (float[]){ width, width, width, width },
                              (GdkRGBA[]){ *color, *color, *color, *color });
}

static void
append_ring (LacunaCanvas *self, GtkSnapshot *snapshot)
{
  double radius = self->ring_radius * lacuna_viewport_get_scale (self->viewport), x, y;

  lacuna_viewport_to_pane (self->viewport, self->ring_x, self->ring_y, &x, &y);
  radius = MAX (radius, 2);
  append_circle (snapshot, x, y, radius + 1, 1, &shade);
  append_circle (snapshot, x, y, radius, 1.5, &white);
}

static cairo_t *
append_cairo (LacunaCanvas *self, GtkSnapshot *snapshot)
{
  graphene_rect_t all
      = GRAPHENE_RECT_INIT (0, 0, gtk_widget_get_width (GTK_WIDGET (self)), gtk_widget_get_height (GTK_WIDGET (self)));
  cairo_t *cr = gtk_snapshot_append_cairo (snapshot, &all);

  cairo_set_line_join (cr, CAIRO_LINE_JOIN_ROUND);
  return cr;
}

/* Extends the path to a point that is given in pixels of the photo. */
static void
add_to_path (LacunaCanvas *self, cairo_t *cr, double photo_x, double photo_y)
{
  double x, y;

  lacuna_viewport_to_pane (self->viewport, photo_x, photo_y, &x, &y);
  cairo_line_to (cr, x, y);
}

static void
stroke (cairo_t *cr, const GdkRGBA *color, double width)
{
  gdk_cairo_set_source_rgba (cr, color);
  cairo_set_line_width (cr, width);
  cairo_stroke_preserve (cr);
}

/* Strokes the path as a line that edges are to follow: solid, with round ends, in a hue of its own. */
static void
stroke_line (cairo_t *cr)
{
  cairo_set_line_cap (cr, CAIRO_LINE_CAP_ROUND);
  stroke (cr, &shade, 5);
  stroke (cr, &line_color, 2.5);
  cairo_new_path (cr);
}

static void
append_lines (LacunaCanvas *self, GtkSnapshot *snapshot)
{
  cairo_t *cr;

  if (self->overlay_opacity < 1)
    gtk_snapshot_push_opacity (snapshot, self->overlay_opacity);
  cr = append_cairo (self, snapshot);
  for (gsize i = 0; i < g_variant_n_children (self->lines); i++)
    {
      g_autoptr (GVariant) line = g_variant_get_child_value (self->lines, i);

      for (gsize j = 0; j < g_variant_n_children (line); j++)
        {
          double x, y;

          g_variant_get_child (line, j, "(dd)", &x, &y);
          add_to_path (self, cr, x + 0.5, y + 0.5);
        }
      stroke_line (cr);
    }
  cairo_destroy (cr);
  if (self->overlay_opacity < 1)
    gtk_snapshot_pop (snapshot);
}

static void
append_outline (LacunaCanvas *self, GtkSnapshot *snapshot)
{
  cairo_t *cr = append_cairo (self, snapshot);

  for (guint i = 0; i < self->outline->len; i++)
    {
      const LacunaSample *point = &g_array_index (self->outline, LacunaSample, i);

      add_to_path (self, cr, point->x, point->y);
    }
  if (self->outline_style == LACUNA_OUTLINE_LINE)
    stroke_line (cr);
  else
    {
      if (self->outline_style == LACUNA_OUTLINE_CLOSED)
        cairo_close_path (cr);
      stroke (cr, &shade, 3);
      cairo_set_dash (cr, (double[]){ 6, 4 }, 2, 0);
      stroke (cr, &white, 1.5);
    }
  cairo_destroy (cr);
}

static void
append_drawing (LacunaCanvas *self, GtkSnapshot *snapshot)
{
  double x, y;

  lacuna_viewport_get_origin (self->viewport, &x, &y);
  self->draw (self->drawing, snapshot, x, y, lacuna_viewport_get_scale (self->viewport));
}

static double
get_divider_x (LacunaCanvas *self)
{
  return round (self->divider * gtk_widget_get_width (GTK_WIDGET (self)));
}

/* The handle stays in sight where the divider is at the edge. */
static double
get_handle_x (LacunaCanvas *self)
{
  int width = gtk_widget_get_width (GTK_WIDGET (self)), inset = HANDLE_RADIUS + 3;

  return CLAMP (get_divider_x (self), inset, MAX (inset, width - inset));
}

static void
append_before (LacunaCanvas *self, GtkSnapshot *snapshot)
{
  static const GdkRGBA shadow = { 0, 0, 0, 0.45 };
  double x = get_divider_x (self), height = gtk_widget_get_height (GTK_WIDGET (self)), y = round (height / 2);
  double handle_x = get_handle_x (self);
  graphene_rect_t handle
      = GRAPHENE_RECT_INIT (handle_x - HANDLE_RADIUS, y - HANDLE_RADIUS, 2 * HANDLE_RADIUS, 2 * HANDLE_RADIUS);
  GskRoundedRect circle;

  gtk_snapshot_push_clip (snapshot, &GRAPHENE_RECT_INIT (0, 0, x, height));
  append_picture (self, snapshot, self->before);
  gtk_snapshot_pop (snapshot);
  if (x > 0)
    {
      gtk_snapshot_append_color (snapshot, &shadow, &GRAPHENE_RECT_INIT (x - 2, 0, 4, height));
      gtk_snapshot_append_color (snapshot, &white, &GRAPHENE_RECT_INIT (x - 1, 0, 2, height));
    }
  gsk_rounded_rect_init_from_rect (&circle, &handle, HANDLE_RADIUS);
  gtk_snapshot_push_rounded_clip (snapshot, &circle);
  gtk_snapshot_append_color (snapshot, &shadow, &handle);
  gtk_snapshot_pop (snapshot);
  append_circle (snapshot, handle_x, y, HANDLE_RADIUS, 2, &white);
  for (int side = -1; side <= 1; side += 2)
    gtk_snapshot_append_color (snapshot, &white, &GRAPHENE_RECT_INIT (handle_x + side * 4 - 1, y - 5, 2, 10));
}

static void
lacuna_canvas_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  LacunaCanvas *self = LACUNA_CANVAS (widget);
  int width = gtk_widget_get_width (widget), height = gtk_widget_get_height (widget);

  gtk_snapshot_push_clip (snapshot, &GRAPHENE_RECT_INIT (0, 0, width, height));
  if (self->picture != NULL)
    {
      if (lacuna_pyramid_has_alpha (self->picture))
        append_checkerboard (self, snapshot);
      append_picture (self, snapshot, self->picture);
      if (self->drawing != NULL)
        append_drawing (self, snapshot);
      if (self->before != NULL)
        append_before (self, snapshot);
      for (LacunaSteer i = 0; i < LACUNA_N_STEERS; i++)
        if (self->steer[i] != NULL)
          append_overlay (self, snapshot, self->steer[i], 1);
      if (self->overlay != NULL && self->overlay_opacity > 0)
        append_overlay (self, snapshot, self->overlay, self->overlay_opacity);
      if (self->lines != NULL && self->overlay_opacity > 0)
        append_lines (self, snapshot);
      if (self->outline->len > 1)
        append_outline (self, snapshot);
      if (self->ring_radius > 0)
        append_ring (self, snapshot);
    }
  gtk_snapshot_pop (snapshot);
  gtk_widget_snapshot_child (widget, self->hint, snapshot);
  for (int side = 0; side < 2; side++)
    gtk_widget_snapshot_child (widget, self->sides[side], snapshot);
}

static void
lacuna_canvas_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum, int *natural,
                       int *minimum_baseline, int *natural_baseline)
{
  LacunaCanvas *self = LACUNA_CANVAS (widget);
  int hint;

  gtk_widget_measure (self->hint, orientation, -1, &hint, NULL, NULL, NULL);
  *minimum = *natural = MAX (hint, MIN_SIDE);
}

static void
lacuna_canvas_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  LacunaCanvas *self = LACUNA_CANVAS (widget);

  gtk_widget_allocate (self->hint, width, height, -1, NULL);
  for (int side = 0; side < 2; side++)
    gtk_widget_allocate (self->sides[side], width, height, -1, NULL);
  lacuna_viewport_set_pane (self->viewport, width, height, gtk_widget_get_scale_factor (widget));
}

/* All panes have one viewport, which is as large as the one that was shown last: it is told of the size again, though
 * that may be the same as when this one was hidden. */
static void
lacuna_canvas_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (lacuna_canvas_parent_class)->map (widget);
  gtk_widget_queue_allocate (widget);
}

static gboolean
is_at_divider (LacunaCanvas *self, double x)
{
  return self->before != NULL
         && (fabs (x - get_divider_x (self)) <= DIVIDER_REACH || fabs (x - get_handle_x (self)) <= DIVIDER_REACH);
}

static void
on_divider_begin (GtkGestureDrag *gesture, double x, double y, gpointer data)
{
  LacunaCanvas *self = data;

  self->drag_start = get_divider_x (self);
  gtk_gesture_set_state (GTK_GESTURE (gesture),
                         is_at_divider (self, x) ? GTK_EVENT_SEQUENCE_CLAIMED : GTK_EVENT_SEQUENCE_DENIED);
}

static void
on_divider_update (GtkGestureDrag *gesture, double dx, double dy, gpointer data)
{
  LacunaCanvas *self = data;

  lacuna_canvas_set_divider (self, (self->drag_start + dx) / gtk_widget_get_width (GTK_WIDGET (self)));
}

static void
on_motion (GtkEventControllerMotion *controller, double x, double y, gpointer data)
{
  LacunaCanvas *self = data;

  if (self->before != NULL)
    gtk_widget_set_cursor_from_name (GTK_WIDGET (self), is_at_divider (self, x) ? "col-resize" : NULL);
}

static void
lacuna_canvas_dispose (GObject *object)
{
  LacunaCanvas *self = LACUNA_CANVAS (object);

  g_clear_handle_id (&self->refine, g_source_remove);
  g_clear_pointer (&self->hint, gtk_widget_unparent);
  g_clear_pointer (&self->sides[0], gtk_widget_unparent);
  g_clear_pointer (&self->sides[1], gtk_widget_unparent);
  g_clear_object (&self->drawing);
  g_clear_object (&self->viewport);
  g_clear_pointer (&self->picture, lacuna_pyramid_unref);
  g_clear_pointer (&self->before, lacuna_pyramid_unref);
  g_clear_pointer (&self->lines, g_variant_unref);
  g_clear_pointer (&self->outline, g_array_unref);
  G_OBJECT_CLASS (lacuna_canvas_parent_class)->dispose (object);
}

static void
lacuna_canvas_class_init (LacunaCanvasClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = lacuna_canvas_dispose;
  widget_class->snapshot = lacuna_canvas_snapshot;
  widget_class->measure = lacuna_canvas_measure;
  widget_class->size_allocate = lacuna_canvas_size_allocate;
  widget_class->map = lacuna_canvas_map;
  gtk_widget_class_set_css_name (widget_class, "canvas");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
add_divider_gesture (LacunaCanvas *self)
{
  GtkGesture *drag = gtk_gesture_drag_new ();
  GtkEventController *motion = gtk_event_controller_motion_new ();

  gtk_event_controller_set_propagation_phase (GTK_EVENT_CONTROLLER (drag), GTK_PHASE_CAPTURE);
  g_signal_connect (drag, "drag-begin", G_CALLBACK (on_divider_begin), self);
  g_signal_connect (drag, "drag-update", G_CALLBACK (on_divider_update), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (drag));
  g_signal_connect (motion, "motion", G_CALLBACK (on_motion), self);
  gtk_widget_add_controller (GTK_WIDGET (self), motion);
}

/* Adds a label over the picture that takes no pointer events, so that these reach the picture. */
static GtkWidget *
add_label (LacunaCanvas *self, const char *text, const char *style, GtkAlign halign, GtkAlign valign)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_justify (GTK_LABEL (label), GTK_JUSTIFY_CENTER);
  gtk_widget_add_css_class (label, "osd");
  gtk_widget_add_css_class (label, style);
  gtk_widget_set_halign (label, halign);
  gtk_widget_set_valign (label, valign);
  gtk_widget_set_can_target (label, FALSE);
  gtk_widget_set_visible (label, FALSE);
  gtk_widget_set_parent (label, GTK_WIDGET (self));
  return label;
}

static void
lacuna_canvas_init (LacunaCanvas *self)
{
  self->outline = g_array_new (FALSE, FALSE, sizeof (LacunaSample));
  self->overlay_opacity = 1;
  self->hint = add_label (self, NULL, "pane-hint", GTK_ALIGN_CENTER, GTK_ALIGN_CENTER);
  self->sides[0] = add_label (self, _ ("Before"), "pane-side", GTK_ALIGN_START, GTK_ALIGN_END);
  self->sides[1] = add_label (self, _ ("After"), "pane-side", GTK_ALIGN_END, GTK_ALIGN_END);
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);
  gtk_widget_set_hexpand (GTK_WIDGET (self), TRUE);
  gtk_widget_set_vexpand (GTK_WIDGET (self), TRUE);
  add_divider_gesture (self);
}

GtkWidget *
lacuna_canvas_new (LacunaViewport *viewport, const char *name)
{
  LacunaCanvas *self = g_object_new (LACUNA_TYPE_CANVAS, NULL);

  self->viewport = g_object_ref (viewport);
  g_signal_connect_object (viewport, "changed", G_CALLBACK (gtk_widget_queue_draw), self, G_CONNECT_SWAPPED);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  return GTK_WIDGET (self);
}

LacunaViewport *
lacuna_canvas_get_viewport (LacunaCanvas *self)
{
  return self->viewport;
}

static void
set_pyramid (LacunaCanvas *self, LacunaPyramid **field, LacunaPyramid *pyramid)
{
  LacunaPyramid *old = *field;

  *field = pyramid != NULL ? lacuna_pyramid_ref (pyramid) : NULL;
  lacuna_pyramid_unref (old);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
lacuna_canvas_set_picture (LacunaCanvas *self, LacunaPyramid *picture)
{
  set_pyramid (self, &self->picture, picture);
}

void
lacuna_canvas_set_before (LacunaCanvas *self, LacunaPyramid *before)
{
  set_pyramid (self, &self->before, before);
  for (int side = 0; side < 2; side++)
    gtk_widget_set_visible (self->sides[side], before != NULL);
}

void
lacuna_canvas_set_overlay (LacunaCanvas *self, LacunaOverlay *overlay)
{
  if (self->overlay != overlay)
    self->overlay_opacity = 1;
  self->overlay = overlay;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
lacuna_canvas_set_overlay_opacity (LacunaCanvas *self, double opacity)
{
  self->overlay_opacity = opacity;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
lacuna_canvas_set_steer (LacunaCanvas *self, LacunaSteer kind, LacunaOverlay *steer)
{
  self->steer[kind] = steer;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
lacuna_canvas_set_lines (LacunaCanvas *self, GVariant *lines)
{
  g_clear_pointer (&self->lines, g_variant_unref);
  self->lines = lines != NULL ? g_variant_ref (lines) : NULL;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
lacuna_canvas_set_drawing (LacunaCanvas *self, GObject *drawing, LacunaCanvasDraw draw)
{
  g_set_object (&self->drawing, drawing);
  self->draw = draw;
  if (drawing != NULL)
    g_signal_connect_object (drawing, "changed", G_CALLBACK (gtk_widget_queue_draw), self, G_CONNECT_SWAPPED);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
lacuna_canvas_set_hint (LacunaCanvas *self, const char *hint)
{
  gtk_label_set_text (GTK_LABEL (self->hint), hint != NULL ? hint : "");
  /* The middle of a picture is what is looked at. */
  gtk_widget_set_valign (self->hint, self->picture != NULL ? GTK_ALIGN_END : GTK_ALIGN_CENTER);
  gtk_widget_set_visible (self->hint, hint != NULL);
}

double
lacuna_canvas_get_divider (LacunaCanvas *self)
{
  return self->divider;
}

void
lacuna_canvas_set_divider (LacunaCanvas *self, double share)
{
  self->divider = CLAMP (share, 0, 1);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
lacuna_canvas_set_ring (LacunaCanvas *self, double x, double y, double radius)
{
  self->ring_x = x;
  self->ring_y = y;
  self->ring_radius = radius;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
lacuna_canvas_set_outline (LacunaCanvas *self, const LacunaSample *points, guint n_points, LacunaOutlineStyle style)
{
  g_array_set_size (self->outline, 0);
  g_array_append_vals (self->outline, points, n_points);
  self->outline_style = style;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}
