/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/command/bench.h"

#include <glib/gi18n.h>

#include "app/command/command.h"
#include "engine/bench.h"

#define SEED 1
#define CRITIC_WIDTH 64
#define GAMMA 0.9

/* Noise, with a hole of the paper's kind in each picture's own window. */
typedef struct {
  float *image, *mask, *discount, *t;
  guint *corners;
} Input;

static void
input_clear (Input *self)
{
  g_free (self->image);
  g_free (self->mask);
  g_free (self->discount);
  g_free (self->t);
  g_free (self->corners);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Input, input_clear)

static void
input_fill (Input *self, guint n, guint side, guint window)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (SEED);
  gsize area = (gsize) side * side;

  self->image = g_new (float, n * 3 * area);
  self->mask = g_new0 (float, n *area);
  self->discount = g_new0 (float, n *area);
  self->t = g_new (float, 2 * n);
  self->corners = g_new (guint, 2 * n);
  for (gsize i = 0; i < n * 3 * area; i++)
    self->image[i] = (float) g_rand_double_range (rand, -1.0, 1.0);
  for (guint i = 0; i < 2 * n; i++)
    {
      self->t[i] = (float) g_rand_double (rand);
      self->corners[i] = (guint) g_rand_int_range (rand, 0, (gint32) (side - window + 1));
    }
  for (gsize i = 0; i < n; i++)
    {
      gsize first = i * area + (gsize) self->corners[2 * i] * side + self->corners[2 * i + 1];

      lacuna_hole_draw (rand, LACUNA_HOLE_RECTANGLES, GAMMA, window, side, self->mask + first, self->discount + first);
    }
}

/* Critics, then the generator against them; the losses are read, so the device is done. */
static gboolean
time_step (LacunaLearner *learner, const LacunaBatch *batch, gboolean critics, double *ret_milliseconds, GError **error)
{
  const LacunaStepOptions step = { .rate = 1e-4, .critics = critics, .adversarial = critics ? 0.001 : 0.0, .generator = TRUE,
                                   .decay = 0.999, .reconstruction = 1.2, .clip = 1.0, .parts = 1 };
  gint64 start = g_get_monotonic_time ();
  LacunaLosses losses;

  if (!lacuna_learner_step (learner, batch, &step, NULL, NULL, &losses, error))
    return FALSE;
  *ret_milliseconds = (g_get_monotonic_time () - start) * 1e-3;
  return TRUE;
}

static void
print_steps (LacunaBench *bench, LacunaLearner *learner, const LacunaBenchOptions *options, const double *runs)
{
  const char *device = lacuna_device_get_name (lacuna_context_get_device (bench->context));
  guint64 memory = lacuna_learner_get_memory (learner, (guint) options->batch, !options->no_critics);
  double best = runs[0];

  for (int i = 1; i < options->runs; i++)
    best = MIN (best, runs[i]);
  if (options->json)
    lacuna_command_print_json (g_variant_new_parsed (
        "{'device': <%@s>, 'width': <%i>, 'side': <%i>, 'batch': <%i>, 'memory': <%x>, 'runs_ms': <%@ad>}",
        lacuna_command_new_text (device), options->width, options->side, options->batch, (gint64) memory,
        g_variant_new_fixed_array (G_VARIANT_TYPE_DOUBLE, runs, (gsize) options->runs, sizeof (double))));
  else
    g_print (_ ("A step at width %d with a batch of %d crops of %d×%d on %s: %.0f ms at best (runs: %d), %.1f MiB\n"),
             options->width, options->batch, options->side, options->side, device, best, options->runs,
             memory / 1048576.0);
}

/* Runs one step, and prints the times that each kernel took of it. */
static gboolean
print_profile (LacunaBench *bench, LacunaLearner *learner, const LacunaBatch *batch, gboolean critics, GError **error)
{
  g_autoptr (GArray) profile = NULL;
  double milliseconds, sum = 0.0;

  lacuna_context_set_profiling (bench->context, TRUE);
  if (!time_step (learner, batch, critics, &milliseconds, error))
    return FALSE;
  profile = lacuna_context_take_profile (bench->context, error);
  if (profile == NULL)
    return FALSE;
  for (guint i = 0; i < profile->len; i++)
    sum += g_array_index (profile, LacunaProfileRow, i).seconds;
  g_print ("%-28s %8s %10s %7s\n", "kernel", "launches", "ms", "share");
  for (guint i = 0; i < profile->len; i++)
    {
      const LacunaProfileRow *row = &g_array_index (profile, LacunaProfileRow, i);

      g_print ("%-28s %8u %10.1f %6.1f%%\n", row->kernel, row->launches, row->seconds * 1e3,
               100.0 * row->seconds / sum);
    }
  return TRUE;
}

gboolean
lacuna_bench_train (LacunaBench *self, const LacunaBenchOptions *options, GError **error)
{
  const guint n = (guint) options->batch, side = (guint) options->side, window = side / 2;
  const LacunaLearnerOptions learning = { .width = (guint) options->width, .critic_width = CRITIC_WIDTH, .side = side,
                                          .window = window, .seed = SEED };
  const gboolean critics = !options->no_critics;
  g_autofree double *runs = g_new (double, options->runs);
  g_autoptr (LacunaLearner) learner = NULL;
  g_auto (Input) input = { 0 };
  double first;

  if (!lacuna_bench_open (self, options, error))
    return FALSE;
  learner = lacuna_learner_new (self->context, &learning, NULL, error);
  if (learner == NULL)
    return FALSE;
  input_fill (&input, n, side, window);
  const LacunaBatch batch = { n, side, window, input.image, input.mask, input.discount, input.corners, input.t };

  if (!time_step (learner, &batch, critics, &first, error))
    return FALSE;
  for (int i = 0; i < options->runs; i++)
    if (!time_step (learner, &batch, critics, &runs[i], error))
      return FALSE;
  print_steps (self, learner, options, runs);
  return !options->profile || print_profile (self, learner, &batch, critics, error);
}
