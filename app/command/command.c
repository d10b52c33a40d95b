/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/command/command.h"

#include <errno.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <json-glib/json-glib.h>
#include <string.h>

static int output_error; /* errno of the first write to standard output that failed, or 0 */

static gboolean
is_control (gunichar c)
{
  return c < 0x20 || (c >= 0x7f && c < 0xa0);
}

static char *
clean (const char *text, const char *kept)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  GString *cleaned = g_string_new (NULL);

  for (const char *c = valid; *c != '\0'; c = g_utf8_next_char (c))
    if (is_control (g_utf8_get_char (c)) && (*c & 0x80 || strchr (kept, *c) == NULL))
      g_string_append_c (cleaned, ' ');
    else
      g_string_append_unichar (cleaned, g_utf8_get_char (c));
  return g_string_free (cleaned, FALSE);
}

char *
lacuna_command_clean (const char *text)
{
  return clean (text, "");
}

/* Returns 0, or the errno of what went wrong. */
static int
print_to (FILE *stream, const char *text)
{
  g_autofree char *cleaned = clean (text, "\n\t");
  g_autofree char *local = NULL;
  const char *charset;

  if (!g_get_charset (&charset))
    local = g_convert_with_fallback (cleaned, -1, charset, "UTF-8", "?", NULL, NULL, NULL);
  errno = 0;
  return fputs (local != NULL ? local : cleaned, stream) < 0 || fflush (stream) != 0 ? errno : 0;
}

static void
print (const char *text)
{
  int error = print_to (stdout, text);

  if (output_error == 0)
    output_error = error;
}

static void
print_error (const char *text)
{
  print_to (stderr, text);
}

void
lacuna_command_begin (void)
{
  g_set_print_handler (print);
  g_set_printerr_handler (print_error);
}

LacunaExit
lacuna_command_end (LacunaExit code)
{
  if (output_error == 0)
    return code;
  lacuna_command_complain (
      _ ("Not all that was to be printed could be written: %s. Free some space, or print elsewhere."),
      g_strerror (output_error));
  return code == LACUNA_EXIT_DONE ? LACUNA_EXIT_FAILED : code;
}

gboolean
lacuna_command_parse (int *argc, char ***argv, const GOptionEntry *entries, const char *operands, const char *summary,
                      const char *description)
{
  g_autoptr (GOptionContext) context = g_option_context_new (operands);
  g_autoptr (GError) error = NULL;

  g_option_context_add_main_entries (context, entries, GETTEXT_PACKAGE);
  g_option_context_set_translation_domain (context, GETTEXT_PACKAGE);
  g_option_context_set_summary (context, summary);
  g_option_context_set_description (context, description);
  if (g_option_context_parse (context, argc, argv, &error))
    return TRUE;
  lacuna_command_reject ("%s", error->message);
  return FALSE;
}

static void G_GNUC_PRINTF (1, 0) complain (const char *format, va_list arguments)
{
  g_autofree char *message = g_strdup_vprintf (format, arguments);
  g_autofree char *line = lacuna_command_clean (message);

  g_printerr ("lacuna: %s\n", line);
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
  g_printerr (_ ("Try “%s --help”.\n"), g_get_prgname ());
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
