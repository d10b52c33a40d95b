/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/document/document.h"
#include "tests/wait.h"

/* Fills as the window does, without the window, for library.py: by-document PHOTO MASK OUT */

static LacunaDocument *
open (const char *path, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  lacuna_document_open_async (path, NULL, on_result, &result);
  return lacuna_document_open_finish (wait_for (&result), error);
}

static gboolean
mark (LacunaDocument *document, const char *path, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autofree char *note = NULL;

  lacuna_document_import_mask_async (document, path, NULL, on_result, &result);
  return lacuna_document_import_mask_finish (document, wait_for (&result), &note, error);
}

static gboolean
fill (LacunaDocument *document, LacunaEngine *engine, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  lacuna_document_fill_async (document, engine, NULL, NULL, on_result, &result);
  return lacuna_document_fill_finish (document, wait_for (&result), error);
}

static gboolean
save (LacunaDocument *document, const char *path, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  lacuna_document_save_async (document, path, NULL, TRUE, NULL, on_result, &result);
  return lacuna_document_save_finish (document, wait_for (&result), error);
}

static gboolean
close_document (LacunaDocument *document, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  lacuna_document_close_async (document, on_result, &result);
  return lacuna_document_close_finish (document, wait_for (&result), error);
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (LacunaEngine) engine = lacuna_engine_new (NULL, 0);
  g_autoptr (LacunaDocument) document = open (argv[1], &error);
  gboolean done = document != NULL && mark (document, argv[2], &error) && fill (document, engine, &error)
                  && save (document, argv[3], &error) && close_document (document, &error);

  if (!done)
    g_printerr ("%s\n", error->message);
  return !done;
}
