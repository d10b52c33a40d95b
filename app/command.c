#include "app/command.h"

#include <glib/gstdio.h>
#include <json-glib/json-glib.h>

gboolean
lacuna_command_parse (int *argc,
                      char ***argv,
                      const GOptionEntry *entries,
                      const char *operands,
                      const char *summary,
                      const char *description)
{
  g_autoptr (GOptionContext) context = g_option_context_new (operands);
  g_autoptr (GError) error = NULL;

  g_option_context_add_main_entries (context, entries, NULL);
  g_option_context_set_summary (context, summary);
  g_option_context_set_description (context, description);
  if (g_option_context_parse (context, argc, argv, &error))
    return TRUE;
  lacuna_command_reject ("%s", error->message);
  return FALSE;
}

static void
complain (const char *format, va_list arguments)
{
  g_autofree char *message = g_strdup_vprintf (format, arguments);

  /* Names from files may hold anything, even what a terminal obeys. */
  for (char *c = message; *c != '\0'; c++)
    if (g_ascii_iscntrl (*c))
      *c = ' ';
  g_printerr ("lacuna: %s\n", message);
}

void
lacuna_command_complain (const char *format, ...)
{
  va_list arguments;

  va_start (arguments, format);
  complain (format, arguments);
  va_end (arguments);
}

LacunaExit
lacuna_command_reject (const char *format, ...)
{
  va_list arguments;

  va_start (arguments, format);
  complain (format, arguments);
  va_end (arguments);
  g_printerr ("Try “%s --help”.\n", g_get_prgname ());
  return LACUNA_EXIT_WRONG_USE;
}

void
lacuna_command_print_json (GVariant *value)
{
  g_autoptr (GVariant) sunk = g_variant_ref_sink (value);
  gsize length;
  g_autofree char *json = json_gvariant_serialize_data (sunk, &length);

  g_print ("%s\n", json);
}

gboolean
lacuna_command_is_same_file (const char *a, const char *b)
{
  GStatBuf x, y;

  return g_stat (a, &x) == 0 && g_stat (b, &y) == 0 && x.st_dev == y.st_dev && x.st_ino == y.st_ino;
}
