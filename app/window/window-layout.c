/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/window/window-private.h"

#include <glib/gi18n.h>
#include <string.h>

/* What of the header bar fits the window's width, and what of the pages is in sight. */

/* The user's own side of the close button, without what else is beside it. */
static char *
keep_close (const char *layout)
{
  const char *end = strchr (layout, ':');
  const char *close = strstr (layout, "close");

  return g_strdup (close == NULL ? ":" : end != NULL && close < end ? "close:" : ":close");
}

static void
set_decoration (LacunaWindow *self, gboolean close_only)
{
  GtkSettings *settings = gtk_widget_get_settings (GTK_WIDGET (self));
  g_autofree char *layout = NULL, *kept = NULL;

  g_object_get (settings, "gtk-decoration-layout", &layout, NULL);
  if (close_only && layout != NULL)
    kept = keep_close (layout);
  adw_header_bar_set_decoration_layout (self->header, kept);
}

/* Names the buttons within a split button: these take the focus, and don't take their names from their contents. In newer
 * GTK a button that shows an icon is labelled still by the label that it had before. */
static void
name_split_button (AdwSplitButton *button, const char *name, const char *menu_name)
{
  GtkWidget *child = gtk_widget_get_first_child (GTK_WIDGET (button));

  gtk_accessible_reset_relation (GTK_ACCESSIBLE (child), GTK_ACCESSIBLE_RELATION_LABELLED_BY);
  gtk_accessible_update_property (GTK_ACCESSIBLE (child), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  for (; child != NULL; child = gtk_widget_get_next_sibling (child))
    if (GTK_IS_MENU_BUTTON (child))
      gtk_accessible_update_property (GTK_ACCESSIBLE (child), GTK_ACCESSIBLE_PROPERTY_LABEL, menu_name, -1);
}

static void
set_labels (LacunaWindow *self, gboolean words)
{
  if (words)
    {
      adw_split_button_set_label (self->open_button, _ ("Open"));
      adw_split_button_set_label (self->save_button, _ ("Save"));
    }
  else
    {
      adw_split_button_set_icon_name (self->open_button, "document-open-symbolic");
      adw_split_button_set_icon_name (self->save_button, "document-save-symbolic");
    }
  name_split_button (self->open_button, _ ("Open"), _ ("Recent Photos"));
  name_split_button (self->save_button, _ ("Save"), _ ("Ways to Save"));
}

static void
apply (LacunaWindow *self, LacunaWindowLayout layout)
{
  gboolean narrow = layout == LACUNA_WINDOW_NARROW;

  if (self->layout == layout)
    return;
  self->layout = layout;
  set_decoration (self, narrow);
  set_labels (self, layout == LACUNA_WINDOW_WIDE);
  adw_view_switcher_set_policy (self->switcher, layout == LACUNA_WINDOW_WIDE ? ADW_VIEW_SWITCHER_POLICY_WIDE
                                                                             : ADW_VIEW_SWITCHER_POLICY_NARROW);
  /* The photo's name is above the photo. */
  gtk_widget_set_visible (GTK_WIDGET (self->switcher), !narrow);
  adw_view_switcher_bar_set_reveal (self->switcher_bar, narrow);
}

/* The width that the header bar needs in the layout that was applied. */
static int
measure (LacunaWindow *self)
{
  int width;

  gtk_widget_measure (GTK_WIDGET (self->header), GTK_ORIENTATION_HORIZONTAL, -1, &width, NULL, NULL, NULL);
  return width;
}

/* The widest that fits. What one needs is known once it was applied; it depends on language, font and title buttons. */
void
lacuna_window_lay_out (LacunaWindow *self, int width)
{
  LacunaWindowLayout layout;

  for (layout = LACUNA_WINDOW_WIDE; layout < LACUNA_WINDOW_NARROW; layout++)
    {
      if (self->least[layout] > width)
        continue;
      apply (self, layout);
      self->least[layout] = measure (self);
      if (self->least[layout] <= width)
        return;
    }
  apply (self, LACUNA_WINDOW_NARROW);
}

static gboolean
follow_size (gpointer data)
{
  LacunaWindow *self = data;

  self->relayout = 0;
  lacuna_window_lay_out (self, self->width);
  lacuna_fill_view_lay_out (self->fill_view, self->width, self->height);
  lacuna_lesson_bar_lay_out (self->lesson_bar, self->width);
  lacuna_filmstrip_lay_out (self->filmstrip, self->width);
  return G_SOURCE_REMOVE;
}

void
lacuna_window_follow_size (LacunaWindow *self, int width, int height)
{
  self->width = width;
  self->height = height;
  /* Nothing may change its size while sizes are given out. */
  if (self->relayout == 0)
    self->relayout = g_idle_add_full (G_PRIORITY_HIGH_IDLE, follow_size, self, NULL);
}

/* Hides what is in a page as long as it is not shown: with each change of the window's state, as when it loses the focus,
 * GTK gives all that is not hidden its style anew. */
static void
follow_page (AdwBin *page)
{
  gtk_widget_set_visible (adw_bin_get_child (page), gtk_widget_get_mapped (GTK_WIDGET (page)));
}

/* The font, its size, or the title's buttons were changed. */
static void
forget_widths (LacunaWindow *self)
{
  memset (self->least, 0, sizeof self->least);
  self->layout = LACUNA_WINDOW_UNKNOWN;
  if (self->relayout == 0)
    self->relayout = g_idle_add_full (G_PRIORITY_HIGH_IDLE, follow_size, self, NULL);
}

void
lacuna_window_init_layout (LacunaWindow *self)
{
  static const char *const names[]
      = { "notify::gtk-decoration-layout", "notify::gtk-font-name", "notify::gtk-xft-dpi" };
  GtkSettings *settings = gtk_widget_get_settings (GTK_WIDGET (self));
  gpointer pages[] = { self->start_page, self->training_page, self->models_page };

  self->layout = LACUNA_WINDOW_UNKNOWN;
  for (guint i = 0; i < G_N_ELEMENTS (pages); i++)
    {
      g_signal_connect (pages[i], "map", G_CALLBACK (follow_page), NULL);
      g_signal_connect (pages[i], "unmap", G_CALLBACK (follow_page), NULL);
      follow_page (pages[i]);
    }
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    g_signal_connect_object (settings, names[i], G_CALLBACK (forget_widths), self, G_CONNECT_SWAPPED);
}
