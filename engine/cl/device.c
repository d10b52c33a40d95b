/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a driver says of one device, asked once when the object is made. An object does not change after that; only its
 * name is replaced, by device-list.c, before anyone else holds the object. Any thread may read it. */
#include "engine/cl/device.h"

#include <stdio.h>
#include <string.h>

#include "engine/cl/device-private.h"

G_DEFINE_FINAL_TYPE (LacunaDevice, lacuna_device, G_TYPE_OBJECT)

static void
lacuna_device_finalize (GObject *object)
{
  LacunaDevice *self = LACUNA_DEVICE (object);

  g_free (self->name);
  g_free (self->full_name);
  g_free (self->lasting_name);
  g_free (self->platform);
  g_free (self->platform_version);
  g_free (self->vendor);
  g_free (self->driver);
  G_OBJECT_CLASS (lacuna_device_parent_class)->finalize (object);
}

static void
lacuna_device_class_init (LacunaDeviceClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = lacuna_device_finalize;
}

static void
lacuna_device_init (LacunaDevice *self)
{
}

char *
lacuna_platform_get_string (cl_platform_id id, cl_platform_info what)
{
  char text[1024] = "";

  clGetPlatformInfo (id, what, sizeof text - 1, text, NULL);
  return g_utf8_make_valid (g_strstrip (text), -1);
}

static char *
get_string (cl_device_id id, cl_device_info what)
{
  char text[1024] = "";

  clGetDeviceInfo (id, what, sizeof text - 1, text, NULL);
  return g_utf8_make_valid (g_strstrip (text), -1);
}

static guint
get_uint (cl_device_id id, cl_device_info what)
{
  cl_uint value = 0;

  clGetDeviceInfo (id, what, sizeof value, &value, NULL);
  return value;
}

static guint64
get_ulong (cl_device_id id, cl_device_info what)
{
  cl_ulong value = 0;

  clGetDeviceInfo (id, what, sizeof value, &value, NULL);
  return value;
}

static gboolean
get_flag (cl_device_id id, cl_device_info what)
{
  cl_bool value = CL_FALSE;

  clGetDeviceInfo (id, what, sizeof value, &value, NULL);
  return value == CL_TRUE;
}

gboolean
lacuna_device_is_usable (cl_device_id id)
{
  g_autofree char *profile = get_string (id, CL_DEVICE_PROFILE);
  g_autofree char *version = get_string (id, CL_DEVICE_VERSION);
  guint major = 0;
  guint minor = 0;

  if (sscanf (version, "OpenCL %u.%u", &major, &minor) != 2)
    return FALSE;
  return (major > 1 || (major == 1 && minor >= 2)) && strcmp (profile, "FULL_PROFILE") == 0
         && get_flag (id, CL_DEVICE_AVAILABLE) && get_flag (id, CL_DEVICE_COMPILER_AVAILABLE);
}

static LacunaDeviceKind
get_kind (cl_device_id id)
{
  guint64 type = get_ulong (id, CL_DEVICE_TYPE);

  if (type & CL_DEVICE_TYPE_GPU)
    return LACUNA_DEVICE_GPU;
  return type & CL_DEVICE_TYPE_CPU ? LACUNA_DEVICE_CPU : LACUNA_DEVICE_OTHER;
}

/* PoCL writes its own name for the kind of device, which changed from one release to the next, and LLVM's for the
 * processor, which changes as LLVM comes to know more of them, before the processor's: “pthread-skylake-avx512-AMD
 * EPYC”, “cpu-znver4-AMD EPYC”. What stays is the last: the first part that LLVM would not write. */
static char *
get_lasting_name (const char *full_name)
{
  static const char *const prefixes[] = { "pthread-", "basic-", "cpu-minimal-", "cpu-" };

  for (guint i = 0; i < G_N_ELEMENTS (prefixes); i++)
    if (g_str_has_prefix (full_name, prefixes[i]))
      {
        const char *name = full_name + strlen (prefixes[i]), *rest = name, *dash;

        while ((dash = strchr (rest, '-')) != NULL
               && strspn (rest, "abcdefghijklmnopqrstuvwxyz0123456789_.+") == (gsize) (dash - rest))
          rest = dash + 1;
        return g_strdup (strspn (rest, "abcdefghijklmnopqrstuvwxyz0123456789_.+") == strlen (rest) ? name : rest);
      }
  return g_strdup (full_name);
}

LacunaDevice *
lacuna_device_new (cl_platform_id platform, cl_device_id id, guint place)
{
  LacunaDevice *self = g_object_new (LACUNA_TYPE_DEVICE, NULL);
  guint native = get_uint (id, CL_DEVICE_NATIVE_VECTOR_WIDTH_FLOAT);
  guint preferred = get_uint (id, CL_DEVICE_PREFERRED_VECTOR_WIDTH_FLOAT);

  self->id = id;
  self->place = place;
  self->full_name = get_string (id, CL_DEVICE_NAME);
  self->vendor = get_string (id, CL_DEVICE_VENDOR);
  self->driver = get_string (id, CL_DRIVER_VERSION);
  self->platform = lacuna_platform_get_string (platform, CL_PLATFORM_NAME);
  self->platform_version = lacuna_platform_get_string (platform, CL_PLATFORM_VERSION);
  self->kind = get_kind (id);
  self->compute_units = MAX (get_uint (id, CL_DEVICE_MAX_COMPUTE_UNITS), 1);
  self->lanes = CLAMP (native != 0 ? native : preferred, 1, 16);
  self->memory = get_ulong (id, CL_DEVICE_GLOBAL_MEM_SIZE);
  self->local_memory = get_ulong (id, CL_DEVICE_LOCAL_MEM_SIZE);
  self->max_buffer = get_ulong (id, CL_DEVICE_MAX_MEM_ALLOC_SIZE);
  self->lasting_name = get_lasting_name (self->full_name);
  self->name = g_strdup (self->lasting_name);
  return self;
}

const char *
lacuna_device_get_name (LacunaDevice *self)
{
  return self->name;
}

const char *
lacuna_device_get_full_name (LacunaDevice *self)
{
  return self->full_name;
}

gboolean
lacuna_device_was_called (LacunaDevice *self, const char *full_name)
{
  g_autofree char *lasting = get_lasting_name (full_name);

  return strcmp (self->lasting_name, lasting) == 0;
}

const char *
lacuna_device_get_lasting_name (LacunaDevice *self)
{
  return self->lasting_name;
}

const char *
lacuna_device_get_platform (LacunaDevice *self)
{
  return self->platform;
}

const char *
lacuna_device_get_platform_version (LacunaDevice *self)
{
  return self->platform_version;
}

const char *
lacuna_device_get_vendor (LacunaDevice *self)
{
  return self->vendor;
}

const char *
lacuna_device_get_driver (LacunaDevice *self)
{
  return self->driver;
}

LacunaDeviceKind
lacuna_device_get_kind (LacunaDevice *self)
{
  return self->kind;
}

guint
lacuna_device_get_compute_units (LacunaDevice *self)
{
  return self->compute_units;
}

guint64
lacuna_device_get_memory (LacunaDevice *self)
{
  return self->memory;
}

guint
lacuna_device_get_place (LacunaDevice *self)
{
  return self->place;
}

guint64
lacuna_device_get_max_buffer (LacunaDevice *self)
{
  return self->max_buffer;
}

cl_device_id
lacuna_device_get_id (LacunaDevice *self)
{
  return self->id;
}
