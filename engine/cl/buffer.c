/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Device memory, which stands on the context's account from its allocation to its last unref. A read waits for all
 * launches, fails if one of them failed, and compares what came with a second read, as the garbage of a broken driver
 * is not the same twice. A buffer is used on the thread that uses its context; the last unref alone may come on any
 * thread. */
#include "engine/cl/buffer.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "engine/cl/buffer-private.h"
#include "engine/cl/context-private.h"
#include "engine/error.h"

#define EXPONENT 0x7f800000u /* all bits of it are set where a float is not finite */
#define PART (1 << 20)       /* bytes that are read again at a time */

struct _LacunaBuffer {
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
      lacuna_status_set_error (error, context, status, _ ("making a buffer of %zu bytes"), n_bytes);
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
               _ ("%zu bytes at %zu reach past the end of a buffer of %zu bytes. This is a fault of the program: "
                  "please report it."),
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
      lacuna_status_set_error (error, self->context, status, _ ("taking in %zu bytes"), n_bytes);
      return FALSE;
    }
  return TRUE;
}

static gboolean
read_bytes (LacunaBuffer *self, gsize offset, gpointer data, gsize n_bytes, GError **error)
{
  cl_int status = clEnqueueReadBuffer (lacuna_context_get_queue (self->context), self->handle, CL_TRUE, offset, n_bytes,
                                       data, 0, NULL, NULL);

  if (status == CL_SUCCESS)
    return TRUE;
  lacuna_status_set_error (error, self->context, status, _ ("giving back %zu bytes"), n_bytes);
  return FALSE;
}

/* Reads the bytes again, a part at a time, and compares: garbage is not the same twice, even if each of its numbers is
 * possible. */
static gboolean
compare_bytes (LacunaBuffer *self, gsize offset, gconstpointer data, gsize n_bytes, GError **error)
{
  g_autofree guint8 *again = g_try_malloc (MIN (n_bytes, PART));

  if (again == NULL)
    {
      lacuna_error_set_memory (error, _ ("what the device gives back"));
      return FALSE;
    }
  for (gsize at = 0; at < n_bytes; at += PART)
    {
      gsize n = MIN (n_bytes - at, PART);

      if (!read_bytes (self, offset + at, again, n, error))
        return FALSE;
      if (memcmp ((const guint8 *) data + at, again, n) != 0)
        {
          g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_DEVICE,
                       _ ("The device “%s” gave back other numbers when asked again. "
                          "Try again or choose another device; if it happens again, update the driver."),
                       lacuna_device_get_name (lacuna_context_get_device (self->context)));
          return FALSE;
        }
    }
  return TRUE;
}

gboolean
lacuna_buffer_read (LacunaBuffer *self, gsize offset, gpointer data, gsize n_bytes, GError **error)
{
  if (!check_range (self, offset, n_bytes, error))
    return FALSE;
  /* What is read was computed by launches, of which none may have failed. */
  return n_bytes == 0
         || (lacuna_context_drain (self->context, error) && read_bytes (self, offset, data, n_bytes, error)
             && compare_bytes (self, offset, data, n_bytes, error));
}

/* The loop has no branch, so that the compiler can vectorise it. */
static gboolean
are_finite (const float *values, gsize n)
{
  guint32 found = 0;

  for (gsize i = 0; i < n; i++)
    {
      guint32 bits;

      memcpy (&bits, &values[i], sizeof bits);
      found |= (bits & EXPONENT) == EXPONENT;
    }
  return found == 0;
}

gboolean
lacuna_buffer_check_floats (LacunaBuffer *self, const float *values, gsize n, GError **error)
{
  if (are_finite (values, n))
    return TRUE;
  g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_NOT_FINITE,
               _ ("The device “%s” gave back numbers that are not finite. "
                  "Try again or choose another device; if it happens again, update the driver."),
               lacuna_device_get_name (lacuna_context_get_device (self->context)));
  return FALSE;
}

void
lacuna_buffer_set_range_error (LacunaBuffer *self, GError **error)
{
  g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_DEVICE,
               _ ("The device “%s” gave back places that are not in the photo. "
                  "Try again or choose another device; if it happens again, update the driver."),
               lacuna_device_get_name (lacuna_context_get_device (self->context)));
}

gboolean
lacuna_buffer_read_floats (LacunaBuffer *self, float *values, gsize n, GError **error)
{
  return lacuna_buffer_read (self, 0, values, n * sizeof (float), error)
         && lacuna_buffer_check_floats (self, values, n, error);
}

gboolean
lacuna_buffer_read_indices (LacunaBuffer *self, gint32 *values, gsize n, gint32 end, GError **error)
{
  guint32 most = 0;

  if (!lacuna_buffer_read (self, 0, values, n * sizeof (gint32), error))
    return FALSE;
  for (gsize i = 0; i < n; i++)
    most = MAX (most, (guint32) values[i]);
  if (n == 0 || most < (guint32) end)
    return TRUE;
  lacuna_buffer_set_range_error (self, error);
  return FALSE;
}

gboolean
lacuna_buffer_read_bytes (LacunaBuffer *self, guint8 *values, gsize n, guint8 end, GError **error)
{
  guint8 most = 0;

  if (!lacuna_buffer_read (self, 0, values, n, error))
    return FALSE;
  for (gsize i = 0; i < n; i++)
    most = MAX (most, values[i]);
  if (n == 0 || most < end)
    return TRUE;
  lacuna_buffer_set_range_error (self, error);
  return FALSE;
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
      lacuna_status_set_error (error, self->context, status, _ ("clearing %zu bytes"), n_bytes);
      return FALSE;
    }
  return TRUE;
}

gboolean
lacuna_buffer_try (LacunaContext *context, GError **error)
{
  guint32 written[1024], read[G_N_ELEMENTS (written)] = { 0 };
  g_autoptr (LacunaBuffer) buffer = lacuna_buffer_new (context, sizeof written, error);

  for (guint i = 0; i < G_N_ELEMENTS (written); i++)
    written[i] = i * 0x9e3779b1u;
  if (buffer == NULL || !lacuna_buffer_write (buffer, 0, written, sizeof written, error)
      || !lacuna_buffer_read (buffer, 0, read, sizeof read, error))
    return FALSE;
  if (memcmp (written, read, sizeof written) == 0)
    return TRUE;
  g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_DEVICE,
               _ ("The device “%s” does not give back what it was given. Choose another device, or update its driver."),
               lacuna_device_get_name (lacuna_context_get_device (context)));
  return FALSE;
}
