/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <locale.h>
#include <signal.h>
#include <unistd.h>

#include <glib/gi18n.h>

#include "app/window/application.h"
#include "engine/lacuna.h"

/* Milliseconds in which a program that runs answers, and how often it is asked: to write down the memory of one that
 * crashed takes a system seconds, in which it still has its name on the bus, and opens no window that it is asked for. */
#define ANSWER 500
#define MOST_QUESTIONS 40

static void
await_crashed (void)
{
  g_autoptr (GDBusConnection) bus = g_bus_get_sync (G_BUS_TYPE_SESSION, NULL, NULL);
  gboolean is_silent = bus != NULL;

  for (int i = 0; is_silent && i < MOST_QUESTIONS; i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GVariant) answer
          = g_dbus_connection_call_sync (bus, LACUNA_APPLICATION_ID, "/", "org.freedesktop.DBus.Peer", "Ping", NULL,
                                         NULL, G_DBUS_CALL_FLAGS_NO_AUTO_START, ANSWER, NULL, &error);

      is_silent = g_error_matches (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
    }
}

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

  await_crashed ();
  application = lacuna_application_new ();
  status = g_application_run (G_APPLICATION (application), argc, argv);
  g_object_unref (application);
  if (!lacuna_end ())
    _exit (status);
  return status;
}
