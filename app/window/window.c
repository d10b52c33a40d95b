/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The window: its template, what of it follows the services and settings, and how it closes. To dispose of it closes
 * the document, which stays as a session; the services are kept until it is finalized, as callbacks of jobs still
 * need them. All of it runs in the main loop. */
#include "app/window/window-private.h"

#include <glib/gi18n.h>

#include "app/window/elastic.h"

enum {
  PROP_DOCUMENT = 1,
};

G_DEFINE_FINAL_TYPE (LacunaWindow, lacuna_window, ADW_TYPE_APPLICATION_WINDOW)

static void
show_devices (LacunaWindow *self, GParamSpec *pspec, LacunaDevices *devices)
{
  const char *error = lacuna_devices_get_error (devices);

  if (error != NULL)
    gtk_label_set_label (self->device_label, error);
  gtk_info_bar_set_revealed (self->device_bar, error != NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->device_bar), error != NULL);
  lacuna_window_update_actions (self);
}

static void
show_preparation (LacunaWindow *self, GParamSpec *pspec, LacunaServices *services)
{
  double share;

  g_object_get (services, "preparation", &share, NULL);
  lacuna_start_page_show_preparation (self->start_page, share);
}

static void
show_note (LacunaWindow *self, const char *note)
{
  lacuna_window_toast (self, NULL, "%s", note);
}

static int
compare_recent (gconstpointer a, gconstpointer b)
{
  return g_date_time_compare (gtk_recent_info_get_modified ((GtkRecentInfo *) b),
                              gtk_recent_info_get_modified ((GtkRecentInfo *) a));
}

static void
list_recent (LacunaWindow *self)
{
  GList *infos = gtk_recent_manager_get_items (gtk_recent_manager_get_default ());
  guint n = 0;

  infos = g_list_sort (infos, compare_recent);
  g_menu_remove_all (self->recent_menu);
  for (GList *item = infos; item != NULL && n < 10; item = item->next)
    if (gtk_recent_info_has_application (item->data, "Lacuna") && gtk_recent_info_exists (item->data))
      {
        g_autoptr (GMenuItem) entry = NULL;
        g_auto (GStrv) parts = g_strsplit (gtk_recent_info_get_display_name (item->data), "_", -1);
        g_autofree char *label = g_strjoinv ("__", parts);
        const char *uris[] = { gtk_recent_info_get_uri (item->data), NULL };

        entry = g_menu_item_new (label, NULL);
        g_menu_item_set_action_and_target (entry, "win.open-files", "^as", uris);
        g_menu_append_item (self->recent_menu, entry);
        n++;
      }
  g_list_free_full (infos, (GDestroyNotify) gtk_recent_info_unref);
}

static void
bind_services (LacunaWindow *self, LacunaServices *services)
{
  LacunaDevices *devices = lacuna_services_get_devices (services);

  self->services = g_object_ref (services);
  self->settings = g_object_ref (lacuna_services_get_settings (services));
  lacuna_training_page_set_services (self->training_page, services);
  lacuna_models_page_set_settings (self->models_page, self->settings);
  g_settings_bind (self->settings, "window-width", self, "default-width", G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (self->settings, "window-height", self, "default-height", G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (self->settings, "window-maximized", self, "maximized", G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (self->settings, "panes", self->fill_view, "panes", G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (self->settings, "inspector", self->fill_view, "inspector", G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (self->settings, "strength", self->fill_view, "strength", G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (self->settings, "turned", self->fill_view, "turned", G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (self->settings, "mirrored", self->fill_view, "mirrored", G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (self->settings, "scaled", self->fill_view, "scaled", G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (self->settings, "growth", self->fill_view, "growth", G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (self->settings, "hints", self->fill_view, "hints", G_SETTINGS_BIND_GET);
  g_settings_bind (self->settings, "fill-at-once", self->fill_view, "fill-at-once", G_SETTINGS_BIND_DEFAULT);
  g_signal_connect_object (devices, "notify::error", G_CALLBACK (show_devices), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (services, "noted", G_CALLBACK (show_note), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (services, "notify::preparation", G_CALLBACK (show_preparation), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (gtk_recent_manager_get_default (), "changed", G_CALLBACK (list_recent), self,
                           G_CONNECT_SWAPPED);
  list_recent (self);
  show_devices (self, NULL, devices);
  show_preparation (self, NULL, services);
}

LacunaWindow *
lacuna_window_new (GtkApplication *application, LacunaServices *services)
{
  LacunaWindow *self = g_object_new (LACUNA_TYPE_WINDOW, NULL);

  bind_services (self, services);
  gtk_window_set_application (GTK_WINDOW (self), application);
  lacuna_window_update_actions (self);
  lacuna_window_lay_out (self, g_settings_get_int (self->settings, "window-width"));
  return self;
}

static void
allow_pause (LacunaWindow *self)
{
  self->may_pause = TRUE;
}

static gboolean
lacuna_window_close_request (GtkWindow *window)
{
  LacunaWindow *self = LACUNA_WINDOW (window);

  if (!self->may_pause && lacuna_training_page_is_running (self->training_page))
    {
      lacuna_window_ask_to_end (self, _ ("Pause the Training?"),
                                _ ("A model is learning. What it has learnt is kept, and it can go on the next time."),
                                _ ("_Pause and Close"), allow_pause, "window.close", NULL);
      return GDK_EVENT_STOP;
    }
  if (lacuna_window_ask_about_lesson (self, "window.close", NULL))
    return GDK_EVENT_STOP;
  return GTK_WINDOW_CLASS (lacuna_window_parent_class)->close_request (window);
}

static void
lacuna_window_dispose (GObject *object)
{
  LacunaWindow *self = LACUNA_WINDOW (object);

  g_clear_handle_id (&self->relayout, g_source_remove);
  g_clear_handle_id (&self->refocus, g_source_remove);
  g_clear_handle_id (&self->saving_source, g_source_remove);
  if (self->services != NULL)
    lacuna_services_end_preparation (self->services);
  g_cancellable_cancel (self->opening);
  g_clear_object (&self->opening);
  if (self->document != NULL)
    lacuna_window_set_document (self, NULL);
  g_clear_weak_pointer (&self->toast);
  g_clear_weak_pointer (&self->forgotten);
  g_clear_weak_pointer (&self->queue_dialog);
  g_clear_object (&self->settings);
  g_clear_pointer (&self->next_mask, g_free);
  g_clear_pointer (&self->offered, g_hash_table_unref);
  G_OBJECT_CLASS (lacuna_window_parent_class)->dispose (object);
}

static void
lacuna_window_finalize (GObject *object)
{
  g_clear_object (&LACUNA_WINDOW (object)->services);
  G_OBJECT_CLASS (lacuna_window_parent_class)->finalize (object);
}

static void
lacuna_window_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  if (id == PROP_DOCUMENT)
    g_value_set_object (value, LACUNA_WINDOW (object)->document);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
lacuna_window_class_init (LacunaWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = lacuna_window_dispose;
  G_OBJECT_CLASS (klass)->finalize = lacuna_window_finalize;
  G_OBJECT_CLASS (klass)->get_property = lacuna_window_get_property;
  g_object_class_install_property (
      G_OBJECT_CLASS (klass), PROP_DOCUMENT,
      g_param_spec_object ("document", NULL, NULL, LACUNA_TYPE_DOCUMENT, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS));
  GTK_WINDOW_CLASS (klass)->close_request = lacuna_window_close_request;

  g_type_ensure (LACUNA_TYPE_ELASTIC);
  g_type_ensure (LACUNA_TYPE_FILL_VIEW);
  g_type_ensure (LACUNA_TYPE_FILMSTRIP);
  g_type_ensure (LACUNA_TYPE_LESSON_BAR);
  g_type_ensure (LACUNA_TYPE_MODELS_PAGE);
  g_type_ensure (LACUNA_TYPE_START_PAGE);
  g_type_ensure (LACUNA_TYPE_TRAINING_PAGE);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/lacuna/Lacuna/ui/window/window.ui");
  gtk_widget_class_bind_template_child (widget_class, LacunaWindow, toasts);
  gtk_widget_class_bind_template_child (widget_class, LacunaWindow, header);
  gtk_widget_class_bind_template_child (widget_class, LacunaWindow, switcher);
  gtk_widget_class_bind_template_child (widget_class, LacunaWindow, switcher_bar);
  gtk_widget_class_bind_template_child (widget_class, LacunaWindow, open_button);
  gtk_widget_class_bind_template_child (widget_class, LacunaWindow, save_button);
  gtk_widget_class_bind_template_child (widget_class, LacunaWindow, pages);
  gtk_widget_class_bind_template_child (widget_class, LacunaWindow, fill_stack);
  gtk_widget_class_bind_template_child (widget_class, LacunaWindow, start_page);
  gtk_widget_class_bind_template_child (widget_class, LacunaWindow, save_bar);
  gtk_widget_class_bind_template_child (widget_class, LacunaWindow, save_label);
  gtk_widget_class_bind_template_child (widget_class, LacunaWindow, save_progress);
  gtk_widget_class_bind_template_child (widget_class, LacunaWindow, lesson_bar);
  gtk_widget_class_bind_template_child (widget_class, LacunaWindow, fill_view);
  gtk_widget_class_bind_template_child (widget_class, LacunaWindow, filmstrip);
  gtk_widget_class_bind_template_child (widget_class, LacunaWindow, training_page);
  gtk_widget_class_bind_template_child (widget_class, LacunaWindow, models_page);
  gtk_widget_class_bind_template_child (widget_class, LacunaWindow, device_bar);
  gtk_widget_class_bind_template_child (widget_class, LacunaWindow, device_label);
  gtk_widget_class_bind_template_child (widget_class, LacunaWindow, recent_menu);

  gtk_widget_class_bind_template_callback (widget_class, lacuna_window_follow_size);
  lacuna_window_bind_keys (widget_class);
}

/* A tooltip would lie over the menu that its button has opened. */
static void
quiet_menus (GtkWidget *widget)
{
  GtkPopover *popover = NULL;

  if (GTK_IS_MENU_BUTTON (widget))
    popover = gtk_menu_button_get_popover (GTK_MENU_BUTTON (widget));
  else if (ADW_IS_SPLIT_BUTTON (widget))
    popover = adw_split_button_get_popover (ADW_SPLIT_BUTTON (widget));
  if (popover != NULL && gtk_widget_get_has_tooltip (widget))
    g_object_bind_property (popover, "visible", widget, "has-tooltip", G_BINDING_INVERT_BOOLEAN);
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    quiet_menus (child);
}

/* While a dialog is open, what lies beneath it is no target of the pointer: GTK 4.8 would put a tooltip from there at
 * coordinates of the dialog, where there may be no monitor. */
static void
update_target (LacunaWindow *self)
{
  GListModel *windows = gtk_window_get_toplevels ();
  gboolean covered = FALSE;

  /* Its dialogs go with it. */
  if (gtk_widget_in_destruction (GTK_WIDGET (self)))
    return;
  for (guint i = 0; i < g_list_model_get_n_items (windows); i++)
    {
      g_autoptr (GtkWindow) window = g_list_model_get_item (windows, i);

      covered = covered
                || (gtk_window_get_transient_for (window) == GTK_WINDOW (self) && gtk_window_get_modal (window)
                    && gtk_widget_get_visible (GTK_WIDGET (window)));
    }
  gtk_widget_set_can_target (adw_application_window_get_content (ADW_APPLICATION_WINDOW (self)), !covered);
}

static void
follow_windows (LacunaWindow *self, guint position, guint n_removed, guint n_added, GListModel *windows)
{
  for (guint i = position; i < position + n_added; i++)
    {
      g_autoptr (GtkWindow) window = g_list_model_get_item (windows, i);

      g_signal_connect_object (window, "notify::visible", G_CALLBACK (update_target), self, G_CONNECT_SWAPPED);
    }
  update_target (self);
}

static void
lacuna_window_init (LacunaWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  quiet_menus (GTK_WIDGET (self));
  lacuna_window_init_layout (self);
  lacuna_window_update_title (self);
  lacuna_window_init_actions (self);
  lacuna_window_init_import_export (self);
  lacuna_window_init_films (self);
  lacuna_window_init_input (self);
  lacuna_window_init_keys (self);
  g_signal_connect_swapped (self->pages, "notify::visible-child", G_CALLBACK (lacuna_window_update_actions), self);
  g_signal_connect_object (gtk_window_get_toplevels (), "items-changed", G_CALLBACK (follow_windows), self,
                           G_CONNECT_SWAPPED);
}
