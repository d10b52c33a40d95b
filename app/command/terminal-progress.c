#include "app/command/terminal-progress.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "app/command/command.h"

#define CELLS 30
#define MAX_WORDS 40 /* characters, so that the whole fits into a terminal of 80 */

void
lacuna_terminal_progress_show (double fraction, const char *what)
{
  double share = CLAMP (fraction, 0.0, 1.0);
  g_autofree char *valid = NULL;
  g_autofree char *words = NULL;
  char cells[CELLS + 1] = { 0 };

  if (!isatty (STDERR_FILENO))
    return;
  valid = lacuna_command_clean (what);
  words = g_utf8_substring (valid, 0, MIN (g_utf8_strlen (valid, -1), MAX_WORDS));
  memset (cells, ' ', CELLS);
  memset (cells, '#', (gsize) (share * CELLS));
  fprintf (stderr, "\r[%s] %3d %% %s\033[K", cells, (int) (100.0 * share), words);
}

void
lacuna_terminal_progress_clear (void)
{
  if (isatty (STDERR_FILENO))
    fputs ("\r\033[K", stderr);
}
