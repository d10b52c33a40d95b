/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/cl/self-test.h"

#include <string.h>
#include <unistd.h>

#include "engine/cl/verdict.h"
#include "engine/error.h"

/* By a script in place of the program that tries devices. */
static LacunaDevice *
find_by (const char *script, GCancellable *cancellable, GError **error)
{
  g_autofree char *folder = g_dir_make_tmp ("lacuna-XXXXXX", NULL);
  g_autofree char *program = g_build_filename (folder, "lacuna-self-test", NULL);
  LacunaDevice *device;

  g_assert_true (g_file_set_contents_full (program, script, -1, G_FILE_SET_CONTENTS_NONE, 0700, NULL));
  g_setenv ("LACUNA_LIBEXEC", folder, TRUE);
  device = lacuna_self_test_find (NULL, cancellable, error);
  unlink (program);
  rmdir (folder);
  return device;
}

/* What is no fault of the device's is not held against it. */
static void
test_undecided (void)
{
  static const char *const scripts[] = { "#!/bin/sh\nexit 127\n", "#!/bin/sh\nkill -s SEGV $$\n",
                                         "#!/bin/sh\necho step\nexit 2\n", "#!/bin/sh\necho step\nkill -s KILL $$\n" };

  for (guint i = 0; i < G_N_ELEMENTS (scripts); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (LacunaDevice) device = find_by (scripts[i], NULL, &error);

      g_assert_no_error (error);
      g_assert_cmpint (lacuna_verdict_load (device, NULL), ==, LACUNA_VERDICT_NONE);
    }
}

static gpointer
cancel (gpointer cancellable)
{
  g_usleep (G_USEC_PER_SEC / 10);
  g_cancellable_cancel (cancellable);
  return NULL;
}

static void
test_cancel (void)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  GThread *thread = g_thread_new ("cancel", cancel, cancellable);

  g_assert_null (find_by ("#!/bin/sh\necho step\nexec sleep 1000\n", cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_thread_join (thread);
}

/* The only devices there are hang, one after the other. */
static void
test_hangs (void)
{
  g_autoptr (GError) error = NULL;

  lacuna_self_test_limit_patience (1);
  g_assert_null (find_by ("#!/bin/sh\necho step\nexec sleep 1000\n", NULL, &error));
  g_assert_error (error, LACUNA_ERROR, LACUNA_ERROR_NO_DEVICE);
  g_assert_nonnull (strstr (error->message, "is set aside, because its driver ("));
  g_assert_nonnull (strstr (error->message, "it did not answer within 1 seconds. Update"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_func ("/self-test/undecided", test_undecided);
  g_test_add_func ("/self-test/cancel", test_cancel);
  g_test_add_func ("/self-test/hangs", test_hangs);
  return g_test_run ();
}
