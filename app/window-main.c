#include <locale.h>

#include <glib/gi18n.h>

#include "app/application.h"

int
main (int argc, char **argv)
{
  g_autoptr (LacunaApplication) application = NULL;

  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, LACUNA_LOCALE_DIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);
  g_set_application_name ("Lacuna");

  application = lacuna_application_new ();
  return g_application_run (G_APPLICATION (application), argc, argv);
}
