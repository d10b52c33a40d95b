/* SPDX-License-Identifier: GPL-3.0-or-later */
/* lacuna-self-test PLATFORM PLACE: tries a device, of that number on its platform (engine/cl/self-test.h). What a
 * driver prints goes to standard error. */
#include <libintl.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "engine/cl/device-limits.h"
#include "engine/cl/end.h"
#include "engine/cl/self-test.h"
#include "engine/error.h"
#include "engine/fill/self-test.h"

static void
set_up_language (void)
{
  const char *locale = g_getenv ("LACUNA_LOCALE");

  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, locale != NULL ? locale : LACUNA_LOCALE_DIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);
}

static void
say (FILE *report, const char *line)
{
  fprintf (report, "%s\n", line);
  fflush (report);
}

static void
step (gpointer report)
{
  say (report, "step");
}

/* Whether it is the driver's fault; what is wrong with it is said, without what to do and the compiler's log. */
static gboolean
blame (FILE *report, GError *error)
{
  if (!g_error_matches (error, LACUNA_ERROR, LACUNA_ERROR_BUILD)
      && !g_error_matches (error, LACUNA_ERROR, LACUNA_ERROR_DEVICE)
      && !g_error_matches (error, LACUNA_ERROR, LACUNA_ERROR_NOT_FINITE))
    return FALSE;
  error->message[strcspn (error->message, "\n")] = '\0';
  if (error->message[0] != '\0' && strchr (".:", error->message[strlen (error->message) - 1]) != NULL)
    error->message[strlen (error->message) - 1] = '\0';
  say (report, error->message);
  return TRUE;
}

static int
try_device (FILE *report, const char *platform, guint place)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (LacunaDevice) device = lacuna_device_find_place (platform, place);
  g_autoptr (LacunaContext) context = NULL;

  if (device == NULL)
    return LACUNA_SELF_TEST_UNDECIDED;
  step (report);
  context = lacuna_context_new (device, 0, &error);
  if (context != NULL && lacuna_self_test_run (context, step, report, &error))
    return LACUNA_SELF_TEST_PASSED;
  return blame (report, error) ? LACUNA_SELF_TEST_FAILED : LACUNA_SELF_TEST_UNDECIDED;
}

int
main (int argc, char **argv)
{
  FILE *report = fdopen (dup (STDOUT_FILENO), "w");
  int code;

  set_up_language ();
  if (argc != 3 || report == NULL || dup2 (STDERR_FILENO, STDOUT_FILENO) < 0)
    return LACUNA_SELF_TEST_UNDECIDED;
  code = try_device (report, argv[1], strtoul (argv[2], NULL, 10));
  lacuna_end ();
  /* No driver's exit handlers: what they do at the end is not asked. */
  _exit (code);
}
