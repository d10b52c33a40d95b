/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/cl/probe.h"

#include <gio/gio.h>
#include <glib/gstdio.h>

#include "engine/helper.h"

#define PROGRAM "lacuna-probe"
#define VENDORS "/etc/OpenCL/vendors"
#define PATIENCE 30 /* seconds for each driver */
#define MAX_PLATFORMS 64

/* The loader ocl-icd would sort the platforms by the number of their devices, and so ask all of them when none may be.
 * A constructor, because the environment must not change once there are threads. */
__attribute__ ((constructor)) static void
set_up_loader (void)
{
  g_setenv ("OCL_ICD_PLATFORM_SORT", "none", FALSE);
}

static void
add_file (GChecksum *checksum, const char *path)
{
  g_autofree char *text = NULL;
  GStatBuf status = { 0 };

  g_stat (path, &status);
  text = g_strdup_printf ("%s %" G_GINT64_FORMAT " %" G_GINT64_FORMAT "\n", path, (gint64) status.st_mtime,
                          (gint64) status.st_size);
  g_checksum_update (checksum, (const guchar *) text, -1);
}

/* A vendor's file names its library, most often by an absolute path. */
static void
add_vendor (GChecksum *checksum, const char *path)
{
  g_autofree char *library = NULL;

  add_file (checksum, path);
  if (g_file_get_contents (path, &library, NULL, NULL))
    add_file (checksum, g_strstrip (library));
}

/* Returns a checksum of the drivers that are installed, and of what is known to make them fail (g_free). A good answer
 * is remembered under it. */
static char *
get_key (void)
{
  static const char *const variables[]
      = { "OCL_ICD_VENDORS", "OCL_ICD_FILENAMES", "OPENCL_VENDOR_PATH", "RUSTICL_ENABLE", "POCL_DEVICES" };
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  const char *vendors = g_getenv ("OCL_ICD_VENDORS");
  g_autoptr (GDir) folder = NULL;
  const char *name;

  if (vendors == NULL)
    vendors = VENDORS;
  g_checksum_update (checksum, (const guchar *) LACUNA_VERSION, -1);
  for (guint i = 0; i < G_N_ELEMENTS (variables); i++)
    {
      const char *value = g_getenv (variables[i]);

      g_checksum_update (checksum, (const guchar *) (value != NULL ? value : ""), -1);
      g_checksum_update (checksum, (const guchar *) "\n", 1);
    }
  /* PoCL aborts where it can't count the processors. */
  g_checksum_update (
      checksum,
      g_file_test ("/sys/devices/system/cpu", G_FILE_TEST_IS_DIR) ? (const guchar *) "s" : (const guchar *) "n", 1);
  add_file (checksum, vendors);
  folder = g_dir_open (vendors, 0, NULL);
  while (folder != NULL && (name = g_dir_read_name (folder)) != NULL)
    {
      g_autofree char *path = g_build_filename (vendors, name, NULL);

      add_vendor (checksum, path);
    }
  return g_strdup (g_checksum_get_string (checksum));
}

static char *
get_stamp_path (const char *key)
{
  return g_build_filename (g_get_user_cache_dir (), "lacuna", "probed", key, NULL);
}

/* FALSE where the program can't be run. */
static gboolean
run_probe (const char *program, GHashTable *skipped, LacunaHelperRun *ret_run)
{
  g_autoptr (GPtrArray) arguments = g_ptr_array_new ();
  GHashTableIter iter;
  gpointer name;

  g_ptr_array_add (arguments, (gpointer) program);
  g_hash_table_iter_init (&iter, skipped);
  while (g_hash_table_iter_next (&iter, &name, NULL))
    g_ptr_array_add (arguments, name);
  g_ptr_array_add (arguments, NULL);
  return lacuna_helper_run ((const char *const *) arguments->pdata, NULL, PATIENCE, NULL, ret_run, NULL);
}

/* Asks again without the platform at which it ended, until all others answered. */
static gpointer
probe (gpointer data)
{
  GHashTable *set_aside = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_autofree char *program = lacuna_helper_find (PROGRAM);
  g_autofree char *key = get_key ();
  g_autofree char *stamp = get_stamp_path (key);
  g_autofree char *folder = g_path_get_dirname (stamp);

  if (program == NULL || g_file_test (stamp, G_FILE_TEST_EXISTS))
    return set_aside;
  for (guint i = 0; i < MAX_PLATFORMS; i++)
    {
      g_auto (LacunaHelperRun) result = { 0 };
      const char *platform;

      if (!run_probe (program, set_aside, &result))
        return set_aside;
      if (result.is_over && result.status == 0)
        break;
      /* The last word names no platform, or one that was left out: the loader itself ends the program. */
      platform = g_hash_table_contains (set_aside, result.last) ? "" : result.last;
      g_hash_table_replace (set_aside, g_strdup (platform), lacuna_helper_describe_end (&result));
      if (platform[0] == '\0')
        break;
    }
  if (g_hash_table_size (set_aside) == 0 && g_mkdir_with_parents (folder, 0700) == 0)
    g_file_set_contents (stamp, "", 0, NULL);
  return set_aside;
}

GHashTable *
lacuna_probe_get_set_aside (void)
{
  static GOnce once = G_ONCE_INIT;

  return g_once (&once, probe, NULL);
}
