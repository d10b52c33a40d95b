/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Has a lesson learn the open photo by squares of it that are neither marked nor filled. `lesson` is NULL where
 * nothing was learnt; use_learnt is TRUE only while there is a lesson that went well, which is kept with the work, and
 * comes back where one that was to follow it does not end well. A lesson that was cancelled or replaced changes nothing
 * when it ends. All of it runs in the main loop; app/document/lesson.c tells in which threads a lesson works. */
#include "app/document/document-private.h"

#include <glib/gi18n.h>
#include <string.h>

#define N_PARTS 3     /* parts that the photo's short side is cut into */
#define LEAST_SIDE 128 /* pixels of a part's side, which is that of a crop to learn from */
#define MAX_PARTS 64

static gboolean
has_hole (LacunaRaster *raster, LacunaBox box)
{
  const guint8 *pixels = lacuna_raster_get_pixels (raster);

  for (int y = box.y; lacuna_raster_may_hold (raster, box) && y < box.y + box.height; y++)
    if (memchr (pixels + (gsize) y * lacuna_raster_get_stride (raster) + box.x, 255, box.width) != NULL)
      return TRUE;
  return FALSE;
}

/* Whether no pixel of the box is marked or was filled. */
static gboolean
is_known (LacunaDocument *self, GPtrArray *retouches, LacunaBox box)
{
  for (guint i = 0; i < retouches->len; i++)
    for (guint j = 0; j < lacuna_retouch_get_n_patches (retouches->pdata[i]); j++)
      {
        LacunaBox common = lacuna_box_intersection (box, lacuna_retouch_get_box (retouches->pdata[i], j));

        if (common.width > 0 && common.height > 0)
          return FALSE;
      }
  return !has_hole (self->raster, box);
}

/* Adds the square if all of it is known, else those of its quarters that are, down to LEAST_SIDE. */
static void
add_part (LacunaDocument *self, GPtrArray *retouches, LacunaBox box, GArray *parts)
{
  int half = box.width / 2;

  if (is_known (self, retouches, box))
    g_array_append_val (parts, box);
  else if (half >= LEAST_SIDE)
    for (int i = 0; i < 4; i++)
      add_part (self, retouches, (LacunaBox){ box.x + i % 2 * half, box.y + i / 2 * half, half, half }, parts);
}

/* The part i of n that have side pixels each, spread over size pixels. */
static int
get_start (int i, int n, int side, int size)
{
  return n > 1 ? (gint64) i * (size - side) / (n - 1) : 0;
}

/* Squares of the photo which are known and don't overlap. */
static GArray *
find_parts (LacunaDocument *self)
{
  g_autoptr (GPtrArray) retouches = lacuna_document_list_retouches (self);
  int width = lacuna_photo_get_width (self->original), height = lacuna_photo_get_height (self->original);
  int side = MAX (LEAST_SIDE, MIN (width, height) / N_PARTS);
  GArray *parts = g_array_new (FALSE, FALSE, sizeof (LacunaBox));
  guint every;

  for (int row = 0; row < height / side; row++)
    for (int column = 0; column < width / side; column++)
      add_part (self, retouches,
                (LacunaBox){ get_start (column, width / side, side, width),
                             get_start (row, height / side, side, height), side, side },
                parts);
  every = (parts->len + MAX_PARTS - 1) / MAX_PARTS;
  for (guint i = 0; every > 1 && i * every < parts->len; i++)
    g_array_index (parts, LacunaBox, i) = g_array_index (parts, LacunaBox, i * every);
  if (every > 1)
    g_array_set_size (parts, (parts->len + every - 1) / every);
  return parts;
}

static void
notify (LacunaDocument *self)
{
  lacuna_document_notify (self, PROP_LESSON);
  lacuna_document_notify (self, PROP_USE_LEARNT);
}

static void
return_to_former (LacunaDocument *self)
{
  g_clear_object (&self->lesson);
  self->lesson = g_steal_pointer (&self->former);
  self->use_learnt = self->used_former && self->lesson != NULL;
}

static void
learnt (GObject *source, GAsyncResult *result, gpointer data)
{
  LacunaLesson *lesson = LACUNA_LESSON (source);
  g_autoptr (GTask) task = data;
  LacunaDocument *self = g_task_get_source_object (task);
  GError *error = NULL;

  lacuna_lesson_run_finish (lesson, result, &error);
  if (lesson == self->lesson)
    {
      self->use_learnt = TRUE;
      if (error != NULL)
        return_to_former (self);
      g_clear_object (&self->former);
      lacuna_document_keep (self);
      notify (self);
    }
  if (error == NULL)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

void
lacuna_document_learn_async (LacunaDocument *self, LacunaEngine *engine, const char *base, GAsyncReadyCallback callback,
                             gpointer data)
{
  g_autoptr (GTask) task = NULL;
  g_autoptr (GArray) parts = NULL;

  g_return_if_fail (!lacuna_document_get_learning (self));
  parts = find_parts (self);
  task = g_task_new (self, NULL, callback, data);
  g_task_set_source_tag (task, lacuna_document_learn_async);
  if (parts->len < 2)
    {
      g_task_return_new_error (task, LACUNA_ERROR, LACUNA_ERROR_EMPTY,
                               _ ("Too little of “%s” is neither marked nor filled: at least two squares of %d pixels "
                                  "are needed to learn from. Open a larger photo."),
                               self->title, LEAST_SIDE);
      return;
    }
  self->former = g_steal_pointer (&self->lesson);
  self->used_former = self->use_learnt;
  self->use_learnt = FALSE;
  self->lesson = lacuna_lesson_new (engine, self->original, parts, base);
  lacuna_lesson_run_async (self->lesson, learnt, g_steal_pointer (&task));
  notify (self);
}

gboolean
lacuna_document_learn_finish (LacunaDocument *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

void
lacuna_document_cancel_learning (LacunaDocument *self)
{
  if (!lacuna_document_get_learning (self))
    return;
  lacuna_lesson_cancel (self->lesson);
  return_to_former (self);
  notify (self);
}

LacunaLesson *
lacuna_document_get_lesson (LacunaDocument *self)
{
  return self->lesson;
}

gboolean
lacuna_document_get_learning (LacunaDocument *self)
{
  return self->lesson != NULL && lacuna_lesson_get_model (self->lesson) == NULL;
}

gboolean
lacuna_document_get_use_learnt (LacunaDocument *self)
{
  return self->use_learnt;
}

void
lacuna_document_set_use_learnt (LacunaDocument *self, gboolean use)
{
  self->use_learnt = use && self->lesson != NULL && lacuna_lesson_get_model (self->lesson) != NULL;
  lacuna_document_keep (self);
  lacuna_document_notify (self, PROP_USE_LEARNT);
}
