/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/error.h"

#include <glib/gi18n-lib.h>

G_DEFINE_QUARK (lacuna-error-quark, lacuna_error)

void
lacuna_error_set_memory (GError **error, const char *what)
{
  g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_MEMORY,
               _ ("There is no memory for %s. Close other programs, or use a smaller photo."), what);
}
