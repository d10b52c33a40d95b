/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The list of OpenCL devices that the window and the preferences show. `names` is never NULL, and empty until the
 * devices are known; `devices` is NULL until then and where `error` says why there are none. list_in_thread() runs
 * in a GTask's thread; all else runs in the main loop. */
#include "app/services/devices.h"

#include "engine/lacuna.h"

struct _LacunaDevices {
  GObject  parent_instance;
  GPtrArray *devices; /* of LacunaDevice, or NULL */
  char   **names;
  char    *error;
  char    *note;
};

enum {
  PROP_NAMES = 1,
  PROP_ERROR,
  N_PROPERTIES,
};

static GParamSpec *properties[N_PROPERTIES];

G_DEFINE_FINAL_TYPE (LacunaDevices, lacuna_devices, G_TYPE_OBJECT)

static void
list_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  GError *error = NULL;
  GPtrArray *devices = lacuna_device_list (&error);

  if (devices != NULL)
    g_task_return_pointer (task, devices, (GDestroyNotify) g_ptr_array_unref);
  else
    g_task_return_error (task, error);
}

static void
listed (GObject *source, GAsyncResult *result, gpointer data)
{
  LacunaDevices *self = LACUNA_DEVICES (source);
  g_autoptr (GError) error = NULL;
  g_autoptr (GStrvBuilder) names = g_strv_builder_new ();

  g_clear_pointer (&self->devices, g_ptr_array_unref);
  self->devices = g_task_propagate_pointer (G_TASK (result), &error);
  for (guint i = 0; self->devices != NULL && i < self->devices->len; i++)
    g_strv_builder_add (names, lacuna_device_get_name (self->devices->pdata[i]));
  g_strfreev (self->names);
  self->names = g_strv_builder_end (names);
  g_free (self->note);
  self->note = self->devices != NULL ? lacuna_device_get_note () : NULL;
  g_free (self->error);
  self->error = error != NULL ? g_strdup (error->message) : NULL;
  g_object_notify_by_pspec (source, properties[PROP_NAMES]);
  g_object_notify_by_pspec (source, properties[PROP_ERROR]);
}

void
lacuna_devices_refresh (LacunaDevices *self)
{
  g_autoptr (GTask) task = g_task_new (self, NULL, listed, NULL);

  g_task_run_in_thread (task, list_in_thread);
}

const char *const *
lacuna_devices_get_names (LacunaDevices *self)
{
  return (const char *const *) self->names;
}

const char *
lacuna_devices_get_error (LacunaDevices *self)
{
  return self->error;
}

const char *
lacuna_devices_find (LacunaDevices *self, const char *remembered)
{
  LacunaDevice *device = NULL;
  guint matches;

  if (self->devices != NULL)
    device = lacuna_device_choose (self->devices, remembered, &matches);
  return device != NULL ? lacuna_device_get_name (device) : NULL;
}

char *
lacuna_devices_describe (LacunaDevices *self, const char *remembered)
{
  LacunaDevice *device = NULL;
  guint matches;

  if (self->devices != NULL && self->devices->len > 0)
    device = remembered != NULL ? lacuna_device_choose (self->devices, remembered, &matches) : self->devices->pdata[0];
  return device != NULL ? g_strconcat (lacuna_device_get_name (device), "; ", lacuna_device_get_driver (device), NULL)
                        : NULL;
}

const char *
lacuna_devices_get_note (LacunaDevices *self)
{
  return self->note;
}

LacunaDevices *
lacuna_devices_new (void)
{
  return g_object_new (LACUNA_TYPE_DEVICES, NULL);
}

static void
lacuna_devices_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  LacunaDevices *self = LACUNA_DEVICES (object);

  switch (id)
    {
    case PROP_NAMES:
      g_value_set_boxed (value, self->names);
      break;
    case PROP_ERROR:
      g_value_set_string (value, self->error);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
lacuna_devices_finalize (GObject *object)
{
  LacunaDevices *self = LACUNA_DEVICES (object);

  g_strfreev (self->names);
  g_free (self->error);
  g_free (self->note);
  g_clear_pointer (&self->devices, g_ptr_array_unref);
  G_OBJECT_CLASS (lacuna_devices_parent_class)->finalize (object);
}

static void
lacuna_devices_class_init (LacunaDevicesClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = lacuna_devices_get_property;
  object_class->finalize = lacuna_devices_finalize;
  properties[PROP_NAMES]
      = g_param_spec_boxed ("names", NULL, NULL, G_TYPE_STRV, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_ERROR] = g_param_spec_string ("error", NULL, NULL, NULL, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);
}

static void
lacuna_devices_init (LacunaDevices *self)
{
  self->names = g_new0 (char *, 1);
}
