#include "engine/fill/reporter.h"

typedef struct {
  LacunaFillProgress progress;
  LacunaRegion       region; /* what progress.result points at */
  GPtrArray         *regions;
  char              *note; /* what progress.note points at */
  gboolean           must_tell;
} Event;

struct _LacunaReporter {
  gatomicrefcount ref_count;

  GMainContext          *context;
  LacunaFillProgressFunc func;
  gpointer               data;
  double                 fraction;

  GMutex lock;
  GQueue events; /* of Event; not empty: an idle is on its way */
};

static void
event_free (Event *event)
{
  g_clear_pointer (&event->regions, g_ptr_array_unref);
  g_free (event->note);
  g_free (event);
}

static void
tell (LacunaReporter *self, Event *event)
{
  self->func (&event->progress, self->data);
  event_free (event);
}

LacunaReporter *
lacuna_reporter_new (GMainContext *context, LacunaFillProgressFunc func, gpointer data)
{
  LacunaReporter *self = g_new0 (LacunaReporter, 1);

  g_atomic_ref_count_init (&self->ref_count);
  g_mutex_init (&self->lock);
  g_queue_init (&self->events);
  self->context = context != NULL ? g_main_context_ref (context) : NULL;
  self->func = func;
  self->data = data;
  return self;
}

LacunaReporter *
lacuna_reporter_ref (LacunaReporter *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
lacuna_reporter_unref (LacunaReporter *self)
{
  if (self == NULL || !g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_queue_clear_full (&self->events, (GDestroyNotify) event_free);
  g_mutex_clear (&self->lock);
  g_clear_pointer (&self->context, g_main_context_unref);
  g_free (self);
}

static gboolean
tell_events (gpointer data)
{
  LacunaReporter *self = data;
  GQueue events;
  Event *event;

  g_mutex_lock (&self->lock);
  events = self->events;
  g_queue_init (&self->events);
  g_mutex_unlock (&self->lock);
  while ((event = g_queue_pop_head (&events)) != NULL)
    tell (self, event);
  return G_SOURCE_REMOVE;
}

/* At the priority of the job's callback, so that it comes before it. */
static void
queue_event (LacunaReporter *self, Event *event)
{
  G_GNUC_UNUSED g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  Event *last = g_queue_peek_tail (&self->events);

  if (last == NULL)
    {
      g_autoptr (GSource) source = g_idle_source_new ();

      g_source_set_priority (source, G_PRIORITY_DEFAULT);
      g_source_set_callback (source, tell_events, lacuna_reporter_ref (self), (GDestroyNotify) lacuna_reporter_unref);
      g_source_attach (source, self->context);
    }
  else if (!last->must_tell)
    event_free (g_queue_pop_tail (&self->events));
  g_queue_push_tail (&self->events, event);
}

void
lacuna_reporter_report (LacunaReporter *self, const LacunaFillProgress *progress, GPtrArray *regions,
                        gboolean must_tell)
{
  Event *event;

  if (self->func == NULL)
    return;
  event = g_new0 (Event, 1);
  self->fraction = MAX (self->fraction, progress->fraction);
  event->progress = *progress;
  event->progress.fraction = self->fraction;
  if (progress->result != NULL)
    {
      event->region = *progress->result;
      event->progress.result = &event->region;
    }
  event->progress.note = event->note = g_strdup (progress->note);
  event->regions = regions != NULL ? g_ptr_array_ref (regions) : NULL;
  event->must_tell = must_tell;
  if (self->context != NULL)
    queue_event (self, event);
  else
    tell (self, event);
}
