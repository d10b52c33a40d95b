/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Keeps the kernels that PoCL caches sound. Each process that uses OpenCL holds a shared lock and has a marker file,
 * which names the devices in use; whoever gets the lock alone finds only markers of processes that died amid their
 * work, discards the verdicts that these name, and empties the cache. A constructor sets the static variables before
 * there are threads, and they stay until lacuna_pocl_end; in between any thread may call begin and use, and the
 * engine's thread calls clear. */
#include "engine/cl/pocl.h"

#include <fcntl.h>
#include <ftw.h>
#include <glib/gstdio.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "engine/cl/verdict.h"

#define LEAST_SPACE (32 << 20) /* bytes: a full disk ends the process within PoCL */
#define RUNNING "running-"     /* and the process's number: the name of its marker */

static char *marker;    /* path of what says that OpenCL is being used, and names the verdicts of devices; or NULL */
static char *kernels;   /* the cache, where it is the program's own; or NULL */
static char *temporary; /* folder in place of the cache, or NULL */
static int lock = -1;

/* PoCL puts thread i on processor i, if asked, and aborts where that is not allowed or there is none. */
static gboolean
may_pin_threads (void)
{
  const char *wanted = g_getenv ("POCL_MAX_PTHREAD_COUNT");
  cpu_set_t allowed;

  CPU_ZERO (&allowed);
  if (sched_getaffinity (0, sizeof allowed, &allowed) != 0)
    return FALSE;
  if (wanted != NULL && g_ascii_strtoll (wanted, NULL, 10) > CPU_COUNT (&allowed))
    return FALSE;
  for (int i = 0; i < CPU_COUNT (&allowed); i++)
    if (!CPU_ISSET (i, &allowed))
      return FALSE;
  return TRUE;
}

static int
delete_entry (const char *path, const struct stat *info, int kind, struct FTW *place)
{
  remove (path);
  return 0;
}

void
lacuna_pocl_delete_folder (const char *path)
{
  nftw (path, delete_entry, 16, FTW_DEPTH | FTW_PHYS);
}

/* The paths of what a folder holds whose name begins like that. */
static GPtrArray *
list_files (const char *folder, const char *prefix)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  GPtrArray *paths = g_ptr_array_new_with_free_func (g_free);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    if (g_str_has_prefix (name, prefix))
      g_ptr_array_add (paths, g_build_filename (folder, name, NULL));
  return paths;
}

/* Forgets the verdicts on the devices that a process used which left this marker, so that they are tried anew. */
static void
forget_verdicts (const char *path)
{
  g_autofree char *text = NULL;
  g_auto (GStrv) names = NULL;

  if (!g_file_get_contents (path, &text, NULL, NULL))
    return;
  names = g_strsplit (text, "\n", -1);
  for (guint i = 0; names[i] != NULL; i++)
    lacuna_verdict_forget (names[i]);
}

/* Sees to what processes before this one left. Without others, who hold the lock as long as they run, every marker is
 * of one that ended amid its work. The lock is never given back: it goes with the process. */
static void
take_over (const char *root)
{
  g_autofree char *path = g_build_filename (root, "lock", NULL);
  g_autofree char *name = g_strdup_printf (RUNNING "%d", (int) getpid ());

  lock = g_open (path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (lock >= 0 && flock (lock, LOCK_EX | LOCK_NB) == 0)
    {
      g_autoptr (GPtrArray) markers = list_files (root, RUNNING);
      g_autoptr (GPtrArray) litter = list_files (kernels != NULL ? kernels : root, "tempfile_");

      for (guint i = 0; i < markers->len; i++)
        {
          forget_verdicts (markers->pdata[i]);
          g_unlink (markers->pdata[i]);
        }
      for (guint i = 0; i < litter->len; i++)
        g_unlink (litter->pdata[i]);
      if (markers->len > 0 && kernels != NULL)
        lacuna_pocl_delete_folder (kernels);
    }
  if (lock >= 0 && flock (lock, LOCK_SH) == 0)
    marker = g_build_filename (root, name, NULL);
}

static gboolean
is_usable (const char *folder)
{
  struct statvfs space;

  return g_mkdir_with_parents (folder, 0700) == 0 && g_access (folder, R_OK | W_OK | X_OK) == 0
         && statvfs (folder, &space) == 0 && (guint64) space.f_bavail * space.f_frsize >= LEAST_SPACE;
}

/* Unless the user chose another, the cache is the program's own, which may clear it. */
static void
set_up_cache (void)
{
  gboolean is_own = g_getenv ("POCL_CACHE_DIR") == NULL;
  g_autofree char *root = g_build_filename (g_get_user_cache_dir (), "lacuna", "pocl", NULL);

  if (is_own)
    kernels = g_build_filename (root, "kernels", NULL);
  if (is_usable (root))
    take_over (root);
  if (is_own && (marker == NULL || !is_usable (kernels)))
    {
      g_clear_pointer (&kernels, g_free);
      temporary = g_dir_make_tmp ("lacuna-pocl-XXXXXX", NULL);
    }
  if (kernels != NULL || temporary != NULL)
    g_setenv ("POCL_CACHE_DIR", kernels != NULL ? kernels : temporary, FALSE);
}

/* Appends a line to the marker, if there is one. */
static void
mark (const char *text)
{
  int file = marker != NULL ? g_open (marker, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600) : -1;

  if (file < 0)
    return;
  dprintf (file, "%s\n", text);
  close (file);
}

void
lacuna_pocl_begin (void)
{
  static gsize has_begun;

  if (!g_once_init_enter (&has_begun))
    return;
  mark ("");
  g_once_init_leave (&has_begun, 1);
}

void
lacuna_pocl_use (const char *verdict)
{
  mark (verdict);
}

void
lacuna_pocl_clear (void)
{
  if (kernels == NULL)
    return;
  if (flock (lock, LOCK_EX | LOCK_NB) == 0)
    {
      lacuna_pocl_delete_folder (kernels);
      g_mkdir_with_parents (kernels, 0700);
    }
  flock (lock, LOCK_SH);
}

void
lacuna_pocl_end (void)
{
  if (marker != NULL)
    g_unlink (marker);
  if (temporary != NULL)
    lacuna_pocl_delete_folder (temporary);
  g_clear_pointer (&marker, g_free);
  g_clear_pointer (&kernels, g_free);
  g_clear_pointer (&temporary, g_free);
}

/* PoCL is twice as fast on a loaded machine when its threads stay where they are.
 * Its program binaries hold kernels for any work-group size; unless told
 * otherwise it compiles another one, no faster, at the first launch. A
 * constructor, because the environment must not change once there are threads. */
__attribute__ ((constructor)) static void
set_up_pocl (void)
{
  if (may_pin_threads ())
    g_setenv ("POCL_AFFINITY", "1", FALSE);
  g_setenv ("POCL_WORK_GROUP_SPECIALIZATION", "0", FALSE);
  set_up_cache ();
}
