/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The window of preferences. A choice is written to the settings at once; `listing` is TRUE while the program itself
 * sets the list of devices, which is no choice then. A trial is cancelled when the window closes. All of it runs in
 * the main loop; a trial fills in the engine's thread. */
#include "app/window/preferences.h"

#include <glib/gi18n.h>

#include "app/services/complain.h"
#include "app/services/trial.h"

struct _LacunaPreferences {
  AdwPreferencesWindow parent_instance;

  /* Template widgets */
  AdwComboRow    *device_row;
  AdwActionRow   *test_row;
  GtkButton      *test_button;
  GtkSpinner     *test_spinner;
  GtkSpinButton  *memory;
  GtkSwitch      *fill_at_once;
  GtkSpinButton  *quality;

  /* Owned */
  LacunaServices *services;
  GCancellable   *trial;
  gboolean        listing; /* the row changes because the devices do */
};

G_DEFINE_FINAL_TYPE (LacunaPreferences, lacuna_preferences, ADW_TYPE_PREFERENCES_WINDOW)

static void
list_devices (LacunaPreferences *self)
{
  LacunaDevices *devices = lacuna_services_get_devices (self->services);
  const char *const *names = lacuna_devices_get_names (devices);
  g_autofree char *chosen = g_settings_get_string (lacuna_services_get_settings (self->services), "device");
  g_autoptr (GtkStringList) model = gtk_string_list_new (NULL);
  const char *found = chosen[0] != '\0' ? lacuna_devices_find (devices, chosen) : NULL;
  guint selected = 0;

  gtk_string_list_append (model, _ ("Automatic"));
  for (guint i = 0; names[i] != NULL; i++)
    {
      gtk_string_list_append (model, names[i]);
      if (g_strcmp0 (names[i], found) == 0)
        selected = i + 1;
    }
  self->listing = TRUE;
  adw_combo_row_set_model (self->device_row, G_LIST_MODEL (model));
  adw_combo_row_set_selected (self->device_row, selected);
  self->listing = FALSE;
  gtk_widget_set_sensitive (GTK_WIDGET (self->test_button), names[0] != NULL);
  if (lacuna_devices_get_error (devices) != NULL)
    adw_action_row_set_subtitle (self->test_row, lacuna_devices_get_error (devices));
  else if (lacuna_devices_get_note (devices) != NULL)
    adw_action_row_set_subtitle (self->test_row, lacuna_devices_get_note (devices));
}

static void
choose_device (LacunaPreferences *self)
{
  guint selected = adw_combo_row_get_selected (self->device_row);
  GtkStringObject *name = adw_combo_row_get_selected_item (self->device_row);

  if (self->listing || name == NULL)
    return;
  g_settings_set_string (lacuna_services_get_settings (self->services), "device",
                         selected > 0 ? gtk_string_object_get_string (name) : "");
  adw_action_row_set_subtitle (self->test_row, _ ("Fills a small hole and tells the time"));
}

static void
trial_ended (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (LacunaPreferences) self = data;
  g_autoptr (GError) error = NULL;
  g_autofree char *device = NULL, *text = NULL;
  double seconds = lacuna_trial_finish (result, &device, &error);

  /* The window was closed, and its widgets with it. */
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  gtk_spinner_stop (self->test_spinner);
  gtk_widget_set_sensitive (GTK_WIDGET (self->test_button), TRUE);
  if (error != NULL)
    {
      g_autofree char *named = lacuna_name_files (error->message);

      text = g_markup_escape_text (named, -1);
    }
  else
    {
      g_autofree char *plain
          = g_strdup_printf (_ ("A fill of 256 × 256 pixels takes %.2f seconds on %s"), seconds, device);

      text = g_markup_escape_text (plain, -1);
    }
  adw_action_row_set_subtitle (self->test_row, text);
}

static void
begin_trial (LacunaPreferences *self)
{
  gtk_widget_set_sensitive (GTK_WIDGET (self->test_button), FALSE);
  gtk_spinner_start (self->test_spinner);
  adw_action_row_set_subtitle (self->test_row, _ ("Filling…"));
  lacuna_trial_async (lacuna_services_get_engine (self->services), self->trial, trial_ended, g_object_ref (self));
}

static gboolean
show_automatic (GtkSpinButton *button, gpointer text)
{
  int value = gtk_spin_button_get_value_as_int (button);
  g_autofree char *number = g_strdup_printf ("%d", value);

  gtk_editable_set_text (GTK_EDITABLE (button), value == 0 ? _ (text) : number);
  return TRUE;
}

static int
read_automatic (GtkSpinButton *button, double *ret_value, gpointer text)
{
  const char *typed = gtk_editable_get_text (GTK_EDITABLE (button));

  *ret_value = g_str_equal (typed, _ (text)) ? 0 : g_strtod (typed, NULL);
  return TRUE;
}

LacunaPreferences *
lacuna_preferences_new (LacunaServices *services)
{
  LacunaPreferences *self = g_object_new (LACUNA_TYPE_PREFERENCES, NULL);
  GSettings *settings = lacuna_services_get_settings (services);
  LacunaDevices *devices = lacuna_services_get_devices (services);

  self->services = g_object_ref (services);
  g_settings_bind (settings, "memory-limit", self->memory, "value", G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (settings, "fill-at-once", self->fill_at_once, "active", G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (settings, "quality", self->quality, "value", G_SETTINGS_BIND_DEFAULT);
  g_signal_connect_object (devices, "notify::error", G_CALLBACK (list_devices), self, G_CONNECT_SWAPPED);
  list_devices (self);
  return self;
}

static void
lacuna_preferences_dispose (GObject *object)
{
  LacunaPreferences *self = LACUNA_PREFERENCES (object);

  g_cancellable_cancel (self->trial);
  g_clear_object (&self->trial);
  g_clear_object (&self->services);
  G_OBJECT_CLASS (lacuna_preferences_parent_class)->dispose (object);
}

static gboolean
lacuna_preferences_close_request (GtkWindow *window)
{
  g_cancellable_cancel (LACUNA_PREFERENCES (window)->trial);
  return GTK_WINDOW_CLASS (lacuna_preferences_parent_class)->close_request (window);
}

static void
lacuna_preferences_class_init (LacunaPreferencesClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = lacuna_preferences_dispose;
  GTK_WINDOW_CLASS (klass)->close_request = lacuna_preferences_close_request;
  gtk_widget_class_set_template_from_resource (widget_class, "/org/lacuna/Lacuna/ui/window/preferences.ui");
  gtk_widget_class_bind_template_child (widget_class, LacunaPreferences, device_row);
  gtk_widget_class_bind_template_child (widget_class, LacunaPreferences, test_row);
  gtk_widget_class_bind_template_child (widget_class, LacunaPreferences, test_button);
  gtk_widget_class_bind_template_child (widget_class, LacunaPreferences, test_spinner);
  gtk_widget_class_bind_template_child (widget_class, LacunaPreferences, memory);
  gtk_widget_class_bind_template_child (widget_class, LacunaPreferences, fill_at_once);
  gtk_widget_class_bind_template_child (widget_class, LacunaPreferences, quality);
  gtk_widget_class_bind_template_callback (widget_class, choose_device);
  gtk_widget_class_bind_template_callback (widget_class, begin_trial);
}

static void
lacuna_preferences_init (LacunaPreferences *self)
{
  gpointer by_device = (gpointer) N_ ("Automatic"), as_original = (gpointer) N_ ("Original");

  gtk_widget_init_template (GTK_WIDGET (self));
  self->trial = g_cancellable_new ();
  g_signal_connect (self->memory, "output", G_CALLBACK (show_automatic), by_device);
  g_signal_connect (self->memory, "input", G_CALLBACK (read_automatic), by_device);
  g_signal_connect (self->quality, "output", G_CALLBACK (show_automatic), as_original);
  g_signal_connect (self->quality, "input", G_CALLBACK (read_automatic), as_original);
  gtk_spin_button_update (self->memory);
  gtk_spin_button_update (self->quality);
}
