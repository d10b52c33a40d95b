/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The command “lacuna fill”: does the tasks that app/command/fill-tasks.c lists, one after the other, and writes or
 * describes what came of each. Everything that can be refused is refused before a photo is filled; a task that fails
 * does not keep the next ones from being done. The main thread runs the tasks and waits in lacuna_engine_fill();
 * on_progress() is called in the engine's thread meanwhile. */
#include <errno.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <unistd.h>

#include "app/command/command.h"
#include "app/command/export-folder.h"
#include "app/command/fill-tasks.h"
#include "app/command/interrupt.h"
#include "app/command/standard.h"
#include "app/command/terminal-progress.h"
#include "engine/lacuna.h"

/* What became of a task. */
typedef struct {
  char *model;      /* path of the weights, once it is known */
  GPtrArray *plan;  /* of LacunaRegion; NULL: the plan is not to be explained */
  LacunaFill *fill; /* or NULL */
  GPtrArray *notes; /* of strings: what of its files was left out, how they were understood, what went otherwise */
  double seconds;
} Outcome;

static const char *const description = N_ (
    "PHOTO and OUT are JPEG, PNG, WebP, TIFF, HEIC or AVIF files. MASK is an image of the same size, white where\n"
    "something is to be removed, and black where the photo is to stay. What is soft is removed as well: all that is\n"
    "an eighth of the way from black to white or more, and what fades out around it (in a JPEG 2 pixels).\n"
    "Other masks are understood where it is plain what they mark, and that is said: labels or colours on black (all\n"
    "but black), strokes on transparency or over the photo itself, and a photo with a transparent hole. What is\n"
    "transparent in PHOTO is not copied, and what is filled becomes opaque.\n"
    "\n"
    "What is not marked (with --grow N, what is farther than N from it) keeps its value in PNG, in TIFF, and in a WebP\n"
    "from a lossless one. Any other WebP, HEIC, AVIF, and a JPEG from another format encode the whole photo anew, with\n"
    "small changes everywhere. A JPEG from a JPEG that needs no turning keeps the coefficients of every block of 8×8\n"
    "(for colour up to 16×16) pixels that the hole does not touch: those pixels decode as before, except that a decoder\n"
    "may smooth colour over the 2 pixels next to a touched block.\n"
    "\n"
    "With --masks only photos are named, or folders of them: MASKS is the mask of all of them, or a folder with the\n"
    "masks of their names, a.png for a.jpg.\n"
    "\n"
    "OUT is written whole or not at all, through links; an old file's mode, owner and attributes are kept. With\n"
    "--force OUT may be PHOTO or MASK, write-protected, or one of several hard links, of which the others keep the\n"
    "old content. A pipe or a device is written to.\n"
    "\n"
    "Examples:\n"
    "  lacuna fill beach.jpg beach.mask.png -o beach-filled.jpg\n"
    "  lacuna fill a.jpg a.mask.png b.jpg b.mask.png -o filled/\n"
    "  lacuna fill photos/ --masks masks/ -o filled/\n"
    "  lacuna fill a.jpg b.jpg --masks date.png -o filled/\n"
    "  lacuna fill - mask.png -o - <beach.jpg >out.jpg\n"
    "  lacuna fill beach.jpg beach.mask.png -o out.png --stages stages/\n"
    "  lacuna fill beach.jpg beach.mask.png -o out.png --patch layers.ora\n"
    "  lacuna fill beach.jpg beach.mask.png --explain\n"
    "  lacuna fill beach.jpg beach.mask.png -o out.png --prefer sand.png --avoid boat.png --provenance where/\n"
    "\n"
    "- as PHOTO or MASK is standard input. - as OUT is standard output: the photo in its own format, or as PNG where\n"
    "that can't be saved.\n"
    "\n"
    "--stages writes for each region k what the network was given and gave: k-input.npy, k-coarse.npy,\n"
    "k-refined.npy, k-attention.npy, k-coarse.png, k-refined.png, k-flow.png and k-window.json; with detail k-detail.png\n"
    "and k-offsets.npy; of several photos into a folder each.\n"
    "\n"
    "--provenance writes where the pixels of the mask's box come from: offsets.npy, weights.npy, invented.npy,\n"
    "correction.npy, trust.npy, transforms.npy, offsets.png, trust.png and report.json; of several photos into a\n"
    "folder each.\n"
    "\n"
    "--record tells in the XMP of OUT, for each region that was filled, its box, the program, the model and the figures\n"
    "of report.json, after what an earlier fill told. Without it nothing is told.\n"
    "\n"
    "--patch writes the photo and, over it, what was filled as a layer that is transparent elsewhere: a TIFF of two\n"
    "pages, or OpenRaster.\n"
    "\n"
    "Exit codes: 0 done (or the mask was empty), 1 failed, 2 wrong use.");

static void
request_clear (LacunaFillRequest *self)
{
  g_free (self->output);
  g_free (self->masks);
  g_free (self->stages);
  g_free (self->provenance);
  g_free (self->patch);
  lacuna_fill_choices_clear (&self->choices);
  g_strfreev (self->operands);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (LacunaFillRequest, request_clear)

static void
outcome_clear (Outcome *self)
{
  g_free (self->model);
  g_clear_pointer (&self->plan, g_ptr_array_unref);
  g_clear_object (&self->fill);
  g_clear_pointer (&self->notes, g_ptr_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Outcome, outcome_clear)

static void
on_progress (const LacunaFillProgress *progress, gpointer data)
{
  static const char *const phases[] = {
    [LACUNA_PROGRESS_PREPARING] = N_ ("preparing"),
    [LACUNA_PROGRESS_COARSE] = N_ ("coarse"),
    [LACUNA_PROGRESS_REFINING] = N_ ("refining"),
    [LACUNA_PROGRESS_DETAIL] = N_ ("detail"),
    [LACUNA_PROGRESS_DONE] = N_ ("done"),
  };
  const LacunaFillTask *task = data;
  g_autofree char *photo = g_path_get_basename (lacuna_standard_get_name (task->photo));
  const char *phase = _ (phases[progress->phase]);
  g_autofree char *what = progress->n_regions > 1 ? g_strdup_printf (_ ("%s: %s, hole %u of %u"), photo, phase,
                                                                     progress->region + 1, progress->n_regions)
                                                  : g_strdup_printf ("%s: %s", photo, phase);

  if (progress->note != NULL)
    {
      lacuna_terminal_progress_clear ();
      lacuna_command_complain (_ ("“%s”: %s"), lacuna_standard_get_name (task->photo), progress->note);
    }
  lacuna_terminal_progress_show (progress->fraction, what);
}

static gboolean
export_stages (LacunaFill *fill, LacunaPhoto *photo, const char *folder, GError **error)
{
  for (guint i = 0; i < lacuna_fill_get_n_regions (fill); i++)
    if (!lacuna_region_export (lacuna_fill_get_region (fill, i), photo, folder, i, lacuna_fill_get_model (fill), error))
      return FALSE;
  return TRUE;
}

static gboolean
export_provenance (LacunaFill *fill, LacunaPhoto *photo, LacunaMask *mask, const LacunaFillTask *task, GError **error)
{
  g_autoptr (LacunaProvenance) provenance = lacuna_provenance_new (fill, photo, lacuna_mask_get_bounds (mask), error);
  g_autoptr (GVariant) report = NULL;

  if (provenance == NULL)
    return FALSE;
  report = lacuna_provenance_report (provenance, fill, lacuna_standard_get_name (task->photo));
  return lacuna_provenance_export (provenance, task->provenance, report, error);
}

static gboolean
make_folder (const char *path, GError **error)
{
  if (path == NULL || g_mkdir_with_parents (path, 0777) == 0)
    return TRUE;
  g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_FILE, _ ("The folder “%s” can't be made: %s. Choose another one."),
               path, g_strerror (errno));
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
               g_file_test (at, G_FILE_TEST_IS_DIR)
                   ? _ ("Nothing can be written to the folder “%s”: “%s” is write-protected. Choose another one.")
                   : _ ("Nothing can be written to the folder “%s”: “%s” is no folder. Choose another one."),
               path, at);
  return FALSE;
}

/* What a photo is saved as to standard output: its own format where that can be saved. */
static const char *
find_suffix (LacunaPhoto *photo)
{
  const char *format = lacuna_photo_get_format (photo);

  return format != NULL && g_strv_contains (lacuna_photo_get_save_suffixes (), format) ? format : "png";
}

/* Whether the output can tell what was filled, where it is to. */
static gboolean
check_record (const LacunaFillTask *task, const LacunaFillRequest *request, LacunaPhoto *photo, GError **error)
{
  g_autofree char *name = NULL;

  if (!request->record || task->output == NULL)
    return TRUE;
  name = lacuna_standard_is_meant (task->output) ? g_strconcat ("photo.", find_suffix (photo), NULL)
                                                 : g_strdup (task->output);
  return lacuna_photo_check_record (name, error);
}

/* Checks all that can be known about the output before it is made. */
static gboolean
check_output (const LacunaFillTask *task, const LacunaFillRequest *request, LacunaPhoto *photo, GError **error)
{
  const LacunaSaveOptions save = { .force = request->force };

  if (!check_folder (task->stages, error) || !check_folder (task->provenance, error)
      || !check_record (task, request, photo, error)
      || (task->patch != NULL && !lacuna_photo_check_save_layers (photo, task->patch, &save, error)))
    return FALSE;
  if (task->output == NULL || lacuna_standard_is_meant (task->output))
    return TRUE;
  if (task->folder == NULL || g_file_test (task->folder, G_FILE_TEST_IS_DIR))
    return lacuna_photo_check_save (photo, task->output, &save, error);
  return lacuna_photo_check_format (photo, task->output, error) && check_folder (task->folder, error);
}

/* The plan of a fill: its windows, their scales and why, and what work that is. */
static void
explain (const LacunaFillTask *task, GPtrArray *regions, gboolean with_detail)
{
  static const char *const reasons[] = {
    [LACUNA_PLAN_COMPACT] = N_ ("the scale that its thickness asks for"),
    [LACUNA_PLAN_CHAIN] = N_ ("a piece of a long thin hole, which overlaps the next, at the fine scale of its thickness"),
    [LACUNA_PLAN_LARGE] = N_ ("coarser than its thickness asks for, as one window is to hold it"),
    [LACUNA_PLAN_MANY] = N_ ("coarser than its thickness asks for, as there are so many"),
  };
  const char *photo = lacuna_standard_get_name (task->photo);
  gsize network = 0, detail = 0;

  for (guint i = 0; i < regions->len; i++)
    {
      const LacunaRegion *region = g_ptr_array_index (regions, i);
      const LacunaBox *box = lacuna_region_get_box (region);
      guint n = lacuna_region_get_n_holes (region);
      g_autofree char *holes = g_strdup_printf (ngettext ("%u hole", "%u holes", n), n);

      /* TRANSLATORS: after “for” comes “1 hole” or “2 holes”, in the end comes “the scale that its thickness asks for” */
      g_print (_ ("%s: window %u of %u: %d×%d pixels at %d, %d, seen at 1/%u as %d×%d, for %s of thickness %.0f: %s\n"),
               photo, i + 1, regions->len, box->width, box->height, box->x, box->y,
               1u << lacuna_region_get_halvings (region), lacuna_region_get_width (region),
               lacuna_region_get_height (region), holes, lacuna_region_get_thickness (region),
               _ (reasons[lacuna_region_get_reason (region)]));
      network += lacuna_region_get_network_pixels (region);
      detail += lacuna_region_get_detail_pixels (region);
    }
  if (with_detail)
    g_print (_ ("%s: in all %.2f million pixels for the network, and detail for %.2f million pixels of the photo\n"),
             photo, network * 1e-6, detail * 1e-6);
  else
    g_print (_ ("%s: in all %.2f million pixels for the network\n"), photo, network * 1e-6);
}

/* note: or NULL. */
static void
tell (Outcome *outcome, const char *path, const char *note)
{
  if (note == NULL)
    return;
  lacuna_command_complain (_ ("“%s”: %s"), lacuna_standard_get_name (path), note);
  g_ptr_array_add (outcome->notes, g_utf8_make_valid (note, -1));
}

/* Reads standard input where path is “-”. *ret_file is NULL where path is a file, which is to be read by its name.
 * FALSE: standard input can't be read. */
static gboolean
read_input (const char *path, GBytes **ret_file, GCancellable *cancellable, GError **error)
{
  *ret_file = NULL;
  if (!lacuna_standard_is_meant (path))
    return TRUE;
  *ret_file = lacuna_standard_read (cancellable, error);
  return *ret_file != NULL;
}

static LacunaPhoto *
load_image (const char *path, GBytes *file, GCancellable *cancellable, GError **error)
{
  return file != NULL ? lacuna_photo_load_bytes (file, lacuna_standard_get_name (path), cancellable, error)
                      : lacuna_photo_load (path, cancellable, error);
}

static LacunaPhoto *
load_photo (const LacunaFillTask *task, GCancellable *cancellable, GError **error)
{
  g_autoptr (GBytes) file = NULL;

  if (!read_input (task->photo, &file, cancellable, error)
      || !lacuna_photo_check_packing (lacuna_standard_get_name (task->photo), file, error))
    return NULL;
  return load_image (task->photo, file, cancellable, error);
}

/* The mask of a task, grown as the user wants. */
static LacunaMask *
load_mask (const LacunaFillTask *task, const LacunaFillRequest *request, LacunaPhoto *photo, GCancellable *cancellable,
           Outcome *outcome, GError **error)
{
  g_autoptr (GBytes) file = NULL;
  g_autoptr (LacunaPhoto) image = NULL;
  g_autoptr (LacunaMask) mask = NULL;

  /* The size is checked first, so that a huge file is not decoded for nothing. */
  if (!read_input (task->mask, &file, cancellable, error)
      || !lacuna_photo_check_size (lacuna_standard_get_name (task->mask), file, lacuna_photo_get_width (photo),
                                   lacuna_photo_get_height (photo), _ ("mask"), error)
      || (image = load_image (task->mask, file, cancellable, error)) == NULL
      || (mask = lacuna_mask_new_from_image (image, photo, error)) == NULL)
    {
      /* The photo is named, as one mask may be used for many photos. */
      g_prefix_error (error, _ ("“%s”: "), lacuna_standard_get_name (task->photo));
      return NULL;
    }
  tell (outcome, task->mask, lacuna_mask_get_note (mask));
  return lacuna_fill_choices_grow (&request->choices, mask, error);
}

/* Reads what a task is about. */
static gboolean
load_task (const LacunaFillTask *task, const LacunaFillRequest *request, GCancellable *cancellable, Outcome *outcome,
           LacunaPhoto **ret_photo, LacunaMask **ret_mask, GError **error)
{
  g_autoptr (LacunaPhoto) photo = NULL;
  LacunaMask *mask;

  if (task->mask == NULL)
    {
      g_set_error (error, LACUNA_ERROR, task->is_named ? LACUNA_ERROR_FILE : LACUNA_ERROR_EMPTY,
                   _ ("“%s” has no mask of its name in “%s”: for a.jpg that is a.png."), task->photo, request->masks);
      return FALSE;
    }
  photo = load_photo (task, cancellable, error);
  if (photo == NULL || !check_output (task, request, photo, error))
    return FALSE;
  tell (outcome, task->photo, lacuna_photo_get_note (photo));
  if (lacuna_photo_had_thumbnail (photo))
    g_ptr_array_add (outcome->notes, g_strdup (_ ("Its thumbnail is left out, as it shows the photo as it was.")));
  mask = load_mask (task, request, photo, cancellable, outcome, error);
  if (mask == NULL)
    return FALSE;
  *ret_photo = g_steal_pointer (&photo);
  *ret_mask = mask;
  return TRUE;
}

/* Writes the photo to standard output. */
static gboolean
write_photo (LacunaPhoto *photo, const LacunaSaveOptions *save, GCancellable *cancellable, GError **error)
{
  g_autoptr (GBytes) file = lacuna_photo_save_bytes (photo, find_suffix (photo), save, error);

  return file != NULL && lacuna_standard_write (file, cancellable, error);
}

/* fills: what is recorded; or NULL. */
static gboolean
save_photo (const LacunaFillTask *task, const LacunaFillRequest *request, LacunaPhoto *photo, GVariant *fills,
            GCancellable *cancellable, GError **error)
{
  const LacunaSaveOptions save = { .force = request->force, .fills = fills };

  if (lacuna_standard_is_meant (task->output))
    return write_photo (photo, &save, cancellable, error);
  return make_folder (task->folder, error) && lacuna_photo_save (photo, task->output, &save, error);
}

static gboolean
apply_fill (const LacunaFillTask *task, const LacunaFillRequest *request, LacunaFill *fill, LacunaPhoto *photo,
            GCancellable *cancellable, Outcome *outcome, GError **error)
{
  g_autoptr (LacunaPhoto) filled = lacuna_fill_apply (fill, photo, LACUNA_STAGE_DETAIL, error);
  g_autoptr (GVariant) fills = NULL;
  g_autofree char *loss = NULL;

  if (filled == NULL || (request->record && (fills = lacuna_fill_describe (fill, photo, error)) == NULL)
      || !save_photo (task, request, filled, fills, cancellable, error))
    return FALSE;
  /* What goes to standard output has no suffix, and the photo's own format or PNG, which lose nothing so. */
  loss = lacuna_photo_describe_loss (filled, task->output);
  tell (outcome, task->output, loss);
  return TRUE;
}

static gboolean
save_patch (const LacunaFillTask *task, const LacunaFillRequest *request, LacunaFill *fill, LacunaPhoto *photo,
            GCancellable *cancellable, GError **error)
{
  const LacunaSaveOptions save = { .force = request->force, .cancellable = cancellable };
  g_autoptr (LacunaPhoto) layer = lacuna_fill_extract (fill, photo, LACUNA_STAGE_DETAIL, error);

  return layer != NULL && lacuna_photo_save_layers (photo, layer, task->patch, &save, error);
}

static gboolean
write_results (const LacunaFillTask *task, const LacunaFillRequest *request, LacunaFill *fill, LacunaPhoto *photo,
               LacunaMask *mask, GCancellable *cancellable, Outcome *outcome, GError **error)
{
  return (task->stages == NULL || export_stages (fill, photo, task->stages, error))
         && (task->provenance == NULL || export_provenance (fill, photo, mask, task, error))
         && (task->patch == NULL || save_patch (task, request, fill, photo, cancellable, error))
         && apply_fill (task, request, fill, photo, cancellable, outcome, error);
}

/* Writes all that is asked for; where that fails, nothing of it is left in folders. */
static gboolean
write_or_undo (const LacunaFillTask *task, const LacunaFillRequest *request, LacunaFill *fill, LacunaPhoto *photo,
               LacunaMask *mask, GCancellable *cancellable, Outcome *outcome, GError **error)
{
  g_autoptr (LacunaExportFolder) stages = lacuna_export_folder_new (LACUNA_EXPORT_STAGES, task->stages);
  g_autoptr (LacunaExportFolder) provenance = lacuna_export_folder_new (LACUNA_EXPORT_PROVENANCE, task->provenance);
  g_autoptr (LacunaExportFolder) photos = lacuna_export_folder_new (LACUNA_EXPORT_PHOTOS, task->folder);

  if (write_results (task, request, fill, photo, mask, cancellable, outcome, error))
    return TRUE;
  lacuna_export_folder_undo (stages);
  lacuna_export_folder_undo (provenance);
  lacuna_export_folder_undo (photos);
  return FALSE;
}

static LacunaFill *
fill_photo (const LacunaFillTask *task, LacunaEngine *engine, const LacunaFillRequest *request, LacunaPhoto *photo,
            LacunaMask *mask, GCancellable *cancellable, Outcome *outcome, GError **error)
{
  g_auto (LacunaSteer) steer = { 0 };
  LacunaFillOptions fill_options = { .keep_scores = task->stages != NULL };
  g_autoptr (LacunaFill) fill = NULL;

  if (!lacuna_fill_choices_read (&request->choices, photo, &steer, &fill_options, error))
    return NULL;
  fill = lacuna_engine_fill (engine, photo, mask, &fill_options, on_progress, (gpointer) task, cancellable, error);
  lacuna_terminal_progress_clear ();
  if (fill == NULL)
    {
      g_prefix_error (error, _ ("“%s”: "), lacuna_standard_get_name (task->photo));
      return NULL;
    }
  for (const char *const *note = lacuna_fill_get_notes (fill); *note != NULL; note++)
    tell (outcome, task->photo, *note);
  if (!write_or_undo (task, request, fill, photo, mask, cancellable, outcome, error))
    return NULL;
  return g_steal_pointer (&fill);
}

/* Explains the task where that is wanted, before it is done. */
static gboolean
run_task (const LacunaFillTask *task, LacunaEngine *engine, const LacunaFillRequest *request, GCancellable *cancellable,
          Outcome *outcome, GError **error)
{
  g_autoptr (LacunaPhoto) photo = NULL;
  g_autoptr (LacunaMask) mask = NULL;

  outcome->notes = g_ptr_array_new_with_free_func (g_free);
  if (!load_task (task, request, cancellable, outcome, &photo, &mask, error))
    return FALSE;
  if (request->explain)
    {
      outcome->plan = lacuna_fill_preview (photo, mask, request->choices.model, &outcome->model, error);
      if (outcome->plan == NULL)
        {
          g_prefix_error (error, _ ("“%s”: "), lacuna_standard_get_name (task->photo));
          return FALSE;
        }
      if (!request->json)
        explain (task, outcome->plan, lacuna_fill_choices_want_detail (&request->choices));
    }
  if (task->output == NULL)
    return TRUE;
  outcome->fill = fill_photo (task, engine, request, photo, mask, cancellable, outcome, error);
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
      const LacunaRegion *region
          = outcome->fill != NULL ? lacuna_fill_get_region (outcome->fill, i) : g_ptr_array_index (outcome->plan, i);
      g_autoptr (GVariant) described = lacuna_region_describe (region, outcome->model);

      g_variant_builder_add_value (&builder, described);
    }
  return g_variant_builder_end (&builder);
}

static GVariant *
describe (const LacunaFillTask *task, const Outcome *outcome, const GError *error)
{
  GVariantBuilder builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);
  g_autofree char *photo = g_filename_display_name (task->photo);

  g_variant_builder_add (&builder, "{sv}", "photo", g_variant_new_string (photo));
  if (task->mask != NULL)
    {
      g_autofree char *mask = g_filename_display_name (task->mask);

      g_variant_builder_add (&builder, "{sv}", "mask", g_variant_new_string (mask));
    }
  if (error == NULL)
    {
      g_autofree char *model = g_filename_display_name (outcome->model);

      g_variant_builder_add (&builder, "{sv}", "model", g_variant_new_string (model));
    }
  else
    g_variant_builder_add (&builder, "{sv}", "error", lacuna_command_new_text (error->message));
  g_variant_builder_add (&builder, "{sv}", "notes",
                         g_variant_new_strv ((const char *const *) outcome->notes->pdata, outcome->notes->len));
  if (outcome->fill != NULL)
    {
      g_autofree char *output = g_filename_display_name (task->output);

      g_variant_builder_add (&builder, "{sv}", "output", g_variant_new_string (output));
      g_variant_builder_add (&builder, "{sv}", "device",
                             lacuna_command_new_text (lacuna_fill_get_device (outcome->fill)));
      g_variant_builder_add (&builder, "{sv}", "seconds", g_variant_new_double (outcome->seconds));
    }
  g_variant_builder_add (&builder, "{sv}", "regions", describe_regions (outcome));
  return g_variant_builder_end (&builder);
}

/* Says what went wrong, and returns which exit code that is: an empty mask is no failure. */
static LacunaExit
complain (const GError *error)
{
  if (error->domain == LACUNA_STEER_ERROR)
    return lacuna_command_reject ("%s", error->message);
  lacuna_command_complain ("%s", error->message);
  return g_error_matches (error, LACUNA_ERROR, LACUNA_ERROR_EMPTY) ? LACUNA_EXIT_DONE : LACUNA_EXIT_FAILED;
}

static LacunaExit
run_tasks (GPtrArray *tasks, const LacunaFillRequest *request)
{
  g_autoptr (GCancellable) cancellable = lacuna_interrupt_new ();
  g_autoptr (LacunaEngine) engine = lacuna_engine_new (request->choices.device, 0);
  GVariantBuilder builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("aa{sv}"));
  g_autoptr (GVariant) report = NULL;
  LacunaExit code = LACUNA_EXIT_DONE;

  /* One task runs in any case: it reports that it was cancelled. */
  for (guint i = 0; i < tasks->len && (i == 0 || !g_cancellable_is_cancelled (cancellable)); i++)
    {
      const LacunaFillTask *task = tasks->pdata[i];
      gint64 start = g_get_monotonic_time ();
      g_autoptr (GError) error = NULL;
      g_auto (Outcome) outcome = { 0 };

      if (!run_task (task, engine, request, cancellable, &outcome, &error))
        {
          LacunaExit failure = complain (error);

          code = MAX (code, failure);
        }
      outcome.seconds = (g_get_monotonic_time () - start) * 1e-6;
      g_variant_builder_add_value (&builder, describe (task, &outcome, error));
    }
  if (g_cancellable_is_cancelled (cancellable))
    code = LACUNA_EXIT_FAILED;

  report = g_variant_ref_sink (g_variant_builder_end (&builder));
  if (request->json)
    lacuna_command_print_json (g_variant_new_parsed ("{'fills': <%@aa{sv}>}", report));
  return code;
}

static gboolean
parse (int argc, char **argv, LacunaFillRequest *request)
{
  const GOptionEntry entries[] = {
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &request->output, N_ ("File to write, or folder"), N_ ("OUT") },
    { "masks", 0, 0, G_OPTION_ARG_FILENAME, &request->masks,
      N_ ("Folder of masks, or the mask of all photos"), N_ ("MASKS") },
    { "stages", 's', 0, G_OPTION_ARG_FILENAME, &request->stages,
      N_ ("Write the stages of the network into DIR"), N_ ("DIR") },
    { "provenance", 0, 0, G_OPTION_ARG_FILENAME, &request->provenance,
      N_ ("Write where each filled pixel comes from into DIR"), N_ ("DIR") },
    { "record", 0, 0, G_OPTION_ARG_NONE, &request->record,
      N_ ("Record in the metadata of OUT what was filled, and by what"), NULL },
    { "patch", 0, 0, G_OPTION_ARG_FILENAME, &request->patch,
      N_ ("Write the photo with the patch as a layer over it (.tif, .ora)"), N_ ("FILE") },
    { "explain", 0, 0, G_OPTION_ARG_NONE, &request->explain,
      N_ ("Print first which windows are filled and why; without -o that is all"), NULL },
    { "force", 0, 0, G_OPTION_ARG_NONE, &request->force,
      N_ ("Overwrite the photo itself, or a write-protected file"), NULL },
    { "json", 0, 0, G_OPTION_ARG_NONE, &request->json, N_ ("Print what was done as a JSON object"), NULL },
    { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &request->operands, NULL, N_ ("PHOTO MASK …") },
    { NULL },
  };
  g_autofree GOptionEntry *joined = lacuna_fill_choices_join (&request->choices, entries);

  return lacuna_command_parse (&argc, &argv, joined, NULL, N_ ("Removes what a mask marks from photos."), description);
}

LacunaExit
lacuna_command_fill (int argc, char **argv)
{
  g_auto (LacunaFillRequest) request = { .choices = LACUNA_FILL_CHOICES_INIT };
  g_autoptr (GPtrArray) tasks = NULL;
  LacunaExit code;

  if (!parse (argc, argv, &request))
    return LACUNA_EXIT_WRONG_USE;
  if (!lacuna_fill_choices_check (&request.choices))
    return LACUNA_EXIT_WRONG_USE;
  if (request.explain && request.choices.steer.variant > 0)
    return lacuna_command_reject (_ ("--explain tells of the windows without --variant: leave one of them out."));
  tasks = lacuna_fill_tasks_new (&request, &code);
  return tasks != NULL ? run_tasks (tasks, &request) : code;
}
