/* SPDX-License-Identifier: GPL-3.0-or-later */
/* lacuna-probe [PLATFORM…]: asks the OpenCL drivers for their devices, but for those of the platforms named. Before it
 * asks a platform it prints its name, a line each. What a driver prints goes to standard error. */
#include <CL/cl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int
is_among (const char *name, char **names, int n)
{
  for (int i = 0; i < n; i++)
    if (strcmp (names[i], name) == 0)
      return 1;
  return 0;
}

static void
ask (FILE *report, cl_platform_id platform, char **skipped, int n_skipped)
{
  char name[1024] = "";
  cl_uint n = 0;

  clGetPlatformInfo (platform, CL_PLATFORM_NAME, sizeof name - 1, name, NULL);
  if (is_among (name, skipped, n_skipped))
    return;
  fprintf (report, "%s\n", name);
  fflush (report);
  clGetDeviceIDs (platform, CL_DEVICE_TYPE_ALL, 0, NULL, &n);
}

int
main (int argc, char **argv)
{
  FILE *report = fdopen (dup (STDOUT_FILENO), "w");
  cl_platform_id platforms[64];
  cl_uint n = 0;

  if (report == NULL || dup2 (STDERR_FILENO, STDOUT_FILENO) < 0)
    return EXIT_FAILURE;
  if (clGetPlatformIDs (64, platforms, &n) != CL_SUCCESS)
    n = 0;
  for (cl_uint i = 0; i < n && i < 64; i++)
    ask (report, platforms[i], argv + 1, argc - 1);
  /* No driver's exit handlers: what they do at the end is not asked. */
  fflush (report);
  _exit (EXIT_SUCCESS);
}
