/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A widget that draws the losses of a training over its steps, on a logarithmic scale. The points are in the order
 * of their steps: to add one drops those of later steps. A value that is not finite or not above 0 is not drawn. All
 * of it runs in the main loop. */
#include "app/pages/curve.h"

#include <glib/gi18n.h>
#include <math.h>

#define LEFT 44.0
#define BOTTOM 20.0
#define LINE 20.0     /* height of a line of the legend */
#define LEGEND 150.0 /* least width of an entry of the legend */
#define RIGHT 12.0
#define HEIGHT 220
#define MAX_SERIES 4
#define MANY 40   /* points: more than that are a line, not dots */
#define WEIGHT 0.1 /* share of a new point in the running mean */

typedef struct {
  const char *label;
  GdkRGBA     colour;
  double    (*get) (const LacunaTrainingPoint *point);
} Series;

struct _LacunaCurve {
  GtkWidget       parent_instance;
  LacunaCurveKind kind;
  GArray         *points;  /* of LacunaTrainingPoint */
  double          pointer; /* x, or negative */
};

G_DEFINE_FINAL_TYPE (LacunaCurve, lacuna_curve, GTK_TYPE_WIDGET)

/* Where the plot lies in the widget, in logical pixels, and which steps and values it spans. */
typedef struct {
  double x, y, width, height; /* the plot without axes and legend */
  double first, last;         /* steps */
  guint  n_columns;           /* columns of the legend */
  double low, high;           /* decimal logarithms */
} Frame;

/* Losses are in percent, as the held-out L1 is. */
static double
get_coarse (const LacunaTrainingPoint *point)
{
  return 100 * point->losses.l1_coarse;
}

static double
get_refined (const LacunaTrainingPoint *point)
{
  return 100 * point->losses.l1_refined;
}

static double
get_held_out (const LacunaTrainingPoint *point)
{
  return point->held_out;
}

static double
get_global (const LacunaTrainingPoint *point)
{
  return fabs (point->losses.wasserstein[0]);
}

static double
get_local (const LacunaTrainingPoint *point)
{
  return fabs (point->losses.wasserstein[1]);
}

static double
get_global_penalty (const LacunaTrainingPoint *point)
{
  return point->losses.penalty[0];
}

static double
get_local_penalty (const LacunaTrainingPoint *point)
{
  return point->losses.penalty[1];
}

/* Colours of the GNOME palette which are told apart on light and dark. */
static const Series series[][MAX_SERIES] = {
  [LACUNA_CURVE_LOSSES] = {
    { N_ ("Coarse L1"), { 0.90f, 0.38f, 0.00f, 1.0f }, get_coarse },
    { N_ ("Refined L1"), { 0.21f, 0.52f, 0.89f, 1.0f }, get_refined },
    { N_ ("Held-out L1"), { 0.15f, 0.64f, 0.41f, 1.0f }, get_held_out },
  },
  [LACUNA_CURVE_CRITICS] = {
    { N_ ("Global distance"), { 0.21f, 0.52f, 0.89f, 1.0f }, get_global },
    { N_ ("Local distance"), { 0.90f, 0.38f, 0.00f, 1.0f }, get_local },
    { N_ ("Global penalty"), { 0.57f, 0.25f, 0.67f, 1.0f }, get_global_penalty },
    { N_ ("Local penalty"), { 0.65f, 0.11f, 0.18f, 1.0f }, get_local_penalty },
  },
};

static const LacunaTrainingPoint *
get_point (LacunaCurve *self, guint i)
{
  return &g_array_index (self->points, LacunaTrainingPoint, i);
}

static gboolean
can_draw (double value)
{
  return isfinite (value) && value > 0.0;
}

/* Finds the range of all values, in decimal logarithms, with a margin. FALSE: there is nothing to draw. */
static gboolean
measure_values (LacunaCurve *self, double *ret_low, double *ret_high)
{
  double low = INFINITY, high = -INFINITY;

  for (guint i = 0; i < self->points->len; i++)
    for (guint k = 0; k < MAX_SERIES && series[self->kind][k].get != NULL; k++)
      {
        double value = series[self->kind][k].get (get_point (self, i));

        if (!can_draw (value))
          continue;
        low = MIN (low, log10 (value));
        high = MAX (high, log10 (value));
      }
  *ret_low = low - 0.05;
  *ret_high = MAX (high + 0.05, low + 0.3);
  return low <= high;
}

gboolean
lacuna_curve_has_points (LacunaCurve *self)
{
  double low, high;

  return measure_values (self, &low, &high);
}

static guint
count_series (LacunaCurve *self)
{
  guint n = 0;

  while (n < MAX_SERIES && series[self->kind][n].get != NULL)
    n++;
  return n;
}

static gboolean
make_frame (LacunaCurve *self, Frame *frame)
{
  guint n = count_series (self);

  *frame = (Frame){ .x = LEFT, .width = gtk_widget_get_width (GTK_WIDGET (self)) - LEFT - RIGHT };
  frame->n_columns = CLAMP (frame->width / LEGEND, 1, n);
  frame->y = LINE * ((n + frame->n_columns - 1) / frame->n_columns) + 4.0;
  frame->height = gtk_widget_get_height (GTK_WIDGET (self)) - frame->y - BOTTOM;
  if (self->points->len == 0 || !measure_values (self, &frame->low, &frame->high))
    return FALSE;
  frame->first = get_point (self, 0)->step;
  frame->last = MAX (frame->first + 1.0, get_point (self, self->points->len - 1)->step);
  return frame->width > 0.0 && frame->height > 0.0;
}

static double
get_x (const Frame *frame, double step)
{
  return frame->x + frame->width * (step - frame->first) / (frame->last - frame->first);
}

static double
get_y (const Frame *frame, double value)
{
  return frame->y + frame->height * (frame->high - log10 (value)) / (frame->high - frame->low);
}

static void
draw_text (LacunaCurve *self, cairo_t *cr, double x, double y, double align, const char *text)
{
  g_autoptr (PangoLayout) layout = gtk_widget_create_pango_layout (GTK_WIDGET (self), text);
  PangoAttrList *attributes = pango_attr_list_new ();
  int width, height;

  pango_attr_list_insert (attributes, pango_attr_scale_new (PANGO_SCALE_SMALL));
  pango_layout_set_attributes (layout, attributes);
  pango_attr_list_unref (attributes);
  pango_layout_get_pixel_size (layout, &width, &height);
  cairo_move_to (cr, x - align * width, y - height / 2.0);
  pango_cairo_show_layout (cr, layout);
}

/* Draws lines at 1, 2 and 5 times each power of ten. */
static void
draw_grid (LacunaCurve *self, cairo_t *cr, const Frame *frame, const GdkRGBA *ink)
{
  static const double digits[] = { 1.0, 2.0, 5.0 };
  g_autofree char *last = g_strdup_printf (_ ("step %.0f"), frame->last);

  cairo_set_line_width (cr, 1.0);
  for (int power = floor (frame->low); power <= frame->high; power++)
    for (guint i = 0; i < G_N_ELEMENTS (digits); i++)
      {
        double value = digits[i] * pow (10.0, power), y = get_y (frame, value);
        g_autofree char *text = g_strdup_printf (self->kind == LACUNA_CURVE_LOSSES ? _ ("%g %%") : "%g", value);

        if (log10 (value) < frame->low || log10 (value) > frame->high)
          continue;
        cairo_set_source_rgba (cr, ink->red, ink->green, ink->blue, 0.15);
        cairo_move_to (cr, frame->x, floor (y) + 0.5);
        cairo_rel_line_to (cr, frame->width, 0.0);
        cairo_stroke (cr);
        cairo_set_source_rgba (cr, ink->red, ink->green, ink->blue, 0.7);
        draw_text (self, cr, frame->x - 6.0, y, 1.0, text);
      }
  draw_text (self, cr, frame->x + frame->width, frame->y + frame->height + BOTTOM / 2.0, 1.0, last);
}

/* Draws the running mean of a series in which a new point has that weight; with 1 it is the values themselves. The
 * mean tells more of losses that differ from batch to batch. */
static void
draw_line (LacunaCurve *self, cairo_t *cr, const Frame *frame, const Series *one, double weight)
{
  gboolean has_begun = FALSE;
  double mean = 0.0;

  for (guint i = 0; i < self->points->len; i++)
    {
      const LacunaTrainingPoint *point = get_point (self, i);
      double value = one->get (point);

      if (!can_draw (value))
        continue;
      mean = has_begun ? mean + weight * (log10 (value) - mean) : log10 (value);
      if (has_begun)
        cairo_line_to (cr, get_x (frame, point->step), get_y (frame, pow (10.0, mean)));
      else
        cairo_move_to (cr, get_x (frame, point->step), get_y (frame, pow (10.0, mean)));
      has_begun = TRUE;
    }
  cairo_stroke (cr);
}

static void
draw_dots (LacunaCurve *self, cairo_t *cr, const Frame *frame, const Series *one)
{
  for (guint i = 0; i < self->points->len; i++)
    {
      const LacunaTrainingPoint *point = get_point (self, i);
      double value = one->get (point);

      if (!can_draw (value))
        continue;
      cairo_arc (cr, get_x (frame, point->step), get_y (frame, value), 2.5, 0.0, 2.0 * G_PI);
      cairo_fill (cr);
    }
}

/* Few points are dots with a line through them; many are a faint line with their running mean. */
static void
draw_series (LacunaCurve *self, cairo_t *cr, const Frame *frame, const Series *one)
{
  const GdkRGBA *colour = &one->colour;
  guint n = 0;

  for (guint i = 0; i < self->points->len; i++)
    n += can_draw (one->get (get_point (self, i)));
  cairo_set_line_join (cr, CAIRO_LINE_JOIN_ROUND);
  if (n > MANY)
    {
      cairo_set_source_rgba (cr, colour->red, colour->green, colour->blue, 0.3);
      cairo_set_line_width (cr, 1.0);
      draw_line (self, cr, frame, one, 1.0);
    }
  gdk_cairo_set_source_rgba (cr, colour);
  cairo_set_line_width (cr, 2.0);
  draw_line (self, cr, frame, one, n > MANY ? WEIGHT : 1.0);
  if (n <= MANY)
    draw_dots (self, cr, frame, one);
}

/* The point nearest to x which has a value of that series, or NULL. */
static const LacunaTrainingPoint *
find_nearest (LacunaCurve *self, const Frame *frame, const Series *one, double x)
{
  const LacunaTrainingPoint *nearest = NULL;

  for (guint i = 0; i < self->points->len; i++)
    {
      const LacunaTrainingPoint *point = get_point (self, i);

      if (can_draw (one->get (point))
          && (nearest == NULL || fabs (get_x (frame, point->step) - x) < fabs (get_x (frame, nearest->step) - x)))
        nearest = point;
    }
  return nearest;
}

/* Draws the name of each series with its last value, or with the one nearest to the pointer. */
static void
draw_legend (LacunaCurve *self, cairo_t *cr, const Frame *frame)
{
  double x = self->pointer >= 0.0 ? self->pointer : frame->x + frame->width;

  for (guint k = 0; k < count_series (self); k++)
    {
      const Series *one = &series[self->kind][k];
      const LacunaTrainingPoint *point = find_nearest (self, frame, one, x);
      g_autofree char *value = NULL, *text = NULL;

      if (point == NULL)
        continue;
      value = g_strdup_printf (self->kind == LACUNA_CURVE_LOSSES ? _ ("%.2f %%") : "%.4f", one->get (point));
      text = g_strconcat (_ (one->label), " ", value, NULL);
      gdk_cairo_set_source_rgba (cr, &one->colour);
      draw_text (self, cr, frame->x + frame->width * (k % frame->n_columns) / frame->n_columns,
                 LINE * (k / frame->n_columns + 0.5), 0.0, text);
      if (self->pointer < 0.0)
        continue;
      cairo_arc (cr, get_x (frame, point->step), get_y (frame, one->get (point)), 4.0, 0.0, 2.0 * G_PI);
      cairo_fill (cr);
    }
}

static void
draw_pointer (LacunaCurve *self, cairo_t *cr, const Frame *frame, const GdkRGBA *ink)
{
  double share = (self->pointer - frame->x) / frame->width;
  g_autofree char *text = NULL;

  if (share < 0.0 || share > 1.0)
    return;
  cairo_set_source_rgba (cr, ink->red, ink->green, ink->blue, 0.4);
  cairo_set_line_width (cr, 1.0);
  cairo_move_to (cr, floor (self->pointer) + 0.5, frame->y);
  cairo_rel_line_to (cr, 0.0, frame->height);
  cairo_stroke (cr);
  text = g_strdup_printf ("%.0f", frame->first + share * (frame->last - frame->first));
  cairo_set_source_rgba (cr, ink->red, ink->green, ink->blue, 0.7);
  draw_text (self, cr, self->pointer, frame->y + frame->height + BOTTOM / 2.0, share, text);
}

static void
lacuna_curve_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  LacunaCurve *self = LACUNA_CURVE (widget);
  graphene_rect_t bounds
      = GRAPHENE_RECT_INIT (0.0f, 0.0f, gtk_widget_get_width (widget), gtk_widget_get_height (widget));
  GdkRGBA ink;
  Frame frame;
  cairo_t *cr;

  if (!make_frame (self, &frame))
    return;
  gtk_style_context_get_color (gtk_widget_get_style_context (widget), &ink);
  cr = gtk_snapshot_append_cairo (snapshot, &bounds);
  draw_grid (self, cr, &frame, &ink);
  for (guint k = 0; k < MAX_SERIES && series[self->kind][k].get != NULL; k++)
    draw_series (self, cr, &frame, &series[self->kind][k]);
  if (self->pointer >= 0.0)
    draw_pointer (self, cr, &frame, &ink);
  draw_legend (self, cr, &frame);
  cairo_destroy (cr);
}

static void
lacuna_curve_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum, int *natural,
                      int *minimum_baseline, int *natural_baseline)
{
  *minimum = orientation == GTK_ORIENTATION_VERTICAL ? HEIGHT : 200;
  *natural = orientation == GTK_ORIENTATION_VERTICAL ? HEIGHT : 480;
}

static void
on_motion (LacunaCurve *self, double x, double y)
{
  self->pointer = x;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
on_leave (LacunaCurve *self)
{
  self->pointer = -1.0;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
lacuna_curve_set_kind (LacunaCurve *self, LacunaCurveKind kind)
{
  self->kind = kind;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
lacuna_curve_clear (LacunaCurve *self)
{
  g_array_set_size (self->points, 0);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
lacuna_curve_add (LacunaCurve *self, const LacunaTrainingPoint *point)
{
  /* A training which went back to a snapshot draws those steps anew. */
  while (self->points->len > 0 && get_point (self, self->points->len - 1)->step > point->step)
    g_array_set_size (self->points, self->points->len - 1);
  g_array_append_vals (self->points, point, 1);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
lacuna_curve_finalize (GObject *object)
{
  g_array_unref (LACUNA_CURVE (object)->points);
  G_OBJECT_CLASS (lacuna_curve_parent_class)->finalize (object);
}

static void
lacuna_curve_class_init (LacunaCurveClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = lacuna_curve_finalize;
  widget_class->snapshot = lacuna_curve_snapshot;
  widget_class->measure = lacuna_curve_measure;
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
lacuna_curve_init (LacunaCurve *self)
{
  GtkEventController *motion = gtk_event_controller_motion_new ();

  self->points = g_array_new (FALSE, FALSE, sizeof (LacunaTrainingPoint));
  self->pointer = -1.0;
  g_signal_connect_swapped (motion, "enter", G_CALLBACK (on_motion), self);
  g_signal_connect_swapped (motion, "motion", G_CALLBACK (on_motion), self);
  g_signal_connect_swapped (motion, "leave", G_CALLBACK (on_leave), self);
  gtk_widget_add_controller (GTK_WIDGET (self), motion);
}
