/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tests the tuning of kernels: families, damaged files, and what is kept for a device. The oracle is the values that
 * were written, and the message that has to name each mistake. */
#include "engine/cl/tuning.h"

#include <glib/gstdio.h>

#include "engine/cl/context.h"
#include "engine/cl/device-list.h"
#include "engine/error.h"

static LacunaDevice *
find_device (void)
{
  g_autoptr (GError) error = NULL;
  LacunaDevice *device = lacuna_device_find (NULL, &error);

  g_assert_no_error (error);
  return device;
}

static void
write_file (const char *text)
{
  g_autofree char *path = lacuna_tuning_get_path ();
  g_autofree char *folder = g_path_get_dirname (path);

  g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
  g_assert_true (g_file_set_contents (path, text, -1, NULL));
}

/* Every family is there, and uses all that its kernels take. */
static void
test_families (void)
{
  static const char *const families[] = { "cpu-4", "cpu-8", "cpu-16", "gpu" };
  LacunaTuning tuning;

  for (guint i = 0; i < G_N_ELEMENTS (families); i++)
    {
      g_assert_true (lacuna_tuning_init (&tuning, families[i]));
      g_assert_cmpint (tuning.kernels, ==, i == 3 ? LACUNA_KERNELS_GPU : LACUNA_KERNELS_CPU);
      g_assert_cmpuint (tuning.lanes, ==, i == 3 ? 4 : 4 << i);
      g_assert_cmpuint (tuning.pixels * tuning.vectors, >, 1);
    }
  g_assert_false (lacuna_tuning_init (&tuning, "abacus"));
}

/* Nothing of a file that has one mistake is used; a context can't be opened then, and the message tells which. */
static void
test_refused (void)
{
  static const char *const mistakes[] = {
    "pixels=0",    "pixels=33",   "pixels=-4",  "pixels=4.5",     "pixels=",
    "pixels=lots", "lanes=12",    "lanes=32",   "transfer-keys=18446744073709551617",
    "depth=0x10",  "kernels=fpga", "family=abacus", "pixles=4",
  };
  g_autoptr (LacunaDevice) device = find_device ();

  for (guint i = 0; i < G_N_ELEMENTS (mistakes); i++)
    {
      g_autofree char *text = g_strdup_printf ("[%s]\nvectors=1\n%s\n", lacuna_device_get_name (device), mistakes[i]);
      g_autofree char *path = lacuna_tuning_get_path ();
      g_autoptr (GError) error = NULL;

      write_file (text);
      g_assert_null (lacuna_context_new (device, 0, &error));
      g_assert_error (error, LACUNA_ERROR, LACUNA_ERROR_FORMAT);
      g_assert_nonnull (strstr (error->message, mistakes[i]));
      g_assert_nonnull (strstr (error->message, path));
    }
}

static void
test_damaged (void)
{
  static const char *const texts[] = { "vectors=1\n", "[unfinished\n", "\xff\xfe\x01", "[a]\nno value\n" };
  g_autoptr (LacunaDevice) device = find_device ();

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GError) error = NULL;
      LacunaTuning tuning;

      write_file (texts[i]);
      g_assert_false (lacuna_tuning_load (&tuning, device, &error));
      g_assert_error (error, LACUNA_ERROR, LACUNA_ERROR_FORMAT);
      g_assert_true (lacuna_tuning_init (&tuning, "cpu-8"));
      g_assert_true (lacuna_tuning_save (&tuning, device, NULL));
      g_assert_true (lacuna_tuning_load (&tuning, device, NULL));
      g_assert_cmpuint (tuning.lanes, ==, 8);
    }
}

/* What is kept for a device comes back, and what is there for others stays; without it the family's counts. */
static void
test_kept (void)
{
  g_autoptr (LacunaDevice) device = find_device ();
  g_autofree char *path = lacuna_tuning_get_path ();
  g_autofree char *content = NULL;
  LacunaTuning family, tuning, loaded;

  g_unlink (path);
  g_assert_true (lacuna_tuning_init (&family, lacuna_tuning_get_family (device)));
  g_assert_true (lacuna_tuning_load (&loaded, device, NULL));
  g_assert_cmpmem (&loaded, sizeof loaded, &family, sizeof family);

  write_file ("[Another device]\npixels=3\n");
  tuning = family;
  tuning.pixels = 7;
  tuning.depth = 5;
  g_assert_true (lacuna_tuning_save (&tuning, device, NULL));
  g_assert_true (lacuna_tuning_load (&loaded, device, NULL));
  g_assert_cmpmem (&loaded, sizeof loaded, &tuning, sizeof tuning);
  g_assert_true (g_file_get_contents (path, &content, NULL, NULL));
  g_assert_nonnull (strstr (content, "[Another device]\npixels=3\n"));
}

/* What was kept under the name that an older driver gave the device is found, and moves to the lasting one. */
static void
test_upgraded (void)
{
  static const char *const former[] = { "pthread-skylake-avx512-%s", "cpu-znver4-%s", "%s" };
  g_autoptr (LacunaDevice) device = find_device ();
  g_autofree char *path = lacuna_tuning_get_path ();

  for (guint i = 0; i < G_N_ELEMENTS (former); i++)
    {
      g_autoptr (GString) text = g_string_new ("[");
      g_autofree char *content = NULL;
      LacunaTuning tuning;

      g_string_append (text, former[i]);
      g_string_append (text, "]\npixels=7\n");
      g_string_replace (text, "%s", lacuna_device_get_name (device), 0);
      write_file (text->str);
      g_assert_true (lacuna_tuning_load (&tuning, device, NULL));
      g_assert_cmpuint (tuning.pixels, ==, 7);
      g_assert_true (lacuna_tuning_save (&tuning, device, NULL));
      g_assert_true (lacuna_tuning_load (&tuning, device, NULL));
      g_assert_cmpuint (tuning.pixels, ==, 7);
      g_assert_true (g_file_get_contents (path, &content, NULL, NULL));
      g_assert_null (strstr (content, text->str));
      g_assert_nonnull (strstr (content, lacuna_device_get_platform (device)));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_func ("/tuning/families", test_families);
  g_test_add_func ("/tuning/refused", test_refused);
  g_test_add_func ("/tuning/damaged", test_damaged);
  g_test_add_func ("/tuning/kept", test_kept);
  g_test_add_func ("/tuning/upgraded", test_upgraded);
  return g_test_run ();
}
