/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The keys of the window, and where the focus goes. A click leaves the focus on the photo, and a focus that is lost
 * comes back to it, so that keys go to the photo after any click; a key that is held counts as let go once the
 * window is no longer active. All of it runs in the main loop. */
#include "app/window/window-private.h"

/* Whether the photo is in sight and no dialog or menu over it has the focus. */
static gboolean
is_photo_shown (LacunaWindow *self)
{
  GtkWidget *focus = gtk_window_get_focus (GTK_WINDOW (self));

  return self->document != NULL && g_strcmp0 (adw_view_stack_get_visible_child_name (self->pages), "fill") == 0
         && g_strcmp0 (gtk_stack_get_visible_child_name (self->fill_stack), "photo") == 0
         && (focus == NULL || gtk_widget_get_native (focus) == GTK_NATIVE (self));
}

/* Whether the focus is where the space bar has its own meaning: in text, or on a control that was gone to by keys. */
static gboolean
takes_space (LacunaWindow *self)
{
  GtkWidget *focus = gtk_window_get_focus (GTK_WINDOW (self));

  if (focus == NULL || lacuna_fill_view_is_canvas (self->fill_view, focus))
    return FALSE;
  return GTK_IS_EDITABLE (focus) || gtk_window_get_focus_visible (GTK_WINDOW (self));
}

static gboolean
on_key_pressed (GtkEventControllerKey *controller, guint key, guint code, GdkModifierType state, gpointer data)
{
  LacunaWindow *self = data;
  GtkWidget *focus = gtk_window_get_focus (GTK_WINDOW (self));

  /* The application's keys come before those of the widget that has the focus, unless it is a text. */
  if ((state & GDK_CONTROL_MASK) && GTK_IS_EDITABLE (focus))
    return gtk_event_controller_key_forward (controller, focus);
  if ((state & (GDK_CONTROL_MASK | GDK_ALT_MASK | GDK_SUPER_MASK)) || !is_photo_shown (self))
    return FALSE;
  if (key == GDK_KEY_space && !takes_space (self))
    lacuna_fill_view_hold_pan (self->fill_view, TRUE);
  else if (key == GDK_KEY_backslash && !GTK_IS_EDITABLE (focus))
    lacuna_fill_view_hold_original (self->fill_view, TRUE);
  else
    return FALSE;
  return TRUE;
}

static void
on_key_released (GtkEventControllerKey *controller, guint key, guint code, GdkModifierType state, gpointer data)
{
  LacunaWindow *self = data;

  if (key == GDK_KEY_space)
    lacuna_fill_view_hold_pan (self->fill_view, FALSE);
  else if (key == GDK_KEY_backslash)
    lacuna_fill_view_hold_original (self->fill_view, FALSE);
}

/* Lets go of held keys, as their release may go to another window. */
static void
on_active (LacunaWindow *self)
{
  lacuna_fill_view_hold_pan (self->fill_view, FALSE);
  lacuna_fill_view_hold_original (self->fill_view, FALSE);
}

/* Whether no sensitive widget has the focus, or a slider has it from a click, which sliders take even if told not
 * to. */
static gboolean
is_focus_lost (LacunaWindow *self)
{
  GtkWidget *focus = gtk_window_get_focus (GTK_WINDOW (self));

  return focus == NULL || !gtk_widget_is_sensitive (focus)
         || (GTK_IS_RANGE (focus) && !gtk_window_get_focus_visible (GTK_WINDOW (self)));
}

static gboolean
focus_photo (gpointer data)
{
  LacunaWindow *self = data;

  self->refocus = 0;
  if (is_photo_shown (self) && is_focus_lost (self))
    lacuna_fill_view_focus (self->fill_view);
  return G_SOURCE_REMOVE;
}

void
lacuna_window_check_focus (LacunaWindow *self)
{
  if (self->refocus == 0 && self->document != NULL && is_focus_lost (self))
    self->refocus = g_idle_add (focus_photo, self);
}

/* A text that gets the focus back with its page is not selected: the next key would replace it. */
static void
unselect (LacunaWindow *self)
{
  GtkWidget *focus = gtk_window_get_focus (GTK_WINDOW (self));

  if (GTK_IS_EDITABLE (focus))
    gtk_editable_set_position (GTK_EDITABLE (focus), -1);
}

static void
leave_focus (GtkWidget *widget)
{
  if (GTK_IS_POPOVER (widget))
    return;
  gtk_widget_set_focus_on_click (widget, FALSE);
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    leave_focus (child);
}

/* The parts of the window that F6 goes through, in order. */
static GPtrArray *
list_regions (LacunaWindow *self)
{
  GPtrArray *regions = g_ptr_array_new ();

  g_ptr_array_add (regions, self->header);
  if (is_photo_shown (self))
    lacuna_fill_view_list_regions (self->fill_view, regions);
  else
    g_ptr_array_add (regions, adw_view_stack_get_visible_child (self->pages));
  g_ptr_array_add (regions, self->filmstrip);
  g_ptr_array_add (regions, self->switcher_bar);
  return regions;
}

static gboolean
change_region (GtkWidget *widget, GVariant *forward, gpointer data)
{
  LacunaWindow *self = LACUNA_WINDOW (widget);
  GtkWidget *focus = gtk_window_get_focus (GTK_WINDOW (self));
  g_autoptr (GPtrArray) regions = list_regions (self);
  guint n = regions->len, step = g_variant_get_boolean (forward) ? 1 : n - 1, at = 0;

  for (guint i = 0; i < n; i++)
    if (focus != NULL && (focus == regions->pdata[i] || gtk_widget_is_ancestor (focus, regions->pdata[i])))
      at = i;
  for (guint i = 0; i < n; i++)
    {
      at = (at + step) % n;
      if (gtk_widget_is_visible (regions->pdata[at])
          && gtk_widget_child_focus (regions->pdata[at], GTK_DIR_TAB_FORWARD))
        {
          gtk_window_set_focus_visible (GTK_WINDOW (self), TRUE);
          return TRUE;
        }
    }
  return FALSE;
}

void
lacuna_window_bind_keys (GtkWidgetClass *klass)
{
  static const struct {
    guint key;
    const char *tool;
  } tools[] = {
    { GDK_KEY_s, "select" }, { GDK_KEY_b, "brush" },     { GDK_KEY_e, "eraser" },
    { GDK_KEY_l, "lasso" },  { GDK_KEY_r, "rectangle" }, { GDK_KEY_p, "polygon" },
    { GDK_KEY_a, "avoid" },  { GDK_KEY_f, "prefer" },    { GDK_KEY_i, "line" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (tools); i++)
    gtk_widget_class_add_binding_action (klass, tools[i].key, 0, "view.tool", "s", tools[i].tool);
  lacuna_fill_view_bind_keys (klass);
  gtk_widget_class_add_binding_action (klass, GDK_KEY_Escape, 0, "win.cancel-fill", NULL);
  gtk_widget_class_add_binding (klass, GDK_KEY_F6, 0, change_region, "b", TRUE);
  gtk_widget_class_add_binding (klass, GDK_KEY_F6, GDK_SHIFT_MASK, change_region, "b", FALSE);
}

void
lacuna_window_init_keys (LacunaWindow *self)
{
  GtkEventController *key = gtk_event_controller_key_new ();

  leave_focus (GTK_WIDGET (self->header));
  leave_focus (GTK_WIDGET (self->fill_view));
  leave_focus (GTK_WIDGET (self->filmstrip));
  gtk_event_controller_set_propagation_phase (key, GTK_PHASE_CAPTURE);
  g_signal_connect (key, "key-pressed", G_CALLBACK (on_key_pressed), self);
  g_signal_connect (key, "key-released", G_CALLBACK (on_key_released), self);
  gtk_widget_add_controller (GTK_WIDGET (self), key);
  g_signal_connect (self, "notify::is-active", G_CALLBACK (on_active), NULL);
  g_signal_connect (self, "notify::focus-widget", G_CALLBACK (lacuna_window_check_focus), NULL);
  g_signal_connect_swapped (self->pages, "notify::visible-child", G_CALLBACK (unselect), self);
}
