/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Finds the sizes that suit a device: one size after the other is tried, and a value is kept if the work takes less
 * than LEAST_GAIN of the time, against a reference that is timed anew. Times are the shortest of some rounds, in
 * milliseconds; a value that fails counts as infinitely slow. Each timing has a context of its own. `lacuna tune` runs
 * it on its main thread. */
#include "engine/ops/tuner.h"

#include <math.h>

#include "engine/ops/attention.h"
#include "engine/ops/conv.h"

#define ROUNDS 5
#define LEAST_GAIN 0.97 /* of the time: less is noise */
#define SIDE 64
#define ATTENTION_CHANNELS 64
#define ATTENTION_MEMORY (256 << 20)

static const LacunaConvForm forms[] = {
  { 128, 128, 3, 1, 1, FALSE, LACUNA_ACTIVATION_ELU },
  { 64, 32, 3, 1, 1, TRUE, LACUNA_ACTIVATION_ELU },
  { 64, 128, 3, 2, 1, FALSE, LACUNA_ACTIVATION_ELU },
  { 5, 32, 5, 1, 1, FALSE, LACUNA_ACTIVATION_ELU },
};

typedef enum {
  CONVOLUTIONS,
  ATTENTION,
  N_WORKS,
} Work;

/* A size, whose kernels take it, what it matters for, and values to try, to the first 0. */
static const struct {
  gsize    offset;
  gboolean cpu, gpu;
  gboolean matters[N_WORKS];
  guint    values[6];
} candidates[] = {
  { G_STRUCT_OFFSET (LacunaTuning, lanes), TRUE, TRUE, { TRUE, TRUE }, { 4, 8, 16 } },
  { G_STRUCT_OFFSET (LacunaTuning, pixels), TRUE, FALSE, { TRUE, TRUE }, { 4, 6, 8, 12, 13 } },
  { G_STRUCT_OFFSET (LacunaTuning, pixels), FALSE, TRUE, { TRUE, TRUE }, { 2, 4, 8 } },
  { G_STRUCT_OFFSET (LacunaTuning, vectors), TRUE, TRUE, { TRUE, TRUE }, { 1, 2, 3 } },
  { G_STRUCT_OFFSET (LacunaTuning, tiles), TRUE, FALSE, { TRUE, FALSE }, { 13, 26, 52 } },
  { G_STRUCT_OFFSET (LacunaTuning, query_tiles), TRUE, FALSE, { FALSE, TRUE }, { 2, 4, 8 } },
  { G_STRUCT_OFFSET (LacunaTuning, score_rows), TRUE, TRUE, { FALSE, TRUE }, { 1, 2, 4, 8 } },
  { G_STRUCT_OFFSET (LacunaTuning, transfer_rows), TRUE, FALSE, { FALSE, TRUE }, { 2, 4, 8 } },
  { G_STRUCT_OFFSET (LacunaTuning, transfer_keys), TRUE, FALSE, { FALSE, TRUE }, { 128, 256, 512 } },
  { G_STRUCT_OFFSET (LacunaTuning, rows), FALSE, TRUE, { TRUE, TRUE }, { 4, 8, 16 } },
  { G_STRUCT_OFFSET (LacunaTuning, columns), FALSE, TRUE, { TRUE, TRUE }, { 4, 8, 16 } },
  { G_STRUCT_OFFSET (LacunaTuning, depth), FALSE, TRUE, { TRUE, TRUE }, { 4, 8, 16, 32 } },
};

/* Any numbers will do, but for those that are slow to multiply. */
static float *
make_values (gsize n)
{
  float *values = g_new (float, n);

  for (gsize i = 0; i < n; i++)
    values[i] = (float) (i * 7 % 13) / 13.0f - 0.5f;
  return values;
}

static LacunaTensor *
make_input (LacunaContext *context, LacunaShape shape, GError **error)
{
  g_autofree float *values = make_values (lacuna_shape_get_elements (shape));
  g_autoptr (LacunaTensor) tensor = lacuna_tensor_new (context, shape, error);

  if (tensor == NULL || !lacuna_tensor_write (tensor, values, error))
    return NULL;
  return g_steal_pointer (&tensor);
}

/* Adds the shortest of some rounds, after one that is not timed. */
static gboolean
time_conv (LacunaContext *context, const LacunaConvForm *form, double *milliseconds, GError **error)
{
  const LacunaShape shape = { 1, form->in, SIDE, SIDE };
  g_autofree float *weight = make_values ((gsize) form->out * form->in * form->kernel * form->kernel);
  g_autofree float *bias = make_values (form->out);
  g_autoptr (LacunaConv) conv = lacuna_conv_new (context, form, weight, bias, error);
  g_autoptr (LacunaTensor) x = conv != NULL ? make_input (context, shape, error) : NULL;
  g_autoptr (LacunaTensor) y
      = x != NULL ? lacuna_tensor_new (context, lacuna_conv_form_get_output (form, shape), error) : NULL;
  gint64 best = G_MAXINT64;

  for (guint i = 0; y != NULL && i <= ROUNDS; i++)
    {
      gint64 start = g_get_monotonic_time ();

      if (!lacuna_conv_forward (conv, x, y, error) || !lacuna_context_finish (context, error))
        return FALSE;
      if (i > 0)
        best = MIN (best, g_get_monotonic_time () - start);
    }
  *milliseconds += best * 1e-3;
  return y != NULL;
}

static gboolean
time_attention (LacunaContext *context, double *milliseconds, GError **error)
{
  const LacunaShape shape = { 1, ATTENTION_CHANNELS, SIDE, SIDE };
  g_autofree float *mask = g_new0 (float, SIDE *SIDE);
  g_autoptr (LacunaPool) pool = lacuna_pool_new (context);
  g_autoptr (LacunaAttention) attention = lacuna_attention_new (context, shape.channels, error);
  g_autoptr (LacunaTensor) x = attention != NULL ? make_input (context, shape, error) : NULL;
  g_autoptr (LacunaTensor) y = x != NULL ? lacuna_tensor_new (context, shape, error) : NULL;
  gint64 best = G_MAXINT64;

  for (guint i = 0; y != NULL && i <= ROUNDS; i++)
    {
      gint64 start = g_get_monotonic_time ();

      if (!lacuna_attention_forward (attention, pool, ATTENTION_MEMORY, x, x, mask, NULL, y, lacuna_area_of (shape),
                                     NULL, NULL, error)
          || !lacuna_context_finish (context, error))
        return FALSE;
      if (i > 0)
        best = MIN (best, g_get_monotonic_time () - start);
    }
  *milliseconds += best * 1e-3;
  return y != NULL;
}

static gboolean
time_work (LacunaDevice *device, const LacunaTuning *tuning, Work work, GCancellable *cancellable,
           double *ret_milliseconds, GError **error)
{
  g_autoptr (LacunaContext) context = lacuna_context_new_tuned (device, 0, tuning, error);
  double milliseconds = 0.0;

  if (context == NULL)
    return FALSE;
  lacuna_context_set_cancellable (context, cancellable);
  if (work == ATTENTION && !time_attention (context, &milliseconds, error))
    return FALSE;
  for (guint i = 0; work == CONVOLUTIONS && i < G_N_ELEMENTS (forms); i++)
    if (!time_conv (context, &forms[i], &milliseconds, error))
      return FALSE;
  *ret_milliseconds = milliseconds;
  return TRUE;
}

/* Times what a size matters for; the rest of the times stay. Returns the sum of all, or infinity where the device can't
 * do it. */
static double
time_candidate (LacunaDevice *device, const LacunaTuning *tuning, guint candidate, GCancellable *cancellable,
                double times[N_WORKS])
{
  double total = 0.0;

  for (Work work = 0; work < N_WORKS; work++)
    {
      double milliseconds = times[work];

      if (candidates[candidate].matters[work] && !time_work (device, tuning, work, cancellable, &milliseconds, NULL))
        return INFINITY;
      times[work] = milliseconds;
      total += milliseconds;
    }
  return total;
}

/* Tries one value for one size, and keeps it in tuning, with its times, where it is faster. What it is faster than is
 * timed once more before, as the machine may have been slower then. */
static gboolean
try_value (LacunaDevice *device, guint candidate, guint value, GCancellable *cancellable, LacunaTuning *tuning,
           double times[N_WORKS], GError **error)
{
  LacunaTuning other = *tuning;
  guint *size = (guint *) ((char *) &other + candidates[candidate].offset);
  double other_times[N_WORKS], again[N_WORKS], other_total;

  if (*size == value)
    return TRUE;
  *size = value;
  memcpy (other_times, times, sizeof other_times);
  memcpy (again, times, sizeof again);
  other_total = time_candidate (device, &other, candidate, cancellable, other_times);
  if (other_total < LEAST_GAIN * (times[CONVOLUTIONS] + times[ATTENTION]))
    {
      time_candidate (device, tuning, candidate, cancellable, again);
      for (Work work = 0; work < N_WORKS; work++)
        times[work] = MIN (times[work], again[work]);
      if (other_total < LEAST_GAIN * (times[CONVOLUTIONS] + times[ATTENTION]))
        {
          *tuning = other;
          memcpy (times, other_times, sizeof other_times);
        }
    }
  return !g_cancellable_set_error_if_cancelled (cancellable, error);
}

gboolean
lacuna_tuner_run (LacunaDevice *device, LacunaTunerProgress progress, gpointer data, GCancellable *cancellable,
                  LacunaTunerResult *ret_result, GError **error)
{
  LacunaTunerResult result;
  double times[N_WORKS];

  lacuna_tuning_init (&result.tuning, lacuna_tuning_get_family (device));
  for (Work work = 0; work < N_WORKS; work++)
    if (!time_work (device, &result.tuning, work, cancellable, &times[work], error))
      return FALSE;
  result.before = times[CONVOLUTIONS] + times[ATTENTION];
  for (guint i = 0; i < G_N_ELEMENTS (candidates); i++)
    {
      gboolean gpu = result.tuning.kernels == LACUNA_KERNELS_GPU;

      progress ((double) i / G_N_ELEMENTS (candidates), data);
      for (guint j = 0; (gpu ? candidates[i].gpu : candidates[i].cpu) && candidates[i].values[j] != 0; j++)
        if (!try_value (device, i, candidates[i].values[j], cancellable, &result.tuning, times, error))
          return FALSE;
    }
  result.after = times[CONVOLUTIONS] + times[ATTENTION];
  *ret_result = result;
  return TRUE;
}
