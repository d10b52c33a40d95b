/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The Fill page: makes its panes and tools, follows the open document, and has the page's properties. document,
 * pictures and overlay are NULL together, and disconnect_document() takes back all that connect_document() did. All
 * of it runs in the main loop. */
#include "app/view/fill-view-private.h"

#include <glib/gi18n.h>
#include <math.h>

#include "app/view/attention/attention-probe.h"
#include "app/view/attention/enums.h"
#include "app/view/attention/inspector.h"
#include "app/view/canvas/navigation.h"
#include "app/view/enums.h"
#include "app/view/fill-view-actions.h"

/* The diameter of the brush for a new photo, as a share of its longer side. */
#define BRUSH_SHARE 0.035
#define PULSE 100 /* milliseconds between the moves of a bar whose end can't be told */

enum {
  PROP_DOCUMENT = 1,
  PROP_TOOL,
  PROP_BRUSH_SIZE,
  PROP_PANES,
  PROP_PANE,
  PROP_ATTENTION,
  PROP_OPACITY,
  PROP_INSPECTOR,
  PROP_GROWTH,
  PROP_STRENGTH,
  PROP_BOXED,
  PROP_TURNED,
  PROP_MIRRORED,
  PROP_SCALED,
  PROP_FILL_AT_ONCE,
  PROP_VARIANT,
  PROP_DETAIL,
  PROP_HINTS,
  PROP_COMPARE,
  PROP_ZOOM,
  N_PROPERTIES,
};

static GParamSpec *properties[N_PROPERTIES];

G_DEFINE_FINAL_TYPE (LacunaFillView, lacuna_fill_view, ADW_TYPE_BIN)

static int
get_variant (LacunaFillView *self)
{
  guint chosen = 0;
  g_autoptr (GPtrArray) retouches = NULL;

  if (self->document != NULL)
    retouches = lacuna_document_list_variants (self->document, &chosen);
  return (int) chosen;
}

static void
update_zoom (LacunaFillView *self)
{
  /* TRANSLATORS: how large the photo is shown */
  g_autofree char *text = g_strdup_printf (_ ("%.0f %%"), 100 * lacuna_viewport_get_zoom (self->viewport));

  gtk_label_set_text (GTK_LABEL (self->zoom_label), text);
  gtk_label_set_text (GTK_LABEL (self->narrow_zoom_label), text);
  lacuna_fill_view_describe (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ZOOM]);
}

static gboolean
pulse (gpointer data)
{
  LacunaFillView *self = data;

  gtk_progress_bar_pulse (GTK_PROGRESS_BAR (self->progress));
  return G_SOURCE_CONTINUE;
}

/* Shows how far a fill has come. Until a share is known, the bar pulses. */
static void
update_progress (LacunaFillView *self)
{
  g_autofree char *status = NULL, *stage = NULL;
  double progress = 0;

  g_clear_handle_id (&self->pulse, g_source_remove);
  if (self->document == NULL || !lacuna_document_get_filling (self->document))
    {
      /* A bar that has pulsed asks for frames until it is given a fraction, out of sight too. */
      gtk_progress_bar_set_fraction (GTK_PROGRESS_BAR (self->progress), 0.0);
      return;
    }
  g_object_get (self->document, "status", &status, "stage", &stage, "progress", &progress, NULL);
  gtk_label_set_text (GTK_LABEL (self->status), status);
  gtk_label_set_text (GTK_LABEL (self->stage_label), stage);
  gtk_widget_set_tooltip_text (self->progress_box, status);
  if (progress > 0)
    gtk_progress_bar_set_fraction (GTK_PROGRESS_BAR (self->progress), progress);
  else
    self->pulse = g_timeout_add (PULSE, pulse, self);
}

static void
on_filling (LacunaFillView *self)
{
  update_progress (self);
  lacuna_fill_view_update_heading (self);
}

static void
queue_draw (LacunaFillView *self)
{
  for (int pane = 0; pane < N_PAINTED; pane++)
    gtk_widget_queue_draw (GTK_WIDGET (self->canvases[pane]));
}

static void
on_mask_changed (LacunaFillView *self, int x, int y, int width, int height)
{
  lacuna_overlay_damage (self->overlay, (LacunaBox){ x, y, width, height });
  queue_draw (self);
  lacuna_fill_view_describe (self);
}

static void
update_growth (LacunaFillView *self)
{
  int growth = lacuna_growth_button_get_pixels (self->growth);

  if (self->document == NULL)
    return;
  lacuna_document_set_growth (self->document, growth);
  lacuna_overlay_set_growth (self->overlay, growth);
  queue_draw (self);
}

static void
on_growth (LacunaFillView *self)
{
  update_growth (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_GROWTH]);
}

static void
on_strength (LacunaFillView *self)
{
  lacuna_fill_view_set_strength (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STRENGTH]);
}

static void
on_retouched (LacunaFillView *self)
{
  lacuna_explanation_set_fill (self->explanation, lacuna_document_get_fill (self->document),
                               lacuna_document_get_trust (self->document), lacuna_document_get_report (self->document));
  lacuna_fill_view_update_hints (self);
}

static void
on_marked (LacunaFillView *self)
{
  if (self->fill_at_once && self->tool != LACUNA_TOOL_ERASER)
    gtk_widget_activate_action (GTK_WIDGET (self), "win.fill", NULL);
}

static void
set_brush_size (LacunaFillView *self, double size)
{
  double largest = exp2 (gtk_adjustment_get_upper (self->size_adjustment));

  size = CLAMP (size, 1, largest);
  if (size == self->brush_size)
    return;
  self->brush_size = size;
  gtk_adjustment_set_value (self->size_adjustment, log2 (size));
  for (int pane = 0; pane < N_PAINTED; pane++)
    lacuna_painter_set_radius (self->painters[pane], size / 2);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_BRUSH_SIZE]);
}

static void
on_resize (LacunaFillView *self, double factor)
{
  set_brush_size (self, self->brush_size * factor);
}

static void
on_size_slid (LacunaFillView *self)
{
  double value = gtk_adjustment_get_value (self->size_adjustment);

  /* The slider is set from the size as well. */
  if (fabs (value - log2 (self->brush_size)) > 1e-6)
    set_brush_size (self, exp2 (value));
}

static void
set_painted (LacunaFillView *self, LacunaDocument *document)
{
  for (int pane = 0; pane < N_PAINTED; pane++)
    lacuna_painter_set_document (self->painters[pane], document);
}

static void
disconnect_document (LacunaFillView *self)
{
  if (self->document == NULL)
    return;
  g_signal_handlers_disconnect_by_data (self->document, self);
  g_signal_handlers_disconnect_by_data (self->pictures, self);
  set_painted (self, NULL);
  lacuna_explanation_set_fill (self->explanation, NULL, NULL, NULL);
  for (int pane = 0; pane < N_PANES; pane++)
    {
      lacuna_canvas_set_picture (self->canvases[pane], NULL);
      lacuna_canvas_set_before (self->canvases[pane], NULL);
      lacuna_canvas_set_overlay (self->canvases[pane], NULL);
    }
  lacuna_inspector_set_picture (LACUNA_INSPECTOR (self->inspector), NULL);
  g_clear_pointer (&self->overlay, lacuna_overlay_free);
  lacuna_fill_view_forget_steer (self);
  lacuna_growth_button_set_side (self->growth, 0);
  g_clear_object (&self->pictures);
  g_clear_object (&self->document);
  /* It may tell that the pointer left it, and have the page laid out: there is nothing to show by then. */
  gtk_widget_set_visible (GTK_WIDGET (self->variants), FALSE);
  lacuna_fill_view_show_lines (self);
  g_clear_handle_id (&self->fade, g_source_remove);
}

static void
connect_document (LacunaFillView *self, LacunaDocument *document)
{
  LacunaRaster *raster = lacuna_document_get_raster (document);
  int width = lacuna_raster_get_width (raster), height = lacuna_raster_get_height (raster);

  lacuna_fill_view_leave_attention (self);
  self->document = g_object_ref (document);
  self->pictures = lacuna_pane_pictures_new (document);
  lacuna_pane_pictures_want_refined (self->pictures, !self->detail);
  self->overlay = lacuna_overlay_new (raster);
  g_signal_connect_swapped (document, "mask-changed", G_CALLBACK (on_mask_changed), self);
  g_signal_connect_swapped (document, "retouched", G_CALLBACK (on_retouched), self);
  g_signal_connect_swapped (document, "notify::has-hole", G_CALLBACK (lacuna_fill_view_update_hints), self);
  g_signal_connect_swapped (document, "notify::resting", G_CALLBACK (lacuna_fill_view_update_pictures), self);
  g_signal_connect_swapped (document, "notify::resting", G_CALLBACK (lacuna_fill_view_fade_outline), self);
  g_signal_connect_swapped (document, "notify::filling", G_CALLBACK (on_filling), self);
  g_signal_connect_swapped (document, "notify::modified", G_CALLBACK (lacuna_fill_view_update_heading), self);
  g_signal_connect_swapped (document, "notify::title", G_CALLBACK (lacuna_fill_view_update_heading), self);
  g_signal_connect_swapped (document, "notify::progress", G_CALLBACK (update_progress), self);
  g_signal_connect_swapped (self->pictures, "changed", G_CALLBACK (lacuna_fill_view_update_pictures), self);
  lacuna_fill_view_follow_steer (self);
  lacuna_viewport_set_photo (self->viewport, width, height);
  for (int pane = 0; pane < N_PANES; pane++)
    lacuna_canvas_set_divider (self->canvases[pane], 0.5);
  set_painted (self, document);
  gtk_adjustment_set_upper (self->size_adjustment, log2 (MAX (2, MIN (width, height) / 2.0)));
  set_brush_size (self, MAX (width, height) * BRUSH_SHARE);
  lacuna_growth_button_set_side (self->growth, MAX (width, height));
  update_growth (self);
  on_retouched (self);
}

void
lacuna_fill_view_set_document (LacunaFillView *self, LacunaDocument *document)
{
  if (document == self->document)
    return;
  disconnect_document (self);
  if (document != NULL)
    connect_document (self, document);
  lacuna_fill_view_update_layout (self);
  on_filling (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_DOCUMENT]);
}

void
lacuna_fill_view_conclude (LacunaFillView *self)
{
  for (int pane = 0; pane < N_PAINTED; pane++)
    lacuna_painter_conclude (self->painters[pane]);
}

GActionGroup *
lacuna_fill_view_get_actions (LacunaFillView *self)
{
  return self->actions;
}

LacunaExplanation *
lacuna_fill_view_get_explanation (LacunaFillView *self)
{
  return self->explanation;
}

LacunaPyramid *
lacuna_fill_view_get_picture (LacunaFillView *self)
{
  return self->pictures != NULL ? lacuna_pane_pictures_get_current (self->pictures) : NULL;
}

static char *
format_size (GtkScale *scale, double value, gpointer data)
{
  /* TRANSLATORS: the brush's diameter, in pixels of the photo */
  return g_strdup_printf (_ ("%.0f px"), exp2 (value));
}

static gboolean
on_divider_key (GtkEventControllerKey *controller, guint key, guint code, GdkModifierType state, gpointer data)
{
  LacunaCanvas *canvas = LACUNA_CANVAS (gtk_event_controller_get_widget (GTK_EVENT_CONTROLLER (controller)));
  double step = key == GDK_KEY_Left ? -0.02 : key == GDK_KEY_Right ? 0.02 : 0;

  LacunaFillView *self = data;

  if (step == 0 || !self->compare || (state & (GDK_CONTROL_MASK | GDK_ALT_MASK)))
    return FALSE;
  lacuna_canvas_set_divider (canvas, lacuna_canvas_get_divider (canvas) + step);
  return TRUE;
}

static void
draw_explanation (GObject *explanation, GtkSnapshot *snapshot, double x, double y, double scale)
{
  lacuna_explanation_snapshot (LACUNA_EXPLANATION (explanation), snapshot, x, y, scale);
}

static void
add_divider_keys (LacunaFillView *self, GtkWidget *canvas)
{
  GtkEventController *key = gtk_event_controller_key_new ();

  g_signal_connect (key, "key-pressed", G_CALLBACK (on_divider_key), self);
  gtk_widget_add_controller (canvas, key);
}

static void
make_canvases (LacunaFillView *self)
{
  const char *captions[N_PANES] = { _ ("Photo"), _ ("Coarse"), _ ("Refined"), _ ("Attention") };

  for (int pane = 0; pane < N_PANES; pane++)
    {
      self->frames[pane] = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
      self->captions[pane] = gtk_label_new (captions[pane]);
      gtk_widget_add_css_class (self->captions[pane], "pane-caption");
      self->canvases[pane] = LACUNA_CANVAS (lacuna_canvas_new (self->viewport, captions[pane]));
      lacuna_navigation_add (self->canvases[pane]);
      gtk_box_append (GTK_BOX (self->frames[pane]), self->captions[pane]);
      gtk_box_append (GTK_BOX (self->frames[pane]), GTK_WIDGET (self->canvases[pane]));
      gtk_grid_attach (GTK_GRID (self->grid), self->frames[pane], pane % 2, pane / 2, 1, 1);
    }
  for (int pane = 0; pane < N_PAINTED; pane++)
    {
      self->painters[pane] = lacuna_painter_new (self->canvases[pane]);
      g_signal_connect_object (self->painters[pane], "resize", G_CALLBACK (on_resize), self, G_CONNECT_SWAPPED);
      g_signal_connect_object (self->painters[pane], "marked", G_CALLBACK (on_marked), self, G_CONNECT_SWAPPED);
    }
  lacuna_canvas_set_drawing (self->canvases[LACUNA_PANE_ATTENTION], G_OBJECT (self->explanation), draw_explanation);
  lacuna_attention_probe_add (self->canvases[LACUNA_PANE_ATTENTION], self->explanation);
  for (int pane = 0; pane < N_PANES; pane++)
    add_divider_keys (self, GTK_WIDGET (self->canvases[pane]));
}

static void
on_opacity (LacunaFillView *self)
{
  GtkAdjustment *opacity = lacuna_inspector_get_opacity (LACUNA_INSPECTOR (self->inspector));

  lacuna_explanation_set_opacity (self->explanation, gtk_adjustment_get_value (opacity));
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_OPACITY]);
}

static LacunaTransforms
get_transform (guint property)
{
  return property == PROP_TURNED     ? LACUNA_TRANSFORM_TURNED
         : property == PROP_MIRRORED ? LACUNA_TRANSFORM_MIRRORED
                                     : LACUNA_TRANSFORM_SCALED;
}

static void
lacuna_fill_view_set_property (GObject *object, guint property, const GValue *value, GParamSpec *pspec)
{
  LacunaFillView *self = LACUNA_FILL_VIEW (object);

  switch (property)
    {
    case PROP_DOCUMENT:
      lacuna_fill_view_set_document (self, g_value_get_object (value));
      return;
    case PROP_TOOL:
      self->tool = g_value_get_enum (value);
      lacuna_fill_view_update_tool (self);
      break;
    case PROP_BOXED:
      self->boxed = g_value_get_boolean (value);
      lacuna_fill_view_update_tool (self);
      break;
    case PROP_BRUSH_SIZE:
      set_brush_size (self, g_value_get_double (value));
      return;
    case PROP_PANES:
      self->panes = g_value_get_int (value) == 3 ? 4 : g_value_get_int (value);
      lacuna_fill_view_update_layout (self);
      break;
    case PROP_PANE:
      self->pane = g_value_get_enum (value);
      lacuna_fill_view_update_layout (self);
      break;
    case PROP_ATTENTION:
      lacuna_explanation_set_mode (self->explanation, g_value_get_enum (value));
      break;
    case PROP_OPACITY:
      gtk_adjustment_set_value (lacuna_inspector_get_opacity (LACUNA_INSPECTOR (self->inspector)),
                                g_value_get_double (value));
      return;
    case PROP_INSPECTOR:
      lacuna_fill_view_show_inspector (self, g_value_get_boolean (value));
      break;
    case PROP_GROWTH:
      gtk_adjustment_set_value (lacuna_growth_button_get_adjustment (self->growth), g_value_get_double (value));
      return;
    case PROP_STRENGTH:
      gtk_adjustment_set_value (lacuna_steer_button_get_strength (self->steer_button), g_value_get_double (value));
      return;
    case PROP_TURNED:
    case PROP_MIRRORED:
    case PROP_SCALED:
      lacuna_fill_view_set_transform (self, get_transform (property), g_value_get_boolean (value));
      break;
    case PROP_FILL_AT_ONCE:
      self->fill_at_once = g_value_get_boolean (value);
      break;
    case PROP_VARIANT:
      if (self->document != NULL)
        lacuna_document_choose_variant (self->document, g_value_get_int (value));
      break;
    case PROP_DETAIL:
      self->detail = g_value_get_boolean (value);
      if (self->pictures != NULL)
        lacuna_pane_pictures_want_refined (self->pictures, !self->detail);
      break;
    case PROP_HINTS:
      self->hints = g_value_get_boolean (value);
      lacuna_fill_view_update_hints (self);
      break;
    case PROP_COMPARE:
      self->compare = g_value_get_boolean (value);
      lacuna_fill_view_show_pictures (self);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property, pspec);
      return;
    }
  g_object_notify_by_pspec (object, pspec);
}

static void
lacuna_fill_view_get_property (GObject *object, guint property, GValue *value, GParamSpec *pspec)
{
  LacunaFillView *self = LACUNA_FILL_VIEW (object);

  switch (property)
    {
    case PROP_DOCUMENT:
      g_value_set_object (value, self->document);
      break;
    case PROP_TOOL:
      g_value_set_enum (value, self->tool);
      break;
    case PROP_BRUSH_SIZE:
      g_value_set_double (value, self->brush_size);
      break;
    case PROP_PANES:
      g_value_set_int (value, self->panes);
      break;
    case PROP_PANE:
      g_value_set_enum (value, self->pane);
      break;
    case PROP_ATTENTION:
      g_value_set_enum (value, lacuna_explanation_get_mode (self->explanation));
      break;
    case PROP_OPACITY:
      g_value_set_double (value,
                          gtk_adjustment_get_value (lacuna_inspector_get_opacity (LACUNA_INSPECTOR (self->inspector))));
      break;
    case PROP_INSPECTOR:
      g_value_set_boolean (value, gtk_widget_get_visible (self->inspector));
      break;
    case PROP_GROWTH:
      g_value_set_double (value, gtk_adjustment_get_value (lacuna_growth_button_get_adjustment (self->growth)));
      break;
    case PROP_STRENGTH:
      g_value_set_double (value, gtk_adjustment_get_value (lacuna_steer_button_get_strength (self->steer_button)));
      break;
    case PROP_BOXED:
      g_value_set_boolean (value, self->boxed);
      break;
    case PROP_TURNED:
    case PROP_MIRRORED:
    case PROP_SCALED:
      g_value_set_boolean (value, (self->transforms & get_transform (property)) != 0);
      break;
    case PROP_FILL_AT_ONCE:
      g_value_set_boolean (value, self->fill_at_once);
      break;
    case PROP_VARIANT:
      g_value_set_int (value, get_variant (self));
      break;
    case PROP_DETAIL:
      g_value_set_boolean (value, self->detail);
      break;
    case PROP_HINTS:
      g_value_set_boolean (value, self->hints);
      break;
    case PROP_COMPARE:
      g_value_set_boolean (value, self->compare);
      break;
    case PROP_ZOOM:
      g_value_set_double (value, lacuna_viewport_get_zoom (self->viewport));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property, pspec);
    }
}

static void
lacuna_fill_view_dispose (GObject *object)
{
  LacunaFillView *self = LACUNA_FILL_VIEW (object);

  if (self->painters[0] != NULL)
    disconnect_document (self);
  for (int pane = 0; pane < N_PAINTED; pane++)
    g_clear_object (&self->painters[pane]);
  g_clear_handle_id (&self->fade, g_source_remove);
  g_clear_handle_id (&self->describing, g_source_remove);
  g_clear_handle_id (&self->pulse, g_source_remove);
  g_clear_object (&self->fading);
  g_clear_object (&self->explanation);
  g_clear_object (&self->viewport);
  g_clear_object (&self->actions);
  G_OBJECT_CLASS (lacuna_fill_view_parent_class)->dispose (object);
}

static void
install_properties (GObjectClass *klass)
{
  const GParamFlags read = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;
  const GParamFlags flags = read | G_PARAM_WRITABLE;

  properties[PROP_DOCUMENT] = g_param_spec_object ("document", NULL, NULL, LACUNA_TYPE_DOCUMENT, flags);
  properties[PROP_TOOL] = g_param_spec_enum ("tool", NULL, NULL, LACUNA_TYPE_TOOL, LACUNA_TOOL_BRUSH, flags);
  properties[PROP_BRUSH_SIZE] = g_param_spec_double ("brush-size", NULL, NULL, 0, G_MAXDOUBLE, 1, flags);
  properties[PROP_PANES] = g_param_spec_int ("panes", NULL, NULL, 1, N_PANES, 1, flags);
  properties[PROP_PANE] = g_param_spec_enum ("pane", NULL, NULL, LACUNA_TYPE_PANE, LACUNA_PANE_PHOTO, flags);
  properties[PROP_ATTENTION]
      = g_param_spec_enum ("attention", NULL, NULL, LACUNA_TYPE_ATTENTION_MODE, LACUNA_ATTENTION_WHERE, flags);
  properties[PROP_OPACITY] = g_param_spec_double ("opacity-share", NULL, NULL, 0, 1, 0.8, flags);
  properties[PROP_INSPECTOR] = g_param_spec_boolean ("inspector", NULL, NULL, FALSE, flags);
  properties[PROP_DETAIL] = g_param_spec_boolean ("detail", NULL, NULL, TRUE, flags);
  properties[PROP_HINTS] = g_param_spec_boolean ("hints", NULL, NULL, FALSE, flags);
  properties[PROP_COMPARE] = g_param_spec_boolean ("compare", NULL, NULL, FALSE, flags);
  properties[PROP_GROWTH] = g_param_spec_double ("growth", NULL, NULL, 0, 1, 0, flags);
  properties[PROP_STRENGTH] = g_param_spec_double ("strength", NULL, NULL, 0, 1, 0.8, flags);
  properties[PROP_TURNED] = g_param_spec_boolean ("turned", NULL, NULL, FALSE, flags);
  properties[PROP_MIRRORED] = g_param_spec_boolean ("mirrored", NULL, NULL, FALSE, flags);
  properties[PROP_SCALED] = g_param_spec_boolean ("scaled", NULL, NULL, FALSE, flags);
  properties[PROP_BOXED] = g_param_spec_boolean ("boxed", NULL, NULL, FALSE, flags);
  properties[PROP_FILL_AT_ONCE] = g_param_spec_boolean ("fill-at-once", NULL, NULL, FALSE, flags);
  properties[PROP_VARIANT] = g_param_spec_int ("variant", NULL, NULL, 0, G_MAXINT, 0, flags);
  properties[PROP_ZOOM] = g_param_spec_double ("zoom", NULL, NULL, 0, G_MAXDOUBLE, 1, read);
  g_object_class_install_properties (klass, N_PROPERTIES, properties);
}

static void
bind_widgets (GtkWidgetClass *klass)
{
  gtk_widget_class_bind_template_child (klass, LacunaFillView, body);
  gtk_widget_class_bind_template_child (klass, LacunaFillView, heading);
  gtk_widget_class_bind_template_child (klass, LacunaFillView, compare_button);
  gtk_widget_class_bind_template_child (klass, LacunaFillView, name);
  gtk_widget_class_bind_template_child (klass, LacunaFillView, dimensions);
  gtk_widget_class_bind_template_child (klass, LacunaFillView, stage);
  gtk_widget_class_bind_template_child (klass, LacunaFillView, tools);
  gtk_widget_class_bind_template_child (klass, LacunaFillView, bar);
  gtk_widget_class_bind_template_child (klass, LacunaFillView, inspector);
  gtk_widget_class_bind_template_child (klass, LacunaFillView, inspector_separator);
  gtk_widget_class_bind_template_child (klass, LacunaFillView, grid);
  gtk_widget_class_bind_template_child (klass, LacunaFillView, pane_switcher);
  gtk_widget_class_bind_template_child (klass, LacunaFillView, wide_box);
  gtk_widget_class_bind_template_child (klass, LacunaFillView, view_button);
  gtk_widget_class_bind_template_child (klass, LacunaFillView, zoom_label);
  gtk_widget_class_bind_template_child (klass, LacunaFillView, narrow_zoom_label);
  gtk_widget_class_bind_template_child (klass, LacunaFillView, progress_box);
  gtk_widget_class_bind_template_child (klass, LacunaFillView, progress);
  gtk_widget_class_bind_template_child (klass, LacunaFillView, status);
  gtk_widget_class_bind_template_child (klass, LacunaFillView, stage_label);
  gtk_widget_class_bind_template_child (klass, LacunaFillView, variants);
  gtk_widget_class_bind_template_child (klass, LacunaFillView, size_scale);
  gtk_widget_class_bind_template_child (klass, LacunaFillView, size_adjustment);
  gtk_widget_class_bind_template_child (klass, LacunaFillView, growth);
  gtk_widget_class_bind_template_child (klass, LacunaFillView, steer_button);
}

static void
lacuna_fill_view_class_init (LacunaFillViewClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->set_property = lacuna_fill_view_set_property;
  object_class->get_property = lacuna_fill_view_get_property;
  object_class->dispose = lacuna_fill_view_dispose;
  install_properties (object_class);
  g_type_ensure (LACUNA_TYPE_GROWTH_BUTTON);
  g_type_ensure (LACUNA_TYPE_INSPECTOR);
  g_type_ensure (LACUNA_TYPE_STEER_BUTTON);
  g_type_ensure (LACUNA_TYPE_VARIANT_STRIP);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/lacuna/view/fill-view.ui");
  bind_widgets (widget_class);
}

static void
load_style (void)
{
  static gsize loaded;

  if (g_once_init_enter (&loaded))
    {
      g_autoptr (GtkCssProvider) provider = gtk_css_provider_new ();

      gtk_css_provider_load_from_resource (provider, "/org/lacuna/view/view.css");
      gtk_style_context_add_provider_for_display (gdk_display_get_default (), GTK_STYLE_PROVIDER (provider),
                                                  GTK_STYLE_PROVIDER_PRIORITY_APPLICATION);
      g_once_init_leave (&loaded, 1);
    }
}

static void
lacuna_fill_view_init (LacunaFillView *self)
{
  load_style ();
  self->tool = LACUNA_TOOL_BRUSH;
  self->panes = 1;
  self->left = LACUNA_PANE_ATTENTION;
  self->detail = TRUE;
  self->viewport = lacuna_viewport_new ();
  self->explanation = lacuna_explanation_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_scale_set_format_value_func (GTK_SCALE (self->size_scale), format_size, NULL, NULL);
  make_canvases (self);
  lacuna_inspector_set_explanation (LACUNA_INSPECTOR (self->inspector), self->explanation);
  self->actions = lacuna_fill_view_actions_new (G_OBJECT (self), self->viewport, self->explanation);
  lacuna_fill_view_add_sources (self);
  lacuna_fill_view_add_steps (self);
  gtk_widget_insert_action_group (GTK_WIDGET (self), "view", self->actions);
  g_signal_connect_object (self->explanation, "changed", G_CALLBACK (lacuna_fill_view_describe), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->viewport, "changed", G_CALLBACK (update_zoom), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->size_adjustment, "value-changed", G_CALLBACK (on_size_slid), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (lacuna_inspector_get_opacity (LACUNA_INSPECTOR (self->inspector)), "value-changed",
                           G_CALLBACK (on_opacity), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (lacuna_growth_button_get_adjustment (self->growth), "value-changed", G_CALLBACK (on_growth),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (lacuna_steer_button_get_strength (self->steer_button), "value-changed",
                           G_CALLBACK (on_strength), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->variants, "pointed", G_CALLBACK (lacuna_fill_view_show_pictures), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->variants, "notify::visible", G_CALLBACK (lacuna_fill_view_lay_out_anew), self,
                           G_CONNECT_SWAPPED);
  on_opacity (self);
  lacuna_fill_view_update_layout (self);
}
