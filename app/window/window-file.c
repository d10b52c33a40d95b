/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Opens photos, projects and sessions in the window. One opening is under way at most: to begin another one cancels
 * it, and opened() then changes nothing. All of it runs in the main loop; app/document/document-file.c reads the
 * files in a thread. */
#include "app/window/window-private.h"

#include <glib/gi18n.h>

#include "app/services/chooser.h"

/* Adds a photo to the desktop's recent files. One of several is not added, so that it doesn't push out photos that
 * were opened by themselves. */
static void
remember (LacunaWindow *self, const char *path)
{
  g_autofree char *uri = g_filename_to_uri (path, NULL, NULL);

  if (uri != NULL && lacuna_filmstrip_get_n (self->filmstrip) < 2)
    gtk_recent_manager_add_item (gtk_recent_manager_get_default (), uri);
}

/* Says what of the file is not in the photo, and what became of earlier work on it. */
static void
tell_notes (LacunaWindow *self)
{
  const char *note = lacuna_photo_get_note (lacuna_document_get_original (self->document));

  if (note != NULL)
    lacuna_window_toast (self, self->document, "%s", note);
  if (lacuna_document_get_note (self->document) != NULL)
    lacuna_window_toast (self, self->document, "%s", lacuna_document_get_note (self->document));
}

/* Makes a fill anew that was under way when the photo was closed; where there is no device, it waits for one. */
static void
finish_fill (LacunaWindow *self)
{
  if (!lacuna_document_get_unfinished (self->document)
      || !g_action_group_get_action_enabled (G_ACTION_GROUP (self), "fill"))
    return;
  lacuna_window_toast (self, self->document, "%s", _ ("The fill that was under way is made anew"));
  gtk_widget_activate_action (GTK_WIDGET (self), "win.fill", NULL);
}

static void
opened (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (LacunaWindow) self = data;
  g_autoptr (GError) error = NULL;
  LacunaDocument *document = lacuna_document_open_finish (result, &error);
  gboolean can_undo, can_redo;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  g_clear_object (&self->opening);
  gtk_widget_set_cursor (GTK_WIDGET (self), NULL);
  if (document == NULL)
    {
      /* If one of several photos can't be opened, none is shown, rather than one that is not the chosen one. */
      if (self->document != NULL && lacuna_filmstrip_get_n (self->filmstrip) > 1)
        lacuna_window_set_document (self, NULL);
      gtk_stack_set_visible_child_name (self->fill_stack, self->document != NULL ? "photo" : "start");
      lacuna_start_page_refresh (self->start_page);
      lacuna_window_complain (self, _ ("The Photo Could Not Be Opened"), error);
      return;
    }
  lacuna_window_set_document (self, document);
  tell_notes (self);
  g_object_get (document, "can-undo", &can_undo, "can-redo", &can_redo, NULL);
  if (self->next_mask == NULL)
    remember (self, lacuna_document_get_path (document));
  else if (!can_undo && !can_redo)
    lacuna_window_import_mask (self, self->next_mask);
  finish_fill (self);
}

static void
end_opening (LacunaWindow *self)
{
  g_cancellable_cancel (self->opening);
  g_clear_object (&self->opening);
  gtk_widget_set_cursor (GTK_WIDGET (self), NULL);
}

static GCancellable *
begin_opening (LacunaWindow *self)
{
  end_opening (self);
  self->opening = g_cancellable_new ();
  gtk_widget_set_cursor_from_name (GTK_WIDGET (self), "progress");
  if (self->document == NULL)
    gtk_stack_set_visible_child_name (self->fill_stack, "opening");
  return self->opening;
}

/* Asks, if the photo is being learnt, whether to stop that and to open these. */
static gboolean
ask_about_lesson (LacunaWindow *self, const char *const *paths)
{
  GVariantBuilder uris;

  g_variant_builder_init (&uris, G_VARIANT_TYPE_STRING_ARRAY);
  for (; *paths != NULL; paths++)
    {
      g_autoptr (GFile) file = g_file_new_for_path (*paths);

      g_variant_builder_add_value (&uris, g_variant_new_take_string (g_file_get_uri (file)));
    }
  return lacuna_window_ask_about_lesson (self, "win.open-files", g_variant_builder_end (&uris));
}

void
lacuna_window_open (LacunaWindow *self, const char *path, const char *mask)
{
  if (self->document != NULL && lacuna_document_is_of (self->document, path))
    {
      end_opening (self);
      adw_view_stack_set_visible_child_name (self->pages, "fill");
      return;
    }
  if (mask != NULL ? lacuna_window_ask_about_lesson (self, "win.open-sample", g_variant_new ("(ss)", path, mask))
                   : ask_about_lesson (self, (const char *[]){ path, NULL }))
    return;
  g_free (self->next_mask);
  self->next_mask = g_strdup (mask);
  lacuna_document_open_async (path, begin_opening (self), opened, g_object_ref (self));
}

void
lacuna_window_open_session (LacunaWindow *self, const char *id)
{
  g_autofree char *path = lacuna_session_get_path (id);

  if (lacuna_window_ask_about_lesson (self, "win.open-session", g_variant_new_string (id)))
    return;
  g_clear_pointer (&self->next_mask, g_free);
  lacuna_document_open_session_async (path, begin_opening (self), opened, g_object_ref (self));
}

/* Returns the path of a file; NULL: it is not on this computer, which was said. */
static char *
get_path (LacunaWindow *self, GFile *file)
{
  char *path = g_file_get_path (file);
  g_autofree char *name = g_file_get_basename (file), *shown = g_filename_display_name (name);
  g_autoptr (GError) error = NULL;

  if (path != NULL)
    return path;
  error = g_error_new (LACUNA_ERROR, LACUNA_ERROR_FILE,
                       _ ("%s is not on this computer. Copy it to a folder here, then open it."), shown);
  lacuna_window_complain (self, _ ("The Photo Could Not Be Opened"), error);
  return NULL;
}

void
lacuna_window_open_files (LacunaWindow *self, GFile **files, int n_files)
{
  g_autoptr (GPtrArray) paths = g_ptr_array_new_with_free_func (g_free);

  if (n_files == 0)
    return;
  if (lacuna_window_is_queue_open (self))
    {
      lacuna_window_toast (self, NULL, "%s", _ ("Nothing is opened while photos are being filled"));
      return;
    }
  for (int i = 0; i < n_files; i++)
    {
      char *path = get_path (self, files[i]);

      if (path == NULL)
        return;
      g_ptr_array_add (paths, path);
    }
  g_ptr_array_add (paths, NULL);
  if (n_files <= 1 && !g_file_test (paths->pdata[0], G_FILE_TEST_IS_DIR))
    lacuna_window_open (self, paths->pdata[0], NULL);
  else if (!ask_about_lesson (self, (const char *const *) paths->pdata))
    lacuna_window_open_several (self, (const char *const *) paths->pdata);
}

static void
photos_chosen (GtkNativeDialog *dialog, int response, gpointer data)
{
  if (response == GTK_RESPONSE_ACCEPT)
    {
      g_autoptr (GListModel) chosen = gtk_file_chooser_get_files (GTK_FILE_CHOOSER (dialog));
      g_autoptr (GPtrArray) files = g_ptr_array_new_with_free_func (g_object_unref);

      for (guint i = 0; i < g_list_model_get_n_items (chosen); i++)
        g_ptr_array_add (files, g_list_model_get_item (chosen, i));
      lacuna_window_open_files (data, (GFile **) files->pdata, files->len);
    }
  g_object_unref (dialog);
}

void
lacuna_window_ask_open (LacunaWindow *self)
{
  GtkFileChooser *dialog = lacuna_chooser_open (GTK_WINDOW (self), _ ("Open Photos"), GTK_FILE_CHOOSER_ACTION_OPEN,
                                                _ ("Photos"), NULL, G_CALLBACK (photos_chosen), self);
  g_autoptr (GtkFileFilter) filter = gtk_file_filter_new ();

  if (dialog == NULL)
    return;
  gtk_file_filter_set_name (filter, _ ("Photos and Projects"));
  gtk_file_filter_add_mime_type (filter, "image/*");
  gtk_file_filter_add_suffix (filter, "lacuna");
  gtk_file_chooser_add_filter (dialog, filter);
  gtk_file_chooser_set_filter (dialog, filter);
  gtk_file_chooser_set_select_multiple (dialog, TRUE);
}
