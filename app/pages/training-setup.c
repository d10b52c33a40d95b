/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Asks what a training is to learn from: the folder, the base model, the name and the hyperparameters. Only the
 * folder that was chosen last counts: to choose another one cancels the reading of the one before, and `folder` is
 * NULL where it can't be used. All of it runs in the main loop; lacuna_photo_folder_read_async() looks at the photos
 * in threads of its own. */
#include "app/pages/training-setup.h"

#include <glib/gi18n.h>

#include "app/pages/options-form.h"
#include "app/services/chooser.h"
#include "app/services/complain.h"
#include "engine/lacuna.h"

#define MAX_REASONS 50

struct _LacunaTrainingSetup {
  AdwPreferencesGroup parent_instance;

  /* Template widgets */
  AdwActionRow   *folder_row;
  GtkButton      *folder_button;
  GtkSpinner     *folder_spinner;
  AdwExpanderRow *skipped_row;
  LacunaOptionsForm *options_row;
  AdwComboRow    *base_row, *preset_row;
  AdwEntryRow    *name_row;

  /* Owned */
  char         *folder;  /* usable, or NULL */
  GPtrArray    *models;  /* of LacunaModel: those that there are */
  GPtrArray    *reasons; /* of GtkWidget, rows of skipped_row */
  GCancellable *reading;
};

static guint changed;

G_DEFINE_FINAL_TYPE (LacunaTrainingSetup, lacuna_training_setup, ADW_TYPE_PREFERENCES_GROUP)

static void
announce (LacunaTrainingSetup *self)
{
  g_signal_emit (self, changed, 0);
}

/* Whether a model has that name, or is shown by it. */
static gboolean
is_taken (LacunaTrainingSetup *self, const char *name)
{
  g_autofree char *folded = g_utf8_casefold (name, -1);
  gboolean taken = FALSE;

  for (guint i = 0; self->models != NULL && i < self->models->len; i++)
    {
      const LacunaModel *model = self->models->pdata[i];
      g_autofree char *other = g_utf8_casefold (model->name, -1);
      g_autofree char *shown = g_utf8_casefold (lacuna_model_get_shown_name (model), -1);

      taken = taken || g_str_equal (folded, other) || g_str_equal (folded, shown);
    }
  return taken;
}

gboolean
lacuna_training_setup_is_ready (LacunaTrainingSetup *self)
{
  const char *name = gtk_editable_get_text (GTK_EDITABLE (self->name_row));

  return self->folder != NULL && name[0] != '\0' && !is_taken (self, name);
}

static void
follow_name (LacunaTrainingSetup *self)
{
  gboolean taken = is_taken (self, gtk_editable_get_text (GTK_EDITABLE (self->name_row)));

  if (taken)
    gtk_widget_add_css_class (GTK_WIDGET (self->name_row), "error");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self->name_row), "error");
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->name_row),
                                 taken ? _ ("There Is a Model of That Name") : _ ("_Name of the New Model"));
  announce (self);
}

static LacunaTrainingPreset
get_preset (LacunaTrainingSetup *self)
{
  return adw_combo_row_get_selected (self->preset_row) == 0 ? LACUNA_PRESET_QUICK : LACUNA_PRESET_THOROUGH;
}

static void
take_preset (LacunaTrainingSetup *self)
{
  LacunaTrainingOptions options;

  lacuna_training_options_init (&options, get_preset (self), FALSE);
  lacuna_options_form_set (self->options_row, &options);
}

static void
clear_reasons (LacunaTrainingSetup *self)
{
  for (guint i = 0; i < self->reasons->len; i++)
    adw_expander_row_remove (self->skipped_row, self->reasons->pdata[i]);
  g_ptr_array_set_size (self->reasons, 0);
}

static void
show_skipped (LacunaTrainingSetup *self, LacunaPhotoFolder *photos)
{
  guint n = lacuna_photo_folder_get_n_skipped (photos);
  g_autofree char *count = g_strdup_printf (g_dngettext (NULL, "%u file", "%u files", n), n);

  clear_reasons (self);
  gtk_widget_set_visible (GTK_WIDGET (self->skipped_row), n > 0);
  adw_expander_row_set_subtitle (self->skipped_row, count);
  for (guint i = 0; i < MIN (n, MAX_REASONS); i++)
    {
      GtkWidget *row = adw_action_row_new ();
      const char *reason, *path = lacuna_photo_folder_get_skipped (photos, i, &reason);
      g_autofree char *name = g_filename_display_basename (path);
      g_autofree char *title = g_markup_escape_text (name, -1);
      g_autofree char *text = lacuna_name_files (reason);
      g_autofree char *subtitle = g_markup_escape_text (text, -1);

      adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
      adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
      g_ptr_array_add (self->reasons, row);
      adw_expander_row_add_row (self->skipped_row, row);
    }
}

/* Returns how many photos the folder has, and by how many the new model will be judged. */
static char *
describe_folder (const char *path, LacunaPhotoFolder *photos)
{
  guint n = lacuna_photo_folder_get_n_photos (photos), n_held_out = lacuna_photo_folder_get_n_held_out (photos);
  g_autofree char *name = g_filename_display_basename (path);
  g_autofree char *count
      = g_strdup_printf (g_dngettext (NULL, "%s: %u usable photo", "%s: %u usable photos", n), name, n);
  g_autofree char *held_out = g_strdup_printf (
      g_dngettext (NULL, "%u of them is held out to judge by", "%u of them are held out to judge by", n_held_out),
      n_held_out);

  if (n_held_out == 0)
    return g_strdup_printf ("%s. %s", count, _ ("None can be held out to judge by: add photos like it."));
  if (n_held_out < LACUNA_TRAINING_JUDGES)
    return g_strdup_printf ("%s, %s. %s", count, held_out, _ ("That is too few to tell whether a model fills better."));
  return g_strdup_printf ("%s, %s", count, held_out);
}

static void
folder_read (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (LacunaTrainingSetup) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (LacunaPhotoFolder) photos = lacuna_photo_folder_read_finish (result, &error);
  g_autofree char *text = NULL;
  g_autofree char *markup = NULL;
  gboolean is_gone = gtk_widget_get_root (GTK_WIDGET (self)) == NULL;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || is_gone)
    return;
  gtk_spinner_stop (self->folder_spinner);
  if (photos == NULL)
    {
      g_clear_pointer (&self->folder, g_free);
      text = lacuna_name_files (error->message);
      markup = g_markup_escape_text (text, -1);
      adw_action_row_set_subtitle (self->folder_row, markup);
    }
  else
    {
      text = describe_folder (self->folder, photos);
      markup = g_markup_escape_text (text, -1);
      adw_action_row_set_subtitle (self->folder_row, markup);
      show_skipped (self, photos);
    }
  announce (self);
}

static void
read_folder (LacunaTrainingSetup *self, const char *path)
{
  LacunaTrainingOptions options;
  g_autoptr (LacunaPhotoCache) cache = NULL;

  lacuna_training_options_init (&options, get_preset (self), FALSE);
  lacuna_options_form_get (self->options_row, &options);
  cache = lacuna_photo_cache_new (options.side, 2 * options.side, 0);
  g_cancellable_cancel (self->reading);
  g_clear_object (&self->reading);
  self->reading = g_cancellable_new ();
  g_free (self->folder);
  self->folder = g_strdup (path);
  adw_action_row_set_subtitle (self->folder_row, _ ("Looking at the photos…"));
  gtk_spinner_start (self->folder_spinner);
  lacuna_photo_folder_read_async (path, cache, self->reading, folder_read, g_object_ref (self));
}

static void
folder_chosen (GtkNativeDialog *dialog, int response, LacunaTrainingSetup *self)
{
  g_autofree char *path = response == GTK_RESPONSE_ACCEPT ? lacuna_chooser_get_path (GTK_FILE_CHOOSER (dialog)) : NULL;

  if (path != NULL)
    read_folder (self, path);
  g_object_unref (dialog);
}

static void
choose_folder (LacunaTrainingSetup *self)
{
  GtkWindow *window = GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self)));

  lacuna_chooser_open (window, _ ("Choose a Folder of Photos"), GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER, _ ("Folders"),
                       "*", G_CALLBACK (folder_chosen), self);
}

/* Adds the first number to the name with which no model has it yet. */
static void
propose_name (LacunaTrainingSetup *self)
{
  g_autofree char *stem = g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->name_row)));

  for (guint i = 2; is_taken (self, gtk_editable_get_text (GTK_EDITABLE (self->name_row))); i++)
    {
      g_autofree char *name = g_strdup_printf ("%s %u", stem, i);

      gtk_editable_set_text (GTK_EDITABLE (self->name_row), name);
    }
}

static gboolean
can_learn (const LacunaModel *model)
{
  return g_str_equal (model->architecture, "deepfill-v1");
}

void
lacuna_training_setup_list_models (LacunaTrainingSetup *self)
{
  g_autoptr (GtkStringList) names = gtk_string_list_new (NULL);

  g_clear_pointer (&self->models, g_ptr_array_unref);
  self->models = lacuna_models_list ();
  /* Only models of this architecture can learn. */
  for (guint i = 0; i < self->models->len; i++)
    if (can_learn (self->models->pdata[i]))
      gtk_string_list_append (names, lacuna_model_get_shown_name (self->models->pdata[i]));
  adw_combo_row_set_model (self->base_row, G_LIST_MODEL (names));
  propose_name (self);
  follow_name (self);
}

/* The name of the chosen one of those that can learn, or NULL. */
static const char *
get_base (LacunaTrainingSetup *self)
{
  guint selected = adw_combo_row_get_selected (self->base_row), n = 0;

  for (guint i = 0; self->models != NULL && i < self->models->len; i++)
    if (can_learn (self->models->pdata[i]) && n++ == selected)
      return ((LacunaModel *) self->models->pdata[i])->name;
  return NULL;
}

LacunaTrainer *
lacuna_training_setup_make_trainer (LacunaTrainingSetup *self, LacunaEngine *engine, GError **error)
{
  const char *name = gtk_editable_get_text (GTK_EDITABLE (self->name_row));
  LacunaTrainingOptions options;

  lacuna_training_options_init (&options, get_preset (self), FALSE);
  lacuna_options_form_get (self->options_row, &options);
  return lacuna_trainer_new (engine, name, self->folder, get_base (self), &options, error);
}

void
lacuna_training_setup_show (LacunaTrainingSetup *self, const LacunaTrainingProgress *progress)
{
  g_autofree char *folder = g_filename_display_basename (progress->folder);
  g_autofree char *markup = g_markup_escape_text (folder, -1);

  gtk_editable_set_text (GTK_EDITABLE (self->name_row), progress->name);
  lacuna_options_form_set (self->options_row, &progress->options);
  g_free (self->folder);
  self->folder = g_strdup (progress->folder);
  adw_action_row_set_subtitle (self->folder_row, markup);
}

static void
lacuna_training_setup_dispose (GObject *object)
{
  LacunaTrainingSetup *self = LACUNA_TRAINING_SETUP (object);

  g_cancellable_cancel (self->reading);
  g_clear_object (&self->reading);
  G_OBJECT_CLASS (lacuna_training_setup_parent_class)->dispose (object);
}

static void
lacuna_training_setup_finalize (GObject *object)
{
  LacunaTrainingSetup *self = LACUNA_TRAINING_SETUP (object);

  g_clear_pointer (&self->models, g_ptr_array_unref);
  g_ptr_array_unref (self->reasons);
  g_free (self->folder);
  G_OBJECT_CLASS (lacuna_training_setup_parent_class)->finalize (object);
}

static void
lacuna_training_setup_class_init (LacunaTrainingSetupClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = lacuna_training_setup_dispose;
  G_OBJECT_CLASS (klass)->finalize = lacuna_training_setup_finalize;
  changed = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  g_type_ensure (LACUNA_TYPE_OPTIONS_FORM);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/lacuna/Lacuna/ui/pages/training-setup.ui");
  gtk_widget_class_bind_template_child (widget_class, LacunaTrainingSetup, folder_row);
  gtk_widget_class_bind_template_child (widget_class, LacunaTrainingSetup, folder_button);
  gtk_widget_class_bind_template_child (widget_class, LacunaTrainingSetup, folder_spinner);
  gtk_widget_class_bind_template_child (widget_class, LacunaTrainingSetup, skipped_row);
  gtk_widget_class_bind_template_child (widget_class, LacunaTrainingSetup, options_row);
  gtk_widget_class_bind_template_child (widget_class, LacunaTrainingSetup, base_row);
  gtk_widget_class_bind_template_child (widget_class, LacunaTrainingSetup, preset_row);
  gtk_widget_class_bind_template_child (widget_class, LacunaTrainingSetup, name_row);
  gtk_widget_class_bind_template_callback (widget_class, choose_folder);
  gtk_widget_class_bind_template_callback (widget_class, take_preset);
  gtk_widget_class_bind_template_callback (widget_class, follow_name);
}

static void
lacuna_training_setup_init (LacunaTrainingSetup *self)
{
  self->reasons = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  take_preset (self);
}
