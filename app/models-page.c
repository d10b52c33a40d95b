#include "app/models-page.h"

#include <glib/gi18n.h>
#include <glib/gstdio.h>

#include "app/application.h"

struct _LacunaModelsPage {
  AdwBin parent_instance;

  /* Template widgets */
  AdwPreferencesGroup *models;

  /* Owned */
  GPtrArray      *rows;  /* of GtkWidget, in models */
  GtkCheckButton *group; /* which the rows' buttons join, so that one alone looks like one of several */
};

G_DEFINE_FINAL_TYPE (LacunaModelsPage, lacuna_models_page, ADW_TYPE_BIN)

static void
list_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  g_task_return_pointer (task, lacuna_models_list (), (GDestroyNotify) g_ptr_array_unref);
}

static const char *
get_title (const LacunaModel *model)
{
  return g_str_equal (model->title, "default") ? _ ("Default") : model->title;
}

static char *
describe (const LacunaModel *model)
{
  g_autoptr (GStrvBuilder) facts = g_strv_builder_new ();
  g_auto (GStrv) list = NULL;
  g_autofree char *width = g_strdup_printf (_ ("Width %u"), model->width);
  GStatBuf file;

  g_strv_builder_add (facts, width);
  if (g_stat (model->path, &file) == 0)
    {
      g_autofree char *size = g_format_size ((guint64) file.st_size);

      g_strv_builder_add (facts, size);
    }
  if (model->trained_images > 0)
    {
      guint n = (guint) MIN (model->trained_images, G_MAXUINT);
      g_autofree char *images
          = g_strdup_printf (g_dngettext (NULL, "trained on %u photo", "trained on %u photos", n), n);

      g_strv_builder_add (facts, images);
    }
  if (model->trained_side > 0)
    {
      g_autofree char *side = g_strdup_printf (_ ("at %u × %u pixels"), model->trained_side, model->trained_side);

      g_strv_builder_add (facts, side);
    }
  if (model->license != NULL)
    g_strv_builder_add (facts, model->license);
  list = g_strv_builder_end (facts);
  return g_strjoinv (" · ", list);
}

static void
choose (GtkCheckButton *button, gpointer data)
{
  GSettings *settings = lacuna_application_get_settings (LACUNA_APPLICATION (g_application_get_default ()));

  if (gtk_check_button_get_active (button))
    g_settings_set_string (settings, "model", g_object_get_data (G_OBJECT (button), "name"));
}

static GtkWidget *
make_row (const LacunaModel *model, GtkCheckButton *group, const char *chosen)
{
  GtkWidget *row = adw_action_row_new (), *button = gtk_check_button_new ();
  g_autofree char *facts = describe (model);
  g_autofree char *title = g_markup_escape_text (get_title (model), -1);
  g_autofree char *subtitle = g_markup_escape_text (facts, -1);

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
  gtk_check_button_set_group (GTK_CHECK_BUTTON (button), group);
  gtk_check_button_set_active (GTK_CHECK_BUTTON (button), g_str_equal (model->name, chosen));
  g_object_set_data_full (G_OBJECT (button), "name", g_strdup (model->name), g_free);
  g_signal_connect (button, "toggled", G_CALLBACK (choose), NULL);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, get_title (model), -1);
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), button);
  adw_action_row_set_activatable_widget (ADW_ACTION_ROW (row), button);
  return row;
}

static void
listed (GObject *source, GAsyncResult *result, gpointer data)
{
  LacunaModelsPage *self = LACUNA_MODELS_PAGE (source);
  LacunaApplication *application = LACUNA_APPLICATION (g_application_get_default ());
  g_autoptr (GPtrArray) models = g_task_propagate_pointer (G_TASK (result), NULL);
  g_autofree char *chosen = NULL;

  /* The page may have been closed meanwhile. */
  if (gtk_widget_get_root (GTK_WIDGET (self)) == NULL)
    return;
  chosen = g_settings_get_string (lacuna_application_get_settings (application), "model");
  for (guint i = 0; i < self->rows->len; i++)
    adw_preferences_group_remove (self->models, self->rows->pdata[i]);
  g_ptr_array_set_size (self->rows, 0);
  for (guint i = 0; i < models->len; i++)
    {
      GtkWidget *row = make_row (models->pdata[i], self->group, chosen);

      g_ptr_array_add (self->rows, row);
      adw_preferences_group_add (self->models, row);
    }
}

/* Files come and go: the list is made anew whenever it is looked at. */
static void
lacuna_models_page_map (GtkWidget *widget)
{
  g_autoptr (GTask) task = g_task_new (widget, NULL, listed, NULL);

  GTK_WIDGET_CLASS (lacuna_models_page_parent_class)->map (widget);
  g_task_run_in_thread (task, list_in_thread);
}

static void
lacuna_models_page_finalize (GObject *object)
{
  LacunaModelsPage *self = LACUNA_MODELS_PAGE (object);

  g_ptr_array_unref (self->rows);
  g_object_unref (self->group);
  G_OBJECT_CLASS (lacuna_models_page_parent_class)->finalize (object);
}

static void
lacuna_models_page_class_init (LacunaModelsPageClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->finalize = lacuna_models_page_finalize;
  widget_class->map = lacuna_models_page_map;
  gtk_widget_class_set_template_from_resource (widget_class, "/org/lacuna/Lacuna/ui/models-page.ui");
  gtk_widget_class_bind_template_child (widget_class, LacunaModelsPage, models);
}

static void
lacuna_models_page_init (LacunaModelsPage *self)
{
  self->rows = g_ptr_array_new ();
  self->group = GTK_CHECK_BUTTON (g_object_ref_sink (gtk_check_button_new ()));
  gtk_widget_init_template (GTK_WIDGET (self));
}
