/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Selects the thing that a stroke means, or its shadow, and adds it to the hole or takes it away. A stroke near the
 * last selection changes that one: the steps that made it are taken back in a copy first, and the result is one more
 * step. select_in_thread(), with what it calls, runs in a GTask's thread, while the document is busy and nobody
 * changes its raster; all else runs in the main loop. */
#include "app/document/document-private.h"

#include <glib/gi18n.h>

/* A stroke so near to a selection, as a share of its longer side, goes on with it. */
#define NEARBY 0.25

typedef struct {
  LacunaHint      *hint;
  LacunaSelection *before;    /* the selection that the stroke goes on with; NULL: it begins another */
  GPtrArray       *selecting; /* of LacunaDelta: the changes that made `before` */
  GPtrArray       *retouches; /* of LacunaRetouch: in force */
  gboolean         take;      /* what is selected leaves the hole */
  gboolean         anew;      /* the selection replaces the hole that is there */

  LacunaSelection *selection; /* the result … */
  LacunaDelta     *delta;     /* … and what it changes; NULL: nothing */
} Selecting;

static void
selecting_free (Selecting *self)
{
  g_clear_pointer (&self->hint, lacuna_hint_unref);
  g_clear_pointer (&self->before, lacuna_selection_unref);
  g_clear_pointer (&self->selection, lacuna_selection_unref);
  g_clear_pointer (&self->delta, lacuna_delta_unref);
  g_ptr_array_unref (self->selecting);
  g_ptr_array_unref (self->retouches);
  g_free (self);
}

static LacunaHint *
make_hint (LacunaHintKind kind, const LacunaSample *samples, guint n_samples)
{
  g_autofree double *coordinates = g_new (double, 2 * (gsize) n_samples);
  double radius = 0;

  for (guint i = 0; i < n_samples; i++)
    {
      coordinates[2 * i] = samples[i].x;
      coordinates[2 * i + 1] = samples[i].y;
      radius = MAX (radius, samples[i].radius);
    }
  return lacuna_hint_new (kind, coordinates, 2 * (gsize) n_samples, radius);
}

/* Whether a stroke comes to what was selected, or beside it. */
static gboolean
is_near (LacunaSelection *selection, const LacunaSample *samples, guint n_samples)
{
  const LacunaBox *box = lacuna_selection_get_box (selection);
  double around = MAX (box->width, box->height) * NEARBY;

  for (guint i = 0; i < n_samples; i++)
    if (samples[i].x >= box->x - around && samples[i].x < box->x + box->width + around
        && samples[i].y >= box->y - around && samples[i].y < box->y + box->height + around)
      return TRUE;
  return FALSE;
}

/* Takes hint. */
static void
go_on (LacunaDocument *self, Selecting *selecting, LacunaSelection *last, LacunaHint *hint)
{
  selecting->before = lacuna_selection_ref (last);
  selecting->selecting = lacuna_history_list_selecting (&self->history, &selecting->anew);
  selecting->hint = hint;
}

static Selecting *
selecting_new (LacunaDocument *self, const LacunaSample *samples, guint n_samples, gboolean take, gboolean keep)
{
  Selecting *selecting = g_new0 (Selecting, 1);
  LacunaSelection *last = lacuna_history_get_selection (&self->history);
  g_autoptr (LacunaHint) thing = make_hint (LACUNA_HINT_THING, samples, n_samples);
  gboolean begins = thing != NULL && !take && lacuna_hint_encloses (thing);

  selecting->retouches = lacuna_document_list_retouches (self);
  if (last != NULL && !begins && is_near (last, samples, n_samples))
    {
      go_on (self, selecting, last, make_hint (take ? LACUNA_HINT_TAKE : LACUNA_HINT_ADD, samples, n_samples));
      return selecting;
    }
  selecting->take = take;
  selecting->anew = !take && !keep && lacuna_document_get_resting (self);
  selecting->selecting = g_ptr_array_new ();
  selecting->hint = g_steal_pointer (&thing);
  return selecting;
}

/* The hole in frame as it was before the selection began. NULL: no memory. */
static guint8 *
find_base (LacunaRaster *raster, const Selecting *selecting, LacunaBox frame)
{
  guint8 *pixels;

  if (selecting->anew)
    return g_try_malloc0_n (frame.height, frame.width);
  pixels = lacuna_raster_copy (raster, frame);
  for (guint i = 0; pixels != NULL && i < selecting->selecting->len; i++)
    lacuna_raster_apply_to_copy (raster, selecting->selecting->pdata[i], frame, pixels);
  return pixels;
}

/* The hole in frame with what mask, which lies at box, selects. NULL: no memory. */
static LacunaMask *
combine (LacunaRaster *raster, const Selecting *selecting, LacunaBox frame, LacunaMask *mask, const LacunaBox *box)
{
  g_autofree guint8 *pixels = find_base (raster, selecting, frame);

  if (pixels == NULL)
    return NULL;
  for (int y = 0; y < box->height; y++)
    {
      const guint8 *selected = lacuna_mask_get_pixels (mask) + (gsize) y * box->width;
      guint8 *row = pixels + (gsize) (box->y + y - frame.y) * frame.width + box->x - frame.x;

      for (int x = 0; x < box->width; x++)
        if (selected[x])
          row[x] = selecting->take ? 0 : 255;
    }
  return lacuna_mask_new (frame.width, frame.height, pixels);
}

static gboolean
find_delta (LacunaDocument *self, Selecting *selecting, LacunaMask *mask)
{
  const LacunaBox *box = lacuna_selection_get_box (selecting->selection);
  LacunaBox extent = lacuna_raster_get_extent (self->raster), frame = *box;
  g_autoptr (LacunaMask) after = NULL;

  if (extent.width > 0)
    frame = lacuna_box_union (frame, extent);
  after = combine (self->raster, selecting, frame, mask, box);
  if (after != NULL)
    selecting->delta = lacuna_raster_compare (self->raster, after, frame.x, frame.y);
  return after != NULL;
}

/* The raster is read here and changed by nobody meanwhile: the document is busy. */
static void
select_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  LacunaDocument *self = source;
  Selecting *selecting = data;
  g_autoptr (LacunaPhoto) photo = lacuna_retouches_apply (selecting->retouches, self->original);
  g_autoptr (LacunaMask) mask = NULL;
  GError *error = NULL;

  if (photo != NULL)
    mask = lacuna_select (photo, selecting->before, selecting->hint, &selecting->selection, cancellable, &error);
  if (error != NULL)
    g_task_return_error (task, error);
  else if (mask == NULL || !find_delta (self, selecting, mask))
    g_task_return_new_error (task, LACUNA_ERROR, LACUNA_ERROR_MEMORY,
                             _ ("Nothing was selected for want of memory. Close other programs and try again."));
  else if (lacuna_mask_get_n_hole (mask) == 0 && selecting->before == NULL)
    g_task_return_new_error (task, LACUNA_ERROR, LACUNA_ERROR_EMPTY,
                             _ ("Nothing stands out there. Draw closer around the thing, or use the brush."));
  else
    g_task_return_boolean (task, TRUE);
}

/* Takes selecting; problem: what to say where it has no hint. */
static void
begin (LacunaDocument *self, Selecting *selecting, const char *problem, GCancellable *cancellable,
       GAsyncReadyCallback callback, gpointer data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, data);

  g_task_set_task_data (task, selecting, (GDestroyNotify) selecting_free);
  if (self->busy || self->stroking)
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_BUSY,
                             _ ("Nothing can be selected while a fill or a change of the mask is under way."));
  else if (selecting->hint == NULL)
    g_task_return_new_error (task, LACUNA_ERROR, LACUNA_ERROR_UNFIT, "%s", problem);
  else
    {
      lacuna_document_set_busy (self, TRUE);
      g_object_set_data (G_OBJECT (task), "working", self);
      g_task_run_in_thread (task, select_in_thread);
    }
}

void
lacuna_document_select_async (LacunaDocument *self, const LacunaSample *samples, guint n_samples, gboolean take,
                              gboolean keep, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data)
{
  begin (self, selecting_new (self, samples, n_samples, take, keep),
         _ ("The stroke has too many points. Draw a shorter one."), cancellable, callback, data);
}

void
lacuna_document_select_shadow_async (LacunaDocument *self, GCancellable *cancellable, GAsyncReadyCallback callback,
                                     gpointer data)
{
  Selecting *selecting = g_new0 (Selecting, 1);
  LacunaSelection *last = lacuna_history_get_selection (&self->history);

  selecting->retouches = lacuna_document_list_retouches (self);
  if (last != NULL)
    go_on (self, selecting, last, lacuna_hint_new (LACUNA_HINT_SHADOW, NULL, 0, 0));
  else
    selecting->selecting = g_ptr_array_new ();
  begin (self, selecting, _ ("A shadow is added to what was just selected. Select a thing first."), cancellable,
         callback, data);
}

gboolean
lacuna_document_select_finish (LacunaDocument *self, GAsyncResult *result, GError **error)
{
  Selecting *selecting = g_task_get_task_data (G_TASK (result));

  if (g_object_get_data (G_OBJECT (result), "working") != NULL)
    lacuna_document_set_busy (self, FALSE);
  if (!g_task_propagate_boolean (G_TASK (result), error))
    return FALSE;
  if (selecting->delta != NULL)
    lacuna_document_push_selection (self, _ ("Select"), selecting->delta, selecting->take ? NULL : selecting->selection,
                                    selecting->before != NULL, selecting->anew);
  return TRUE;
}
