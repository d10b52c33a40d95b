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

/* The document that is being closed may outlive the window. */
typedef struct {
  LacunaServices *services;
  GWeakRef        window;
} Closing;

static void
closed (GObject *source, GAsyncResult *result, gpointer data)
{
  LacunaDocument *document = LACUNA_DOCUMENT (source);
  Closing *closing = data;
  g_autoptr (LacunaWindow) window = g_weak_ref_get (&closing->window);
  g_autoptr (GError) error = NULL;

  /* What was pasted is in its session now. */
  if (lacuna_document_close_finish (document, result, &error))
    lacuna_pasted_remove (lacuna_document_get_path (document));
  else if (window != NULL)
    lacuna_window_complain (window, _ ("What You Did Could Not Be Kept"), error);
  else
    g_warning ("%s", error->message);
  if (window != NULL && window->settings != NULL)
    {
      /* The start page is refreshed only if it is shown: looking takes time, which the next photo needs. */
      if (window->document == NULL)
        lacuna_start_page_refresh (window->start_page);
      lacuna_filmstrip_refresh (window->filmstrip, lacuna_document_get_path (document));
    }
  lacuna_services_release (closing->services);
  g_object_unref (closing->services);
  g_weak_ref_clear (&closing->window);
  g_free (closing);
}

static void
show_kept (LacunaWindow *self)
{
  lacuna_filmstrip_look (self->filmstrip, lacuna_document_get_path (self->document));
}

/* Ends all that follows the document, which stays as a session. */
static void
close_document (LacunaWindow *self)
{
  Closing *closing = g_new0 (Closing, 1);

  lacuna_window_drop_toast (self);
  lacuna_fill_view_conclude (self->fill_view);
  g_signal_handlers_disconnect_by_data (self->document, self);
  closing->services = g_object_ref (self->services);
  g_weak_ref_init (&closing->window, self);
  /* The application outlives its window until the session is written. */
  lacuna_services_hold (self->services);
  lacuna_document_close_async (self->document, closed, closing);
  g_clear_object (&self->document);
}

/* Whether the user is going through the pictures of the photos by keys. */
static gboolean
is_walking (LacunaWindow *self)
{
  GtkWidget *focus = gtk_window_get_focus (GTK_WINDOW (self));

  return focus != NULL && gtk_widget_is_ancestor (focus, GTK_WIDGET (self->filmstrip))
         && gtk_window_get_focus_visible (GTK_WINDOW (self));
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
      g_signal_connect_swapped (document, "kept", G_CALLBACK (show_kept), self);
      adw_view_stack_set_visible_child_name (self->pages, "fill");
    }
  lacuna_lesson_bar_set_document (self->lesson_bar, document);
  lacuna_fill_view_set_document (self->fill_view, document);
  gtk_stack_set_visible_child_name (self->fill_stack, document != NULL ? "photo" : "start");
  if (document != NULL && !is_walking (self))
    lacuna_fill_view_focus (self->fill_view);
  lacuna_window_update_title (self);
  g_object_notify (G_OBJECT (self), "document");
}
