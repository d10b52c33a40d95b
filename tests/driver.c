/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An OpenCL driver for tests of how devices are found: one platform with one device, and nothing that computes. What it
 * does is told by LACUNA_TEST_DRIVER: "abort" and "hang" when it is asked for its devices, else the device's name. */
#define CL_TARGET_OPENCL_VERSION 120
#include <CL/cl_icd.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static cl_icd_dispatch dispatch;

struct _cl_platform_id
{
  cl_icd_dispatch *dispatch;
};
struct _cl_device_id
{
  cl_icd_dispatch *dispatch;
};

static struct _cl_platform_id platform = { &dispatch };
static struct _cl_device_id device = { &dispatch };

static const char *
get_behaviour (void)
{
  const char *behaviour = getenv ("LACUNA_TEST_DRIVER");

  return behaviour != NULL ? behaviour : "";
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
  static const char words[] = "Not enough memory to run on this device.\n";

  if (strcmp (get_behaviour (), "abort") == 0)
    {
      if (write (STDERR_FILENO, words, sizeof words - 1) < 0)
        exit (EXIT_FAILURE);
      abort ();
    }
  if (strcmp (get_behaviour (), "hang") == 0)
    pause ();
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

__attribute__ ((visibility ("default"))) CL_API_ENTRY void *CL_API_CALL
clGetExtensionFunctionAddress (const char *name)
{
  dispatch.clGetPlatformIDs = get_platform_ids;
  dispatch.clGetPlatformInfo = get_platform_info;
  dispatch.clGetDeviceIDs = get_device_ids;
  dispatch.clGetDeviceInfo = get_device_info;
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
