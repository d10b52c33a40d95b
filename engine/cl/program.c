/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Builds a program of kernels/ for a context: from the cache on disk where the driver accepts the entry, else from
 * source, and then stores the binary. The key is a hash of all that the binary depends on (Lacuna's version, platform,
 * device, driver, options, source), so that an entry is never stale. The thread that uses the context calls it; build.c
 * runs the driver's compiler on a thread of its own. */
#include "engine/cl/context-private.h"

#include <gio/gio.h>
#include <glib/gi18n-lib.h>
#include <string.h>

#include "engine/cl/device-private.h"
#include "engine/error.h"
#include "kernels/kernels.h"

#define FOLDER "/org/lacuna/kernels/"
/* Without -w PoCL tells standard error how many warnings there were. */
#define OPTIONS "-cl-std=CL1.2 -cl-mad-enable -cl-no-signed-zeros -w"

static gboolean
append_source (GString *source, const char *file, GError **error)
{
  g_autofree char *path = g_strconcat (FOLDER, file, NULL);
  g_autoptr (GError) local_error = NULL;
  g_autoptr (GBytes) text = g_resources_lookup_data (path, G_RESOURCE_LOOKUP_FLAGS_NONE, &local_error);

  if (text == NULL)
    {
      g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_BUILD,
                   _ ("The OpenCL program “%s” is not part of this installation (%s). Install Lacuna anew."), file,
                   local_error->message);
      return FALSE;
    }
  g_string_append_printf (source, "#line 1 \"%s\"\n", file);
  g_string_append_len (source, g_bytes_get_data (text, NULL), g_bytes_get_size (text));
  g_string_append_c (source, '\n');
  return TRUE;
}

/* Appends what all programs share, what those of Winograd share, and the program itself. */
static gboolean
append_sources (GString *source, const char *name, GError **error)
{
  g_autofree char *own = g_strconcat (name, ".cl", NULL);

  return append_source (source, "numbers.h", error) && append_source (source, "common.cl", error)
         && (!g_str_has_prefix (name, "winograd") || append_source (source, "winograd-tiles.cl", error))
         && append_source (source, own, error);
}

/* Returns a hash of everything that the binary depends on (g_free). */
static char *
get_key (LacunaDevice *device, const char *source, const char *options)
{
  const char *parts[] = {
    LACUNA_VERSION,
    lacuna_device_get_platform (device),
    lacuna_device_get_platform_version (device),
    lacuna_device_get_full_name (device),
    lacuna_device_get_driver (device),
    options,
    source,
  };
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);

  for (gsize i = 0; i < G_N_ELEMENTS (parts); i++)
    g_checksum_update (checksum, (const guchar *) parts[i], strlen (parts[i]) + 1);
  return g_strdup (g_checksum_get_string (checksum));
}

/* NULL where there is no entry, the driver refuses it, or (the only error) it was cancelled. */
static cl_program
build_from_cache (LacunaContext *context, const char *name, const char *key, const char *options, GError **error)
{
  cl_device_id device = lacuna_device_get_id (lacuna_context_get_device (context));
  g_autoptr (GBytes) binary = lacuna_binaries_load (key);
  const unsigned char *data;
  cl_program program;
  size_t size;
  cl_int status;

  if (binary == NULL)
    return NULL;
  data = g_bytes_get_data (binary, &size);
  program = clCreateProgramWithBinary (lacuna_context_get_handle (context), 1, &device, &size, &data, NULL, &status);
  if (program != NULL
      && (!lacuna_build_program (context, program, name, options, &status, error) || status != CL_SUCCESS))
    {
      clReleaseProgram (program);
      program = NULL;
    }
  return program;
}

static void
store_in_cache (cl_program program, const char *key)
{
  g_autofree unsigned char *binary = NULL;
  size_t size = 0;

  if (clGetProgramInfo (program, CL_PROGRAM_BINARY_SIZES, sizeof size, &size, NULL) != CL_SUCCESS || size == 0)
    return;
  binary = g_try_malloc (size);
  if (binary != NULL && clGetProgramInfo (program, CL_PROGRAM_BINARIES, sizeof binary, &binary, NULL) == CL_SUCCESS)
    lacuna_binaries_store (key, binary, size);
}

static char *
get_log (cl_program program, cl_device_id device)
{
  g_autofree char *log = NULL;
  size_t size = 0;

  if (clGetProgramBuildInfo (program, device, CL_PROGRAM_BUILD_LOG, 0, NULL, &size) != CL_SUCCESS || size == 0)
    return g_strdup (_ ("the driver gave no log"));
  log = g_malloc0 (size + 1);
  clGetProgramBuildInfo (program, device, CL_PROGRAM_BUILD_LOG, size, log, NULL);
  return g_utf8_make_valid (g_strstrip (log), -1);
}

static cl_program
build_from_source (LacunaContext *context, const char *name, const char *source, const char *options, GError **error)
{
  LacunaDevice *device = lacuna_context_get_device (context);
  cl_device_id id = lacuna_device_get_id (device);
  cl_program program;
  cl_int status;

  program = clCreateProgramWithSource (lacuna_context_get_handle (context), 1, &source, NULL, &status);
  if (program == NULL)
    {
      lacuna_status_set_error (error, context, status, _ ("taking in the program “%s”"), name);
      return NULL;
    }
  if (!lacuna_build_program (context, program, name, options, &status, error))
    {
      clReleaseProgram (program);
      return NULL;
    }
  if (status != CL_SUCCESS)
    {
      g_autofree char *log = get_log (program, id);

      g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_BUILD,
                   _ ("The OpenCL program “%s” did not build for “%s” with “%s” (%s). "
                      "Update the driver or choose another device. The compiler says:\n%s"),
                   name, lacuna_device_get_name (device), options, lacuna_status_get_name (status), log);
      clReleaseProgram (program);
      return NULL;
    }
  return program;
}

cl_program
lacuna_program_build (LacunaContext *context, const char *name, const char *options, GError **error)
{
  g_autofree char *all_options = g_strjoin (" ", OPTIONS, options, NULL);
  g_autoptr (GString) source = g_string_new (NULL);
  g_autofree char *key = NULL;
  g_autoptr (GError) problem = NULL;
  cl_program program;

  /* This call links the resource in: nothing else in a static library would. */
  lacuna_kernels_get_resource ();
  if (!append_sources (source, name, error))
    return NULL;

  key = get_key (lacuna_context_get_device (context), source->str, all_options);
  program = build_from_cache (context, name, key, all_options, &problem);
  if (problem != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&problem));
      return NULL;
    }
  if (program == NULL)
    {
      program = build_from_source (context, name, source->str, all_options, error);
      if (program != NULL)
        store_in_cache (program, key);
    }
  return program;
}
