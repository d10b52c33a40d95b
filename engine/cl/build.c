/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/cl/context-private.h"
#include "engine/cl/device-private.h"

#define TICK (G_USEC_PER_SEC / 20) /* between looks at whether to go on */

/* A build on a thread of its own, which holds one reference; whoever waits for it holds the other. */
typedef struct {
  gatomicrefcount ref_count;
  LacunaContext *context; /* kept for what the driver tells it */
  cl_program program;
  char *options;

  GMutex lock;
  GCond ended;
  gboolean is_over;
  cl_int status;
} Build;

static int n_abandoned; /* atomic: builds that nobody waits for */

static void
build_unref (Build *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  clReleaseProgram (self->program);
  g_object_unref (self->context);
  g_free (self->options);
  g_cond_clear (&self->ended);
  g_mutex_clear (&self->lock);
  g_free (self);
}

static Build *
build_new (LacunaContext *context, cl_program program, const char *options)
{
  Build *self = g_new0 (Build, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->context = g_object_ref (context);
  self->program = program;
  clRetainProgram (program);
  self->options = g_strdup (options);
  g_mutex_init (&self->lock);
  g_cond_init (&self->ended);
  return self;
}

static gpointer
run (gpointer data)
{
  Build *self = data;
  cl_device_id device = lacuna_device_get_id (lacuna_context_get_device (self->context));
  cl_int status = clBuildProgram (self->program, 1, &device, self->options, NULL, NULL);
  gboolean is_abandoned;

  g_mutex_lock (&self->lock);
  self->status = status;
  self->is_over = TRUE;
  is_abandoned = g_atomic_ref_count_compare (&self->ref_count, 1);
  g_cond_signal (&self->ended);
  g_mutex_unlock (&self->lock);
  build_unref (self);
  if (is_abandoned)
    g_atomic_int_dec_and_test (&n_abandoned);
  return NULL;
}

/* Waits for the end of the build or the next tick, and tells the watcher; the caller holds the lock. seconds: since the
 * start, updated. FALSE: cancelled. */
static gboolean
wait (Build *self, const char *name, gint64 start, guint *seconds, GError **error)
{
  guint before = *seconds;

  g_cond_wait_until (&self->ended, &self->lock, g_get_monotonic_time () + TICK);
  if (self->is_over)
    return TRUE;
  *seconds = (g_get_monotonic_time () - start) / G_USEC_PER_SEC;
  lacuna_context_watch (self->context, name, before, *seconds);
  return !g_cancellable_set_error_if_cancelled (lacuna_context_get_cancellable (self->context), error);
}

gboolean
lacuna_build_program (LacunaContext *context, cl_program program, const char *name, const char *options,
                      cl_int *ret_status, GError **error)
{
  Build *self = build_new (context, program, options);
  gint64 start = g_get_monotonic_time ();
  g_autoptr (GThread) thread = NULL;
  gboolean goes_on = TRUE;
  guint seconds = 0;

  g_atomic_ref_count_inc (&self->ref_count);
  thread = g_thread_try_new ("build", run, self, NULL);
  if (thread == NULL)
    run (self);
  g_mutex_lock (&self->lock);
  while (goes_on && !self->is_over)
    goes_on = wait (self, name, start, &seconds, error);
  *ret_status = self->status;
  if (!goes_on)
    {
      g_atomic_int_inc (&n_abandoned);
      g_atomic_ref_count_dec (&self->ref_count);
    }
  g_mutex_unlock (&self->lock);
  if (goes_on)
    build_unref (self);
  return goes_on;
}

gboolean
lacuna_context_is_any_building (void)
{
  return g_atomic_int_get (&n_abandoned) > 0;
}
