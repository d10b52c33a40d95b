/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reads and writes the sizes that kernels are built with: a family's from the resources, the user's own from
 * tuning.ini. Each value is checked against the range in `tunables`, so that a LacunaTuning holds none that a kernel
 * can't be built with. There is no state: the thread that opens a context loads, and `lacuna tune` saves on its main
 * thread. */
#include "engine/cl/tuning.h"

#include <gio/gio.h>
#include <glib/gi18n-lib.h>
#include <string.h>

#include "engine/cl/device-limits.h"
#include "engine/cl/device-private.h"
#include "engine/cl/tuning-resources.h"
#include "engine/error.h"
#include "engine/publish.h"

#define FOLDER "/org/lacuna/tuning/"
#define GROUP "tuning"

static const char *const kernels_names[] = {
  [LACUNA_KERNELS_CPU] = "cpu",
  [LACUNA_KERNELS_GPU] = "gpu",
};

static const struct {
  const char *key;
  gsize offset;
  guint least, most;
} tunables[] = {
  { "lanes", G_STRUCT_OFFSET (LacunaTuning, lanes), 4, 16 },
  { "pixels", G_STRUCT_OFFSET (LacunaTuning, pixels), 1, 32 },
  { "vectors", G_STRUCT_OFFSET (LacunaTuning, vectors), 1, 4 },
  { "tiles", G_STRUCT_OFFSET (LacunaTuning, tiles), 1, 256 },
  { "query-tiles", G_STRUCT_OFFSET (LacunaTuning, query_tiles), 1, 64 },
  { "score-rows", G_STRUCT_OFFSET (LacunaTuning, score_rows), 1, 64 },
  { "transfer-rows", G_STRUCT_OFFSET (LacunaTuning, transfer_rows), 1, 16 },
  { "transfer-keys", G_STRUCT_OFFSET (LacunaTuning, transfer_keys), 1, 4096 },
  { "rows", G_STRUCT_OFFSET (LacunaTuning, rows), 1, 32 },
  { "columns", G_STRUCT_OFFSET (LacunaTuning, columns), 1, 32 },
  { "depth", G_STRUCT_OFFSET (LacunaTuning, depth), 1, 64 },
};

static guint *
get_tunable (LacunaTuning *self, guint i)
{
  return (guint *) ((char *) self + tunables[i].offset);
}

static gboolean
refuse (const char *where, const char *group, const char *key, const char *value, GError **error)
{
  g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_FORMAT,
               _ ("“%s” has “%s=%s” under [%s], which can't be used. Correct it, delete it, or run “lacuna tune”."),
               where, key, value, group);
  return FALSE;
}

/* Sets a size, or which kernels. FALSE: there is no such key, or the value is none for it. */
static gboolean
set_value (LacunaTuning *self, const char *key, const char *value)
{
  guint64 number;

  if (strcmp (key, "kernels") == 0)
    {
      for (guint i = 0; i < G_N_ELEMENTS (kernels_names); i++)
        if (strcmp (value, kernels_names[i]) == 0)
          {
            self->kernels = i;
            return TRUE;
          }
      return FALSE;
    }
  for (guint i = 0; i < G_N_ELEMENTS (tunables); i++)
    if (strcmp (key, tunables[i].key) == 0)
      {
        if (!g_ascii_string_to_unsigned (value, 10, tunables[i].least, tunables[i].most, &number, NULL)
            || (strcmp (key, "lanes") == 0 && (number & (number - 1)) != 0))
          return FALSE;
        *get_tunable (self, i) = number;
        return TRUE;
      }
  return FALSE;
}

static gboolean
set_values (LacunaTuning *self, GKeyFile *file, const char *group, const char *where, GError **error)
{
  g_auto (GStrv) keys = g_key_file_get_keys (file, group, NULL, NULL);

  for (guint i = 0; keys != NULL && keys[i] != NULL; i++)
    {
      g_autofree char *value = g_key_file_get_value (file, group, keys[i], NULL);

      if (strcmp (keys[i], "family") != 0 && !set_value (self, keys[i], value))
        return refuse (where, group, keys[i], value, error);
    }
  return TRUE;
}

gboolean
lacuna_tuning_init (LacunaTuning *self, const char *family)
{
  g_autofree char *path = g_strconcat (FOLDER, family, ".ini", NULL);
  g_autoptr (GBytes) text
      = g_resource_lookup_data (lacuna_tuning_get_resource (), path, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
  g_autoptr (GKeyFile) file = g_key_file_new ();

  if (text == NULL || !g_key_file_load_from_bytes (file, text, G_KEY_FILE_NONE, NULL))
    return FALSE;
  /* What a family does not name it does not use. */
  *self = (LacunaTuning){ 0 };
  for (guint i = 0; i < G_N_ELEMENTS (tunables); i++)
    *get_tunable (self, i) = tunables[i].least;
  return set_values (self, file, GROUP, family, NULL);
}

const char *
lacuna_tuning_get_family (LacunaDevice *device)
{
  guint lanes = lacuna_device_get_lanes (device);

  if (lacuna_device_get_kind (device) != LACUNA_DEVICE_CPU)
    return "gpu";
  return lanes >= 16 ? "cpu-16" : lanes >= 8 ? "cpu-8" : "cpu-4";
}

gboolean
lacuna_tuning_read (LacunaTuning *ret_self, LacunaDevice *device, GKeyFile *file, const char *group, const char *where,
                    GError **error)
{
  g_autofree char *family = g_key_file_get_value (file, group, "family", NULL);
  LacunaTuning tuning;

  if (!lacuna_tuning_init (&tuning, family != NULL ? family : lacuna_tuning_get_family (device)))
    return refuse (where, group, "family", family, error);
  if (!set_values (&tuning, file, group, where, error))
    return FALSE;
  *ret_self = tuning;
  return TRUE;
}

char *
lacuna_tuning_get_path (void)
{
  return g_build_filename (g_get_user_config_dir (), "lacuna", "tuning.ini", NULL);
}

/* The name of a device's group: its platform, as each has a compiler of its own, and the part of its name that survives
 * an upgrade of the driver. Brackets and control characters are not for names of groups. */
static char *
get_group (LacunaDevice *device)
{
  char *group
      = g_strdup_printf ("%s, %s", lacuna_device_get_platform (device), lacuna_device_get_lasting_name (device));

  for (char *c = group; *c != '\0'; c++)
    if (*c == '[' || *c == ']' || g_ascii_iscntrl (*c))
      *c = '_';
  return group;
}

/* The group of a device, or the one under which an earlier version, or that with an older driver, knew it. */
static char *
find_group (GKeyFile *file, LacunaDevice *device)
{
  g_autofree char *group = get_group (device);
  g_auto (GStrv) groups = NULL;

  if (g_key_file_has_group (file, group))
    return g_steal_pointer (&group);
  groups = g_key_file_get_groups (file, NULL);
  for (guint i = 0; groups[i] != NULL; i++)
    if (lacuna_device_was_called (device, groups[i]))
      return g_strdup (groups[i]);
  return g_steal_pointer (&group);
}

/* Opens the user's file of sizes; it is empty where there is none. */
static GKeyFile *
open_file (const char *path, GError **error)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autoptr (GError) local_error = NULL;

  if (g_key_file_load_from_file (file, path, G_KEY_FILE_KEEP_COMMENTS, &local_error)
      || g_error_matches (local_error, G_FILE_ERROR, G_FILE_ERROR_NOENT))
    return g_steal_pointer (&file);
  g_set_error (error, LACUNA_ERROR, local_error->domain == G_FILE_ERROR ? LACUNA_ERROR_FILE : LACUNA_ERROR_FORMAT,
               _ ("“%s” can't be read: %s. Delete it; “lacuna tune” makes a new one."), path, local_error->message);
  return NULL;
}

gboolean
lacuna_tuning_load (LacunaTuning *ret_self, LacunaDevice *device, GError **error)
{
  g_autofree char *path = lacuna_tuning_get_path ();
  g_autoptr (GKeyFile) file = open_file (path, error);
  g_autofree char *group = file != NULL ? find_group (file, device) : NULL;

  return group != NULL && lacuna_tuning_read (ret_self, device, file, group, path, error);
}

gboolean
lacuna_tuning_save (const LacunaTuning *self, LacunaDevice *device, GError **error)
{
  g_autofree char *path = lacuna_tuning_get_path ();
  g_autofree char *folder = g_path_get_dirname (path);
  g_autofree char *group = get_group (device), *former = NULL;
  g_autoptr (GKeyFile) file = open_file (path, NULL);
  LacunaTuning values = *self;
  g_autofree char *content = NULL;
  gsize size;

  if (file == NULL)
    file = g_key_file_new ();
  former = find_group (file, device);
  g_key_file_remove_group (file, former, NULL);
  g_key_file_set_string (file, group, "family", lacuna_tuning_get_family (device));
  g_key_file_set_string (file, group, "kernels", kernels_names[self->kernels]);
  for (guint i = 0; i < G_N_ELEMENTS (tunables); i++)
    g_key_file_set_integer (file, group, tunables[i].key, (int) *get_tunable (&values, i));
  g_mkdir_with_parents (folder, 0700);
  content = g_key_file_to_data (file, &size, NULL);
  return lacuna_publish (path, content, size, LACUNA_PUBLISH_DEFAULT, error);
}
