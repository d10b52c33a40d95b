/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An OpenCL context with one in-order queue, the account of its memory and the programs built for it. At most
 * MAX_IN_FLIGHT launches are in flight, in a ring whose oldest is waited for first, so that a cancellation or a failure
 * shows soon; a failed launch fails the call that waits for it. One thread at a time uses a context (the engine's, or a
 * command's main thread); any thread may release memory, and drivers call keep_message from threads of their own. */
#include "engine/cl/context.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "engine/cl/context-private.h"
#include "engine/cl/device-private.h"
#include "engine/error.h"

/* Enough that the queue never runs dry, few enough that cancelling is prompt. */
#define MAX_IN_FLIGHT 4

typedef struct {
  cl_event event;
  const char *kernel;
} Launch;

struct _LacunaContext {
  GObject parent_instance;

  LacunaDevice *device;
  LacunaTuning tuning;
  cl_context handle;
  cl_command_queue queue;
  GHashTable *programs; /* name and options -> cl_program */
  LacunaContextUse use;

  guint64 memory_limit;
  gsize memory_used; /* atomic */
  gsize memory_peak;

  Launch launches[MAX_IN_FLIGHT]; /* in a ring, oldest first */
  guint first_launch;
  guint n_launches;

  gboolean profiling;
  GArray *profile; /* of LacunaProfileRow */

  GMutex message_lock;
  char *message;
};

G_DEFINE_FINAL_TYPE (LacunaContext, lacuna_context, G_TYPE_OBJECT)

static void
lacuna_context_finalize (GObject *object)
{
  LacunaContext *self = LACUNA_CONTEXT (object);

  if (self->queue != NULL)
    clFinish (self->queue);
  for (guint i = 0; i < self->n_launches; i++)
    clReleaseEvent (self->launches[(self->first_launch + i) % MAX_IN_FLIGHT].event);
  g_hash_table_unref (self->programs);
  if (self->queue != NULL)
    clReleaseCommandQueue (self->queue);
  if (self->handle != NULL)
    clReleaseContext (self->handle);
  g_clear_object (&self->use.cancellable);
  g_clear_object (&self->device);
  g_array_unref (self->profile);
  g_free (self->message);
  g_mutex_clear (&self->message_lock);
  G_OBJECT_CLASS (lacuna_context_parent_class)->finalize (object);
}

static void
lacuna_context_class_init (LacunaContextClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = lacuna_context_finalize;
}

static void
release_program (gpointer program)
{
  clReleaseProgram (program);
}

static void
lacuna_context_init (LacunaContext *self)
{
  self->programs = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, release_program);
  self->profile = g_array_new (FALSE, FALSE, sizeof (LacunaProfileRow));
  g_mutex_init (&self->message_lock);
}

/* The driver calls this, from any of its threads. */
static void CL_CALLBACK
keep_message (const char *message, const void *private_info, size_t size, void *user_data)
{
  LacunaContext *self = user_data;
  char *valid;

  /* Oclgrind does not give back what it was given. */
  if (self == NULL)
    return;
  valid = g_utf8_make_valid (message, -1);
  g_mutex_lock (&self->message_lock);
  g_free (self->message);
  self->message = valid;
  g_mutex_unlock (&self->message_lock);
}

char *
lacuna_context_take_message (LacunaContext *self)
{
  char *message;

  g_mutex_lock (&self->message_lock);
  message = g_steal_pointer (&self->message);
  g_mutex_unlock (&self->message_lock);
  return message;
}

LacunaContext *
lacuna_context_new (LacunaDevice *device, guint64 memory_limit, GError **error)
{
  LacunaTuning tuning;

  return lacuna_tuning_load (&tuning, device, error) ? lacuna_context_new_tuned (device, memory_limit, &tuning, error)
                                                     : NULL;
}

LacunaContext *
lacuna_context_new_tuned (LacunaDevice *device, guint64 memory_limit, const LacunaTuning *tuning, GError **error)
{
  g_autoptr (LacunaContext) self = g_object_new (LACUNA_TYPE_CONTEXT, NULL);
  cl_device_id id = lacuna_device_get_id (device);
  cl_int status;

  self->device = g_object_ref (device);
  self->tuning = *tuning;
  self->memory_limit = memory_limit > 0 ? memory_limit : lacuna_device_get_memory (device) / 4 * 3;

  self->handle = clCreateContext (NULL, 1, &id, keep_message, self, &status);
  if (self->handle == NULL)
    {
      lacuna_status_set_error (error, self, status, _ ("being opened"));
      return NULL;
    }
  self->queue = clCreateCommandQueue (self->handle, id, CL_QUEUE_PROFILING_ENABLE, &status);
  if (self->queue == NULL)
    {
      lacuna_status_set_error (error, self, status, _ ("making a command queue"));
      return NULL;
    }
  return g_steal_pointer (&self);
}

LacunaDevice *
lacuna_context_get_device (LacunaContext *self)
{
  return self->device;
}

const LacunaTuning *
lacuna_context_get_tuning (LacunaContext *self)
{
  return &self->tuning;
}

cl_context
lacuna_context_get_handle (LacunaContext *self)
{
  return self->handle;
}

cl_command_queue
lacuna_context_get_queue (LacunaContext *self)
{
  return self->queue;
}

cl_program
lacuna_context_get_program (LacunaContext *self, const char *name, const char *options, GError **error)
{
  g_autofree char *key = g_strdup_printf ("%s %s", name, options != NULL ? options : "");
  cl_program program = g_hash_table_lookup (self->programs, key);

  if (program == NULL)
    {
      program = lacuna_program_build (self, name, options, error);
      if (program != NULL)
        g_hash_table_insert (self->programs, g_steal_pointer (&key), program);
    }
  return program;
}

guint64
lacuna_context_get_memory_limit (LacunaContext *self)
{
  return self->memory_limit;
}

guint64
lacuna_context_get_memory_used (LacunaContext *self)
{
  return (gsize) g_atomic_pointer_get (&self->memory_used);
}

guint64
lacuna_context_get_memory_peak (LacunaContext *self)
{
  return self->memory_peak;
}

gboolean
lacuna_context_reserve (LacunaContext *self, gsize n_bytes, GError **error)
{
  guint64 used = lacuna_context_get_memory_used (self);
  guint64 max_buffer = lacuna_device_get_max_buffer (self->device);
  g_autofree char *wanted = g_format_size_full (n_bytes, G_FORMAT_SIZE_IEC_UNITS);

  if (n_bytes > max_buffer)
    {
      g_autofree char *largest = g_format_size_full (max_buffer, G_FORMAT_SIZE_IEC_UNITS);

      g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_MEMORY,
                   _ ("A buffer of %s is more than the device “%s” can give at once, which is %s. "
                      "Use a smaller photo or model, or choose another device."),
                   wanted, lacuna_device_get_name (self->device), largest);
      return FALSE;
    }
  if (used > self->memory_limit || n_bytes > self->memory_limit - used)
    {
      g_autofree char *limit = g_format_size_full (self->memory_limit, G_FORMAT_SIZE_IEC_UNITS);
      g_autofree char *taken = g_format_size_full (used, G_FORMAT_SIZE_IEC_UNITS);

      g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_MEMORY,
                   _ ("A buffer of %s does not fit the memory limit of %s on “%s”, of which %s is in use. "
                      "Raise the limit, use a smaller photo or model, or choose another device."),
                   wanted, limit, lacuna_device_get_name (self->device), taken);
      return FALSE;
    }
  used = (gsize) g_atomic_pointer_add (&self->memory_used, n_bytes) + n_bytes;
  self->memory_peak = MAX (self->memory_peak, used);
  return TRUE;
}

void
lacuna_context_release (LacunaContext *self, gsize n_bytes)
{
  g_atomic_pointer_add (&self->memory_used, -n_bytes);
}

void
lacuna_context_set_cancellable (LacunaContext *self, GCancellable *cancellable)
{
  g_set_object (&self->use.cancellable, cancellable);
}

GCancellable *
lacuna_context_get_cancellable (LacunaContext *self)
{
  return self->use.cancellable;
}

void
lacuna_context_set_watcher (LacunaContext *self, guint interval, LacunaContextWatcher func, gpointer data)
{
  self->use.interval = interval;
  self->use.watcher = func;
  self->use.watcher_data = data;
}

LacunaContextUse
lacuna_context_exchange_use (LacunaContext *self, LacunaContextUse use)
{
  LacunaContextUse before = self->use;

  self->use = use;
  return before;
}

void
lacuna_context_watch (LacunaContext *self, const char *program, guint before, guint now)
{
  const LacunaContextUse *use = &self->use;

  if (use->watcher != NULL && now / use->interval > before / use->interval)
    use->watcher (program, now, use->watcher_data);
}

static void
add_to_profile (LacunaContext *self, const Launch *launch)
{
  cl_ulong start = 0;
  cl_ulong end = 0;
  LacunaProfileRow *row = NULL;

  if (clGetEventProfilingInfo (launch->event, CL_PROFILING_COMMAND_START, sizeof start, &start, NULL) != CL_SUCCESS
      || clGetEventProfilingInfo (launch->event, CL_PROFILING_COMMAND_END, sizeof end, &end, NULL) != CL_SUCCESS)
    return;

  for (guint i = 0; i < self->profile->len && row == NULL; i++)
    if (g_array_index (self->profile, LacunaProfileRow, i).kernel == launch->kernel)
      row = &g_array_index (self->profile, LacunaProfileRow, i);
  if (row == NULL)
    {
      g_array_append_val (self->profile, ((LacunaProfileRow){ .kernel = launch->kernel }));
      row = &g_array_index (self->profile, LacunaProfileRow, self->profile->len - 1);
    }
  row->launches++;
  row->seconds += (end - start) * 1e-9;
}

/* Waits for the oldest launch in flight. */
static gboolean
retire (LacunaContext *self, GError **error)
{
  Launch launch = self->launches[self->first_launch];
  cl_int status = clWaitForEvents (1, &launch.event);
  cl_int result = CL_COMPLETE;

  if (status == CL_SUCCESS || status == CL_EXEC_STATUS_ERROR_FOR_EVENTS_IN_WAIT_LIST)
    status = clGetEventInfo (launch.event, CL_EVENT_COMMAND_EXECUTION_STATUS, sizeof result, &result, NULL);
  if (status == CL_SUCCESS && result < 0)
    status = result;
  if (status == CL_SUCCESS && self->profiling)
    add_to_profile (self, &launch);

  clReleaseEvent (launch.event);
  self->first_launch = (self->first_launch + 1) % MAX_IN_FLIGHT;
  self->n_launches--;
  if (status != CL_SUCCESS)
    {
      lacuna_status_set_error (error, self, status, _ ("running the kernel %s"), launch.kernel);
      return FALSE;
    }
  return TRUE;
}

gboolean
lacuna_context_drain (LacunaContext *self, GError **error)
{
  gboolean good = TRUE;

  while (self->n_launches > 0)
    good = retire (self, good ? error : NULL) && good;
  return good;
}

gboolean
lacuna_context_go_on (LacunaContext *self, GError **error)
{
  return !g_cancellable_set_error_if_cancelled (self->use.cancellable, error);
}

gboolean
lacuna_context_admit (LacunaContext *self, GError **error)
{
  if (self->n_launches == MAX_IN_FLIGHT && !retire (self, error))
    return FALSE;
  return lacuna_context_go_on (self, error);
}

void
lacuna_context_track (LacunaContext *self, cl_event event, const char *kernel)
{
  g_assert (self->n_launches < MAX_IN_FLIGHT);
  self->launches[(self->first_launch + self->n_launches) % MAX_IN_FLIGHT] = (Launch){ event, kernel };
  self->n_launches++;
}

gboolean
lacuna_context_finish (LacunaContext *self, GError **error)
{
  cl_int status;

  if (!lacuna_context_drain (self, error))
    return FALSE;
  status = clFinish (self->queue);
  if (status != CL_SUCCESS)
    {
      lacuna_status_set_error (error, self, status, _ ("finishing its work"));
      return FALSE;
    }
  return TRUE;
}

void
lacuna_context_set_profiling (LacunaContext *self, gboolean profiling)
{
  self->profiling = profiling;
}

static int
compare_rows (gconstpointer a, gconstpointer b)
{
  double first = ((const LacunaProfileRow *) a)->seconds;
  double second = ((const LacunaProfileRow *) b)->seconds;

  return (first < second) - (first > second);
}

GArray *
lacuna_context_take_profile (LacunaContext *self, GError **error)
{
  GArray *profile;

  if (!lacuna_context_drain (self, error))
    return NULL;
  profile = self->profile;
  self->profile = g_array_new (FALSE, FALSE, sizeof (LacunaProfileRow));
  g_array_sort (profile, compare_rows);
  return profile;
}
