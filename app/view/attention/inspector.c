/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The panel beside the attention pane: what the pixel was copied from and the strongest sources with thumbnails, the
 * steps, how far the fill may be trusted, and a report of all of it. It keeps nothing of the answer: update() sets all
 * widgets from the explanation whenever that emits “changed”, and row i shows the place of that number. All of it runs
 * in the main loop. */
#include "app/view/attention/inspector.h"

#include <glib/gi18n.h>
#include <string.h>

#include "app/view/attention/attention-texture.h"
#include "app/view/attention/copy-text.h"
#include "app/view/attention/enums.h"
#include "app/view/attention/legend.h"
#include "app/view/attention/source-menu.h"
#include "app/view/attention/step-text.h"
#include "app/view/attention/steps-view.h"

#define THUMBNAIL 48
#define MARGIN 12 /* of the panel, in logical pixels */
#define WHEEL 128
#define RAMP 192
#define RAMP_HEIGHT 14
/* The share of doubtful pixels of a fill above which the panel gives advice. */
#define MUCH_DOUBT 0.1
/* The height of what a view shows, in logical pixels, of which less is out of sight for a person. */
#define SEEN 96

struct _LacunaInspector {
  AdwBin           parent_instance;
  GtkScrolledWindow *window;
  GtkWidget       *stack, *steps, *copies_hint, *copies, *hint, *sources, *rest, *wheel, *ramp, *doubtful, *advice;
  GtkWidget       *report_box, *report;
  GtkAdjustment   *opacity_adjustment;
  GtkWidget       *rows[LACUNA_EXPLANATION_N_PLACES];
  GtkWidget       *thumbnails[LACUNA_EXPLANATION_N_PLACES];
  GtkWidget       *labels[LACUNA_EXPLANATION_N_PLACES];
  GtkWidget       *menus[LACUNA_EXPLANATION_N_PLACES]; /* buttons */
  LacunaExplanation *explanation;
  LacunaPyramid   *picture;
  LacunaAttentionMode mode; /* that was shown last */
  LacunaAttentionStep step; /* likewise */
  guint            scrolling; /* tick callback; 0: none */
  gboolean         sized;     /* what is scrolled to has its size */
};

G_DEFINE_FINAL_TYPE (LacunaInspector, lacuna_inspector, ADW_TYPE_BIN)

static gboolean
is_in_steps (LacunaInspector *self)
{
  return lacuna_explanation_get_mode (self->explanation) == LACUNA_ATTENTION_STEPS;
}

static gboolean
has_shares (LacunaInspector *self)
{
  return !is_in_steps (self) || lacuna_explanation_get_step (self->explanation) >= LACUNA_ATTENTION_STEP_SOFTMAX;
}

/* Returns a source's share, or in the mode of steps the number that the step gives it, as text. */
static char *
format_value (LacunaInspector *self, float value)
{
  /* TRANSLATORS: the share that a known patch has in what was rebuilt from it */
  return is_in_steps (self) ? lacuna_step_text_format (self->explanation, value)
                            : g_strdup_printf (_ ("%.1f %%"), 100 * value);
}

static void
update_place (LacunaInspector *self, guint i, const LacunaSource *source)
{
  gboolean is_copy = i < LACUNA_EXPLANATION_N_COPIES, is_somewhere = source != NULL && source->box.width > 0;
  g_autoptr (GdkTexture) thumbnail = NULL;
  g_autofree char *text = NULL, *name = NULL;

  gtk_widget_set_visible (self->rows[i], source != NULL);
  if (source == NULL)
    return;
  if (self->picture != NULL && is_somewhere)
    thumbnail = lacuna_pyramid_get_thumbnail (self->picture, source->box, 4 * THUMBNAIL);
  gtk_picture_set_paintable (GTK_PICTURE (self->thumbnails[i]), GDK_PAINTABLE (thumbnail));
  gtk_widget_set_visible (self->thumbnails[i], is_somewhere);
  gtk_widget_set_visible (self->menus[i], is_somewhere);
  text = is_copy ? lacuna_copy_text_describe (source, "\n") : format_value (self, source->value);
  gtk_label_set_text (GTK_LABEL (self->labels[i]), text);
  /* TRANSLATORS: a number or a share in percent; then a point of the photo */
  name = is_copy ? g_strdup (text)
                 : g_strdup_printf (_ ("%s from around %d, %d"), text, source->box.x + source->box.width / 2,
                                    source->box.y + source->box.height / 2);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->rows[i]), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}

/* Selects the row of the place that is lit. */
static void
update_lit (LacunaInspector *self)
{
  LacunaBox lit = lacuna_explanation_get_lit (self->explanation);
  GtkWidget *lists[] = { self->copies, self->sources };
  GtkWidget *row = NULL;

  for (guint i = 0; i < LACUNA_EXPLANATION_N_PLACES && lit.width > 0 && row == NULL; i++)
    {
      const LacunaSource *source = lacuna_explanation_get_place (self->explanation, i);

      if (source != NULL && memcmp (&source->box, &lit, sizeof lit) == 0)
        row = self->rows[i];
    }
  for (guint i = 0; i < G_N_ELEMENTS (lists); i++)
    if (row != NULL && gtk_widget_get_parent (row) == lists[i])
      gtk_list_box_select_row (GTK_LIST_BOX (lists[i]), GTK_LIST_BOX_ROW (row));
    else
      gtk_list_box_unselect_all (GTK_LIST_BOX (lists[i]));
}

/* Tells the sum of the shares that are not listed, where the numbers are shares. */
static void
update_rest (LacunaInspector *self, const LacunaSource *sources, guint n)
{
  double listed = 0;
  g_autofree char *text = NULL;

  for (guint i = 0; i < n; i++)
    listed += sources[i].value;
  text = lacuna_legend_describe_rest (listed);
  gtk_label_set_text (GTK_LABEL (self->rest), text != NULL ? text : "");
  gtk_widget_set_visible (self->rest, n > 0 && text != NULL && has_shares (self));
}

/* Tells how much of the fill is likely to be wrong, and what may help. */
static void
update_trust (LacunaInspector *self)
{
  double share = lacuna_explanation_get_doubtful (self->explanation);
  g_autofree char *text = share < 0 ? g_strdup (_ ("How far it may be trusted can't be told of a hole this large."))
                                    : g_strdup_printf (_ ("%.0f %% of it is doubtful."), 100 * share);

  gtk_label_set_text (GTK_LABEL (self->doubtful), text);
  gtk_widget_set_visible (self->doubtful, lacuna_explanation_get_fill (self->explanation) != NULL);
  gtk_widget_set_visible (self->advice, share > MUCH_DOUBT);
}

/* Tells what the fill as a whole was made of. */
static void
update_report (LacunaInspector *self)
{
  GVariant *report = lacuna_explanation_get_report (self->explanation);
  g_autofree char *text = report != NULL ? lacuna_copy_text_sum_up (report) : NULL;

  gtk_label_set_text (GTK_LABEL (self->report), text != NULL ? text : "");
  gtk_widget_set_visible (self->report_box, text != NULL);
}

/* Says above the copies which pixel they are of: that at the point, or in the middle of the rectangle. */
static void
update_copies (LacunaInspector *self)
{
  guint n;

  lacuna_explanation_get_copies (self->explanation, &n);
  gtk_label_set_text (GTK_LABEL (self->copies_hint), lacuna_explanation_is_point (self->explanation)
                                                         ? _ ("Where this pixel comes from:")
                                                         : _ ("Where the pixel in the middle comes from:"));
  gtk_widget_set_visible (self->copies_hint, n > 0);
  gtk_widget_set_visible (self->copies, n > 0);
}

static void
update_hint (LacunaInspector *self, guint n)
{
  gboolean filled = lacuna_explanation_get_fill (self->explanation) != NULL;
  const char *hint = n > 0    ? _ ("What the network looked at, each place with its share:")
                     : filled ? _ ("Point at a filled place in the attention pane, or drag a rectangle there.")
                              : _ ("Fill something to see from which places of the photo it was made.");

  if (n > 0 && !has_shares (self))
    hint = _ ("The best patches, each with its number:");
  gtk_label_set_text (GTK_LABEL (self->hint), hint);
  gtk_widget_set_visible (self->hint, n > 0 || filled || !is_in_steps (self));
}

/* The first frame gives what is shown its size, and the second knows it. */
static gboolean
scroll (GtkWidget *widget, GdkFrameClock *clock, gpointer data)
{
  LacunaInspector *self = LACUNA_INSPECTOR (widget);
  GtkAdjustment *adjustment = gtk_scrolled_window_get_vadjustment (self->window);
  graphene_rect_t bounds;
  double top;

  self->sized = !self->sized;
  if (self->sized)
    return G_SOURCE_CONTINUE;
  self->scrolling = 0;
  if (gtk_widget_compute_bounds (self->stack, GTK_WIDGET (self->window), &bounds)
      && bounds.origin.y + SEEN > gtk_adjustment_get_page_size (adjustment))
    {
      top = gtk_adjustment_get_value (adjustment) + bounds.origin.y;
      gtk_adjustment_set_value (adjustment, top - MARGIN);
    }
  return G_SOURCE_REMOVE;
}

/* Where the panel is low, what was chosen shows itself. */
static void
follow_choice (LacunaInspector *self)
{
  LacunaAttentionMode mode = lacuna_explanation_get_mode (self->explanation);
  LacunaAttentionStep step = lacuna_explanation_get_step (self->explanation);

  if ((self->mode != mode || self->step != step) && self->scrolling == 0 && gtk_widget_get_mapped (GTK_WIDGET (self)))
    self->scrolling = gtk_widget_add_tick_callback (GTK_WIDGET (self), scroll, NULL, NULL);
  self->mode = mode;
  self->step = step;
}

static void
update (LacunaInspector *self)
{
  LacunaAttentionMode mode = lacuna_explanation_get_mode (self->explanation);
  GEnumClass *klass = g_type_class_ref (LACUNA_TYPE_ATTENTION_MODE);
  LacunaAttentionMode page = mode == LACUNA_ATTENTION_STEPS ? LACUNA_ATTENTION_WHERE : mode;
  guint n;
  const LacunaSource *sources = lacuna_explanation_get_sources (self->explanation, &n);

  gtk_stack_set_visible_child_name (GTK_STACK (self->stack), g_enum_get_value (klass, page)->value_nick);
  g_type_class_unref (klass);
  gtk_widget_set_visible (self->steps, is_in_steps (self));
  if (is_in_steps (self))
    lacuna_steps_view_update (LACUNA_STEPS_VIEW (self->steps), self->explanation);
  gtk_widget_set_visible (self->sources, n > 0);
  if (mode == LACUNA_ATTENTION_CONFIDENCE)
    update_trust (self);
  update_rest (self, sources, n);
  update_report (self);
  update_copies (self);
  update_hint (self, n);
  for (guint i = 0; i < LACUNA_EXPLANATION_N_PLACES; i++)
    update_place (self, i, lacuna_explanation_get_place (self->explanation, i));
  update_lit (self);
  follow_choice (self);
}

void
lacuna_inspector_set_explanation (LacunaInspector *self, LacunaExplanation *explanation)
{
  g_set_object (&self->explanation, explanation);
  g_signal_connect_object (explanation, "changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  update (self);
}

void
lacuna_inspector_set_picture (LacunaInspector *self, LacunaPyramid *picture)
{
  g_clear_pointer (&self->picture, lacuna_pyramid_unref);
  self->picture = picture != NULL ? lacuna_pyramid_ref (picture) : NULL;
}

GtkAdjustment *
lacuna_inspector_get_opacity (LacunaInspector *self)
{
  return self->opacity_adjustment;
}

/* Returns the number of a row; LACUNA_EXPLANATION_N_PLACES: it is none of them. */
static guint
find_row (LacunaInspector *self, gpointer row)
{
  guint i = 0;

  while (i < LACUNA_EXPLANATION_N_PLACES && self->rows[i] != row)
    i++;
  return i;
}

static void
light (LacunaInspector *self, gpointer row)
{
  const LacunaSource *source = lacuna_explanation_get_place (self->explanation, find_row (self, row));

  if (source != NULL)
    lacuna_explanation_set_lit (self->explanation, source->box);
}

static void
on_selected (GtkListBox *list, GtkListBoxRow *row, gpointer data)
{
  light (data, row);
}

static void
on_entered (GtkEventController *controller, gpointer data)
{
  light (data, gtk_event_controller_get_widget (controller));
}

static void
on_pointed (GtkEventController *controller, double x, double y, gpointer data)
{
  on_entered (controller, data);
}

static void
on_left (GtkEventController *controller, gpointer data)
{
  LacunaInspector *self = data;

  lacuna_explanation_set_lit (self->explanation, (LacunaBox){ 0 });
}

static void
on_activated (GtkListBox *list, GtkListBoxRow *row, gpointer data)
{
  LacunaInspector *self = data;
  guint i = find_row (self, row);

  if (i < LACUNA_EXPLANATION_N_PLACES && gtk_widget_get_visible (self->menus[i]))
    gtk_menu_button_popup (GTK_MENU_BUTTON (self->menus[i]));
}

static void
on_menu_pressed (GtkGestureClick *gesture, int n_press, double x, double y, gpointer data)
{
  LacunaInspector *self = data;

  on_activated (NULL, GTK_LIST_BOX_ROW (gtk_event_controller_get_widget (GTK_EVENT_CONTROLLER (gesture))), self);
}

/* Has the pointer and the focus light the row's source, and the right button open its menu. */
static void
follow_row (LacunaInspector *self, GtkWidget *row)
{
  GtkEventController *motion = gtk_event_controller_motion_new (), *focus = gtk_event_controller_focus_new ();
  GtkGesture *click = gtk_gesture_click_new ();

  g_signal_connect (motion, "enter", G_CALLBACK (on_pointed), self);
  g_signal_connect (motion, "leave", G_CALLBACK (on_left), self);
  gtk_widget_add_controller (row, motion);
  g_signal_connect (focus, "enter", G_CALLBACK (on_entered), self);
  g_signal_connect (focus, "leave", G_CALLBACK (on_left), self);
  gtk_widget_add_controller (row, focus);
  gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (click), GDK_BUTTON_SECONDARY);
  g_signal_connect (click, "pressed", G_CALLBACK (on_menu_pressed), self);
  gtk_widget_add_controller (row, GTK_EVENT_CONTROLLER (click));
}

static void
follow_list (LacunaInspector *self, GtkWidget *list)
{
  g_signal_connect (list, "row-selected", G_CALLBACK (on_selected), self);
  g_signal_connect (list, "row-activated", G_CALLBACK (on_activated), self);
}

static GtkWidget *
make_menu (guint source)
{
  GtkWidget *button = gtk_menu_button_new ();
  g_autoptr (GMenuModel) model = lacuna_source_menu_new (source);

  gtk_menu_button_set_icon_name (GTK_MENU_BUTTON (button), "view-more-symbolic");
  gtk_menu_button_set_menu_model (GTK_MENU_BUTTON (button), model);
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_tooltip_text (button, _ ("Avoid, Prefer or Copy From This Source"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Avoid, Prefer or Copy From This Source"), -1);
  return button;
}

static void
add_row (LacunaInspector *self, GtkWidget *list, guint i)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);

  self->thumbnails[i] = gtk_picture_new ();
  gtk_widget_set_size_request (self->thumbnails[i], THUMBNAIL, THUMBNAIL);
  gtk_picture_set_alternative_text (GTK_PICTURE (self->thumbnails[i]), _ ("Source patch"));
  self->labels[i] = gtk_label_new (NULL);
  gtk_label_set_xalign (GTK_LABEL (self->labels[i]), 0);
  gtk_widget_set_hexpand (self->labels[i], TRUE);
  gtk_label_set_wrap (GTK_LABEL (self->labels[i]), TRUE);
  gtk_widget_add_css_class (self->labels[i], "numeric");
  self->menus[i] = make_menu (i);
  gtk_box_append (GTK_BOX (box), self->thumbnails[i]);
  gtk_box_append (GTK_BOX (box), self->labels[i]);
  gtk_box_append (GTK_BOX (box), self->menus[i]);
  gtk_widget_set_margin_start (box, 6);
  gtk_widget_set_margin_top (box, 6);
  gtk_widget_set_margin_bottom (box, 6);
  self->rows[i] = gtk_list_box_row_new ();
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (self->rows[i]), box);
  gtk_list_box_append (GTK_LIST_BOX (list), self->rows[i]);
  follow_row (self, self->rows[i]);
}

static GdkTexture *
make_ramp (void)
{
  guint8 *rgb = g_malloc (3 * RAMP * RAMP_HEIGHT);
  g_autoptr (GBytes) bytes = g_bytes_new_take (rgb, 3 * RAMP * RAMP_HEIGHT);

  for (int i = 0; i < RAMP * RAMP_HEIGHT; i++)
    lacuna_attention_texture_get_trust_color ((double) (i % RAMP) / (RAMP - 1), rgb + 3 * i);
  return gdk_memory_texture_new (RAMP, RAMP_HEIGHT, GDK_MEMORY_R8G8B8, bytes, 3 * RAMP);
}

static void
lacuna_inspector_dispose (GObject *object)
{
  LacunaInspector *self = LACUNA_INSPECTOR (object);

  g_clear_object (&self->explanation);
  g_clear_pointer (&self->picture, lacuna_pyramid_unref);
  G_OBJECT_CLASS (lacuna_inspector_parent_class)->dispose (object);
}

static void
lacuna_inspector_class_init (LacunaInspectorClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = lacuna_inspector_dispose;
  g_type_ensure (LACUNA_TYPE_STEPS_VIEW);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/lacuna/view/inspector.ui");
  gtk_widget_class_bind_template_child (widget_class, LacunaInspector, window);
  gtk_widget_class_bind_template_child (widget_class, LacunaInspector, stack);
  gtk_widget_class_bind_template_child (widget_class, LacunaInspector, steps);
  gtk_widget_class_bind_template_child (widget_class, LacunaInspector, copies_hint);
  gtk_widget_class_bind_template_child (widget_class, LacunaInspector, copies);
  gtk_widget_class_bind_template_child (widget_class, LacunaInspector, hint);
  gtk_widget_class_bind_template_child (widget_class, LacunaInspector, sources);
  gtk_widget_class_bind_template_child (widget_class, LacunaInspector, rest);
  gtk_widget_class_bind_template_child (widget_class, LacunaInspector, wheel);
  gtk_widget_class_bind_template_child (widget_class, LacunaInspector, ramp);
  gtk_widget_class_bind_template_child (widget_class, LacunaInspector, doubtful);
  gtk_widget_class_bind_template_child (widget_class, LacunaInspector, advice);
  gtk_widget_class_bind_template_child (widget_class, LacunaInspector, report_box);
  gtk_widget_class_bind_template_child (widget_class, LacunaInspector, report);
  gtk_widget_class_bind_template_child (widget_class, LacunaInspector, opacity_adjustment);
}

static void
lacuna_inspector_init (LacunaInspector *self)
{
  g_autoptr (GdkTexture) wheel = lacuna_attention_texture_new_wheel (WHEEL), ramp = make_ramp ();

  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_image_set_from_paintable (GTK_IMAGE (self->wheel), GDK_PAINTABLE (wheel));
  gtk_picture_set_paintable (GTK_PICTURE (self->ramp), GDK_PAINTABLE (ramp));
  for (guint i = 0; i < LACUNA_EXPLANATION_N_PLACES; i++)
    add_row (self, i < LACUNA_EXPLANATION_N_COPIES ? self->copies : self->sources, i);
  follow_list (self, self->copies);
  follow_list (self, self->sources);
}
