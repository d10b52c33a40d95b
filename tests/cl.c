/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tests devices, buffers, kernels and the cache of programs, with the kernels of tests/cl.cl. The oracle is what
 * these kernels compute by definition, and the errors that wrong arguments, lack of memory and broken programs have
 * to give. */
#include <glib/gstdio.h>
#include <string.h>

#include "engine/cl/device-limits.h"
#include "engine/cl/device-list.h"
#include "engine/cl/kernel.h"
#include "engine/error.h"

static LacunaContext *
open_context (guint64 memory_limit)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (LacunaDevice) device = lacuna_device_find (NULL, &error);
  LacunaContext *context;

  g_assert_no_error (error);
  context = lacuna_context_new (device, memory_limit, &error);
  g_assert_no_error (error);
  return context;
}

static LacunaBuffer *
new_buffer (LacunaContext *context, gsize n_bytes)
{
  g_autoptr (GError) error = NULL;
  LacunaBuffer *buffer = lacuna_buffer_new (context, n_bytes, &error);

  g_assert_no_error (error);
  return buffer;
}

/* All of one program, as Valgrind makes its compiler slow. */
static LacunaKernel *
new_kernel (LacunaContext *context, const char *entry)
{
  g_autoptr (GError) error = NULL;
  LacunaKernel *kernel = lacuna_kernel_new (context, "test", entry, "-DSCALE=3.0f", &error);

  g_assert_no_error (error);
  return kernel;
}

static void
test_device_list (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) devices = lacuna_device_list (&error);

  g_assert_no_error (error);
  g_assert_cmpuint (devices->len, >, 0);
  for (guint i = 0; i < devices->len; i++)
    {
      LacunaDevice *device = devices->pdata[i];
      g_autoptr (LacunaDevice) found = lacuna_device_find (lacuna_device_get_name (device), &error);

      g_assert_no_error (error);
      g_assert_cmpstr (lacuna_device_get_name (found), ==, lacuna_device_get_name (device));
      g_assert_cmpstr (lacuna_device_get_name (device), !=, "");
      g_assert_cmpstr (lacuna_device_get_platform (device), !=, "");
      g_assert_cmpuint (lacuna_device_get_lanes (device), >=, 1);
      g_assert_cmpuint (lacuna_device_get_lanes (device), <=, 16);
      g_assert_cmpuint (lacuna_device_get_memory (device), >, 0);
    }
}

static void
test_device_by_part (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) devices = lacuna_device_list (&error);
  g_autoptr (LacunaDevice) automatic = lacuna_device_find (NULL, &error);
  g_autoptr (LacunaDevice) found = NULL;
  g_autofree char *part = NULL;

  g_assert_no_error (error);
  g_assert_cmpstr (lacuna_device_get_name (automatic), ==, lacuna_device_get_name (devices->pdata[0]));
  if (devices->len > 1)
    {
      g_test_skip ("a part of a name may fit several devices");
      return;
    }
  part = g_utf8_strup (lacuna_device_get_name (automatic) + 1, -1);
  found = lacuna_device_find (part, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (lacuna_device_get_name (found), ==, lacuna_device_get_name (automatic));
}

static void
test_device_unknown (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (LacunaDevice) automatic = lacuna_device_find (NULL, NULL);
  g_autoptr (LacunaDevice) device = lacuna_device_find ("no such thing", &error);

  g_assert_error (error, LACUNA_ERROR, LACUNA_ERROR_NO_DEVICE);
  g_assert_null (device);
  g_assert_nonnull (strstr (error->message, "no such thing"));
  g_assert_nonnull (strstr (error->message, lacuna_device_get_name (automatic)));
}

static void
test_device_none (void)
{
  if (g_test_subprocess ())
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (lacuna_device_list (&error));
      g_assert_error (error, LACUNA_ERROR, LACUNA_ERROR_NO_DEVICE);
      g_printerr ("%s\n", error->message);
      return;
    }

  g_autoptr (LacunaDevice) device = lacuna_device_find (NULL, NULL);

  if (strcmp (lacuna_device_get_platform (device), "Oclgrind") == 0)
    {
      g_test_skip ("Oclgrind stands in for the loader");
      return;
    }

  g_autofree char *folder = g_dir_make_tmp ("lacuna-vendors-XXXXXX", NULL);
  g_autofree char *vendors = g_strconcat (folder, G_DIR_SEPARATOR_S, NULL);

  g_setenv ("OCL_ICD_VENDORS", vendors, TRUE);
  g_test_trap_subprocess (NULL, 0, 0);
  g_unsetenv ("OCL_ICD_VENDORS");
  g_rmdir (folder);
  g_test_trap_assert_passed ();
  g_test_trap_assert_stderr ("*no OpenCL driver*pocl-opencl-icd*");
}

static void
test_buffer (void)
{
  g_autoptr (LacunaContext) context = open_context (0);
  g_autoptr (GError) error = NULL;
  g_autoptr (LacunaBuffer) buffer = new_buffer (context, 64);
  const guint8 data[] = { 1, 2, 3, 4, 5, 6, 7 };
  guint8 copy[5] = { 0 };

  g_assert_cmpuint (lacuna_buffer_get_size (buffer), ==, 64);
  g_assert_cmpuint (lacuna_context_get_memory_used (context), ==, 64);
  lacuna_buffer_write (buffer, 57, data, sizeof data, &error);
  g_assert_no_error (error);
  lacuna_buffer_read (buffer, 58, copy, sizeof copy, &error);
  g_assert_no_error (error);
  g_assert_cmpmem (copy, sizeof copy, data + 1, sizeof copy);

  g_assert_false (lacuna_buffer_read (buffer, 60, copy, sizeof copy, &error));
  g_assert_error (error, LACUNA_ERROR, LACUNA_ERROR_UNFIT);

  g_clear_pointer (&buffer, lacuna_buffer_unref);
  g_assert_cmpuint (lacuna_context_get_memory_used (context), ==, 0);
  g_assert_cmpuint (lacuna_context_get_memory_peak (context), ==, 64);
}

static void
test_buffer_limit (void)
{
  g_autoptr (LacunaContext) context = open_context (1000);
  g_autoptr (GError) error = NULL;
  g_autoptr (LacunaBuffer) first = new_buffer (context, 600);
  g_autoptr (LacunaBuffer) second = lacuna_buffer_new (context, 401, &error);

  g_assert_error (error, LACUNA_ERROR, LACUNA_ERROR_MEMORY);
  g_assert_null (second);
  g_assert_cmpuint (lacuna_context_get_memory_used (context), ==, 600);
  g_clear_error (&error);
  second = new_buffer (context, 400);

  g_assert_null (lacuna_buffer_new (context, G_MAXSIZE, &error));
  g_assert_error (error, LACUNA_ERROR, LACUNA_ERROR_MEMORY);
}

static void
test_kernel_numbers (void)
{
  enum { N = 250 };
  g_autoptr (LacunaContext) context = open_context (0);
  g_autoptr (LacunaKernel) kernel = new_kernel (context, "scale");
  g_autoptr (LacunaBuffer) in = new_buffer (context, N * sizeof (float));
  g_autoptr (LacunaBuffer) out = new_buffer (context, N * sizeof (float));
  g_autoptr (GError) error = NULL;
  float values[N];

  for (int i = 0; i < N; i++)
    values[i] = i;
  lacuna_buffer_write (in, 0, values, sizeof values, &error);
  g_assert_no_error (error);
  /* More launches than may be in flight, each on what the one before left. */
  for (int i = 0; i < 5; i++)
    {
      lacuna_kernel_launch (kernel, N, 1, 1, &error, LACUNA_BUFFER_ARG (in), LACUNA_BUFFER_ARG (out),
                            LACUNA_INT_ARG (N), LACUNA_FLOAT_ARG (1));
      g_assert_no_error (error);
      lacuna_kernel_launch (kernel, N, 1, 1, &error, LACUNA_BUFFER_ARG (out), LACUNA_BUFFER_ARG (in),
                            LACUNA_INT_ARG (N), LACUNA_FLOAT_ARG (-3));
      g_assert_no_error (error);
    }
  g_clear_pointer (&out, lacuna_buffer_unref);
  lacuna_buffer_read (in, 0, values, sizeof values, &error);
  g_assert_no_error (error);
  for (int i = 0; i < N; i++)
    g_assert_cmpfloat (values[i], ==, 59049.0f * i);
}

static void
test_kernel_groups (void)
{
  g_autoptr (LacunaContext) context = open_context (0);
  g_autoptr (LacunaKernel) kernel = new_kernel (context, "index_groups");
  g_autoptr (GError) error = NULL;
  gint32 values[3][4][8];
  g_autoptr (LacunaBuffer) out = new_buffer (context, sizeof values);

  lacuna_kernel_launch (kernel, 2, 2, 3, &error, LACUNA_BUFFER_ARG (out));
  g_assert_no_error (error);
  lacuna_buffer_read (out, 0, values, sizeof values, &error);
  g_assert_no_error (error);
  for (int z = 0; z < 3; z++)
    for (int y = 0; y < 4; y++)
      for (int x = 0; x < 8; x++)
        g_assert_cmpint (values[z][y][x], ==, x % 4 + 10 * (y % 2) + 100 * (x / 4) + 1000 * (y / 2) + 10000 * z);
}

static void
test_kernel_arguments (void)
{
  g_autoptr (LacunaContext) context = open_context (0);
  g_autoptr (LacunaKernel) kernel = new_kernel (context, "index_groups");
  g_autoptr (LacunaBuffer) buffer = new_buffer (context, 4);
  g_autoptr (GError) error = NULL;

  g_assert_false (lacuna_kernel_launch (kernel, 1, 1, 1, &error, LACUNA_BUFFER_ARG (buffer), LACUNA_INT_ARG (1)));
  g_assert_error (error, LACUNA_ERROR, LACUNA_ERROR_BUILD);
  g_assert_nonnull (strstr (error->message, "test/index_groups takes 1 arguments, but 2"));
  g_clear_error (&error);

  g_assert_false (lacuna_kernel_launch (kernel, 1, 1, 1, &error, LACUNA_INT_ARG (1)));
  g_assert_error (error, LACUNA_ERROR, LACUNA_ERROR_DEVICE);
  g_assert_nonnull (strstr (error->message, "CL_INVALID_ARG_SIZE"));
}

static void
test_kernel_cancel (void)
{
  g_autoptr (LacunaContext) context = open_context (0);
  g_autoptr (LacunaKernel) kernel = new_kernel (context, "index_groups");
  g_autoptr (LacunaBuffer) buffer = new_buffer (context, 8 * sizeof (gint32));
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  lacuna_context_set_cancellable (context, cancellable);
  lacuna_kernel_launch (kernel, 1, 1, 1, &error, LACUNA_BUFFER_ARG (buffer));
  g_assert_no_error (error);
  g_cancellable_cancel (cancellable);
  g_assert_false (lacuna_kernel_launch (kernel, 1, 1, 1, &error, LACUNA_BUFFER_ARG (buffer)));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);
  g_assert_null (lacuna_kernel_new (context, "test", "index_groups", NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);

  lacuna_context_set_cancellable (context, NULL);
  lacuna_kernel_launch (kernel, 1, 1, 1, &error, LACUNA_BUFFER_ARG (buffer));
  g_assert_no_error (error);
  lacuna_context_finish (context, &error);
  g_assert_no_error (error);
}

static void
test_kernel_profile (void)
{
  g_autoptr (LacunaContext) context = open_context (0);
  g_autoptr (LacunaKernel) kernel = new_kernel (context, "index_groups");
  g_autoptr (LacunaBuffer) buffer = new_buffer (context, 8 * sizeof (gint32));
  g_autoptr (GError) error = NULL;
  g_autoptr (GArray) profile = NULL;
  g_autoptr (GArray) empty = NULL;
  const LacunaProfileRow *row;

  lacuna_context_set_profiling (context, TRUE);
  for (int i = 0; i < 7; i++)
    {
      lacuna_kernel_launch (kernel, 1, 1, 1, &error, LACUNA_BUFFER_ARG (buffer));
      g_assert_no_error (error);
    }
  profile = lacuna_context_take_profile (context, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (profile->len, ==, 1);
  row = &g_array_index (profile, LacunaProfileRow, 0);
  g_assert_cmpstr (row->kernel, ==, "test/index_groups");
  g_assert_cmpuint (row->launches, ==, 7);
  g_assert_cmpfloat (row->seconds, >, 0);
  empty = lacuna_context_take_profile (context, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (empty->len, ==, 0);
}

static void
test_program_errors (void)
{
  g_autoptr (LacunaContext) context = open_context (0);
  g_autoptr (GError) error = NULL;

  g_assert_null (lacuna_kernel_new (context, "test-broken", "broken", NULL, &error));
  g_assert_error (error, LACUNA_ERROR, LACUNA_ERROR_BUILD);
  g_assert_nonnull (strstr (error->message, "undeclared_thing"));
  g_clear_error (&error);

  g_assert_null (lacuna_kernel_new (context, "test-missing", "missing", NULL, &error));
  g_assert_error (error, LACUNA_ERROR, LACUNA_ERROR_BUILD);
  g_assert_nonnull (strstr (error->message, "test-missing"));
  g_clear_error (&error);

  g_assert_null (lacuna_kernel_new (context, "test", "missing", "-DSCALE=3.0f", &error));
  g_assert_error (error, LACUNA_ERROR, LACUNA_ERROR_BUILD);
  g_assert_nonnull (strstr (error->message, "CL_INVALID_KERNEL_NAME"));
}

static void
run_cached (void)
{
  g_autoptr (LacunaContext) context = open_context (0);
  g_autoptr (LacunaKernel) kernel = new_kernel (context, "scale");
  g_autoptr (LacunaBuffer) in = new_buffer (context, sizeof (float));
  g_autoptr (LacunaBuffer) out = new_buffer (context, sizeof (float));
  g_autoptr (GError) error = NULL;
  float value = 3.0f;

  lacuna_buffer_write (in, 0, &value, sizeof value, &error);
  g_assert_no_error (error);
  lacuna_kernel_launch (kernel, 1, 1, 1, &error, LACUNA_BUFFER_ARG (in), LACUNA_BUFFER_ARG (out), LACUNA_INT_ARG (1),
                        LACUNA_FLOAT_ARG (2));
  g_assert_no_error (error);
  lacuna_buffer_read (out, 0, &value, sizeof value, &error);
  g_assert_no_error (error);
  g_assert_cmpfloat (value, ==, 11.0f);
}

static char *
get_only_entry (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  g_assert_nonnull (dir);
  name = g_dir_read_name (dir);
  g_assert_nonnull (name);
  g_assert_null (g_dir_read_name (dir));
  return g_build_filename (folder, name, NULL);
}

static guint64
get_inode (const char *path)
{
  GStatBuf info;

  g_assert_no_errno (g_stat (path, &info));
  return info.st_ino;
}

static void
clear_cache (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      g_assert_no_errno (g_unlink (path));
    }
}

/* A run makes the entry whole again: it writes a new file, and the next run is
 * content with that. */
static void
assert_replaced (const char *path, const char *content, gsize length)
{
  g_autoptr (GError) error = NULL;
  guint64 spoiled;
  guint64 replaced;

  g_file_set_contents (path, content, length, &error);
  g_assert_no_error (error);
  spoiled = get_inode (path);
  run_cached ();
  replaced = get_inode (path);
  g_assert_cmpuint (replaced, !=, spoiled);
  run_cached ();
  g_assert_cmpuint (get_inode (path), ==, replaced);
}

static void
test_program_cache (void)
{
  g_autofree char *folder = g_build_filename (g_get_user_cache_dir (), "lacuna", "programs", NULL);
  g_autoptr (GError) error = NULL;
  g_autofree char *path = NULL;
  g_autofree char *whole = NULL;
  g_autofree char *spoiled = NULL;
  gsize length;
  guint64 inode;

  clear_cache (folder);
  run_cached ();
  path = get_only_entry (folder);
  inode = get_inode (path);
  run_cached ();
  g_assert_cmpuint (get_inode (path), ==, inode);

  g_file_get_contents (path, &whole, &length, &error);
  g_assert_no_error (error);
  spoiled = g_memdup2 (whole, length);
  spoiled[length / 2] ^= 1;
  assert_replaced (path, whole, length / 2);
  assert_replaced (path, "garbage", 7);
  assert_replaced (path, spoiled, length);
}

static void
test_program_cache_unwritable (void)
{
  g_autofree char *cache = g_build_filename (g_get_user_cache_dir (), "lacuna", NULL);
  g_autofree char *folder = g_build_filename (cache, "programs", NULL);
  g_autofree char *aside = g_strconcat (folder, "-aside", NULL);
  g_autoptr (GError) error = NULL;

  g_mkdir_with_parents (folder, 0700);
  g_assert_no_errno (g_rename (folder, aside));
  g_file_set_contents (folder, "a file where the folder should be", -1, &error);
  g_assert_no_error (error);
  run_cached ();
  g_assert_no_errno (g_unlink (folder));
  g_assert_no_errno (g_rename (aside, folder));
}

int
main (int argc, char *argv[])
{
  g_autofree char *cache = g_dir_make_tmp ("lacuna-cache-XXXXXX", NULL);
  g_autofree char *folder = g_build_filename (cache, "lacuna", "programs", NULL);
  g_autofree char *parent = g_path_get_dirname (folder);
  int status;

  /* One for all cases, so that the program is built once. */
  g_setenv ("XDG_CACHE_HOME", cache, TRUE);
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_func ("/cl/device/list", test_device_list);
  g_test_add_func ("/cl/device/by-part", test_device_by_part);
  g_test_add_func ("/cl/device/unknown", test_device_unknown);
  g_test_add_func ("/cl/device/none", test_device_none);
  g_test_add_func ("/cl/buffer/copies", test_buffer);
  g_test_add_func ("/cl/buffer/limit", test_buffer_limit);
  g_test_add_func ("/cl/kernel/numbers", test_kernel_numbers);
  g_test_add_func ("/cl/kernel/groups", test_kernel_groups);
  g_test_add_func ("/cl/kernel/arguments", test_kernel_arguments);
  g_test_add_func ("/cl/kernel/cancel", test_kernel_cancel);
  g_test_add_func ("/cl/kernel/profile", test_kernel_profile);
  g_test_add_func ("/cl/program/errors", test_program_errors);
  g_test_add_func ("/cl/program/cache", test_program_cache);
  g_test_add_func ("/cl/program/cache-unwritable", test_program_cache_unwritable);
  status = g_test_run ();

  clear_cache (folder);
  g_rmdir (folder);
  g_rmdir (parent);
  g_rmdir (cache);
  return status;
}
