/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An editing session that is killed or closed by tests/faults.py: edit PHOTO MODEL. It opens the photo, checks that
 * what was made of it is exactly what the first steps make, and prints how many; then it makes one step after the
 * other: squares that are marked or to be avoided, and fills; some are undone and done again. It prints how many are
 * on the disk. A line on its standard input, or the last step, has it close the photo; it then prints how many there
 * were. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/document/document.h"
#include "app/document/stroke.h"
#include "tests/wait.h"

#define SIDE 6
#define PER_ROW 20
#define MOST (PER_ROW * PER_ROW / 2)
#define PERIOD 20 /* of steps, of which each kind has its place */
#define AVOID 7
#define FILL 19

static LacunaDocument *
open_document (const char *photo, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  lacuna_document_open_async (photo, NULL, on_result, &result);
  return lacuna_document_open_finish (wait_for (&result), error);
}

/* Of marks that have as many pixels each: anything else is damage. */
static guint
count_marks (LacunaRaster *raster, gsize n_pixels)
{
  gsize n = raster != NULL ? lacuna_raster_get_n_hole (raster) : 0;

  if (n % n_pixels != 0)
    exit (1);
  return n / n_pixels;
}

static LacunaSample
make_dab (guint i)
{
  return (LacunaSample){ i % PER_ROW * (SIDE + 2) + SIDE / 2, i / PER_ROW * (SIDE + 2) + SIDE / 2, SIDE / 2 };
}

static gsize
count_dab (void)
{
  g_autoptr (LacunaRaster) raster = lacuna_raster_new (64, 64);
  g_autoptr (LacunaDelta) delta = NULL;
  const LacunaSample dab = make_dab (0);

  lacuna_stroke_draw (raster, &dab, 1, FALSE);
  delta = lacuna_raster_commit (raster);
  return lacuna_raster_get_n_hole (raster);
}

/* How many of the first n steps have that place. */
static guint
count_steps (guint n, guint place)
{
  return (n + PERIOD - 1 - place) / PERIOD;
}

/* What there is is what the first steps make, each of them whole: all else is damage. */
static guint
count (LacunaDocument *document)
{
  g_autoptr (GPtrArray) fills = lacuna_document_list_retouches (document);
  guint n_marked = count_marks (lacuna_document_get_raster (document), SIDE * SIDE);
  guint n_avoided = count_marks (lacuna_document_get_steer (document, LACUNA_STEER_AVOID), count_dab ());
  guint n = n_marked + n_avoided + fills->len;

  if (n_avoided != count_steps (n, AVOID) || fills->len != count_steps (n, FILL))
    exit (1);
  return n;
}

static void
mark (LacunaDocument *document, guint i)
{
  double x = i % PER_ROW * (SIDE + 2), y = i / PER_ROW * (SIDE + 2);
  const LacunaSample corners[] = { { x, y }, { x + SIDE, y }, { x + SIDE, y + SIDE }, { x, y + SIDE } };

  if (!lacuna_document_mark_polygon (document, corners, G_N_ELEMENTS (corners), LACUNA_STROKE_MARK, TRUE, "Square"))
    exit (2);
}

static void
avoid (LacunaDocument *document, guint i)
{
  const LacunaSample dab = make_dab (i);

  if (!lacuna_document_begin_stroke (document, LACUNA_STROKE_AVOID, FALSE))
    exit (2);
  lacuna_document_extend_stroke (document, &dab, 1);
  lacuna_document_end_stroke (document);
}

static void
fill (LacunaDocument *document, const char *model)
{
  static LacunaEngine *engine;
  const LacunaFillOptions options = { .model = model };
  g_autoptr (GAsyncResult) result = NULL;

  if (engine == NULL)
    engine = lacuna_engine_new (NULL, 0);
  lacuna_document_fill_async (document, engine, &options, NULL, on_result, &result);
  if (!lacuna_document_fill_finish (document, wait_for (&result), NULL))
    exit (2);
}

static void
add_step (LacunaDocument *document, const char *model, guint i)
{
  if (i % PERIOD == AVOID)
    avoid (document, i);
  else if (i % PERIOD == FILL)
    fill (document, model);
  else
    mark (document, i);
  if (i % 5 == 3)
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
edit (LacunaDocument *document, const char *model, guint n)
{
  g_autoptr (GIOChannel) input = g_io_channel_unix_new (0);
  gboolean asked = FALSE;
  gint64 told = n;

  g_io_add_watch (input, G_IO_IN, on_input, &asked);
  while (n < MOST && !asked)
    {
      g_autofree char *session = NULL;

      add_step (document, model, n++);
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
  n = count (document);
  tell (n);
  edit (document, argv[2], n);
  n = count (document);
  lacuna_document_close_async (document, on_result, &result);
  if (!lacuna_document_close_finish (document, wait_for (&result), &error))
    return 3;
  tell (n);
  return 0;
}
