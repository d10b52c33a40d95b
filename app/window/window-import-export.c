/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Imports masks, and exports masks, attention, provenance and projects, by a file dialog each. exchanges[] has an element for
 * each action, whose number the dialog carries; a dialog that is answered after the photo was closed does nothing.
 * All of it runs in the main loop, which writes the attention's numbers; all else is read and written in
 * threads. */
#include "app/window/window-private.h"

#include <glib/gi18n.h>
#include <string.h>

#include "app/services/chooser.h"
#include "app/window/save-formats.h"

typedef void (*UseFunc) (LacunaWindow *self, const char *path);

static void
mask_imported (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (LacunaWindow) self = data;
  g_autoptr (GError) error = NULL;
  g_autofree char *note = NULL;

  if (!lacuna_document_import_mask_finish (LACUNA_DOCUMENT (source), result, &note, &error))
    lacuna_window_complain (self, _ ("The Mask Could Not Be Imported"), error);
  else if (note != NULL)
    lacuna_window_toast (self, LACUNA_DOCUMENT (source), "%s", note);
}

void
lacuna_window_import_mask (LacunaWindow *self, const char *path)
{
  lacuna_document_import_mask_async (self->document, path, NULL, mask_imported, g_object_ref (self));
}

static void
mask_exported (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (LacunaWindow) self = data;
  g_autoptr (GError) error = NULL;

  if (lacuna_document_export_mask_finish (LACUNA_DOCUMENT (source), result, &error))
    lacuna_window_toast (self, LACUNA_DOCUMENT (source), "%s", _ ("Mask exported"));
  else
    lacuna_window_complain (self, _ ("The Mask Could Not Be Exported"), error);
}

static void
export_mask (LacunaWindow *self, const char *path)
{
  lacuna_document_export_mask_async (self->document, path, NULL, mask_exported, g_object_ref (self));
}

static void
export_attention_array (LacunaWindow *self, const char *path)
{
  g_autoptr (GError) error = NULL;

  if (lacuna_explanation_save_array (lacuna_fill_view_get_explanation (self->fill_view), path, &error))
    lacuna_window_toast (self, self->document, "%s", _ ("Attention exported"));
  else
    lacuna_window_complain (self, _ ("The Attention Could Not Be Exported"), error);
}

/* name: of the file that is suggested, or that is written into a folder. pattern: of what is written; NULL: a figure, of
 * which there are several formats. */
static const struct {
  const char          *action;
  GtkFileChooserAction kind;
  const char          *title, *name, *pattern;
  UseFunc              use;
} exchanges[] = {
  { "import-mask", GTK_FILE_CHOOSER_ACTION_OPEN, N_ ("Import Mask"), NULL, NULL, lacuna_window_import_mask },
  { "export-mask", GTK_FILE_CHOOSER_ACTION_SAVE, N_ ("Export Mask"), N_ ("mask.png"), "*.png", export_mask },
  { "export-attention", GTK_FILE_CHOOSER_ACTION_SAVE, N_ ("Export Attention as Figure"), N_ ("attention.png"), NULL,
    lacuna_window_export_attention },
  { "export-panes", GTK_FILE_CHOOSER_ACTION_SAVE, N_ ("Export Four Panes as Figure"), N_ ("figure.pdf"), NULL,
    lacuna_window_export_panes },
  { "export-attention-array", GTK_FILE_CHOOSER_ACTION_SAVE, N_ ("Export Attention as Numbers"),
    N_ ("attention.npy"), "*.npy", export_attention_array },
  { "export-provenance", GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER, N_ ("Export Provenance"), "report.json", NULL,
    lacuna_window_export_provenance },
  { "save-project", GTK_FILE_CHOOSER_ACTION_SAVE, N_ ("Save Project"), NULL, "*.lacuna", lacuna_window_save_project },
};

/* The photo may have been closed meanwhile. */
static void
use_file (GObject *window, const char *action, const char *path)
{
  LacunaWindow *self = LACUNA_WINDOW (window);

  for (guint i = 0; i < G_N_ELEMENTS (exchanges) && self->document != NULL; i++)
    if (g_str_equal (action, exchanges[i].action))
      exchanges[i].use (self, path);
}

static gboolean
is_figure (guint i)
{
  return exchanges[i].kind == GTK_FILE_CHOOSER_ACTION_SAVE && exchanges[i].pattern == NULL;
}

static void
use_chosen (LacunaWindow *self, guint i, GtkFileChooser *dialog)
{
  g_autofree char *chosen = NULL, *path = NULL;

  if (exchanges[i].pattern != NULL)
    {
      lacuna_chooser_use (dialog, exchanges[i].pattern + 1, use_file, G_OBJECT (self), exchanges[i].action);
      return;
    }
  chosen = lacuna_chooser_get_path (dialog);
  if (chosen == NULL)
    return;
  if (is_figure (i))
    path = lacuna_save_formats_set_suffix (dialog, chosen);
  else if (exchanges[i].kind == GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER)
    path = g_build_filename (chosen, exchanges[i].name, NULL);
  lacuna_chooser_use_as (dialog, path != NULL ? path : chosen, use_file, G_OBJECT (self), exchanges[i].action);
}

static void
chosen (GtkNativeDialog *dialog, int response, gpointer data)
{
  guint i = GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (dialog), "exchange"));

  if (response == GTK_RESPONSE_ACCEPT)
    use_chosen (data, i, GTK_FILE_CHOOSER (dialog));
  g_object_unref (dialog);
}

/* Returns the photo's name with the suffix of the pattern. */
static char *
name_after_photo (LacunaWindow *self, const char *pattern)
{
  g_autofree char *name = g_filename_display_basename (lacuna_document_get_path (self->document));
  char *dot = strrchr (name, '.');

  if (dot != NULL && dot != name)
    *dot = '\0';
  return g_strconcat (name, pattern + 1, NULL);
}

/* Returns a name after the photo's: "holiday mask.png". */
static char *
suggest_name (LacunaWindow *self, const char *kind)
{
  g_autofree char *stem = g_strdup (lacuna_document_get_title (self->document));
  char *dot = strrchr (stem, '.');

  if (dot != NULL && dot != stem)
    *dot = '\0';
  return g_strconcat (stem, " ", kind, NULL);
}

static void
ask (LacunaWindow *self, guint i)
{
  gboolean save = exchanges[i].kind == GTK_FILE_CHOOSER_ACTION_SAVE;
  GtkFileChooser *dialog
      = lacuna_chooser_open (GTK_WINDOW (self), _ (exchanges[i].title), exchanges[i].kind,
                             is_figure (i) ? _ ("Figures")
                             : save        ? exchanges[i].pattern
                                           : _ ("Photos"),
                             is_figure (i) ? "*.svg *.pdf *.png" : exchanges[i].pattern, G_CALLBACK (chosen), self);
  g_autoptr (GFile) folder = lacuna_window_find_folder (lacuna_document_get_path (self->document));

  if (dialog == NULL)
    return;
  gtk_file_chooser_set_current_folder (dialog, folder, NULL);
  if (save)
    {
      g_autofree char *name = exchanges[i].name != NULL ? suggest_name (self, _ (exchanges[i].name))
                                                        : name_after_photo (self, exchanges[i].pattern);

      gtk_file_chooser_set_current_name (dialog, name);
      if (is_figure (i))
        lacuna_save_formats_add (dialog, name, LACUNA_FORMATS_FIGURE);
    }
  g_object_set_data (G_OBJECT (dialog), "exchange", GUINT_TO_POINTER (i));
}

static void
activate_exchange (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  for (guint i = 0; i < G_N_ELEMENTS (exchanges); i++)
    if (g_str_equal (g_action_get_name (G_ACTION (action)), exchanges[i].action))
      ask (data, i);
}

void
lacuna_window_init_import_export (LacunaWindow *self)
{
  for (guint i = 0; i < G_N_ELEMENTS (exchanges); i++)
    {
      const GActionEntry entry = { .name = exchanges[i].action, .activate = activate_exchange };

      g_action_map_add_action_entries (G_ACTION_MAP (self), &entry, 1, self);
    }
}
