/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/services/services.h"

struct _LacunaServices {
  GObject        parent_instance;
  GApplication  *application; /* not owned */
  GSettings     *settings;
  LacunaDevices *devices;
  LacunaEngine  *engine; /* NULL until it is asked for */
};

G_DEFINE_FINAL_TYPE (LacunaServices, lacuna_services, G_TYPE_OBJECT)

static void
forget_engine (LacunaServices *self)
{
  g_clear_object (&self->engine);
}

/* The device that was chosen in the preferences, by its present name; NULL for the automatic choice, also where the
 * chosen one is not there. Until the devices are known, the engine has to find it. */
static char *
get_chosen_device (LacunaServices *self)
{
  g_autofree char *chosen = g_settings_get_string (self->settings, "device");

  if (chosen[0] == '\0')
    return NULL;
  if (lacuna_devices_get_names (self->devices)[0] == NULL)
    return g_steal_pointer (&chosen);
  return g_strdup (lacuna_devices_find (self->devices, chosen));
}

char *
lacuna_services_get_missing_device (LacunaServices *self)
{
  g_autofree char *chosen = g_settings_get_string (self->settings, "device");

  if (chosen[0] == '\0' || lacuna_devices_get_names (self->devices)[0] == NULL
      || lacuna_devices_find (self->devices, chosen) != NULL)
    return NULL;
  return g_steal_pointer (&chosen);
}

/* An engine for a device that turns out not to be there makes room for one of the automatic choice. */
static void
check_device (LacunaServices *self)
{
  g_autofree char *missing = lacuna_services_get_missing_device (self);

  if (missing != NULL)
    forget_engine (self);
}

GSettings *
lacuna_services_get_settings (LacunaServices *self)
{
  return self->settings;
}

LacunaDevices *
lacuna_services_get_devices (LacunaServices *self)
{
  return self->devices;
}

LacunaEngine *
lacuna_services_get_engine (LacunaServices *self)
{
  if (self->engine == NULL)
    {
      g_autofree char *device = get_chosen_device (self);
      guint64 memory = (guint64) g_settings_get_int (self->settings, "memory-limit") << 20;

      self->engine = lacuna_engine_new (device, memory);
    }
  return self->engine;
}

void
lacuna_services_hold (LacunaServices *self)
{
  g_application_hold (self->application);
}

void
lacuna_services_release (LacunaServices *self)
{
  g_application_release (self->application);
}

LacunaServices *
lacuna_services_new (GApplication *application)
{
  LacunaServices *self = g_object_new (LACUNA_TYPE_SERVICES, NULL);

  self->application = application;
  self->settings = g_settings_new (g_application_get_application_id (application));
  g_signal_connect_object (self->settings, "changed::device", G_CALLBACK (forget_engine), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->settings, "changed::memory-limit", G_CALLBACK (forget_engine), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->devices, "notify::names", G_CALLBACK (check_device), self, G_CONNECT_SWAPPED);
  return self;
}

/* Whoever else still has the services: the engine's thread ends with the application. */
static void
lacuna_services_dispose (GObject *object)
{
  forget_engine (LACUNA_SERVICES (object));
  G_OBJECT_CLASS (lacuna_services_parent_class)->dispose (object);
}

static void
lacuna_services_finalize (GObject *object)
{
  LacunaServices *self = LACUNA_SERVICES (object);

  g_object_unref (self->settings);
  g_object_unref (self->devices);
  G_OBJECT_CLASS (lacuna_services_parent_class)->finalize (object);
}

static void
lacuna_services_class_init (LacunaServicesClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = lacuna_services_dispose;
  G_OBJECT_CLASS (klass)->finalize = lacuna_services_finalize;
}

static void
lacuna_services_init (LacunaServices *self)
{
  self->devices = lacuna_devices_new ();
}
