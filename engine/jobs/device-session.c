/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/jobs/device-session.h"

#include "engine/cl/device-limits.h"
#include "engine/cl/self-test.h"
#include "engine/error.h"

struct _LacunaDeviceSession {
  char   *device_name;
  guint64 memory_limit;

  LacunaDevice  *device; /* in use; NULL: to be chosen */
  LacunaContext *context;
};

LacunaDeviceSession *
lacuna_device_session_new (const char *device, guint64 memory_limit)
{
  LacunaDeviceSession *self = g_new0 (LacunaDeviceSession, 1);

  self->device_name = g_strdup (device);
  self->memory_limit = memory_limit;
  return self;
}

void
lacuna_device_session_close (LacunaDeviceSession *self)
{
  g_clear_object (&self->context);
  g_clear_object (&self->device);
}

void
lacuna_device_session_free (LacunaDeviceSession *self)
{
  if (self == NULL)
    return;
  lacuna_device_session_close (self);
  g_free (self->device_name);
  g_free (self);
}

LacunaContext *
lacuna_device_session_open (LacunaDeviceSession *self, GCancellable *cancellable, GError **error)
{
  if (self->device == NULL && (self->device = lacuna_self_test_find (self->device_name, cancellable, error)) == NULL)
    return NULL;
  if (self->context == NULL)
    self->context = lacuna_context_new (self->device, self->memory_limit, error);
  return self->context;
}

LacunaDevice *
lacuna_device_session_get_device (LacunaDeviceSession *self)
{
  return self->device;
}

LacunaContext *
lacuna_device_session_get_context (LacunaDeviceSession *self)
{
  return self->context;
}

gboolean
lacuna_device_session_may_pass (const GError *problem)
{
  return g_error_matches (problem, LACUNA_ERROR, LACUNA_ERROR_DEVICE)
         || g_error_matches (problem, LACUNA_ERROR, LACUNA_ERROR_NOT_FINITE)
         || g_error_matches (problem, LACUNA_ERROR, LACUNA_ERROR_MEMORY);
}

gboolean
lacuna_device_session_change (LacunaDeviceSession *self, GCancellable *cancellable, const GError *problem)
{
  g_autoptr (LacunaDevice) other = self->device != NULL ? lacuna_self_test_find_next (self->device, cancellable) : NULL;
  gboolean is_other = other != NULL && !lacuna_device_is_same (other, self->device);
  gboolean may_try = is_other || (other != NULL && lacuna_device_session_may_pass (problem));

  /* The device stays open where it is the same and memory is short: with another context there would be no more of
   * it. */
  if (may_try && !is_other && g_error_matches (problem, LACUNA_ERROR, LACUNA_ERROR_MEMORY))
    return TRUE;
  lacuna_device_session_close (self);
  if (may_try)
    self->device = g_steal_pointer (&other);
  return may_try;
}
