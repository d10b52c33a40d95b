/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The command “lacuna bench”: reads its options and times the generator, a fill, every operation, or a step of
 * training. The first run of a generator or a fill is never counted, as kernels are built in it. The main thread
 * runs all of it, and waits for the device at the end of every run. */
#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

#include "app/command/bench.h"
#include "app/command/command.h"

#define MIN_SIZE 16
#define MAX_SIZE 4096
#define MAX_WIDTH 1024
#define MAX_BATCH 256

static void
options_clear (LacunaBenchOptions *self)
{
  g_free (self->weights);
  g_free (self->device);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (LacunaBenchOptions, options_clear)

/* One run of both stages, its input on the device before and its output there after. */
static gboolean
run_generator (LacunaBench *bench, const LacunaBenchOptions *options, GError **error)
{
  const LacunaGeneratorOptions run = { .area = isnan (options->hole) ? (LacunaArea){ 0 } : bench->hole };
  g_auto (LacunaGeneratorOutput) output = { 0 };

  return lacuna_generator_forward (bench->generator, bench->image, bench->mask, &run, &output, error)
         && lacuna_context_finish (bench->context, error);
}

/* One run for the hole alone, from host memory to host memory. */
static gboolean
run_fill (LacunaBench *bench, const LacunaBenchOptions *options, GError **error)
{
  const LacunaGeneratorOptions run = { .area = bench->hole };
  g_auto (LacunaGeneratorOutput) output = { 0 };
  g_autofree float *result = g_new (float, lacuna_shape_get_elements (bench->image->shape));

  return lacuna_tensor_write (bench->image, bench->values, error)
         && lacuna_generator_forward (bench->generator, bench->image, bench->mask, &run, &output, error)
         && lacuna_tensor_read (output.coarse, result, error) && lacuna_tensor_read (output.refined, result, error);
}

static int
compare_doubles (gconstpointer a, gconstpointer b)
{
  double x = *(const double *) a, y = *(const double *) b;

  return (x > y) - (x < y);
}

static void
print_runs (GArray *runs, const char *device, const LacunaBenchOptions *options)
{
  const double *sorted;

  if (options->json)
    {
      GVariant *values = g_variant_new_fixed_array (G_VARIANT_TYPE_DOUBLE, runs->data, runs->len, sizeof (double));

      lacuna_command_print_json (
          g_variant_new_parsed ("{'device': <%s>, 'size': <%i>, 'runs_ms': <%@ad>}", device, options->size, values));
      return;
    }
  g_array_sort (runs, compare_doubles);
  sorted = (const double *) runs->data;
  g_print (ngettext ("%d×%d on %s: %.1f ms at best, %.1f ms in the middle of %u run\n",
                     "%d×%d on %s: %.1f ms at best, %.1f ms in the middle of %u runs\n", runs->len),
           options->size, options->size, device, sorted[0], sorted[runs->len / 2], runs->len);
}

typedef gboolean (*Runner) (LacunaBench *bench, const LacunaBenchOptions *options, GError **error);

static gboolean
time_runs (LacunaBench *bench, const LacunaBenchOptions *options, Runner run, GError **error)
{
  g_autoptr (GArray) runs = g_array_new (FALSE, FALSE, sizeof (double));

  for (int i = 0; i <= options->runs; i++)
    {
      gint64 start = g_get_monotonic_time ();
      double milliseconds;

      if (!run (bench, options, error))
        return FALSE;
      milliseconds = (g_get_monotonic_time () - start) * 1e-3;
      if (i > 0)
        g_array_append_val (runs, milliseconds);
    }
  print_runs (runs, lacuna_device_get_name (lacuna_context_get_device (bench->context)), options);
  return TRUE;
}

static gboolean
time_generator (LacunaBench *bench, const LacunaBenchOptions *options, GError **error)
{
  return lacuna_bench_prepare (bench, options, error) && time_runs (bench, options, run_generator, error);
}

static gboolean
time_fill (LacunaBench *bench, const LacunaBenchOptions *options, GError **error)
{
  return lacuna_bench_prepare (bench, options, error) && time_runs (bench, options, run_fill, error);
}

static gboolean
time_ops (LacunaBench *bench, const LacunaBenchOptions *options, GError **error)
{
  return lacuna_bench_prepare (bench, options, error) && lacuna_bench_ops (bench, options, error);
}

static gboolean
check_options (const LacunaBenchOptions *options)
{
  if (options->size < MIN_SIZE || options->size > MAX_SIZE || options->size % 8 != 0)
    lacuna_command_reject (_ ("The size has to be a multiple of 8 from %d to %d."), MIN_SIZE, MAX_SIZE);
  else if (options->runs < 1)
    lacuna_command_reject (_ ("At least one run is needed."));
  else if (!isnan (options->hole) && (options->hole * options->size < 1.0 || options->hole >= 1.0))
    lacuna_command_reject (_ ("The hole's share of the side has to be a pixel at least, and less than 1."));
  else if (options->side < MIN_SIZE || options->side > MAX_SIZE || options->side % 8 != 0)
    lacuna_command_reject (_ ("The crops' side has to be a multiple of 8 from %d to %d."), MIN_SIZE, MAX_SIZE);
  else if (options->width < 2 || options->width > MAX_WIDTH || options->width % 2 != 0)
    lacuna_command_reject (_ ("The width has to be an even number from 2 to %d."), MAX_WIDTH);
  else if (options->batch < 1 || options->batch > MAX_BATCH)
    lacuna_command_reject (_ ("A batch has from 1 to %d crops."), MAX_BATCH);
  else if (options->profile && options->json)
    lacuna_command_reject (_ ("A profile is a table: ask for it without --json."));
  else
    return TRUE;
  return FALSE;
}

static const struct {
  const char *name;
  gboolean (*measure) (LacunaBench *bench, const LacunaBenchOptions *options, GError **error);
} subjects[] = {
  { "generator", time_generator },
  { "fill", time_fill },
  { "ops", time_ops },
  { "train", lacuna_bench_train },
};

LacunaExit
lacuna_command_bench (int argc, char **argv)
{
  g_auto (LacunaBenchOptions) options = { .size = 512, .runs = 5, .hole = NAN, .width = 32, .side = 128, .batch = 4 };
  g_auto (LacunaBench) bench = { 0 };
  const GOptionEntry entries[] = {
    { "weights", 'w', 0, G_OPTION_ARG_FILENAME, &options.weights,
      N_ ("Model, by name or as a .safetensors file"), N_ ("FILE") },
    { "size", 0, 0, G_OPTION_ARG_INT, &options.size, N_ ("Pixels a side (512)"), "N" },
    { "runs", 0, 0, G_OPTION_ARG_INT, &options.runs, N_ ("Timed runs, after one that is not (5)"), "R" },
    { "hole", 0, 0, G_OPTION_ARG_DOUBLE, &options.hole,
      N_ ("Compute a square hole's part alone: its share of the side"), "F" },
    { "width", 0, 0, G_OPTION_ARG_INT, &options.width, N_ ("Channels of the first layer that learns (32)"), "N" },
    { "side", 0, 0, G_OPTION_ARG_INT, &options.side, N_ ("Pixels a side of the crops learnt from (128)"), "N" },
    { "batch", 0, 0, G_OPTION_ARG_INT, &options.batch, N_ ("Crops of a step (4)"), "N" },
    { "no-critics", 0, 0, G_OPTION_ARG_NONE, &options.no_critics, N_ ("Train the generator alone"), NULL },
    { "profile", 0, 0, G_OPTION_ARG_NONE, &options.profile, N_ ("Print what every kernel takes of a step"), NULL },
    { "device", 'd', 0, G_OPTION_ARG_STRING, &options.device,
      N_ ("OpenCL device, by its name or a part of it"), N_ ("DEVICE") },
    { "json", 0, 0, G_OPTION_ARG_NONE, &options.json, N_ ("Print the figures in a JSON object"), NULL },
    { NULL },
  };
  g_autoptr (GError) error = NULL;
  guint subject = 0;

  if (!lacuna_command_parse (
          &argc, &argv, entries, "generator|fill|ops|train", N_ ("Measures how long the network takes."),
          N_ ("generator: coarse and refinement network with contextual attention over all positions,\n"
              "  its input on the device before and its output there after.\n"
              "fill: the same for a hole of a quarter of the side, or as --hole says, leaving out what\n"
              "  it does not need, with the transfers to the device and back.\n"
              "ops: every operation of the generator beside the device's limits, which are measured\n"
              "  before. A convolution is counted as its definition, whatever way computes it.\n"
              "train: a step of training, critics and generator, from random weights.\n\n"
              "Example:\n"
              "  lacuna bench generator --size 512 --runs 7")))
    return LACUNA_EXIT_WRONG_USE;
  while (argc == 2 && subject < G_N_ELEMENTS (subjects) && strcmp (argv[1], subjects[subject].name) != 0)
    subject++;
  if (argc != 2 || subject == G_N_ELEMENTS (subjects))
    return lacuna_command_reject (_ ("What to measure is missing: generator, fill, ops or train."));
  if (!check_options (&options))
    return LACUNA_EXIT_WRONG_USE;
  if (subjects[subject].measure (&bench, &options, &error))
    return LACUNA_EXIT_DONE;
  lacuna_command_complain ("%s", error->message);
  return LACUNA_EXIT_FAILED;
}
