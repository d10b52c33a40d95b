/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/document/document.h"
#include "tests/picture.h"
#include "tests/wait.h"

/* A document edited as the window does, for tests of what becomes of it. */

#define WIDTH 701
#define HEIGHT 523

static char *folder; /* of the test's own */

static inline char *
get_path (const char *name)
{
  return g_build_filename (folder, name, NULL);
}

static inline void
wait_until_idle (LacunaDocument *document)
{
  while (lacuna_document_get_busy (document))
    g_main_context_iteration (NULL, TRUE);
}

static inline LacunaDocument *
editing_await (GAsyncResult **result)
{
  g_autoptr (GError) error = NULL;
  LacunaDocument *document = lacuna_document_open_finish (wait_for (result), &error);

  g_assert_no_error (error);
  return document;
}

static inline LacunaDocument *
editing_open (const char *name)
{
  g_autofree char *path = get_path (name);
  g_autoptr (GAsyncResult) result = NULL;

  lacuna_document_open_async (path, NULL, on_result, &result);
  return editing_await (&result);
}

static inline LacunaDocument *
editing_open_session (const char *session)
{
  g_autoptr (GAsyncResult) result = NULL;

  lacuna_document_open_session_async (session, NULL, on_result, &result);
  return editing_await (&result);
}

/* Until it is kept. */
static inline void
editing_close (LacunaDocument *document)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  lacuna_document_close_async (document, on_result, &result);
  lacuna_document_close_finish (document, wait_for (&result), &error);
  g_assert_no_error (error);
}

/* The document's mask, row by row. */
static inline GBytes *
copy_mask (LacunaDocument *document)
{
  g_autoptr (LacunaMask) mask = lacuna_raster_to_mask (lacuna_document_get_raster (document));

  return g_bytes_new (lacuna_mask_get_pixels (mask), WIDTH * HEIGHT);
}

/* The document's photo as it would be saved. */
static inline GBytes *
copy_photo (LacunaDocument *document)
{
  g_autofree char *path = get_path ("saved.png");
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (LacunaPhoto) photo = NULL;
  g_autoptr (GError) error = NULL;

  lacuna_document_save_async (document, path, NULL, TRUE, NULL, on_result, &result);
  lacuna_document_save_finish (document, wait_for (&result), &error);
  g_assert_no_error (error);
  photo = lacuna_photo_load (path, NULL, &error);
  g_assert_no_error (error);
  return g_bytes_new (lacuna_photo_get_pixels (photo), WIDTH * HEIGHT * 3);
}

static inline void
assert_same (GBytes *a, GBytes *b)
{
  g_assert_true (g_bytes_equal (a, b));
}

static inline void
stroke (LacunaDocument *document, double x0, double y0, double x1, double y1, double radius,
        LacunaStrokeKind kind)
{
  LacunaSample samples[] = { { x0, y0, radius }, { x1, y1, radius } };

  g_assert_true (lacuna_document_begin_stroke (document, kind, TRUE));
  lacuna_document_extend_stroke (document, samples, 2);
  lacuna_document_end_stroke (document);
}

static inline gboolean
fill (LacunaDocument *document, LacunaEngine *engine, GCancellable *cancellable, GError **error)
{
  g_autofree char *model = g_test_build_filename (G_TEST_DIST, "golden", "generator_tiny_oihw.safetensors", NULL);
  LacunaFillOptions options = { .model = model };
  g_autoptr (GAsyncResult) result = NULL;

  lacuna_document_fill_async (document, engine, &options, cancellable, on_result, &result);
  return lacuna_document_fill_finish (document, wait_for (&result), error);
}

/* Of how many variants which one is in force. */
static inline void
assert_chosen (LacunaDocument *document, guint n, guint chosen)
{
  guint which = 0;
  g_autoptr (GPtrArray) variants = lacuna_document_list_variants (document, &which);

  g_assert_cmpuint (variants->len, ==, n);
  g_assert_cmpuint (which, ==, chosen);
}
