/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/train/lock.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <sys/file.h>
#include <unistd.h>

#include "engine/error.h"

struct _LacunaTrainingLock {
  char *path;
  int file;
};

static char *
get_path (const char *name)
{
  g_autofree char *base = g_strconcat (".lock-", name, NULL);

  return g_build_filename (g_get_user_data_dir (), "lacuna", "training", base, NULL);
}

/* Whether the file is still the one of that path: who had it before may have deleted it. */
static gboolean
is_there (int file, const char *path)
{
  GStatBuf a, b;

  return fstat (file, &a) == 0 && g_stat (path, &b) == 0 && a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

/* -1 with errno. */
static int
open_locked (const char *path)
{
  for (;;)
    {
      int file = g_open (path, O_RDWR | O_CREAT | O_CLOEXEC, 0600), problem;

      if (file < 0)
        return -1;
      problem = flock (file, LOCK_EX | LOCK_NB) != 0 ? errno : 0;
      if (problem == 0 && is_there (file, path))
        return file;
      close (file);
      errno = problem;
      if (problem != 0 && problem != EINTR)
        return -1;
    }
}

LacunaTrainingLock *
lacuna_training_lock_take (const char *name, GError **error)
{
  g_autofree char *path = get_path (name);
  g_autofree char *folder = g_path_get_dirname (path);
  LacunaTrainingLock *self;
  int file;

  g_mkdir_with_parents (folder, 0755);
  errno = 0;
  file = open_locked (path);
  if (file < 0 && errno == EWOULDBLOCK)
    {
      g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_UNFIT,
                   _ ("A training of “%s” goes on already. Wait for its end, pause it, or choose another name."), name);
      return NULL;
    }
  if (file < 0)
    {
      g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_FILE,
                   _ ("The training of “%s” can't be kept from others: “%s”: %s. Check your data folder."), name, path,
                   g_strerror (errno));
      return NULL;
    }
  self = g_new0 (LacunaTrainingLock, 1);
  self->path = g_steal_pointer (&path);
  self->file = file;
  return self;
}

void
lacuna_training_lock_free (LacunaTrainingLock *self)
{
  if (self == NULL)
    return;
  g_unlink (self->path);
  close (self->file);
  g_free (self->path);
  g_free (self);
}
