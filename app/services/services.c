/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The settings, the devices and the engine that the window, pages and preferences share. A changed setting drops the
 * engine, and the next call makes another one; jobs keep a reference to theirs. `preparing` is NULL unless kernels
 * are compiled ahead, and the application is held meanwhile. All of it runs in the main loop; kernels are compiled
 * in the engine's thread. */
#include "app/services/services.h"

#include "app/services/trial.h"

struct _LacunaServices {
  GObject        parent_instance;
  GApplication  *application; /* not owned */
  GSettings     *settings;
  LacunaDevices *devices;
  LacunaEngine  *engine; /* NULL until it is asked for */
  GCancellable  *preparing; /* NULL: nothing is compiled ahead */
  double         preparation;
};

enum {
  PROP_PREPARATION = 1,
};

static guint noted;

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

static void
set_preparation (LacunaServices *self, double share)
{
  self->preparation = share;
  g_object_notify (G_OBJECT (self), "preparation");
}

static void
on_progress (const LacunaFillProgress *progress, gpointer data)
{
  set_preparation (data, CLAMP (progress->fraction, 0.0, 1.0));
}

/* Kernels are compiled for a release of the program, a device and its driver. NULL: there is no device. */
static char *
describe_kernels (LacunaServices *self)
{
  g_autofree char *chosen = get_chosen_device (self);
  g_autofree char *device = lacuna_devices_describe (self->devices, chosen);

  return device != NULL ? g_strconcat (LACUNA_VERSION, "; ", device, NULL) : NULL;
}

/* Ends compiling ahead. An error is not told here, as the next fill meets it too. */
static void
prepared (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (LacunaServices) self = data;
  g_autofree char *kernels = describe_kernels (self);
  g_auto (GStrv) notes = lacuna_trial_prepare_finish (result, NULL);

  if (notes != NULL && kernels != NULL)
    g_settings_set_string (self->settings, "prepared", kernels);
  for (char **note = notes; note != NULL && *note != NULL; note++)
    g_signal_emit (self, noted, 0, *note);
  g_clear_object (&self->preparing);
  set_preparation (self, -1.0);
  lacuna_services_release (self);
}

static void
prepare (LacunaServices *self)
{
  g_autofree char *kernels = describe_kernels (self), *model = g_settings_get_string (self->settings, "model");
  g_autofree char *known = g_settings_get_string (self->settings, "prepared");

  if (kernels == NULL || g_str_equal (kernels, known) || self->preparing != NULL)
    return;
  self->preparing = g_cancellable_new ();
  g_object_set_data_full (G_OBJECT (self->preparing), "engine", g_object_ref (lacuna_services_get_engine (self)),
                          g_object_unref);
  lacuna_services_hold (self);
  set_preparation (self, 0.0);
  lacuna_trial_prepare_async (lacuna_services_get_engine (self), model, on_progress, self, self->preparing, prepared,
                              g_object_ref (self));
}

void
lacuna_services_end_preparation (LacunaServices *self)
{
  g_cancellable_cancel (self->preparing);
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
  g_signal_connect_object (self->devices, "notify::names", G_CALLBACK (prepare), self, G_CONNECT_SWAPPED);
  return self;
}

/* The engine's thread ends with the application, even if others still hold references to the services. */
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
lacuna_services_get_property (GObject *object, guint property, GValue *value, GParamSpec *pspec)
{
  if (property == PROP_PREPARATION)
    g_value_set_double (value, LACUNA_SERVICES (object)->preparation);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property, pspec);
}

static void
lacuna_services_class_init (LacunaServicesClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = lacuna_services_dispose;
  object_class->finalize = lacuna_services_finalize;
  object_class->get_property = lacuna_services_get_property;
  g_object_class_install_property (
      object_class, PROP_PREPARATION,
      g_param_spec_double ("preparation", NULL, NULL, -1, 1, -1, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS));
  noted = g_signal_new ("noted", LACUNA_TYPE_SERVICES, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                        G_TYPE_STRING);
}

static void
lacuna_services_init (LacunaServices *self)
{
  self->devices = lacuna_devices_new ();
  self->preparation = -1.0;
}
