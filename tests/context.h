#pragma once

#include "engine/cl/context.h"

/* A context on the device that an automatic choice takes, with its own tuning. */
static inline LacunaContext *
context_open (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (LacunaDevice) device = lacuna_device_find (NULL, &error);
  LacunaContext *context;

  g_assert_no_error (error);
  context = lacuna_context_new (device, 0, &error);
  g_assert_no_error (error);
  return context;
}

/* What golden tests are run with: every family of devices, and files in tests/tuning. */
static const char *const context_tunings[] = { "cpu-16", "cpu-8", "cpu-4", "gpu", "odd", "odd-gpu" };

static inline LacunaContext *
context_open_tuned (const char *name)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (LacunaDevice) device = lacuna_device_find (NULL, &error);
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autofree char *base = g_strconcat (name, ".ini", NULL);
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "tuning", base, NULL);
  LacunaTuning tuning;
  LacunaContext *context;

  g_assert_no_error (error);
  if (!lacuna_tuning_init (&tuning, name))
    {
      g_key_file_load_from_file (file, path, G_KEY_FILE_NONE, &error);
      g_assert_no_error (error);
      lacuna_tuning_read (&tuning, device, file, "device", path, &error);
      g_assert_no_error (error);
    }
  context = lacuna_context_new_tuned (device, 0, &tuning, &error);
  g_assert_no_error (error);
  return context;
}

/* Adds test once for each of them. */
static inline void
context_add_tuned_tests (const char *path, GTestDataFunc test)
{
  for (guint i = 0; i < G_N_ELEMENTS (context_tunings); i++)
    {
      g_autofree char *full = g_strdup_printf ("%s/%s", path, context_tunings[i]);

      g_test_add_data_func (full, context_tunings[i], test);
    }
}
