/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/view/fill-view-private.h"

#include <glib/gi18n.h>
#include <math.h>

#include "app/view/attention/attention-probe.h"
#include "app/view/attention/enums.h"
#include "app/view/attention/inspector.h"
#include "app/view/canvas/navigation.h"
#include "app/view/enums.h"
#include "app/view/fill-view-actions.h"

/* Below that width one pane is shown, and less around it. */
#define NARROW 620
/* A new photo's brush: that share of its longer side. */
#define BRUSH_SHARE 0.035

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
  PROP_FILL_AT_ONCE,
  PROP_VARIANT,
  PROP_DETAIL,
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
  g_autofree char *text = g_strdup_printf (_("%.0f %%"), 100 * lacuna_viewport_get_zoom (self->viewport));

  gtk_label_set_text (GTK_LABEL (self->zoom_label), text);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ZOOM]);
}

static void
update_progress (LacunaFillView *self)
{
  gboolean filling = self->document != NULL && lacuna_document_get_filling (self->document);
  g_autofree char *status = NULL;
  double progress = 0;

  gtk_revealer_set_reveal_child (GTK_REVEALER (self->progress_revealer), filling);
  if (!filling)
    return;
  g_object_get (self->document, "status", &status, "progress", &progress, NULL);
  gtk_label_set_text (GTK_LABEL (self->status), status);
  gtk_progress_bar_set_fraction (GTK_PROGRESS_BAR (self->progress), progress);
}

static void
on_mask_changed (LacunaFillView *self, int x, int y, int width, int height)
{
  lacuna_overlay_damage (self->overlay, (LacunaBox){ x, y, width, height });
  gtk_widget_queue_draw (GTK_WIDGET (self->canvases[LACUNA_PANE_PHOTO]));
}

static void
on_avoid_changed (LacunaFillView *self, int x, int y, int width, int height)
{
  if (self->avoid == NULL)
    {
      self->avoid = lacuna_overlay_new (lacuna_document_get_avoid (self->document));
      lacuna_overlay_set_style (self->avoid, LACUNA_OVERLAY_AVOID);
    }
  lacuna_overlay_damage (self->avoid, (LacunaBox){ x, y, width, height });
  lacuna_fill_view_show_avoid (self);
}

static void
update_growth (LacunaFillView *self)
{
  int growth = lacuna_growth_button_get_pixels (self->growth);

  if (self->document == NULL)
    return;
  lacuna_document_set_growth (self->document, growth);
  lacuna_overlay_set_growth (self->overlay, growth);
  gtk_widget_queue_draw (GTK_WIDGET (self->canvases[LACUNA_PANE_PHOTO]));
}

static void
on_growth (LacunaFillView *self)
{
  update_growth (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_GROWTH]);
}

static void
on_retouched (LacunaFillView *self)
{
  lacuna_explanation_set_fill (self->explanation, lacuna_document_get_fill (self->document));
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
  lacuna_painter_set_radius (self->painter, size / 2);
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
disconnect_document (LacunaFillView *self)
{
  if (self->document == NULL)
    return;
  g_signal_handlers_disconnect_by_data (self->document, self);
  g_signal_handlers_disconnect_by_data (self->pictures, self);
  lacuna_painter_set_document (self->painter, NULL);
  lacuna_explanation_set_fill (self->explanation, NULL);
  for (int pane = 0; pane < N_PANES; pane++)
    {
      lacuna_canvas_set_picture (self->canvases[pane], NULL);
      lacuna_canvas_set_before (self->canvases[pane], NULL);
      lacuna_canvas_set_overlay (self->canvases[pane], NULL);
    }
  lacuna_inspector_set_picture (LACUNA_INSPECTOR (self->inspector), NULL);
  g_clear_pointer (&self->overlay, lacuna_overlay_free);
  g_clear_pointer (&self->avoid, lacuna_overlay_free);
  lacuna_fill_view_show_avoid (self);
  gtk_widget_set_visible (GTK_WIDGET (self->variants), FALSE);
  lacuna_growth_button_set_side (self->growth, 0);
  g_clear_object (&self->pictures);
  g_clear_object (&self->document);
}

static void
connect_document (LacunaFillView *self, LacunaDocument *document)
{
  LacunaRaster *raster = lacuna_document_get_raster (document);
  int width = lacuna_raster_get_width (raster), height = lacuna_raster_get_height (raster);

  self->document = g_object_ref (document);
  self->pictures = lacuna_pane_pictures_new (document);
  lacuna_pane_pictures_want_refined (self->pictures, !self->detail);
  self->overlay = lacuna_overlay_new (raster);
  g_signal_connect_swapped (document, "mask-changed", G_CALLBACK (on_mask_changed), self);
  g_signal_connect_swapped (document, "avoid-changed", G_CALLBACK (on_avoid_changed), self);
  g_signal_connect_swapped (document, "retouched", G_CALLBACK (on_retouched), self);
  g_signal_connect_swapped (document, "notify::resting", G_CALLBACK (lacuna_fill_view_update_pictures), self);
  g_signal_connect_swapped (document, "notify::filling", G_CALLBACK (update_progress), self);
  g_signal_connect_swapped (document, "notify::progress", G_CALLBACK (update_progress), self);
  g_signal_connect_swapped (self->pictures, "changed", G_CALLBACK (lacuna_fill_view_update_pictures), self);
  if (lacuna_document_get_avoid (document) != NULL)
    on_avoid_changed (self, 0, 0, width, height);
  lacuna_viewport_set_photo (self->viewport, width, height);
  lacuna_canvas_set_overlay (self->canvases[LACUNA_PANE_PHOTO], self->overlay);
  lacuna_canvas_set_divider (self->canvases[LACUNA_PANE_REFINED], 0);
  lacuna_painter_set_document (self->painter, document);
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
  update_progress (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_DOCUMENT]);
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

void
lacuna_fill_view_focus (LacunaFillView *self)
{
  gtk_widget_grab_focus (GTK_WIDGET (self->canvases[LACUNA_PANE_PHOTO]));
}

static gboolean
on_relayout (gpointer data)
{
  LacunaFillView *self = data;

  AdwFlap *flap = ADW_FLAP (self->flap);

  self->relayout = 0;
  /* In a narrow window the inspector lies over the panes: it is opened when asked for. */
  if (self->narrow)
    self->reveal_when_wide = adw_flap_get_reveal_flap (flap);
  if (self->narrow || self->reveal_when_wide)
    adw_flap_set_reveal_flap (flap, !self->narrow);
  lacuna_fill_view_update_layout (self);
  return G_SOURCE_REMOVE;
}

static void
lacuna_fill_view_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum, int *natural,
                          int *minimum_baseline, int *natural_baseline)
{
  gtk_widget_measure (LACUNA_FILL_VIEW (widget)->flap, orientation, for_size, minimum, natural, minimum_baseline,
                      natural_baseline);
}

static void
lacuna_fill_view_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  LacunaFillView *self = LACUNA_FILL_VIEW (widget);

  gtk_widget_allocate (self->flap, width, height, baseline, NULL);
  if (self->narrow == (width < NARROW))
    return;
  self->narrow = width < NARROW;
  /* Nothing may be shown or hidden while sizes are given out. */
  if (self->relayout == 0)
    self->relayout = g_idle_add_full (G_PRIORITY_HIGH_IDLE, on_relayout, self, NULL);
}

static gboolean
on_divider_key (GtkEventControllerKey *controller, guint key, guint code, GdkModifierType state, gpointer data)
{
  LacunaCanvas *canvas = LACUNA_CANVAS (gtk_event_controller_get_widget (GTK_EVENT_CONTROLLER (controller)));
  double step = key == GDK_KEY_Left ? -0.02 : key == GDK_KEY_Right ? 0.02 : 0;

  if (step == 0 || (state & (GDK_CONTROL_MASK | GDK_ALT_MASK)))
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
make_canvases (LacunaFillView *self)
{
  const char *captions[N_PANES] = { _("Photo"), _("Coarse"), _("Refined"), _("Attention") };
  GtkEventController *key = gtk_event_controller_key_new ();

  for (int pane = 0; pane < N_PANES; pane++)
    {
      self->canvases[pane] = LACUNA_CANVAS (lacuna_canvas_new (self->viewport, captions[pane]));
      lacuna_navigation_add (self->canvases[pane], pane == LACUNA_PANE_COARSE || pane == LACUNA_PANE_REFINED);
      gtk_grid_attach (GTK_GRID (self->grid), GTK_WIDGET (self->canvases[pane]), pane / 2, pane % 2, 1, 1);
    }
  self->painter = lacuna_painter_new (self->canvases[LACUNA_PANE_PHOTO]);
  g_signal_connect_object (self->painter, "resize", G_CALLBACK (on_resize), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->painter, "marked", G_CALLBACK (on_marked), self, G_CONNECT_SWAPPED);
  lacuna_canvas_set_drawing (self->canvases[LACUNA_PANE_ATTENTION], G_OBJECT (self->explanation), draw_explanation);
  lacuna_attention_probe_add (self->canvases[LACUNA_PANE_ATTENTION], self->explanation);
  gtk_widget_set_focusable (GTK_WIDGET (self->canvases[LACUNA_PANE_REFINED]), TRUE);
  g_signal_connect (key, "key-pressed", G_CALLBACK (on_divider_key), self);
  gtk_widget_add_controller (GTK_WIDGET (self->canvases[LACUNA_PANE_REFINED]), key);
}

static void
on_opacity (LacunaFillView *self)
{
  GtkAdjustment *opacity = lacuna_inspector_get_opacity (LACUNA_INSPECTOR (self->inspector));

  lacuna_explanation_set_opacity (self->explanation, gtk_adjustment_get_value (opacity));
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_OPACITY]);
}

static void
on_flap_revealed (LacunaFillView *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_INSPECTOR]);
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
      lacuna_painter_set_tool (self->painter, self->tool);
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
      adw_flap_set_reveal_flap (ADW_FLAP (self->flap), g_value_get_boolean (value));
      return;
    case PROP_GROWTH:
      gtk_adjustment_set_value (lacuna_growth_button_get_adjustment (self->growth), g_value_get_double (value));
      return;
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
      g_value_set_double (value, gtk_adjustment_get_value (
                                     lacuna_inspector_get_opacity (LACUNA_INSPECTOR (self->inspector))));
      break;
    case PROP_INSPECTOR:
      g_value_set_boolean (value, adw_flap_get_reveal_flap (ADW_FLAP (self->flap)));
      break;
    case PROP_GROWTH:
      g_value_set_double (value, gtk_adjustment_get_value (lacuna_growth_button_get_adjustment (self->growth)));
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

  g_clear_handle_id (&self->relayout, g_source_remove);
  if (self->painter != NULL)
    disconnect_document (self);
  g_clear_object (&self->painter);
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
  properties[PROP_ATTENTION] = g_param_spec_enum ("attention", NULL, NULL, LACUNA_TYPE_ATTENTION_MODE,
                                                  LACUNA_ATTENTION_WHERE, flags);
  properties[PROP_OPACITY] = g_param_spec_double ("opacity-share", NULL, NULL, 0, 1, 0.8, flags);
  properties[PROP_INSPECTOR] = g_param_spec_boolean ("inspector", NULL, NULL, TRUE, flags);
  properties[PROP_DETAIL] = g_param_spec_boolean ("detail", NULL, NULL, TRUE, flags);
  properties[PROP_GROWTH] = g_param_spec_double ("growth", NULL, NULL, 0, 1, 0, flags);
  properties[PROP_FILL_AT_ONCE] = g_param_spec_boolean ("fill-at-once", NULL, NULL, FALSE, flags);
  properties[PROP_VARIANT] = g_param_spec_int ("variant", NULL, NULL, 0, G_MAXINT, 0, flags);
  properties[PROP_ZOOM] = g_param_spec_double ("zoom", NULL, NULL, 0, G_MAXDOUBLE, 1, read);
  g_object_class_install_properties (klass, N_PROPERTIES, properties);
}

static void
lacuna_fill_view_class_init (LacunaFillViewClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->set_property = lacuna_fill_view_set_property;
  object_class->get_property = lacuna_fill_view_get_property;
  object_class->dispose = lacuna_fill_view_dispose;
  widget_class->measure = lacuna_fill_view_measure;
  widget_class->size_allocate = lacuna_fill_view_size_allocate;
  install_properties (object_class);
  lacuna_fill_view_actions_bind_keys (widget_class);
  g_type_ensure (LACUNA_TYPE_GROWTH_BUTTON);
  g_type_ensure (LACUNA_TYPE_INSPECTOR);
  g_type_ensure (LACUNA_TYPE_VARIANT_STRIP);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/lacuna/view/fill-view.ui");
  gtk_widget_class_bind_template_child (widget_class, LacunaFillView, flap);
  gtk_widget_class_bind_template_child (widget_class, LacunaFillView, inspector);
  gtk_widget_class_bind_template_child (widget_class, LacunaFillView, grid);
  gtk_widget_class_bind_template_child (widget_class, LacunaFillView, pane_switcher);
  gtk_widget_class_bind_template_child (widget_class, LacunaFillView, wide_box);
  gtk_widget_class_bind_template_child (widget_class, LacunaFillView, zoom_label);
  gtk_widget_class_bind_template_child (widget_class, LacunaFillView, progress_revealer);
  gtk_widget_class_bind_template_child (widget_class, LacunaFillView, progress);
  gtk_widget_class_bind_template_child (widget_class, LacunaFillView, status);
  gtk_widget_class_bind_template_child (widget_class, LacunaFillView, variants);
  gtk_widget_class_bind_template_child (widget_class, LacunaFillView, size_adjustment);
  gtk_widget_class_bind_template_child (widget_class, LacunaFillView, growth);
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
  self->panes = 1;
  self->detail = TRUE;
  self->viewport = lacuna_viewport_new ();
  self->explanation = lacuna_explanation_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  /* Sizes come through this class, which changes with them. */
  gtk_widget_set_layout_manager (GTK_WIDGET (self), NULL);
  make_canvases (self);
  lacuna_inspector_set_explanation (LACUNA_INSPECTOR (self->inspector), self->explanation);
  self->actions = lacuna_fill_view_actions_new (G_OBJECT (self), self->viewport, self->explanation);
  gtk_widget_insert_action_group (GTK_WIDGET (self), "view", self->actions);
  g_signal_connect_object (self->viewport, "changed", G_CALLBACK (update_zoom), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->size_adjustment, "value-changed", G_CALLBACK (on_size_slid), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (lacuna_inspector_get_opacity (LACUNA_INSPECTOR (self->inspector)), "value-changed",
                           G_CALLBACK (on_opacity), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->flap, "notify::reveal-flap", G_CALLBACK (on_flap_revealed), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (lacuna_growth_button_get_adjustment (self->growth), "value-changed",
                           G_CALLBACK (on_growth), self, G_CONNECT_SWAPPED);
  on_opacity (self);
  lacuna_fill_view_update_layout (self);
}
