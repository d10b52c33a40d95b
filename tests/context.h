#pragma once

#include "engine/cl/context.h"

/* A context on the device that an automatic choice takes. */
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
