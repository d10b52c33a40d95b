/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Several photos that are worked on together, one of which is open: opens them, steps through them, and marks or
 * fills all. The filmstrip has them or is empty: to open a photo that is none of them lets all go. list_in_thread()
 * runs in a GTask's thread; all else runs in the main loop. */
#include "app/window/window-private.h"

#include <glib/gi18n.h>

#include "app/document/photo-list.h"
#include "app/services/chooser.h"
#include "app/window/queue-dialog.h"

static void
list_in_thread (GTask *task, gpointer source, gpointer paths, GCancellable *cancellable)
{
  GError *error = NULL;
  GPtrArray *photos = lacuna_photo_list_new (paths, &error);

  if (photos != NULL)
    g_task_return_pointer (task, photos, (GDestroyNotify) g_ptr_array_unref);
  else
    g_task_return_error (task, error);
}

static void
listed (GObject *source, GAsyncResult *result, gpointer data)
{
  LacunaWindow *self = LACUNA_WINDOW (source);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) photos = g_task_propagate_pointer (G_TASK (result), &error);

  /* The window was closed meanwhile. */
  if (self->settings == NULL)
    return;
  if (photos == NULL)
    {
      lacuna_window_complain (self, _ ("The Photos Could Not Be Opened"), error);
      return;
    }
  /* A lesson was begun meanwhile. */
  if (lacuna_window_ask_about_lesson (self, NULL, NULL))
    return;
  lacuna_filmstrip_set_photos (self->filmstrip, photos->len > 1 ? photos : NULL);
  lacuna_window_open (self, photos->pdata[0], NULL);
}

void
lacuna_window_open_several (LacunaWindow *self, const char *const *paths)
{
  g_autoptr (GTask) task = g_task_new (self, NULL, listed, NULL);

  g_task_set_task_data (task, g_strdupv ((char **) paths), (GDestroyNotify) g_strfreev);
  g_task_run_in_thread (task, list_in_thread);
}

static void
folder_chosen (GtkNativeDialog *dialog, int response, gpointer data)
{
  if (response == GTK_RESPONSE_ACCEPT)
    {
      g_autoptr (GFile) file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog));

      lacuna_window_open_files (data, &file, 1);
    }
  g_object_unref (dialog);
}

static void
activate_open_folder (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  lacuna_chooser_open (GTK_WINDOW (data), _ ("Open Folder of Photos"), GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER,
                       _ ("Photos"), NULL, G_CALLBACK (folder_chosen), data);
}

static void
activate_next_photo (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  lacuna_filmstrip_step (LACUNA_WINDOW (data)->filmstrip, 1);
}

static void
activate_previous_photo (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  lacuna_filmstrip_step (LACUNA_WINDOW (data)->filmstrip, -1);
}

/* The queue is done with a photo. */
static void
photo_left (LacunaWindow *self, const char *path)
{
  if (self->settings != NULL)
    lacuna_filmstrip_refresh (self->filmstrip, path);
}

static LacunaQueueDialog *
make_dialog (LacunaWindow *self)
{
  g_autoptr (GPtrArray) photos = lacuna_filmstrip_list_photos (self->filmstrip);
  g_autoptr (LacunaQueue) queue = lacuna_queue_new (photos, self->document);
  LacunaQueueDialog *dialog = lacuna_queue_dialog_new (GTK_WINDOW (self), self->services, queue);

  g_signal_connect_object (queue, "left", G_CALLBACK (photo_left), self, G_CONNECT_SWAPPED);
  g_set_weak_pointer (&self->queue_dialog, GTK_WINDOW (dialog));
  return dialog;
}

static void
activate_use_mask_for_all (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  LacunaWindow *self = data;
  g_autoptr (LacunaMask) mask = lacuna_raster_to_mask (lacuna_document_get_raster (self->document));
  LacunaQueueDialog *dialog;

  if (mask == NULL)
    {
      lacuna_window_toast (self, self->document, "%s", _ ("The mask was not used for want of memory"));
      return;
    }
  dialog = make_dialog (self);
  lacuna_queue_dialog_mark (dialog, mask);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
activate_fill_all (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  LacunaWindow *self = data;
  LacunaQueueDialog *dialog = make_dialog (self);

  lacuna_queue_dialog_fill (dialog, lacuna_filmstrip_count (self->filmstrip, LACUNA_SESSION_MARKED),
                            lacuna_filmstrip_count (self->filmstrip, LACUNA_SESSION_FILLED));
  gtk_window_present (GTK_WINDOW (dialog));
}

gboolean
lacuna_window_is_queue_open (LacunaWindow *self)
{
  return self->queue_dialog != NULL && gtk_widget_get_visible (GTK_WIDGET (self->queue_dialog));
}

/* Another photo of them was chosen. */
static void
open_chosen (LacunaWindow *self, const char *path)
{
  lacuna_window_open (self, path, NULL);
}

/* Selects the open photo in the strip; if it is none of those there, empties the strip. */
static void
follow_document (LacunaWindow *self)
{
  if (self->document == NULL)
    return;
  if (!lacuna_filmstrip_select (self->filmstrip, lacuna_document_get_path (self->document)))
    lacuna_filmstrip_set_photos (self->filmstrip, NULL);
  lacuna_window_update_films (self);
}

static void
enable (LacunaWindow *self, const char *name, gboolean enabled)
{
  g_simple_action_set_enabled (G_SIMPLE_ACTION (g_action_map_lookup_action (G_ACTION_MAP (self), name)), enabled);
}

void
lacuna_window_update_films (LacunaWindow *self)
{
  LacunaDocument *document = self->document;
  gboolean several = lacuna_filmstrip_get_n (self->filmstrip) > 1, busy = FALSE;
  gboolean has_device = lacuna_devices_get_error (lacuna_services_get_devices (self->services)) == NULL;

  if (document != NULL)
    {
      busy = lacuna_document_get_busy (document);
      lacuna_filmstrip_set_state (self->filmstrip, lacuna_document_get_path (document),
                                  lacuna_document_get_state (document));
    }
  enable (self, "next-photo", lacuna_filmstrip_can_step (self->filmstrip, 1));
  enable (self, "previous-photo", lacuna_filmstrip_can_step (self->filmstrip, -1));
  enable (self, "use-mask-for-all", several && document != NULL && !busy && lacuna_document_has_hole (document));
  enable (self, "fill-all",
          several && !busy && has_device
              && lacuna_filmstrip_count (self->filmstrip, LACUNA_SESSION_MARKED)
                         + lacuna_filmstrip_count (self->filmstrip, LACUNA_SESSION_FILLED)
                     > 0);
}

/* Shows the strip on the Fill page alone. */
static void
follow_page (LacunaWindow *self)
{
  gtk_widget_set_visible (GTK_WIDGET (self->filmstrip),
                          g_strcmp0 (adw_view_stack_get_visible_child_name (self->pages), "fill") == 0);
}

void
lacuna_window_init_films (LacunaWindow *self)
{
  static const GActionEntry entries[] = {
    { .name = "open-folder", .activate = activate_open_folder },
    { .name = "next-photo", .activate = activate_next_photo },
    { .name = "previous-photo", .activate = activate_previous_photo },
    { .name = "use-mask-for-all", .activate = activate_use_mask_for_all },
    { .name = "fill-all", .activate = activate_fill_all },
  };

  g_action_map_add_action_entries (G_ACTION_MAP (self), entries, G_N_ELEMENTS (entries), self);
  g_signal_connect (self, "notify::document", G_CALLBACK (follow_document), NULL);
  g_signal_connect_swapped (self->pages, "notify::visible-child", G_CALLBACK (follow_page), self);
  g_signal_connect_swapped (self->filmstrip, "chosen", G_CALLBACK (open_chosen), self);
  g_signal_connect_swapped (self->filmstrip, "changed", G_CALLBACK (lacuna_window_update_films), self);
}
