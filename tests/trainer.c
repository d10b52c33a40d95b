/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tests trainings with the learner of tests/fake-learner.c, whose steps are known: pausing, keeping, failing
 * devices. The oracle is the same training without a pause, and which model fills bright photos brighter. */
#include "engine/train/snapshot.h"
#include "engine/train/trainer.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

#include "engine/error.h"
#include "engine/lacuna.h"
#include "engine/train/lock.h"
#include "engine/weights/weights.h"
#include "tests/fake-learner.h"
#include "tests/folder.h"
#include "tests/picture.h"

#define NAME "mine"

static char *folder;

/* What a run told. */
typedef struct {
  LacunaTrainer *trainer;
  GCancellable *cancellable;
  guint64 cancel_at, stop_at; /* step, or 0 */
  GArray *points;   /* of LacunaTrainingPoint */
  GString *notes;
  guint n_samples; /* of the last report that has some */
  gboolean has_ended, is_over;
  GError *error;
} Story;

static void
story_clear (Story *story)
{
  g_clear_object (&story->trainer);
  g_clear_object (&story->cancellable);
  g_clear_pointer (&story->points, g_array_unref);
  if (story->notes != NULL)
    g_string_free (story->notes, TRUE);
  g_clear_error (&story->error);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Story, story_clear)

static void
note (const LacunaTrainingReport *report, gpointer data)
{
  Story *story = data;

  g_assert_false (story->has_ended);
  if (report->has_point)
    g_array_append_val (story->points, report->point);
  if (report->note != NULL)
    g_string_append (story->notes, report->note);
  if (report->samples != NULL)
    story->n_samples = report->samples->len;
  if (story->cancel_at != 0 && report->step >= story->cancel_at)
    g_cancellable_cancel (story->cancellable);
  if (story->stop_at != 0 && report->step >= story->stop_at)
    {
      lacuna_trainer_stop (story->trainer);
      story->stop_at = 0;
    }
}

static void
ended (GObject *source, GAsyncResult *result, gpointer data)
{
  Story *story = data;

  story->is_over = lacuna_trainer_run_finish (story->trainer, result, &story->error);
  story->has_ended = TRUE;
}

/* Bright ones: a model which fills brighter is better. */
static double
picture_bright (int x, int y, int channel)
{
  return 220.0 + (x + y + channel) % 31;
}

static void
put_photos (void)
{
  for (int i = 0; i < 4; i++)
    {
      g_autofree char *name = g_strdup_printf ("%d.png", i);
      g_autofree char *path = g_build_filename (folder, name, NULL);
      g_autoptr (LacunaPhoto) photo = picture_make (60 + i, 50, 8, picture_bright);

      g_assert_true (lacuna_photo_save (photo, path, NULL, NULL));
    }
}

static LacunaTrainingOptions
get_options (guint steps)
{
  LacunaTrainingOptions options;

  lacuna_training_options_init (&options, LACUNA_PRESET_QUICK, TRUE);
  options.steps = steps;
  options.batch = 2;
  options.side = 48;
  options.least_side = 32;
  options.width = 4;
  options.evaluate_every = 4;
  options.rate = 0.02;
  return options;
}

/* Runs a trainer, taken, to its end. */
static void
run (Story *story, LacunaTrainer *trainer)
{
  story->trainer = trainer;
  if (story->cancellable == NULL)
    story->cancellable = g_cancellable_new ();
  story->points = g_array_new (FALSE, FALSE, sizeof (LacunaTrainingPoint));
  story->notes = g_string_new (NULL);
  lacuna_trainer_run_async (trainer, note, story, story->cancellable, ended, story);
  while (!story->has_ended)
    g_main_context_iteration (NULL, TRUE);
}

static void
run_new (Story *story, LacunaEngine *engine, const LacunaTrainingOptions *options)
{
  g_autoptr (GError) error = NULL;
  LacunaTrainer *trainer = lacuna_trainer_new (engine, NAME, folder, LACUNA_BASE_NONE, options, &error);

  g_assert_no_error (error);
  run (story, trainer);
}

static void
run_resumed (Story *story, LacunaEngine *engine)
{
  g_autoptr (GError) error = NULL;
  LacunaTrainer *trainer = lacuna_trainer_resume (engine, NAME, &error);

  g_assert_no_error (error);
  run (story, trainer);
}

static gboolean
is_same (double a, double b)
{
  return a == b || (isnan (a) && isnan (b));
}

/* A snapshot is that of the name it is found under, whatever it says, as paths are made of it. */
static void
check_moved_snapshot (void)
{
  g_autofree char *from = lacuna_training_get_state_path (NAME), *to = lacuna_training_get_state_path ("moved");
  g_autofree char *home = g_path_get_dirname (to), *content = NULL;
  g_autoptr (LacunaTrainingProgress) progress = NULL;
  g_autoptr (GError) error = NULL;
  gsize size;

  g_mkdir_with_parents (home, 0700);
  g_assert_true (g_file_get_contents (from, &content, &size, NULL) && g_file_set_contents (to, content, size, NULL));
  progress = lacuna_training_progress_load ("moved", NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (progress->name, ==, "moved");
  lacuna_training_forget ("moved");
}

/* Cancelled in the middle and resumed by another trainer, the losses and figures are those of a run without a pause. */
static void
test_resume (void)
{
  LacunaTrainingOptions options = get_options (10);
  g_autoptr (LacunaEngine) engine = lacuna_engine_new (NULL, 0);
  g_auto (Story) whole = { NULL }, first = { .cancel_at = 5 }, second = { NULL };
  const LacunaTrainingProgress *expected, *got;

  run_new (&whole, engine, &options);
  g_assert_no_error (whole.error);
  g_assert_true (whole.is_over);
  /* One photo is held out, which is shown once. */
  g_assert_cmpuint (lacuna_trainer_get_progress (whole.trainer)->n_held_out, ==, 1);
  g_assert_cmpuint (whole.n_samples, ==, 1);

  fake_learner_pause = 20000;
  run_new (&first, engine, &options);
  fake_learner_pause = 0;
  g_assert_error (first.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_false (first.is_over);
  check_moved_snapshot ();
  run_resumed (&second, engine);
  g_assert_no_error (second.error);
  g_assert_true (second.is_over);

  expected = lacuna_trainer_get_progress (whole.trainer);
  got = lacuna_trainer_get_progress (second.trainer);
  g_assert_cmpuint (got->step, ==, 10);
  g_assert_cmpuint (expected->points->len, >, 10);
  g_assert_cmpuint (got->points->len, ==, expected->points->len);
  for (guint i = 0; i < got->points->len; i++)
    {
      const LacunaTrainingPoint *a = &g_array_index (expected->points, LacunaTrainingPoint, i);
      const LacunaTrainingPoint *b = &g_array_index (got->points, LacunaTrainingPoint, i);

      g_assert_cmpuint (a->step, ==, b->step);
      g_assert_true (is_same (a->losses.l1, b->losses.l1)
                     && is_same (a->losses.reconstruction, b->losses.reconstruction)
                     && is_same (a->losses.l1_refined, b->losses.l1_refined) && is_same (a->held_out, b->held_out));
    }
  g_assert_cmpfloat (got->best.l1, ==, expected->best.l1);
}

/* Stopped in the middle, its steps are over, and what was learnt is looked at. */
static void
test_stop (void)
{
  LacunaTrainingOptions options = get_options (100000);
  g_autoptr (LacunaEngine) engine = lacuna_engine_new (NULL, 0);
  g_auto (Story) story = { .stop_at = 5 };
  const LacunaTrainingProgress *progress;

  options.evaluate_every = 100000;
  fake_learner_pause = 20000;
  run_new (&story, engine, &options);
  g_assert_no_error (story.error);
  g_assert_true (story.is_over);
  progress = lacuna_trainer_get_progress (story.trainer);
  g_assert_cmpuint (progress->step, >=, 5);
  g_assert_cmpuint (progress->looked_at, ==, progress->step);
}

/* Cancelled before it begins, nothing is read and nothing is left. */
static void
test_cancelled_before (void)
{
  LacunaTrainingOptions options = get_options (4);
  g_autoptr (LacunaEngine) engine = lacuna_engine_new (NULL, 0);
  g_auto (Story) story = { .cancellable = g_cancellable_new () };

  g_cancellable_cancel (story.cancellable);
  run_new (&story, engine, &options);
  g_assert_error (story.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_null (lacuna_trainer_get_photos (story.trainer));
  g_assert_false (lacuna_trainer_has_snapshot (story.trainer));
}

/* One better than the base is kept under its name, and tells where it came from. */
static void
test_better (void)
{
  LacunaTrainingOptions options = get_options (8);
  g_autoptr (LacunaEngine) engine = lacuna_engine_new (NULL, 0);
  g_auto (Story) story = { NULL };
  g_autoptr (LacunaWeights) model = NULL;
  g_autofree char *path = NULL;
  g_auto (GStrv) left = NULL;
  g_autoptr (GError) error = NULL;

  fake_learner_drift = 1.0;
  run_new (&story, engine, &options);
  g_assert_no_error (story.error);
  g_assert_true (lacuna_trainer_is_better (story.trainer));
  g_assert_true (lacuna_trainer_keep (story.trainer, &error));
  g_assert_no_error (error);
  path = lacuna_models_find (NAME, &error);
  g_assert_no_error (error);
  model = lacuna_weights_load (path, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (lacuna_weights_get_metadata (model, "name"), ==, NAME);
  g_assert_cmpstr (lacuna_weights_get_metadata (model, "trained_images"), ==, "16");
  g_assert_cmpstr (lacuna_weights_get_metadata (model, "trained_side"), ==, "40");
  g_assert_cmpuint (lacuna_weights_get_number (model, "trained_photos", G_MAXUINT), ==,
                    lacuna_trainer_get_progress (story.trainer)->n_photos);
  left = lacuna_training_list ();
  g_assert_cmpuint (g_strv_length (left), ==, 0);
}

static void
get_content (const char *path, char **ret_content, gsize *ret_size)
{
  g_autoptr (GError) error = NULL;

  g_file_get_contents (path, ret_content, ret_size, &error);
  g_assert_no_error (error);
}

/* The message tells the new weights' score, not the base's. */
static void
assert_tells_score (const LacunaTrainingProgress *progress, const char *message)
{
  const GArray *points = progress->points;
  g_autofree char *score
      = g_strdup_printf ("L1 %.3f", g_array_index (points, LacunaTrainingPoint, points->len - 1).held_out);

  g_assert_nonnull (strstr (message, score));
}

/* One worse than the base is refused, and so is one worse than the model of that name. */
static void
test_worse (void)
{
  LacunaTrainingOptions options = get_options (8);
  g_autoptr (LacunaEngine) engine = lacuna_engine_new (NULL, 0);
  g_auto (Story) good = { NULL }, bad = { NULL }, lesser = { NULL };
  g_autofree char *path = lacuna_models_get_user_path (NAME);
  g_autofree char *content = NULL;
  g_autofree char *content_now = NULL;
  g_autoptr (GError) error = NULL;
  gsize size, size_now;

  fake_learner_drift = -1.0;
  run_new (&bad, engine, &options);
  g_assert_no_error (bad.error);
  g_assert_false (lacuna_trainer_keep (bad.trainer, &error));
  g_assert_error (error, LACUNA_ERROR, LACUNA_ERROR_UNFIT);
  g_assert_nonnull (strstr (error->message, "not better"));
  assert_tells_score (lacuna_trainer_get_progress (bad.trainer), error->message);
  g_clear_error (&error);
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
  /* Unless it is asked for. */
  g_assert_true (lacuna_trainer_keep_worse (bad.trainer, &error));
  g_assert_no_error (error);
  g_assert_cmpint (g_unlink (path), ==, 0);

  fake_learner_drift = 1.0;
  run_new (&good, engine, &options);
  g_assert_true (lacuna_trainer_keep (good.trainer, NULL));
  get_content (path, &content, &size);
  fake_learner_drift = 0.1;
  run_new (&lesser, engine, &options);
  g_assert_no_error (lesser.error);
  g_assert_false (lacuna_trainer_keep (lesser.trainer, &error));
  g_assert_error (error, LACUNA_ERROR, LACUNA_ERROR_UNFIT);
  get_content (path, &content_now, &size_now);
  g_assert_cmpmem (content, size, content_now, size_now);
}

/* Learns from a base under a name of its own, against critics. */
static void
run_on (Story *story, LacunaEngine *engine, const char *base, const char *name, guint64 warm_up)
{
  LacunaTrainingOptions options = get_options (8);
  g_autoptr (GError) error = NULL;
  LacunaTrainer *trainer;

  options.least_side = 0;
  options.warm_up = warm_up;
  trainer = lacuna_trainer_new (engine, name, folder, base, &options, &error);
  g_assert_no_error (error);
  run (story, trainer);
}

static double
get_first_l1 (const Story *story)
{
  for (guint i = 0; i < story->points->len; i++)
    if (isfinite (g_array_index (story->points, LacunaTrainingPoint, i).losses.l1))
      return g_array_index (story->points, LacunaTrainingPoint, i).losses.l1;
  g_assert_not_reached ();
}

static void
save_critics (const char *path, guint n, const float *values)
{
  g_autoptr (LacunaWeightsWriter) writer = lacuna_weights_writer_new ();
  g_autofree char *parent = g_path_get_dirname (path);
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (g_mkdir_with_parents (parent, 0700), ==, 0);
  lacuna_weights_writer_add (writer, "critics", LACUNA_TYPE_F32, 1, &n, values);
  lacuna_weights_writer_save (writer, path, &error);
  g_assert_no_error (error);
}

/* Critics that are kept with a model of the library or beside another one go on, those that don't fit are told, and
 * those that can't be read end it. */
static void
test_critics (void)
{
  static const float thousand[] = { 1000.0f, 0.0f };
  LacunaTrainingOptions options = get_options (8);
  g_autoptr (LacunaEngine) engine = lacuna_engine_new (NULL, 0);
  g_auto (Story) base = { NULL }, without = { NULL }, with = { NULL }, late = { NULL }, unfit = { NULL },
                 broken = { NULL }, beside = { NULL };
  g_autofree char *model = lacuna_models_get_user_path (NAME);
  g_autofree char *path = g_build_filename (g_get_user_data_dir (), "lacuna", "critics", NAME ".safetensors", NULL);
  g_autofree char *elsewhere = g_build_filename (g_get_user_data_dir (), "elsewhere.safetensors", NULL);
  g_autofree char *critics = g_build_filename (g_get_user_data_dir (), "elsewhere-critics.safetensors", NULL);
  g_autofree char *content = NULL;
  gsize size;
  g_autoptr (GError) error = NULL;

  fake_learner_drift = 1.0;
  run_new (&base, engine, &options);
  g_assert_true (lacuna_trainer_keep (base.trainer, &error));
  run_on (&without, engine, NAME, "without", 0);
  g_assert_no_error (without.error);
  save_critics (path, 1, thousand);
  run_on (&with, engine, NAME, "with", 0);
  g_assert_no_error (with.error);
  g_assert_cmpfloat (get_first_l1 (&with), >, get_first_l1 (&without) + 100.0);
  run_on (&late, engine, NAME, "late", 100);
  g_assert_no_error (late.error);
  g_assert_cmpfloat (get_first_l1 (&late), <, get_first_l1 (&without) + 100.0);
  save_critics (path, 2, thousand);
  run_on (&unfit, engine, NAME, "unfit", 0);
  g_assert_no_error (unfit.error);
  g_assert_cmpfloat (get_first_l1 (&unfit), ==, get_first_l1 (&without));
  g_assert_nonnull (strstr (unfit.notes->str, "random weights"));
  g_assert_true (g_file_set_contents (path, "broken", -1, NULL));
  run_on (&broken, engine, NAME, "broken", 0);
  g_assert_error (broken.error, LACUNA_ERROR, LACUNA_ERROR_FORMAT);

  g_assert_true (g_file_get_contents (model, &content, &size, NULL));
  g_assert_true (g_file_set_contents (elsewhere, content, size, NULL));
  save_critics (critics, 1, thousand);
  run_on (&beside, engine, elsewhere, "beside", 0);
  g_assert_no_error (beside.error);
  g_assert_cmpfloat (get_first_l1 (&beside), ==, get_first_l1 (&with));
}

/* Losses which are not finite: back to the last snapshot at half the rate, and to the end. */
static void
test_not_finite (void)
{
  LacunaTrainingOptions options = get_options (8);
  g_autoptr (LacunaEngine) engine = lacuna_engine_new (NULL, 0);
  g_auto (Story) story = { NULL };
  const LacunaTrainingProgress *progress;

  fake_learner_drift = 1.0;
  fake_learner_nan_at = 6;
  run_new (&story, engine, &options);
  g_assert_no_error (story.error);
  progress = lacuna_trainer_get_progress (story.trainer);
  g_assert_cmpuint (progress->step, ==, 8);
  g_assert_cmpfloat (progress->rate_factor, ==, 0.5);
  g_assert_nonnull (strstr (story.notes->str, "step 6 were not finite: back at step 4"));
  g_assert_cmpuint (fake_learner_n_steps, ==, 8 + 2);
  for (guint i = 0; i < progress->points->len; i++)
    g_assert_false (isinf (g_array_index (progress->points, LacunaTrainingPoint, i).losses.reconstruction));
}

/* The device is lost: on from the snapshot, on another one. */
static void
test_device_lost (void)
{
  LacunaTrainingOptions options = get_options (8);
  g_autoptr (LacunaEngine) engine = lacuna_engine_new (NULL, 0);
  g_auto (Story) story = { NULL };

  fake_learner_lost_at = 6;
  run_new (&story, engine, &options);
  g_assert_no_error (story.error);
  g_assert_cmpuint (lacuna_trainer_get_progress (story.trainer)->step, ==, 8);
  g_assert_nonnull (strstr (story.notes->str, "goes on from its last snapshot"));
}

static void
test_memory (void)
{
  LacunaTrainingOptions options = get_options (4);
  g_autoptr (LacunaEngine) engine = lacuna_engine_new (NULL, 0);
  g_auto (Story) story = { NULL };

  fake_learner_max_items = 1;
  run_new (&story, engine, &options);
  g_assert_no_error (story.error);
  g_assert_nonnull (strstr (story.notes->str, "learnt in 2 parts"));
}

typedef struct {
  LacunaTrainer *trainer;
  gboolean has_begun;
} Busy;

static void
note_begin (const LacunaTrainingReport *report, gpointer data)
{
  if (report->step > 0)
    ((Busy *) data)->has_begun = TRUE;
}

static void
take_result (GObject *source, GAsyncResult *result, gpointer data)
{
  *(GAsyncResult **) data = g_object_ref (result);
}

/* A fill requested while training runs ends long before the training does; another training of that name can't begin. */
static void
test_fill_goes_first (void)
{
  LacunaTrainingOptions options = get_options (100000);
  g_autoptr (LacunaEngine) engine = lacuna_engine_new (NULL, 0);
  g_autofree char *model = g_test_build_filename (G_TEST_DIST, "golden", "generator_tiny_oihw.safetensors", NULL);
  LacunaFillOptions fill_options = { .model = model };
  g_autoptr (LacunaPhoto) photo = picture_make (64, 64, 8, picture_waves);
  g_autofree guint8 *pixels = g_malloc0 (64 * 64);
  g_autoptr (LacunaMask) mask = NULL;
  g_autoptr (LacunaFill) fill = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (LacunaTrainer) trainer = NULL;
  g_autoptr (GError) error = NULL;
  Busy busy = { NULL };

  memset (pixels + 20 * 64 + 20, 255, 9);
  mask = lacuna_mask_new (64, 64, pixels);
  fake_learner_pause = 20000;
  trainer = lacuna_trainer_new (engine, NAME, folder, LACUNA_BASE_NONE, &options, &error);
  g_assert_no_error (error);
  lacuna_trainer_run_async (trainer, note_begin, &busy, cancellable, take_result, &result);
  while (!busy.has_begun)
    g_main_context_iteration (NULL, TRUE);
  fill = lacuna_engine_fill (engine, photo, mask, &fill_options, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_null (result);
  g_assert_null (lacuna_training_lock_take (NAME, &error));
  g_assert_error (error, LACUNA_ERROR, LACUNA_ERROR_UNFIT);
  g_clear_error (&error);
  g_cancellable_cancel (cancellable);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_false (lacuna_trainer_run_finish (trainer, result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
test_errors (void)
{
  LacunaTrainingOptions options = get_options (4);
  g_autoptr (LacunaEngine) engine = lacuna_engine_new (NULL, 0);
  const char *names[] = { "", "../x", "default", ".hidden" };
  static const guint sides[] = { 16, 40, 80 };
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_assert_null (lacuna_trainer_new (engine, names[i], folder, NULL, &options, &error));
      g_assert_error (error, LACUNA_ERROR, LACUNA_ERROR_UNFIT);
      g_clear_error (&error);
    }
  options.side = 1000;
  g_assert_null (lacuna_trainer_new (engine, NAME, folder, NULL, &options, &error));
  g_assert_error (error, LACUNA_ERROR, LACUNA_ERROR_UNFIT);
  g_assert_nonnull (strstr (error->message, "side can't be 1000. Choose from 32 to 512"));
  g_clear_error (&error);
  options.side = 64;
  for (guint i = 0; i < G_N_ELEMENTS (sides); i++)
    {
      options.least_side = sides[i];
      g_assert_null (lacuna_trainer_new (engine, NAME, folder, NULL, &options, &error));
      g_assert_nonnull (strstr (error->message, "to 64 pixels. Choose a multiple of 16, from 32"));
      g_clear_error (&error);
    }
  options.least_side = 32;
  options.warm_up = 3;
  g_assert_null (lacuna_trainer_new (engine, NAME, folder, NULL, &options, &error));
  g_assert_nonnull (strstr (error->message, "Critics judge crops of one side, and these are of 32 to 64 pixels."));
  g_clear_error (&error);
  g_assert_null (lacuna_trainer_resume (engine, NAME, &error));
  g_assert_error (error, LACUNA_ERROR, LACUNA_ERROR_FILE);
}

/* A training without critics gets none by more steps, where its crops have several sides. */
static void
test_more_steps (void)
{
  LacunaTrainingOptions options = get_options (10);
  g_autoptr (LacunaEngine) engine = lacuna_engine_new (NULL, 0);
  g_auto (Story) first = { .cancel_at = 5 }, second = { NULL };
  g_autoptr (GError) error = NULL;
  LacunaTrainer *trainer;

  options.warm_up = 10;
  fake_learner_pause = 20000;
  run_new (&first, engine, &options);
  fake_learner_pause = 0;
  g_assert_error (first.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  trainer = lacuna_trainer_resume (engine, NAME, &error);
  g_assert_no_error (error);
  lacuna_trainer_set_steps (trainer, 20);
  run (&second, trainer);
  g_assert_error (second.error, LACUNA_ERROR, LACUNA_ERROR_UNFIT);
  g_assert_nonnull (strstr (second.error->message, "Critics judge crops of one side"));
}

/* What a program that was killed left of a training for one photo goes; what one that runs uses stays. */
static void
test_forget_photos (void)
{
  static const char killed[] = LACUNA_TRAINING_PHOTO "killed", used[] = LACUNA_TRAINING_PHOTO "used";
  LacunaTrainingOptions options = get_options (8);
  g_autoptr (LacunaEngine) engine = lacuna_engine_new (NULL, 0);
  g_auto (Story) story = { NULL }, listed = { NULL };
  g_autofree char *model = lacuna_training_get_best_path (killed), *model_folder = g_path_get_dirname (model);
  g_autofree char *parts = lacuna_training_get_parts_path (killed), *part = g_build_filename (parts, "0.png", NULL);
  g_autofree char *used_model = lacuna_training_get_best_path (used), *used_folder = g_path_get_dirname (used_model);
  g_autofree char *state = lacuna_training_get_state_path (NAME);

  fake_learner_drift = 1.0;
  run_new (&listed, engine, &options);
  run (&story, lacuna_trainer_new (engine, used, folder, "none", &options, NULL));
  g_assert_no_error (story.error);
  g_assert_cmpint (g_mkdir_with_parents (model_folder, 0700), ==, 0);
  g_assert_cmpint (g_mkdir_with_parents (parts, 0700), ==, 0);
  g_assert_true (g_file_set_contents (model, "", 0, NULL) && g_file_set_contents (part, "", 0, NULL));

  lacuna_training_forget_photos ();
  g_assert_false (g_file_test (model_folder, G_FILE_TEST_EXISTS) || g_file_test (parts, G_FILE_TEST_EXISTS));
  g_assert_true (g_file_test (used_model, G_FILE_TEST_EXISTS) && g_file_test (state, G_FILE_TEST_EXISTS));
  g_clear_object (&story.trainer);
  lacuna_training_forget_photos ();
  g_assert_false (g_file_test (used_folder, G_FILE_TEST_EXISTS));
}

static void
in_folder (gconstpointer test)
{
  folder = g_dir_make_tmp ("lacuna-trainer-XXXXXX", NULL);
  put_photos ();
  fake_learner_drift = 0.0;
  fake_learner_nan_at = fake_learner_lost_at = fake_learner_n_steps = 0;
  fake_learner_max_items = fake_learner_pause = 0;
  ((void (*) (void)) test) ();
  lacuna_training_forget (NAME);
  folder_remove (folder);
  g_free (folder);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_data_func ("/trainer/resume", test_resume, in_folder);
  g_test_add_data_func ("/trainer/stop", test_stop, in_folder);
  g_test_add_data_func ("/trainer/cancelled-before", test_cancelled_before, in_folder);
  g_test_add_data_func ("/trainer/better", test_better, in_folder);
  g_test_add_data_func ("/trainer/worse", test_worse, in_folder);
  g_test_add_data_func ("/trainer/critics", test_critics, in_folder);
  g_test_add_data_func ("/trainer/not-finite", test_not_finite, in_folder);
  g_test_add_data_func ("/trainer/device-lost", test_device_lost, in_folder);
  g_test_add_data_func ("/trainer/memory", test_memory, in_folder);
  g_test_add_data_func ("/trainer/fill-goes-first", test_fill_goes_first, in_folder);
  g_test_add_data_func ("/trainer/forget-photos", test_forget_photos, in_folder);
  g_test_add_data_func ("/trainer/more-steps", test_more_steps, in_folder);
  g_test_add_data_func ("/trainer/errors", test_errors, in_folder);
  return g_test_run ();
}
