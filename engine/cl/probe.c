/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/cl/probe.h"

#include <gio/gio.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>

#include "engine/helper.h"

#define PROGRAM "lacuna-probe"
#define VENDORS "/etc/OpenCL/vendors"
#define PATIENCE 30 /* seconds for all drivers together */
#define MAX_PLATFORMS 64

/* The loader ocl-icd would sort the platforms by the number of their devices, and so ask all of them when none may be. A
 * constructor, because the environment must not change once there are threads. */
__attribute__ ((constructor)) static void
set_up_loader (void)
{
  g_setenv ("OCL_ICD_PLATFORM_SORT", "none", FALSE);
}

/* What one run of the program came to. */
typedef struct
{
  gboolean went_well;
  char *platform; /* the last one that was asked, empty where none was */
  char *reason;   /* why it did not go well */
} Probe;

static void
probe_clear (Probe *self)
{
  g_free (self->platform);
  g_free (self->reason);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Probe, probe_clear)

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

/* Which drivers there are, and what is known to make them fail. */
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
  g_checksum_update (checksum, g_file_test ("/sys/devices/system/cpu", G_FILE_TEST_IS_DIR) ? (const guchar *) "s" : (const guchar *) "n", 1);
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

/* The last line that is not empty. */
static const char *
get_last_words (char *text)
{
  char *words = g_strrstr (g_strchomp (text), "\n");

  return words != NULL ? words + 1 : text;
}

static char *
describe_end (int status, gboolean was_stopped, char *said)
{
  g_autofree char *valid = g_utf8_make_valid (said, -1);
  const char *words = get_last_words (valid);
  g_autofree char *how = NULL;

  if (was_stopped)
    how = g_strdup_printf (_ ("it did not answer within %d seconds"), PATIENCE);
  else if (WIFSIGNALED (status))
    how = g_strdup_printf (_ ("it ends the program that asks it by signal %d (%s)"), WTERMSIG (status),
                           g_strsignal (WTERMSIG (status)));
  else
    how = g_strdup_printf (_ ("it ends the program that asks it with exit code %d"), WEXITSTATUS (status));
  return words[0] != '\0' ? g_strdup_printf (_ ("%s, saying “%s”"), how, words) : g_steal_pointer (&how);
}

typedef struct
{
  GMainLoop *loop;
  GSubprocess *process;
  gboolean was_stopped;
  GBytes *output, *errors;
} Watch;

static gboolean
stop (gpointer data)
{
  Watch *watch = data;

  watch->was_stopped = TRUE;
  g_subprocess_force_exit (watch->process);
  return G_SOURCE_REMOVE;
}

static void
ended (GObject *source, GAsyncResult *result, gpointer data)
{
  Watch *watch = data;

  g_subprocess_communicate_finish (watch->process, result, &watch->output, &watch->errors, NULL);
  g_main_loop_quit (watch->loop);
}

/* Waits for the program, in a main context of its own. */
static void
wait_for (Watch *watch)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (GSource) source = g_timeout_source_new_seconds (PATIENCE);

  g_main_context_push_thread_default (context);
  watch->loop = g_main_loop_new (context, FALSE);
  g_source_set_callback (source, stop, watch, NULL);
  g_source_attach (source, context);
  g_subprocess_communicate_async (watch->process, NULL, NULL, ended, watch);
  g_main_loop_run (watch->loop);
  g_source_destroy (source);
  g_main_context_pop_thread_default (context);
  g_main_loop_unref (watch->loop);
}

static char *
to_text (GBytes *bytes)
{
  gsize size = 0;
  const char *data = bytes != NULL ? g_bytes_get_data (bytes, &size) : NULL;

  return g_strndup (data != NULL ? data : "", size);
}

/* FALSE where the program can't be run. */
static gboolean
run_probe (const char *program, GHashTable *skipped, Probe *ret_probe)
{
  g_autoptr (GPtrArray) arguments = g_ptr_array_new ();
  g_autoptr (GSubprocess) process = NULL;
  g_autofree char *output = NULL, *errors = NULL;
  Watch watch = { 0 };
  GHashTableIter iter;
  gpointer name;

  g_ptr_array_add (arguments, (gpointer) program);
  g_hash_table_iter_init (&iter, skipped);
  while (g_hash_table_iter_next (&iter, &name, NULL))
    g_ptr_array_add (arguments, name);
  g_ptr_array_add (arguments, NULL);
  process = g_subprocess_newv ((const char *const *) arguments->pdata,
                               G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_PIPE, NULL);
  if (process == NULL)
    return FALSE;
  watch.process = process;
  wait_for (&watch);
  output = to_text (watch.output);
  errors = to_text (watch.errors);
  g_clear_pointer (&watch.output, g_bytes_unref);
  g_clear_pointer (&watch.errors, g_bytes_unref);
  ret_probe->went_well = !watch.was_stopped && g_subprocess_get_successful (process);
  ret_probe->platform = g_utf8_make_valid (get_last_words (output), -1);
  if (!ret_probe->went_well)
    ret_probe->reason = describe_end (g_subprocess_get_status (process), watch.was_stopped, errors);
  return TRUE;
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
      g_auto (Probe) result = { 0 };

      if (!run_probe (program, set_aside, &result))
        return set_aside;
      if (result.went_well)
        break;
      /* Not at a platform, or at one that was left out: the loader itself ends it. */
      if (result.platform[0] == '\0' || g_hash_table_contains (set_aside, result.platform))
        {
          g_hash_table_replace (set_aside, g_strdup (""), g_steal_pointer (&result.reason));
          break;
        }
      g_hash_table_insert (set_aside, g_steal_pointer (&result.platform), g_steal_pointer (&result.reason));
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
