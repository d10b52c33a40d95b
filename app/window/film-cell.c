/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/window/film-cell.h"

#include "app/window/film.h"

#define WIDTH 96
#define HEIGHT 64

/* A cell is an overlay of an empty space with a picture and an icon, which the item knows by name. */
#define PICTURE "lacuna-picture"
#define ICON "lacuna-icon"

static void
set_up (GtkSignalListItemFactory *factory, GtkListItem *item)
{
  GtkWidget *overlay = gtk_overlay_new (), *picture = gtk_picture_new (), *icon = gtk_image_new ();

  gtk_picture_set_content_fit (GTK_PICTURE (picture), GTK_CONTENT_FIT_COVER);
  gtk_widget_set_overflow (picture, GTK_OVERFLOW_HIDDEN);
  gtk_widget_set_halign (icon, GTK_ALIGN_END);
  gtk_widget_set_valign (icon, GTK_ALIGN_END);
  gtk_widget_add_css_class (icon, "osd");
  /* What lies over does not count: the texture is larger, for sharp screens. */
  gtk_overlay_add_overlay (GTK_OVERLAY (overlay), picture);
  gtk_overlay_add_overlay (GTK_OVERLAY (overlay), icon);
  gtk_widget_set_size_request (overlay, WIDTH, HEIGHT);
  gtk_widget_add_css_class (overlay, "film");
  g_object_set_data (G_OBJECT (item), PICTURE, picture);
  g_object_set_data (G_OBJECT (item), ICON, icon);
  gtk_list_item_set_child (item, overlay);
}

static void
show (GtkListItem *item)
{
  LacunaFilm *film = gtk_list_item_get_item (item);
  GtkWidget *cell = gtk_list_item_get_child (item);
  GtkPicture *picture = g_object_get_data (G_OBJECT (item), PICTURE);
  GtkWidget *icon = g_object_get_data (G_OBJECT (item), ICON), *row = gtk_widget_get_parent (cell);
  g_autofree char *description = lacuna_film_describe (film);

  gtk_picture_set_paintable (picture, GDK_PAINTABLE (lacuna_film_get_picture (film)));
  gtk_image_set_from_icon_name (GTK_IMAGE (icon), lacuna_film_get_icon (film));
  gtk_widget_set_visible (icon, lacuna_film_get_icon (film) != NULL);
  gtk_accessible_update_property (GTK_ACCESSIBLE (icon), GTK_ACCESSIBLE_PROPERTY_LABEL, lacuna_film_get_words (film),
                                  -1);
  gtk_widget_set_tooltip_text (cell, description);
  /* What takes the focus is what GTK made around it; a click leaves the focus where it is. */
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, description, -1);
  gtk_widget_set_focus_on_click (row, FALSE);
}

static void
bind (GtkSignalListItemFactory *factory, GtkListItem *item)
{
  g_signal_connect_swapped (gtk_list_item_get_item (item), "changed", G_CALLBACK (show), item);
  show (item);
}

static void
unbind (GtkSignalListItemFactory *factory, GtkListItem *item)
{
  g_signal_handlers_disconnect_by_func (gtk_list_item_get_item (item), show, item);
}

GtkListItemFactory *
lacuna_film_cell_factory_new (void)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();

  g_signal_connect (factory, "setup", G_CALLBACK (set_up), NULL);
  g_signal_connect (factory, "bind", G_CALLBACK (bind), NULL);
  g_signal_connect (factory, "unbind", G_CALLBACK (unbind), NULL);
  return factory;
}
