/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <glib/gi18n.h>
#include <math.h>
#include <stddef.h>
#include <string.h>
#include <sys/resource.h>

#include "app/command/command.h"
#include "app/command/interrupt.h"
#include "app/command/pairs.h"
#include "app/command/sheet.h"
#include "app/command/terminal-progress.h"
#include "engine/lacuna.h"

typedef struct {
  char *masks;
  char *model;
  char *device;
  char *detail;
  char *keep;  /* folder for the fills */
  char *sheet; /* contact sheet */
  gboolean json;
} Options;

/* A photo, the mask of what is to be hidden of it, and how well that was filled. */
typedef struct {
  char *name;
  char *photo;
  char *mask;
  LacunaScore score;
  double seconds;
} Sample;

typedef struct {
  const char *name;
  gsize offset; /* in Sample */
  gboolean geometric;
} Figure;

#define FIGURE(title, member)                                                                                          \
  {                                                                                                                    \
    .name = title, .offset = offsetof (Sample, member)                                                                 \
  }

#define TAIL 0.9 /* the share of the photos whose texture error is no greater than what is told */

static const Figure hole_figures[] = {
  FIGURE ("l1", score.hole.l1),
  FIGURE ("l2", score.hole.l2),
  FIGURE ("psnr", score.hole.psnr),
  FIGURE ("ssim", score.hole.ssim),
  FIGURE ("tv", score.tv),
  FIGURE ("texture", score.texture),
  FIGURE ("low", score.low),
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

static const char *const description = N_ (
    "Each photo of FOLDER is filled with what its mask marks greyed out, and compared with what was there. Its mask\n"
    "is the file of the same stem (.png) in the folder MASKS, or MASKS itself if that is a file.\n"
    "\n"
    "L1, L2 and TV are in %, PSNR in dB; sharpness, noise and seam are ratios to the surroundings, edge is the seam's\n"
    "ratio to what was there; all are best near 1. L1, L2 and PSNR reward blur. Texture tells how far the fill is from\n"
    "as textured or as plain as what was there, low (in %) how far large areas are from its colours.\n"
    "\n"
    "A row of the contact sheet shows the photo around the hole, the hole, the network's fill and the whole fill.\n"
    "\n"
    "Example:\n"
    "  lacuna eval photos/ --masks masks/ --model default");

static void
options_clear (Options *self)
{
  g_free (self->masks);
  g_free (self->model);
  g_free (self->device);
  g_free (self->detail);
  g_free (self->keep);
  g_free (self->sheet);
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

/* Reads the photo and its mask. */
static gboolean
load (const Sample *self, GCancellable *cancellable, LacunaPhoto **ret_photo, LacunaMask **ret_mask, GError **error)
{
  g_autoptr (LacunaPhoto) photo = lacuna_photo_load (self->photo, cancellable, error);
  g_autoptr (LacunaMask) mask = photo != NULL ? lacuna_mask_load (self->mask, NULL, error) : NULL;

  if (mask == NULL)
    return FALSE;
  if (lacuna_mask_get_width (mask) != lacuna_photo_get_width (photo)
      || lacuna_mask_get_height (mask) != lacuna_photo_get_height (photo))
    {
      g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_UNFIT, _ ("“%s” and its mask “%s” differ in size."), self->photo,
                   self->mask);
      return FALSE;
    }
  *ret_photo = g_steal_pointer (&photo);
  *ret_mask = g_steal_pointer (&mask);
  return TRUE;
}

static gboolean
keep_result (const Sample *self, LacunaPhoto *result, const Options *options, GError **error)
{
  const char *suffix = strrchr (self->name, '.');
  int length = suffix != NULL ? (int) (suffix - self->name) : (int) strlen (self->name);
  g_autofree char *name = g_strdup_printf ("%.*s.png", length, self->name);
  g_autofree char *path = g_build_filename (options->keep, name, NULL);

  return lacuna_photo_save (result, path, NULL, error);
}

static gboolean
add_row (LacunaSheet *sheet, LacunaFill *fill, LacunaPhoto *truth, LacunaPhoto *hidden, LacunaPhoto *result,
         LacunaMask *mask, GError **error)
{
  g_autoptr (LacunaPhoto) network = lacuna_fill_apply (fill, hidden, LACUNA_STAGE_REFINED, error);
  LacunaPhoto *const photos[LACUNA_SHEET_COLUMNS] = { truth, hidden, network, result };

  return network != NULL && lacuna_sheet_add (sheet, photos, mask, error);
}

/* sheet: NULL: none is wanted. */
static gboolean
measure (Sample *self, LacunaEngine *engine, const Options *options, LacunaSheet *sheet, GCancellable *cancellable,
         GError **error)
{
  const LacunaFillOptions fill_options
      = { .model = options->model, .without_detail = g_strcmp0 (options->detail, "off") == 0 };
  g_autoptr (LacunaPhoto) truth = NULL;
  g_autoptr (LacunaPhoto) hidden = NULL;
  g_autoptr (LacunaPhoto) result = NULL;
  g_autoptr (LacunaMask) mask = NULL;
  g_autoptr (LacunaFill) fill = NULL;
  gint64 start;

  if (!load (self, cancellable, &truth, &mask, error) || (hidden = hide_hole (truth, mask, error)) == NULL)
    return FALSE;
  start = g_get_monotonic_time ();
  fill = lacuna_engine_fill (engine, hidden, mask, &fill_options, NULL, NULL, cancellable, error);
  if (fill == NULL)
    {
      g_prefix_error (error, _ ("“%s”: "), self->photo);
      return FALSE;
    }
  result = lacuna_fill_apply (fill, hidden, LACUNA_STAGE_DETAIL, error);
  if (result == NULL)
    return FALSE;
  self->seconds = (g_get_monotonic_time () - start) * 1e-6;
  return lacuna_score_photo (result, truth, mask, &self->score, error)
         && (options->keep == NULL || keep_result (self, result, options, error))
         && (sheet == NULL || add_row (sheet, fill, truth, hidden, result, mask, error));
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

static int
compare_texture (gconstpointer a, gconstpointer b)
{
  double x = (*(Sample *const *) a)->score.texture, y = (*(Sample *const *) b)->score.texture;

  return (x > y) - (x < y);
}

/* The quantile of the texture error, between the two photos that are next to it by their distance. */
static double
get_tail (GPtrArray *samples)
{
  g_autoptr (GPtrArray) sorted = g_ptr_array_copy (samples, NULL, NULL);
  double at = TAIL * (samples->len - 1);
  guint below = (guint) at, above = MIN (below + 1, samples->len - 1);
  double low, high;

  g_ptr_array_sort (sorted, compare_texture);
  low = ((const Sample *) sorted->pdata[below])->score.texture;
  high = ((const Sample *) sorted->pdata[above])->score.texture;
  return low + (at - below) * (high - low);
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
  lacuna_command_print_json (g_variant_new_parsed ("{'photos': <%@aa{sv}>, 'mean': <%@a{sv}>, 'texture_tail': <%d>,"
                                                   " 'peak_memory': <%t>}",
                                                   g_variant_builder_end (&builder), describe (samples, NULL),
                                                   get_tail (samples), get_peak_memory ()));
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
  print_row (samples, _ ("mean"));
  g_print (_ ("texture, 90th percentile: %.3f\n"), get_tail (samples));
  g_print (_ ("peak memory: %s\n"), memory);
}

/* Whether the files that are asked for can be written, which is not to be learnt after hours. */
static gboolean
prepare (GPtrArray *samples, const Options *options, GError **error)
{
  if (options->sheet != NULL && samples->len > LACUNA_SHEET_MOST_ROWS)
    {
      g_set_error (
          error, LACUNA_ERROR, LACUNA_ERROR_UNFIT,
          _ ("A contact sheet has %d rows at most, and there are %u photos. Take fewer, or keep the fills: --keep."),
          LACUNA_SHEET_MOST_ROWS, samples->len);
      return FALSE;
    }
  if (options->keep != NULL && g_mkdir_with_parents (options->keep, 0777) != 0)
    {
      g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_FILE, _ ("The folder “%s” can't be made: %s"), options->keep,
                   g_strerror (errno));
      return FALSE;
    }
  return options->sheet == NULL || lacuna_publish_check (options->sheet, LACUNA_PUBLISH_DEFAULT, error);
}

static LacunaExit
finish (GPtrArray *measured, LacunaSheet *sheet, const Options *options)
{
  g_autoptr (GError) error = NULL;

  if (options->json)
    print_json (measured, options);
  else
    print_table (measured);
  if (sheet == NULL || lacuna_sheet_save (sheet, options->sheet, &error))
    return LACUNA_EXIT_DONE;
  lacuna_command_complain ("%s", error->message);
  return LACUNA_EXIT_FAILED;
}

static LacunaExit
measure_all (GPtrArray *samples, const Options *options)
{
  g_autoptr (GCancellable) cancellable = lacuna_interrupt_new ();
  g_autoptr (LacunaEngine) engine = lacuna_engine_new (options->device, 0);
  g_autoptr (LacunaSheet) sheet = options->sheet != NULL ? lacuna_sheet_new () : NULL;
  g_autoptr (GPtrArray) measured = g_ptr_array_new ();
  LacunaExit code = LACUNA_EXIT_DONE;

  for (guint i = 0; i < samples->len && !g_cancellable_is_cancelled (cancellable); i++)
    {
      Sample *sample = samples->pdata[i];
      g_autoptr (GError) error = NULL;

      lacuna_terminal_progress_show ((double) i / samples->len, sample->name);
      if (measure (sample, engine, options, sheet, cancellable, &error))
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
  return MAX (finish (measured, sheet, options), code);
}

LacunaExit
lacuna_command_eval (int argc, char **argv)
{
  g_auto (Options) options = { 0 };
  const GOptionEntry entries[] = {
    { "masks", 0, 0, G_OPTION_ARG_FILENAME, &options.masks, N_ ("Folder of masks, or the mask of all"), N_ ("MASKS") },
    { "model", 'm', 0, G_OPTION_ARG_FILENAME, &options.model,
      N_ ("Model, by name or as a .safetensors file"), N_ ("MODEL") },
    { "device", 'd', 0, G_OPTION_ARG_STRING, &options.device,
      N_ ("OpenCL device, by its name or a part of it"), N_ ("DEVICE") },
    { "detail", 0, 0, G_OPTION_ARG_STRING, &options.detail,
      N_ ("Pixels of the photo at full resolution: on (default), off"), "on|off" },
    { "keep", 0, 0, G_OPTION_ARG_FILENAME, &options.keep, N_ ("Folder to keep the fills in, as PNG"), N_ ("DIR") },
    { "sheet", 0, 0, G_OPTION_ARG_FILENAME, &options.sheet, N_ ("Write a contact sheet, as PNG"), N_ ("FILE") },
    { "json", 0, 0, G_OPTION_ARG_NONE, &options.json, N_ ("Print the figures as a JSON object"), NULL },
    { NULL },
  };
  g_autoptr (GPtrArray) samples = NULL;
  g_autoptr (GError) error = NULL;

  if (!lacuna_command_parse (&argc, &argv, entries, N_ ("FOLDER"),
                             N_ ("Measures how well a model fills photos that are known."), description))
    return LACUNA_EXIT_WRONG_USE;
  if (argc != 2)
    return lacuna_command_reject (_ ("One folder of photos is needed."));
  if (options.masks == NULL)
    return lacuna_command_reject (_ ("Where the masks are is missing: --masks MASKS."));
  if (options.detail != NULL && strcmp (options.detail, "on") != 0 && strcmp (options.detail, "off") != 0)
    return lacuna_command_reject (_ ("--detail is on or off, not “%s”."), options.detail);
  samples = find_samples (argv[1], options.masks, &error);
  if (samples == NULL || !prepare (samples, &options, &error))
    {
      lacuna_command_complain ("%s", error->message);
      return LACUNA_EXIT_FAILED;
    }
  return measure_all (samples, &options);
}
