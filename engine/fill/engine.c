#include "engine/fill/engine.h"

#include <sys/resource.h>
#include <unistd.h>

#include "engine/error.h"
#include "engine/fill/runner.h"

#define NICENESS 5

/* Jobs of a higher priority go first. */
enum {
  PRIORITY_FILL = 100,
};

typedef struct {
  int     priority;
  guint64 serial;

  LacunaPhoto      *photo;
  LacunaMask       *mask;
  LacunaFillOptions options; /* its strings are the job's */
  LacunaReporter   *reporter;

  GCancellable *cancellable; /* the job's own, cancelled with the caller's and with the engine */
  GCancellable *callers;
  gulong        handler;

  void (*finish) (LacunaFill *fill, GError *error, gpointer data); /* takes both */
  gpointer finish_data;
} Job;

struct _LacunaEngine {
  GObject parent_instance;

  GThreadPool  *pool; /* of one thread, started with the first job */
  LacunaRunner *runner;

  GMutex     lock;
  GPtrArray *jobs; /* waiting and running */
  guint64    n_jobs;
};

G_DEFINE_FINAL_TYPE (LacunaEngine, lacuna_engine, G_TYPE_OBJECT)

static void
cancel_job (GCancellable *callers, gpointer data)
{
  g_cancellable_cancel (data);
}

static Job *
job_new (LacunaPhoto *photo, LacunaMask *mask, const LacunaFillOptions *options, LacunaReporter *reporter,
         GCancellable *cancellable)
{
  Job *job = g_new0 (Job, 1);

  job->priority = PRIORITY_FILL;
  job->photo = g_object_ref (photo);
  job->mask = lacuna_mask_ref (mask);
  if (options != NULL)
    job->options = *options;
  job->options.model = g_strdup (job->options.model);
  job->reporter = reporter;
  job->cancellable = g_cancellable_new ();
  if (cancellable != NULL)
    {
      job->callers = g_object_ref (cancellable);
      job->handler = g_cancellable_connect (cancellable, G_CALLBACK (cancel_job), g_object_ref (job->cancellable),
                                            g_object_unref);
    }
  return job;
}

static void
job_free (Job *job)
{
  g_cancellable_disconnect (job->callers, job->handler);
  g_clear_object (&job->callers);
  g_object_unref (job->cancellable);
  lacuna_reporter_unref (job->reporter);
  g_free ((char *) job->options.model);
  lacuna_mask_unref (job->mask);
  g_object_unref (job->photo);
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
    setpriority (PRIO_PROCESS, gettid (), NICENESS);
  done = TRUE;
}

static void
run_job (gpointer data, gpointer user_data)
{
  LacunaEngine *self = user_data;
  Job *job = data;
  GError *error = NULL;
  LacunaFill *fill;

  step_back ();
  fill = lacuna_runner_fill (self->runner, job->photo, job->mask, &job->options, job->reporter,
                             job->cancellable, &error);

  g_mutex_lock (&self->lock);
  g_ptr_array_remove (self->jobs, job);
  g_mutex_unlock (&self->lock);
  job_finish (job, fill, error);
}

static int
compare_jobs (gconstpointer a, gconstpointer b, gpointer user_data)
{
  const Job *one = a, *other = b;

  if (one->priority != other->priority)
    return one->priority > other->priority ? -1 : 1;
  return one->serial < other->serial ? -1 : one->serial > other->serial;
}

static void
add_job (LacunaEngine *self, Job *job)
{
  GError *error = NULL;

  g_mutex_lock (&self->lock);
  if (self->pool == NULL)
    {
      self->pool = g_thread_pool_new (run_job, self, 1, TRUE, &error);
      if (self->pool != NULL)
        g_thread_pool_set_sort_function (self->pool, compare_jobs, NULL);
    }
  if (self->pool != NULL)
    {
      job->serial = self->n_jobs++;
      g_ptr_array_add (self->jobs, job);
      g_thread_pool_push (self->pool, job, NULL);
    }
  g_mutex_unlock (&self->lock);
  if (error != NULL)
    job_finish (job, NULL, error);
}

static void
lacuna_engine_finalize (GObject *object)
{
  LacunaEngine *self = LACUNA_ENGINE (object);

  g_mutex_lock (&self->lock);
  for (guint i = 0; i < self->jobs->len; i++)
    g_cancellable_cancel (((Job *) g_ptr_array_index (self->jobs, i))->cancellable);
  g_mutex_unlock (&self->lock);
  if (self->pool != NULL)
    g_thread_pool_free (self->pool, FALSE, TRUE);
  g_ptr_array_unref (self->jobs);
  lacuna_runner_free (self->runner);
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
  self->jobs = g_ptr_array_new ();
}

LacunaEngine *
lacuna_engine_new (const char *device, guint64 memory_limit)
{
  LacunaEngine *self = g_object_new (LACUNA_TYPE_ENGINE, NULL);

  self->runner = lacuna_runner_new (device, memory_limit);
  return self;
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
  job = job_new (photo, mask, options, lacuna_reporter_new (g_task_get_context (task), progress, progress_data),
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

/* A caller that waits. */
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
  job = job_new (photo, mask, options, lacuna_reporter_new (NULL, progress, progress_data), cancellable);
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
