/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Writes a file as a whole or not at all: into a file without a name (or a hidden one), which is synced and then linked
 * or renamed into place. Such a file is locked as long as it is open, so that sweep removes only those of processes
 * that died. A Place owns the folder's descriptor. Any thread may call; SIGPIPE is held back for that thread alone. */
#include "engine/publish.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <time.h>
#include <unistd.h>

#include "engine/error.h"

#define PREFIX ".lacuna-"
#define SUFFIX ".tmp"
#define MAX_LINKS 40
#define STALE 60 /* seconds after which a hidden file that nobody holds was left behind */

/* The place that a file is written to, and what is there before. */
typedef struct {
  const char        *path; /* as it was given, for messages */
  char              *target; /* behind links */
  char              *name;   /* of target in its folder */
  int                folder;
  gboolean           exists;
  gboolean           in_place; /* a pipe or a device */
  struct stat        old;
  LacunaPublishFlags flags;
} Place;

static void
place_clear (Place *self)
{
  g_free (self->target);
  g_free (self->name);
  if (self->folder >= 0)
    close (self->folder);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Place, place_clear)

static gboolean
refuse (const char *path, int code, GError **error)
{
  g_autofree char *name = g_filename_display_name (path);

  g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_FILE, _ ("“%s” can't be written: %s. %s"), name, g_strerror (code),
               code == ENOSPC || code == EDQUOT || code == EFBIG
                   ? _ ("Make room on the disk, or choose another folder.")
               : code == ENAMETOOLONG ? _ ("Choose a shorter name.")
                                      : _ ("Choose another folder or name."));
  return FALSE;
}

/* Follows symbolic links by hand where the last of them leads to nothing yet. */
static char *
resolve (const char *path)
{
  g_autofree char *resolved = realpath (path, NULL);
  g_autofree char *at = g_strdup (path);

  if (resolved != NULL)
    return g_strdup (resolved);
  for (int i = 0; i < MAX_LINKS; i++)
    {
      g_autofree char *link = g_file_read_link (at, NULL);
      g_autofree char *folder = g_path_get_dirname (at);

      if (link == NULL)
        return g_steal_pointer (&at);
      g_free (at);
      at = g_path_is_absolute (link) ? g_strdup (link) : g_build_filename (folder, link, NULL);
    }
  errno = ELOOP;
  return NULL;
}

static gboolean
check_old (const Place *self, GError **error)
{
  g_autofree char *name = g_filename_display_name (self->path);

  if (S_ISDIR (self->old.st_mode))
    return refuse (self->path, EISDIR, error);
  if (self->in_place)
    return access (self->path, W_OK) == 0 || refuse (self->path, errno, error);
  if (!S_ISREG (self->old.st_mode))
    {
      g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_FILE,
                   _ ("“%s” is no file that can be replaced, but a disk or a socket. Choose another name."), name);
      return FALSE;
    }
  if (self->flags & LACUNA_PUBLISH_FORCE)
    return TRUE;
  if ((self->old.st_mode & 0222) == 0 || access (self->target, W_OK) != 0)
    g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_FILE,
                 _ ("“%s” is write-protected. Choose another name, lift the protection, or use --force on the command "
                    "line."),
                 name);
  else if (self->old.st_nlink > 1)
    g_set_error (
        error, LACUNA_ERROR, LACUNA_ERROR_FILE,
        _ ("“%s” has %u names (hard links): the others would keep the old content. Choose another name, or use "
           "--force on the command line."),
        name, (guint) self->old.st_nlink);
  else
    return TRUE;
  return FALSE;
}

static gboolean
open_folder (Place *self, GError **error)
{
  g_autofree char *folder = g_path_get_dirname (self->target);

  self->name = g_path_get_basename (self->target);
  self->folder = open (folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (self->folder < 0)
    self->folder = open (folder, O_PATH | O_DIRECTORY | O_CLOEXEC);
  if (self->folder < 0)
    {
      int code = errno;
      g_autofree char *path = g_filename_display_name (self->path);
      g_autofree char *shown = g_filename_display_name (folder);

      g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_FILE,
                   _ ("“%s” can't be written: its folder “%s” can't be opened: %s. Choose another folder."), path,
                   shown, g_strerror (code));
      return FALSE;
    }
  if (access (folder, W_OK | X_OK) != 0)
    return refuse (self->path, errno, error);
  if (g_str_has_suffix (self->path, "/"))
    return refuse (self->path, EISDIR, error);
  if (strlen (self->name) > NAME_MAX)
    return refuse (self->path, ENAMETOOLONG, error);
  return TRUE;
}

static gboolean
place_init (Place *self, const char *path, LacunaPublishFlags flags, GError **error)
{
  struct stat behind;

  *self = (Place){ .path = path, .folder = -1, .flags = flags };
  self->exists = stat (path, &self->old) == 0;
  if (!self->exists && errno != ENOENT)
    return refuse (path, errno, error);
  self->target = resolve (path);
  if (self->target == NULL)
    return refuse (path, errno, error);
  /* What an open descriptor in /proc leads to may have no name. */
  self->in_place = self->exists
                   && (S_ISFIFO (self->old.st_mode) || S_ISCHR (self->old.st_mode)
                       || (S_ISREG (self->old.st_mode)
                           && (stat (self->target, &behind) != 0 || behind.st_ino != self->old.st_ino
                               || behind.st_dev != self->old.st_dev)));
  if (self->exists && !check_old (self, error))
    return FALSE;
  return self->in_place || open_folder (self, error);
}

static gboolean
write_all (int fd, const char *data, gsize size)
{
  while (size > 0)
    {
      gssize n = write (fd, data, MIN (size, 1 << 30));

      if (n < 0 && errno != EINTR)
        return FALSE;
      if (n > 0)
        {
          data += n;
          size -= n;
        }
    }
  return TRUE;
}

/* A reader that goes away is an error, and no end of the program. */
static gboolean
write_in_place (const Place *self, gconstpointer data, gsize size, GError **error)
{
  static const struct timespec at_once = { 0 };
  sigset_t pipe_signal, before;
  gboolean done;
  int fd, code;

  fd = open (self->path, O_WRONLY | O_NOCTTY | O_CLOEXEC | (S_ISREG (self->old.st_mode) ? O_TRUNC : 0));
  if (fd < 0)
    return refuse (self->path, errno, error);
  sigemptyset (&pipe_signal);
  sigaddset (&pipe_signal, SIGPIPE);
  pthread_sigmask (SIG_BLOCK, &pipe_signal, &before);
  done = write_all (fd, data, size);
  code = errno;
  if (!done && code == EPIPE && !sigismember (&before, SIGPIPE))
    sigtimedwait (&pipe_signal, NULL, &at_once);
  pthread_sigmask (SIG_SETMASK, &before, NULL);
  close (fd);
  return done || refuse (self->path, code, error);
}

static char *
make_hidden_name (void)
{
  return g_strdup_printf (PREFIX "%08x" SUFFIX, g_random_int ());
}

static gboolean
is_left_behind (int folder, const char *name)
{
  struct stat status;
  gboolean left = FALSE;
  int fd = openat (folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);

  if (fd < 0)
    return FALSE;
  if (fstat (fd, &status) == 0 && S_ISREG (status.st_mode) && status.st_uid == geteuid ()
      && status.st_mtim.tv_sec < time (NULL) - STALE)
    left = flock (fd, LOCK_EX | LOCK_NB) == 0;
  close (fd);
  return left;
}

/* Removes what killed programs left in the folder. */
static void
sweep (const Place *self)
{
  g_autofree char *path = g_path_get_dirname (self->target);
  g_autoptr (GDir) folder = g_dir_open (path, 0, NULL);
  const char *name;

  while (folder != NULL && (name = g_dir_read_name (folder)) != NULL)
    if (g_str_has_prefix (name, PREFIX) && strspn (name + strlen (PREFIX), "0123456789abcdef") == 8
        && g_str_equal (name + strlen (PREFIX) + 8, SUFFIX) && is_left_behind (self->folder, name))
      unlinkat (self->folder, name, 0);
}

/* ret_name: the hidden file's; NULL: it has none. Locked as long as it is open. */
static int
open_temporary (const Place *self, gboolean may_be_nameless, char **ret_name)
{
  mode_t mode = self->exists || (self->flags & LACUNA_PUBLISH_PRIVATE) ? 0600 : 0666;
  int fd = may_be_nameless ? openat (self->folder, ".", O_TMPFILE | O_WRONLY | O_CLOEXEC, mode) : -1;

  *ret_name = NULL;
  for (int i = 0; fd < 0 && i < 100; i++)
    {
      g_free (*ret_name);
      *ret_name = make_hidden_name ();
      fd = openat (self->folder, *ret_name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
      if (fd < 0 && errno != EEXIST)
        break;
    }
  if (fd >= 0)
    flock (fd, LOCK_EX | LOCK_NB);
  return fd;
}

/* Extended attributes, the ACL among them. Not every one may be set, or kept elsewhere. */
static void
copy_attributes (int from, int to)
{
  gssize length = flistxattr (from, NULL, 0);
  g_autofree char *names = length > 0 ? g_malloc (length) : NULL;

  length = names != NULL ? flistxattr (from, names, length) : 0;
  for (const char *name = names; name != NULL && name < names + length; name += strlen (name) + 1)
    {
      gssize size = fgetxattr (from, name, NULL, 0);
      g_autofree char *value = size >= 0 ? g_malloc (size + 1) : NULL;

      if (value != NULL && (size = fgetxattr (from, name, value, size)) >= 0
          && fsetxattr (to, name, value, size, 0) != 0)
        continue;
    }
}

/* Makes the new file as the old one was. Where the group can't be kept, it gets no more than everybody. */
static void
inherit (const Place *self, int fd)
{
  mode_t mode = self->old.st_mode & 07777;
  int old = open (self->target, O_RDONLY | O_NONBLOCK | O_CLOEXEC);

  if (fchown (fd, self->old.st_uid, self->old.st_gid) != 0)
    {
      mode &= 01777;
      if (fchown (fd, -1, self->old.st_gid) != 0)
        mode &= ~070 | (mode & 07) << 3;
    }
  fchmod (fd, mode);
  if (old >= 0)
    {
      copy_attributes (old, fd);
      close (old);
    }
}

/* Gives a nameless file that name. */
static gboolean
link_file (const Place *self, int fd, const char *name)
{
  g_autofree char *path = g_strdup_printf ("/proc/self/fd/%d", fd);

  return linkat (AT_FDCWD, path, self->folder, name, AT_SYMLINK_FOLLOW) == 0;
}

/* Puts the file in its place. *name: its hidden one, if any, and NULL as soon as it is gone. */
static gboolean
install (const Place *self, int fd, char **name)
{
  if (*name == NULL && !self->exists && link_file (self, fd, self->name))
    return TRUE;
  if (*name == NULL)
    {
      g_autofree char *hidden = make_hidden_name ();

      if (!link_file (self, fd, hidden))
        return FALSE;
      *name = g_steal_pointer (&hidden);
    }
  if (renameat (self->folder, *name, self->folder, self->name) != 0)
    return FALSE;
  g_clear_pointer (name, g_free);
  return TRUE;
}

/* Sets errno on failure; ret_nameless: whether it was only that a nameless file could not be named. */
static gboolean
write_anew (const Place *self, gconstpointer data, gsize size, gboolean may_be_nameless, gboolean *ret_nameless)
{
  g_autofree char *name = NULL;
  int fd = open_temporary (self, may_be_nameless, &name), code;
  gboolean done;

  if (fd < 0)
    return FALSE;
  *ret_nameless = FALSE;
  done = write_all (fd, data, size);
  if (done && self->exists)
    inherit (self, fd);
  done = done && fsync (fd) == 0;
  if (done && !install (self, fd, &name))
    {
      *ret_nameless = name == NULL;
      done = FALSE;
    }
  code = errno;
  close (fd);
  if (name != NULL)
    unlinkat (self->folder, name, 0);
  errno = code;
  return done;
}

gboolean
lacuna_publish (const char *path, gconstpointer data, gsize size, LacunaPublishFlags flags, GError **error)
{
  g_auto (Place) place = { .folder = -1 };
  gboolean nameless = FALSE;

  if (!place_init (&place, path, flags, error))
    return FALSE;
  if (place.in_place)
    return write_in_place (&place, data, size, error);
  sweep (&place);
  if (!write_anew (&place, data, size, TRUE, &nameless)
      && !(nameless && write_anew (&place, data, size, FALSE, &nameless)))
    return refuse (path, errno, error);
  fsync (place.folder);
  return TRUE;
}

gboolean
lacuna_publish_check (const char *path, LacunaPublishFlags flags, GError **error)
{
  g_auto (Place) place = { .folder = -1 };

  return place_init (&place, path, flags, error);
}

void
lacuna_publish_remove (const char *path)
{
  g_autoptr (GDir) folder = g_dir_open (path, 0, NULL);
  const char *name;

  while (folder != NULL && (name = g_dir_read_name (folder)) != NULL)
    {
      g_autofree char *file = g_build_filename (path, name, NULL);

      g_unlink (file);
    }
  g_rmdir (path);
}
