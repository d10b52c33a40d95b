/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <locale.h>
#include <signal.h>
#include <unistd.h>

#include <glib/gi18n.h>

#include "app/window/application.h"
#include "engine/lacuna.h"

int
main (int argc, char **argv)
{
  const char *locale = g_getenv ("LACUNA_LOCALE");
  LacunaApplication *application;
  int status;

  /* A file that is too large is then an error of the write. */
  signal (SIGXFSZ, SIG_IGN);
  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, locale != NULL ? locale : LACUNA_LOCALE_DIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);
  g_set_application_name ("Lacuna");

  application = lacuna_application_new ();
  status = g_application_run (G_APPLICATION (application), argc, argv);
  g_object_unref (application);
  if (!lacuna_end ())
    _exit (status);
  return status;
}
