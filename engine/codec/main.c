/* SPDX-License-Identifier: GPL-3.0-or-later */
/* lacuna-codec: reads and writes photos for a program that started it, over the descriptor LACUNA_CODEC_SOCKET. */
#include <glib.h>
#include <libintl.h>
#include <locale.h>

#include "engine/codec/serve.h"
#include "engine/photo/codec.h"

int
main (int argc, char **argv)
{
  const char *locale = g_getenv ("LACUNA_LOCALE");

  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, locale != NULL ? locale : LACUNA_LOCALE_DIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);
  g_set_prgname ("lacuna-codec");
  return lacuna_serve (LACUNA_CODEC_SOCKET, NULL);
}
