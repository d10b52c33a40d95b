#include "engine/cl/buffer.h"

#include "engine/cl/cl-private.h"
#include "engine/error.h"

struct _LacunaBuffer
{
  gatomicrefcount ref_count;
  LacunaContext *context;
  cl_mem handle;
  gsize n_bytes;
};

LacunaBuffer *
lacuna_buffer_new (LacunaContext *context, gsize n_bytes, GError **error)
{
  LacunaBuffer *self;
  cl_mem handle;
  cl_int status;

  g_return_val_if_fail (n_bytes > 0, NULL);

  if (!lacuna_context_reserve (context, n_bytes, error))
    return NULL;
  handle = clCreateBuffer (lacuna_context_get_handle (context), CL_MEM_READ_WRITE, n_bytes, NULL, &status);
  if (handle == NULL)
    {
      lacuna_context_release (context, n_bytes);
      lacuna_status_set_error (error, context, status, "making a buffer of %" G_GSIZE_FORMAT " bytes", n_bytes);
      return NULL;
    }

  self = g_new0 (LacunaBuffer, 1);
  g_atomic_ref_count_init (&self->ref_count);
  self->context = g_object_ref (context);
  self->handle = handle;
  self->n_bytes = n_bytes;
  return self;
}

LacunaBuffer *
lacuna_buffer_ref (LacunaBuffer *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
lacuna_buffer_unref (LacunaBuffer *self)
{
  if (self == NULL || !g_atomic_ref_count_dec (&self->ref_count))
    return;
  clReleaseMemObject (self->handle);
  lacuna_context_release (self->context, self->n_bytes);
  g_object_unref (self->context);
  g_free (self);
}

gsize
lacuna_buffer_get_size (LacunaBuffer *self)
{
  return self->n_bytes;
}

cl_mem
lacuna_buffer_get_handle (LacunaBuffer *self)
{
  return self->handle;
}

static gboolean
check_range (LacunaBuffer *self, gsize offset, gsize n_bytes, GError **error)
{
  if (offset <= self->n_bytes && n_bytes <= self->n_bytes - offset)
    return TRUE;
  g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_UNFIT,
               "%" G_GSIZE_FORMAT " bytes at %" G_GSIZE_FORMAT " reach past the end of a buffer of %" G_GSIZE_FORMAT
               " bytes. This is a fault of the program: please report it.",
               n_bytes, offset, self->n_bytes);
  return FALSE;
}

gboolean
lacuna_buffer_write (LacunaBuffer *self, gsize offset, gconstpointer data, gsize n_bytes, GError **error)
{
  cl_int status;

  if (!check_range (self, offset, n_bytes, error))
    return FALSE;
  if (n_bytes == 0)
    return TRUE;
  status = clEnqueueWriteBuffer (lacuna_context_get_queue (self->context), self->handle, CL_TRUE, offset, n_bytes, data,
                                 0, NULL, NULL);
  if (status != CL_SUCCESS)
    {
      lacuna_status_set_error (error, self->context, status, "taking in %" G_GSIZE_FORMAT " bytes", n_bytes);
      return FALSE;
    }
  return TRUE;
}

gboolean
lacuna_buffer_read (LacunaBuffer *self, gsize offset, gpointer data, gsize n_bytes, GError **error)
{
  cl_int status;

  if (!check_range (self, offset, n_bytes, error))
    return FALSE;
  if (n_bytes == 0)
    return TRUE;
  /* What is read was computed by launches, of which none may have failed. */
  if (!lacuna_context_drain (self->context, error))
    return FALSE;
  status = clEnqueueReadBuffer (lacuna_context_get_queue (self->context), self->handle, CL_TRUE, offset, n_bytes, data,
                                0, NULL, NULL);
  if (status != CL_SUCCESS)
    {
      lacuna_status_set_error (error, self->context, status, "giving back %" G_GSIZE_FORMAT " bytes", n_bytes);
      return FALSE;
    }
  return TRUE;
}

gboolean
lacuna_buffer_clear (LacunaBuffer *self, gsize offset, gsize n_bytes, GError **error)
{
  const float zero = 0.0f;
  cl_int status;

  if (!check_range (self, offset, n_bytes, error))
    return FALSE;
  status = clEnqueueFillBuffer (lacuna_context_get_queue (self->context), self->handle, &zero, sizeof zero, offset,
                                n_bytes, 0, NULL, NULL);
  if (status != CL_SUCCESS)
    {
      lacuna_status_set_error (error, self->context, status, "clearing %" G_GSIZE_FORMAT " bytes", n_bytes);
      return FALSE;
    }
  return TRUE;
}
