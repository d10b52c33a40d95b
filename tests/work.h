/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* A document worked on, and what a person sees of it: mask, photo, variants, lines, and what is told of the fills. */
#include "app/document/session.h"

#include <gio/gio.h>
#include <glib/gstdio.h>

#include "tests/editing.h"
#include "tests/folder.h"

static LacunaEngine *engine;

/* What a person would see of a document. */
typedef struct {
  GBytes *mask, *photo;
  gsize n_steer[LACUNA_N_STEERS];
  GVariant *lines;
  guint n_variants, chosen;
  gboolean modified;
  char *fills; /* what is told of them */
} Look;

/* What is told of the fills, without the types of numbers, of which a project has fewer. */
static inline char *
print_fills (LacunaDocument *document)
{
  g_autoptr (GVariant) fills = lacuna_document_describe_fills (document);
  g_autofree char *typed = g_variant_print (fills, FALSE);
  g_auto (GStrv) parts = g_strsplit (typed, "uint64 ", -1);
  g_autofree char *joined = g_strjoinv ("int64 ", parts);
  g_auto (GStrv) plain = g_strsplit (joined, "int64 ", -1);

  return g_strjoinv ("", plain);
}

static inline Look
look (LacunaDocument *document)
{
  Look self = { copy_mask (document), copy_photo (document), .fills = print_fills (document) };
  g_autoptr (GPtrArray) variants = lacuna_document_list_variants (document, &self.chosen);

  for (LacunaSteer i = 0; i < LACUNA_N_STEERS; i++)
    if (lacuna_document_has_steer (document, i))
      self.n_steer[i] = lacuna_raster_get_n_hole (lacuna_document_get_steer (document, i));
  if (lacuna_document_get_lines (document) != NULL)
    self.lines = g_variant_ref (lacuna_document_get_lines (document));
  self.n_variants = variants->len;
  self.modified = lacuna_document_get_modified (document);
  return self;
}

static inline void
look_clear (Look *self)
{
  g_bytes_unref (self->mask);
  g_bytes_unref (self->photo);
  g_clear_pointer (&self->lines, g_variant_unref);
  g_free (self->fills);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Look, look_clear)

static inline void
assert_alike (const Look *a, const Look *b)
{
  assert_same (a->mask, b->mask);
  assert_same (a->photo, b->photo);
  for (LacunaSteer i = 0; i < LACUNA_N_STEERS; i++)
    g_assert_cmpuint (a->n_steer[i], ==, b->n_steer[i]);
  g_assert_true (a->lines == NULL ? b->lines == NULL : b->lines != NULL && g_variant_equal (a->lines, b->lines));
  g_assert_cmpuint (a->n_variants, ==, b->n_variants);
  g_assert_cmpuint (a->chosen, ==, b->chosen);
  g_assert_cmpint (a->modified, ==, b->modified);
  g_assert_cmpstr (a->fills, ==, b->fills);
}

/* Photos as they are at first, and no sessions. */
static inline void
begin (void)
{
  g_autofree char *sessions = lacuna_sessions_get_root ();
  const char *names[] = { "photo.png", "other.png", "moved.png" };
  g_autoptr (LacunaPhoto) photo = picture_make (WIDTH, HEIGHT, 8, picture_waves);
  g_autoptr (LacunaPhoto) other = picture_make (WIDTH, HEIGHT, 8, picture_gradient);

  folder_remove (sessions);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = get_path (names[i]);

      if (i < 2)
        g_assert_true (lacuna_photo_save (i == 0 ? photo : other, path, NULL, NULL));
      else
        g_remove (path);
    }
}

static inline void
fill_well (LacunaDocument *document)
{
  g_autoptr (GError) error = NULL;

  fill (document, engine, NULL, &error);
  g_assert_no_error (error);
}

static inline void
draw_line (LacunaDocument *document)
{
  const LacunaSample points[] = { { 480, 345.25, 0 }, { 490, 370, 0 }, { 502, 405, 0 } };

  g_assert_true (lacuna_document_draw_line (document, points, G_N_ELEMENTS (points), 1));
}

/* Two holes filled, the second twice; the first of its variants is chosen, and something is to be avoided, and preferred, and
 * a line to be followed. */
static inline void
work (LacunaDocument *document)
{
  stroke (document, 100, 100, 130, 120, 14, LACUNA_STROKE_MARK);
  fill_well (document);
  g_assert_true (lacuna_document_begin_stroke (document, LACUNA_STROKE_MARK, FALSE));
  lacuna_document_extend_stroke (document, &(LacunaSample){ 500, 400, 4 }, 1);
  lacuna_document_end_stroke (document);
  stroke (document, 300, 100, 320, 100, 14, LACUNA_STROKE_AVOID);
  stroke (document, 480, 350, 500, 350, 20, LACUNA_STROKE_PREFER);
  draw_line (document);
  fill_well (document);
  fill_well (document);
  lacuna_document_choose_variant (document, 0);
}

/* Runs the tests in a folder of their own, with its own sessions. */
static inline int
run_in_folder (void)
{
  g_autofree char *data = NULL;
  int status;

  folder = g_dir_make_tmp ("lacuna-work-XXXXXX", NULL);
  data = get_path ("data");
  g_setenv ("XDG_DATA_HOME", data, TRUE);
  engine = lacuna_engine_new (NULL, 0);
  status = g_test_run ();
  g_object_unref (engine);
  folder_remove (folder);
  g_free (folder);
  return status;
}
