/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Does one thing to many photos, one after the other: marks them with a mask, or fills and saves them. One photo is
 * open at a time, and closed before the next one is opened, except for `open`, which its window owns; `task` is NULL
 * unless a run is under way. Each callback holds a reference to the queue. All of it runs in the main loop; the
 * document's asynchronous functions use threads. */
#include "app/document/queue.h"

#include <glib/gi18n.h>
#include <math.h>

#include "app/document/document-private.h"
#include "app/document/result-name.h"

struct _LacunaQueue {
  GObject         parent_instance;
  GPtrArray      *paths;
  LacunaDocument *open; /* or NULL */

  /* What is done to the photos: with a mask they are marked by it, without one they are filled */
  LacunaMask   *mask;
  LacunaEngine *engine;
  char         *model;
  double        growth;
  char         *folder;

  GTask          *task;     /* the run under way, or NULL */
  guint           position; /* index in paths of the photo under way */
  LacunaDocument *document; /* that photo; NULL until it is open */
  double          fraction; /* how far it has come, 0 to 1 */
  guint           n_done;
  char           *name;     /* by which that photo is saved, or NULL */
  char           *result;   /* by which the last one was, or NULL */
  GPtrArray      *remarks;
};

enum {
  PROGRESS,
  LEFT,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (LacunaQueue, lacuna_queue, G_TYPE_OBJECT)

static void
remark_free (gpointer data)
{
  LacunaRemark *self = data;

  g_free (self->path);
  g_free (self->text);
  g_free (self);
}

/* text: NULL for nothing. */
static void
remark (LacunaQueue *self, const char *text, gboolean failed)
{
  LacunaRemark *remark;

  if (text == NULL)
    return;
  remark = g_new (LacunaRemark, 1);
  *remark = (LacunaRemark){ g_strdup (self->paths->pdata[self->position]), g_strdup (text), failed };
  g_ptr_array_add (self->remarks, remark);
}

static void begin_photo (LacunaQueue *self);

/* Ends with the photo under way, and begins the next. */
static void
leave (LacunaQueue *self)
{
  g_signal_emit (self, signals[LEFT], 0, self->paths->pdata[self->position]);
  self->position++;
  begin_photo (self);
}

static void
closed (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (LacunaQueue) self = data;
  g_autoptr (GError) error = NULL;

  if (!lacuna_document_close_finish (LACUNA_DOCUMENT (source), result, &error))
    remark (self, error->message, TRUE);
  leave (self);
}

/* Ends the work on the photo under way. error: NULL where that went well. */
static void
end_photo (LacunaQueue *self, const GError *error)
{
  g_autoptr (LacunaDocument) document = g_steal_pointer (&self->document);

  if (error != NULL && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    remark (self, error->message, TRUE);
  if (document != NULL)
    g_signal_handlers_disconnect_by_data (document, self);
  if (document != NULL && document != self->open)
    lacuna_document_close_async (document, closed, g_object_ref (self));
  else
    leave (self);
}

static void
saved (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (LacunaQueue) self = data;
  g_autoptr (GError) error = NULL;

  if (lacuna_document_save_finish (LACUNA_DOCUMENT (source), result, &error))
    {
      self->n_done++;
      g_free (self->result);
      self->result = g_steal_pointer (&self->name);
      remark (self, lacuna_document_save_get_loss (result), FALSE);
    }
  end_photo (self, error);
}

static void
save (LacunaQueue *self)
{
  const char *path = self->paths->pdata[self->position];

  if (!lacuna_document_get_modified (self->document))
    {
      end_photo (self, NULL);
      return;
    }
  remark (self, lacuna_photo_get_note (self->document->original), FALSE);
  remark (self, lacuna_document_get_note (self->document), FALSE);
  g_free (self->name);
  self->name = lacuna_result_name (path, self->document->name, self->folder);
  lacuna_document_save_async (self->document, self->name, NULL, FALSE, g_task_get_cancellable (self->task), saved,
                              g_object_ref (self));
}

static void
filled (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (LacunaQueue) self = data;
  g_autoptr (GError) error = NULL;

  if (!lacuna_document_fill_finish (LACUNA_DOCUMENT (source), result, &error))
    {
      end_photo (self, error);
      return;
    }
  for (const char *const *note = lacuna_document_fill_get_notes (result); *note != NULL; note++)
    remark (self, *note, FALSE);
  save (self);
}

static void
follow_fill (LacunaQueue *self, GParamSpec *pspec, LacunaDocument *document)
{
  self->fraction = document->progress;
  g_signal_emit (self, signals[PROGRESS], 0);
}

/* Fills what is marked and not filled yet, and saves; where nothing is left to fill, only saves. */
static void
fill (LacunaQueue *self)
{
  LacunaFillOptions options = { .model = self->model };
  LacunaPhoto *photo = lacuna_document_get_original (self->document);
  int side = MAX (lacuna_photo_get_width (photo), lacuna_photo_get_height (photo));

  if (lacuna_document_get_state (self->document) != LACUNA_SESSION_MARKED)
    {
      save (self);
      return;
    }
  g_signal_connect_swapped (self->document, "notify::progress", G_CALLBACK (follow_fill), self);
  lacuna_document_set_growth (self->document, (int) lrint (side * self->growth / 100));
  lacuna_document_fill_async (self->document, self->engine, &options, g_task_get_cancellable (self->task), filled,
                              g_object_ref (self));
}

static void
marked (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (LacunaQueue) self = data;
  g_autoptr (GError) error = NULL;

  if (lacuna_document_import_mask_finish (LACUNA_DOCUMENT (source), result, NULL, &error))
    self->n_done++;
  end_photo (self, error);
}

static void
work (LacunaQueue *self)
{
  if (self->mask != NULL)
    lacuna_document_use_mask_async (self->document, self->mask, g_task_get_cancellable (self->task), marked,
                                    g_object_ref (self));
  else
    fill (self);
}

static void
opened (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (LacunaQueue) self = data;
  g_autoptr (GError) error = NULL;

  self->document = lacuna_document_open_finish (result, &error);
  if (self->document != NULL)
    work (self);
  else
    end_photo (self, error);
}

/* Whether that photo is the one that is open in the window. It counts as open even after it was closed because the
 * program ends. */
static gboolean
is_open (LacunaQueue *self, const char *path)
{
  return self->open != NULL && g_str_equal (lacuna_document_get_path (self->open), path);
}

static void
finish (LacunaQueue *self)
{
  g_autoptr (GTask) task = g_steal_pointer (&self->task);

  if (!g_task_return_error_if_cancelled (task))
    g_task_return_boolean (task, TRUE);
}

static void
begin_photo (LacunaQueue *self)
{
  GCancellable *cancellable = g_task_get_cancellable (self->task);
  const char *path = lacuna_queue_get_path (self);

  self->fraction = 0;
  g_signal_emit (self, signals[PROGRESS], 0);
  if (path == NULL || g_cancellable_is_cancelled (cancellable))
    finish (self);
  else if (!is_open (self, path))
    lacuna_document_open_async (path, cancellable, opened, g_object_ref (self));
  else if (self->mask != NULL)
    leave (self);
  else
    {
      self->document = g_object_ref (self->open);
      work (self);
    }
}

static void
begin (LacunaQueue *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data)
{
  g_return_if_fail (self->task == NULL);
  self->task = g_task_new (self, cancellable, callback, data);
  g_task_set_check_cancellable (self->task, FALSE);
  begin_photo (self);
}

void
lacuna_queue_mark_async (LacunaQueue *self, LacunaMask *mask, GCancellable *cancellable, GAsyncReadyCallback callback,
                         gpointer data)
{
  self->mask = lacuna_mask_ref (mask);
  begin (self, cancellable, callback, data);
}

void
lacuna_queue_fill_async (LacunaQueue *self, LacunaEngine *engine, const char *model, double growth, const char *folder,
                         GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data)
{
  self->engine = g_object_ref (engine);
  self->model = g_strdup (model);
  self->growth = growth;
  self->folder = g_strdup (folder);
  begin (self, cancellable, callback, data);
}

gboolean
lacuna_queue_finish (LacunaQueue *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

LacunaQueue *
lacuna_queue_new (GPtrArray *paths, LacunaDocument *open)
{
  LacunaQueue *self = g_object_new (LACUNA_TYPE_QUEUE, NULL);

  for (guint i = 0; i < paths->len; i++)
    g_ptr_array_add (self->paths, g_strdup (paths->pdata[i]));
  g_set_object (&self->open, open);
  return self;
}

guint
lacuna_queue_get_n (LacunaQueue *self)
{
  return self->paths->len;
}

guint
lacuna_queue_get_position (LacunaQueue *self)
{
  return self->position;
}

const char *
lacuna_queue_get_path (LacunaQueue *self)
{
  return self->position < self->paths->len ? self->paths->pdata[self->position] : NULL;
}

double
lacuna_queue_get_fraction (LacunaQueue *self)
{
  return (self->position + self->fraction) / MAX (1, self->paths->len);
}

guint
lacuna_queue_get_n_done (LacunaQueue *self)
{
  return self->n_done;
}

const char *
lacuna_queue_get_result (LacunaQueue *self)
{
  return self->result;
}

guint
lacuna_queue_get_n_failed (LacunaQueue *self)
{
  guint n = 0;

  for (guint i = 0; i < self->remarks->len; i++)
    n += ((LacunaRemark *) self->remarks->pdata[i])->failed;
  return n;
}

GPtrArray *
lacuna_queue_get_remarks (LacunaQueue *self)
{
  return self->remarks;
}

static void
lacuna_queue_finalize (GObject *object)
{
  LacunaQueue *self = LACUNA_QUEUE (object);

  g_ptr_array_unref (self->paths);
  g_ptr_array_unref (self->remarks);
  g_clear_object (&self->open);
  g_clear_object (&self->engine);
  g_clear_pointer (&self->mask, lacuna_mask_unref);
  g_free (self->model);
  g_free (self->folder);
  g_free (self->name);
  g_free (self->result);
  G_OBJECT_CLASS (lacuna_queue_parent_class)->finalize (object);
}

static void
lacuna_queue_class_init (LacunaQueueClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = lacuna_queue_finalize;
  signals[PROGRESS]
      = g_signal_new ("progress", LACUNA_TYPE_QUEUE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[LEFT]
      = g_signal_new ("left", LACUNA_TYPE_QUEUE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
lacuna_queue_init (LacunaQueue *self)
{
  self->paths = g_ptr_array_new_with_free_func (g_free);
  self->remarks = g_ptr_array_new_with_free_func (remark_free);
}
