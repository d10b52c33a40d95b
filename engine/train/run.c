#include "engine/train/run.h"

#include <math.h>
#include <string.h>

#include "engine/error.h"
#include "engine/fill/runner.h"
#include "engine/train/keeper.h"
#include "engine/train/samples.h"
#include "engine/weights/models.h"

#define LEAST_CROPS 8 /* held out */
#define N_SAMPLES 6
#define N_POINTS 500           /* of the curves, about */
#define REPORT_INTERVAL 500000 /* microseconds */
#define LEAST_RATE_FACTOR (1.0 / 64.0)
#define MAX_FAULTS 3
#define SMALL_CRITIC 8 /* width of critics which never learn */

typedef struct {
  LacunaTrainingRun *run;
  LacunaEngine      *engine;
  GCancellable      *cancellable;

  LacunaDevice  *device;
  LacunaContext *context;
  LacunaLearner *learner;
  LacunaBatches *batches;
  LacunaHeldOut *held_out;
  guint          parts; /* of a batch */
  guint          n_faults, n_lost;

  LacunaLosses sum; /* since the last point */
  guint        n_generator, n_critics; /* steps in it */
  gint64       last_snapshot, last_report, last_time; /* microseconds */
  double       seconds_per_step; /* running mean, 0: none yet */
} Course;

static void
course_clear (Course *self)
{
  g_clear_pointer (&self->batches, lacuna_batches_free);
  g_clear_pointer (&self->held_out, lacuna_held_out_free);
  g_clear_pointer (&self->learner, lacuna_learner_free);
  g_clear_object (&self->context);
  g_clear_object (&self->device);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Course, course_clear)

static void
tell (Course *self, LacunaTrainingPhase phase, const LacunaTrainingPoint *point, GPtrArray *samples)
{
  const LacunaTrainingProgress *progress = self->run->progress;
  LacunaTrainingReport *report = lacuna_training_report_new (phase, progress);

  if (self->seconds_per_step > 0.0)
    {
      report->images_per_second = progress->options.batch / self->seconds_per_step;
      report->seconds_left = self->seconds_per_step * (progress->options.steps - MIN (progress->step, progress->options.steps));
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

static void G_GNUC_PRINTF (2, 3)
tell_note (Course *self, const char *format, ...)
{
  LacunaTrainingReport *report = lacuna_training_report_new (LACUNA_TRAINING_LEARNING, self->run->progress);
  va_list arguments;

  va_start (arguments, format);
  report->note = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  self->run->report (report, self->run->data);
}

static gboolean
may_go_on (Course *self)
{
  return g_atomic_int_get (self->run->wish) == LACUNA_TRAINING_GO && !g_cancellable_is_cancelled (self->cancellable);
}

/* Between pieces of work: fills go first. */
static gboolean
pause_work (gpointer data, GError **error)
{
  Course *self = data;

  lacuna_engine_give_way (self->engine);
  if (may_go_on (self))
    return TRUE;
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED, "The training was paused.");
  return FALSE;
}

static gboolean
has_critics (const LacunaTrainingOptions *options)
{
  return options->warm_up < options->steps;
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
  return *ret_base != NULL;
}

static gboolean
open_learner (Course *self, GError **error)
{
  const LacunaTrainingProgress *progress = self->run->progress;
  const LacunaTrainingOptions *options = &progress->options;
  LacunaLearnerOptions learner_options = { .critic_width = has_critics (options) ? options->critic_width : SMALL_CRITIC,
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

/* As many parts as the batch has to be learnt in to fit the memory. */
static gboolean
fit_memory (Course *self, GError **error)
{
  const LacunaTrainingOptions *options = &self->run->progress->options;
  guint64 limit = lacuna_context_get_memory_limit (self->context), wanted;
  g_autofree char *wanted_text = NULL;
  g_autofree char *limit_text = g_format_size_full (limit, G_FORMAT_SIZE_IEC_UNITS);

  for (self->parts = 1;; self->parts *= 2)
    {
      guint n = (options->batch + self->parts - 1) / self->parts;

      wanted = lacuna_learner_get_memory (self->learner, n, has_critics (options));
      if (wanted <= limit || n == 1)
        break;
    }
  if (wanted > limit)
    {
      wanted_text = g_format_size_full (wanted, G_FORMAT_SIZE_IEC_UNITS);
      g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_MEMORY,
                   "Learning from crops of %u pixels takes %s of memory on “%s” even one by one, and the limit is %s. "
                   "Choose smaller crops or another device.",
                   options->side, wanted_text, lacuna_device_get_name (self->device), limit_text);
      return FALSE;
    }
  if (self->parts > 1)
    tell_note (self, "Each batch is learnt in %u parts, as a whole one doesn't fit the memory of %s: that changes only "
                     "the time it takes.",
               self->parts, limit_text);
  return TRUE;
}

/* Opens the learner on the device at hand, as the last snapshot has it or as the base does. */
static gboolean
open_all (Course *self, LacunaWeights *state, GError **error)
{
  tell (self, LACUNA_TRAINING_PREPARING, NULL, NULL);
  if (self->device == NULL
      && (self->device = lacuna_device_find (lacuna_engine_get_device (self->engine), error)) == NULL)
    return FALSE;
  self->context = lacuna_context_new (self->device, lacuna_engine_get_memory_limit (self->engine), error);
  return self->context != NULL && open_learner (self, error) && fit_memory (self, error)
         && (state == NULL || lacuna_learner_load_state (self->learner, state, error));
}

static gboolean
open_photos (Course *self, GError **error)
{
  const LacunaTrainingOptions *options = &self->run->progress->options;
  const LacunaBatchOptions batches = { .n = options->batch,
                                       .side = options->side,
                                       .window = options->side / 2,
                                       .holes = options->holes,
                                       .gamma = options->discount,
                                       .mixed = options->mixed,
                                       .seed = options->seed };
  const LacunaHeldOutOptions held_out = { .side = options->side,
                                          .window = options->side / 2,
                                          .holes = options->holes,
                                          .seed = options->seed,
                                          .n = MAX (LEAST_CROPS, self->run->held_out->len) };
  g_autoptr (GPtrArray) mixed = lacuna_sample_photos_list ();

  self->batches = lacuna_batches_new (self->run->cache, self->run->learnt, mixed, &batches);
  self->held_out = lacuna_held_out_new (self->run->cache, self->run->held_out, &held_out, error);
  return self->held_out != NULL;
}

static gboolean
save_snapshot (Course *self, GError **error)
{
  self->last_snapshot = g_get_monotonic_time ();
  return lacuna_keeper_save_state (self->run->progress, self->learner, error);
}

static GPtrArray *
make_samples (Course *self, GPtrArray *filled)
{
  GPtrArray *samples = g_ptr_array_new_with_free_func ((GDestroyNotify) lacuna_training_sample_free);

  for (guint i = 0; i < MIN (filled->len, N_SAMPLES); i++)
    {
      LacunaTrainingSample *sample = g_new (LacunaTrainingSample, 1);

      sample->truth = g_object_ref (lacuna_held_out_get_truth (self->held_out, i));
      sample->mask = lacuna_mask_ref (lacuna_held_out_get_mask (self->held_out, i));
      sample->filled = g_object_ref (filled->pdata[i]);
      g_ptr_array_add (samples, sample);
    }
  return samples;
}

/* The score of the model which the result would replace, where there is one other than the base. */
static gboolean
score_namesake (Course *self, LacunaHeldOutScore *score, GError **error)
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
      || !lacuna_held_out_score (self->held_out, generator, self->context, pause_work, self, &existing, NULL, error))
    return FALSE;
  if (existing.l1 < score->l1)
    *score = existing;
  return TRUE;
}

/* Takes the losses since the last point together. Means of nothing are not a number. */
static LacunaTrainingPoint
take_point (Course *self)
{
  LacunaTrainingPoint point = { .step = self->run->progress->step, .losses = self->sum, .held_out = NAN };
  LacunaLosses *losses = &point.losses;

  losses->l1 /= self->n_generator;
  losses->ae /= self->n_generator;
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

static void
add_point (Course *self, double held_out, GPtrArray *samples)
{
  LacunaTrainingPoint point = take_point (self);

  point.held_out = held_out;
  g_array_append_val (self->run->progress->points, point);
  tell (self, LACUNA_TRAINING_LEARNING, &point, samples);
}

static gboolean
judge (Course *self, const LacunaHeldOutScore *score, GError **error)
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
      return TRUE;
    }
  if (!lacuna_keeper_save_best (progress, score, self->learner, error))
    return FALSE;
  progress->best = *score;
  progress->best_step = progress->step;
  progress->n_idle = 0;
  return TRUE;
}

/* Looks at the held-out photos, and keeps the weights where they are the best so far. */
static gboolean
look (Course *self, GError **error)
{
  LacunaTrainingProgress *progress = self->run->progress;
  g_autoptr (LacunaGenerator) generator = NULL;
  g_autoptr (GPtrArray) filled = NULL;
  LacunaHeldOutScore score;

  tell (self, LACUNA_TRAINING_LOOKING, NULL, NULL);
  generator = lacuna_learner_get_generator (self->learner, error);
  if (generator == NULL
      || !lacuna_held_out_score (self->held_out, generator, self->context, pause_work, self, &score, &filled, error)
      || !judge (self, &score, error))
    return FALSE;
  progress->looked_at = progress->step;
  progress->has_looked = TRUE;
  add_point (self, score.l1, make_samples (self, filled));
  self->last_time = g_get_monotonic_time ();
  return progress->best_step == progress->step ? save_snapshot (self, error) : TRUE;
}

static gboolean
is_finite (const LacunaLosses *losses)
{
  return isfinite (losses->l1) && isfinite (losses->ae) && isfinite (losses->adversarial)
         && isfinite (losses->wasserstein[0]) && isfinite (losses->wasserstein[1]) && isfinite (losses->penalty[0])
         && isfinite (losses->penalty[1]);
}

/* Loads the last snapshot into the learner. */
static gboolean
reload (Course *self, LacunaWeights **ret_state, GError **error)
{
  LacunaTrainingProgress *last = lacuna_training_progress_load (self->run->progress->name, ret_state, error);

  if (last == NULL)
    return FALSE;
  last->rate_factor = self->run->progress->rate_factor;
  last->options = self->run->progress->options;
  lacuna_training_progress_free (self->run->progress);
  self->run->progress = last;
  take_point (self);
  return TRUE;
}

/* Losses were not finite: on from the last snapshot, in smaller steps. */
static gboolean
go_back (Course *self, GError **error)
{
  guint64 failed = self->run->progress->step + 1;
  g_autoptr (LacunaWeights) state = NULL;

  self->run->progress->rate_factor /= 2.0;
  if (self->run->progress->rate_factor < LEAST_RATE_FACTOR)
    {
      g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_UNFIT,
                   "The training diverges at step %" G_GUINT64_FORMAT ", even at a rate of %g. Choose another base "
                   "model or a lower rate.",
                   failed, self->run->progress->options.rate * LEAST_RATE_FACTOR);
      return FALSE;
    }
  if (!reload (self, &state, error) || !lacuna_learner_load_state (self->learner, state, error))
    return FALSE;
  tell_note (self, "The losses of step %" G_GUINT64_FORMAT " were not finite: back at step %" G_GUINT64_FORMAT
                   " with a rate of %g.",
             failed, self->run->progress->step, self->run->progress->options.rate * self->run->progress->rate_factor);
  return TRUE;
}

static LacunaStepOptions
get_step_options (Course *self)
{
  const LacunaTrainingProgress *progress = self->run->progress;
  const LacunaTrainingOptions *options = &progress->options;
  gboolean critics = progress->step >= options->warm_up;

  return (LacunaStepOptions){ .rate = lacuna_training_options_get_rate (options, progress->step) * progress->rate_factor,
                              .critics = critics,
                              .adversarial = critics,
                              .generator = !critics
                                           || (progress->step - options->warm_up) % options->critic_steps
                                                  == options->critic_steps - 1,
                              .first = options->first_layer,
                              .decay = MIN (options->average_decay, (1.0 + progress->step) / (10.0 + progress->step)),
                              .parts = self->parts };
}

static void
add_losses (Course *self, const LacunaLosses *losses, const LacunaStepOptions *options)
{
  if (options->generator)
    {
      self->n_generator++;
      self->sum.l1 += losses->l1;
      self->sum.ae += losses->ae;
      self->sum.l1_coarse += losses->l1_coarse;
      self->sum.l1_refined += losses->l1_refined;
      self->sum.adversarial += losses->adversarial;
    }
  if (options->critics)
    self->n_critics++;
  for (guint i = 0; options->critics && i < 2; i++)
    {
      self->sum.wasserstein[i] += losses->wasserstein[i];
      self->sum.penalty[i] += losses->penalty[i];
    }
}

static void
count_time (Course *self)
{
  gint64 now = g_get_monotonic_time ();
  double seconds = (now - self->last_time) * 1e-6;

  self->last_time = now;
  self->run->progress->seconds += seconds;
  self->seconds_per_step = self->seconds_per_step > 0.0 ? 0.95 * self->seconds_per_step + 0.05 * seconds : seconds;
}

static void
tell_step (Course *self)
{
  LacunaTrainingProgress *progress = self->run->progress;
  guint n_lost = lacuna_batches_get_n_lost (self->batches);

  if (progress->step % MAX (1, progress->options.steps / N_POINTS) == 0 && self->n_generator > 0)
    add_point (self, NAN, NULL);
  else if (g_get_monotonic_time () - self->last_report > REPORT_INTERVAL)
    tell (self, LACUNA_TRAINING_LEARNING, NULL, NULL);
  if (n_lost > self->n_lost)
    tell_note (self, "%u of the photos can't be read any more; others take their place.", n_lost);
  self->n_lost = n_lost;
}

static gboolean
learn (Course *self, GError **error)
{
  LacunaTrainingProgress *progress = self->run->progress;
  LacunaStepOptions options = get_step_options (self);
  g_autoptr (LacunaBatch) batch = lacuna_batches_take (self->batches, progress->step, error);
  LacunaLosses losses = { 0 };

  if (batch == NULL || !pause_work (self, error)
      || !lacuna_learner_step (self->learner, batch, &options, pause_work, self, &losses, error))
    return FALSE;
  if (!is_finite (&losses))
    return go_back (self, error);
  progress->step++;
  add_losses (self, &losses, &options);
  count_time (self);
  tell_step (self);
  if ((g_get_monotonic_time () - self->last_snapshot) * 1e-6 > progress->options.snapshot_minutes * 60.0)
    return save_snapshot (self, error);
  return TRUE;
}

static gboolean
is_done (const LacunaTrainingProgress *progress)
{
  return progress->step >= progress->options.steps
         || (progress->options.patience > 0 && progress->n_idle >= progress->options.patience);
}

static gboolean
is_look_due (const LacunaTrainingProgress *progress)
{
  return (progress->step % progress->options.evaluate_every == 0 || is_done (progress))
         && !(progress->has_looked && progress->looked_at == progress->step);
}

/* Steps until all are done or a wish comes in between, which is an error. */
static gboolean
go_on (Course *self, GError **error)
{
  for (;;)
    {
      if (is_look_due (self->run->progress) && !look (self, error))
        return FALSE;
      if (is_done (self->run->progress))
        return TRUE;
      if (!learn (self, error))
        return FALSE;
    }
}

/* Deals with what stopped the training. TRUE: on with it. */
static gboolean
recover (Course *self, const GError *problem, GError **error)
{
  g_autoptr (LacunaWeights) state = NULL;
  g_autoptr (LacunaDevice) other = NULL;

  if (g_error_matches (problem, LACUNA_ERROR, LACUNA_ERROR_MEMORY)
      && self->parts < self->run->progress->options.batch)
    {
      self->parts *= 2;
      tell_note (self, "Memory ran out: each batch is learnt in %u parts now.", self->parts);
      return TRUE;
    }
  /* Weights that are not finite are not written. */
  if (g_error_matches (problem, LACUNA_ERROR, LACUNA_ERROR_UNFIT))
    return go_back (self, error);
  if (!g_error_matches (problem, LACUNA_ERROR, LACUNA_ERROR_DEVICE) || self->n_faults++ >= MAX_FAULTS
      || (other = lacuna_runner_find_other_device (self->device)) == NULL)
    {
      g_propagate_error (error, g_error_copy (problem));
      return FALSE;
    }
  g_clear_pointer (&self->learner, lacuna_learner_free);
  g_clear_object (&self->context);
  g_set_object (&self->device, other);
  if (!reload (self, &state, error) || !open_all (self, state, error))
    return FALSE;
  tell_note (self, "%s The training goes on from its last snapshot on “%s”.", problem->message,
             lacuna_device_get_name (self->device));
  return TRUE;
}

static gboolean
is_wish (const GError *error)
{
  return g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

/* What remains to be done where training was paused or stopped. */
static gboolean
wind_up (Course *self, GError **error)
{
  g_autoptr (GError) problem = NULL;

  self->run->is_over = TRUE;
  if (g_atomic_int_get (self->run->wish) != LACUNA_TRAINING_STOP || g_cancellable_is_cancelled (self->cancellable))
    self->run->is_over = FALSE;
  else
    {
      /* The last look is not to be stopped by the wish that led to it. */
      g_atomic_int_set (self->run->wish, LACUNA_TRAINING_GO);
      if (self->run->progress->looked_at != self->run->progress->step && !look (self, &problem) && !is_wish (problem))
        {
          g_propagate_error (error, g_steal_pointer (&problem));
          return FALSE;
        }
    }
  return save_snapshot (self, error);
}

gboolean
lacuna_training_run (LacunaEngine *engine, gpointer data, GCancellable *cancellable, GError **error)
{
  LacunaTrainingRun *run = data;
  g_auto (Course) self = { .run = run, .engine = engine, .cancellable = cancellable };
  g_autoptr (LacunaWeights) state = NULL;
  g_autoptr (GError) problem = NULL;

  if ((run->resume && !reload (&self, &state, error)) || !open_photos (&self, error)
      || !open_all (&self, state, error) || (!run->resume && !save_snapshot (&self, error)))
    return FALSE;
  self.last_snapshot = self.last_time = g_get_monotonic_time ();
  while (!go_on (&self, &problem))
    {
      if (is_wish (problem))
        return wind_up (&self, error);
      if (!recover (&self, problem, error))
        return FALSE;
      g_clear_error (&problem);
    }
  run->is_over = TRUE;
  return save_snapshot (&self, error);
}
