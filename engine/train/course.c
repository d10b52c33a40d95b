/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a run of a training (run.c) has open and does apart from its steps: photos, the learner on the device, reports
 * to the owner, looks at the held-out photos, snapshots. The course owns all but the run and the engine; its context is
 * the session's, and other work gets that back without watcher and cancellable. It runs on the engine's thread. */
#include "engine/train/course.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "engine/cl/device-list.h"
#include "engine/error.h"
#include "engine/fill/work.h"
#include "engine/network/load.h"
#include "engine/train/keeper.h"
#include "engine/train/options-private.h"
#include "engine/train/report-private.h"
#include "engine/train/samples.h"
#include "engine/weights/model-name.h"
#include "engine/weights/models.h"
#include "engine/weights/weights.h"

#define LEAST_CROPS 8 /* held out */
#define N_SAMPLES 6
#define SMALL_CRITIC 8 /* width of critics which never learn */
#define PATIENCE 60    /* seconds that a program is built for before that is told, and again */

void
lacuna_course_leave_device (LacunaCourse *self)
{
  g_clear_pointer (&self->learner, lacuna_learner_free);
  if (self->context == NULL)
    return;
  lacuna_context_set_cancellable (self->context, NULL);
  lacuna_context_set_watcher (self->context, PATIENCE, NULL, NULL);
  g_clear_object (&self->context);
}

void
lacuna_course_clear (LacunaCourse *self)
{
  g_clear_pointer (&self->batches, lacuna_batches_free);
  g_clear_pointer (&self->held_out, lacuna_held_out_free);
  lacuna_course_leave_device (self);
}

void
lacuna_course_tell (LacunaCourse *self, LacunaTrainingPhase phase, const LacunaTrainingPoint *point, GPtrArray *samples)
{
  const LacunaTrainingProgress *progress = self->run->progress;
  LacunaTrainingReport *report = lacuna_training_report_new (phase, progress);

  if (self->seconds_per_step > 0.0)
    {
      report->images_per_second = progress->options.batch / self->seconds_per_step;
      report->seconds_left
          = self->seconds_per_step * (progress->options.steps - MIN (progress->step, progress->options.steps));
    }
  if (point != NULL)
    {
      report->has_point = TRUE;
      report->point = *point;
    }
  report->samples = samples;
  self->run->report (report, self->run->data);
  self->last_report = g_get_monotonic_time ();
}

void
lacuna_course_tell_note (LacunaCourse *self, const char *format, ...)
{
  LacunaTrainingReport *report = lacuna_training_report_new (LACUNA_TRAINING_LEARNING, self->run->progress);
  va_list arguments;

  va_start (arguments, format);
  report->note = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  self->run->report (report, self->run->data);
}

static gboolean
may_go_on (LacunaCourse *self)
{
  return !g_atomic_int_get (self->run->is_stopped) && !g_cancellable_is_cancelled (self->cancellable);
}

/* Lets fills go first; called between pieces of work. */
gboolean
lacuna_course_give_way (gpointer data, GError **error)
{
  LacunaCourse *self = data;

  lacuna_engine_give_way (self->engine);
  if (may_go_on (self))
    return TRUE;
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED, _ ("The training was paused."));
  return FALSE;
}

/* There is a way back through the first architecture alone. */
static gboolean
check_architecture (LacunaWeights *base, const char *name, GError **error)
{
  LacunaNetwork network;

  if (!lacuna_layers_check (base, &network, error))
    return FALSE;
  if (network.architecture == LACUNA_ARCHITECTURE_V1)
    return TRUE;
  g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_UNFIT,
               _ ("“%s” has gated convolutions (%s), and such a model can't learn here. Choose one of %s."), name,
               lacuna_architecture_get_name (network.architecture),
               lacuna_architecture_get_name (LACUNA_ARCHITECTURE_V1));
  return FALSE;
}

/* The base model's weights; NULL without error for random ones. */
static gboolean
load_base (const LacunaTrainingProgress *progress, LacunaWeights **ret_base, GError **error)
{
  g_autofree char *path = NULL;

  if (strcmp (progress->base, LACUNA_BASE_NONE) == 0)
    return TRUE;
  path = lacuna_models_find (progress->base, error);
  if (path == NULL)
    return FALSE;
  *ret_base = lacuna_weights_load (path, error);
  return *ret_base != NULL && check_architecture (*ret_base, progress->base, error);
}

/* Critics that are kept with the base model go on learning, where they are to join in. */
static gboolean
load_critics (LacunaCourse *self, GError **error)
{
  const LacunaTrainingProgress *progress = self->run->progress;
  g_autofree char *base = NULL, *path = NULL;
  g_autoptr (LacunaWeights) critics = NULL;
  g_autoptr (GError) reason = NULL;

  if (!lacuna_training_options_has_critics (&progress->options) || strcmp (progress->base, LACUNA_BASE_NONE) == 0)
    return TRUE;
  base = lacuna_models_find (progress->base, error);
  if (base == NULL)
    return FALSE;
  path = lacuna_models_get_critics_path (base);
  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    return TRUE;
  critics = lacuna_weights_load (path, error);
  if (critics == NULL)
    return FALSE;
  if (lacuna_learner_load_critics (self->learner, critics, &reason))
    return TRUE;
  if (!g_error_matches (reason, LACUNA_ERROR, LACUNA_ERROR_UNFIT))
    {
      g_propagate_error (error, g_steal_pointer (&reason));
      return FALSE;
    }
  lacuna_course_tell_note (self, _ ("The critics begin with random weights, as those of the base model don’t fit: %s"),
                           reason->message);
  return TRUE;
}

static gboolean
open_learner (LacunaCourse *self, GError **error)
{
  const LacunaTrainingProgress *progress = self->run->progress;
  const LacunaTrainingOptions *options = &progress->options;
  const gboolean has_critics = lacuna_training_options_has_critics (options);
  LacunaLearnerOptions learner_options = { .critic_width = has_critics ? options->critic_width : SMALL_CRITIC,
                                           .side = options->side,
                                           .window = options->side / 2,
                                           .seed = options->seed };
  g_autoptr (LacunaWeights) base = NULL;
  const LacunaWeightsEntry *first;

  if (!load_base (progress, &base, error))
    return FALSE;
  first = base != NULL ? lacuna_weights_find (base, "conv1.weight") : NULL;
  learner_options.width = first != NULL ? first->dims[0] : options->width;
  self->learner = lacuna_learner_new (self->context, &learner_options, base, error);
  return self->learner != NULL;
}

const char *
lacuna_course_get_device_name (LacunaCourse *self)
{
  return lacuna_device_get_name (lacuna_context_get_device (self->context));
}

/* Chooses in how many parts a batch is learnt, so that a step fits the memory limit. taken: bytes that others use. */
static gboolean
fit_memory (LacunaCourse *self, guint64 taken, GError **error)
{
  const LacunaTrainingOptions *options = &self->run->progress->options;
  guint64 limit = lacuna_context_get_memory_limit (self->context), wanted;
  g_autofree char *wanted_text = NULL;
  g_autofree char *limit_text = g_format_size_full (limit, G_FORMAT_SIZE_IEC_UNITS);

  for (self->parts = MIN (options->parts, options->batch);; self->parts *= 2)
    {
      guint n = (options->batch + self->parts - 1) / self->parts;

      wanted = taken + lacuna_learner_get_memory (self->learner, n, lacuna_training_options_has_critics (options));
      if (wanted <= limit || n == 1)
        break;
    }
  if (wanted > limit)
    {
      wanted_text = g_format_size_full (wanted, G_FORMAT_SIZE_IEC_UNITS);
      g_set_error (
          error, LACUNA_ERROR, LACUNA_ERROR_MEMORY,
          _ ("Learning from crops of %u pixels takes %s of memory on “%s” even one by one, and the limit is %s. "
             "Choose smaller crops or another device."),
          options->side, wanted_text, lacuna_course_get_device_name (self), limit_text);
      return FALSE;
    }
  if (self->parts > options->parts)
    lacuna_course_tell_note (self,
                             _ ("Each batch is learnt in %u parts, as a whole one doesn't fit the memory of %s: that "
                                "changes only the time it takes."),
                             self->parts, limit_text);
  return TRUE;
}

static void
tell_waiting (const char *program, guint seconds, gpointer data)
{
  LacunaCourse *self = data;

  lacuna_course_tell_note (self, _ ("The driver of “%s” has been compiling %s for %u s"),
                           lacuna_course_get_device_name (self), program, seconds);
}

/* A device that is new is tried first; what is set aside is told. */
static LacunaContext *
open_device (LacunaCourse *self, GError **error)
{
  LacunaDeviceSession *session = lacuna_engine_get_session (self->engine);
  gboolean has_chosen = lacuna_device_session_get_device (session) == NULL;
  LacunaContext *context = lacuna_device_session_open (session, self->run->hurry, error);
  g_autofree char *note = context != NULL && has_chosen ? lacuna_device_get_note () : NULL;

  if (note != NULL)
    lacuna_course_tell_note (self, "%s", note);
  return context;
}

gboolean
lacuna_course_open_learner (LacunaCourse *self, LacunaWeights *state, GError **error)
{
  LacunaContext *context;
  guint64 taken;

  lacuna_course_tell (self, LACUNA_TRAINING_PREPARING, NULL, NULL);
  context = open_device (self, error);
  if (context == NULL)
    return FALSE;
  self->context = g_object_ref (context);
  lacuna_context_set_cancellable (context, self->run->hurry);
  lacuna_context_set_watcher (context, PATIENCE, tell_waiting, self);
  taken = lacuna_context_get_memory_used (context);
  return open_learner (self, error) && fit_memory (self, taken, error)
         && (state != NULL ? lacuna_learner_load_state (self->learner, state, error) : load_critics (self, error));
}

gboolean
lacuna_course_open_photos (LacunaCourse *self, GError **error)
{
  const LacunaTrainingOptions *options = &self->run->progress->options;
  const LacunaBatchOptions batches = { .n = options->batch,
                                       .least_side = lacuna_training_options_get_least_side (options),
                                       .side = options->side,
                                       .holes = options->holes,
                                       .gamma = options->discount,
                                       .mixed = options->mixed,
                                       .seed = options->seed };
  const LacunaHeldOutOptions held_out = { .least_side = lacuna_training_options_get_least_side (options),
                                          .side = options->side,
                                          .holes = options->holes,
                                          .seed = options->seed,
                                          .n = MAX (LEAST_CROPS, self->run->held_out->len) };
  g_autoptr (GPtrArray) mixed = lacuna_sample_photos_list ();

  if (self->run->progress->n_photos == 1)
    lacuna_course_tell_note (self,
                             _ ("There is one photo alone: it is both learnt from and judged by, and how well others "
                                "are filled can't be told."));
  self->batches = lacuna_batches_new (self->run->cache, self->run->learnt, mixed, &batches);
  self->held_out = lacuna_held_out_new (self->run->cache, self->run->held_out, &held_out, error);
  return self->held_out != NULL;
}

gboolean
lacuna_course_save (LacunaCourse *self, GError **error)
{
  self->last_snapshot = g_get_monotonic_time ();
  if (!lacuna_keeper_save_state (self->run->progress, self->learner, error))
    return FALSE;
  self->run->has_snapshot = TRUE;
  return TRUE;
}

/* One of each photo: the crops go round the photos in order. */
static GPtrArray *
make_samples (LacunaCourse *self, GPtrArray *filled)
{
  GPtrArray *samples = g_ptr_array_new_with_free_func ((GDestroyNotify) lacuna_training_sample_free);
  guint n = MIN (MIN (filled->len, N_SAMPLES), self->run->held_out->len);

  for (guint i = 0; i < n; i++)
    {
      LacunaTrainingSample *sample = g_new (LacunaTrainingSample, 1);

      sample->truth = g_object_ref (lacuna_held_out_get_truth (self->held_out, i));
      sample->mask = lacuna_mask_ref (lacuna_held_out_get_mask (self->held_out, i));
      sample->filled = g_object_ref (filled->pdata[i]);
      g_ptr_array_add (samples, sample);
    }
  return samples;
}

/* Finds the score of the model which the result would replace, where there is one other than the base. */
static gboolean
score_namesake (LacunaCourse *self, LacunaHeldOutScore *score, GError **error)
{
  const LacunaTrainingProgress *progress = self->run->progress;
  g_autofree char *path = lacuna_models_get_user_path (progress->name);
  g_autoptr (LacunaWeights) weights = lacuna_weights_load (path, NULL);
  g_autoptr (LacunaGenerator) generator = NULL;
  LacunaHeldOutScore existing;

  if (weights == NULL)
    return TRUE;
  generator = lacuna_generator_new (self->context, weights, NULL, NULL, error);
  if (generator == NULL
      || !lacuna_held_out_score (self->held_out, generator, self->context, lacuna_course_give_way, self, &existing,
                                 NULL, error))
    return FALSE;
  if (existing.l1 < score->l1)
    *score = existing;
  return TRUE;
}

/* Takes the losses since the last point together. Means of nothing are not a number. */
LacunaTrainingPoint
lacuna_course_take_point (LacunaCourse *self)
{
  LacunaTrainingPoint point = { .step = self->run->progress->step, .losses = self->sum, .held_out = NAN };
  LacunaLosses *losses = &point.losses;

  losses->l1 /= self->n_generator;
  losses->reconstruction /= self->n_generator;
  losses->l1_coarse /= self->n_generator;
  losses->l1_refined /= self->n_generator;
  losses->adversarial = self->n_critics > 0 ? losses->adversarial / self->n_generator : NAN;
  for (guint i = 0; i < 2; i++)
    {
      losses->wasserstein[i] /= self->n_critics;
      losses->penalty[i] /= self->n_critics;
    }
  self->sum = (LacunaLosses){ 0 };
  self->n_generator = self->n_critics = 0;
  return point;
}

void
lacuna_course_add_point (LacunaCourse *self, double held_out, GPtrArray *samples)
{
  LacunaTrainingPoint point = lacuna_course_take_point (self);

  point.held_out = held_out;
  g_array_append_val (self->run->progress->points, point);
  lacuna_course_tell (self, LACUNA_TRAINING_LEARNING, &point, samples);
}

static gboolean
judge (LacunaCourse *self, const LacunaHeldOutScore *score, GError **error)
{
  LacunaTrainingProgress *progress = self->run->progress;

  if (progress->step == 0)
    {
      progress->best = progress->before = *score;
      return score_namesake (self, &progress->before, error);
    }
  if (!(score->l1 < progress->best.l1))
    {
      progress->n_idle++;
      /* As long as nothing beat the base, the last weights are those that the user may keep all the same. */
      return progress->best_step > 0 || lacuna_keeper_save_best (progress, score, self->learner, error);
    }
  if (!lacuna_keeper_save_best (progress, score, self->learner, error))
    return FALSE;
  progress->best = *score;
  progress->best_step = progress->step;
  progress->n_idle = 0;
  return TRUE;
}

gboolean
lacuna_course_look (LacunaCourse *self, GError **error)
{
  LacunaTrainingProgress *progress = self->run->progress;
  g_autoptr (LacunaGenerator) generator = NULL;
  g_autoptr (GPtrArray) filled = NULL;
  LacunaHeldOutScore score;

  lacuna_course_tell (self, LACUNA_TRAINING_LOOKING, NULL, NULL);
  generator = lacuna_learner_get_generator (self->learner, error);
  if (generator == NULL
      || !lacuna_held_out_score (self->held_out, generator, self->context, lacuna_course_give_way, self, &score,
                                 &filled, error)
      || !judge (self, &score, error))
    return FALSE;
  progress->looked_at = progress->step;
  progress->has_looked = TRUE;
  lacuna_course_add_point (self, score.l1, make_samples (self, filled));
  self->last_time = g_get_monotonic_time ();
  return progress->best_step == progress->step ? lacuna_course_save (self, error) : TRUE;
}
