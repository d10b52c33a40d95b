/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/command/standard.h"

#include <gio/gunixinputstream.h>
#include <gio/gunixoutputstream.h>
#include <glib/gi18n.h>
#include <unistd.h>

#include "engine/lacuna.h"

#define MAX_SIZE ((gsize) 1 << 30) /* more than 100 megapixels of 16 bits without compression */
#define FIRST_SIZE ((gsize) 1 << 20)

gboolean
lacuna_standard_is_meant (const char *path)
{
  return g_strcmp0 (path, "-") == 0;
}

const char *
lacuna_standard_get_name (const char *path)
{
  return lacuna_standard_is_meant (path) ? _ ("standard input") : path;
}

/* Twice the room at *buffer, which still holds what it held. */
static gboolean
grow (gpointer *buffer, gsize *size, GError **error)
{
  gsize larger = MIN (MAX (FIRST_SIZE, 2 * *size), MAX_SIZE);
  gpointer grown = NULL;

  if (*size == MAX_SIZE)
    g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_UNFIT,
                 _ ("Standard input is larger than 1 GiB. Save it as a file first, and name that."));
  else if ((grown = g_try_realloc (*buffer, larger)) == NULL)
    g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_MEMORY,
                 _ ("There is no memory for what comes from standard input. Save it as a file first, and name that."));
  if (grown == NULL)
    return FALSE;
  *buffer = grown;
  *size = larger;
  return TRUE;
}

static void
complete (GError **error, GError *problem, const char *what)
{
  if (g_error_matches (problem, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_propagate_error (error, g_error_copy (problem));
  else
    g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_FILE, _ ("%s: %s. Use a file instead."), what, problem->message);
}

GBytes *
lacuna_standard_read (GCancellable *cancellable, GError **error)
{
  g_autoptr (GInputStream) stream = g_unix_input_stream_new (STDIN_FILENO, FALSE);
  g_autoptr (GError) problem = NULL;
  g_autofree gpointer buffer = NULL;
  gsize size = 0, length = 0, n_read;

  do
    {
      if (length == size && !grow (&buffer, &size, error))
        return NULL;
      if (!g_input_stream_read_all (stream, (guint8 *) buffer + length, size - length, &n_read, cancellable, &problem))
        {
          complete (error, problem, _ ("Standard input can't be read"));
          return NULL;
        }
      length += n_read;
  } while (length == size);
  return g_bytes_new_take (g_steal_pointer (&buffer), length);
}

gboolean
lacuna_standard_write (GBytes *file, GCancellable *cancellable, GError **error)
{
  g_autoptr (GOutputStream) stream = g_unix_output_stream_new (STDOUT_FILENO, FALSE);
  g_autoptr (GError) problem = NULL;
  gsize size;
  gconstpointer data = g_bytes_get_data (file, &size);

  if (g_output_stream_write_all (stream, data, size, NULL, cancellable, &problem))
    return TRUE;
  complete (error, problem, _ ("Standard output can't be written"));
  return FALSE;
}
