/* SPDX-License-Identifier: GPL-3.0-or-later */
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

#define LEAST_SPACE (32 << 20) /* bytes: a full disk ends the process within PoCL */
#define RUNNING "running-"     /* and the process's number: the name of its marker */

static char *marker;    /* path of what says that OpenCL is being used; NULL: not the program's own cache */
static char *temporary; /* folder in place of the cache, or NULL */

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

static void
delete_folder (const char *path)
{
  nftw (path, delete_entry, 16, FTW_DEPTH | FTW_PHYS);
}

/* Deletes what a folder holds whose name begins like that. Returns whether there was any. */
static gboolean
delete_files (const char *folder, const char *prefix)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  gboolean any = FALSE;
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    if (g_str_has_prefix (name, prefix))
      {
        g_autofree char *path = g_build_filename (folder, name, NULL);

        any = TRUE;
        g_unlink (path);
      }
  return any;
}

/* Sees to what processes before this one left. Without others, who hold the lock as long as they run, every marker is
 * of one that ended amid its work. The lock is never given back: it goes with the process. */
static void
take_over (const char *root, const char *cache)
{
  g_autofree char *path = g_build_filename (root, "lock", NULL);
  g_autofree char *name = g_strdup_printf (RUNNING "%d", (int) getpid ());
  int lock = g_open (path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

  if (lock >= 0 && flock (lock, LOCK_EX | LOCK_NB) == 0)
    {
      if (delete_files (root, RUNNING))
        delete_folder (cache);
      delete_files (cache, "tempfile_");
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

/* The cache is the program's own, which may clear it. */
static void
set_up_cache (void)
{
  g_autofree char *root = NULL, *cache = NULL;

  if (g_getenv ("POCL_CACHE_DIR") != NULL)
    return;
  root = g_build_filename (g_get_user_cache_dir (), "lacuna", "pocl", NULL);
  cache = g_build_filename (root, "kernels", NULL);
  if (is_usable (root))
    {
      take_over (root, cache);
      if (is_usable (cache))
        {
          g_setenv ("POCL_CACHE_DIR", cache, FALSE);
          return;
        }
    }
  temporary = g_dir_make_tmp ("lacuna-pocl-XXXXXX", NULL);
  if (temporary != NULL)
    g_setenv ("POCL_CACHE_DIR", temporary, FALSE);
}

void
lacuna_pocl_begin (void)
{
  static gsize has_begun;
  int file;

  if (!g_once_init_enter (&has_begun))
    return;
  file = marker != NULL ? g_open (marker, O_WRONLY | O_CREAT | O_CLOEXEC, 0600) : -1;
  if (file >= 0)
    close (file);
  g_once_init_leave (&has_begun, 1);
}

void
lacuna_pocl_end (void)
{
  if (marker != NULL)
    g_unlink (marker);
  if (temporary != NULL)
    delete_folder (temporary);
  g_clear_pointer (&marker, g_free);
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
