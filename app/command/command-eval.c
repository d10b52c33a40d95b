#include <glib/gi18n.h>
#include <math.h>
#include <stddef.h>
#include <sys/resource.h>

#include "app/command/command.h"
#include "app/command/interrupt.h"
#include "app/command/pairs.h"
#include "app/command/terminal-progress.h"
#include "engine/engine.h"
#include "engine/fill/score.h"

typedef struct
{
  char *masks;
  char *model;
  char *device;
  gboolean json;
} Options;

/* A photo, the mask of what is to be hidden of it, and how well that was filled. */
typedef struct
{
  char *name;
  char *photo;
  char *mask;
  LacunaScore score;
  double seconds;
} Sample;

typedef struct
{
  const char *name;
  gsize offset; /* in Sample */
  gboolean geometric;
} Figure;

#define FIGURE(title, member)                                                                                          \
  {                                                                                                                    \
    .name = title, .offset = offsetof (Sample, member)                                                                 \
  }

static const Figure hole_figures[] = {
  FIGURE ("l1", score.hole.l1),
  FIGURE ("l2", score.hole.l2),
  FIGURE ("psnr", score.hole.psnr),
  FIGURE ("ssim", score.hole.ssim),
  FIGURE ("tv", score.tv),
  { .name = "sharpness", .offset = offsetof (Sample, score.sharpness), .geometric = TRUE },
  FIGURE ("noise", score.noise),
  FIGURE ("seam", score.seam),
  FIGURE ("edge", score.edge),
};
static const Figure whole_figures[] = {
  FIGURE ("l1", score.whole.l1),
  FIGURE ("l2", score.whole.l2),
  FIGURE ("psnr", score.whole.psnr),
  FIGURE ("ssim", score.whole.ssim),
};
static const Figure seconds_figure = FIGURE ("seconds", seconds);

static const char description[]
    = "Each photo of FOLDER is filled with what its mask marks greyed out, and compared with what was there. Its mask\n"
      "is the file of the same stem (.png) in the folder MASKS, or MASKS itself if that is a file.\n"
      "\n"
      "L1, L2 and TV are in %, PSNR in dB; sharpness, noise and seam are ratios to the surroundings, edge is the seam's\n"
      "ratio to what was there; all are best near 1. L1, L2 and PSNR reward blur.\n"
      "\n"
      "Example:\n"
      "  lacuna eval photos/ --masks masks/ --model default";

static void
options_clear (Options *self)
{
  g_free (self->masks);
  g_free (self->model);
  g_free (self->device);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

static void
sample_free (gpointer data)
{
  Sample *self = data;

  g_free (self->name);
  g_free (self->photo);
  g_free (self->mask);
  g_free (self);
}

/* The photos of folder that have a mask, by name. */
static GPtrArray *
find_samples (const char *folder, const char *masks, GError **error)
{
  g_autoptr (GPtrArray) pairs = lacuna_pairs_list (folder, masks, error);
  g_autoptr (GPtrArray) samples = g_ptr_array_new_with_free_func (sample_free);

  if (pairs == NULL)
    return NULL;
  for (guint i = 0; i < pairs->len; i++)
    {
      const LacunaPair *pair = pairs->pdata[i];
      Sample *sample;

      if (pair->mask == NULL)
        continue;
      sample = g_new0 (Sample, 1);
      sample->name = g_path_get_basename (pair->photo);
      sample->photo = g_strdup (pair->photo);
      sample->mask = g_strdup (pair->mask);
      g_ptr_array_add (samples, sample);
    }
  return g_steal_pointer (&samples);
}

/* The photo with mid-grey where the mask is. */
static LacunaPhoto *
hide_hole (LacunaPhoto *photo, LacunaMask *mask, GError **error)
{
  LacunaBox box = { 0, 0, lacuna_photo_get_width (photo), lacuna_photo_get_height (photo) };
  gsize n_bytes = 3 * (gsize) box.width * box.height * lacuna_photo_get_depth (photo) / 8;
  g_autofree guint8 *grey = g_malloc (n_bytes);
  LacunaPatch patch = { .box = box, .samples = memset (grey, 128, n_bytes), .mask = lacuna_mask_get_pixels (mask) };

  return lacuna_photo_paste (photo, &patch, 1, error);
}

static gboolean
measure (Sample *self, LacunaEngine *engine, const Options *options, GCancellable *cancellable, GError **error)
{
  const LacunaFillOptions fill_options = { .model = options->model };
  g_autoptr (LacunaPhoto) truth = lacuna_photo_load (self->photo, cancellable, error);
  g_autoptr (LacunaPhoto) hidden = NULL;
  g_autoptr (LacunaPhoto) result = NULL;
  g_autoptr (LacunaMask) mask = NULL;
  g_autoptr (LacunaFill) fill = NULL;
  gint64 start;

  if (truth == NULL)
    return FALSE;
  mask = lacuna_mask_load (self->mask, NULL, error);
  if (mask == NULL)
    return FALSE;
  if (lacuna_mask_get_width (mask) != lacuna_photo_get_width (truth)
      || lacuna_mask_get_height (mask) != lacuna_photo_get_height (truth))
    {
      g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_UNFIT, _ ("“%s” and its mask “%s” differ in size."), self->photo,
                   self->mask);
      return FALSE;
    }
  hidden = hide_hole (truth, mask, error);
  if (hidden == NULL)
    return FALSE;
  start = g_get_monotonic_time ();
  fill = lacuna_engine_fill (engine, hidden, mask, &fill_options, NULL, NULL, cancellable, error);
  if (fill == NULL)
    {
      g_prefix_error (error, "“%s”: ", self->photo);
      return FALSE;
    }
  result = lacuna_fill_apply (fill, hidden, LACUNA_STAGE_DETAIL, error);
  if (result == NULL)
    return FALSE;
  self->seconds = (g_get_monotonic_time () - start) * 1e-6;
  return lacuna_score_photo (result, truth, mask, &self->score, error);
}

static double
get_figure (const Sample *sample, const Figure *figure)
{
  return *(const double *) ((const char *) sample + figure->offset);
}

/* Over the photos where it is defined; NaN where it nowhere is. */
static double
get_mean (GPtrArray *samples, const Figure *figure)
{
  double sum = 0.0;
  guint n = 0;

  for (guint i = 0; i < samples->len; i++)
    {
      double value = get_figure (samples->pdata[i], figure);

      if (!isfinite (value))
        continue;
      sum += figure->geometric ? log (MAX (value, G_MINDOUBLE)) : value;
      n++;
    }
  return figure->geometric ? exp (sum / n) : sum / n;
}

/* A figure of the samples there are, one or all; null where it is not a number. */
static GVariant *
describe_figure (GPtrArray *samples, const Figure *figure)
{
  double value = get_mean (samples, figure);

  return g_variant_new_maybe (G_VARIANT_TYPE_DOUBLE, isfinite (value) ? g_variant_new_double (value) : NULL);
}

static GVariant *
describe_figures (GPtrArray *samples, const Figure *figures, guint n_figures)
{
  GVariantBuilder builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);

  for (guint i = 0; i < n_figures; i++)
    g_variant_builder_add (&builder, "{sv}", figures[i].name, describe_figure (samples, &figures[i]));
  return g_variant_builder_end (&builder);
}

static GVariant *
describe (GPtrArray *samples, const char *name)
{
  GVariantBuilder builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);

  if (name != NULL)
    {
      g_autofree char *photo = g_filename_display_name (name);

      g_variant_builder_add (&builder, "{sv}", "photo", g_variant_new_string (photo));
    }
  g_variant_builder_add (&builder, "{sv}", "hole",
                         describe_figures (samples, hole_figures, G_N_ELEMENTS (hole_figures)));
  g_variant_builder_add (&builder, "{sv}", "whole",
                         describe_figures (samples, whole_figures, G_N_ELEMENTS (whole_figures)));
  g_variant_builder_add (&builder, "{sv}", "seconds", describe_figure (samples, &seconds_figure));
  return g_variant_builder_end (&builder);
}

static guint64
get_peak_memory (void)
{
  struct rusage usage;

  getrusage (RUSAGE_SELF, &usage);
  return (guint64) usage.ru_maxrss * 1024;
}

static void
print_json (GPtrArray *samples, const Options *options)
{
  GVariantBuilder builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("aa{sv}"));

  for (guint i = 0; i < samples->len; i++)
    {
      Sample *sample = samples->pdata[i];
      g_autoptr (GPtrArray) one = g_ptr_array_new ();

      g_ptr_array_add (one, sample);
      g_variant_builder_add_value (&builder, describe (one, sample->name));
    }
  lacuna_command_print_json (g_variant_new_parsed ("{'photos': <%@aa{sv}>, 'mean': <%@a{sv}>, 'peak_memory': <%t>}",
                                                   g_variant_builder_end (&builder), describe (samples, NULL),
                                                   get_peak_memory ()));
}

static void
print_value (double value)
{
  if (isfinite (value))
    g_print (" %9.3f", value);
  else
    g_print (" %9s", "-");
}

static void
print_row (GPtrArray *samples, const char *name)
{
  g_print ("%-32.32s", name);
  for (guint i = 0; i < G_N_ELEMENTS (hole_figures); i++)
    print_value (get_mean (samples, &hole_figures[i]));
  print_value (get_mean (samples, &seconds_figure));
  g_print ("\n");
}

/* Inside the hole only. */
static void
print_table (GPtrArray *samples)
{
  g_autofree char *memory = g_format_size_full (get_peak_memory (), G_FORMAT_SIZE_IEC_UNITS);

  g_print ("%-32s", "");
  for (guint i = 0; i < G_N_ELEMENTS (hole_figures); i++)
    g_print (" %9s", hole_figures[i].name);
  g_print (" %9s\n", seconds_figure.name);
  for (guint i = 0; i < samples->len; i++)
    {
      Sample *sample = samples->pdata[i];
      g_autoptr (GPtrArray) one = g_ptr_array_new ();
      g_autofree char *name = g_filename_display_name (sample->name);

      g_ptr_array_add (one, sample);
      print_row (one, name);
    }
  print_row (samples, "mean");
  g_print ("peak memory: %s\n", memory);
}

static LacunaExit
measure_all (GPtrArray *samples, const Options *options)
{
  g_autoptr (GCancellable) cancellable = lacuna_interrupt_new ();
  g_autoptr (LacunaEngine) engine = lacuna_engine_new (options->device, 0);
  g_autoptr (GPtrArray) measured = g_ptr_array_new ();
  LacunaExit code = LACUNA_EXIT_DONE;

  for (guint i = 0; i < samples->len && !g_cancellable_is_cancelled (cancellable); i++)
    {
      Sample *sample = samples->pdata[i];
      g_autoptr (GError) error = NULL;

      lacuna_terminal_progress_show ((double) i / samples->len, sample->name);
      if (measure (sample, engine, options, cancellable, &error))
        {
          g_ptr_array_add (measured, sample);
          continue;
        }
      lacuna_terminal_progress_clear ();
      lacuna_command_complain ("%s", error->message);
      code = LACUNA_EXIT_FAILED;
    }
  lacuna_terminal_progress_clear ();
  if (g_cancellable_is_cancelled (cancellable) || measured->len == 0)
    return LACUNA_EXIT_FAILED;
  if (options->json)
    print_json (measured, options);
  else
    print_table (measured);
  return code;
}

LacunaExit
lacuna_command_eval (int argc, char **argv)
{
  g_auto (Options) options = { 0 };
  const GOptionEntry entries[] = {
    { "masks", 0, 0, G_OPTION_ARG_FILENAME, &options.masks, "Folder of masks, or the mask of all", "MASKS" },
    { "model", 'm', 0, G_OPTION_ARG_FILENAME, &options.model, "Model, by name or as a .safetensors file", "MODEL" },
    { "device", 'd', 0, G_OPTION_ARG_STRING, &options.device, "OpenCL device, by its name or a part of it", "DEVICE" },
    { "json", 0, 0, G_OPTION_ARG_NONE, &options.json, "Print the figures as a JSON object", NULL },
    { NULL },
  };
  g_autoptr (GPtrArray) samples = NULL;
  g_autoptr (GError) error = NULL;

  if (!lacuna_command_parse (&argc, &argv, entries, "FOLDER", "Measures how well a model fills photos that are known.",
                             description))
    return LACUNA_EXIT_WRONG_USE;
  if (argc != 2)
    return lacuna_command_reject (_ ("One folder of photos is needed."));
  if (options.masks == NULL)
    return lacuna_command_reject (_ ("Where the masks are is missing: --masks MASKS."));
  samples = find_samples (argv[1], options.masks, &error);
  if (samples == NULL)
    {
      lacuna_command_complain ("%s", error->message);
      return LACUNA_EXIT_FAILED;
    }
  return measure_all (samples, &options);
}
