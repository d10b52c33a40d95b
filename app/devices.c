#include "app/devices.h"

#include "engine/engine.h"

struct _LacunaDevices {
  GObject  parent_instance;
  char   **names;
  char    *error;
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
  g_autoptr (GPtrArray) devices = lacuna_device_list (&error);
  g_autoptr (GStrvBuilder) names = g_strv_builder_new ();

  if (devices == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  for (guint i = 0; i < devices->len; i++)
    g_strv_builder_add (names, lacuna_device_get_name (devices->pdata[i]));
  g_task_return_pointer (task, g_strv_builder_end (names), (GDestroyNotify) g_strfreev);
}

static void
listed (GObject *source, GAsyncResult *result, gpointer data)
{
  LacunaDevices *self = LACUNA_DEVICES (source);
  g_autoptr (GError) error = NULL;
  char **names = g_task_propagate_pointer (G_TASK (result), &error);

  g_strfreev (self->names);
  self->names = names != NULL ? names : g_new0 (char *, 1);
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
  G_OBJECT_CLASS (lacuna_devices_parent_class)->finalize (object);
}

static void
lacuna_devices_class_init (LacunaDevicesClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);

  object_class->get_property = lacuna_devices_get_property;
  object_class->finalize = lacuna_devices_finalize;
  properties[PROP_NAMES]
      = g_param_spec_boxed ("names", NULL, NULL, G_TYPE_STRV, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_ERROR]
      = g_param_spec_string ("error", NULL, NULL, NULL, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);
}

static void
lacuna_devices_init (LacunaDevices *self)
{
  self->names = g_new0 (char *, 1);
}
