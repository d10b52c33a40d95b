/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/view/attention/source-menu.h"
#include "app/view/canvas/navigation.h"
#include "app/view/fill-view-private.h"

/* What the window needs for its keys and the focus. */

void
lacuna_fill_view_bind_keys (GtkWidgetClass *klass)
{
  static const char *const panes[] = { "photo", "coarse", "refined", "attention" };
  static const struct {
    guint key;
    int n;
  } numbers[] = { { GDK_KEY_F5, 1 }, { GDK_KEY_F7, 2 }, { GDK_KEY_F8, 4 } };

  static const struct {
    guint key;
    const char *action;
  } sources[]
      = { { GDK_KEY_n, "view.source-not" }, { GDK_KEY_m, "view.source-more" }, { GDK_KEY_c, "view.source-copy" } };

  for (guint i = 0; i < G_N_ELEMENTS (panes); i++)
    gtk_widget_class_add_binding_action (klass, GDK_KEY_1 + i, 0, "view.show-pane", "s", panes[i]);
  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++)
    gtk_widget_class_add_binding_action (klass, numbers[i].key, 0, "view.panes", "i", numbers[i].n);
  /* The bar is bound with and without Shift, as some keyboards have it without. */
  gtk_widget_class_add_binding_action (klass, GDK_KEY_bar, 0, "view.compare", NULL);
  gtk_widget_class_add_binding_action (klass, GDK_KEY_bar, GDK_SHIFT_MASK, "view.compare", NULL);
  gtk_widget_class_add_binding_action (klass, GDK_KEY_bracketleft, 0, "view.brush-smaller", NULL);
  gtk_widget_class_add_binding_action (klass, GDK_KEY_bracketright, 0, "view.brush-larger", NULL);
  gtk_widget_class_add_binding_action (klass, GDK_KEY_comma, 0, "view.variant-previous", NULL);
  gtk_widget_class_add_binding_action (klass, GDK_KEY_period, 0, "view.variant-next", NULL);
  gtk_widget_class_add_binding_action (klass, GDK_KEY_S, GDK_SHIFT_MASK, "view.select-shadow", NULL);
  gtk_widget_class_add_binding_action (klass, GDK_KEY_R, GDK_SHIFT_MASK, "view.boxed", NULL);
  for (guint i = 0; i < G_N_ELEMENTS (sources); i++)
    gtk_widget_class_add_binding_action (klass, sources[i].key, 0, sources[i].action, "i", LACUNA_SOURCE_CHOSEN);
  gtk_widget_class_add_binding_action (klass, GDK_KEY_Left, GDK_ALT_MASK, "view.step-previous", NULL);
  gtk_widget_class_add_binding_action (klass, GDK_KEY_Right, GDK_ALT_MASK, "view.step-next", NULL);
  gtk_widget_class_add_binding_action (klass, GDK_KEY_greater, GDK_SHIFT_MASK, "view.mask-grow", NULL);
  gtk_widget_class_add_binding_action (klass, GDK_KEY_less, GDK_SHIFT_MASK, "view.mask-shrink", NULL);
}

gboolean
lacuna_fill_view_is_canvas (LacunaFillView *self, GtkWidget *widget)
{
  return LACUNA_IS_CANVAS (widget) && gtk_widget_is_ancestor (widget, self->grid);
}

void
lacuna_fill_view_list_regions (LacunaFillView *self, GPtrArray *regions)
{
  GtkWidget *parts[]
      = { self->tools, self->heading, self->grid, GTK_WIDGET (self->variants), self->inspector, self->bar };

  for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
    g_ptr_array_add (regions, parts[i]);
}

void
lacuna_fill_view_hold_pan (LacunaFillView *self, gboolean held)
{
  for (int pane = 0; pane < N_PANES; pane++)
    lacuna_navigation_hold (self->canvases[pane], held);
}

void
lacuna_fill_view_hold_original (LacunaFillView *self, gboolean held)
{
  if (self->original_held == held)
    return;
  self->original_held = held;
  lacuna_fill_view_show_pictures (self);
}
