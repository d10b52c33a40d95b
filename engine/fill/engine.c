/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A queue of jobs for one thread, the engine's: fills, and longer work (a training), which lets fills go first between
 * its pieces. The session, the runner and what they have on the device belong to that thread alone; `lock` guards pool,
 * waiting, running and n_jobs. Any thread adds jobs; each job is ended once, on the engine's thread, through a GTask or
 * a condition that the caller waits on, or on the caller's where no thread could be started. */
#include "engine/fill/engine.h"

#include <sys/resource.h>
#include <unistd.h>

#include "engine/error.h"
#include "engine/fill/runner.h"
#include "engine/fill/work.h"

#define NICENESS 5

/* Jobs of a higher priority go first. */
enum {
  PRIORITY_FILL = 100,
  PRIORITY_WORK = 50,
};

typedef struct {
  int     priority;
  guint64 serial;

  LacunaEngineWork work; /* or NULL: a fill */
  gpointer         work_data;

  LacunaPhoto      *photo;
  LacunaMask       *mask;
  LacunaFillOptions *options;
  LacunaReporter   *reporter;

  GCancellable *cancellable; /* the job's own, cancelled with the caller's and with the engine */
  GCancellable *callers;
  gulong        handler;

  void (*finish) (LacunaFill *fill, GError *error, gpointer data); /* takes both */
  gpointer finish_data;
} Job;

struct _LacunaEngine {
  GObject parent_instance;

  char         *device;
  guint64       memory_limit;
  LacunaDeviceSession *session; /* lent to fills and other work */
  GThreadPool  *pool; /* of one thread, started with the first job; each push has it take one job, if any */
  LacunaRunner *runner;

  GMutex     lock;
  GSequence *waiting; /* jobs, the next one first */
  GPtrArray *running; /* jobs: a fill may run within other work */
  guint64    n_jobs;
};

G_DEFINE_FINAL_TYPE (LacunaEngine, lacuna_engine, G_TYPE_OBJECT)

static void
cancel_job (GCancellable *callers, gpointer data)
{
  g_cancellable_cancel (data);
}

static Job *
job_new (int priority, GCancellable *cancellable)
{
  Job *job = g_new0 (Job, 1);

  job->priority = priority;
  job->cancellable = g_cancellable_new ();
  if (cancellable != NULL)
    {
      job->callers = g_object_ref (cancellable);
      job->handler = g_cancellable_connect (cancellable, G_CALLBACK (cancel_job), g_object_ref (job->cancellable),
                                            g_object_unref);
    }
  return job;
}

static LacunaReporter *
make_reporter (GMainContext *context, LacunaFillProgressFunc progress, gpointer data)
{
  return lacuna_reporter_new (context, (LacunaReporterFunc) progress, data, (GDestroyNotify) lacuna_fill_progress_free);
}

static Job *
fill_job_new (LacunaPhoto *photo, LacunaMask *mask, const LacunaFillOptions *options, LacunaReporter *reporter,
              GCancellable *cancellable)
{
  Job *job = job_new (PRIORITY_FILL, cancellable);

  job->photo = g_object_ref (photo);
  job->mask = lacuna_mask_ref (mask);
  job->options = options != NULL ? lacuna_fill_options_copy (options) : lacuna_fill_options_new ();
  job->reporter = reporter;
  return job;
}

static void
job_free (Job *job)
{
  g_cancellable_disconnect (job->callers, job->handler);
  g_clear_object (&job->callers);
  g_clear_object (&job->cancellable);
  lacuna_reporter_unref (job->reporter);
  g_clear_pointer (&job->options, lacuna_fill_options_free);
  g_clear_pointer (&job->mask, lacuna_mask_unref);
  g_clear_object (&job->photo);
  g_free (job);
}

/* Ends the job: what it holds is let go before its caller learns of the end. */
static void
job_finish (Job *job, LacunaFill *fill, GError *error)
{
  void (*finish) (LacunaFill *, GError *, gpointer) = job->finish;
  gpointer data = job->finish_data;

  job_free (job);
  finish (fill, error, data);
}

/* Lets the window, and whatever draws it, go first: a device that is the processor starts its threads from this one,
 * and they inherit its priority. */
static void
step_back (void)
{
  static _Thread_local gboolean done;

  if (!done)
    setpriority (PRIO_PROCESS, gettid (), MAX (getpriority (PRIO_PROCESS, gettid ()), NICENESS));
  done = TRUE;
}

/* The waiting job that goes first, of at least that priority, or NULL. */
static Job *
take_job (LacunaEngine *self, int priority)
{
  G_GNUC_UNUSED g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  GSequenceIter *first = g_sequence_get_begin_iter (self->waiting);
  Job *job = !g_sequence_iter_is_end (first) ? g_sequence_get (first) : NULL;

  if (job == NULL || job->priority < priority)
    return NULL;
  g_sequence_remove (first);
  g_ptr_array_add (self->running, job);
  return job;
}

static void
run_job (LacunaEngine *self, Job *job)
{
  GError *error = NULL;
  LacunaFill *fill = NULL;

  if (job->work != NULL)
    {
      lacuna_runner_rest (self->runner);
      job->work (self, job->work_data, job->cancellable, &error);
    }
  else
    fill = lacuna_runner_fill (self->runner, job->photo, job->mask, job->options, job->reporter, job->cancellable,
                               &error);

  g_mutex_lock (&self->lock);
  g_ptr_array_remove (self->running, job);
  g_mutex_unlock (&self->lock);
  job_finish (job, fill, error);
}

static void
run_next_job (gpointer data, gpointer user_data)
{
  LacunaEngine *self = user_data;
  Job *job = take_job (self, 0);

  step_back ();
  if (job != NULL)
    run_job (self, job);
}

void
lacuna_engine_give_way (LacunaEngine *self)
{
  Job *job;

  while ((job = take_job (self, PRIORITY_FILL)) != NULL)
    {
      run_job (self, job);
      lacuna_runner_rest (self->runner);
    }
}

LacunaDeviceSession *
lacuna_engine_get_session (LacunaEngine *self)
{
  return self->session;
}

static int
compare_jobs (gconstpointer a, gconstpointer b, gpointer user_data)
{
  const Job *one = a, *other = b;

  if (one->priority != other->priority)
    return one->priority > other->priority ? -1 : 1;
  return one->serial < other->serial ? -1 : one->serial > other->serial;
}

/* GLib before 2.76 returns a pool and sets the error where it can't start the pool's thread. */
static GThreadPool *
open_pool (LacunaEngine *self, GError **error)
{
  g_autoptr (GError) problem = NULL;
  GThreadPool *pool = g_thread_pool_new (run_next_job, self, 1, TRUE, &problem);

  if (problem == NULL)
    return pool;
  if (pool != NULL)
    g_thread_pool_free (pool, TRUE, FALSE);
  g_propagate_error (error, g_steal_pointer (&problem));
  return NULL;
}

static void
add_job (LacunaEngine *self, Job *job)
{
  GError *error = NULL;

  g_mutex_lock (&self->lock);
  if (self->pool == NULL)
    self->pool = open_pool (self, &error);
  if (self->pool != NULL)
    {
      job->serial = self->n_jobs++;
      g_sequence_insert_sorted (self->waiting, job, compare_jobs, NULL);
      g_thread_pool_push (self->pool, self, NULL);
    }
  g_mutex_unlock (&self->lock);
  if (error != NULL)
    job_finish (job, NULL, error);
}

static void
cancel (gpointer job, gpointer user_data)
{
  g_cancellable_cancel (((Job *) job)->cancellable);
}

static void
lacuna_engine_finalize (GObject *object)
{
  LacunaEngine *self = LACUNA_ENGINE (object);

  g_mutex_lock (&self->lock);
  g_sequence_foreach (self->waiting, cancel, NULL);
  g_ptr_array_foreach (self->running, cancel, NULL);
  g_mutex_unlock (&self->lock);
  if (self->pool != NULL)
    g_thread_pool_free (self->pool, FALSE, TRUE);
  g_sequence_free (self->waiting);
  g_ptr_array_unref (self->running);
  lacuna_runner_free (self->runner);
  lacuna_device_session_free (self->session);
  g_free (self->device);
  g_mutex_clear (&self->lock);
  G_OBJECT_CLASS (lacuna_engine_parent_class)->finalize (object);
}

static void
lacuna_engine_class_init (LacunaEngineClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = lacuna_engine_finalize;
}

static void
lacuna_engine_init (LacunaEngine *self)
{
  g_mutex_init (&self->lock);
  self->waiting = g_sequence_new (NULL);
  self->running = g_ptr_array_new ();
}

LacunaEngine *
lacuna_engine_new (const char *device, guint64 memory_limit)
{
  LacunaEngine *self = g_object_new (LACUNA_TYPE_ENGINE, NULL);

  self->device = g_strdup (device);
  self->memory_limit = memory_limit;
  self->session = lacuna_device_session_new (device, memory_limit);
  self->runner = lacuna_runner_new (self->session);
  return self;
}

const char *
lacuna_engine_get_device (LacunaEngine *self)
{
  return self->device;
}

guint64
lacuna_engine_get_memory_limit (LacunaEngine *self)
{
  return self->memory_limit;
}

static void
finish_task (LacunaFill *fill, GError *error, gpointer data)
{
  g_autoptr (GTask) task = data;

  if (fill != NULL)
    g_task_return_pointer (task, fill, g_object_unref);
  else
    g_task_return_error (task, error);
}

void
lacuna_engine_fill_async (LacunaEngine *self, LacunaPhoto *photo, LacunaMask *mask, const LacunaFillOptions *options,
                          LacunaFillProgressFunc progress, gpointer progress_data, GCancellable *cancellable,
                          GAsyncReadyCallback callback, gpointer data)
{
  GTask *task;
  Job *job;

  g_return_if_fail (LACUNA_IS_ENGINE (self));
  task = g_task_new (NULL, cancellable, callback, data);
  g_task_set_source_tag (task, lacuna_engine_fill_async);
  job = fill_job_new (photo, mask, options, make_reporter (g_task_get_context (task), progress, progress_data),
                      cancellable);
  job->finish = finish_task;
  job->finish_data = task;
  add_job (self, job);
}

LacunaFill *
lacuna_engine_fill_finish (LacunaEngine *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_async_result_is_tagged (result, lacuna_engine_fill_async), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* What lacuna_engine_fill waits for; it lies on the caller's stack. */
typedef struct {
  GMutex      lock;
  GCond       ended;
  gboolean    is_over;
  LacunaFill *fill;
  GError     *error;
} Wait;

static void
finish_wait (LacunaFill *fill, GError *error, gpointer data)
{
  Wait *wait = data;

  g_mutex_lock (&wait->lock);
  wait->fill = fill;
  wait->error = error;
  wait->is_over = TRUE;
  g_cond_signal (&wait->ended);
  g_mutex_unlock (&wait->lock);
}

LacunaFill *
lacuna_engine_fill (LacunaEngine *self, LacunaPhoto *photo, LacunaMask *mask, const LacunaFillOptions *options,
                    LacunaFillProgressFunc progress, gpointer progress_data, GCancellable *cancellable, GError **error)
{
  Wait wait = { .is_over = FALSE };
  Job *job;

  g_return_val_if_fail (LACUNA_IS_ENGINE (self), NULL);
  g_mutex_init (&wait.lock);
  g_cond_init (&wait.ended);
  job = fill_job_new (photo, mask, options, make_reporter (NULL, progress, progress_data), cancellable);
  job->finish = finish_wait;
  job->finish_data = &wait;
  add_job (self, job);
  g_mutex_lock (&wait.lock);
  while (!wait.is_over)
    g_cond_wait (&wait.ended, &wait.lock);
  g_mutex_unlock (&wait.lock);
  g_cond_clear (&wait.ended);
  g_mutex_clear (&wait.lock);
  if (wait.error != NULL)
    g_propagate_error (error, wait.error);
  return wait.fill;
}

static void
finish_work (LacunaFill *fill, GError *error, gpointer data)
{
  g_autoptr (GTask) task = data;

  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_boolean (task, TRUE);
}

void
lacuna_engine_work_async (LacunaEngine *self, LacunaEngineWork work, gpointer work_data, GCancellable *cancellable,
                          GAsyncReadyCallback callback, gpointer data)
{
  GTask *task;
  Job *job;

  g_return_if_fail (LACUNA_IS_ENGINE (self));
  task = g_task_new (NULL, cancellable, callback, data);
  g_task_set_source_tag (task, lacuna_engine_work_async);
  g_task_set_check_cancellable (task, FALSE);
  job = job_new (PRIORITY_WORK, cancellable);
  job->work = work;
  job->work_data = work_data;
  job->finish = finish_work;
  job->finish_data = task;
  add_job (self, job);
}

gboolean
lacuna_engine_work_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_async_result_is_tagged (result, lacuna_engine_work_async), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}
