#include <string.h>

#include "app/command.h"
#include "app/interrupt.h"
#include "engine/engine.h"
#include "engine/network/generator.h"

#define SEED 1
#define MIN_SIZE 16
#define MAX_SIZE 4096

typedef struct
{
  char *weights;
  char *device;
  int size;
  int runs;
  double hole; /* of the side */
  gboolean json;
} Options;

/* What is timed: a network and its input, on the device. */
typedef struct
{
  LacunaContext *context;
  LacunaGenerator *generator;
  LacunaTensor *image;
  float *mask;
} Bench;

static void
options_clear (Options *self)
{
  g_free (self->weights);
  g_free (self->device);
}

static void
bench_clear (Bench *self)
{
  g_clear_pointer (&self->image, lacuna_tensor_unref);
  g_clear_pointer (&self->generator, lacuna_generator_free);
  g_clear_object (&self->context);
  g_free (self->mask);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Bench, bench_clear)

/* 1 in a centred square, else 0. */
static float *
make_mask (int size, double hole)
{
  float *mask = g_new0 (float, (gsize) size *size);
  int side = (int) (size * hole), first = (size - side) / 2;

  for (int y = first; y < first + side; y++)
    for (int x = first; x < first + side; x++)
      mask[(gsize) y * size + x] = 1.0f;
  return mask;
}

/* Noise in [-1, 1], 3×size×size, blanked in the hole. */
static float *
make_image (int size, const float *mask)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (SEED);
  gsize n = (gsize) size * size;
  float *image = g_new (float, 3 * n);

  for (gsize i = 0; i < 3 * n; i++)
    image[i] = (float) g_rand_double_range (random, -1.0, 1.0) * (1.0f - mask[i % n]);
  return image;
}

static gboolean
bench_prepare (Bench *self, const Options *options, GCancellable *cancellable, GError **error)
{
  g_autoptr (LacunaDevice) device = NULL;
  g_autoptr (LacunaWeights) weights = NULL;
  g_autofree char *path = lacuna_models_find (options->weights, error);
  g_autofree float *image = NULL;

  weights = path != NULL ? lacuna_weights_load (path, error) : NULL;
  if (weights == NULL)
    return FALSE;
  device = lacuna_device_find (options->device, error);
  if (device == NULL)
    return FALSE;
  self->context = lacuna_context_new (device, 0, error);
  if (self->context == NULL)
    return FALSE;
  lacuna_context_set_cancellable (self->context, cancellable);
  self->generator = lacuna_generator_new (self->context, weights, NULL, NULL, error);
  if (self->generator == NULL)
    return FALSE;
  self->mask = make_mask (options->size, options->hole);
  image = make_image (options->size, self->mask);
  self->image = lacuna_tensor_new (self->context, (LacunaShape){ 1, 3, options->size, options->size }, error);
  return self->image != NULL && lacuna_tensor_write (self->image, image, error);
}

/* Milliseconds of one run of both stages. */
static gboolean
bench_run (Bench *self, double *ret_milliseconds, GError **error)
{
  const LacunaGeneratorOptions options = { 0 };
  g_auto (LacunaGeneratorOutput) output = { 0 };
  gint64 start;

  if (!lacuna_context_finish (self->context, error))
    return FALSE;
  start = g_get_monotonic_time ();
  if (!lacuna_generator_forward (self->generator, self->image, self->mask, &options, &output, error)
      || !lacuna_context_finish (self->context, error))
    return FALSE;
  *ret_milliseconds = (g_get_monotonic_time () - start) * 1e-3;
  return TRUE;
}

static int
compare_doubles (gconstpointer a, gconstpointer b)
{
  double x = *(const double *) a, y = *(const double *) b;

  return (x > y) - (x < y);
}

static void
print_runs (GArray *runs, const char *device, const Options *options)
{
  const double *sorted;

  if (options->json)
    {
      GVariant *values = g_variant_new_fixed_array (G_VARIANT_TYPE_DOUBLE, runs->data, runs->len, sizeof (double));

      lacuna_command_print_json (
          g_variant_new_parsed ("{'device': <%s>, 'size': <%i>, 'hole': <%d>, 'runs_ms': <%@ad>}", device,
                                options->size, options->hole, values));
      return;
    }
  g_array_sort (runs, compare_doubles);
  sorted = (const double *) runs->data;
  g_print ("%d×%d on %s: %.1f ms at best, %.1f ms in the middle of %u runs\n", options->size, options->size, device,
           sorted[0], sorted[runs->len / 2], runs->len);
}

static gboolean
time_generator (const Options *options, GError **error)
{
  g_autoptr (GCancellable) cancellable = lacuna_interrupt_new ();
  g_autoptr (GArray) runs = g_array_new (FALSE, FALSE, sizeof (double));
  g_auto (Bench) bench = { 0 };
  double milliseconds;

  if (!bench_prepare (&bench, options, cancellable, error) || !bench_run (&bench, &milliseconds, error))
    return FALSE;
  for (int i = 0; i < options->runs; i++)
    {
      if (!bench_run (&bench, &milliseconds, error))
        return FALSE;
      g_array_append_val (runs, milliseconds);
    }
  print_runs (runs, lacuna_device_get_name (lacuna_context_get_device (bench.context)), options);
  return TRUE;
}

static gboolean
check_options (const Options *options)
{
  if (options->size < MIN_SIZE || options->size > MAX_SIZE || options->size % 8 != 0)
    lacuna_command_reject ("The size has to be a multiple of 8 from %d to %d.", MIN_SIZE, MAX_SIZE);
  else if (options->runs < 1)
    lacuna_command_reject ("At least one run is needed.");
  else if (!(options->hole >= 0.0 && options->hole < 1.0))
    lacuna_command_reject ("The hole's share of the side has to be from 0 to less than 1.");
  else
    return TRUE;
  return FALSE;
}

LacunaExit
lacuna_command_bench (int argc, char **argv)
{
  g_auto (Options) options = { .size = 512, .runs = 5, .hole = 0.25 };
  const GOptionEntry entries[] = {
    { "weights", 'w', 0, G_OPTION_ARG_FILENAME, &options.weights, "Model, by name or as a .safetensors file", "FILE" },
    { "size", 0, 0, G_OPTION_ARG_INT, &options.size, "Pixels a side (512)", "N" },
    { "runs", 0, 0, G_OPTION_ARG_INT, &options.runs, "Timed runs, after one that is not (5)", "R" },
    { "hole", 0, 0, G_OPTION_ARG_DOUBLE, &options.hole, "Side of the square hole, as a share (0.25)", "F" },
    { "device", 'd', 0, G_OPTION_ARG_STRING, &options.device, "OpenCL device, by its name or a part of it", "DEVICE" },
    { "json", 0, 0, G_OPTION_ARG_NONE, &options.json, "Print every run's time in a JSON object", NULL },
    { NULL },
  };
  g_autoptr (GError) error = NULL;

  if (!lacuna_command_parse (&argc, &argv, entries, "generator", "Measures how long the network takes.",
                             "A run is coarse and refinement network with contextual attention over all positions,\n"
                             "its input on the device before and its output there after.\n\n"
                             "Example:\n"
                             "  lacuna bench generator --size 512 --runs 7"))
    return LACUNA_EXIT_WRONG_USE;
  if (argc != 2 || strcmp (argv[1], "generator") != 0)
    return lacuna_command_reject ("What to measure is missing: generator.");
  if (!check_options (&options))
    return LACUNA_EXIT_WRONG_USE;
  if (time_generator (&options, &error))
    return LACUNA_EXIT_DONE;
  lacuna_command_complain ("%s", error->message);
  return LACUNA_EXIT_FAILED;
}
