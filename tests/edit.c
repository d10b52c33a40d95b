/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/document/document.h"
#include "app/document/journal.h"
#include "tests/wait.h"

/* An editing session to be killed, for faults.py: edit PHOTO [N]. Goes on with the session that was left, if any, and
 * prints how many squares it has; without N then marks one after the other, and prints how many are on the disk. With
 * N it ends where it has that many. */
#define SIDE 6
#define PER_ROW 20

static LacunaDocument *
open_document (const char *photo, GPtrArray *sessions, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  if (sessions->len > 0)
    {
      lacuna_document_recover_async (((LacunaSession *) sessions->pdata[0])->path, NULL, on_result, &result);
      return lacuna_document_recover_finish (wait_for (&result), error);
    }
  lacuna_document_open_async (photo, NULL, on_result, &result);
  return lacuna_document_open_finish (wait_for (&result), error);
}

/* The squares are whole: a hole that is not made of them is damage. */
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
}

/* Where the session's file says that so many steps are in force. */
static gboolean
is_on_disk (const char *session, guint n)
{
  g_autofree char *path = g_build_filename (session, "session.json", NULL), *json = NULL;
  g_autofree char *position = g_strdup_printf ("\"position\" : %u", n);

  return g_file_get_contents (path, &json, NULL, NULL) && strstr (json, position) != NULL;
}

static char *
find_session (void)
{
  g_autofree char *root = lacuna_journal_get_root ();
  g_autoptr (GDir) folder = g_dir_open (root, 0, NULL);
  const char *name = folder != NULL ? g_dir_read_name (folder) : NULL;

  return name != NULL ? g_build_filename (root, name, NULL) : NULL;
}

static void
edit (LacunaDocument *document, guint n)
{
  gint64 told = n;

  while (n < PER_ROW * PER_ROW / 2)
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
            printf ("%u\n", i);
            fflush (stdout);
          }
    }
}

int
main (int argc, char **argv)
{
  g_autoptr (GPtrArray) sessions = lacuna_sessions_list ();
  g_autoptr (GError) error = NULL;
  g_autoptr (LacunaDocument) document = open_document (argv[1], sessions, &error);
  guint n;

  if (document == NULL)
    {
      g_printerr ("%s\n", error->message);
      return 1;
    }
  n = count_squares (document);
  printf ("%u\n", n);
  fflush (stdout);
  if (argc < 3)
    edit (document, n);
  lacuna_document_close (document);
  return 0;
}
