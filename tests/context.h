/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <string.h>

#include "engine/cl/device-list.h"
#include "engine/tensor/tensor.h"

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

/* A tensor of values in N, C, H, W order; NULL: undefined. */
static inline LacunaTensor *
context_make_tensor (LacunaContext *context, LacunaShape shape, const float *values)
{
  g_autoptr (GError) error = NULL;
  LacunaTensor *tensor = lacuna_tensor_new (context, shape, &error);

  g_assert_no_error (error);
  if (values != NULL)
    lacuna_tensor_write (tensor, values, &error);
  g_assert_no_error (error);
  return tensor;
}

/* What golden tests are run with: files in tests/tuning, and every family of devices. */
static const char *const context_tunings[] = { "odd", "odd-gpu", "cpu-16", "cpu-8", "cpu-4", "gpu" };
#define CONTEXT_N_ODD 2

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

static inline gboolean
context_is_interpreted (void)
{
  g_autoptr (LacunaDevice) device = lacuna_device_find (NULL, NULL);

  return device != NULL && strstr (lacuna_device_get_name (device), "Oclgrind") != NULL;
}

/* Where kernels are interpreted, a million products of a test take seconds. */
static inline gboolean
context_is_too_slow (guint64 n_products)
{
  return n_products > 1000000 && context_is_interpreted ();
}

/* Adds test once for each of them. Where kernels are interpreted, for the odd ones, with whose sizes most goes wrong;
 * with AddressSanitizer too, which doesn't see into kernels, and what is on the host is the same for all. */
static inline void
context_add_tuned_tests (const char *path, GTestDataFunc test)
{
#ifdef __SANITIZE_ADDRESS__
  guint n_tunings = CONTEXT_N_ODD;
#else
  guint n_tunings = context_is_interpreted () ? CONTEXT_N_ODD : G_N_ELEMENTS (context_tunings);
#endif

  for (guint i = 0; i < n_tunings; i++)
    {
      g_autofree char *full = g_strdup_printf ("%s/%s", path, context_tunings[i]);

      g_test_add_data_func (full, context_tunings[i], test);
    }
}
