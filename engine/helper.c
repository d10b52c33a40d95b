/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Runs a program of Lacuna's own (lacuna-probe, lacuna-self-test) to its end, and stops it where it printed nothing for
 * too long, so that a driver that hangs costs that time and no more. Of each of its streams the last MOST bytes are
 * kept. Any thread may call, and waits; there is no state. */
#include "engine/helper.h"

#include <errno.h>
#include <gio/gunixinputstream.h>
#include <glib/gi18n-lib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define MOST (64 << 10) /* bytes that are kept of what it says: the last ones */

static char *
find_in (const char *folder, const char *program)
{
  g_autofree char *path = folder != NULL ? g_build_filename (folder, program, NULL) : NULL;

  return path != NULL && g_file_test (path, G_FILE_TEST_IS_EXECUTABLE) ? g_steal_pointer (&path) : NULL;
}

char *
lacuna_helper_find (const char *program)
{
  g_autofree char *self = g_file_read_link ("/proc/self/exe", NULL);
  g_autofree char *folder = self != NULL ? g_path_get_dirname (self) : NULL;
  const char *chosen = g_getenv ("LACUNA_LIBEXEC");
  char *path = find_in (chosen != NULL ? chosen : folder, program);

  return path != NULL ? path : find_in (LACUNA_LIBEXEC_DIR, program);
}

/* One of its streams, and what came of it so far. */
typedef struct {
  GPollFD *polled; /* fd is -1 once it is closed */
  GString *text;
} Stream;

/* Reads what there is of a stream. Returns whether anything came. */
static gboolean
stream_read (Stream *self)
{
  char part[4096];
  ssize_t n;

  if (self->polled->fd < 0 || self->polled->revents == 0)
    return FALSE;
  n = read (self->polled->fd, part, sizeof part);
  if (n < 0 && errno == EINTR)
    return FALSE;
  if (n <= 0)
    {
      self->polled->fd = -1;
      return FALSE;
    }
  g_string_append_len (self->text, part, n);
  if (self->text->len > MOST)
    g_string_erase (self->text, 0, self->text->len - MOST);
  return TRUE;
}

/* The last line that is not empty. */
static char *
get_last_line (const GString *text)
{
  g_autofree char *valid = g_strchomp (g_utf8_make_valid (text->str, text->len));
  const char *line = strrchr (valid, '\n');

  return g_strdup (line != NULL ? line + 1 : valid);
}

static int
get_fd (GInputStream *stream)
{
  return g_unix_input_stream_get_fd (G_UNIX_INPUT_STREAM (stream));
}

/* Reads until both streams are closed. FALSE: the program said nothing for too long, or the wait was cancelled. */
static gboolean
listen (GSubprocess *process, guint patience, GCancellable *cancellable, GString *output, GString *errors)
{
  GPollFD polled[] = { { .fd = get_fd (g_subprocess_get_stdout_pipe (process)), .events = G_IO_IN },
                       { .fd = get_fd (g_subprocess_get_stderr_pipe (process)), .events = G_IO_IN },
                       { .fd = -1 } };
  Stream streams[] = { { &polled[0], output }, { &polled[1], errors } };
  gboolean can_cancel = cancellable != NULL && g_cancellable_make_pollfd (cancellable, &polled[2]);
  gint64 last = g_get_monotonic_time ();
  gboolean is_late = FALSE;

  while ((polled[0].fd >= 0 || polled[1].fd >= 0) && !is_late && !g_cancellable_is_cancelled (cancellable))
    {
      gint64 left = last + patience * G_USEC_PER_SEC - g_get_monotonic_time ();
      int n = g_poll (polled, G_N_ELEMENTS (polled), MAX (left, 0) / 1000);

      is_late = n == 0;
      if (n > 0 && stream_read (&streams[0]))
        last = g_get_monotonic_time ();
      if (n > 0)
        stream_read (&streams[1]);
    }
  if (can_cancel)
    g_cancellable_release_fd (cancellable);
  return !is_late && !g_cancellable_is_cancelled (cancellable);
}

gboolean
lacuna_helper_run (const char *const *arguments, char **environment, guint patience, GCancellable *cancellable,
                   LacunaHelperRun *ret_run, GError **error)
{
  g_autoptr (GSubprocessLauncher) launcher
      = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_PIPE);
  g_autoptr (GSubprocess) process = NULL;
  g_autoptr (GString) output = g_string_new (NULL), errors = g_string_new (NULL);
  gboolean is_over;

  if (environment != NULL)
    g_subprocess_launcher_set_environ (launcher, environment);
  process = g_subprocess_launcher_spawnv (launcher, arguments, error);
  if (process == NULL)
    return FALSE;
  is_over = listen (process, patience, cancellable, output, errors);
  if (!is_over)
    g_subprocess_force_exit (process);
  g_subprocess_wait (process, NULL, NULL);
  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return FALSE;
  *ret_run = (LacunaHelperRun){ .is_over = is_over,
                                .status = g_subprocess_get_status (process),
                                .last = get_last_line (output),
                                .words = get_last_line (errors),
                                .patience = patience };
  return TRUE;
}

char *
lacuna_helper_describe_end (const LacunaHelperRun *run)
{
  g_autofree char *how = NULL;

  if (!run->is_over)
    how = g_strdup_printf (_ ("it did not answer within %d seconds"), run->patience);
  else if (WIFSIGNALED (run->status))
    how = g_strdup_printf (_ ("it ends the program that asks it by signal %d (%s)"), WTERMSIG (run->status),
                           g_strsignal (WTERMSIG (run->status)));
  else
    how = g_strdup_printf (_ ("it ends the program that asks it with exit code %d"), WEXITSTATUS (run->status));
  return run->words[0] != '\0' ? g_strdup_printf (_ ("%s, saying “%s”"), how, run->words) : g_steal_pointer (&how);
}

void
lacuna_helper_run_clear (LacunaHelperRun *run)
{
  g_clear_pointer (&run->last, g_free);
  g_clear_pointer (&run->words, g_free);
}
