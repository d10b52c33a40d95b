/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Saves the photo, a copy of it or the patch: asks for a place, asks before it overwrites, and shows that it goes
 * on. A Save belongs to the dialog that asks or to the write under way, and is freed by the end of either; `saving`
 * is NULL unless a photo is being written, and the application is held meanwhile. All of it runs in the main loop;
 * the document writes in a thread. */
#include "app/window/window-private.h"

#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "app/services/chooser.h"
#include "app/services/pasted.h"
#include "app/window/save-formats.h"

/* Milliseconds after which it is said that a photo is being saved, and between the bar's moves. */
#define SAVE_SHOWN 500
#define PULSE 100

/* What the file dialog asked for, until the photo is written. */
typedef struct {
  LacunaWindow     *window;
  char             *path;
  LacunaSaveOptions options;
  LacunaSaveKind    kind;
  gboolean          record; /* the photo is to tell what was filled */
} Save;

static void
save_free (Save *save)
{
  g_object_unref (save->window);
  g_free (save->path);
  g_free (save);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Save, save_free)

static Save *
save_new (LacunaWindow *self, const char *path, int quality, LacunaSaveKind kind)
{
  Save *save = g_new0 (Save, 1);

  save->window = g_object_ref (self);
  save->path = g_strdup (path);
  save->options.quality = quality;
  save->kind = kind;
  return save;
}

static gboolean
pulse (gpointer data)
{
  LacunaWindow *self = data;

  gtk_progress_bar_pulse (self->save_progress);
  return G_SOURCE_CONTINUE;
}

static gboolean
show_saving (gpointer data)
{
  LacunaWindow *self = data;

  gtk_widget_set_visible (self->save_bar, TRUE);
  self->saving_source = g_timeout_add (PULSE, pulse, self);
  return G_SOURCE_REMOVE;
}

void
lacuna_window_begin_saving (LacunaWindow *self, const char *path)
{
  g_autofree char *name = g_filename_display_basename (path);
  g_autofree char *text = g_strdup_printf (_ ("Saving “%s”…"), name);

  g_set_object (&self->saving, NULL);
  self->saving = g_cancellable_new ();
  gtk_label_set_label (self->save_label, text);
  g_clear_handle_id (&self->saving_source, g_source_remove);
  self->saving_source = g_timeout_add (SAVE_SHOWN, show_saving, self);
  lacuna_window_update_actions (self);
}

void
lacuna_window_end_saving (LacunaWindow *self)
{
  g_clear_handle_id (&self->saving_source, g_source_remove);
  /* A bar that has pulsed asks for frames until it is given a fraction, out of sight too. */
  gtk_progress_bar_set_fraction (self->save_progress, 0.0);
  gtk_widget_set_visible (self->save_bar, FALSE);
  g_clear_object (&self->saving);
  lacuna_window_update_actions (self);
}

static gboolean
finish (Save *save, LacunaDocument *document, GAsyncResult *result, GError **error)
{
  return save->kind == LACUNA_SAVE_PATCH ? lacuna_document_save_patch_finish (document, result, error)
                                         : lacuna_document_save_finish (document, result, error);
}

static void
saved (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (Save) save = data;
  LacunaWindow *self = save->window;
  /* What is told names the file: it is told though another photo is open. */
  LacunaDocument *document = self->document == LACUNA_DOCUMENT (source) ? self->document : NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *name = g_path_get_basename (save->path);
  g_autofree char *uri = g_filename_to_uri (save->path, NULL, NULL);
  const char *loss;

  lacuna_services_release (self->services);
  lacuna_window_end_saving (self);
  if (!finish (save, LACUNA_DOCUMENT (source), result, &error))
    {
      if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        lacuna_window_toast (self, document, _ ("“%s” was not saved"), name);
      else
        lacuna_window_complain (self, _ ("The Photo Could Not Be Saved"), error);
      return;
    }
  if (uri != NULL && save->kind != LACUNA_SAVE_PATCH)
    gtk_recent_manager_add_item (gtk_recent_manager_get_default (), uri);
  loss = save->kind != LACUNA_SAVE_PATCH ? lacuna_document_save_get_loss (result) : NULL;
  if (loss != NULL)
    /* TRANSLATORS: a file's name, and sentences on what the photo lost in it */
    lacuna_window_toast (self, document, _ ("Saved as “%s”. %s"), name, loss);
  else
    lacuna_window_toast (self, document, _ ("Saved as “%s”"), name);
}

static void
write_photo (Save *save)
{
  LacunaDocument *document = save->window->document;
  g_autoptr (GVariant) fills = NULL;

  if (document == NULL)
    {
      save_free (save);
      return;
    }
  /* The application outlives its window until the photo is written. */
  lacuna_services_hold (save->window->services);
  lacuna_window_begin_saving (save->window, save->path);
  if (save->kind == LACUNA_SAVE_PATCH)
    lacuna_document_save_patch_async (document, save->path, save->window->saving, saved, save);
  else
    {
      LacunaSaveOptions options = save->options;

      options.fills = fills = save->record ? lacuna_document_describe_fills (document) : NULL;
      lacuna_document_save_async (document, save->path, &options, save->kind == LACUNA_SAVE_COPY, save->window->saving,
                                  saved, save);
    }
}

static void
overwrite_answered (AdwMessageDialog *dialog, const char *response, gpointer data)
{
  Save *save = g_object_steal_data (G_OBJECT (dialog), "save");

  if (g_str_equal (response, "overwrite"))
    write_photo (save);
  else
    save_free (save);
}

/* Takes save. */
static void
ask_overwrite (Save *save, gboolean original)
{
  g_autofree char *name = g_path_get_basename (save->path);
  const char *heading = original ? _ ("Overwrite the Original Photo?") : _ ("Overwrite the File?");
  g_autofree char *body
      = original ? g_strdup_printf (
            _ ("“%s” is the photo that you opened. What the fills replaced in it stays in Lacuna’s own copy "
               "alone, until you forget the work on it."),
            name)
                 : g_strdup_printf (_ ("“%s” exists already. Its contents can’t be brought back."), name);
  AdwMessageDialog *dialog = lacuna_chooser_ask_overwrite (GTK_WINDOW (save->window), heading, body);

  g_object_set_data_full (G_OBJECT (dialog), "save", save, (GDestroyNotify) save_free);
  g_signal_connect (dialog, "response", G_CALLBACK (overwrite_answered), NULL);
}

static gboolean
check (LacunaPhoto *original, const Save *save, GError **error)
{
  if (save->kind == LACUNA_SAVE_PATCH)
    return lacuna_photo_check_save_layers (original, save->path, &save->options, error);
  return lacuna_photo_check_save (original, save->path, &save->options, error)
         && (!save->record || lacuna_photo_check_record (save->path, error));
}

/* Refuses at once what can't be written, asks before the original is overwritten, or a file that the dialog could not
 * ask about as its name had another suffix, and writes. */
static void
begin_save (LacunaWindow *self, Save *save, gboolean renamed)
{
  LacunaPhoto *original = lacuna_document_get_original (self->document);
  g_autoptr (GError) error = NULL;

  if (!check (original, save, &error))
    {
      save_free (save);
      lacuna_window_complain (self, _ ("The Photo Could Not Be Saved"), error);
    }
  else if (lacuna_document_is_source (self->document, save->path))
    ask_overwrite (save, TRUE);
  else if (renamed && g_file_test (save->path, G_FILE_TEST_EXISTS))
    ask_overwrite (save, FALSE);
  else
    write_photo (save);
}

static void
place_chosen (GtkNativeDialog *dialog, int response, gpointer data)
{
  LacunaWindow *self = data;
  LacunaSaveKind kind = GPOINTER_TO_INT (g_object_get_data (G_OBJECT (dialog), "kind"));

  if (response == GTK_RESPONSE_ACCEPT && self->document != NULL)
    {
      GtkFileChooser *chooser = GTK_FILE_CHOOSER (dialog);
      gboolean is_patch = kind == LACUNA_SAVE_PATCH;
      const char *quality = is_patch ? NULL : gtk_file_chooser_get_choice (chooser, "quality");
      const char *record = is_patch ? NULL : gtk_file_chooser_get_choice (chooser, "record");
      g_autofree char *chosen = lacuna_chooser_get_path (chooser);
      g_autofree char *path = chosen != NULL ? lacuna_save_formats_set_suffix (chooser, chosen) : NULL;
      Save *save = path != NULL ? save_new (self, path, quality != NULL ? atoi (quality) : 0, kind) : NULL;

      if (save != NULL)
        {
          save->record = g_strcmp0 (record, "true") == 0;
          begin_save (self, save, !g_str_equal (path, chosen));
        }
    }
  g_object_unref (dialog);
}

static void
add_qualities (LacunaWindow *self, GtkFileChooser *chooser)
{
  static const struct {
    int quality;
    const char *label;
  } usual[] = { { 0, N_ ("Original") }, { 95, N_ ("High") }, { 85, N_ ("Medium") }, { 70, N_ ("Small file") } };
  int chosen = g_settings_get_int (self->settings, "quality");
  g_autoptr (GPtrArray) options = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) labels = g_ptr_array_new_with_free_func (g_free);

  g_ptr_array_add (options, g_strdup_printf ("%d", chosen));
  g_ptr_array_add (labels, g_strdup_printf (_ ("%d of 100"), chosen));
  for (guint i = 0; i < G_N_ELEMENTS (usual); i++)
    if (usual[i].quality == chosen)
      {
        g_free (labels->pdata[0]);
        labels->pdata[0] = g_strdup (_ (usual[i].label));
      }
    else
      {
        g_ptr_array_add (options, g_strdup_printf ("%d", usual[i].quality));
        g_ptr_array_add (labels, g_strdup (_ (usual[i].label)));
      }
  g_ptr_array_add (options, NULL);
  g_ptr_array_add (labels, NULL);
  /* The first is what the dialog begins with. */
  gtk_file_chooser_add_choice (chooser, "quality", _ ("Quality"), (const char **) options->pdata,
                               (const char **) labels->pdata);
}

GFile *
lacuna_window_find_folder (const char *path)
{
  g_autofree char *folder = g_path_get_dirname (path);
  const char *pictures = g_get_user_special_dir (G_USER_DIRECTORY_PICTURES);

  if (g_access (folder, W_OK) == 0 && !lacuna_pasted_is (path) && !lacuna_start_page_is_sample (path))
    return g_file_new_for_path (folder);
  return g_file_new_for_path (pictures != NULL ? pictures : g_get_home_dir ());
}

/* Returns the path of "holiday patch.ora" beside the photo. */
static char *
suggest_patch (LacunaWindow *self)
{
  const char *path = lacuna_document_get_path (self->document), *dot = strrchr (path, '.');
  g_autofree char *stem = dot != NULL && strchr (dot, '/') == NULL ? g_strndup (path, dot - path) : g_strdup (path);

  /* TRANSLATORS: the name of a file with what was filled in a photo: "holiday patch" */
  return g_strconcat (stem, " ", _ ("patch"), ".ora", NULL);
}

void
lacuna_window_save_as (LacunaWindow *self, LacunaSaveKind kind)
{
  static const char *const titles[] = {
    [LACUNA_SAVE_PHOTO] = N_ ("Save Photo"),
    [LACUNA_SAVE_COPY] = N_ ("Save a Copy"),
    [LACUNA_SAVE_PATCH] = N_ ("Save Patch as Layer"),
  };
  gboolean is_patch = kind == LACUNA_SAVE_PATCH;
  GtkFileChooser *dialog
      = lacuna_chooser_open (GTK_WINDOW (self), _ (titles[kind]), GTK_FILE_CHOOSER_ACTION_SAVE,
                             is_patch ? _ ("Photos with layers") : _ ("Photos"), is_patch ? "*.ora *.tif *.tiff" : NULL,
                             G_CALLBACK (place_chosen), self);
  g_autofree char *path = is_patch ? suggest_patch (self) : lacuna_document_suggest_path (self->document);
  g_autofree char *name = g_path_get_basename (path);
  g_autoptr (GFile) folder = lacuna_window_find_folder (lacuna_document_get_path (self->document));

  if (dialog == NULL)
    return;
  gtk_file_chooser_set_current_folder (dialog, folder, NULL);
  gtk_file_chooser_set_current_name (dialog, name);
  lacuna_save_formats_add (dialog, name, is_patch ? LACUNA_FORMATS_LAYERS : LACUNA_FORMATS_PHOTO);
  if (!is_patch)
    {
      add_qualities (self, dialog);
      gtk_file_chooser_add_choice (dialog, "record", _ ("Record What Was Filled"), NULL, NULL);
      gtk_file_chooser_set_choice (dialog, "record",
                                   lacuna_document_get_save_record (self->document) ? "true" : "false");
    }
  g_object_set_data (G_OBJECT (dialog), "kind", GINT_TO_POINTER (kind));
}

void
lacuna_window_save (LacunaWindow *self)
{
  const char *path = lacuna_document_get_save_path (self->document);
  Save *save;

  if (path == NULL)
    {
      lacuna_window_save_as (self, LACUNA_SAVE_PHOTO);
      return;
    }
  save = save_new (self, path, g_settings_get_int (self->settings, "quality"), LACUNA_SAVE_PHOTO);
  save->record = lacuna_document_get_save_record (self->document);
  write_photo (save);
}

void
lacuna_window_cancel_save (LacunaWindow *self)
{
  g_cancellable_cancel (self->saving);
}
