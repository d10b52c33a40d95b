/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lists the devices of all platforms in the order of the automatic choice, and finds one by name. A platform that
 * lacuna-probe found to crash or hang is not asked (but for lacuna_device_find_place, which lacuna-self-test calls),
 * and a device with a verdict against it is neither listed nor found. Nothing is kept between two calls, and any thread
 * may call. */
#include "engine/cl/device-list.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "engine/cl/device-limits.h"
#include "engine/cl/device-private.h"
#include "engine/cl/pocl.h"
#include "engine/cl/probe.h"
#include "engine/cl/verdict.h"
#include "engine/error.h"

static void
add_devices (GPtrArray *devices, cl_platform_id platform)
{
  g_autofree cl_device_id *ids = NULL;
  cl_uint count = 0;

  if (clGetDeviceIDs (platform, CL_DEVICE_TYPE_ALL, 0, NULL, &count) != CL_SUCCESS || count == 0)
    return;
  ids = g_new0 (cl_device_id, count);
  if (clGetDeviceIDs (platform, CL_DEVICE_TYPE_ALL, count, ids, NULL) != CL_SUCCESS)
    return;
  for (cl_uint i = 0; i < count; i++)
    if (lacuna_device_is_usable (ids[i]))
      g_ptr_array_add (devices, lacuna_device_new (platform, ids[i], i));
}

/* Renderers that compute on the processor, thousands of times slower than a driver that is made for it, and
 * emulators. */
static gboolean
is_stand_in (const LacunaDevice *self)
{
  static const char *const signs[] = { "llvmpipe", "softpipe", "swrast", "swiftshader", "emulat", "simulat" };
  g_autofree char *name = g_ascii_strdown (self->full_name, -1);

  for (guint i = 0; i < G_N_ELEMENTS (signs); i++)
    if (strstr (name, signs[i]) != NULL)
      return TRUE;
  return FALSE;
}

static int
get_rank (const LacunaDevice *self)
{
  static const int ranks[] = { [LACUNA_DEVICE_GPU] = 0, [LACUNA_DEVICE_CPU] = 1, [LACUNA_DEVICE_OTHER] = 2 };

  return is_stand_in (self) ? 3 : ranks[self->kind];
}

static int
compare_devices (gconstpointer a, gconstpointer b)
{
  const LacunaDevice *first = *(const LacunaDevice *const *) a;
  const LacunaDevice *second = *(const LacunaDevice *const *) b;

  if (get_rank (first) != get_rank (second))
    return get_rank (first) - get_rank (second);
  if (first->compute_units != second->compute_units)
    return first->compute_units > second->compute_units ? -1 : 1;
  return strcmp (first->name, second->name);
}

/* Whether a device of another platform has the name of device i. */
static gboolean
is_shared (GPtrArray *devices, guint i)
{
  const LacunaDevice *self = devices->pdata[i];

  for (guint j = 0; j < devices->len; j++)
    {
      const LacunaDevice *other = devices->pdata[j];

      if (strcmp (other->name, self->name) == 0 && strcmp (other->platform, self->platform) != 0)
        return TRUE;
    }
  return FALSE;
}

/* Devices of one name are told apart by their platforms, and those of one platform by their number. */
static void
tell_apart (GPtrArray *devices)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  g_autoptr (GHashTable) counts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < devices->len; i++)
    {
      LacunaDevice *self = devices->pdata[i];

      g_ptr_array_add (names, is_shared (devices, i) ? g_strdup_printf ("%s (%s)", self->name, self->platform)
                                                     : g_strdup (self->name));
    }
  for (guint i = 0; i < devices->len; i++)
    {
      LacunaDevice *self = devices->pdata[i];
      guint count = 1 + GPOINTER_TO_UINT (g_hash_table_lookup (counts, names->pdata[i]));

      g_free (self->name);
      self->name = count > 1 ? g_strdup_printf ("%s #%u", (char *) names->pdata[i], count) : g_strdup (names->pdata[i]);
      g_hash_table_insert (counts, names->pdata[i], GUINT_TO_POINTER (count));
    }
}

/* Returns the platforms that the loader knows (g_free); their number may be 0. */
static cl_platform_id *
list_platforms (cl_uint *ret_n)
{
  cl_platform_id *platforms;
  cl_uint n = 0;

  *ret_n = 0;
  if (clGetPlatformIDs (0, NULL, &n) != CL_SUCCESS || n == 0)
    return NULL;
  platforms = g_new0 (cl_platform_id, n);
  if (clGetPlatformIDs (n, platforms, NULL) == CL_SUCCESS)
    *ret_n = n;
  return platforms;
}

/* Returns all usable devices in the list's order, those with a verdict against them too. */
static GPtrArray *
list_all (cl_uint *ret_n_platforms)
{
  GHashTable *set_aside = lacuna_probe_get_set_aside ();
  GPtrArray *devices = g_ptr_array_new_with_free_func (g_object_unref);
  g_autofree cl_platform_id *platforms = NULL;

  lacuna_pocl_begin ();
  *ret_n_platforms = 0;
  if (!g_hash_table_contains (set_aside, ""))
    platforms = list_platforms (ret_n_platforms);
  for (cl_uint i = 0; i < *ret_n_platforms; i++)
    {
      g_autofree char *name = lacuna_platform_get_string (platforms[i], CL_PLATFORM_NAME);

      if (!g_hash_table_contains (set_aside, name))
        add_devices (devices, platforms[i]);
    }
  tell_apart (devices);
  g_ptr_array_sort (devices, compare_devices);
  return devices;
}

LacunaDevice *
lacuna_device_find_place (const char *platform, guint place)
{
  g_autofree cl_platform_id *platforms = NULL;
  cl_uint n;

  lacuna_pocl_begin ();
  platforms = list_platforms (&n);
  for (cl_uint i = 0; i < n; i++)
    {
      g_autofree char *name = lacuna_platform_get_string (platforms[i], CL_PLATFORM_NAME);
      g_autoptr (GPtrArray) devices = g_ptr_array_new_with_free_func (g_object_unref);

      if (strcmp (name, platform) == 0)
        add_devices (devices, platforms[i]);
      for (guint j = 0; j < devices->len; j++)
        if (((LacunaDevice *) devices->pdata[j])->place == place)
          return g_object_ref (devices->pdata[j]);
    }
  return NULL;
}

static void
append_platforms (GString *note)
{
  GHashTableIter iter;
  gpointer name, reason;

  g_hash_table_iter_init (&iter, lacuna_probe_get_set_aside ());
  while (g_hash_table_iter_next (&iter, &name, &reason))
    if (*(char *) name != '\0')
      g_string_append_printf (note, _ ("The OpenCL driver “%s” is left out: %s. "), (char *) name, (char *) reason);
    else
      g_string_append_printf (note, _ ("OpenCL can't be used: %s. "), (char *) reason);
  if (note->len > 0)
    g_string_append (note, _ ("Install the driver anew; in a container it may lack /sys or /proc."));
}

/* Appends the devices that were tried and failed. */
static void
append_devices (GString *note, GPtrArray *devices)
{
  g_autofree char *folder = lacuna_verdict_get_folder ();

  for (guint i = 0; i < devices->len; i++)
    {
      LacunaDevice *device = devices->pdata[i];
      g_autofree char *reason = NULL;

      if (lacuna_verdict_load (device, &reason) != LACUNA_VERDICT_AGAINST)
        continue;
      if (note->len > 0)
        g_string_append_c (note, '\n');
      /* TRANSLATORS: its driver's name and version are in brackets; what the test found follows the colon */
      g_string_append_printf (note,
                              _ ("The device “%s” is set aside, because its driver (%s, version %s) failed a test: %s. "
                                 "Update or remove that driver; to have it tested again, delete “%s”."),
                              device->name, device->platform, device->driver, reason, folder);
    }
}

static char *
make_note (GPtrArray *devices)
{
  g_autoptr (GString) note = g_string_new (NULL);

  append_platforms (note);
  append_devices (note, devices);
  return note->len > 0 ? g_string_free (g_steal_pointer (&note), FALSE) : NULL;
}

char *
lacuna_device_get_note (void)
{
  cl_uint n_platforms;
  g_autoptr (GPtrArray) devices = list_all (&n_platforms);

  return make_note (devices);
}

static void
set_none_error (GPtrArray *devices, cl_uint n_platforms, GError **error)
{
  g_autofree char *note = make_note (devices);

  if (note != NULL)
    g_set_error_literal (error, LACUNA_ERROR, LACUNA_ERROR_NO_DEVICE, note);
  else
    g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_NO_DEVICE,
                 _ ("%s. Install the package pocl-opencl-icd to compute on the processor, or your graphics card's "
                    "OpenCL driver (intel-opencl-icd, mesa-opencl-icd, rocm-opencl-icd or nvidia-opencl-icd)."),
                 n_platforms == 0 ? _ ("There is no OpenCL driver to compute with")
                                  : _ ("The installed OpenCL drivers offer no device with OpenCL 1.2 and a compiler "
                                       "(PoCL offers none where it can't write its folder in ~/.cache)"));
}

static gboolean
is_set_aside (LacunaDevice *self)
{
  return lacuna_verdict_load (self, NULL) == LACUNA_VERDICT_AGAINST;
}

GPtrArray *
lacuna_device_list (GError **error)
{
  cl_uint n_platforms;
  g_autoptr (GPtrArray) all = list_all (&n_platforms);
  g_autoptr (GPtrArray) devices = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < all->len; i++)
    if (!is_set_aside (all->pdata[i]))
      g_ptr_array_add (devices, g_object_ref (all->pdata[i]));
  if (devices->len > 0)
    return g_steal_pointer (&devices);
  set_none_error (all, n_platforms, error);
  return NULL;
}

static gboolean
contains (const char *name, const char *part)
{
  g_autofree char *folded_name = g_utf8_casefold (name, -1);
  g_autofree char *folded_part = g_utf8_casefold (part, -1);

  return strstr (folded_name, folded_part) != NULL;
}

/* Whether name means the device: by a part of its names or its platform's, or as an older driver had it. */
static gboolean
is_meant (LacunaDevice *self, const char *name)
{
  return contains (self->name, name) || contains (self->full_name, name) || contains (self->platform, name)
         || lacuna_device_was_called (self, name);
}

LacunaDevice *
lacuna_device_choose (GPtrArray *devices, const char *name, guint *ret_matches)
{
  LacunaDevice *match = NULL;
  guint matches = 0;

  *ret_matches = 1;
  for (guint i = 0; i < devices->len; i++)
    {
      LacunaDevice *device = devices->pdata[i];

      if (strcmp (device->name, name) == 0)
        return device;
      if (is_meant (device, name))
        {
          match = device;
          matches++;
        }
    }
  *ret_matches = matches;
  return matches == 1 ? match : NULL;
}

/* The device, or where it is set aside the next one that is not; NULL: there is none. */
static LacunaDevice *
pass_over (GPtrArray *devices, LacunaDevice *device)
{
  guint first = 0;

  g_ptr_array_find (devices, device, &first);
  for (guint i = 0; i < devices->len; i++)
    {
      LacunaDevice *other = devices->pdata[(first + i) % devices->len];

      if (!is_set_aside (other))
        return g_object_ref (other);
    }
  return NULL;
}

static void
set_unknown_error (GPtrArray *devices, const char *name, guint n_matches, GError **error)
{
  g_autoptr (GString) names = g_string_new (NULL);

  for (guint i = 0; i < devices->len; i++)
    /* TRANSLATORS: a name in a list, and before it a comma */
    g_string_append_printf (names, _ ("%s“%s”"), i > 0 ? ", " : "", lacuna_device_get_name (devices->pdata[i]));
  g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_NO_DEVICE, _ ("%s “%s”. Choose one of: %s."),
               n_matches == 0 ? _ ("There is no device") : _ ("More than one device has a name like"), name,
               names->str);
}

LacunaDevice *
lacuna_device_find (const char *name, GError **error)
{
  cl_uint n_platforms;
  g_autoptr (GPtrArray) devices = list_all (&n_platforms);
  LacunaDevice *device = NULL;
  guint n_matches = 0;

  if (devices->len > 0)
    device = name == NULL ? devices->pdata[0] : lacuna_device_choose (devices, name, &n_matches);
  if (devices->len > 0 && device == NULL)
    {
      set_unknown_error (devices, name, n_matches, error);
      return NULL;
    }
  device = device != NULL ? pass_over (devices, device) : NULL;
  if (device == NULL)
    set_none_error (devices, n_platforms, error);
  return device;
}

LacunaDevice *
lacuna_device_find_next (LacunaDevice *failed)
{
  g_autoptr (GPtrArray) devices = lacuna_device_list (NULL);
  LacunaDevice *cpu = NULL;

  for (guint i = 0; devices != NULL && i < devices->len; i++)
    {
      LacunaDevice *device = g_ptr_array_index (devices, i);

      if (lacuna_device_is_same (device, failed) && i + 1 < devices->len)
        return g_object_ref (g_ptr_array_index (devices, i + 1));
      if (cpu == NULL && lacuna_device_get_kind (device) == LACUNA_DEVICE_CPU)
        cpu = device;
    }
  return cpu != NULL ? g_object_ref (cpu) : NULL;
}
