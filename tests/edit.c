/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/document/document.h"
#include "tests/wait.h"

/* An editing session to be killed or closed, for faults.py: edit PHOTO. Opens the photo, prints how many squares it
 * has, and marks one after the other, undoing one now and then; prints how many are on the disk. A line on its standard
 * input, or the last square, has it close the photo; it then prints how many squares there were. */
#define SIDE 6
#define PER_ROW 20
#define MOST (PER_ROW * PER_ROW / 2)

static LacunaDocument *
open_document (const char *photo, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  lacuna_document_open_async (photo, NULL, on_result, &result);
  return lacuna_document_open_finish (wait_for (&result), error);
}

/* The squares are whole: what is not made of them is damage. */
static guint
count_squares (LacunaDocument *document)
{
  guint n = lacuna_raster_get_n_hole (lacuna_document_get_raster (document));

  if (n % (SIDE * SIDE) != 0)
    exit (1);
  return n / (SIDE * SIDE);
}

static void
mark_square (LacunaDocument *document, guint i)
{
  double x = i % PER_ROW * (SIDE + 2), y = i / PER_ROW * (SIDE + 2);
  const LacunaSample corners[] = { { x, y }, { x + SIDE, y }, { x + SIDE, y + SIDE }, { x, y + SIDE } };

  if (!lacuna_document_mark_polygon (document, corners, G_N_ELEMENTS (corners), FALSE, TRUE, "Square"))
    exit (2);
  if (i % 7 == 3)
    {
      lacuna_document_undo (document);
      lacuna_document_redo (document);
    }
}

/* Where the session's file says that so many steps are in force. */
static gboolean
is_on_disk (const char *session, guint n)
{
  g_autofree char *path = g_build_filename (session, "session.json", NULL), *json = NULL;
  g_autofree char *position = g_strdup_printf ("\"position\" : %u,", n);

  return g_file_get_contents (path, &json, NULL, NULL) && strstr (json, position) != NULL;
}

static char *
find_session (void)
{
  g_autofree char *root = lacuna_sessions_get_root ();
  g_autoptr (GDir) folder = g_dir_open (root, 0, NULL);
  const char *name = folder != NULL ? g_dir_read_name (folder) : NULL;

  return name != NULL ? g_build_filename (root, name, NULL) : NULL;
}

static void
tell (guint n)
{
  printf ("%u\n", n);
  fflush (stdout);
}

static gboolean
on_input (GIOChannel *input, GIOCondition condition, gpointer asked)
{
  *(gboolean *) asked = TRUE;
  return G_SOURCE_REMOVE;
}

static void
edit (LacunaDocument *document, guint n)
{
  g_autoptr (GIOChannel) input = g_io_channel_unix_new (0);
  gboolean asked = FALSE;
  gint64 told = n;

  g_io_add_watch (input, G_IO_IN, on_input, &asked);
  while (n < MOST && !asked)
    {
      g_autofree char *session = NULL;

      mark_square (document, n++);
      while (g_main_context_iteration (NULL, FALSE))
        ;
      g_usleep (3000);
      session = find_session ();
      for (guint i = n; session != NULL && i > told; i--)
        if (is_on_disk (session, i))
          {
            told = i;
            tell (i);
          }
    }
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (LacunaDocument) document = open_document (argv[1], &error);
  g_autoptr (GAsyncResult) result = NULL;
  guint n;

  if (document == NULL)
    {
      g_printerr ("%s\n", error->message);
      return 1;
    }
  n = count_squares (document);
  tell (n);
  edit (document, n);
  n = count_squares (document);
  lacuna_document_close_async (document, on_result, &result);
  if (!lacuna_document_close_finish (document, wait_for (&result), &error))
    return 3;
  tell (n);
  return 0;
}
