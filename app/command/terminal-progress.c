/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/command/terminal-progress.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "app/command/command.h"

#define CELLS 30
#define MAX_WORDS 40 /* columns, so that the whole fits into a terminal of 80 */

/* Returns as much of the beginning as fits into MAX_WORDS columns, of which wide characters (Chinese ones) take two. */
static char *
fit_words (const char *words)
{
  const char *end = words;
  int columns = 0;

  while (*end != '\0')
    {
      columns += g_unichar_iswide (g_utf8_get_char (end)) ? 2 : 1;
      if (columns > MAX_WORDS)
        break;
      end = g_utf8_next_char (end);
    }
  return g_strndup (words, end - words);
}

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
  words = fit_words (valid);
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
