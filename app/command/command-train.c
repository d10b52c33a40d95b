/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The command “lacuna train”: begins or resumes a training, prints how it goes, and keeps a result that is better.
 * The Session lies on the stack of run(), which returns only after on_end() and the last on_interrupt(). The main
 * thread runs a main loop, in which reports come; the training runs in the engine's thread; on_interrupt() is called
 * in the thread that waits for signals (app/command/interrupt.c). */
#include <errno.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <json-glib/json-glib.h>
#include <math.h>
#include <stdlib.h>

#include "app/command/command.h"
#include "app/command/interrupt.h"
#include "app/command/terminal-progress.h"
#include "engine/lacuna.h"

typedef struct {
  char *base;
  char *name;
  char *preset;
  char *device;
  char *held_out;
  char *report;
  char **set;
  int steps, width, side, batch, seed;
  double rate;
  gboolean resume, json;
} Options;

/* A training as it goes. */
typedef struct {
  const Options *options;
  LacunaTrainer *trainer;
  FILE *report; /* or NULL */
  GMainLoop *loop;
  gboolean is_over;
  gboolean told_photos;
  GError *error;
} Session;

static const char *const description = N_ (
    "FOLDER is searched for photos in all formats, and in all folders within. A tenth of them is held out (or all of\n"
    "another folder: --held-out), and the result is kept as a model only where it fills their holes better than before;\n"
    "of one photo alone, its own holes are those. What is no photo to learn from is left out, and that is said. The\n"
    "photos are never changed.\n"
    "\n"
    "Presets: quick takes some minutes; thorough hours, with the paper's critics after a while; photo a minute.\n"
    "Ctrl+C pauses, and then ends the program by that signal: --resume goes on from the last snapshot, of which there\n"
    "is one every five minutes.\n"
    "\n"
    "Examples:\n"
    "  lacuna train photos/ --name mine\n"
    "  lacuna train photos/ --base mine --name mine --preset thorough\n"
    "  lacuna train --name mine --resume\n"
    "  lacuna train photos/ --name mine --set average_decay=0.9995 --set mixed=0\n"
    "  lacuna train photos/ --base none --width 8 --side 64 --steps 600 --name fresh\n"
    "  lacuna fill beach.jpg beach.mask.png -o out.png --model mine\n"
    "\n"
    "Exit codes: 0 done; 1 failed, or no better than before; 2 wrong use.");

static void
options_clear (Options *self)
{
  g_free (self->base);
  g_free (self->name);
  g_free (self->preset);
  g_free (self->device);
  g_free (self->held_out);
  g_free (self->report);
  g_strfreev (self->set);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

/* Returns the name of a phase for the report, which is also marked for translation. */
static const char *
get_phase (LacunaTrainingPhase phase)
{
  static const char *const phases[] = {
    [LACUNA_TRAINING_READING] = N_ ("reading"),
    [LACUNA_TRAINING_PREPARING] = N_ ("preparing"),
    [LACUNA_TRAINING_LEARNING] = N_ ("learning"),
    [LACUNA_TRAINING_LOOKING] = N_ ("looking"),
  };

  return phases[phase];
}

static void
add_number (GVariantBuilder *builder, const char *name, double number)
{
  if (isfinite (number))
    g_variant_builder_add (builder, "{sv}", name, g_variant_new_double (number));
}

static void
add_count (GVariantBuilder *builder, const char *name, guint64 count)
{
  g_variant_builder_add (builder, "{sv}", name, g_variant_new_uint64 (count));
}

/* Returns the report as a dictionary, without what is not known or did not change. */
static GVariant *
describe_report (const LacunaTrainingReport *report)
{
  GVariantBuilder builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);
  const LacunaLosses *losses = &report->point.losses;

  g_variant_builder_add (&builder, "{sv}", "phase", g_variant_new_string (get_phase (report->phase)));
  if (report->phase == LACUNA_TRAINING_READING)
    {
      add_count (&builder, "read", report->n_read);
      add_count (&builder, "files", report->n_files);
    }
  add_count (&builder, "step", report->step);
  add_count (&builder, "steps", report->steps);
  add_number (&builder, "images_per_second", report->images_per_second);
  add_number (&builder, "seconds_left", report->seconds_left);
  if (report->has_point)
    {
      add_number (&builder, "l1", losses->l1);
      add_number (&builder, "reconstruction", losses->reconstruction);
      add_number (&builder, "l1_coarse", losses->l1_coarse);
      add_number (&builder, "l1_refined", losses->l1_refined);
      add_number (&builder, "wasserstein_global", losses->wasserstein[0]);
      add_number (&builder, "wasserstein_local", losses->wasserstein[1]);
      add_number (&builder, "penalty_global", losses->penalty[0]);
      add_number (&builder, "penalty_local", losses->penalty[1]);
      add_number (&builder, "adversarial", losses->adversarial);
      add_number (&builder, "held_out_l1", report->point.held_out);
    }
  if (report->note != NULL)
    g_variant_builder_add (&builder, "{sv}", "note", lacuna_command_new_text (report->note));
  return g_variant_ref_sink (g_variant_builder_end (&builder));
}

/* Writes a line of the report, and flushes it, so that it is there if the program is killed. */
static void
write_line (Session *session, GVariant *value)
{
  g_autofree char *json = json_gvariant_serialize_data (value, NULL);

  if (fprintf (session->report, "%s\n", json) >= 0 && fflush (session->report) == 0)
    return;
  lacuna_command_complain (_ ("“%s” can't be written: %s. The training goes on without it."), session->options->report,
                           g_strerror (errno));
  fclose (session->report);
  session->report = NULL;
}

/* The report holds what is worth keeping: points of the curves, and notes. */
static void
tell (Session *session, const LacunaTrainingReport *report)
{
  g_autoptr (GVariant) value = describe_report (report);

  if (session->report != NULL && (report->has_point || report->note != NULL))
    write_line (session, value);
  if (session->options->json)
    lacuna_command_print_json (value);
}

static char *
describe_step (const LacunaTrainingReport *report)
{
  const char *phase = _ (get_phase (report->phase));

  if (report->phase == LACUNA_TRAINING_READING)
    return g_strdup_printf (_ ("%s %u of %u"), phase, report->n_read, report->n_files);
  if (!isfinite (report->seconds_left))
    return g_strdup (phase);
  return g_strdup_printf (_ ("%s, step %u, %.1f/s, %.0f min left"), phase, (guint) report->step,
                          report->images_per_second, ceil (report->seconds_left / 60.0));
}

static double
get_fraction (const LacunaTrainingReport *report)
{
  if (report->phase == LACUNA_TRAINING_READING)
    return (double) report->n_read / MAX (1, report->n_files);
  return (double) report->step / report->steps;
}

/* Says once which files were left out and why. */
static void
tell_photos (Session *session)
{
  LacunaPhotoFolder *photos = lacuna_trainer_get_photos (session->trainer);

  if (photos == NULL || session->told_photos)
    return;
  session->told_photos = TRUE;
  lacuna_terminal_progress_clear ();
  for (guint i = 0; i < lacuna_photo_folder_get_n_skipped (photos); i++)
    {
      const char *reason, *path = lacuna_photo_folder_get_skipped (photos, i, &reason);
      g_autofree char *name = g_filename_display_name (path);

      lacuna_command_complain (_ ("“%s” is left out: %s"), name, reason);
    }
}

static GVariant *
list_skipped (LacunaPhotoFolder *photos)
{
  GVariantBuilder builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("aa{ss}"));

  for (guint i = 0; photos != NULL && i < lacuna_photo_folder_get_n_skipped (photos); i++)
    {
      const char *reason, *path = lacuna_photo_folder_get_skipped (photos, i, &reason);
      g_autofree char *name = g_filename_display_name (path);

      g_variant_builder_add_parsed (&builder, "{'file': %s, 'reason': %@s}", name, lacuna_command_new_text (reason));
    }
  return g_variant_builder_end (&builder);
}

/* Whether the folder has one photo alone, which is both learnt from and held out. */
static gboolean
is_judged_by_own_photo (const LacunaTrainingProgress *progress)
{
  return progress->n_photos == 1 && progress->n_held_out == 1;
}

static void
on_report (const LacunaTrainingReport *report, gpointer data)
{
  Session *session = data;
  g_autofree char *what = describe_step (report);

  tell_photos (session);
  if (report->note != NULL)
    {
      lacuna_terminal_progress_clear ();
      lacuna_command_complain ("%s", report->note);
    }
  tell (session, report);
  if (session->options->json)
    return;
  if (report->has_point && isfinite (report->point.held_out))
    {
      lacuna_terminal_progress_clear ();
      g_print (is_judged_by_own_photo (lacuna_trainer_get_progress (session->trainer))
                   ? _ ("step %u: L1 %.3f %% in the holes of the one photo that it learns from\n")
                   : _ ("step %u: L1 %.3f %% in the holes of photos held out\n"),
               (guint) report->point.step, report->point.held_out);
    }
  lacuna_terminal_progress_show (get_fraction (report), what);
}

static void
on_end (GObject *source, GAsyncResult *result, gpointer data)
{
  Session *session = data;

  session->is_over = lacuna_trainer_run_finish (session->trainer, result, &session->error);
  if (g_error_matches (session->error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_clear_error (&session->error);
  g_main_loop_quit (session->loop);
}

static GVariant *
describe_result (const Session *session, const char *outcome, const GError *error)
{
  const LacunaTrainingProgress *progress = lacuna_trainer_get_progress (session->trainer);
  GVariantBuilder builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);

  g_variant_builder_add (&builder, "{sv}", "outcome", g_variant_new_string (outcome));
  g_variant_builder_add (&builder, "{sv}", "name", lacuna_command_new_text (progress->name));
  add_count (&builder, "step", progress->step);
  add_count (&builder, "steps", progress->options.steps);
  add_count (&builder, "photos", progress->n_photos);
  add_count (&builder, "held_out", progress->n_held_out);
  g_variant_builder_add (&builder, "{sv}", "held_out_is_learnt",
                         g_variant_new_boolean (is_judged_by_own_photo (progress)));
  g_variant_builder_add (&builder, "{sv}", "skipped", list_skipped (lacuna_trainer_get_photos (session->trainer)));
  add_number (&builder, "seconds", progress->seconds);
  if (progress->has_looked)
    {
      add_number (&builder, "l1_before", progress->before.l1);
      add_number (&builder, "psnr_before", progress->before.psnr);
      add_number (&builder, "l1_after", progress->best.l1);
      add_number (&builder, "psnr_after", progress->best.psnr);
      add_count (&builder, "best_step", progress->best_step);
    }
  if (error != NULL)
    g_variant_builder_add (&builder, "{sv}", "error", lacuna_command_new_text (error->message));
  return g_variant_ref_sink (g_variant_builder_end (&builder));
}

static void
print_words (const Session *session)
{
  const LacunaTrainingProgress *progress = lacuna_trainer_get_progress (session->trainer);

  if (!session->is_over && !lacuna_trainer_has_snapshot (session->trainer))
    g_print (_ ("Ended before anything was learnt: there is nothing to go on from.\n"));
  else if (!session->is_over)
    g_print (_ ("Paused at step %u of %u. To go on: lacuna train --name %s --resume\n"), (guint) progress->step,
             progress->options.steps, progress->name);
  else if (is_judged_by_own_photo (progress))
    g_print (
        _ ("In other holes of the one photo that it learnt from: L1 %.3f %% before, %.3f %% now; PSNR %.2f dB before, "
           "%.2f dB now. How well it fills others these figures don't tell.\n"
           "Kept as the model “%s”.\n"),
        progress->before.l1, progress->best.l1, progress->before.psnr, progress->best.psnr, progress->name);
  else
    g_print (
        ngettext (
            "In the holes of %u photo held out: L1 %.3f %% before, %.3f %% now; PSNR %.2f dB before, %.2f dB now.\n"
            "Kept as the model “%s”.\n",
            "In the holes of %u photos held out: L1 %.3f %% before, %.3f %% now; PSNR %.2f dB before, %.2f dB now.\n"
            "Kept as the model “%s”.\n",
            progress->n_held_out),
        progress->n_held_out, progress->before.l1, progress->best.l1, progress->before.psnr, progress->best.psnr,
        progress->name);
}

static LacunaExit
conclude (Session *session)
{
  g_autoptr (GError) error = g_steal_pointer (&session->error);
  g_autoptr (GVariant) result = NULL;
  const char *outcome = "paused";

  lacuna_terminal_progress_clear ();
  tell_photos (session);
  if (error == NULL && session->is_over)
    outcome = lacuna_trainer_keep (session->trainer, &error) ? "kept" : "not kept";
  else if (error != NULL)
    outcome = "failed";
  if (error != NULL)
    lacuna_command_complain ("%s", error->message);
  result = describe_result (session, outcome, error);
  if (session->report != NULL)
    write_line (session, result);
  if (session->options->json)
    lacuna_command_print_json (result);
  else if (error == NULL)
    print_words (session);
  return error == NULL ? LACUNA_EXIT_DONE : LACUNA_EXIT_FAILED;
}

/* Opens the file of the report, to whose end a training that is resumed writes. FALSE: it can't be written, which was
 * said. */
static gboolean
open_report (Session *session)
{
  const Options *options = session->options;

  if (options->report == NULL)
    return TRUE;
  session->report = g_fopen (options->report, options->resume ? "ae" : "we");
  if (session->report == NULL)
    lacuna_command_complain (_ ("“%s” can't be written: %s. Name another file for the report."), options->report,
                             g_strerror (errno));
  return session->report != NULL;
}

static LacunaExit
run (LacunaTrainer *trainer, const Options *options, GCancellable *interrupt)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  Session session = { .options = options, .trainer = trainer, .loop = loop };
  LacunaExit code;

  if (!open_report (&session))
    return LACUNA_EXIT_FAILED;
  lacuna_trainer_run_async (trainer, on_report, &session, interrupt, on_end, &session);
  g_main_loop_run (loop);
  code = conclude (&session);
  if (session.report != NULL)
    fclose (session.report);
  return code;
}

/* Whether --set asks for the list of hyperparameters. */
static gboolean
wants_list (const Options *options)
{
  return options->set != NULL && g_strv_contains ((const char *const *) options->set, "help");
}

static gboolean
set_options (char **assignments, LacunaTrainingOptions *training)
{
  for (guint i = 0; assignments != NULL && assignments[i] != NULL; i++)
    {
      g_autoptr (GError) error = NULL;

      if (!lacuna_training_options_set (training, assignments[i], &error))
        {
          lacuna_command_reject ("%s", error->message);
          return FALSE;
        }
    }
  return TRUE;
}

/* Reads the options of the training. What the command line names replaces what the preset has. */
static gboolean
read_options (const Options *options, LacunaTrainingOptions *ret_training)
{
  LacunaTrainingPreset preset = LACUNA_PRESET_QUICK;
  gboolean from_random = g_strcmp0 (options->base, LACUNA_BASE_NONE) == 0;

  if (options->preset != NULL && !lacuna_training_preset_find (options->preset, &preset))
    {
      lacuna_command_reject (_ ("There is no preset “%s”. Choose quick, thorough or photo."), options->preset);
      return FALSE;
    }
  lacuna_training_options_init (ret_training, preset, from_random);
  if (options->width > 0 && !from_random)
    {
      lacuna_command_reject (_ ("The base model decides the width: --width is for --base none."));
      return FALSE;
    }
  if (options->width > 0)
    ret_training->width = options->width;
  if (options->side > 0)
    ret_training->side = options->side;
  if (options->batch > 0)
    ret_training->batch = options->batch;
  if (options->steps > 0)
    ret_training->steps = options->steps;
  if (options->rate > 0.0)
    ret_training->rate = options->rate;
  ret_training->seed = options->seed;
  return wants_list (options) || set_options (options->set, ret_training);
}

static LacunaTrainer *
make_trainer (LacunaEngine *engine, const char *folder, const Options *options,
              const LacunaTrainingOptions *training_options, GError **error)
{
  LacunaTrainer *trainer;

  if (!options->resume)
    {
      trainer = lacuna_trainer_new (engine, options->name, folder, options->base, training_options, error);
      if (trainer != NULL && options->held_out != NULL)
        lacuna_trainer_set_held_out (trainer, options->held_out);
      return trainer;
    }
  trainer = lacuna_trainer_resume (engine, options->name, error);
  if (trainer != NULL && options->steps > 0)
    lacuna_trainer_set_steps (trainer, options->steps);
  return trainer;
}

static LacunaExit
list_hyperparameters (const Options *options)
{
  LacunaTrainingOptions training;
  g_autofree char *text = NULL;

  if (!read_options (options, &training))
    return LACUNA_EXIT_WRONG_USE;
  text = lacuna_training_options_explain (&training);
  g_print ("%s", text);
  return LACUNA_EXIT_DONE;
}

/* Whether the options go together; a sentence tells where they don't. */
static LacunaExit
check_use (const Options *options, int argc)
{
  if (argc != (options->resume ? 1 : 2))
    return lacuna_command_reject (options->resume
                                      ? _ ("The snapshot knows its folder: none is to be named with --resume.")
                                      : _ ("One folder of photos is needed."));
  if (options->resume && options->held_out != NULL)
    return lacuna_command_reject (
        _ ("The snapshot knows by which photos it judges: --held-out is for a new training."));
  if (options->resume && options->set != NULL)
    return lacuna_command_reject (_ ("The snapshot knows its hyperparameters: --set is for a new training."));
  if (options->report != NULL
      && (lacuna_photo_is_name (options->report) || g_str_has_suffix (options->report, ".safetensors")))
    return lacuna_command_reject (
        _ ("“%s” has the name of a photo or a model, which the report could overwrite. Name another file."),
        options->report);
  if (options->name == NULL)
    return lacuna_command_reject (_ ("The name of the model to be is missing: --name NAME."));
  return LACUNA_EXIT_DONE;
}

LacunaExit
lacuna_command_train (int argc, char **argv)
{
  g_auto (Options) options = { 0 };
  const GOptionEntry entries[] = {
    { "name", 'n', 0, G_OPTION_ARG_STRING, &options.name, N_ ("Name of the model to be"), N_ ("NAME") },
    { "base", 'b', 0, G_OPTION_ARG_FILENAME, &options.base,
      N_ ("Model to start from; none: random weights"), N_ ("MODEL") },
    { "preset", 'p', 0, G_OPTION_ARG_STRING, &options.preset, N_ ("quick, thorough or photo"), N_ ("PRESET") },
    { "steps", 0, 0, G_OPTION_ARG_INT, &options.steps, N_ ("Batches to learn from"), "N" },
    { "batch", 0, 0, G_OPTION_ARG_INT, &options.batch, N_ ("Crops of a batch"), "N" },
    { "side", 0, 0, G_OPTION_ARG_INT, &options.side, N_ ("Pixels of a crop's side"), "N" },
    { "rate", 0, 0, G_OPTION_ARG_DOUBLE, &options.rate, N_ ("Learning rate"), "R" },
    { "width", 0, 0, G_OPTION_ARG_INT, &options.width, N_ ("Width of a network of random weights"), "N" },
    { "set", 0, 0, G_OPTION_ARG_STRING_ARRAY, &options.set,
      N_ ("Any hyperparameter; --set help lists them"), N_ ("NAME=VALUE") },
    { "seed", 0, 0, G_OPTION_ARG_INT, &options.seed, N_ ("Of all that is random"), "N" },
    { "resume", 'r', 0, G_OPTION_ARG_NONE, &options.resume, N_ ("Go on from the last snapshot"), NULL },
    { "held-out", 0, 0, G_OPTION_ARG_FILENAME, &options.held_out,
      N_ ("Judge by these photos, and learn from all others"), N_ ("FOLDER") },
    { "report", 0, 0, G_OPTION_ARG_FILENAME, &options.report,
      N_ ("Write losses and scores into FILE, a JSON object a line"), N_ ("FILE") },
    { "device", 'd', 0, G_OPTION_ARG_STRING, &options.device,
      N_ ("OpenCL device, by its name or a part of it"), N_ ("DEVICE") },
    { "json", 0, 0, G_OPTION_ARG_NONE, &options.json, N_ ("Print a JSON object a line"), NULL },
    { NULL },
  };
  g_autoptr (GCancellable) interrupt = NULL;
  g_autoptr (LacunaEngine) engine = NULL;
  g_autoptr (LacunaTrainer) trainer = NULL;
  g_autoptr (GError) error = NULL;
  LacunaTrainingOptions training_options;

  if (!lacuna_command_parse (&argc, &argv, entries, N_ ("FOLDER"), N_ ("Learns from a folder of photos."), description))
    return LACUNA_EXIT_WRONG_USE;
  if (wants_list (&options))
    return list_hyperparameters (&options);
  if (check_use (&options, argc) != LACUNA_EXIT_DONE)
    return LACUNA_EXIT_WRONG_USE;
  if (!read_options (&options, &training_options))
    return LACUNA_EXIT_WRONG_USE;
  interrupt = lacuna_interrupt_new ();
  engine = lacuna_engine_new (options.device, 0);
  trainer = make_trainer (engine, argv[1], &options, &training_options, &error);
  if (trainer == NULL)
    {
      lacuna_command_complain ("%s", error->message);
      return LACUNA_EXIT_FAILED;
    }
  return run (trainer, &options, interrupt);
}
