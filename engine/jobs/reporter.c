/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/jobs/reporter.h"

struct _LacunaReporter {
  gatomicrefcount ref_count;

  GMainContext      *context;
  LacunaReporterFunc func;
  gpointer           data;
  GDestroyNotify     event_free;

  GMutex   lock;
  GQueue   events; /* not empty: an idle is on its way */
  gboolean last_may_pass;
};

LacunaReporter *
lacuna_reporter_new (GMainContext *context, LacunaReporterFunc func, gpointer data, GDestroyNotify event_free)
{
  LacunaReporter *self = g_new0 (LacunaReporter, 1);

  g_atomic_ref_count_init (&self->ref_count);
  g_mutex_init (&self->lock);
  g_queue_init (&self->events);
  self->context = context != NULL ? g_main_context_ref (context) : NULL;
  self->func = func;
  self->data = data;
  self->event_free = event_free;
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
  g_queue_clear_full (&self->events, self->event_free);
  g_mutex_clear (&self->lock);
  g_clear_pointer (&self->context, g_main_context_unref);
  g_free (self);
}

static void
tell (LacunaReporter *self, gpointer event)
{
  if (self->func != NULL)
    self->func (event, self->data);
  self->event_free (event);
}

void
lacuna_reporter_flush (LacunaReporter *self)
{
  GQueue events;
  gpointer event;

  g_mutex_lock (&self->lock);
  events = self->events;
  g_queue_init (&self->events);
  g_mutex_unlock (&self->lock);
  while ((event = g_queue_pop_head (&events)) != NULL)
    tell (self, event);
}

static gboolean
flush_when_idle (gpointer self)
{
  lacuna_reporter_flush (self);
  return G_SOURCE_REMOVE;
}

/* Queues an event, and an idle for the queue. The idle has the priority of the job's callback, so that events are told
 * before the job's end is. */
static void
queue_event (LacunaReporter *self, gpointer event, gboolean may_pass)
{
  G_GNUC_UNUSED g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  if (g_queue_is_empty (&self->events))
    {
      g_autoptr (GSource) source = g_idle_source_new ();

      g_source_set_priority (source, G_PRIORITY_DEFAULT);
      g_source_set_callback (source, flush_when_idle, lacuna_reporter_ref (self),
                             (GDestroyNotify) lacuna_reporter_unref);
      g_source_attach (source, self->context);
    }
  else if (self->last_may_pass)
    self->event_free (g_queue_pop_tail (&self->events));
  g_queue_push_tail (&self->events, event);
  self->last_may_pass = may_pass;
}

void
lacuna_reporter_report (LacunaReporter *self, gpointer event, gboolean may_pass)
{
  if (self->context != NULL)
    queue_event (self, event, may_pass);
  else
    tell (self, event);
}
