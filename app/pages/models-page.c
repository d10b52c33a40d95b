/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The page with the installed models, on which they are chosen, imported, exported, renamed and deleted. `rows`
 * holds the rows in the order of the list, which is made anew whenever the page is mapped or something was done; the
 * group of widgets owns them. list_in_thread() and copy_in_thread() run in a GTask's thread, and what they found is
 * dropped where the page has left its window meanwhile; all else runs in the main loop. */
#include "app/pages/models-page.h"

#include <glib/gi18n.h>
#include <glib/gstdio.h>

#include "app/pages/published.h"
#include "app/services/chooser.h"
#include "app/services/complain.h"
#include "engine/lacuna.h"

#define SUFFIX ".safetensors"

struct _LacunaModelsPage {
  AdwBin parent_instance;

  /* Template widgets */
  AdwToastOverlay *toasts;
  AdwPreferencesGroup *models, *published;

  /* Owned */
  GSettings *settings;
  GPtrArray *rows;       /* of GtkWidget, in models */
  GtkCheckButton *group; /* the rows' buttons join it, so that even a single one looks like one of several */
};

G_DEFINE_FINAL_TYPE (LacunaModelsPage, lacuna_models_page, ADW_TYPE_BIN)

static void
list_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  g_task_return_pointer (task, lacuna_models_list (), (GDestroyNotify) g_ptr_array_unref);
}

static char *
describe (const LacunaModel *model)
{
  g_autoptr (GStrvBuilder) facts = g_strv_builder_new ();
  g_auto (GStrv) list = NULL;
  const gboolean gated = g_str_equal (model->architecture, "deepfill-v2");
  g_autofree char *width = g_strdup_printf (gated ? _ ("Gated, width %u") : _ ("Width %u"), model->width);
  GStatBuf file;

  g_strv_builder_add (facts, width);
  if (g_stat (model->path, &file) == 0)
    {
      g_autofree char *size = g_format_size ((guint64) file.st_size);

      g_strv_builder_add (facts, size);
    }
  if (model->trained_photos > 0)
    {
      guint n = model->trained_photos;
      g_autofree char *photos
          = g_strdup_printf (g_dngettext (NULL, "learnt from %u photo", "learnt from %u photos", n), n);

      g_strv_builder_add (facts, photos);
    }
  else if (model->trained_images > 0)
    {
      guint n = (guint) MIN (model->trained_images, G_MAXUINT);
      g_autofree char *images = g_strdup_printf (g_dngettext (NULL, "has seen %u image", "has seen %u images", n), n);

      g_strv_builder_add (facts, images);
    }
  if (model->trained_side > 0)
    {
      g_autofree char *side = g_strdup_printf (_ ("at %u × %u pixels"), model->trained_side, model->trained_side);

      g_strv_builder_add (facts, side);
    }
  if (model->license != NULL)
    g_strv_builder_add (facts, g_str_equal (model->license, "unknown") ? _ ("license unknown") : model->license);
  list = g_strv_builder_end (facts);
  return g_strjoinv (" · ", list);
}

static void
choose (GtkCheckButton *button, LacunaModelsPage *self)
{
  if (gtk_check_button_get_active (button))
    g_settings_set_string (self->settings, "model", g_object_get_data (G_OBJECT (button), "name"));
}

static void
add_item (GMenu *menu, const char *label, const char *action, const char *model)
{
  g_autoptr (GMenuItem) item = g_menu_item_new (label, NULL);

  g_menu_item_set_action_and_target (item, action, "s", model);
  g_menu_append_item (menu, item);
}

static GtkWidget *
make_menu (const LacunaModel *model)
{
  g_autoptr (GMenu) menu = g_menu_new ();
  g_autofree char *name = g_strdup_printf (_ ("What to Do with “%s”"), lacuna_model_get_shown_name (model));
  GtkWidget *button = gtk_menu_button_new ();

  add_item (menu, _ ("_Export…"), "models.export", model->name);
  if (!model->installed)
    {
      add_item (menu, _ ("_Rename…"), "models.rename", model->name);
      add_item (menu, _ ("_Delete"), "models.delete", model->name);
    }
  gtk_menu_button_set_menu_model (GTK_MENU_BUTTON (button), G_MENU_MODEL (menu));
  gtk_menu_button_set_icon_name (GTK_MENU_BUTTON (button), "view-more-symbolic");
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_tooltip_text (button, name);
  /* It would lie over the menu. */
  g_object_bind_property (gtk_menu_button_get_popover (GTK_MENU_BUTTON (button)), "visible", button, "has-tooltip",
                          G_BINDING_INVERT_BOOLEAN);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  return button;
}

static GtkWidget *
make_row (LacunaModelsPage *self, const LacunaModel *model, const char *chosen)
{
  GtkWidget *row = adw_action_row_new (), *button = gtk_check_button_new ();
  g_autofree char *facts = describe (model);
  g_autofree char *title = g_markup_escape_text (lacuna_model_get_shown_name (model), -1);
  g_autofree char *subtitle = g_markup_escape_text (facts, -1);

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
  gtk_check_button_set_group (GTK_CHECK_BUTTON (button), self->group);
  gtk_check_button_set_active (GTK_CHECK_BUTTON (button), g_str_equal (model->name, chosen));
  g_object_set_data_full (G_OBJECT (button), "name", g_strdup (model->name), g_free);
  g_signal_connect_object (button, "toggled", G_CALLBACK (choose), self, 0);
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), button);
  adw_action_row_set_activatable_widget (ADW_ACTION_ROW (row), button);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), make_menu (model));
  return row;
}

/* The number of the row that has the focus, or -1. */
static int
find_focus (LacunaModelsPage *self)
{
  GtkWidget *focus = gtk_root_get_focus (gtk_widget_get_root (GTK_WIDGET (self)));

  for (guint i = 0; focus != NULL && i < self->rows->len; i++)
    if (focus == self->rows->pdata[i] || gtk_widget_is_ancestor (focus, self->rows->pdata[i]))
      return (int) i;
  return -1;
}

/* The focus stays in its place, though the row that had it goes. */
static void
listed (GObject *source, GAsyncResult *result, gpointer data)
{
  LacunaModelsPage *self = LACUNA_MODELS_PAGE (source);
  g_autoptr (GPtrArray) models = g_task_propagate_pointer (G_TASK (result), NULL);
  g_autofree char *chosen = NULL;
  int focus;

  /* The page may have been closed meanwhile. */
  if (gtk_widget_get_root (GTK_WIDGET (self)) == NULL)
    return;
  chosen = g_settings_get_string (self->settings, "model");
  focus = find_focus (self);
  for (guint i = 0; i < self->rows->len; i++)
    adw_preferences_group_remove (self->models, self->rows->pdata[i]);
  g_ptr_array_set_size (self->rows, 0);
  for (guint i = 0; i < models->len; i++)
    {
      GtkWidget *row = make_row (self, models->pdata[i], chosen);

      g_ptr_array_add (self->rows, row);
      adw_preferences_group_add (self->models, row);
    }
  if (focus >= 0 && models->len > 0)
    gtk_widget_grab_focus (self->rows->pdata[MIN ((guint) focus, models->len - 1)]);
}

static void
refresh (LacunaModelsPage *self)
{
  g_autoptr (GTask) task = g_task_new (self, NULL, listed, NULL);

  g_task_run_in_thread (task, list_in_thread);
}

/* Files come and go: the list is made anew whenever it is looked at. */
static void
lacuna_models_page_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (lacuna_models_page_parent_class)->map (widget);
  refresh (LACUNA_MODELS_PAGE (widget));
}

/* Says what was done, or why it was not. Takes ownership of error. */
static void
conclude (LacunaModelsPage *self, const char *done, GError *error)
{
  if (error != NULL)
    lacuna_complain (GTK_WIDGET (self), _ ("That Did Not Work"), error);
  else
    lacuna_show_toast (self->toasts, adw_toast_new (done));
  g_clear_error (&error);
  refresh (self);
}

static GtkWindow *
get_window (LacunaModelsPage *self)
{
  return GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self)));
}

/* Shows a text in a dialog that is too long for a toast. */
static void
tell (LacunaModelsPage *self, const char *heading, const char *text)
{
  g_autofree char *named = lacuna_name_files (text);
  GtkWidget *dialog = adw_message_dialog_new (get_window (self), heading, named);

  adw_message_dialog_add_response (ADW_MESSAGE_DIALOG (dialog), "close", _ ("_Close"));
  gtk_window_present (GTK_WINDOW (dialog));
}

/* A model that is copied: from a file, or to one. */
typedef struct {
  char *model; /* NULL: to be imported */
  char *path;
  char **notes; /* what is to be known of an imported one */
} Copy;

static void
copy_free (gpointer data)
{
  Copy *copy = data;

  g_free (copy->model);
  g_free (copy->path);
  g_strfreev (copy->notes);
  g_free (copy);
}

static void
copy_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Copy *copy = data;
  GError *error = NULL;

  if (copy->model != NULL)
    lacuna_models_export (copy->model, copy->path, LACUNA_PRECISION_KEPT, &error);
  else
    g_free (lacuna_models_import (copy->path, NULL, &copy->notes, &error));
  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_boolean (task, TRUE);
}

static void
copied (GObject *source, GAsyncResult *result, gpointer data)
{
  LacunaModelsPage *self = LACUNA_MODELS_PAGE (source);
  const Copy *copy = g_task_get_task_data (G_TASK (result));
  g_autofree char *notes = copy->notes != NULL ? g_strjoinv ("\n", copy->notes) : NULL;
  g_autoptr (GError) error = NULL;

  if (gtk_widget_get_root (GTK_WIDGET (self)) == NULL)
    return;
  refresh (self);
  if (!g_task_propagate_boolean (G_TASK (result), &error))
    lacuna_complain (GTK_WIDGET (self),
                     copy->model != NULL ? _ ("The Model Was Not Exported") : _ ("The Model Was Not Imported"), error);
  else if (notes != NULL && notes[0] != '\0')
    tell (self, _ ("Model Imported"), notes);
  else
    lacuna_show_toast (self->toasts, adw_toast_new (copy->model != NULL ? _ ("Model exported") : _ ("Model imported")));
}

/* model: NULL, to import the file. */
static void
copy_file (GObject *page, const char *model, const char *path)
{
  g_autoptr (GTask) task = g_task_new (page, NULL, copied, NULL);
  Copy *copy = g_new0 (Copy, 1);

  copy->model = g_strdup (model);
  copy->path = g_strdup (path);
  g_task_set_task_data (task, copy, copy_free);
  g_task_run_in_thread (task, copy_in_thread);
}

static void
import_file (LacunaModelsPage *self, GFile *file)
{
  g_autofree char *path = g_file_get_path (file);

  if (path != NULL)
    copy_file (G_OBJECT (self), NULL, path);
  else
    tell (self, _ ("Not a File of This Computer"), _ ("Copy it to a folder of this computer first."));
}

static void
file_chosen (GtkNativeDialog *dialog, int response, gpointer data)
{
  const char *model = g_object_get_data (G_OBJECT (dialog), "model");

  if (response == GTK_RESPONSE_ACCEPT && model != NULL)
    lacuna_chooser_use (GTK_FILE_CHOOSER (dialog), SUFFIX, copy_file, data, model);
  else if (response == GTK_RESPONSE_ACCEPT)
    {
      g_autoptr (GFile) file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog));

      import_file (data, file);
    }
  g_object_unref (dialog);
}

/* Files and folders that are models elsewhere. */
static gboolean
dropped (GtkDropTarget *target, const GValue *value, double x, double y, gpointer data)
{
  gboolean any = FALSE;

  for (GSList *l = g_value_get_boxed (value); l != NULL; l = l->next)
    {
      import_file (data, l->data);
      any = TRUE;
    }
  return any;
}

static void
activate_import (GtkWidget *widget, const char *action, GVariant *parameter)
{
  lacuna_chooser_open (get_window (LACUNA_MODELS_PAGE (widget)), _ ("Import a Model"), GTK_FILE_CHOOSER_ACTION_OPEN,
                       _ ("Models"), "*.safetensors *.pt *.pth *.onnx *.index", G_CALLBACK (file_chosen), widget);
}

static void
activate_export (GtkWidget *widget, const char *action, GVariant *parameter)
{
  const char *model = g_variant_get_string (parameter, NULL);
  g_autofree char *name = g_strconcat (model, SUFFIX, NULL);
  GtkFileChooser *dialog
      = lacuna_chooser_open (get_window (LACUNA_MODELS_PAGE (widget)), _ ("Export the Model"),
                             GTK_FILE_CHOOSER_ACTION_SAVE, _ ("Models"), "*" SUFFIX, G_CALLBACK (file_chosen), widget);

  if (dialog == NULL)
    return;
  gtk_file_chooser_set_current_name (dialog, name);
  g_object_set_data_full (G_OBJECT (dialog), "model", g_strdup (model), g_free);
}

/* Follows the chosen model where it gets another name. */
static void
follow_choice (LacunaModelsPage *self, const char *model, const char *name)
{
  g_autofree char *chosen = g_settings_get_string (self->settings, "model");

  if (g_str_equal (chosen, model))
    g_settings_set_string (self->settings, "model", name);
}

static void ask_name (LacunaModelsPage *self, const char *model, const char *name, const char *body);

/* A name that can't be given is asked for again. */
static void
name_given (AdwMessageDialog *dialog, const char *response, gpointer data)
{
  const char *model = g_object_get_data (G_OBJECT (dialog), "model");
  const char *name = gtk_editable_get_text (GTK_EDITABLE (adw_message_dialog_get_extra_child (dialog)));
  g_autoptr (GError) error = NULL;

  if (!g_str_equal (response, "rename") || g_str_equal (name, model))
    return;
  if (lacuna_models_rename (model, name, &error))
    {
      follow_choice (data, model, name);
      conclude (data, _ ("Model renamed"), NULL);
    }
  else
    {
      g_autofree char *body = lacuna_name_files (error->message);

      ask_name (data, model, name, body);
    }
}

static void
ask_name (LacunaModelsPage *self, const char *model, const char *name, const char *body)
{
  GtkWidget *entry = gtk_entry_new ();
  AdwMessageDialog *dialog
      = ADW_MESSAGE_DIALOG (adw_message_dialog_new (get_window (self), _ ("Rename the Model"), body));

  gtk_editable_set_text (GTK_EDITABLE (entry), name);
  gtk_entry_set_activates_default (GTK_ENTRY (entry), TRUE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (entry), GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("Name"), -1);
  adw_message_dialog_set_extra_child (dialog, entry);
  adw_message_dialog_add_responses (dialog, "cancel", _ ("_Cancel"), "rename", _ ("_Rename"), NULL);
  adw_message_dialog_set_response_appearance (dialog, "rename", ADW_RESPONSE_SUGGESTED);
  adw_message_dialog_set_default_response (dialog, "rename");
  adw_message_dialog_set_close_response (dialog, "cancel");
  g_object_set_data_full (G_OBJECT (dialog), "model", g_strdup (model), g_free);
  g_signal_connect_object (dialog, "response", G_CALLBACK (name_given), self, 0);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
activate_rename (GtkWidget *widget, const char *action, GVariant *parameter)
{
  const char *model = g_variant_get_string (parameter, NULL);

  ask_name (LACUNA_MODELS_PAGE (widget), model, model, NULL);
}

static void
deletion_ended (AdwToast *toast, gpointer data)
{
  const char *model = g_object_get_data (G_OBJECT (toast), "model");

  if (model != NULL)
    lacuna_models_purge (model);
}

static void
deletion_undone (AdwToast *toast, gpointer data)
{
  g_autofree char *model = g_object_steal_data (G_OBJECT (toast), "model");
  gboolean was_chosen = g_object_get_data (G_OBJECT (toast), "chosen") != NULL;
  GError *error = NULL;

  if (lacuna_models_restore (model, &error) && was_chosen)
    follow_choice (data, "default", model);
  conclude (data, _ ("Model brought back"), error);
}

static void
activate_delete (GtkWidget *widget, const char *action, GVariant *parameter)
{
  LacunaModelsPage *self = LACUNA_MODELS_PAGE (widget);
  const char *model = g_variant_get_string (parameter, NULL);
  g_autofree char *chosen = g_settings_get_string (self->settings, "model");
  g_autofree char *text = g_strdup_printf (_ ("“%s” deleted"), model);
  g_autofree char *markup = g_markup_escape_text (text, -1);
  AdwToast *toast;
  GError *error = NULL;

  if (!lacuna_models_remove (model, &error))
    {
      conclude (self, NULL, error);
      return;
    }
  follow_choice (self, model, "default");
  toast = adw_toast_new (markup);
  /* It stays: keys take a while to come there, and a model may be days of training. */
  adw_toast_set_timeout (toast, 0);
  adw_toast_set_button_label (toast, _ ("Undo"));
  g_object_set_data_full (G_OBJECT (toast), "model", g_strdup (model), g_free);
  if (g_str_equal (chosen, model))
    g_object_set_data (G_OBJECT (toast), "chosen", self);
  g_signal_connect_object (toast, "button-clicked", G_CALLBACK (deletion_undone), self, 0);
  g_signal_connect_object (toast, "dismissed", G_CALLBACK (deletion_ended), self, 0);
  lacuna_show_toast (self->toasts, toast);
  refresh (self);
}

void
lacuna_models_page_set_settings (LacunaModelsPage *self, GSettings *settings)
{
  g_set_object (&self->settings, settings);
}

static void
lacuna_models_page_finalize (GObject *object)
{
  LacunaModelsPage *self = LACUNA_MODELS_PAGE (object);

  g_clear_object (&self->settings);
  g_ptr_array_unref (self->rows);
  g_object_unref (self->group);
  G_OBJECT_CLASS (lacuna_models_page_parent_class)->finalize (object);
}

static void
lacuna_models_page_class_init (LacunaModelsPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = lacuna_models_page_finalize;
  widget_class->map = lacuna_models_page_map;
  gtk_widget_class_set_template_from_resource (widget_class, "/org/lacuna/Lacuna/ui/pages/models-page.ui");
  gtk_widget_class_bind_template_child (widget_class, LacunaModelsPage, toasts);
  gtk_widget_class_bind_template_child (widget_class, LacunaModelsPage, models);
  gtk_widget_class_bind_template_child (widget_class, LacunaModelsPage, published);
  gtk_widget_class_install_action (widget_class, "models.import", NULL, activate_import);
  gtk_widget_class_install_action (widget_class, "models.export", "s", activate_export);
  gtk_widget_class_install_action (widget_class, "models.rename", "s", activate_rename);
  gtk_widget_class_install_action (widget_class, "models.delete", "s", activate_delete);
}

static void
lacuna_models_page_init (LacunaModelsPage *self)
{
  GtkDropTarget *target = gtk_drop_target_new (GDK_TYPE_FILE_LIST, GDK_ACTION_COPY);

  self->rows = g_ptr_array_new ();
  self->group = GTK_CHECK_BUTTON (g_object_ref_sink (gtk_check_button_new ()));
  gtk_widget_init_template (GTK_WIDGET (self));
  lacuna_published_list (self->published);
  g_signal_connect (target, "drop", G_CALLBACK (dropped), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (target));
}
