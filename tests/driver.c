/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An OpenCL driver for tests: one platform with one device, whose memory keeps what it is given and whose kernels do
 * nothing, so that all numbers are wrong. What else it does is told by LACUNA_TEST_DRIVER: "abort" and "hang" when it is
 * asked for its devices, "build-abort" and "build-hang" when it is to build; that is the device's name as well. */
#define CL_TARGET_OPENCL_VERSION 120
#include <CL/cl_icd.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static cl_icd_dispatch dispatch;

struct _cl_platform_id {
  cl_icd_dispatch *dispatch;
};
struct _cl_device_id {
  cl_icd_dispatch *dispatch;
};

struct _cl_context {
  cl_icd_dispatch *dispatch;
};
struct _cl_command_queue {
  cl_icd_dispatch *dispatch;
};
struct _cl_event {
  cl_icd_dispatch *dispatch;
};
struct _cl_program {
  cl_icd_dispatch *dispatch;
  char *source;
};
struct _cl_kernel {
  cl_icd_dispatch *dispatch;
  cl_uint n_arguments;
};
struct _cl_mem {
  cl_icd_dispatch *dispatch;
  char *data;
};

static struct _cl_platform_id platform = { &dispatch };
static struct _cl_device_id device = { &dispatch };
static struct _cl_context context = { &dispatch };
static struct _cl_command_queue queue = { &dispatch };
static struct _cl_event event = { &dispatch };

static const char *
get_behaviour (void)
{
  const char *behaviour = getenv ("LACUNA_TEST_DRIVER");

  return behaviour != NULL ? behaviour : "";
}

/* As it is told to for this occasion. */
static void
misbehave (const char *aborts, const char *hangs, const char *words)
{
  if (strcmp (get_behaviour (), aborts) == 0)
    {
      if (write (STDERR_FILENO, words, strlen (words)) < 0)
        exit (EXIT_FAILURE);
      abort ();
    }
  if (strcmp (get_behaviour (), hangs) == 0)
    pause ();
}

static cl_int
give (const void *value, size_t size, size_t room, void *to, size_t *ret_size)
{
  if (ret_size != NULL)
    *ret_size = size;
  if (to != NULL && room < size)
    return CL_INVALID_VALUE;
  if (to != NULL)
    memcpy (to, value, size);
  return CL_SUCCESS;
}

static cl_int
give_text (const char *text, size_t room, void *to, size_t *ret_size)
{
  return give (text, strlen (text) + 1, room, to, ret_size);
}

static CL_API_ENTRY cl_int CL_API_CALL
get_platform_ids (cl_uint n, cl_platform_id *platforms, cl_uint *ret_n)
{
  if (platforms != NULL && n > 0)
    platforms[0] = &platform;
  if (ret_n != NULL)
    *ret_n = 1;
  return CL_SUCCESS;
}

static CL_API_ENTRY cl_int CL_API_CALL
get_platform_info (cl_platform_id id, cl_platform_info what, size_t room, void *to, size_t *ret_size)
{
  switch (what)
    {
    case CL_PLATFORM_NAME:
      return give_text ("Test Platform", room, to, ret_size);
    case CL_PLATFORM_VERSION:
      return give_text ("OpenCL 1.2 Test", room, to, ret_size);
    case CL_PLATFORM_PROFILE:
      return give_text ("FULL_PROFILE", room, to, ret_size);
    case CL_PLATFORM_EXTENSIONS:
      return give_text ("cl_khr_icd", room, to, ret_size);
    case CL_PLATFORM_ICD_SUFFIX_KHR:
      return give_text ("TEST", room, to, ret_size);
    default:
      return give_text ("Test", room, to, ret_size);
    }
}

static CL_API_ENTRY cl_int CL_API_CALL
get_device_ids (cl_platform_id id, cl_device_type type, cl_uint n, cl_device_id *devices, cl_uint *ret_n)
{
  misbehave ("abort", "hang", "Not enough memory to run on this device.\n");
  if (devices != NULL && n > 0)
    devices[0] = &device;
  if (ret_n != NULL)
    *ret_n = 1;
  return CL_SUCCESS;
}

static CL_API_ENTRY cl_int CL_API_CALL
get_device_info (cl_device_id id, cl_device_info what, size_t room, void *to, size_t *ret_size)
{
  const cl_device_type type = CL_DEVICE_TYPE_CPU;
  const cl_bool yes = CL_TRUE;
  const cl_uint many = 64;
  const cl_ulong memory = 1 << 30;

  switch (what)
    {
    case CL_DEVICE_TYPE:
      return give (&type, sizeof type, room, to, ret_size);
    case CL_DEVICE_NAME:
      return give_text (get_behaviour (), room, to, ret_size);
    case CL_DEVICE_PROFILE:
      return give_text ("FULL_PROFILE", room, to, ret_size);
    case CL_DEVICE_VERSION:
      return give_text ("OpenCL 1.2 Test", room, to, ret_size);
    case CL_DEVICE_AVAILABLE:
    case CL_DEVICE_COMPILER_AVAILABLE:
      return give (&yes, sizeof yes, room, to, ret_size);
    case CL_DEVICE_MAX_COMPUTE_UNITS:
      return give (&many, sizeof many, room, to, ret_size);
    case CL_DEVICE_GLOBAL_MEM_SIZE:
    case CL_DEVICE_LOCAL_MEM_SIZE:
    case CL_DEVICE_MAX_MEM_ALLOC_SIZE:
      return give (&memory, sizeof memory, room, to, ret_size);
    case CL_DEVICE_VENDOR:
    case CL_DRIVER_VERSION:
      return give_text ("test", room, to, ret_size);
    default:
      return CL_INVALID_VALUE;
    }
}

static CL_API_ENTRY cl_context CL_API_CALL
create_context (const cl_context_properties *properties, cl_uint n, const cl_device_id *devices,
                void (CL_CALLBACK *notify) (const char *, const void *, size_t, void *), void *data, cl_int *status)
{
  *status = CL_SUCCESS;
  return &context;
}

static CL_API_ENTRY cl_command_queue CL_API_CALL
create_queue (cl_context owner, cl_device_id id, cl_command_queue_properties properties, cl_int *status)
{
  *status = CL_SUCCESS;
  return &queue;
}

static CL_API_ENTRY cl_mem CL_API_CALL
create_buffer (cl_context owner, cl_mem_flags flags, size_t size, void *data, cl_int *status)
{
  cl_mem buffer = malloc (sizeof *buffer);

  buffer->dispatch = &dispatch;
  buffer->data = calloc (1, size);
  *status = CL_SUCCESS;
  return buffer;
}

static CL_API_ENTRY cl_int CL_API_CALL
release_buffer (cl_mem buffer)
{
  free (buffer->data);
  free (buffer);
  return CL_SUCCESS;
}

static CL_API_ENTRY cl_int CL_API_CALL
write_buffer (cl_command_queue to, cl_mem buffer, cl_bool blocking, size_t offset, size_t size, const void *data,
              cl_uint n, const cl_event *events, cl_event *ret_event)
{
  memcpy (buffer->data + offset, data, size);
  return CL_SUCCESS;
}

static CL_API_ENTRY cl_int CL_API_CALL
read_buffer (cl_command_queue from, cl_mem buffer, cl_bool blocking, size_t offset, size_t size, void *data, cl_uint n,
             const cl_event *events, cl_event *ret_event)
{
  memcpy (data, buffer->data + offset, size);
  return CL_SUCCESS;
}

static CL_API_ENTRY cl_int CL_API_CALL
fill_buffer (cl_command_queue to, cl_mem buffer, const void *pattern, size_t pattern_size, size_t offset, size_t size,
             cl_uint n, const cl_event *events, cl_event *ret_event)
{
  for (size_t i = 0; i < size; i += pattern_size)
    memcpy (buffer->data + offset + i, pattern, pattern_size);
  return CL_SUCCESS;
}

static CL_API_ENTRY cl_program CL_API_CALL
create_program (cl_context owner, cl_uint n, const char **texts, const size_t *lengths, cl_int *status)
{
  cl_program program = malloc (sizeof *program);

  program->dispatch = &dispatch;
  program->source = strdup (texts[0]);
  *status = CL_SUCCESS;
  return program;
}

static CL_API_ENTRY cl_int CL_API_CALL
build_program (cl_program program, cl_uint n, const cl_device_id *devices, const char *options,
               void (CL_CALLBACK *notify) (cl_program, void *), void *data)
{
  misbehave ("build-abort", "build-hang", "LLVM ERROR: Cannot select: intrinsic\n");
  return CL_SUCCESS;
}

static CL_API_ENTRY cl_int CL_API_CALL
refuse_program_info (cl_program program, cl_program_info what, size_t room, void *to, size_t *ret_size)
{
  return CL_INVALID_VALUE;
}

/* Of a kernel in a source where its name begins a line, as Lacuna's do. */
static cl_uint
count_arguments (const char *source, const char *name)
{
  char start[64] = "\n";
  const char *c;
  cl_uint n = 1;

  strncat (start, name, sizeof start - 4);
  strcat (start, " (");
  c = strstr (source, start);
  for (; c != NULL && *c != ')' && *c != '\0'; c++)
    n += *c == ',';
  return n;
}

static CL_API_ENTRY cl_kernel CL_API_CALL
create_kernel (cl_program program, const char *name, cl_int *status)
{
  cl_kernel kernel = malloc (sizeof *kernel);

  kernel->dispatch = &dispatch;
  kernel->n_arguments = count_arguments (program->source, name);
  *status = CL_SUCCESS;
  return kernel;
}

static CL_API_ENTRY cl_int CL_API_CALL
get_kernel_info (cl_kernel kernel, cl_kernel_info what, size_t room, void *to, size_t *ret_size)
{
  return give (&kernel->n_arguments, sizeof kernel->n_arguments, room, to, ret_size);
}

static CL_API_ENTRY cl_int CL_API_CALL
refuse_group_info (cl_kernel kernel, cl_device_id id, cl_kernel_work_group_info what, size_t room, void *to,
                   size_t *ret_size)
{
  return CL_INVALID_VALUE;
}

static CL_API_ENTRY cl_int CL_API_CALL
set_argument (cl_kernel kernel, cl_uint i, size_t size, const void *value)
{
  return CL_SUCCESS;
}

static CL_API_ENTRY cl_int CL_API_CALL
launch (cl_command_queue to, cl_kernel kernel, cl_uint n_dims, const size_t *offset, const size_t *global_size,
        const size_t *local_size, cl_uint n, const cl_event *events, cl_event *ret_event)
{
  *ret_event = &event;
  return CL_SUCCESS;
}

static CL_API_ENTRY cl_int CL_API_CALL
wait_for_events (cl_uint n, const cl_event *events)
{
  return CL_SUCCESS;
}

static CL_API_ENTRY cl_int CL_API_CALL
get_event_info (cl_event id, cl_event_info what, size_t room, void *to, size_t *ret_size)
{
  const cl_int complete = CL_COMPLETE;

  return give (&complete, sizeof complete, room, to, ret_size);
}

/* Nothing is freed but buffers, of which there are many. */
#define KEEP(function, type)                                                                                           \
  static CL_API_ENTRY cl_int CL_API_CALL function (type object)                                                        \
  {                                                                                                                    \
    return CL_SUCCESS;                                                                                                 \
  }
KEEP (keep_context, cl_context)
KEEP (keep_queue, cl_command_queue)
KEEP (keep_program, cl_program)
KEEP (keep_kernel, cl_kernel)
KEEP (keep_event, cl_event)

static void
set_up_work (void)
{
  dispatch.clCreateContext = create_context;
  dispatch.clReleaseContext = keep_context;
  dispatch.clCreateCommandQueue = create_queue;
  dispatch.clReleaseCommandQueue = dispatch.clFlush = dispatch.clFinish = keep_queue;
  dispatch.clCreateBuffer = create_buffer;
  dispatch.clReleaseMemObject = release_buffer;
  dispatch.clEnqueueWriteBuffer = write_buffer;
  dispatch.clEnqueueReadBuffer = read_buffer;
  dispatch.clEnqueueFillBuffer = fill_buffer;
  dispatch.clCreateProgramWithSource = create_program;
  dispatch.clRetainProgram = dispatch.clReleaseProgram = keep_program;
  dispatch.clBuildProgram = build_program;
  dispatch.clGetProgramInfo = refuse_program_info;
  dispatch.clCreateKernel = create_kernel;
  dispatch.clReleaseKernel = keep_kernel;
  dispatch.clGetKernelInfo = get_kernel_info;
  dispatch.clGetKernelWorkGroupInfo = refuse_group_info;
  dispatch.clSetKernelArg = set_argument;
  dispatch.clEnqueueNDRangeKernel = launch;
  dispatch.clWaitForEvents = wait_for_events;
  dispatch.clGetEventInfo = get_event_info;
  dispatch.clReleaseEvent = keep_event;
}

__attribute__ ((visibility ("default"))) CL_API_ENTRY void *CL_API_CALL
clGetExtensionFunctionAddress (const char *name)
{
  dispatch.clGetPlatformIDs = get_platform_ids;
  dispatch.clGetPlatformInfo = get_platform_info;
  dispatch.clGetDeviceIDs = get_device_ids;
  dispatch.clGetDeviceInfo = get_device_info;
  set_up_work ();
  if (strcmp (name, "clIcdGetPlatformIDsKHR") == 0)
    return get_platform_ids;
  return NULL;
}

/* The loader of ocl-icd looks for these by name. */
__attribute__ ((visibility ("default"))) CL_API_ENTRY cl_int CL_API_CALL
clGetPlatformInfo (cl_platform_id id, cl_platform_info what, size_t room, void *to, size_t *ret_size)
{
  return get_platform_info (id, what, room, to, ret_size);
}
