/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/window/window-private.h"

#include <glib/gi18n.h>

#include "app/services/pasted.h"

/* The open document, and what of the window shows it. The actions follow "notify::document". */

LacunaDocument *
lacuna_window_get_document (LacunaWindow *self)
{
  return self->document;
}

void
lacuna_window_update_title (LacunaWindow *self)
{
  g_autofree char *title = NULL;

  if (self->document != NULL)
    title = g_strconcat (lacuna_document_get_modified (self->document) ? "• " : "",
                         lacuna_document_get_title (self->document), NULL);
  gtk_window_set_title (GTK_WINDOW (self), title != NULL ? title : "Lacuna");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  gtk_window_get_title (GTK_WINDOW (self)), -1);
}

static void
show_failure (LacunaWindow *self, const GError *error)
{
  lacuna_window_complain (self, _ ("That Did Not Work"), error);
}

/* Ends all that follows the document, and removes what was kept of it. */
static void
close_document (LacunaWindow *self)
{
  const char *path = lacuna_photo_get_path (lacuna_document_get_original (self->document));

  g_signal_handlers_disconnect_by_data (self->document, self);
  lacuna_document_close (self->document);
  if (path != NULL)
    lacuna_pasted_remove (path);
  g_clear_object (&self->document);
}

void
lacuna_window_set_document (LacunaWindow *self, LacunaDocument *document)
{
  if (self->document != NULL)
    close_document (self);
  self->document = document;
  if (document != NULL)
    {
      g_signal_connect_swapped (document, "notify::title", G_CALLBACK (lacuna_window_update_title), self);
      g_signal_connect_swapped (document, "notify::modified", G_CALLBACK (lacuna_window_update_title), self);
      g_signal_connect_swapped (document, "failed", G_CALLBACK (show_failure), self);
      adw_view_stack_set_visible_child_name (self->pages, "fill");
    }
  lacuna_lesson_bar_set_document (self->lesson_bar, document);
  lacuna_fill_view_set_document (self->fill_view, document);
  gtk_stack_set_visible_child_name (self->fill_stack, document != NULL ? "photo" : "start");
  if (document != NULL)
    lacuna_fill_view_focus (self->fill_view);
  lacuna_window_update_title (self);
  g_object_notify (G_OBJECT (self), "document");
}
