/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Runs one fill: opens model and device, plans, runs network and detail region by region, and reports a fraction that
 * never falls. Generator, detail and kept features serve later fills as long as the model's file and the session's
 * context are the same; all of them hold that context, and go before another is used. A fill that fails by the device's
 * fault is run once more, on the next device that there is. It runs on the engine's thread. */
#include "engine/fill/runner.h"

#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>

#include "engine/cl/device-list.h"
#include "engine/error.h"
#include "engine/fill/detail.h"
#include "engine/fill/fill-private.h"
#include "engine/fill/lines.h"
#include "engine/fill/plan.h"
#include "engine/fill/region-run.h"
#include "engine/fill/remains.h"
#include "engine/photo/hidden.h"
#include "engine/weights/models.h"
#include "engine/weights/weights.h"

#define PREPARING_SHARE 0.2 /* of the progress of a job that has to build the kernels */
#define DETAIL_SHARE 0.4    /* of a region's */
#define WITHOUT_COPIES 2    /* of the tries to make the detail: the first one for which no copies are made */
#define PATIENCE 60         /* seconds that a program is built for before that is told, and again */

struct _LacunaRunner {
  LacunaDeviceSession *session;

  LacunaContext   *context; /* the session's when this was made */
  LacunaGenerator *generator;
  LacunaDetail    *detail; /* NULL until a job asks for it */
  LacunaKept      *kept;   /* of the generator; NULL until a job asks for it */

  char    *model; /* path of the generator's weights */
  GStatBuf model_stat;
  guint    trained_side;
};

/* One run of a job. */
typedef struct {
  LacunaRunner            *runner;
  LacunaPhoto             *photo;
  LacunaMask              *mask;
  LacunaMask              *unknown; /* the mask, what the photo hides, and what remains around the holes */
  LacunaSteering           steering;
  const LacunaFillOptions *options;
  LacunaReporter          *reporter;
  GCancellable            *cancellable;
  LacunaContextUse         before; /* the run, of the context */
  LacunaKept              *kept;   /* what it goes on from; NULL: nothing is wanted */

  GPtrArray *regions;
  guint      region;       /* the one at hand */
  double     start, share; /* its part of the job's progress */
  gboolean   in_network;
  gboolean   coarse_told;
  gboolean   has_chosen;   /* a device: which were set aside is told */
  double     told;         /* largest fraction so far */
  GPtrArray *notes; /* of char *: what is not as good as it could be */
} FillRun;

LacunaRunner *
lacuna_runner_new (LacunaDeviceSession *session)
{
  LacunaRunner *self = g_new0 (LacunaRunner, 1);

  self->session = session;
  return self;
}

static void
close_generator (LacunaRunner *self)
{
  g_clear_pointer (&self->generator, lacuna_generator_free);
  g_clear_pointer (&self->kept, lacuna_kept_free);
}

static void
leave_device (LacunaRunner *self)
{
  close_generator (self);
  g_clear_pointer (&self->detail, lacuna_detail_free);
  g_clear_object (&self->context);
}

void
lacuna_runner_rest (LacunaRunner *self)
{
  if (self->generator != NULL)
    lacuna_generator_rest (self->generator);
}

void
lacuna_runner_free (LacunaRunner *self)
{
  if (self == NULL)
    return;
  leave_device (self);
  g_free (self->model);
  g_free (self);
}

/* must_tell: no newer event may take its place. */
static void
tell (FillRun *self, LacunaFillProgress progress, gboolean must_tell)
{
  progress.fraction = self->told = MAX (self->told, progress.fraction);
  lacuna_reporter_report (self->reporter, lacuna_fill_progress_copy (&progress), !must_tell);
}

static void
report (FillRun *self, LacunaProgressPhase phase, double fraction, LacunaRegion *result, gboolean must_tell)
{
  LacunaFillProgress progress = { .phase = phase,
                                  .region = self->region,
                                  .n_regions = self->regions->len,
                                  .fraction = fraction,
                                  .result = result };

  tell (self, progress, must_tell);
}

/* Keeps what the fill's owner is to be told in the end. */
static void G_GNUC_PRINTF (2, 3) note (FillRun *self, const char *format, ...)
{
  va_list arguments;

  va_start (arguments, format);
  g_ptr_array_add (self->notes, g_strdup_vprintf (format, arguments));
  va_end (arguments);
}

static const char *
get_device_name (LacunaRunner *self)
{
  return lacuna_device_get_name (lacuna_device_session_get_device (self->session));
}

/* Tells at once that the driver is still compiling. */
static void
report_waiting (const char *program, guint seconds, gpointer data)
{
  FillRun *self = data;
  g_autofree char *text = g_strdup_printf (_ ("The driver of “%s” has been compiling %s for %u s"),
                                           get_device_name (self->runner), program, seconds);
  LacunaFillProgress progress = { .phase = LACUNA_PROGRESS_PREPARING, .n_regions = self->regions->len, .note = text };

  tell (self, progress, TRUE);
}

static void
report_building (double fraction, gpointer data)
{
  report (data, LACUNA_PROGRESS_PREPARING, PREPARING_SHARE * fraction, NULL, FALSE);
}

/* Returns the network's share in a region's part of the progress. */
static double
get_network_share (FillRun *self)
{
  return self->options->without_detail ? 1.0 : 1.0 - DETAIL_SHARE;
}

static void
report_region (LacunaRegion *region, double fraction, gpointer data)
{
  FillRun *self = data;
  gboolean has_coarse = region->coarse != NULL;

  report (self, has_coarse ? LACUNA_PROGRESS_REFINING : LACUNA_PROGRESS_COARSE,
          self->start + fraction * self->share * get_network_share (self), has_coarse ? region : NULL,
          has_coarse && !self->coarse_told);
  self->coarse_told = has_coarse;
}

static gboolean
is_same_file (const GStatBuf *a, const GStatBuf *b)
{
  return a->st_dev == b->st_dev && a->st_ino == b->st_ino && a->st_size == b->st_size
         && a->st_mtim.tv_sec == b->st_mtim.tv_sec && a->st_mtim.tv_nsec == b->st_mtim.tv_nsec;
}

/* Opens the model's weights; *ret_weights stays NULL where its generator is there already. */
static gboolean
open_model (LacunaRunner *self, const char *name, LacunaWeights **ret_weights, GError **error)
{
  g_autofree char *path = lacuna_models_find (name, error);
  g_autoptr (LacunaWeights) weights = NULL;
  GStatBuf now = { 0 };

  if (path == NULL)
    return FALSE;
  g_stat (path, &now);
  if (self->generator != NULL && g_str_equal (path, self->model) && is_same_file (&now, &self->model_stat))
    return TRUE;

  close_generator (self);
  weights = lacuna_weights_load (path, error);
  if (weights == NULL)
    return FALSE;
  g_free (self->model);
  self->model = g_steal_pointer (&path);
  self->model_stat = now;
  self->trained_side = lacuna_plan_get_trained_side (weights);
  *ret_weights = g_steal_pointer (&weights);
  return TRUE;
}

/* Opens the device where it is not yet, for the run. One that is new is tried first, which may take as long as building
 * the kernels. */
static gboolean
begin_use (LacunaRunner *self, FillRun *run, GError **error)
{
  LacunaContext *context;

  if (lacuna_device_session_get_device (self->session) == NULL)
    {
      report (run, LACUNA_PROGRESS_PREPARING, 0.0, NULL, FALSE);
      run->has_chosen = TRUE;
    }
  context = lacuna_device_session_open (self->session, run->cancellable, error);
  if (context == NULL)
    return FALSE;
  g_set_object (&self->context, context);
  run->before
      = lacuna_context_exchange_use (context, (LacunaContextUse){ .cancellable = g_object_ref (run->cancellable),
                                                                  .watcher = report_waiting,
                                                                  .watcher_data = run,
                                                                  .interval = PATIENCE });
  return TRUE;
}

static void
end_use (LacunaRunner *self, FillRun *run)
{
  g_object_unref (lacuna_context_exchange_use (self->context, run->before).cancellable);
}

/* Builds the generator where it is not there yet. */
static gboolean
open_generator (LacunaRunner *self, LacunaWeights *weights, FillRun *run, GError **error)
{
  if (self->generator != NULL)
    return TRUE;
  report (run, LACUNA_PROGRESS_PREPARING, 0.0, NULL, FALSE);
  run->start = PREPARING_SHARE;
  self->generator = lacuna_generator_new (self->context, weights, report_building, run, error);
  return self->generator != NULL;
}

static gboolean
open_detail (LacunaRunner *self, FillRun *run, GError **error)
{
  if (self->detail == NULL && !run->options->without_detail)
    self->detail = lacuna_detail_new (self->context, error);
  return self->detail != NULL || run->options->without_detail;
}

/* Halves the region's scale until a run fits the memory beside all else that is there: weights, and what a training
 * that gives way has. */
static gboolean
fit_memory (LacunaRunner *self, LacunaRegion *region, FillRun *run, GError **error)
{
  guint64 limit = lacuna_context_get_memory_limit (self->context), wanted;
  guint64 taken = lacuna_context_get_memory_used (self->context) - lacuna_generator_get_held (self->generator);
  guint planned = region->halvings;

  while ((wanted
          = taken
            + lacuna_generator_get_memory (self->generator, region->height, region->width, run->options->keep_scores))
         > limit)
    if (!lacuna_region_halve (region, run->unknown))
      {
        g_autofree char *wanted_text = g_format_size_full (wanted, G_FORMAT_SIZE_IEC_UNITS);
        g_autofree char *limit_text = g_format_size_full (limit, G_FORMAT_SIZE_IEC_UNITS);

        g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_MEMORY,
                     _ ("A hole of %d×%d pixels can't be filled: that takes %s of memory on “%s”, and the limit is %s. "
                        "Raise the limit, choose another device or mark less."),
                     region->hole.width, region->hole.height, wanted_text, get_device_name (self), limit_text);
        return FALSE;
      }
  if (region->halvings > planned)
    note (
        run,
        _ ("A hole of %d×%d pixels is filled at 1/%u of the photo's scale and not at 1/%u, for want of memory on “%s”. "
           "Raise the limit or choose another device."),
        region->hole.width, region->hole.height, 1u << region->halvings, 1u << planned, get_device_name (self));
  return TRUE;
}

static double
get_cost (const LacunaRegion *region)
{
  return (double) region->width * region->height;
}

static void
report_detail (double fraction, gpointer data)
{
  FillRun *self = data;
  double share = get_network_share (self);

  report (self, LACUNA_PROGRESS_DETAIL, self->start + self->share * (share + (1.0 - share) * fraction),
          g_ptr_array_index (self->regions, self->region), FALSE);
}

/* Does without copies that are turned, mirrored or scaled, and says why. */
static void
leave_transforms (FillRun *self, const LacunaRegion *region, const char *why, LacunaSteering *steering)
{
  if (steering->transforms == 0)
    return;
  steering->transforms = 0;
  note (self, _ ("Nothing that is copied into a hole of %d×%d pixels is turned, mirrored or scaled: %s."),
        region->hole.width, region->hole.height, why);
}

/* For the first half of the detail's part, as the fill that is gone on from takes the longer time. */
static void
report_base (double fraction, gpointer data)
{
  report_detail (fraction / 2.0, data);
}

static void
ignore_region (LacunaRegion *region, double fraction, gpointer data)
{
}

/* Fills in the base, where it is not, for a region that goes on from what it would be if it were not steered. */
static gboolean
make_base (FillRun *self, const LacunaRegion *region, guint halvings, LacunaPhoto *shown,
           const LacunaSteering *steering, LacunaDetailBase *base, GError **error)
{
  LacunaRunner *runner = self->runner;
  g_autoptr (LacunaRegion) plain = NULL;
  LacunaSteering anywhere = *steering;

  if (!lacuna_detail_goes_on (region, steering)
      || lacuna_detail_base_is_of (base, region, halvings, steering->without_guide))
    return TRUE;
  anywhere.avoid = anywhere.prefer = NULL;
  plain = lacuna_region_copy_plan (region);
  if (plain == NULL)
    {
      lacuna_error_set_memory (error, _ ("the detail"));
      return FALSE;
    }
  self->in_network = TRUE;
  if (!lacuna_region_run (plain, runner->context, runner->generator, self->photo, self->unknown, &anywhere, self->kept,
                          FALSE, ignore_region, NULL, error))
    return FALSE;
  self->in_network = FALSE;
  return lacuna_detail_make_base (runner->detail, plain, halvings, shown, self->unknown, &anywhere, base, report_base,
                                  self, error);
}

/* Makes the detail: once more where memory runs short, which may pass, then without the copies of the window, and then at
 * smaller scales; where there is none for those either, the region keeps the network's result. */
static gboolean
try_detail (FillRun *self, LacunaRegion *region, LacunaSteering *steering, GError **error)
{
  static const guint halvings[] = { 0, 0, 0, 1, LACUNA_DETAIL_MOST_HALVINGS };
  LacunaDetailBase *kept = self->kept != NULL ? lacuna_kept_get_detail (self->kept, region) : NULL;
  g_auto (LacunaDetailBase) own = { 0 };
  LacunaDetailBase *base = kept != NULL ? kept : &own;
  g_autoptr (GError) problem = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (halvings); i++)
    {
      g_autoptr (LacunaPhoto) shown = NULL;

      if (i == WITHOUT_COPIES && steering->transforms == 0)
        continue;
      if (i == WITHOUT_COPIES)
        leave_transforms (self, region, _ ("memory is short. Allow fewer of these, or close other programs"), steering);
      g_clear_error (&problem);
      self->in_network = FALSE;
      /* Seams are levelled by what lies beside a copy too, be it hidden. */
      shown = lacuna_hidden_cover (self->photo, self->unknown, region->box, &problem);
      if (shown != NULL && make_base (self, region, halvings[i], shown, steering, base, &problem)
          && lacuna_detail_run (self->runner->detail, region, halvings[i], shown, self->unknown, steering, base,
                                report_detail, self, &problem))
        {
          if (halvings[i] > 0)
            note (self,
                  _ ("The detail of a hole of %d×%d pixels was made at 1/%u of the photo's scale for want of memory. "
                     "Close other programs and fill again."),
                  region->hole.width, region->hole.height, 1u << halvings[i]);
          return TRUE;
        }
      if (!g_error_matches (problem, LACUNA_ERROR, LACUNA_ERROR_MEMORY))
        {
          g_propagate_error (error, g_steal_pointer (&problem));
          return FALSE;
        }
    }
  note (self, _ ("The detail of a hole of %d×%d pixels was left out for want of memory, and it is soft: %s"),
        region->hole.width, region->hole.height, problem->message);
  return TRUE;
}

static gboolean
run_detail (FillRun *self, LacunaRegion *region, LacunaSteering *steering, GError **error)
{
  guint n_notes = self->notes->len;

  if (self->options->without_detail)
    return TRUE;
  report_detail (0.0, self);
  if (!try_detail (self, region, steering, error))
    return FALSE;
  if (region->offsets == NULL && self->notes->len == n_notes)
    note (self, _ ("A hole of %d×%d pixels has no detail and is soft: %s."), region->hole.width, region->hole.height,
          MAX (region->box.width, region->box.height) > G_MAXINT16
              ? _ ("its window is too large")
              : _ ("around it there is nothing known that is large enough to copy from"));
  return TRUE;
}

static void
note_unseen_lines (FillRun *self, const LacunaRegion *region, const LacunaSteering *steering)
{
  LacunaSteering anywhere = *steering;
  guint n_unseen = lacuna_lines_count_unseen (steering, region, self->unknown), n;

  anywhere.prefer = NULL;
  n = lacuna_lines_count_unseen (&anywhere, region, self->unknown);
  if (n_unseen > n)
    note (self,
          ngettext ("%u line through a hole of %d×%d pixels is not followed: what is known of it is not preferred. "
                    "Prefer that too, or copy less strongly from what is preferred.",
                    "%u lines through a hole of %d×%d pixels are not followed: what is known of them is not preferred. "
                    "Prefer that too, or copy less strongly from what is preferred.",
                    n_unseen - n),
          n_unseen - n, region->hole.width, region->hole.height);
  if (n > 0)
    note (self,
          ngettext (
              "%u line through a hole of %d×%d pixels is not followed: what is known of it is too far away. Draw it "
              "on next to the hole.",
              "%u lines through a hole of %d×%d pixels are not followed: what is known of them is too far away. "
              "Draw them on next to the hole.",
              n),
          n, region->hole.width, region->hole.height);
}

/* Leaves out the copies that a window is too large for. */
static void
fit_transforms (FillRun *self, const LacunaRegion *region, LacunaSteering *steering)
{
  if (!lacuna_detail_takes (region, steering->transforms))
    leave_transforms (self, region, _ ("its window is too large for all of these. Allow fewer"), steering);
}

/* Runs both stages and the detail of the region at hand. */
static gboolean
run_region (FillRun *self, LacunaRegion *region, GError **error)
{
  LacunaRunner *runner = self->runner;
  g_autofree char *told = NULL;
  LacunaSteering steering;

  self->coarse_told = FALSE;
  self->in_network = TRUE;
  if (g_cancellable_set_error_if_cancelled (self->cancellable, error)
      || !lacuna_steering_fit (&self->steering, region, self->unknown, &steering, &told, error))
    return FALSE;
  if (told != NULL)
    note (self, "%s", told);
  note_unseen_lines (self, region, &steering);
  fit_transforms (self, region, &steering);
  if (!lacuna_region_run (region, runner->context, runner->generator, self->photo, self->unknown, &steering, self->kept,
                          self->options->keep_scores, report_region, self, error))
    return FALSE;
  self->in_network = FALSE;
  return run_detail (self, region, &steering, error);
}

static gboolean
run_regions (FillRun *self, GError **error)
{
  LacunaRunner *runner = self->runner;
  double total = 0.0, scale;

  for (guint i = 0; i < self->regions->len; i++)
    {
      lacuna_steering_widen (&self->steering, g_ptr_array_index (self->regions, i), self->unknown);
      lacuna_lines_widen (&self->steering, g_ptr_array_index (self->regions, i), self->unknown);
      if (!fit_memory (runner, g_ptr_array_index (self->regions, i), self, error))
        return FALSE;
      total += get_cost (g_ptr_array_index (self->regions, i));
    }
  scale = (1.0 - self->start) / total;
  for (self->region = 0; self->region < self->regions->len; self->region++)
    {
      LacunaRegion *region = g_ptr_array_index (self->regions, self->region);

      self->share = get_cost (region) * scale;
      if (!run_region (self, region, error))
        return FALSE;
      self->start += self->share;
      report (self, self->options->without_detail ? LACUNA_PROGRESS_REFINING : LACUNA_PROGRESS_DETAIL, self->start,
              region, TRUE);
    }
  self->region--;
  report (self, LACUNA_PROGRESS_DONE, 1.0, NULL, TRUE);
  return TRUE;
}

/* Fails where the device does not keep what it is given: nothing that it gave counts then. Want of memory for the try
 * tells nothing. */
static gboolean
check_device (LacunaRunner *self, GError **error)
{
  g_autoptr (GError) problem = NULL;

  if (lacuna_buffer_try (self->context, &problem) || g_error_matches (problem, LACUNA_ERROR, LACUNA_ERROR_MEMORY))
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&problem));
  return FALSE;
}

/* What is kept serves later fills where that is asked for, and else this one, *ret_own, if it goes on from another. */
static void
open_kept (FillRun *self, LacunaKept **ret_own)
{
  LacunaRunner *runner = self->runner;

  self->kept = NULL;
  if (self->options->keep_features)
    {
      if (runner->kept == NULL)
        runner->kept = lacuna_kept_new ();
      lacuna_kept_begin (runner->kept);
      self->kept = runner->kept;
    }
  else if (self->steering.avoid != NULL || self->steering.prefer != NULL)
    self->kept = *ret_own = lacuna_kept_new ();
}

static LacunaFill *
run_job (FillRun *self, GError **error)
{
  LacunaRunner *runner = self->runner;
  g_autoptr (LacunaWeights) weights = NULL;
  g_autoptr (GPtrArray) regions = NULL;
  g_autoptr (LacunaMask) hidden = NULL, unknown = NULL;
  g_autoptr (LacunaKept) own = NULL;
  gboolean done;

  g_ptr_array_set_size (self->notes, 0);
  self->in_network = FALSE;
  if (runner->context != lacuna_device_session_get_context (runner->session))
    leave_device (runner);
  if (g_cancellable_set_error_if_cancelled (self->cancellable, error)
      || !open_model (runner, self->options->model, &weights, error))
    return NULL;
  regions = lacuna_plan_new (self->photo, self->mask, runner->trained_side, self->options->variant, error);
  if (regions == NULL)
    return NULL;
  hidden = lacuna_hidden_unite (self->photo, self->mask, error);
  unknown = hidden != NULL ? lacuna_remains_unite (self->photo, regions, hidden, error) : NULL;
  if (unknown == NULL || !lacuna_steering_init (&self->steering, self->options, unknown, error)
      || !lacuna_lines_check (&self->steering, self->mask, unknown, error))
    return NULL;
  self->unknown = unknown;
  self->regions = regions;
  self->region = 0;
  self->start = 0.0;
  if (!begin_use (runner, self, error))
    return NULL;
  open_kept (self, &own);
  done = open_generator (runner, weights, self, error) && open_detail (runner, self, error) && run_regions (self, error)
         && check_device (runner, error);
  end_use (runner, self);
  if (!done)
    return NULL;
  return lacuna_fill_new (g_steal_pointer (&regions), runner->model, get_device_name (runner));
}

/* Finds out who is to blame where the network gave numbers that are not finite, twice: the weights where the device
 * keeps what it is given, else the device. Takes problem. */
static GError *
blame (FillRun *self, GError *problem)
{
  LacunaContext *context = self->runner->context;
  g_autofree char *name = g_filename_display_name (self->runner->model);

  if (!g_error_matches (problem, LACUNA_ERROR, LACUNA_ERROR_NOT_FINITE))
    return problem;
  if (!self->in_network || context == NULL || !lacuna_buffer_try (context, NULL))
    {
      problem->code = LACUNA_ERROR_DEVICE;
      return problem;
    }
  g_error_free (problem);
  return g_error_new (LACUNA_ERROR, LACUNA_ERROR_UNFIT,
                      _ ("The model “%s” gives numbers that are not finite: its weights are too large. Choose another "
                         "model; if others fail too, another device."),
                      name);
}

static LacunaFill *
try_again (FillRun *self, GError **problem)
{
  LacunaRunner *runner = self->runner;
  g_autofree char *failed = g_strdup (get_device_name (runner));
  g_autoptr (GError) first = *problem;
  LacunaFill *fill;

  *problem = NULL;
  leave_device (runner);
  if (!lacuna_device_session_change (runner->session, self->cancellable, first))
    {
      *problem = g_steal_pointer (&first);
      return NULL;
    }
  fill = run_job (self, problem);
  if (fill == NULL)
    {
      *problem = blame (self, *problem);
      leave_device (runner);
      lacuna_device_session_close (runner->session);
    }
  else if (!g_str_equal (failed, get_device_name (runner)))
    note (self, _ ("%s The photo was filled on “%s”."), first->message, get_device_name (runner));
  return fill;
}

/* Notes which drivers and devices were left out, so that another device filled. */
static void
note_set_aside (FillRun *self)
{
  g_autofree char *text = lacuna_device_get_note ();

  if (text != NULL)
    note (self, "%s", text);
}

LacunaFill *
lacuna_runner_fill (LacunaRunner *self, LacunaPhoto *photo, LacunaMask *mask, const LacunaFillOptions *options,
                    LacunaReporter *reporter, GCancellable *cancellable, GError **error)
{
  g_autoptr (GPtrArray) notes = g_ptr_array_new_with_free_func (g_free);
  FillRun run = { .runner = self,
              .photo = photo,
              .mask = mask,
              .options = options,
              .reporter = reporter,
              .cancellable = cancellable,
              .notes = notes };
  g_autoptr (GError) problem = NULL;
  LacunaFill *fill = run_job (&run, &problem);

  if (fill == NULL && lacuna_device_session_get_device (self->session) != NULL
      && (lacuna_device_session_may_pass (problem) || g_error_matches (problem, LACUNA_ERROR, LACUNA_ERROR_BUILD)))
    fill = try_again (&run, &problem);
  if (fill == NULL)
    {
      g_propagate_error (error, g_steal_pointer (&problem));
      return NULL;
    }
  if (run.has_chosen)
    note_set_aside (&run);
  g_ptr_array_add (notes, NULL);
  lacuna_fill_set_notes (fill, (char **) g_ptr_array_free (g_steal_pointer (&notes), FALSE));
  lacuna_fill_set_steered (fill, lacuna_steering_describe (options));
  return fill;
}
