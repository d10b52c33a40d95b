/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/ops/peak.h"

#include "engine/cl/device-limits.h"
#include "engine/cl/kernel.h"

#define ROUNDS 7
#define LEAST_SECONDS 0.02     /* of a round */
#define COPY_BYTES (128 << 20) /* larger than caches */
#define COPY_GROUP_BYTES (256 << 10)

typedef struct {
  LacunaContext *context;
  LacunaKernel  *kernel;
  LacunaBuffer  *from, *to;
  guint          lanes, items, p, ob;
} Probe;

static void
probe_clear (Probe *self)
{
  g_clear_pointer (&self->kernel, lacuna_kernel_unref);
  g_clear_pointer (&self->from, lacuna_buffer_unref);
  g_clear_pointer (&self->to, lacuna_buffer_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Probe, probe_clear)

static gboolean
probe_init (Probe *self, LacunaContext *context, const char *entry, GError **error)
{
  LacunaDevice *device = lacuna_context_get_device (context);
  gboolean cpu = lacuna_device_get_kind (device) == LACUNA_DEVICE_CPU;
  g_autofree char *options = NULL;

  self->context = context;
  self->lanes = cpu ? MAX (lacuna_device_get_lanes (device), 4) : 4;
  self->items = cpu ? 1 : 64;
  self->p = self->lanes >= 16 ? 13 : 6;
  self->ob = 2;
  options = g_strdup_printf ("-DLANES=%u -DCOLUMNS=%u -DP=%u -DOB=%u", self->lanes, self->items, self->p, self->ob);
  self->kernel = lacuna_kernel_new (context, "peak", entry, options, error);
  return self->kernel != NULL;
}

static gboolean
time_multiply_add (Probe *self, guint groups, guint count, double *ret_seconds, GError **error)
{
  gint64 start = g_get_monotonic_time ();

  if (!lacuna_kernel_launch (self->kernel, groups, 1, 1, error, LACUNA_BUFFER_ARG (self->to), LACUNA_FLOAT_ARG (0.5f),
                             LACUNA_INT_ARG (count))
      || !lacuna_context_finish (self->context, error))
    return FALSE;
  *ret_seconds = (g_get_monotonic_time () - start) * 1e-6;
  return TRUE;
}

static gboolean
measure_flops (LacunaContext *context, double *ret_flops, GError **error)
{
  g_auto (Probe) probe = { 0 };
  guint groups = 8 * MAX (lacuna_device_get_compute_units (lacuna_context_get_device (context)), 1), count = 1000;
  double seconds = 0.0, best = G_MAXDOUBLE;

  if (!probe_init (&probe, context, "multiply_add", error))
    return FALSE;
  probe.to = lacuna_buffer_new (context, (gsize) groups * probe.items * probe.lanes * sizeof (float), error);
  if (probe.to == NULL)
    return FALSE;
  while (seconds < LEAST_SECONDS && count < G_MAXINT / 2)
    {
      count *= 2;
      if (!time_multiply_add (&probe, groups, count, &seconds, error))
        return FALSE;
    }
  for (guint i = 0; i < ROUNDS; i++)
    {
      if (!time_multiply_add (&probe, groups, count, &seconds, error))
        return FALSE;
      best = MIN (best, seconds);
    }
  *ret_flops = 2.0 * groups * count * probe.items * probe.lanes * probe.p * probe.ob / best;
  return TRUE;
}

static gboolean
measure_bytes (LacunaContext *context, double *ret_bytes, GError **error)
{
  g_auto (Probe) probe = { 0 };
  double best = G_MAXDOUBLE;

  if (!probe_init (&probe, context, "copy", error))
    return FALSE;
  probe.from = lacuna_buffer_new (context, COPY_BYTES, error);
  if (probe.from == NULL)
    return FALSE;
  probe.to = lacuna_buffer_new (context, COPY_BYTES, error);
  if (probe.to == NULL)
    return FALSE;
  for (guint i = 0; i < ROUNDS; i++)
    {
      gint64 start = g_get_monotonic_time ();

      if (!lacuna_kernel_launch (probe.kernel, COPY_BYTES / COPY_GROUP_BYTES, 1, 1, error,
                                 LACUNA_BUFFER_ARG (probe.from), LACUNA_BUFFER_ARG (probe.to),
                                 LACUNA_INT_ARG (COPY_GROUP_BYTES / sizeof (float) / probe.lanes))
          || !lacuna_context_finish (context, error))
        return FALSE;
      best = MIN (best, (g_get_monotonic_time () - start) * 1e-6);
    }
  *ret_bytes = 2.0 * COPY_BYTES / best;
  return TRUE;
}

gboolean
lacuna_peak_measure (LacunaContext *context, LacunaPeak *ret_peak, GError **error)
{
  LacunaPeak peak;

  if (!measure_flops (context, &peak.flops, error) || !measure_bytes (context, &peak.bytes, error))
    return FALSE;
  *ret_peak = peak;
  return TRUE;
}
