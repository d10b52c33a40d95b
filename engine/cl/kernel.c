/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An entry point of a built program, and its launch. The number of arguments and the required work-group size are asked
 * of the driver once and hold for every launch; the kernel holds the context, which owns the program. A launch sets the
 * arguments of the one cl_kernel, so a kernel is used, as its context is, from one thread at a time. */
#include "engine/cl/kernel.h"

#include <glib/gi18n-lib.h>

#include "engine/cl/buffer-private.h"
#include "engine/cl/context-private.h"
#include "engine/cl/device-private.h"
#include "engine/error.h"

struct _LacunaKernel {
  gatomicrefcount ref_count;
  LacunaContext *context;
  cl_kernel handle;
  const char *name; /* program/entry, interned */
  cl_uint n_arguments;
  size_t local_size[3];
};

/* A failing query leaves the zeros that mean "none required". */
static void
describe (LacunaKernel *self)
{
  cl_device_id device = lacuna_device_get_id (lacuna_context_get_device (self->context));

  clGetKernelInfo (self->handle, CL_KERNEL_NUM_ARGS, sizeof self->n_arguments, &self->n_arguments, NULL);
  clGetKernelWorkGroupInfo (self->handle, device, CL_KERNEL_COMPILE_WORK_GROUP_SIZE, sizeof self->local_size,
                            self->local_size, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (self->local_size); i++)
    self->local_size[i] = MAX (self->local_size[i], 1);
}

LacunaKernel *
lacuna_kernel_new (LacunaContext *context, const char *program, const char *entry, const char *options, GError **error)
{
  cl_program built
      = lacuna_context_go_on (context, error) ? lacuna_context_get_program (context, program, options, error) : NULL;
  g_autofree char *name = g_strjoin ("/", program, entry, NULL);
  LacunaKernel *self;
  cl_kernel handle;
  cl_int status;

  if (built == NULL)
    return NULL;
  handle = clCreateKernel (built, entry, &status);
  if (handle == NULL)
    {
      g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_BUILD,
                   _ ("The OpenCL program “%s” has no usable kernel “%s” (%s). Install Lacuna anew."), program, entry,
                   lacuna_status_get_name (status));
      return NULL;
    }

  self = g_new0 (LacunaKernel, 1);
  g_atomic_ref_count_init (&self->ref_count);
  self->context = g_object_ref (context);
  self->handle = handle;
  self->name = g_intern_string (name);
  describe (self);
  return self;
}

LacunaKernel *
lacuna_kernel_ref (LacunaKernel *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
lacuna_kernel_unref (LacunaKernel *self)
{
  if (self == NULL || !g_atomic_ref_count_dec (&self->ref_count))
    return;
  clReleaseKernel (self->handle);
  g_object_unref (self->context);
  g_free (self);
}

static cl_int
set_argument (LacunaKernel *self, cl_uint index, const LacunaArgument *argument)
{
  cl_mem buffer;

  switch (argument->kind)
    {
    case LACUNA_ARGUMENT_BUFFER:
      buffer = lacuna_buffer_get_handle (argument->buffer);
      return clSetKernelArg (self->handle, index, sizeof buffer, &buffer);
    case LACUNA_ARGUMENT_INT:
      return clSetKernelArg (self->handle, index, sizeof argument->i, &argument->i);
    case LACUNA_ARGUMENT_INT4:
      return clSetKernelArg (self->handle, index, sizeof argument->i4, argument->i4);
    case LACUNA_ARGUMENT_FLOAT:
      return clSetKernelArg (self->handle, index, sizeof argument->f, &argument->f);
    case LACUNA_ARGUMENT_LOCAL:
      return clSetKernelArg (self->handle, index, argument->n_bytes, NULL);
    default:
      return CL_INVALID_ARG_VALUE;
    }
}

static gboolean
set_arguments (LacunaKernel *self, const LacunaArgument *arguments, guint n_arguments, GError **error)
{
  if (n_arguments != self->n_arguments)
    {
      g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_BUILD,
                   _ ("The kernel %s takes %u arguments, but %u were given: "
                      "kernels and program are of different versions. Install Lacuna anew."),
                   self->name, self->n_arguments, n_arguments);
      return FALSE;
    }
  for (guint i = 0; i < n_arguments; i++)
    {
      cl_int status = set_argument (self, i, &arguments[i]);

      if (status != CL_SUCCESS)
        {
          lacuna_status_set_error (error, self->context, status, _ ("setting argument %u of the kernel %s"), i,
                                   self->name);
          return FALSE;
        }
    }
  return TRUE;
}

gboolean
lacuna_kernel_launch_array (LacunaKernel *self, gsize width, gsize height, gsize depth, const LacunaArgument *arguments,
                            guint n_arguments, GError **error)
{
  cl_command_queue queue = lacuna_context_get_queue (self->context);
  const size_t global_size[] = {
    width * self->local_size[0],
    height * self->local_size[1],
    depth * self->local_size[2],
  };
  cl_event event;
  cl_int status;

  if (!lacuna_context_admit (self->context, error) || !set_arguments (self, arguments, n_arguments, error))
    return FALSE;
  status = clEnqueueNDRangeKernel (queue, self->handle, 3, NULL, global_size, self->local_size, 0, NULL, &event);
  if (status == CL_SUCCESS)
    {
      lacuna_context_track (self->context, event, self->name);
      status = clFlush (queue);
    }
  if (status != CL_SUCCESS)
    {
      lacuna_status_set_error (error, self->context, status, _ ("launching the kernel %s"), self->name);
      return FALSE;
    }
  return TRUE;
}
