/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Stands before functions of OpenCL and of the C library (LD_PRELOAD) and lets calls of one of them fail, as
 * LACUNA_FAULT says: FUNCTION FIRST COUNT HOW. FIRST counts calls from 1; HOW is the status or errno that they give;
 * "nan", "random" or "zero", what a read from the device gives; "event", a command
 * that failed after it was sent; or "before" or "after", when the process is killed.
 * At the end of the program, LACUNA_FAULT_LOG gets a line "FUNCTION CALLS FAILED" of each function that was called. */
#include <CL/cl.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define EXPORT __attribute__ ((visibility ("default")))
#define LARGE (64 << 10) /* bytes from which an allocation may fail */

typedef enum {
  HOW_STATUS,
  HOW_NAN,
  HOW_RANDOM,
  HOW_ZERO,
  HOW_EVENT,
  HOW_KILL_BEFORE,
  HOW_KILL_AFTER,
} How;

typedef struct _Function {
  const char *name;
  void *real;
  int n_calls, n_failed; /* atomic */
  struct _Function *next;
} Function;

static Function *functions; /* that were called, atomic */
static int is_program;      /* not a helper that it started */
static struct {
  char function[64];
  int first, count;
  How how;
  int status;
} fault;

__attribute__ ((constructor)) static void
start (void)
{
  static const char *const names[] = { "", "nan", "random", "zero", "event", "before", "after" };
  const char *text = getenv ("LACUNA_FAULT");
  char how[16];

  is_program = strcmp (program_invocation_short_name, "lacuna") == 0;
  if (text == NULL || sscanf (text, "%63s %d %d %15s", fault.function, &fault.first, &fault.count, how) != 4)
    return;
  fault.status = atoi (how);
  for (unsigned i = 1; i < sizeof names / sizeof *names; i++)
    if (strcmp (how, names[i]) == 0)
      fault.how = i;
}

__attribute__ ((destructor)) static void
end (void)
{
  const char *path = getenv ("LACUNA_FAULT_LOG");
  FILE *log = is_program && path != NULL ? fopen (path, "w") : NULL;

  if (log == NULL)
    return;
  for (Function *function = functions; function != NULL; function = function->next)
    fprintf (log, "%s %d %d\n", function->name, function->n_calls, function->n_failed);
  fclose (log);
}

/* Counts a call; whether it is to go wrong. */
static int
enter (Function *self)
{
  int n = __atomic_add_fetch (&self->n_calls, 1, __ATOMIC_SEQ_CST);

  if (n == 1)
    {
      self->next = __atomic_load_n (&functions, __ATOMIC_SEQ_CST);
      while (!__atomic_compare_exchange_n (&functions, &self->next, self, 0, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST))
        ;
    }
  if (!is_program || n < fault.first || n - fault.first >= fault.count || strcmp (self->name, fault.function) != 0)
    return 0;
  __atomic_add_fetch (&self->n_failed, 1, __ATOMIC_SEQ_CST);
  if (fault.how == HOW_KILL_BEFORE)
    kill (getpid (), SIGKILL);
  return 1;
}

static void
leave (int hit)
{
  if (hit && fault.how == HOW_KILL_AFTER)
    kill (getpid (), SIGKILL);
}

/* In a function of that name: its record, the function behind it as "real", and whether this call goes wrong. */
#define ENTER(function)                                                                                                \
  static Function self = { .name = #function };                                                                        \
  __typeof__ (&function) real;                                                                                         \
  int hit;                                                                                                             \
  if (self.real == NULL)                                                                                               \
    self.real = dlsym (RTLD_NEXT, self.name);                                                                          \
  real = self.real;                                                                                                    \
  hit = enter (&self)

/* Functions of OpenCL that return a status, and those that return an object. */
#define STATUS(function, parameters, arguments)                                                                        \
  EXPORT cl_int function parameters                                                                                    \
  {                                                                                                                    \
    ENTER (function);                                                                                                  \
    return hit ? fault.status : real arguments;                                                                        \
  }
#define OBJECT(type, function, parameters, arguments)                                                                  \
  EXPORT type function parameters                                                                                      \
  {                                                                                                                    \
    ENTER (function);                                                                                                  \
    if (!hit)                                                                                                          \
      return real arguments;                                                                                           \
    if (status != NULL)                                                                                                \
      *status = fault.status;                                                                                          \
    return NULL;                                                                                                       \
  }
/* What gives something back does so, whatever it says. */
#define RELEASE(function, type)                                                                                        \
  EXPORT cl_int function (type object)                                                                                 \
  {                                                                                                                    \
    ENTER (function);                                                                                                  \
    cl_int status = real (object);                                                                                     \
    return hit ? fault.status : status;                                                                                \
  }

STATUS (clGetPlatformIDs, (cl_uint n, cl_platform_id *platforms, cl_uint *ret_n), (n, platforms, ret_n))
STATUS (clGetPlatformInfo, (cl_platform_id platform, cl_platform_info info, size_t size, void *value, size_t *ret_size),
        (platform, info, size, value, ret_size))
STATUS (clGetDeviceIDs, (cl_platform_id platform, cl_device_type type, cl_uint n, cl_device_id *devices, cl_uint *ret_n),
        (platform, type, n, devices, ret_n))
STATUS (clGetDeviceInfo, (cl_device_id device, cl_device_info info, size_t size, void *value, size_t *ret_size),
        (device, info, size, value, ret_size))
OBJECT (cl_context, clCreateContext,
        (const cl_context_properties *properties, cl_uint n, const cl_device_id *devices,
         void (CL_CALLBACK *notify) (const char *, const void *, size_t, void *), void *data, cl_int *status),
        (properties, n, devices, notify, data, status))
OBJECT (cl_command_queue, clCreateCommandQueue,
        (cl_context context, cl_device_id device, cl_command_queue_properties properties, cl_int *status),
        (context, device, properties, status))
OBJECT (cl_mem, clCreateBuffer, (cl_context context, cl_mem_flags flags, size_t size, void *data, cl_int *status),
        (context, flags, size, data, status))
OBJECT (cl_program, clCreateProgramWithSource,
        (cl_context context, cl_uint n, const char **texts, const size_t *lengths, cl_int *status),
        (context, n, texts, lengths, status))
OBJECT (cl_program, clCreateProgramWithBinary,
        (cl_context context, cl_uint n, const cl_device_id *devices, const size_t *lengths,
         const unsigned char **binaries, cl_int *each, cl_int *status),
        (context, n, devices, lengths, binaries, each, status))
STATUS (clBuildProgram,
        (cl_program program, cl_uint n, const cl_device_id *devices, const char *options,
         void (CL_CALLBACK *notify) (cl_program, void *), void *data),
        (program, n, devices, options, notify, data))
STATUS (clGetProgramInfo, (cl_program program, cl_program_info info, size_t size, void *value, size_t *ret_size),
        (program, info, size, value, ret_size))
STATUS (clGetProgramBuildInfo,
        (cl_program program, cl_device_id device, cl_program_build_info info, size_t size, void *value,
         size_t *ret_size),
        (program, device, info, size, value, ret_size))
OBJECT (cl_kernel, clCreateKernel, (cl_program program, const char *name, cl_int *status), (program, name, status))
STATUS (clGetKernelInfo, (cl_kernel kernel, cl_kernel_info info, size_t size, void *value, size_t *ret_size),
        (kernel, info, size, value, ret_size))
STATUS (clGetKernelWorkGroupInfo,
        (cl_kernel kernel, cl_device_id device, cl_kernel_work_group_info info, size_t size, void *value,
         size_t *ret_size),
        (kernel, device, info, size, value, ret_size))
STATUS (clSetKernelArg, (cl_kernel kernel, cl_uint i, size_t size, const void *value), (kernel, i, size, value))
STATUS (clEnqueueNDRangeKernel,
        (cl_command_queue queue, cl_kernel kernel, cl_uint n_dims, const size_t *offset, const size_t *global_size,
         const size_t *local_size, cl_uint n, const cl_event *events, cl_event *event),
        (queue, kernel, n_dims, offset, global_size, local_size, n, events, event))
STATUS (clEnqueueWriteBuffer,
        (cl_command_queue queue, cl_mem buffer, cl_bool blocking, size_t offset, size_t size, const void *data,
         cl_uint n, const cl_event *events, cl_event *event),
        (queue, buffer, blocking, offset, size, data, n, events, event))
STATUS (clEnqueueFillBuffer,
        (cl_command_queue queue, cl_mem buffer, const void *pattern, size_t pattern_size, size_t offset, size_t size,
         cl_uint n, const cl_event *events, cl_event *event),
        (queue, buffer, pattern, pattern_size, offset, size, n, events, event))
STATUS (clFlush, (cl_command_queue queue), (queue))
STATUS (clFinish, (cl_command_queue queue), (queue))
STATUS (clWaitForEvents, (cl_uint n, const cl_event *events), (n, events))
STATUS (clGetEventProfilingInfo, (cl_event event, cl_profiling_info info, size_t size, void *value, size_t *ret_size),
        (event, info, size, value, ret_size))
RELEASE (clReleaseCommandQueue, cl_command_queue)
RELEASE (clReleaseContext, cl_context)
RELEASE (clReleaseEvent, cl_event)
RELEASE (clReleaseKernel, cl_kernel)
RELEASE (clReleaseMemObject, cl_mem)
RELEASE (clReleaseProgram, cl_program)
RELEASE (clRetainProgram, cl_program)

static void
spoil (void *data, size_t size)
{
  static const float nan = NAN;
  unsigned seed = 1;

  if (fault.how == HOW_NAN)
    for (size_t i = 0; i + sizeof nan <= size; i += sizeof nan)
      memcpy ((char *) data + i, &nan, sizeof nan);
  else if (fault.how == HOW_ZERO)
    memset (data, 0, size);
  else
    for (size_t i = 0; i < size; i++)
      ((char *) data)[i] = rand_r (&seed);
}

EXPORT cl_int
clEnqueueReadBuffer (cl_command_queue queue, cl_mem buffer, cl_bool blocking, size_t offset, size_t size, void *data,
                     cl_uint n, const cl_event *events, cl_event *event)
{
  ENTER (clEnqueueReadBuffer);
  cl_int status;

  if (hit && fault.how == HOW_STATUS)
    return fault.status;
  status = real (queue, buffer, hit || blocking, offset, size, data, n, events, event);
  if (hit)
    spoil (data, size);
  return status;
}

EXPORT cl_int
clGetEventInfo (cl_event event, cl_event_info info, size_t size, void *value, size_t *ret_size)
{
  ENTER (clGetEventInfo);
  cl_int status;

  if (hit && fault.how == HOW_STATUS)
    return fault.status;
  status = real (event, info, size, value, ret_size);
  if (hit && info == CL_EVENT_COMMAND_EXECUTION_STATUS)
    *(cl_int *) value = CL_OUT_OF_RESOURCES;
  return status;
}

/* Whether the code there is the program's own or of a library that it calls, and no driver's or C++ library's, which
 * end the process. */
static int
is_own (const void *code)
{
  static const char *const others[] = { "pocl", "LLVM", "clang", "libstdc++", "OpenCL", "hwloc" };
  Dl_info info;

  if (!is_program || dladdr (code, &info) == 0 || info.dli_fname == NULL)
    return 0;
  for (unsigned i = 0; i < sizeof others / sizeof *others; i++)
    if (strstr (info.dli_fname, others[i]) != NULL)
      return 0;
  return 1;
}

/* Functions of the C library on files: -1 and errno. */
#define CALL(type, function, condition, parameters, arguments)                                                         \
  EXPORT type function parameters                                                                                      \
  {                                                                                                                    \
    static void *behind;                                                                                               \
    if (!(condition))                                                                                                  \
      {                                                                                                                \
        if (behind == NULL)                                                                                            \
          behind = dlsym (RTLD_NEXT, #function);                                                                       \
        return ((__typeof__ (&function)) behind) arguments;                                                            \
      }                                                                                                                \
    ENTER (function);                                                                                                  \
    if (hit && fault.how == HOW_STATUS)                                                                                \
      {                                                                                                                \
        errno = fault.status;                                                                                          \
        return -1;                                                                                                     \
      }                                                                                                                \
    type result = real arguments;                                                                                      \
    leave (hit);                                                                                                       \
    return result;                                                                                                     \
  }

static int
is_file (int fd)
{
  struct stat status;
  int before = errno;
  int result = fstat (fd, &status) == 0 && S_ISREG (status.st_mode);

  errno = before;
  return result;
}

CALL (ssize_t, write, is_file (fd), (int fd, const void *data, size_t size), (fd, data, size))
CALL (ssize_t, read, is_file (fd) && is_own (__builtin_return_address (0)), (int fd, void *data, size_t size), (fd, data, size))
CALL (ssize_t, pread64, 1, (int fd, void *data, size_t size, off64_t offset), (fd, data, size, offset))
CALL (int, fsync, 1, (int fd), (fd))
CALL (int, fchmod, 1, (int fd, mode_t mode), (fd, mode))
CALL (int, fchown, 1, (int fd, uid_t user, gid_t group), (fd, user, group))
CALL (int, linkat, 1, (int from, const char *old, int to, const char *new, int flags), (from, old, to, new, flags))
CALL (int, renameat, 1, (int from, const char *old, int to, const char *new), (from, old, to, new))
CALL (int, unlinkat, 1, (int folder, const char *name, int flags), (folder, name, flags))

/* Those that may make a file. */
EXPORT int
openat64 (int folder, const char *name, int flags, ...)
{
  va_list arguments;
  mode_t mode;

  va_start (arguments, flags);
  mode = va_arg (arguments, mode_t);
  va_end (arguments);
  ENTER (openat64);
  if (hit && fault.how == HOW_STATUS)
    {
      errno = fault.status;
      return -1;
    }
  int result = real (folder, name, flags, mode);
  leave (hit);
  return result;
}

extern void *__libc_malloc (size_t size);
extern void *__libc_calloc (size_t n, size_t size);
extern void *__libc_realloc (void *data, size_t size);

static Function allocation = { .name = "malloc" };

static int
fail_allocation (size_t size, const void *code)
{
  if (size < LARGE || !is_own (code) || !enter (&allocation))
    return 0;
  errno = ENOMEM;
  return 1;
}

EXPORT void *
malloc (size_t size)
{
  return fail_allocation (size, __builtin_return_address (0)) ? NULL : __libc_malloc (size);
}

EXPORT void *
calloc (size_t n, size_t size)
{
  return fail_allocation (n * size, __builtin_return_address (0)) ? NULL : __libc_calloc (n, size);
}

EXPORT void *
realloc (void *data, size_t size)
{
  return fail_allocation (size, __builtin_return_address (0)) ? NULL : __libc_realloc (data, size);
}
