/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Fills the hole of a document: copies what the fill needs, has the engine fill it, renders the result, and adds it
 * as a step. The document is busy until end(), so that nobody changes the rasters which prepare() reads; the task
 * owns the Job, which one thread at a time works on. prepare(), render_coarse() and render_result() run in a GTask's
 * thread, the network in the engine's thread, and all else in the main loop. */
#include "app/document/document-private.h"

#include <glib/gi18n.h>

#define MOST_JUDGED (4 << 20) /* pixels of a region's box; judging a region takes 50 bytes for each */

typedef struct {
  LacunaEngine  *engine;
  char          *model;
  guint          variant;
  int            growth;
  GPtrArray     *retouches; /* those in force when the fill begins */
  LacunaPhoto   *photo;
  LacunaMask    *mask, *steer[LACUNA_N_STEERS];
  double         strength; /* 0: nothing is preferred */
  LacunaTransforms transforms;
  GVariant      *lines;    /* NULL: none */
  LacunaFill    *fill;
  LacunaRetouch *coarse, *refined; /* each holds all regions */
  GPtrArray     *trust;      /* lacuna_document_get_trust */
  double         mean_trust; /* lacuna_document_fill_get_trust */
  guint          n_coarse;   /* regions whose coarse result was taken */
} Job;

static Job *
job_new (LacunaDocument *document, LacunaEngine *engine, const LacunaFillOptions *options)
{
  GVariant *lines = lacuna_document_get_lines (document);
  Job *self = g_new0 (Job, 1);

  self->engine = g_object_ref (engine);
  self->model = document->use_learnt ? g_strdup (lacuna_lesson_get_model (document->lesson))
                                     : g_strdup (options != NULL ? options->model : NULL);
  self->growth = document->growth;
  self->strength = lacuna_document_has_steer (document, LACUNA_STEER_PREFER) ? document->strength : 0;
  self->transforms = document->transforms;
  self->lines = lines != NULL ? g_variant_ref (lines) : NULL;
  return self;
}

static void
job_free (Job *self)
{
  g_clear_object (&self->engine);
  g_clear_object (&self->photo);
  g_clear_object (&self->fill);
  g_clear_pointer (&self->coarse, lacuna_retouch_unref);
  g_clear_pointer (&self->refined, lacuna_retouch_unref);
  g_clear_pointer (&self->trust, g_ptr_array_unref);
  g_clear_pointer (&self->mask, lacuna_mask_unref);
  for (guint i = 0; i < LACUNA_N_STEERS; i++)
    g_clear_pointer (&self->steer[i], lacuna_mask_unref);
  g_clear_pointer (&self->retouches, g_ptr_array_unref);
  g_clear_pointer (&self->lines, g_variant_unref);
  g_free (self->model);
  g_free (self);
}

static void
set_progress (LacunaDocument *self, double progress, const char *stage, const char *status)
{
  self->progress = progress;
  self->stage = stage;
  self->status = status;
  lacuna_document_notify (self, PROP_PROGRESS);
  lacuna_document_notify (self, PROP_STAGE);
  lacuna_document_notify (self, PROP_STATUS);
}

/* Takes task and error; error NULL: the fill is a step now. */
static void
end (GTask *task, GError *error)
{
  LacunaDocument *self = g_task_get_source_object (task);

  g_clear_object (&self->fill_cancellable);
  lacuna_document_set_busy (self, FALSE);
  lacuna_document_notify (self, PROP_FILLING);
  set_progress (self, 0, NULL, NULL);
  if (error != NULL)
    lacuna_document_keep (self);
  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_boolean (task, TRUE);
  g_object_unref (task);
}

static void
render_coarse (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  LacunaRegion *region = data;
  LacunaPhoto *photo = g_object_get_data (G_OBJECT (task), "photo");

  g_task_return_pointer (task, lacuna_retouch_new (&region, 1, photo, LACUNA_STAGE_COARSE),
                         (GDestroyNotify) lacuna_retouch_unref);
}

static void
on_coarse_rendered (GObject *source, GAsyncResult *result, gpointer data)
{
  LacunaDocument *self = LACUNA_DOCUMENT (source);
  g_autoptr (LacunaRetouch) retouch = g_task_propagate_pointer (G_TASK (result), NULL);

  if (retouch != NULL && self->fill_cancellable == g_task_get_cancellable (G_TASK (result)))
    lacuna_document_emit_coarse (self, retouch);
}

/* What a fill does in each phase, and that in a short word for a narrow window. */
static const struct {
  const char *status, *stage;
} phases[] = {
  [LACUNA_PROGRESS_PREPARING] = { N_ ("Preparing the device: to compile for it takes a minute, once"),
                                  N_ ("Preparing") },
  [LACUNA_PROGRESS_COARSE] = { N_ ("Sketching the hole"), N_ ("Sketching") },
  [LACUNA_PROGRESS_REFINING] = { N_ ("Refining the fill"), N_ ("Refining") },
  [LACUNA_PROGRESS_DETAIL] = { N_ ("Copying from the photo"), N_ ("Copying") },
  [LACUNA_PROGRESS_DONE] = { N_ ("Copying from the photo"), N_ ("Copying") },
};

static void
on_progress (const LacunaFillProgress *progress, gpointer data)
{
  GTask *task = data;
  Job *job = g_task_get_task_data (task);
  LacunaDocument *self = g_task_get_source_object (task);

  set_progress (self, CLAMP (progress->fraction, 0, 1), _ (phases[progress->phase].stage),
                progress->note != NULL ? g_intern_string (progress->note) : _ (phases[progress->phase].status));
  if (progress->result != NULL && progress->region >= job->n_coarse)
    {
      g_autoptr (GTask) render = g_task_new (self, self->fill_cancellable, on_coarse_rendered, NULL);

      job->n_coarse = progress->region + 1;
      g_object_set_data_full (G_OBJECT (render), "photo", g_object_ref (job->photo), g_object_unref);
      g_task_set_task_data (render, lacuna_region_ref (progress->result), (GDestroyNotify) lacuna_region_unref);
      g_task_run_in_thread (render, render_coarse);
    }
}

/* Finds how far each region's pixels may be trusted, and the mean over all filled pixels, 1 where that can't be
 * told. The bytes are empty for a region that is too large to judge, or where memory is short. */
static void
judge (Job *job, LacunaRegion *const *regions, guint n)
{
  double sum = 0.0;
  gsize n_filled = 0;

  job->trust = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  for (guint i = 0; i < n; i++)
    {
      const LacunaBox *hole = lacuna_region_get_hole (regions[i]);
      gsize area = (gsize) hole->width * hole->height;
      float *trust = area <= MOST_JUDGED ? lacuna_explain_trust (regions[i], job->photo) : NULL;

      for (gsize j = 0; trust != NULL && j < area; j++)
        {
          sum += trust[j];
          n_filled += trust[j] > 0;
        }
      g_ptr_array_add (job->trust, g_bytes_new_take (trust, trust != NULL ? sizeof *trust * area : 0));
    }
  job->mean_trust = n_filled > 0 ? sum / n_filled : 1.0;
}

/* Keeps what a saved photo can record about the fill, if that can be described. */
static void
describe_fill (Job *job)
{
  g_autoptr (GVariant) fills = lacuna_fill_describe (job->fill, job->photo, NULL);

  if (fills != NULL && job->refined != NULL)
    lacuna_retouch_set_fills (job->refined, fills);
}

static void
render_result (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Job *job = data;
  guint n = lacuna_fill_get_n_regions (job->fill);
  g_autofree LacunaRegion **regions = g_new (LacunaRegion *, n);

  for (guint i = 0; i < n; i++)
    regions[i] = lacuna_fill_get_region (job->fill, i);
  job->coarse = lacuna_retouch_new (regions, n, job->photo, LACUNA_STAGE_COARSE);
  job->refined = lacuna_retouch_new (regions, n, job->photo, LACUNA_STAGE_DETAIL);
  judge (job, regions, n);
  describe_fill (job);
  if (job->coarse != NULL && job->refined != NULL)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_new_error (task, LACUNA_ERROR, LACUNA_ERROR_MEMORY,
                             _ ("The fill was not kept for want of memory. Close other programs and fill again."));
}

static void
on_result_rendered (GObject *source, GAsyncResult *result, gpointer data)
{
  LacunaDocument *self = LACUNA_DOCUMENT (source);
  GTask *task = data;
  Job *job = g_task_get_task_data (task);
  GError *error = NULL;

  /* The fill is no longer under way, and the session that the push below writes must not say that it is. */
  g_clear_object (&self->fill_cancellable);
  if (g_task_propagate_boolean (G_TASK (result), &error))
    {
      LacunaStep *step
          = lacuna_step_new_fill (_ ("Fill"), job->refined, job->coarse, job->fill, job->strength, job->transforms);

      lacuna_step_set_trust (step, g_steal_pointer (&job->trust));
      lacuna_document_push (self, step);
    }
  end (task, error);
}

static void
on_filled (GObject *source, GAsyncResult *result, gpointer data)
{
  GTask *task = data;
  LacunaDocument *self = g_task_get_source_object (task);
  Job *job = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (GTask) render = NULL;

  job->fill = lacuna_engine_fill_finish (job->engine, result, &error);
  if (job->fill == NULL)
    {
      end (task, error);
      return;
    }
  render = g_task_new (self, self->fill_cancellable, on_result_rendered, task);
  g_task_set_task_data (render, job, NULL);
  g_task_run_in_thread (render, render_result);
}

/* Returns the raster as a mask, grown by so many pixels. NULL: no memory. */
static LacunaMask *
make_mask (LacunaRaster *raster, int growth)
{
  g_autoptr (LacunaMask) mask = lacuna_raster_to_mask (raster);

  return mask != NULL ? lacuna_mask_grow (mask, growth) : NULL;
}

/* Copies what steers the fill into the job. FALSE: no memory. */
static gboolean
prepare_steering (LacunaDocument *self, Job *job)
{
  for (LacunaSteer i = 0; i < LACUNA_N_STEERS; i++)
    if (lacuna_document_has_steer (self, i))
      {
        job->steer[i] = lacuna_raster_to_mask (self->steer[i]);
        if (job->steer[i] == NULL)
          return FALSE;
      }
  return TRUE;
}

static void
prepare (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  LacunaDocument *self = source;
  Job *job = data;

  job->photo = lacuna_retouches_apply (job->retouches, self->original);
  job->mask = make_mask (self->raster, job->growth);
  if (job->photo != NULL && job->mask != NULL && prepare_steering (self, job))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_new_error (task, LACUNA_ERROR, LACUNA_ERROR_MEMORY,
                             _ ("The photo was not filled for want of memory. Close other programs and fill again."));
}

static void
on_prepared (GObject *source, GAsyncResult *result, gpointer data)
{
  LacunaDocument *self = LACUNA_DOCUMENT (source);
  GTask *task = data;
  Job *job = g_task_get_task_data (task);
  LacunaFillOptions options = {
    .model = job->model,
    .keep_scores = TRUE,
    .keep_features = TRUE,
    .avoid = job->steer[LACUNA_STEER_AVOID],
    .prefer = job->steer[LACUNA_STEER_PREFER],
    .strength = job->strength,
    .lines = job->lines,
    .transforms = job->transforms,
    .variant = job->variant,
  };
  GError *error = NULL;

  if (g_task_propagate_boolean (G_TASK (result), &error))
    lacuna_engine_fill_async (job->engine, job->photo, job->mask, &options, on_progress, task, self->fill_cancellable,
                              on_filled, task);
  else
    end (task, error);
}

/* Finds what the fill begins with, and its number among the variants of the same model; it follows all variants. FALSE:
 * all of that model are there. */
static gboolean
plan_variant (LacunaDocument *self, Job *job)
{
  gboolean resting = lacuna_document_get_resting (self);
  g_autofree char *model = lacuna_models_find (job->model, NULL);
  guint end;

  job->variant = lacuna_history_count_repeats (&self->history, model, job->strength, job->transforms, &end);
  if (job->variant >= LACUNA_FILL_N_VARIANTS)
    return FALSE;
  while (self->history.position < end)
    lacuna_document_redo (self);
  job->retouches = resting ? lacuna_document_list_before (self) : lacuna_document_list_retouches (self);
  return TRUE;
}

void
lacuna_document_set_growth (LacunaDocument *self, int growth)
{
  self->growth = growth;
}

void
lacuna_document_set_strength (LacunaDocument *self, double strength)
{
  self->strength = strength;
}

void
lacuna_document_set_transforms (LacunaDocument *self, LacunaTransforms transforms)
{
  self->transforms = transforms;
}

void
lacuna_document_set_preparing (LacunaDocument *self, gboolean preparing)
{
  self->preparing = preparing;
}

void
lacuna_document_fill_async (LacunaDocument *self, LacunaEngine *engine, const LacunaFillOptions *options,
                            GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data)
{
  GTask *task = g_task_new (self, NULL, callback, data);
  g_autoptr (GTask) preparation = NULL;
  Job *job = job_new (self, engine, options);

  g_task_set_source_tag (task, lacuna_document_fill_async);
  g_task_set_task_data (task, job, (GDestroyNotify) job_free);
  if (self->busy || self->stroking)
    {
      g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_BUSY,
                               _ ("The photo can't be filled while its mask is being changed."));
      g_object_unref (task);
      return;
    }
  if (!plan_variant (self, job))
    {
      g_task_return_new_error (task, LACUNA_ERROR, LACUNA_ERROR_EMPTY,
                               _ ("All %d variants of this fill are there. Choose one, or change what is marked."),
                               LACUNA_FILL_N_VARIANTS);
      g_object_unref (task);
      return;
    }
  self->unfinished = FALSE;
  self->fill_cancellable = cancellable != NULL ? g_object_ref (cancellable) : g_cancellable_new ();
  lacuna_document_keep (self);
  lacuna_document_set_busy (self, TRUE);
  lacuna_document_notify (self, PROP_FILLING);
  set_progress (self, 0, _ (phases[LACUNA_PROGRESS_PREPARING].stage),
                self->preparing ? _ (phases[LACUNA_PROGRESS_PREPARING].status) : _ ("Preparing the photo"));
  preparation = g_task_new (self, self->fill_cancellable, on_prepared, task);
  g_task_set_task_data (preparation, job, NULL);
  g_task_run_in_thread (preparation, prepare);
}

gboolean
lacuna_document_fill_finish (LacunaDocument *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

const char *const *
lacuna_document_fill_get_notes (GAsyncResult *result)
{
  const Job *job = g_task_get_task_data (G_TASK (result));

  return lacuna_fill_get_notes (job->fill);
}

double
lacuna_document_fill_get_trust (GAsyncResult *result)
{
  const Job *job = g_task_get_task_data (G_TASK (result));

  return job->mean_trust;
}

void
lacuna_document_cancel_fill (LacunaDocument *self)
{
  if (self->fill_cancellable != NULL)
    g_cancellable_cancel (self->fill_cancellable);
}

GVariant *
lacuna_document_get_report (LacunaDocument *self)
{
  LacunaStep *step = lacuna_history_get_last_fill (&self->history);

  return step != NULL && step->fill != NULL ? lacuna_retouch_get_fills (step->retouch) : NULL;
}
