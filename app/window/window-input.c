/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/window/window-private.h"

#include <glib/gi18n.h>

#include "app/services/pasted.h"

/* What comes in by dropping and pasting. */

static void
write_texture (GTask *task, gpointer source, gpointer texture, GCancellable *cancellable)
{
  GError *error = NULL;
  char *path = lacuna_pasted_write (texture, &error);

  if (path != NULL)
    g_task_return_pointer (task, path, g_free);
  else
    g_task_return_error (task, error);
}

static void
texture_written (GObject *source, GAsyncResult *result, gpointer data)
{
  LacunaWindow *self = g_task_get_source_object (G_TASK (result));
  g_autoptr (GError) error = NULL;
  g_autofree char *path = g_task_propagate_pointer (G_TASK (result), &error);

  if (path != NULL)
    lacuna_window_open (self, path, NULL);
  else
    lacuna_window_complain (self, _ ("The Photo Could Not Be Pasted"), error);
}

static void
open_texture (LacunaWindow *self, GdkTexture *texture)
{
  g_autoptr (GTask) task = g_task_new (self, NULL, texture_written, NULL);

  g_task_set_task_data (task, g_object_ref (texture), g_object_unref);
  g_task_run_in_thread (task, write_texture);
}

static gboolean
open_value (LacunaWindow *self, const GValue *value)
{
  if (G_VALUE_HOLDS (value, GDK_TYPE_FILE_LIST))
    {
      g_autoptr (GPtrArray) files = g_ptr_array_new ();

      for (GSList *file = g_value_get_boxed (value); file != NULL; file = file->next)
        g_ptr_array_add (files, file->data);
      if (files->len == 0)
        return FALSE;
      lacuna_window_open_files (self, (GFile **) files->pdata, (int) files->len);
      return TRUE;
    }
  if (G_VALUE_HOLDS (value, GDK_TYPE_TEXTURE))
    {
      /* Nothing can bring what was dropped again, but that it is dropped again. */
      if (!lacuna_window_ask_about_lesson (self, NULL, NULL))
        open_texture (self, g_value_get_object (value));
      return TRUE;
    }
  return FALSE;
}

static gboolean
dropped (GtkDropTarget *target, const GValue *value, double x, double y, gpointer data)
{
  return open_value (data, value);
}

static void
pasted (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (LacunaWindow) self = data;
  g_autoptr (GError) error = NULL;
  const GValue *value = gdk_clipboard_read_value_finish (GDK_CLIPBOARD (source), result, &error);

  if (value == NULL || !open_value (self, value))
    lacuna_window_toast (self, NULL, "%s", _ ("The photo in the clipboard can’t be read"));
}

void
lacuna_window_paste (LacunaWindow *self)
{
  GdkClipboard *clipboard = gtk_widget_get_clipboard (GTK_WIDGET (self));
  GdkContentFormats *formats = gdk_clipboard_get_formats (clipboard);
  GType type = G_TYPE_INVALID;

  /* A copied file also offers its icon as an image: the file goes first. */
  if (gdk_content_formats_contain_gtype (formats, GDK_TYPE_FILE_LIST)
      || gdk_content_formats_contain_mime_type (formats, "text/uri-list"))
    type = GDK_TYPE_FILE_LIST;
  else
    {
      g_autoptr (GdkContentFormats) readable
          = gdk_content_formats_union_deserialize_gtypes (gdk_content_formats_ref (formats));

      if (gdk_content_formats_contain_gtype (readable, GDK_TYPE_TEXTURE))
        type = GDK_TYPE_TEXTURE;
    }
  if (type == G_TYPE_INVALID)
    lacuna_window_toast (self, NULL, "%s", _ ("There is no photo in the clipboard"));
  else if (!lacuna_window_ask_about_lesson (self, "win.paste", NULL))
    gdk_clipboard_read_value_async (clipboard, type, G_PRIORITY_DEFAULT, NULL, pasted, g_object_ref (self));
}

void
lacuna_window_init_input (LacunaWindow *self)
{
  GtkDropTarget *target = gtk_drop_target_new (G_TYPE_INVALID, GDK_ACTION_COPY);
  GType types[] = { GDK_TYPE_FILE_LIST, GDK_TYPE_TEXTURE };

  gtk_drop_target_set_gtypes (target, types, G_N_ELEMENTS (types));
  g_signal_connect (target, "drop", G_CALLBACK (dropped), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (target));
}
