/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The loop of a training: steps, looks and snapshots until all are done or the owner wishes otherwise, and what is done
 * about faults: a batch in more parts where memory runs out, the last snapshot and half the rate where losses are not
 * finite, another device where one fails. A snapshot exists before the first step, so that there is always one to go
 * back to. It runs on the engine's thread. */
#include "engine/train/run.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <math.h>

#include "engine/error.h"
#include "engine/fill/work.h"
#include "engine/train/options-private.h"
#include "engine/train/snapshot.h"
#include "engine/weights/weights.h"

#define LARGEST_NORM 1.0 /* of the gradient */
#define N_POINTS 500           /* of the curves, about */
#define REPORT_INTERVAL 500000 /* microseconds */
#define LEAST_RATE_FACTOR (1.0 / 64.0)
#define MAX_FAULTS 3

static gboolean
is_finite (const LacunaLosses *losses)
{
  return isfinite (losses->l1) && isfinite (losses->reconstruction) && isfinite (losses->adversarial)
         && isfinite (losses->wasserstein[0]) && isfinite (losses->wasserstein[1]) && isfinite (losses->penalty[0])
         && isfinite (losses->penalty[1]);
}

/* Loads the last snapshot into the learner. */
static gboolean
reload (LacunaCourse *self, LacunaWeights **ret_state, GError **error)
{
  LacunaTrainingProgress *last = lacuna_training_progress_load (self->run->progress->name, ret_state, error);

  if (last == NULL)
    return FALSE;
  last->rate_factor = self->run->progress->rate_factor;
  last->options = self->run->progress->options;
  lacuna_training_progress_free (self->run->progress);
  self->run->progress = last;
  lacuna_course_take_point (self);
  return TRUE;
}

/* Goes on from the last snapshot with half the rate, as losses were not finite. */
static gboolean
go_back (LacunaCourse *self, GError **error)
{
  guint64 failed = self->run->progress->step + 1;
  g_autoptr (LacunaWeights) state = NULL;

  self->run->progress->rate_factor /= 2.0;
  if (self->run->progress->rate_factor < LEAST_RATE_FACTOR)
    {
      g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_UNFIT,
                   _ ("The training diverges at step %" PRIu64 ", even at a rate of %g. Choose another base "
                      "model or a lower rate."),
                   failed, self->run->progress->options.rate * LEAST_RATE_FACTOR);
      return FALSE;
    }
  if (!reload (self, &state, error) || !lacuna_learner_load_state (self->learner, state, error))
    return FALSE;
  lacuna_course_tell_note (
      self, _ ("The losses of step %" PRIu64 " were not finite: back at step %" PRIu64 " with a rate of %g."), failed,
      self->run->progress->step, self->run->progress->options.rate * self->run->progress->rate_factor);
  return TRUE;
}

static LacunaStepOptions
get_step_options (LacunaCourse *self)
{
  const LacunaTrainingProgress *progress = self->run->progress;
  const LacunaTrainingOptions *options = &progress->options;
  const double rate = lacuna_training_options_get_rate (options, progress->step);
  gboolean critics = progress->step >= options->warm_up;

  return (LacunaStepOptions){
    .rate = rate * progress->rate_factor,
    .critics = critics,
    .adversarial = critics ? options->adversarial : 0.0,
    .generator = !critics || (progress->step - options->warm_up) % options->critic_steps == options->critic_steps - 1,
    .first = options->first_layer,
    .decay = MIN (options->average_decay, (1.0 + progress->step) / (10.0 + progress->step)),
    .reconstruction = options->reconstruction,
    .clip = LARGEST_NORM,
    .parts = self->parts
  };
}

static void
add_losses (LacunaCourse *self, const LacunaLosses *losses, const LacunaStepOptions *options)
{
  if (options->generator)
    {
      self->n_generator++;
      self->sum.l1 += losses->l1;
      self->sum.reconstruction += losses->reconstruction;
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
count_time (LacunaCourse *self)
{
  gint64 now = g_get_monotonic_time ();
  double seconds = (now - self->last_time) * 1e-6;

  self->last_time = now;
  self->run->progress->seconds += seconds;
  self->seconds_per_step = self->seconds_per_step > 0.0 ? 0.95 * self->seconds_per_step + 0.05 * seconds : seconds;
}

static void
tell_step (LacunaCourse *self)
{
  LacunaTrainingProgress *progress = self->run->progress;
  guint n_lost = lacuna_batches_get_n_lost (self->batches);

  if (progress->step % MAX (1, progress->options.steps / N_POINTS) == 0 && self->n_generator > 0)
    lacuna_course_add_point (self, NAN, NULL);
  else if (g_get_monotonic_time () - self->last_report > REPORT_INTERVAL)
    lacuna_course_tell (self, LACUNA_TRAINING_LEARNING, NULL, NULL);
  if (n_lost > self->n_lost)
    lacuna_course_tell_note (self, _ ("%u of the photos can't be read any more; others take their place."), n_lost);
  self->n_lost = n_lost;
}

static gboolean
learn (LacunaCourse *self, GError **error)
{
  LacunaTrainingProgress *progress = self->run->progress;
  LacunaStepOptions options = get_step_options (self);
  g_autoptr (LacunaBatch) batch = lacuna_batches_take (self->batches, progress->step, error);
  LacunaLosses losses = { 0 };

  if (batch == NULL || !lacuna_course_give_way (self, error)
      || !lacuna_learner_step (self->learner, batch, &options, lacuna_course_give_way, self, &losses, error))
    return FALSE;
  if (!is_finite (&losses))
    return go_back (self, error);
  progress->step++;
  add_losses (self, &losses, &options);
  count_time (self);
  tell_step (self);
  if ((g_get_monotonic_time () - self->last_snapshot) * 1e-6 > progress->options.snapshot_minutes * 60.0)
    return lacuna_course_save (self, error);
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
go_on (LacunaCourse *self, GError **error)
{
  for (;;)
    {
      if (is_look_due (self->run->progress) && !lacuna_course_look (self, error))
        return FALSE;
      if (is_done (self->run->progress))
        return TRUE;
      if (!learn (self, error))
        return FALSE;
    }
}

/* Deals with what stopped the training. TRUE: on with it. */
static gboolean
recover (LacunaCourse *self, const GError *problem, GError **error)
{
  LacunaDeviceSession *session = lacuna_engine_get_session (self->engine);
  g_autoptr (LacunaWeights) state = NULL;

  if (g_error_matches (problem, LACUNA_ERROR, LACUNA_ERROR_MEMORY) && self->parts < self->run->progress->options.batch)
    {
      self->parts *= 2;
      lacuna_course_tell_note (self, _ ("Memory ran out: each batch is learnt in %u parts now."), self->parts);
      return TRUE;
    }
  /* Weights that are not finite are not written. */
  if (g_error_matches (problem, LACUNA_ERROR, LACUNA_ERROR_UNFIT)
      || g_error_matches (problem, LACUNA_ERROR, LACUNA_ERROR_NOT_FINITE))
    return go_back (self, error);
  if (!g_error_matches (problem, LACUNA_ERROR, LACUNA_ERROR_DEVICE)
      || self->n_faults++ >= MAX_FAULTS
      /* A fill in between may have given the device up already. */
      || (lacuna_device_session_get_context (session) == self->context
          && !lacuna_device_session_change (session, self->run->hurry, problem)))
    {
      g_propagate_error (error, g_error_copy (problem));
      return FALSE;
    }
  lacuna_course_leave_device (self);
  if (!reload (self, &state, error) || !lacuna_course_open_learner (self, state, error))
    return FALSE;
  lacuna_course_tell_note (self, _ ("%s The training goes on from its last snapshot on “%s”."), problem->message,
                           lacuna_course_get_device_name (self));
  return TRUE;
}

/* Cancelled or stopped. */
static gboolean
is_wish (const GError *error)
{
  return g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

/* Does what remains where training was stopped, or cancelled, for that reason, which is the error then: a last look where
 * it was stopped, and a snapshot. */
static gboolean
wind_up (LacunaCourse *self, const GError *reason, GError **error)
{
  gboolean is_stopped = g_atomic_int_get (self->run->is_stopped);
  g_autoptr (GError) problem = NULL;

  lacuna_context_set_cancellable (self->context, NULL);
  /* The last look is not to be stopped by the wish that led to it. */
  g_atomic_int_set (self->run->is_stopped, FALSE);
  if (is_stopped && self->run->progress->looked_at != self->run->progress->step && !lacuna_course_look (self, &problem)
      && !is_wish (problem))
    {
      g_propagate_error (error, g_steal_pointer (&problem));
      return FALSE;
    }
  if (!lacuna_course_save (self, error))
    return FALSE;
  if (is_stopped && !g_cancellable_is_cancelled (self->cancellable))
    return TRUE;
  g_propagate_error (error, g_error_copy (reason));
  return FALSE;
}

/* Opens all that a training takes. */
static gboolean
begin (LacunaCourse *self, GError **error)
{
  LacunaTrainingRun *run = self->run;
  g_autoptr (LacunaWeights) state = NULL;

  return (!run->resume
          || (reload (self, &state, error) && lacuna_training_options_check (&run->progress->options, error)))
         && lacuna_course_open_photos (self, error) && lacuna_course_open_learner (self, state, error)
         && (run->resume || lacuna_course_save (self, error));
}

/* Runs the training until all is done. */
static gboolean
run_course (LacunaCourse *self, GError **error)
{
  g_autoptr (GError) problem = NULL;

  if (!begin (self, error))
    return FALSE;
  self->last_snapshot = self->last_time = g_get_monotonic_time ();
  while (!go_on (self, &problem))
    {
      if (is_wish (problem))
        return wind_up (self, problem, error);
      /* Where it is cancelled while another device is opened, the last snapshot is there. */
      if (!recover (self, problem, error))
        return FALSE;
      g_clear_error (&problem);
    }
  return lacuna_course_save (self, error);
}

gboolean
lacuna_training_run (LacunaEngine *engine, gpointer data, GCancellable *cancellable, GError **error)
{
  LacunaTrainingRun *run = data;
  g_auto (LacunaCourse) self = { .run = run, .engine = engine, .cancellable = cancellable };

  run->has_snapshot = run->resume;
  return run_course (&self, error);
}
