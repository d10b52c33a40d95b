/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tests how files are replaced: whole or not at all, with mode and attributes, through links, into pipes, and on a
 * full disk. The oracle is what then lies on the disk, and that no hidden file is left. */
#include "engine/publish.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>
#include <utime.h>

#include "engine/error.h"

static char *folder;

static char *
make_path (const char *name)
{
  return g_build_filename (folder, name, NULL);
}

/* A file with old content in the folder. */
static char *
make_old (const char *name, int mode)
{
  char *path = make_path (name);

  g_unlink (path);
  g_assert_true (g_file_set_contents (path, "old", 3, NULL));
  g_assert_cmpint (g_chmod (path, mode), ==, 0);
  return path;
}

static void
publish (const char *path, LacunaPublishFlags flags)
{
  g_autoptr (GError) error = NULL;

  lacuna_publish_check (path, flags, &error);
  g_assert_no_error (error);
  lacuna_publish (path, "new", 3, flags, &error);
  g_assert_no_error (error);
}

/* Refused before and then, for the reason that says tells. */
static void
assert_refused (const char *path, const char *says)
{
  g_autoptr (GError) before = NULL, then = NULL;

  g_assert_false (lacuna_publish_check (path, LACUNA_PUBLISH_DEFAULT, &before));
  g_assert_error (before, LACUNA_ERROR, LACUNA_ERROR_FILE);
  g_assert_nonnull (strstr (before->message, says));
  g_assert_false (lacuna_publish (path, "new", 3, LACUNA_PUBLISH_DEFAULT, &then));
  g_assert_cmpstr (then->message, ==, before->message);
}

static void
assert_content (const char *path, const char *expected)
{
  g_autofree char *content = NULL;

  g_assert_true (g_file_get_contents (path, &content, NULL, NULL));
  g_assert_cmpstr (content, ==, expected);
}

static int
get_mode (const char *path)
{
  struct stat status;

  g_assert_cmpint (lstat (path, &status), ==, 0);
  return status.st_mode & 07777;
}

/* No hidden file is left of all that was written. */
static void
assert_clean (void)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    g_assert_false (g_str_has_prefix (name, ".lacuna-"));
}

static void
test_new (void)
{
  g_autofree char *path = make_path ("new");
  g_autofree char *private = make_path ("private");
  int mask = umask (027);

  publish (path, LACUNA_PUBLISH_DEFAULT);
  publish (private, LACUNA_PUBLISH_PRIVATE);
  umask (mask);
  assert_content (path, "new");
  g_assert_cmpint (get_mode (path), ==, 0640);
  g_assert_cmpint (get_mode (private), ==, 0600);
  assert_clean ();
}

static void
test_attributes (void)
{
  static const int modes[] = { 0600, 0640, 0664, 0755 };
  /* POSIX ACL, version 2: tag, permissions, id. */
  static const struct {
    guint16 tag, may;
    guint32 id;
  } acl[] = { { 2, 0, 0 }, { 1, 6, -1 }, { 2, 4, 1234 }, { 4, 4, -1 }, { 16, 4, -1 }, { 32, 0, -1 } };
  const guint32 version = GUINT32_TO_LE (2);
  guint8 blob[sizeof acl], copy[sizeof blob];
  g_autofree char *path = NULL;
  struct stat status;

  for (guint i = 0; i < G_N_ELEMENTS (modes); i++)
    {
      g_autofree char *old = make_old ("mode", modes[i]);

      publish (old, LACUNA_PUBLISH_DEFAULT);
      assert_content (old, "new");
      g_assert_cmpint (get_mode (old), ==, modes[i]);
    }
  path = make_old ("attributes", 0640);
  memcpy (blob, &version, 4);
  for (guint i = 1; i < G_N_ELEMENTS (acl); i++)
    memcpy (blob + 4 + 8 * (i - 1), &acl[i], 8);
  if (setxattr (path, "user.note", "kept", 4, 0) == 0)
    {
      publish (path, LACUNA_PUBLISH_DEFAULT);
      g_assert_cmpint (getxattr (path, "user.note", copy, sizeof copy), ==, 4);
      g_assert_cmpmem (copy, 4, "kept", 4);
    }
  if (setxattr (path, "system.posix_acl_access", blob, 4 + 8 * 5, 0) == 0)
    {
      publish (path, LACUNA_PUBLISH_DEFAULT);
      g_assert_cmpint (getxattr (path, "system.posix_acl_access", copy, sizeof copy), ==, 4 + 8 * 5);
      g_assert_cmpmem (copy, 4 + 8 * 5, blob, 4 + 8 * 5);
    }
  if (chown (path, 1234, 2345) == 0)
    {
      publish (path, LACUNA_PUBLISH_DEFAULT);
      g_assert_cmpint (stat (path, &status), ==, 0);
      g_assert_cmpuint (status.st_uid, ==, 1234);
      g_assert_cmpuint (status.st_gid, ==, 2345);
    }
  assert_clean ();
}

static void
test_links (void)
{
  g_autofree char *target = make_old ("target", 0644);
  g_autofree char *lost = make_path ("lost");
  g_autofree char *loop = make_path ("loop");
  g_autofree char *link = make_path ("link");
  g_autofree char *chain = make_path ("chain");
  g_autofree char *dangling = make_path ("dangling");

  g_assert_cmpint (symlink ("target", link), ==, 0);
  g_assert_cmpint (symlink (link, chain), ==, 0);
  g_assert_cmpint (symlink ("lost", dangling), ==, 0);
  g_assert_cmpint (symlink ("loop", loop), ==, 0);
  publish (chain, LACUNA_PUBLISH_DEFAULT);
  assert_content (target, "new");
  publish (dangling, LACUNA_PUBLISH_DEFAULT);
  assert_content (lost, "new");
  g_assert_true (g_file_test (link, G_FILE_TEST_IS_SYMLINK) && g_file_test (chain, G_FILE_TEST_IS_SYMLINK)
                 && g_file_test (dangling, G_FILE_TEST_IS_SYMLINK));
  assert_refused (loop, "loop");
  assert_clean ();
}

static void
test_protected (void)
{
  g_autofree char *path = make_old ("protected", 0444);
  g_autofree char *first = make_old ("first", 0644);
  g_autofree char *second = make_path ("second");

  assert_refused (path, "write-protected");
  assert_content (path, "old");
  publish (path, LACUNA_PUBLISH_FORCE);
  assert_content (path, "new");
  g_assert_cmpint (get_mode (path), ==, 0444);

  g_assert_cmpint (link (first, second), ==, 0);
  assert_refused (first, "2 names");
  assert_content (second, "old");
  publish (first, LACUNA_PUBLISH_FORCE);
  assert_content (first, "new");
  assert_content (second, "old");
  assert_clean ();
}

static gpointer
read_pipe (gpointer path)
{
  char *content = g_malloc0 (16);
  int fd = g_open (path, O_RDONLY, 0);

  g_assert_cmpint (read (fd, content, 15), >, 0);
  close (fd);
  return content;
}

static void
test_pipes (void)
{
  g_autofree char *path = make_path ("pipe");
  g_autofree char *first = NULL, *second = NULL;
  g_autofree char *much = g_malloc0 (1 << 20);
  g_autoptr (GError) error = NULL;
  GThread *reader;
  struct stat status;

  g_assert_cmpint (mkfifo (path, 0600), ==, 0);
  reader = g_thread_new ("reader", read_pipe, path);
  publish (path, LACUNA_PUBLISH_DEFAULT);
  first = g_thread_join (reader);
  g_assert_cmpstr (first, ==, "new");

  /* The reader goes away: an error, and not the end of the program. */
  reader = g_thread_new ("reader", read_pipe, path);
  memset (much, 'x', 1 << 20);
  g_assert_false (lacuna_publish (path, much, 1 << 20, LACUNA_PUBLISH_DEFAULT, &error));
  g_assert_error (error, LACUNA_ERROR, LACUNA_ERROR_FILE);
  second = g_thread_join (reader);
  g_assert_cmpint (stat (path, &status), ==, 0);
  g_assert_true (S_ISFIFO (status.st_mode));

  publish ("/dev/null", LACUNA_PUBLISH_DEFAULT);
  g_assert_cmpint (stat ("/dev/null", &status), ==, 0);
  g_assert_true (S_ISCHR (status.st_mode));
  assert_clean ();
}

/* What is open without a name has no folder to be replaced in. */
static void
test_descriptor (void)
{
  int fd = open (folder, O_TMPFILE | O_RDWR, 0600);
  g_autofree char *path = g_strdup_printf ("/proc/self/fd/%d", fd);

  if (fd < 0)
    {
      g_test_skip ("no nameless files here");
      return;
    }
  g_assert_cmpint (write (fd, "longer", 6), ==, 6);
  publish (path, LACUNA_PUBLISH_FORCE);
  assert_content (path, "new");
  close (fd);
}

static void
test_places (void)
{
  g_autofree char *long_name = g_strnfill (255, 'x');
  g_autofree char *too_long_name = g_strnfill (256, 'x');
  g_autofree char *longest = make_path (long_name);
  g_autofree char *too_long = make_path (too_long_name);
  g_autofree char *nowhere = make_path ("no/where");
  g_autofree char *slash = make_path ("slash/");
  g_autofree char *file = make_old ("file", 0644);
  g_autofree char *in_file = g_build_filename (file, "in", NULL);

  publish (longest, LACUNA_PUBLISH_DEFAULT);
  publish (longest, LACUNA_PUBLISH_DEFAULT);
  assert_refused (too_long, "shorter");
  assert_refused (nowhere, "no");
  assert_refused (slash, "slash");
  assert_refused (in_file, "file");
  assert_refused (folder, folder);
  assert_clean ();
}

static char *
make_hidden (const char *name, int age)
{
  char *path = make_old (name, 0600);
  time_t then = time (NULL) - age;
  const struct utimbuf times = { then, then };

  g_assert_cmpint (utime (path, &times), ==, 0);
  return path;
}

/* What a killed program left is removed; what is in use, or no such file, stays. */
static void
test_sweep (void)
{
  g_autofree char *stale = make_hidden (".lacuna-0123abcd.tmp", 1000);
  g_autofree char *young = make_hidden (".lacuna-11111111.tmp", 0);
  g_autofree char *held = make_hidden (".lacuna-22222222.tmp", 1000);
  g_autofree char *other = make_hidden (".lacuna-my-notes.tmp", 1000);
  g_autofree char *path = make_path ("swept");
  int fd = g_open (held, O_RDONLY, 0);

  g_assert_cmpint (flock (fd, LOCK_EX), ==, 0);
  publish (path, LACUNA_PUBLISH_DEFAULT);
  close (fd);
  g_assert_false (g_file_test (stale, G_FILE_TEST_EXISTS));
  g_assert_true (g_file_test (young, G_FILE_TEST_EXISTS));
  g_assert_true (g_file_test (held, G_FILE_TEST_EXISTS));
  g_assert_true (g_file_test (other, G_FILE_TEST_EXISTS));
  g_unlink (young);
  g_unlink (held);
  g_unlink (other);
}

static void
test_full (void)
{
  g_autofree char *old = make_old ("full", 0644);
  g_autofree char *new = make_path ("never");
  g_autofree char *much = g_malloc0 (1 << 16);
  g_autoptr (GError) error = NULL;
  struct rlimit before, small;

  signal (SIGXFSZ, SIG_IGN);
  g_assert_cmpint (getrlimit (RLIMIT_FSIZE, &before), ==, 0);
  small = before;
  small.rlim_cur = 4096;
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &small), ==, 0);
  g_assert_false (lacuna_publish (old, much, 1 << 16, LACUNA_PUBLISH_DEFAULT, &error));
  g_assert_false (lacuna_publish (new, much, 1 << 16, LACUNA_PUBLISH_DEFAULT, NULL));
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &before), ==, 0);
  g_assert_error (error, LACUNA_ERROR, LACUNA_ERROR_FILE);
  g_assert_nonnull (strstr (error->message, "room on the disk"));
  assert_content (old, "old");
  g_assert_false (g_file_test (new, G_FILE_TEST_EXISTS));
  assert_clean ();
}

static void
remove_folder (void)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = make_path (name);

      g_unlink (path);
    }
  g_rmdir (folder);
  g_free (folder);
}

int
main (int argc, char *argv[])
{
  int status;

  g_test_init (&argc, &argv, NULL);
  folder = g_dir_make_tmp ("lacuna-tests-XXXXXX", NULL);
  g_test_add_func ("/publish/new", test_new);
  g_test_add_func ("/publish/attributes", test_attributes);
  g_test_add_func ("/publish/links", test_links);
  g_test_add_func ("/publish/protected", test_protected);
  g_test_add_func ("/publish/pipes", test_pipes);
  g_test_add_func ("/publish/descriptor", test_descriptor);
  g_test_add_func ("/publish/places", test_places);
  g_test_add_func ("/publish/sweep", test_sweep);
  g_test_add_func ("/publish/full", test_full);
  status = g_test_run ();
  remove_folder ();
  return status;
}
