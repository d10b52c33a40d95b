/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The command “lacuna eval”: fills photos that are known, compares the fills with what was there, and prints the
 * figures. A photo that one model can't fill is left out for all of them, so that all columns are means over the
 * same photos; `measures` holds the first model's photos, then the next one's. The main thread runs all of it, and
 * waits in lacuna_engine_fill() while the engine's thread fills. */
#include <errno.h>
#include <glib/gi18n.h>
#include <string.h>

#include "app/command/command.h"
#include "app/command/eval-report.h"
#include "app/command/file-use.h"
#include "app/command/interrupt.h"
#include "app/command/pairs.h"
#include "app/command/sheet.h"
#include "app/command/terminal-progress.h"
#include "engine/lacuna.h"

typedef struct {
  char *masks;
  char **models;
  char *device;
  char *detail;
  int variant;
  char *keep;  /* folder for the fills */
  char *sheet; /* contact sheet */
  gboolean json;
} Options;

/* A photo and the mask of what is to be hidden of it. */
typedef struct {
  char *name;
  char *photo;
  char *mask;
  gboolean failed; /* a model could not fill it, or it was not read: no model is compared by it */
} Sample;

/* All that is measured. */
typedef struct {
  const Options *options;
  GPtrArray *samples;          /* of Sample */
  GPtrArray *names;            /* of strings: what the models are called */
  LacunaEvalMeasure *measures; /* model by model, one for each sample */
  LacunaSheet *sheet;          /* or NULL: none is wanted */
  LacunaEngine *engine;
  GCancellable *cancellable;
} Evaluation;

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
    "Several models are compared side by side on the same holes: the mean figures, the sheet's fills and --json have a\n"
    "column for each, and the folder of --keep has a folder for each. A photo that one can't fill is left out for all.\n"
    "\n"
    "Examples:\n"
    "  lacuna eval photos/ --masks masks/ --model default\n"
    "  lacuna eval photos/ --masks masks/ --model default --model mine --sheet sheet.png");

static void
options_clear (Options *self)
{
  g_free (self->masks);
  g_strfreev (self->models);
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

/* Returns where a fill is kept: in the folder of --keep, or, with several models, in the model's folder in there. */
static char *
name_result (const Evaluation *self, guint model, const Sample *sample)
{
  const char *suffix = strrchr (sample->name, '.');
  g_autofree char *stem
      = g_strndup (sample->name, suffix != NULL ? (gsize) (suffix - sample->name) : strlen (sample->name));
  g_autofree char *name = g_strconcat (stem, ".png", NULL);

  return self->names->len > 1 ? g_build_filename (self->options->keep, self->names->pdata[model], name, NULL)
                              : g_build_filename (self->options->keep, name, NULL);
}

static gboolean
keep_result (const Evaluation *self, guint model, const Sample *sample, LacunaPhoto *result, GError **error)
{
  g_autofree char *path = name_result (self, model, sample);

  return lacuna_photo_save (result, path, NULL, error);
}

/* Whether nothing that is read is overwritten, and nothing is written twice. */
static gboolean
check_files (const Evaluation *self)
{
  g_autoptr (LacunaFileUse) use = lacuna_file_use_new ();

  for (guint model = 0; model < self->names->len; model++)
    {
      g_autofree char *weights
          = lacuna_models_find (self->options->models != NULL ? self->options->models[model] : NULL, NULL);

      lacuna_file_use_read (use, weights);
      for (guint i = 0; self->options->keep != NULL && i < self->samples->len; i++)
        {
          g_autofree char *path = name_result (self, model, self->samples->pdata[i]);

          lacuna_file_use_write (use, path);
        }
    }
  for (guint i = 0; i < self->samples->len; i++)
    {
      lacuna_file_use_read (use, ((const Sample *) self->samples->pdata[i])->photo);
      lacuna_file_use_read (use, ((const Sample *) self->samples->pdata[i])->mask);
    }
  lacuna_file_use_write (use, self->options->sheet);
  return lacuna_file_use_check (use, NULL);
}

/* Adds a fill to the contact sheet; with one model, also what the network alone makes. */
static gboolean
show (const Evaluation *self, guint model, guint row, LacunaFill *fill, LacunaPhoto *truth, LacunaPhoto *hidden,
      LacunaPhoto *result, LacunaMask *mask, GError **error)
{
  const gboolean alone = self->names->len == 1;
  g_autoptr (LacunaPhoto) network = NULL;

  if (alone && (network = lacuna_fill_apply (fill, hidden, LACUNA_STAGE_REFINED, error)) == NULL)
    return FALSE;
  return lacuna_sheet_set_cell (self->sheet, row, 0, truth, mask, error)
         && lacuna_sheet_set_cell (self->sheet, row, 1, hidden, mask, error)
         && (!alone || lacuna_sheet_set_cell (self->sheet, row, 2, network, mask, error))
         && lacuna_sheet_set_cell (self->sheet, row, alone ? 3 : 2 + model, result, mask, error);
}

static gboolean
measure (const Evaluation *self, guint model, guint at, LacunaEvalMeasure *ret_measure, GError **error)
{
  const Sample *sample = self->samples->pdata[at];
  const LacunaFillOptions options = { .model = self->options->models != NULL ? self->options->models[model] : NULL,
                                      .variant = (guint) self->options->variant,
                                      .without_detail = g_strcmp0 (self->options->detail, "off") == 0 };
  g_autoptr (LacunaPhoto) truth = NULL, hidden = NULL, result = NULL;
  g_autoptr (LacunaMask) mask = NULL;
  g_autoptr (LacunaFill) fill = NULL;
  gint64 start;

  if (!load (sample, self->cancellable, &truth, &mask, error) || (hidden = hide_hole (truth, mask, error)) == NULL)
    return FALSE;
  start = g_get_monotonic_time ();
  fill = lacuna_engine_fill (self->engine, hidden, mask, &options, NULL, NULL, self->cancellable, error);
  if (fill == NULL)
    {
      g_prefix_error (error, _ ("“%s”: "), sample->photo);
      return FALSE;
    }
  result = lacuna_fill_apply (fill, hidden, LACUNA_STAGE_DETAIL, error);
  if (result == NULL)
    return FALSE;
  ret_measure->seconds = (g_get_monotonic_time () - start) * 1e-6;
  return lacuna_score_photo (result, truth, mask, &ret_measure->score, error)
         && (self->options->keep == NULL || keep_result (self, model, sample, result, error))
         && (self->sheet == NULL || show (self, model, at, fill, truth, hidden, result, mask, error));
}

/* What a model is called in what is told: its name, or that of its file. */
static char *
get_model_name (const char *model)
{
  char *name = g_path_get_basename (model);

  if (g_str_has_suffix (name, ".safetensors"))
    name[strlen (name) - strlen (".safetensors")] = '\0';
  return name;
}

/* The names of the models, which are there and can be told apart. */
static GPtrArray *
list_models (const Options *options, GError **error)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  const char *const by_itself[] = { "default", NULL };
  const char *const *models = options->models != NULL ? (const char *const *) options->models : by_itself;

  for (; *models != NULL; models++)
    {
      g_autofree char *path = lacuna_models_find (*models, error);
      g_autofree char *name = get_model_name (*models);

      if (path == NULL)
        return NULL;
      if (g_ptr_array_find_with_equal_func (names, name, g_str_equal, NULL))
        {
          g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_UNFIT,
                       _ ("Two of the models are called “%s”. Give each once, and files under different names."), name);
          return NULL;
        }
      g_ptr_array_add (names, g_steal_pointer (&name));
    }
  return g_steal_pointer (&names);
}

static gboolean
make_folder (const char *path, GError **error)
{
  if (g_mkdir_with_parents (path, 0777) == 0)
    return TRUE;
  g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_FILE, _ ("The folder “%s” can't be made: %s"), path,
               g_strerror (errno));
  return FALSE;
}

static gboolean
make_folders (const Evaluation *self, GError **error)
{
  if (!make_folder (self->options->keep, error))
    return FALSE;
  for (guint i = 0; self->names->len > 1 && i < self->names->len; i++)
    {
      g_autofree char *path = g_build_filename (self->options->keep, self->names->pdata[i], NULL);

      if (!make_folder (path, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
make_sheet (Evaluation *self, GError **error)
{
  const guint n_columns = self->names->len > 1 ? 2 + self->names->len : 4;
  const guint most = LACUNA_SHEET_MOST_CELLS / n_columns;

  if (self->samples->len > most)
    {
      g_set_error (
          error, LACUNA_ERROR, LACUNA_ERROR_UNFIT,
          _ ("A contact sheet has %d rows at most, and there are %u photos. Take fewer, or keep the fills: --keep."),
          most, self->samples->len);
      return FALSE;
    }
  self->sheet = lacuna_sheet_new (self->samples->len, n_columns, error);
  return self->sheet != NULL && lacuna_publish_check (self->options->sheet, LACUNA_PUBLISH_DEFAULT, error);
}

/* Whether the files that are asked for can be written, which is not to be learnt after hours. */
static gboolean
prepare (Evaluation *self, GError **error)
{
  self->measures = g_new0 (LacunaEvalMeasure, self->names->len * self->samples->len);
  return (self->options->keep == NULL || make_folders (self, error))
         && (self->options->sheet == NULL || make_sheet (self, error));
}

/* Leaves out what failed. */
static LacunaExit
finish (Evaluation *self)
{
  g_autoptr (GPtrArray) photos = g_ptr_array_new ();
  LacunaEvalReport report = { .n_models = self->names->len, .models = (char **) self->names->pdata };
  g_autoptr (GError) error = NULL;
  guint n = 0;

  for (guint i = 0; i < self->names->len * self->samples->len; i++)
    {
      const Sample *sample = self->samples->pdata[i % self->samples->len];

      if (sample->failed)
        continue;
      self->measures[n++] = self->measures[i];
      if (i < self->samples->len)
        g_ptr_array_add (photos, sample->name);
    }
  if (photos->len == 0)
    return LACUNA_EXIT_FAILED;
  report.measures = self->measures;
  report.photos = (char **) photos->pdata;
  report.n_photos = photos->len;
  if (self->options->json)
    lacuna_eval_report_print_json (&report);
  else
    lacuna_eval_report_print (&report);
  if (self->sheet == NULL || lacuna_sheet_save (self->sheet, self->options->sheet, &error))
    return LACUNA_EXIT_DONE;
  lacuna_command_complain ("%s", error->message);
  return LACUNA_EXIT_FAILED;
}

static LacunaExit
fail (Evaluation *self, guint at, const GError *error)
{
  Sample *sample = self->samples->pdata[at];

  sample->failed = TRUE;
  if (self->sheet != NULL)
    lacuna_sheet_drop_row (self->sheet, at);
  lacuna_terminal_progress_clear ();
  lacuna_command_complain ("%s", error->message);
  return LACUNA_EXIT_FAILED;
}

/* Goes model by model, so that each is loaded once. */
static LacunaExit
measure_all (Evaluation *self)
{
  const guint n = self->names->len * self->samples->len;
  LacunaExit code = LACUNA_EXIT_DONE;

  for (guint i = 0; i < n && !g_cancellable_is_cancelled (self->cancellable); i++)
    {
      const guint model = i / self->samples->len, at = i % self->samples->len;
      const Sample *sample = self->samples->pdata[at];
      g_autoptr (GError) error = NULL;

      lacuna_terminal_progress_show ((double) i / n, sample->name);
      if (!sample->failed && !measure (self, model, at, &self->measures[i], &error))
        code = fail (self, at, error);
    }
  lacuna_terminal_progress_clear ();
  if (g_cancellable_is_cancelled (self->cancellable))
    return LACUNA_EXIT_FAILED;
  return MAX (finish (self), code);
}

static LacunaExit
evaluate (const char *folder, const Options *options)
{
  g_autoptr (GCancellable) cancellable = lacuna_interrupt_new ();
  g_autoptr (LacunaEngine) engine = lacuna_engine_new (options->device, 0);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) samples = find_samples (folder, options->masks, &error);
  g_autoptr (GPtrArray) names = samples != NULL ? list_models (options, &error) : NULL;
  Evaluation run
      = { .options = options, .samples = samples, .names = names, .engine = engine, .cancellable = cancellable };
  LacunaExit code = LACUNA_EXIT_FAILED;

  if (names != NULL && !check_files (&run))
    return LACUNA_EXIT_WRONG_USE;
  if (names != NULL && prepare (&run, &error))
    code = measure_all (&run);
  else
    lacuna_command_complain ("%s", error->message);
  g_free (run.measures);
  lacuna_sheet_free (run.sheet);
  return code;
}

LacunaExit
lacuna_command_eval (int argc, char **argv)
{
  g_auto (Options) options = { 0 };
  const GOptionEntry entries[] = {
    { "masks", 0, 0, G_OPTION_ARG_FILENAME, &options.masks, N_ ("Folder of masks, or the mask of all"), N_ ("MASKS") },
    { "model", 'm', 0, G_OPTION_ARG_FILENAME_ARRAY, &options.models,
      N_ ("Model, by name or as a .safetensors file; more of them are compared"), N_ ("MODEL") },
    { "device", 'd', 0, G_OPTION_ARG_STRING, &options.device, N_ ("OpenCL device, by its name or a part of it"),
      N_ ("DEVICE") },
    { "detail", 0, 0, G_OPTION_ARG_STRING, &options.detail,
      N_ ("Pixels of the photo at full resolution: on (default), off"), "on|off" },
    { "variant", 0, 0, G_OPTION_ARG_INT, &options.variant,
      N_ ("Another fill: 1 without the network's guess as a guide, 2 with twice the context, 3 at half the scale, "
          "4 with both"),
      "K" },
    { "keep", 0, 0, G_OPTION_ARG_FILENAME, &options.keep, N_ ("Folder to keep the fills in, as PNG"), N_ ("DIR") },
    { "sheet", 0, 0, G_OPTION_ARG_FILENAME, &options.sheet, N_ ("Write a contact sheet, as PNG"), N_ ("FILE") },
    { "json", 0, 0, G_OPTION_ARG_NONE, &options.json, N_ ("Print the figures as a JSON object"), NULL },
    { NULL },
  };

  if (!lacuna_command_parse (&argc, &argv, entries, N_ ("FOLDER"),
                             N_ ("Measures how well a model fills photos that are known."), description))
    return LACUNA_EXIT_WRONG_USE;
  if (argc != 2)
    return lacuna_command_reject (_ ("One folder of photos is needed."));
  if (options.masks == NULL)
    return lacuna_command_reject (_ ("Where the masks are is missing: --masks MASKS."));
  if (options.detail != NULL && strcmp (options.detail, "on") != 0 && strcmp (options.detail, "off") != 0)
    return lacuna_command_reject (_ ("--detail is on or off, not “%s”."), options.detail);
  if (options.variant < 0 || options.variant >= LACUNA_FILL_N_VARIANTS)
    return lacuna_command_reject (_ ("--variant is from 0 to %d, not %d."), LACUNA_FILL_N_VARIANTS - 1,
                                  options.variant);
  if (options.variant == LACUNA_FILL_WITHOUT_GUIDE && g_strcmp0 (options.detail, "off") == 0)
    return lacuna_command_reject (
        _ ("--variant %d differs in the detail alone: leave --detail off out, or choose another one."),
        options.variant);
  return evaluate (argv[1], &options);
}
