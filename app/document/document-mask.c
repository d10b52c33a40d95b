/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Inverts, grows, shrinks, imports and exports the whole mask of a document. A thread finds the change as a delta,
 * and the main loop applies it as one step; until then the document is busy, so that nobody changes the raster which
 * the thread reads. change_in_thread() and export_in_thread(), with what they call, run in a GTask's thread; all
 * else runs in the main loop. */
#include "app/document/document-private.h"

#include <glib/gi18n.h>

#include "app/document/mask-fit.h"

typedef struct {
  LacunaMaskEdit edit;
  int            radius;
  char          *path;
  char          *note; /* how the file was understood, or NULL */
  LacunaMask    *mask; /* another photo's, or NULL */
} Change;

static void
change_free (Change *self)
{
  g_free (self->path);
  g_free (self->note);
  g_clear_pointer (&self->mask, lacuna_mask_unref);
  g_free (self);
}

/* The raster is read here and changed by nobody meanwhile: the document is busy. */
static LacunaMask *
cut (LacunaRaster *raster, LacunaBox box)
{
  g_autofree guint8 *pixels = lacuna_raster_copy (raster, box);

  return pixels != NULL ? lacuna_mask_new (box.width, box.height, pixels) : NULL;
}

static LacunaMask *
invert (LacunaMask *mask)
{
  gsize n = (gsize) lacuna_mask_get_width (mask) * lacuna_mask_get_height (mask);
  g_autofree guint8 *pixels = g_try_malloc (n);

  for (gsize i = 0; pixels != NULL && i < n; i++)
    pixels[i] = ~lacuna_mask_get_pixels (mask)[i];
  return pixels != NULL ? lacuna_mask_new (lacuna_mask_get_width (mask), lacuna_mask_get_height (mask), pixels) : NULL;
}

static LacunaBox
get_frame (LacunaDocument *self, const Change *change)
{
  LacunaBox all = { 0, 0, lacuna_raster_get_width (self->raster), lacuna_raster_get_height (self->raster) };
  LacunaBox box = lacuna_raster_get_extent (self->raster);
  int margin = change->radius + 1;

  if (change->edit == LACUNA_MASK_INVERT || box.width == 0)
    return all;
  return lacuna_box_intersection (
      all, (LacunaBox){ box.x - margin, box.y - margin, box.width + 2 * margin, box.height + 2 * margin });
}

static LacunaDelta *
edit (LacunaDocument *self, const Change *change, GError **error)
{
  LacunaBox box = get_frame (self, change);
  g_autoptr (LacunaMask) before = cut (self->raster, box);
  g_autoptr (LacunaMask) after = NULL;

  if (before != NULL && change->edit == LACUNA_MASK_INVERT)
    after = invert (before);
  else if (before != NULL && lacuna_mask_get_n_hole (before) > 0)
    after = lacuna_mask_grow (before, change->edit == LACUNA_MASK_SHRINK ? -change->radius : change->radius);
  else if (before != NULL)
    after = lacuna_mask_ref (before);
  if (after != NULL)
    return lacuna_raster_compare (self->raster, after, box.x, box.y);
  g_set_error_literal (error, LACUNA_ERROR, LACUNA_ERROR_MEMORY,
                       _ ("The mask was not changed for want of memory. Close other programs and try again."));
  return NULL;
}

static LacunaDelta *
import (LacunaDocument *self, Change *change, GError **error)
{
  int width = lacuna_raster_get_width (self->raster), height = lacuna_raster_get_height (self->raster);
  g_autoptr (LacunaMask) mask = NULL;

  /* The size is checked first, so that a huge file is not decoded for nothing. */
  if (lacuna_photo_check_size (change->path, NULL, width, height, _ ("mask"), error))
    mask = lacuna_mask_load (change->path, self->original, error);
  if (mask == NULL)
    return NULL;
  change->note = g_strdup (lacuna_mask_get_note (mask));
  if (lacuna_mask_get_width (mask) == width && lacuna_mask_get_height (mask) == height)
    return lacuna_raster_compare (self->raster, mask, 0, 0);
  g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_UNFIT,
               _ ("“%s” is %d×%d pixels and the photo %d×%d. Give a mask of the photo's size."), change->path,
               lacuna_mask_get_width (mask), lacuna_mask_get_height (mask), width, height);
  return NULL;
}

static LacunaDelta *
use (LacunaDocument *self, const Change *change, GError **error)
{
  g_autoptr (LacunaMask) mask = lacuna_mask_fit (change->mask, lacuna_raster_get_width (self->raster),
                                                 lacuna_raster_get_height (self->raster), error);

  return mask != NULL ? lacuna_raster_compare (self->raster, mask, 0, 0) : NULL;
}

static void
change_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Change *change = data;
  GError *error = NULL;
  LacunaDelta *delta = change->path != NULL   ? import (source, change, &error)
                       : change->mask != NULL ? use (source, change, &error)
                                              : edit (source, change, &error);

  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, delta, (GDestroyNotify) lacuna_delta_unref);
}

static void
begin_change (LacunaDocument *self, Change *change, GCancellable *cancellable, GAsyncReadyCallback callback,
              gpointer data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, data);

  g_task_set_task_data (task, change, (GDestroyNotify) change_free);
  if (self->busy || self->stroking)
    {
      g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_BUSY,
                               _ ("The mask can't be changed while a fill or another change is under way."));
      return;
    }
  lacuna_document_set_busy (self, TRUE);
  g_object_set_data (G_OBJECT (task), "working", self);
  g_task_run_in_thread (task, change_in_thread);
}

static gboolean
finish_change (LacunaDocument *self, GAsyncResult *result, const char *title, GError **error)
{
  GError *problem = NULL;
  g_autoptr (LacunaDelta) delta = g_task_propagate_pointer (G_TASK (result), &problem);

  if (g_object_get_data (G_OBJECT (result), "working") != NULL)
    lacuna_document_set_busy (self, FALSE);
  lacuna_document_push_delta (self, title, delta);
  lacuna_document_notify_steps (self);
  if (problem == NULL)
    return TRUE;
  g_propagate_error (error, problem);
  return FALSE;
}

static const char *
get_title (LacunaMaskEdit edit)
{
  switch (edit)
    {
    case LACUNA_MASK_INVERT:
      return _ ("Invert");
    case LACUNA_MASK_GROW:
      return _ ("Grow");
    case LACUNA_MASK_SHRINK:
      return _ ("Shrink");
    case LACUNA_MASK_CLEAR:
    default:
      return _ ("Clear");
    }
}

static void
on_edited (GObject *source, GAsyncResult *result, gpointer data)
{
  LacunaDocument *self = LACUNA_DOCUMENT (source);
  const Change *change = g_task_get_task_data (G_TASK (result));
  g_autoptr (GError) error = NULL;

  if (!finish_change (self, result, get_title (change->edit), &error)
      && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_BUSY))
    lacuna_document_emit_failed (self, error);
}

void
lacuna_document_edit_mask (LacunaDocument *self, LacunaMaskEdit what, int radius)
{
  Change *change;

  if (what == LACUNA_MASK_CLEAR)
    {
      lacuna_document_clear_mask (self);
      return;
    }
  change = g_new0 (Change, 1);
  change->edit = what;
  change->radius = radius;
  begin_change (self, change, NULL, on_edited, NULL);
}

void
lacuna_document_import_mask_async (LacunaDocument *self, const char *path, GCancellable *cancellable,
                                   GAsyncReadyCallback callback, gpointer data)
{
  Change *change = g_new0 (Change, 1);

  change->path = g_strdup (path);
  begin_change (self, change, cancellable, callback, data);
}

gboolean
lacuna_document_import_mask_finish (LacunaDocument *self, GAsyncResult *result, char **ret_note, GError **error)
{
  Change *change = g_task_get_task_data (G_TASK (result));

  if (ret_note != NULL)
    *ret_note = g_steal_pointer (&change->note);
  return finish_change (self, result, change->mask != NULL ? _ ("Use Mask") : _ ("Import Mask"), error);
}

void
lacuna_document_use_mask_async (LacunaDocument *self, LacunaMask *mask, GCancellable *cancellable,
                                GAsyncReadyCallback callback, gpointer data)
{
  Change *change = g_new0 (Change, 1);

  change->mask = lacuna_mask_ref (mask);
  begin_change (self, change, cancellable, callback, data);
}

static void
export_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  LacunaDocument *self = source;
  g_autoptr (LacunaMask) mask = lacuna_raster_to_mask (self->raster);
  GError *error = NULL;

  if (mask == NULL)
    g_task_return_new_error (task, LACUNA_ERROR, LACUNA_ERROR_MEMORY,
                             _ ("The mask was not exported for want of memory. Close other programs and try again."));
  else if (lacuna_mask_save (mask, data, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

void
lacuna_document_export_mask_async (LacunaDocument *self, const char *path, GCancellable *cancellable,
                                   GAsyncReadyCallback callback, gpointer data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, data);

  g_task_set_task_data (task, g_strdup (path), g_free);
  if (self->busy || self->stroking)
    {
      g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_BUSY,
                               _ ("The mask can't be exported while it is being changed."));
      return;
    }
  lacuna_document_set_busy (self, TRUE);
  g_object_set_data (G_OBJECT (task), "working", self);
  g_task_run_in_thread (task, export_in_thread);
}

gboolean
lacuna_document_export_mask_finish (LacunaDocument *self, GAsyncResult *result, GError **error)
{
  if (g_object_get_data (G_OBJECT (result), "working") != NULL)
    lacuna_document_set_busy (self, FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}
