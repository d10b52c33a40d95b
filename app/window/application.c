/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The application: its one window, its services, its actions and the keys of all actions. The services live from
 * startup until the application is disposed of, which ends the engine's thread, whoever else has a reference to
 * them. All of it runs in the main loop. */
#include "app/window/application.h"

#include <glib/gi18n.h>

#include "app/window/preferences.h"
#include "app/window/window.h"

/* Milliseconds for which it goes on after its last window: whoever starts it again at once is answered. */
#define LINGER 500

struct _LacunaApplication {
  AdwApplication  parent_instance;
  LacunaServices *services; /* NULL until startup, which only the first running instance reaches */
};

G_DEFINE_FINAL_TYPE (LacunaApplication, lacuna_application, ADW_TYPE_APPLICATION)

static const struct {
  const char *action;
  const char *keys[4];
} accels[] = {
  { "app.preferences", { "<Primary>comma" } },
  { "app.quit", { "<Primary>q" } },
  { "window.close", { "<Primary>w" } },
  { "win.open", { "<Primary>o" } },
  { "win.next-photo", { "<Primary>Page_Down", "<Primary>KP_Page_Down" } },
  { "win.previous-photo", { "<Primary>Page_Up", "<Primary>KP_Page_Up" } },
  { "win.paste", { "<Primary>v" } },
  { "win.save", { "<Primary>s" } },
  { "win.save-as", { "<Primary><Shift>s" } },
  { "win.undo", { "<Primary>z" } },
  { "win.redo", { "<Primary><Shift>z", "<Primary>y" } },
  { "win.fill", { "<Primary>Return", "<Primary>KP_Enter" } },
  { "win.learn-photo", { "<Primary>l" } },
  { "win.page::fill", { "<Alt>1" } },
  { "win.page::training", { "<Alt>2" } },
  { "win.page::models", { "<Alt>3" } },
  { "view.inspector", { "F9" } },
  { "view.zoom-in", { "<Primary>plus", "<Primary>equal", "<Primary>KP_Add" } },
  { "view.zoom-out", { "<Primary>minus", "<Primary>KP_Subtract" } },
  { "view.zoom-fit", { "<Primary>0", "<Primary>KP_0" } },
  { "view.zoom-original", { "<Primary>1", "<Primary>KP_1" } },
  { "view.mask-invert", { "<Primary>i" } },
  { "view.mask-clear", { "<Primary><Shift>a" } },
};

static LacunaWindow *
get_window (LacunaApplication *self)
{
  for (GList *item = gtk_application_get_windows (GTK_APPLICATION (self)); item != NULL; item = item->next)
    if (LACUNA_IS_WINDOW (item->data))
      return item->data;
  return NULL;
}

static void
show_preferences (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  LacunaApplication *self = data;
  LacunaPreferences *preferences = lacuna_preferences_new (self->services);

  gtk_window_set_transient_for (GTK_WINDOW (preferences), GTK_WINDOW (get_window (self)));
  gtk_window_present (GTK_WINDOW (preferences));
}

static void
show_about (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  GtkWidget *about = adw_about_window_new ();
  const char *samples[] = { "Rbrechko (Boats on the river, CC BY-SA 4.0)", "Giles Laurent (Golden eagle, CC BY-SA 4.0)",
                            "Aitzol Berasategi (Picos de Europa, CC BY 4.0)", NULL };

  g_object_set (about, "transient-for", get_window (data), "application-name", "Lacuna", "application-icon",
                LACUNA_APPLICATION_ID, "version", LACUNA_VERSION, "developer-name", _ ("The Lacuna developers"),
                "license-type", GTK_LICENSE_GPL_3_0,
                /* Translators: your name, one a line */
                "translator-credits", _ ("translator-credits"), "comments",
                _ ("Removes unwanted things from photos on your own computer, and shows where every "
                   "filled pixel comes from."),
                NULL);
  adw_about_window_add_acknowledgement_section (ADW_ABOUT_WINDOW (about), _ ("Sample photos by"), samples);
  adw_about_window_add_legal_section (
      ADW_ABOUT_WINDOW (about), _ ("Method"), NULL, GTK_LICENSE_CUSTOM,
      "J. Yu, Z. Lin, J. Yang, X. Shen, X. Lu, T. S. Huang: "
      "<a href=\"https://arxiv.org/abs/1801.07892\">Generative Image Inpainting with Contextual Attention</a>, "
      "CVPR 2018");
  gtk_window_present (GTK_WINDOW (about));
}

static void
quit (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  LacunaWindow *window = get_window (data);

  /* What the window has open is kept; the application ends once it is. */
  if (window != NULL)
    gtk_window_close (GTK_WINDOW (window));
  else
    g_application_quit (data);
}

/* Tells of drivers that fail, and of a chosen device that is missing, in whose place the automatic choice computes. */
static void
check_devices (LacunaApplication *self)
{
  LacunaDevices *devices = lacuna_services_get_devices (self->services);
  const char *note = lacuna_devices_get_note (devices);
  g_autofree char *missing = lacuna_services_get_missing_device (self->services);
  LacunaWindow *window = get_window (self);

  if (window != NULL && note != NULL)
    lacuna_window_toast (window, NULL, "%s", note);
  if (window != NULL && missing != NULL)
    lacuna_window_toast (window, NULL, _ ("“%s” is not there now, so “%s” computes. Preferences has all devices."),
                         missing, lacuna_devices_get_names (devices)[0]);
}

LacunaServices *
lacuna_application_get_services (LacunaApplication *self)
{
  return self->services;
}

LacunaApplication *
lacuna_application_new (void)
{
  return g_object_new (LACUNA_TYPE_APPLICATION, "application-id", LACUNA_APPLICATION_ID, "flags",
                       G_APPLICATION_HANDLES_OPEN, "resource-base-path", "/org/lacuna/Lacuna", "inactivity-timeout",
                       LINGER, NULL);
}

static LacunaWindow *
present_window (LacunaApplication *self)
{
  LacunaWindow *window = get_window (self);

  if (window == NULL)
    {
      window = lacuna_window_new (GTK_APPLICATION (self), self->services);
      gtk_window_present (GTK_WINDOW (window));
    }
  else
    gtk_window_present (GTK_WINDOW (window));
  return window;
}

static void
lacuna_application_activate (GApplication *application)
{
  present_window (LACUNA_APPLICATION (application));
}

static void
lacuna_application_open (GApplication *application, GFile **files, int n_files, const char *hint)
{
  LacunaWindow *window = present_window (LACUNA_APPLICATION (application));

  lacuna_window_open_files (window, files, n_files);
}

static void
lacuna_application_startup (GApplication *application)
{
  LacunaApplication *self = LACUNA_APPLICATION (application);
  static const GActionEntry actions[] = {
    { .name = "preferences", .activate = show_preferences },
    { .name = "about", .activate = show_about },
    { .name = "quit", .activate = quit },
  };
  LacunaDevices *devices;

  G_APPLICATION_CLASS (lacuna_application_parent_class)->startup (application);
  g_action_map_add_action_entries (G_ACTION_MAP (self), actions, G_N_ELEMENTS (actions), self);
  for (guint i = 0; i < G_N_ELEMENTS (accels); i++)
    gtk_application_set_accels_for_action (GTK_APPLICATION (self), accels[i].action, accels[i].keys);
  gtk_window_set_default_icon_name (LACUNA_APPLICATION_ID);

  lacuna_training_forget_photos ();
  self->services = lacuna_services_new (application);
  devices = lacuna_services_get_devices (self->services);
  g_signal_connect_object (devices, "notify::names", G_CALLBACK (check_devices), self, G_CONNECT_SWAPPED);
  lacuna_devices_refresh (devices);
}

static void
lacuna_application_dispose (GObject *object)
{
  LacunaApplication *self = LACUNA_APPLICATION (object);

  if (self->services != NULL)
    g_object_run_dispose (G_OBJECT (self->services));
  g_clear_object (&self->services);
  G_OBJECT_CLASS (lacuna_application_parent_class)->dispose (object);
}

static void
lacuna_application_class_init (LacunaApplicationClass *klass)
{
  GApplicationClass *application_class = G_APPLICATION_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = lacuna_application_dispose;
  application_class->startup = lacuna_application_startup;
  application_class->activate = lacuna_application_activate;
  application_class->open = lacuna_application_open;
}

static void
lacuna_application_init (LacunaApplication *self)
{
}
