#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "app/bar.h"
#include "app/command.h"
#include "app/interrupt.h"
#include "engine/engine.h"
#include "engine/fill/export.h"

#define MAX_GROW 1000

typedef struct
{
  char *output;
  char *stages;
  char *model;
  char *device;
  char *detail;
  int grow;
  gboolean explain;
  gboolean force;
  gboolean json;
  char **operands;
} Options;

/* One photo to fill. */
typedef struct
{
  const char *photo;
  const char *mask;
  char *output; /* NULL: nothing is filled, only explained */
  const char *folder; /* that the output is to be in, made where it is missing; or NULL */
  char *stages;       /* folder, or NULL */
} Task;

/* What became of it. */
typedef struct
{
  char *model;      /* path of the weights, once it is known */
  GPtrArray *notes; /* of strings: what of its files was left out, and how they were understood */
  GPtrArray *plan;  /* of LacunaRegion, where it is to be explained */
  LacunaFill *fill; /* or NULL */
  double seconds;
} Outcome;

static const char description[]
    = "PHOTO and OUT are JPEG, PNG, WebP, TIFF, HEIC or AVIF files. MASK is an image of the same size, white where\n"
      "something is to be removed, and black where the photo is to stay. What is soft is removed as well: all that is\n"
      "an eighth of the way from black to white or more, and what fades out around it (in a JPEG 2 pixels).\n"
      "Other masks are understood where it is plain what they mark, and that is said: labels or colours on black (all\n"
      "but black), strokes on transparency or over the photo itself, and a photo with a transparent hole. What is\n"
      "transparent in PHOTO is not copied, and what is filled becomes opaque.\n"
      "\n"
      "What is not marked (with --grow N, what is farther than N from it) keeps its value in PNG and TIFF. WebP, HEIC,\n"
      "AVIF, and a JPEG from another format encode the whole photo anew, with small changes everywhere. A JPEG from a JPEG that needs no turning keeps the coefficients of every block of 8×8\n"
      "(for colour up to 16×16) pixels that the hole does not touch: those pixels decode as before, except that a\n"
      "decoder may smooth colour over the 2 pixels next to a touched block.\n"
      "\n"
      "OUT is written whole or not at all, through links; an old file's mode, owner and attributes are kept. With\n"
      "--force OUT may be PHOTO or MASK, write-protected, or one of several hard links, which then have the old content.\n"
      "A pipe or a device is written to.\n"
      "\n"
      "Examples:\n"
      "  lacuna fill beach.jpg beach.mask.png -o beach-filled.jpg\n"
      "  lacuna fill a.jpg a.mask.png b.jpg b.mask.png -o filled/\n"
      "  lacuna fill beach.jpg beach.mask.png -o out.png --stages stages/\n"
      "  lacuna fill beach.jpg beach.mask.png --explain\n"
      "\n"
      "--stages writes for each region k what the network was given and gave: k-input.npy, k-coarse.npy,\n"
      "k-refined.npy, k-attention.npy, k-coarse.png, k-refined.png, k-flow.png and k-window.json; with detail k-detail.png\n"
      "and k-offsets.npy; of several photos into a folder each.\n"
      "\n"
      "Exit codes: 0 done (or the mask was empty), 1 failed, 2 wrong use.";

static void
options_clear (Options *self)
{
  g_free (self->output);
  g_free (self->stages);
  g_free (self->model);
  g_free (self->device);
  g_free (self->detail);
  g_strfreev (self->operands);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

static void
outcome_clear (Outcome *self)
{
  g_free (self->model);
  g_clear_pointer (&self->notes, g_ptr_array_unref);
  g_clear_pointer (&self->plan, g_ptr_array_unref);
  g_clear_object (&self->fill);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Outcome, outcome_clear)

static void
task_free (gpointer data)
{
  Task *self = data;

  g_free (self->output);
  g_free (self->stages);
  g_free (self);
}

static gboolean
is_input (const Task *task, const Task *other)
{
  return lacuna_command_is_same_file (task->output, other->photo)
         || lacuna_command_is_same_file (task->output, other->mask);
}

/* None may be an input, unless that is wanted, or the output for another photo, whose name it bears in a folder. */
static gboolean
check_outputs (GPtrArray *tasks, const Options *options)
{
  for (guint i = 0; i < tasks->len; i++)
    for (guint j = 0; j < tasks->len; j++)
      {
        const Task *task = tasks->pdata[i], *other = tasks->pdata[j];

        if (task->output != NULL && !options->force && is_input (task, other))
          {
            lacuna_command_reject ("“%s” would be overwritten, of which it is made. Name another %s, or use --force.",
                                   task->output, task->folder != NULL ? "folder" : "file");
            return FALSE;
          }
        if (i < j && strcmp (task->output, other->output) == 0)
          {
            lacuna_command_reject ("Two photos would be written as “%s”.", task->output);
            return FALSE;
          }
      }
  return TRUE;
}

/* NULL where the use was wrong, and that was said. */
static GPtrArray *
make_tasks (const Options *options)
{
  guint n = options->operands != NULL ? g_strv_length (options->operands) : 0;
  g_autoptr (GPtrArray) tasks = g_ptr_array_new_with_free_func (task_free);
  gboolean in_folder;

  if (n == 0 || n % 2 != 0)
    {
      lacuna_command_reject ("A photo and its mask are needed%s.", n > 0 ? ", for each photo one" : "");
      return NULL;
    }
  if (options->output == NULL && (!options->explain || options->stages != NULL))
    {
      lacuna_command_reject ("Where to write is missing: -o OUT.");
      return NULL;
    }
  in_folder = options->output != NULL
              && (g_str_has_suffix (options->output, "/") || g_file_test (options->output, G_FILE_TEST_IS_DIR));
  if (n > 2 && options->output != NULL && !in_folder)
    {
      lacuna_command_reject ("Several photos need a folder: -o “%s/”.", options->output);
      return NULL;
    }
  for (guint i = 0; i < n; i += 2)
    {
      Task *task = g_new0 (Task, 1);
      g_autofree char *name = g_path_get_basename (options->operands[i]);

      task->photo = options->operands[i];
      task->mask = options->operands[i + 1];
      task->output = in_folder ? g_build_filename (options->output, name, NULL) : g_strdup (options->output);
      task->folder = in_folder ? options->output : NULL;
      if (options->stages != NULL)
        task->stages = n > 2 ? g_build_filename (options->stages, name, NULL) : g_strdup (options->stages);
      g_ptr_array_add (tasks, task);
    }
  if (!check_outputs (tasks, options))
    return NULL;
  return g_steal_pointer (&tasks);
}

static void
on_progress (const LacunaFillProgress *progress, gpointer data)
{
  static const char *const phases[] = {
    [LACUNA_PROGRESS_PREPARING] = "preparing",
    [LACUNA_PROGRESS_COARSE] = "coarse",
    [LACUNA_PROGRESS_REFINING] = "refining",
    [LACUNA_PROGRESS_DETAIL] = "detail",
    [LACUNA_PROGRESS_DONE] = "done",
  };
  const Task *task = data;
  g_autofree char *photo = g_path_get_basename (task->photo);
  g_autofree char *what = progress->n_regions > 1
                              ? g_strdup_printf ("%s: %s, hole %u of %u", photo, phases[progress->phase],
                                                 progress->region + 1, progress->n_regions)
                              : g_strdup_printf ("%s: %s", photo, phases[progress->phase]);

  if (progress->note != NULL)
    {
      lacuna_bar_clear ();
      lacuna_command_complain ("“%s”: %s", task->photo, progress->note);
    }
  lacuna_bar_show (progress->fraction, what);
}

static gboolean
export_stages (LacunaFill *fill, LacunaPhoto *photo, const char *folder, GError **error)
{
  for (guint i = 0; i < lacuna_fill_get_n_regions (fill); i++)
    if (!lacuna_region_export (lacuna_fill_get_region (fill, i), photo, folder, i, lacuna_fill_get_model (fill),
                               error))
      return FALSE;
  return TRUE;
}

static gboolean
make_folder (const char *path, GError **error)
{
  if (path == NULL || g_mkdir_with_parents (path, 0777) == 0)
    return TRUE;
  g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_FILE, "The folder “%s” can't be made: %s. Choose another one.", path,
               g_strerror (errno));
  return FALSE;
}

/* Whether a folder is there, or could be made, and written to. */
static gboolean
check_folder (const char *path, GError **error)
{
  g_autofree char *at = g_strdup (path);

  while (at != NULL && !g_file_test (at, G_FILE_TEST_EXISTS))
    {
      char *above = g_path_get_dirname (at);

      g_free (at);
      at = above;
    }
  if (at == NULL || (g_file_test (at, G_FILE_TEST_IS_DIR) && g_access (at, W_OK | X_OK) == 0))
    return TRUE;
  g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_FILE,
               "Nothing can be written to the folder “%s”: “%s” %s. Choose another one.", path, at,
               g_file_test (at, G_FILE_TEST_IS_DIR) ? "is write-protected" : "is no folder");
  return FALSE;
}

/* All that can be known of the output before it is made. */
static gboolean
check_output (const Task *task, const Options *options, LacunaPhoto *photo, GError **error)
{
  const LacunaSaveOptions save = { .force = options->force };

  if (!check_folder (task->stages, error))
    return FALSE;
  if (task->output == NULL)
    return TRUE;
  if (task->folder == NULL || g_file_test (task->folder, G_FILE_TEST_IS_DIR))
    return lacuna_photo_check_save (photo, task->output, &save, error);
  return lacuna_photo_check_format (photo, task->output, error) && check_folder (task->folder, error);
}

static gboolean
is_off (const char *option)
{
  return g_strcmp0 (option, "off") == 0;
}

/* The plan of a fill: its windows, their scales and why, and what work that is. */
static void
explain (const Task *task, GPtrArray *regions, gboolean with_detail)
{
  static const char *const reasons[] = {
    [LACUNA_PLAN_COMPACT] = "the scale that its thickness asks for",
    [LACUNA_PLAN_CHAIN] = "a piece of a long thin hole, which overlaps the next, at the fine scale of its thickness",
    [LACUNA_PLAN_LARGE] = "coarser than its thickness asks for, as one window is to hold it",
    [LACUNA_PLAN_MANY] = "coarser than its thickness asks for, as there are so many",
  };
  gsize network = 0, detail = 0;

  for (guint i = 0; i < regions->len; i++)
    {
      const LacunaRegion *region = g_ptr_array_index (regions, i);
      g_autofree char *holes = region->n_holes == 1 ? g_strdup ("1 hole") : g_strdup_printf ("%u holes", region->n_holes);

      g_print ("%s: window %u of %u: %d×%d pixels at %d, %d, seen at 1/%u as %d×%d, for %s of thickness %.0f: %s\n",
               task->photo, i + 1, regions->len, region->box.width, region->box.height, region->box.x, region->box.y,
               1u << region->halvings, region->width, region->height, holes, region->thickness,
               reasons[region->reason]);
      network += lacuna_plan_get_network_pixels (region);
      detail += lacuna_plan_get_detail_pixels (region);
    }
  g_print ("%s: in all %.2f million pixels for the network", task->photo, network * 1e-6);
  if (with_detail)
    g_print (", and detail for %.2f million pixels of the photo", detail * 1e-6);
  g_print ("\n");
}

/* note: or NULL. */
static void
tell (Outcome *outcome, const char *path, const char *note)
{
  if (note == NULL)
    return;
  lacuna_command_complain ("“%s”: %s", path, note);
  g_ptr_array_add (outcome->notes, g_strdup (note));
}

/* The mask of a task, grown as the user wants. */
static LacunaMask *
load_mask (const Task *task, const Options *options, LacunaPhoto *photo, Outcome *outcome, GError **error)
{
  g_autoptr (LacunaMask) mask = NULL;
  LacunaMask *grown;

  /* A huge one is not to be decoded in vain. */
  if (!lacuna_photo_check_size (task->mask, NULL, lacuna_photo_get_width (photo), lacuna_photo_get_height (photo), "mask",
                                error))
    return NULL;
  mask = lacuna_mask_load (task->mask, photo, error);
  if (mask != NULL)
    tell (outcome, task->mask, lacuna_mask_get_note (mask));
  if (mask == NULL || options->grow == 0)
    return g_steal_pointer (&mask);
  grown = lacuna_mask_grow (mask, options->grow);
  if (grown == NULL)
    lacuna_error_set_memory (error, "the grown mask");
  return grown;
}

/* Reads what a task is about. */
static gboolean
load_task (const Task *task, const Options *options, GCancellable *cancellable, Outcome *outcome,
           LacunaPhoto **ret_photo, LacunaMask **ret_mask, GError **error)
{
  g_autoptr (LacunaPhoto) photo
      = lacuna_photo_check_packing (task->photo, NULL, error) ? lacuna_photo_load (task->photo, cancellable, error) : NULL;
  LacunaMask *mask;

  if (photo == NULL || !check_output (task, options, photo, error))
    return FALSE;
  tell (outcome, task->photo, lacuna_photo_get_note (photo));
  mask = load_mask (task, options, photo, outcome, error);
  if (mask == NULL)
    return FALSE;
  *ret_photo = g_steal_pointer (&photo);
  *ret_mask = mask;
  return TRUE;
}

static LacunaFill *
fill_photo (const Task *task, LacunaEngine *engine, const Options *options, LacunaPhoto *photo, LacunaMask *mask,
            GCancellable *cancellable, Outcome *outcome, GError **error)
{
  const LacunaFillOptions fill_options = { .model = options->model,
                                           .keep_scores = task->stages != NULL,
                                           .whole = task->stages != NULL,
                                           .without_detail = is_off (options->detail) };
  const LacunaSaveOptions save = { .force = options->force };
  g_autoptr (LacunaFill) fill = NULL;
  g_autoptr (LacunaPhoto) filled = NULL;

  fill = lacuna_engine_fill (engine, photo, mask, &fill_options, on_progress, (gpointer) task, cancellable, error);
  lacuna_bar_clear ();
  if (fill == NULL)
    {
      g_prefix_error (error, "“%s”: ", task->photo);
      return NULL;
    }
  for (const char *const *note = lacuna_fill_get_notes (fill); *note != NULL; note++)
    tell (outcome, task->photo, *note);
  if (task->stages != NULL && !export_stages (fill, photo, task->stages, error))
    return NULL;
  filled = lacuna_fill_apply (fill, photo, LACUNA_STAGE_DETAIL, error);
  if (filled == NULL || !make_folder (task->folder, error) || !lacuna_photo_save (filled, task->output, &save, error))
    return NULL;
  return g_steal_pointer (&fill);
}

/* Explains the task where that is wanted, before it is done. */
static gboolean
run_task (const Task *task, LacunaEngine *engine, const Options *options, GCancellable *cancellable,
          Outcome *outcome, GError **error)
{
  g_autoptr (LacunaPhoto) photo = NULL;
  g_autoptr (LacunaMask) mask = NULL;

  outcome->notes = g_ptr_array_new_with_free_func (g_free);
  if (!load_task (task, options, cancellable, outcome, &photo, &mask, error))
    return FALSE;
  if (options->explain)
    {
      outcome->plan = lacuna_plan_preview (photo, mask, options->model, &outcome->model, error);
      if (outcome->plan == NULL)
        {
          g_prefix_error (error, "“%s”: ", task->photo);
          return FALSE;
        }
      if (!options->json)
        explain (task, outcome->plan, !is_off (options->detail));
    }
  if (task->output == NULL)
    return TRUE;
  outcome->fill = fill_photo (task, engine, options, photo, mask, cancellable, outcome, error);
  if (outcome->fill == NULL)
    return FALSE;
  g_free (outcome->model);
  outcome->model = g_strdup (lacuna_fill_get_model (outcome->fill));
  return TRUE;
}

/* The regions as they were filled, or else as they were planned. */
static GVariant *
describe_regions (const Outcome *outcome)
{
  GVariantBuilder builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("aa{sv}"));
  guint n = outcome->fill != NULL   ? lacuna_fill_get_n_regions (outcome->fill)
            : outcome->plan != NULL ? outcome->plan->len
                                    : 0;

  for (guint i = 0; i < n; i++)
    {
      const LacunaRegion *region = outcome->fill != NULL ? lacuna_fill_get_region (outcome->fill, i)
                                                         : g_ptr_array_index (outcome->plan, i);
      g_autoptr (GVariant) described = lacuna_region_describe (region, outcome->model);

      g_variant_builder_add_value (&builder, described);
    }
  return g_variant_builder_end (&builder);
}

static GVariant *
describe (const Task *task, const Outcome *outcome, const GError *error)
{
  GVariantBuilder builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);
  g_autofree char *photo = g_filename_display_name (task->photo);
  g_autofree char *mask = g_filename_display_name (task->mask);

  g_variant_builder_add (&builder, "{sv}", "photo", g_variant_new_string (photo));
  g_variant_builder_add (&builder, "{sv}", "mask", g_variant_new_string (mask));
  if (error == NULL)
    {
      g_autofree char *model = g_filename_display_name (outcome->model);

      g_variant_builder_add (&builder, "{sv}", "model", g_variant_new_string (model));
    }
  else
    g_variant_builder_add (&builder, "{sv}", "error", g_variant_new_string (error->message));
  g_variant_builder_add (&builder, "{sv}", "notes",
                         g_variant_new_strv ((const char *const *) outcome->notes->pdata, outcome->notes->len));
  if (outcome->fill != NULL)
    {
      g_autofree char *output = g_filename_display_name (task->output);
      const char *device = lacuna_fill_get_device (outcome->fill);

      g_variant_builder_add (&builder, "{sv}", "output", g_variant_new_string (output));
      g_variant_builder_add (&builder, "{sv}", "device", g_variant_new_string (device));
      g_variant_builder_add (&builder, "{sv}", "seconds", g_variant_new_double (outcome->seconds));
    }
  g_variant_builder_add (&builder, "{sv}", "regions", describe_regions (outcome));
  return g_variant_builder_end (&builder);
}

static LacunaExit
run_tasks (GPtrArray *tasks, const Options *options)
{
  g_autoptr (GCancellable) cancellable = lacuna_interrupt_new ();
  g_autoptr (LacunaEngine) engine = lacuna_engine_new (options->device, 0);
  GVariantBuilder builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("aa{sv}"));
  g_autoptr (GVariant) report = NULL;
  LacunaExit code = LACUNA_EXIT_DONE;

  /* One at least, which tells that it was cancelled. */
  for (guint i = 0; i < tasks->len && (i == 0 || !g_cancellable_is_cancelled (cancellable)); i++)
    {
      const Task *task = tasks->pdata[i];
      gint64 start = g_get_monotonic_time ();
      g_autoptr (GError) error = NULL;
      g_auto (Outcome) outcome = { 0 };

      if (!run_task (task, engine, options, cancellable, &outcome, &error))
        {
          lacuna_command_complain ("%s", error->message);
          if (!g_error_matches (error, LACUNA_ERROR, LACUNA_ERROR_EMPTY))
            code = LACUNA_EXIT_FAILED;
        }
      outcome.seconds = (g_get_monotonic_time () - start) * 1e-6;
      g_variant_builder_add_value (&builder, describe (task, &outcome, error));
    }
  if (g_cancellable_is_cancelled (cancellable))
    code = LACUNA_EXIT_FAILED;

  report = g_variant_ref_sink (g_variant_builder_end (&builder));
  if (options->json)
    lacuna_command_print_json (g_variant_new_parsed ("{'fills': <%@aa{sv}>}", report));
  return code;
}

LacunaExit
lacuna_command_fill (int argc, char **argv)
{
  g_auto (Options) options = { 0 };
  const GOptionEntry entries[] = {
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &options.output, "File to write, or folder", "OUT" },
    { "model", 'm', 0, G_OPTION_ARG_FILENAME, &options.model, "Model, by name or as a .safetensors file", "MODEL" },
    { "device", 'd', 0, G_OPTION_ARG_STRING, &options.device, "OpenCL device, by its name or a part of it", "DEVICE" },
    { "stages", 's', 0, G_OPTION_ARG_FILENAME, &options.stages, "Write the stages of the network into DIR", "DIR" },
    { "detail", 0, 0, G_OPTION_ARG_STRING, &options.detail, "Pixels of the photo at full resolution: on (default), off",
      "SWITCH" },
    { "grow", 0, 0, G_OPTION_ARG_INT, &options.grow, "Grow the marked area by N pixels (0)", "N" },
    { "explain", 0, 0, G_OPTION_ARG_NONE, &options.explain, "Print first which windows are filled and why; without -o that is all", NULL },
    { "force", 0, 0, G_OPTION_ARG_NONE, &options.force, "Overwrite the photo itself, or a write-protected file", NULL },
    { "json", 0, 0, G_OPTION_ARG_NONE, &options.json, "Print what was done as a JSON object", NULL },
    { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &options.operands, NULL, "PHOTO MASK …" },
    { NULL },
  };
  g_autoptr (GPtrArray) tasks = NULL;

  if (!lacuna_command_parse (&argc, &argv, entries, NULL, "Removes what a mask marks from photos.", description))
    return LACUNA_EXIT_WRONG_USE;
  if (options.detail != NULL && !is_off (options.detail) && strcmp (options.detail, "on") != 0)
    return lacuna_command_reject ("--detail is on or off, not “%s”.", options.detail);
  if (options.grow < 0 || options.grow > MAX_GROW)
    return lacuna_command_reject ("--grow is from 0 to %d pixels, not %d.", MAX_GROW, options.grow);
  tasks = make_tasks (&options);
  if (tasks == NULL)
    return LACUNA_EXIT_WRONG_USE;
  return run_tasks (tasks, &options);
}
