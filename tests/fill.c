/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tests the engine's fills with the tiny golden network: pixels, progress, cancelling, and jobs that wait for one
 * another. The oracle is that only the hole changes, that runs are alike to the bit, and the order in which jobs
 * tell of themselves. */
#include "engine/cl/buffer.h"
#include "engine/fill/fill-private.h"
#include "engine/fill/region-private.h"
#include "engine/fill/work.h"
#include "engine/lacuna.h"

#include <math.h>

#include "app/document/retouch.h"
#include "tests/picture.h"

#define WIDTH 1000
#define HEIGHT 750

/* What a job told, in order. */
typedef struct {
  LacunaEngine *engine; /* dropped with the first coarse result */
  guint n_coarse, n_refined, n_done;
  double fraction;
  gboolean is_over;
  LacunaFill *fill;
  GError *error;
} Story;

static char *
get_model (void)
{
  return g_test_build_filename (G_TEST_DIST, "golden", "generator_tiny_oihw.safetensors", NULL);
}

static LacunaMask *
make_mask (int n_holes)
{
  static const LacunaBox holes[] = { { 100, 80, 70, 50 }, { 640, 500, 30, 120 }, { 970, 0, 30, 30 } };
  g_autofree guint8 *pixels = g_malloc0 (WIDTH * HEIGHT);

  for (int i = 0; i < n_holes; i++)
    for (int y = 0; y < holes[i].height; y++)
      memset (pixels + (holes[i].y + y) * WIDTH + holes[i].x, 255, holes[i].width);
  return lacuna_mask_new (WIDTH, HEIGHT, pixels);
}

static LacunaFill *
fill_keeping (LacunaEngine *engine, LacunaPhoto *photo, LacunaMask *mask, gboolean keep_scores)
{
  g_autofree char *model = get_model ();
  LacunaFillOptions options = { .model = model, .keep_scores = keep_scores };
  g_autoptr (GError) error = NULL;
  LacunaFill *fill = lacuna_engine_fill (engine, photo, mask, &options, NULL, NULL, NULL, &error);

  g_assert_no_error (error);
  return fill;
}

static LacunaFill *
fill_sync (LacunaEngine *engine, LacunaPhoto *photo, LacunaMask *mask)
{
  return fill_keeping (engine, photo, mask, TRUE);
}

/* Only pixels of the hole change, and most of them do. */
static void
check_only_hole_changed (LacunaPhoto *before, LacunaPhoto *after, LacunaMask *mask)
{
  gsize bytes = lacuna_photo_get_bands (before) * lacuna_photo_get_depth (before) / 8;
  const guint8 *old = lacuna_photo_get_pixels (before), *new = lacuna_photo_get_pixels (after);
  const guint8 *hole = lacuna_mask_get_pixels (mask);
  gsize n_changed = 0;

  g_assert_cmpint (lacuna_photo_get_depth (after), ==, lacuna_photo_get_depth (before));
  for (gsize i = 0; i < WIDTH * HEIGHT; i++)
    {
      gboolean changed = memcmp (old + i * bytes, new + i *bytes, bytes) != 0;

      g_assert_true (!changed || hole[i] != 0);
      n_changed += changed;
    }
  g_assert_cmpuint (n_changed, >, lacuna_mask_get_n_hole (mask) * 9 / 10);
}

static void
test_only_hole (gconstpointer depth)
{
  g_autoptr (LacunaEngine) engine = lacuna_engine_new (NULL, 0);
  g_autoptr (LacunaPhoto) photo = picture_make (WIDTH, HEIGHT, GPOINTER_TO_INT (depth), picture_waves);
  g_autoptr (LacunaMask) mask = make_mask (3);
  g_autoptr (LacunaFill) fill = fill_sync (engine, photo, mask);
  g_autoptr (LacunaPhoto) coarse = lacuna_fill_apply (fill, photo, LACUNA_STAGE_COARSE, NULL);
  g_autoptr (LacunaPhoto) refined = lacuna_fill_apply (fill, photo, LACUNA_STAGE_REFINED, NULL);

  g_assert_cmpuint (lacuna_fill_get_n_regions (fill), ==, 3);
  check_only_hole_changed (photo, coarse, mask);
  check_only_hole_changed (photo, refined, mask);
  g_assert_nonnull (strstr (lacuna_fill_get_model (fill), "generator_tiny_oihw"));
}

/* Scores and best keys agree, and a second run is the same to the bit. */
static void
test_deterministic (void)
{
  g_autoptr (LacunaPhoto) photo = picture_make (WIDTH, HEIGHT, 8, picture_waves);
  g_autoptr (LacunaMask) mask = make_mask (1);
  g_autoptr (LacunaEngine) engine = lacuna_engine_new (NULL, 0);
  g_autoptr (LacunaFill) one = fill_sync (engine, photo, mask);
  g_autoptr (LacunaFill) other = fill_sync (engine, photo, mask);
  const LacunaRegion *a = lacuna_fill_get_region (one, 0), *b = lacuna_fill_get_region (other, 0);
  gsize n = (gsize) a->width * a->height, n_queries = (gsize) a->grid_width * a->grid_height;

  g_assert_cmpmem (a->input, 20 * n, b->input, 20 * n);
  g_assert_cmpmem (a->coarse, 12 * n, b->coarse, 12 * n);
  g_assert_cmpmem (a->refined, 12 * n, b->refined, 12 * n);
  g_assert_cmpmem (a->index, 4 * n_queries, b->index, 4 * n_queries);
  for (gsize i = 0; i < n; i++)
    g_assert_true (a->input[4 * n + i] == 0.0f || (a->input[i] == 0.0f && a->input[n + i] == 0.0f));
  for (gsize q = 0; q < n_queries; q++)
    for (gsize k = 0; k < n_queries; k++)
      g_assert_cmpfloat (a->scores[q * n_queries + k], <=, a->scores[q * n_queries + a->index[q]]);
}

/* That a fill is to be looked at changes nothing of it; both are of the hole and its surroundings alone. */
static void
test_kept_scores (void)
{
  g_autoptr (LacunaPhoto) photo = picture_make (WIDTH, HEIGHT, 8, picture_waves);
  g_autoptr (LacunaMask) mask = make_mask (1);
  g_autoptr (LacunaEngine) engine = lacuna_engine_new (NULL, 0);
  g_autoptr (LacunaFill) plain = fill_keeping (engine, photo, mask, FALSE);
  g_autoptr (LacunaFill) kept = fill_keeping (engine, photo, mask, TRUE);
  const LacunaRegion *a = lacuna_fill_get_region (plain, 0), *b = lacuna_fill_get_region (kept, 0);
  gsize n = (gsize) a->width * a->height;
  guint n_zero = 0;

  g_assert_null (a->scores);
  g_assert_nonnull (b->scores);
  g_assert_cmpmem (a->coarse, 12 * n, b->coarse, 12 * n);
  g_assert_cmpmem (a->refined, 12 * n, b->refined, 12 * n);
  g_assert_cmpint (a->computed.width, <, a->width);
  for (gsize i = 0; i < 3 * n; i++)
    n_zero += a->refined[i] == 0.0f;
  g_assert_cmpuint (n_zero, >=, 3 * (a->width * a->height - a->computed.width * a->computed.height));
}

static void
follow (const LacunaFillProgress *progress, gpointer data)
{
  Story *story = data;

  g_assert_false (story->is_over);
  g_assert_cmpfloat (progress->fraction, >=, story->fraction);
  g_assert_cmpfloat (progress->fraction, <=, 1.0);
  story->fraction = progress->fraction;
  if (progress->result != NULL && progress->result->refined == NULL && progress->region == story->n_coarse)
    {
      g_assert_nonnull (progress->result->coarse);
      g_assert_cmpuint (story->n_refined, ==, story->n_coarse);
      story->n_coarse++;
      g_clear_object (&story->engine);
    }
  else if (progress->result != NULL && progress->result->refined != NULL)
    {
      g_assert_cmpuint (story->n_coarse, ==, progress->region + 1);
      story->n_refined = progress->region + 1;
    }
  story->n_done += progress->phase == LACUNA_PROGRESS_DONE;
}

static void
end (GObject *source, GAsyncResult *result, gpointer data)
{
  Story *story = data;

  g_assert_false (story->is_over);
  story->is_over = TRUE;
  story->fill = lacuna_engine_fill_finish (story->engine, result, &story->error);
}

static void
start (Story *story, LacunaEngine *engine, LacunaPhoto *photo, LacunaMask *mask)
{
  g_autofree char *model = get_model ();
  LacunaFillOptions options = { .model = model };

  lacuna_engine_fill_async (engine, photo, mask, &options, follow, story, NULL, end, story);
}

static void
wait_for (Story *story)
{
  while (!story->is_over)
    g_main_context_iteration (NULL, TRUE);
}

static void
story_clear (Story *story)
{
  g_clear_object (&story->fill);
  g_clear_error (&story->error);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Story, story_clear)

static void
test_progress (void)
{
  g_autoptr (LacunaEngine) engine = lacuna_engine_new (NULL, 0);
  g_autoptr (LacunaPhoto) photo = picture_make (WIDTH, HEIGHT, 8, picture_waves);
  g_autoptr (LacunaMask) mask = make_mask (3);
  g_auto (Story) story = { NULL };

  start (&story, engine, photo, mask);
  wait_for (&story);
  g_assert_no_error (story.error);
  g_assert_cmpuint (story.n_coarse, ==, 3);
  g_assert_cmpuint (story.n_refined, ==, 3);
  g_assert_cmpuint (story.n_done, ==, 1);
  g_assert_cmpfloat (story.fraction, ==, 1.0);
}

static void
cancel_at_coarse (const LacunaFillProgress *progress, gpointer data)
{
  g_assert_null (progress->result != NULL ? progress->result->refined : NULL);
  if (progress->result != NULL)
    g_cancellable_cancel (data);
}

/* Cancelled with the first coarse result: no fill, nothing kept, and the engine works on. */
static void
test_cancel (void)
{
  g_autoptr (LacunaEngine) engine = lacuna_engine_new (NULL, 0);
  LacunaPhoto *photo = picture_make (WIDTH, HEIGHT, 8, picture_waves);
  g_autoptr (LacunaMask) mask = make_mask (3);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autofree char *model = get_model ();
  LacunaFillOptions options = { .model = model };
  g_autoptr (LacunaFill) second = NULL;
  g_autoptr (GError) error = NULL;

  g_object_add_weak_pointer (G_OBJECT (photo), (gpointer *) &photo);
  g_assert_null (
      lacuna_engine_fill (engine, photo, mask, &options, cancel_at_coarse, cancellable, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  second = fill_sync (engine, photo, mask);
  g_assert_nonnull (second);
  g_object_unref (photo);
  g_assert_null (photo);
}

/* Never begun: cancelled before. */
static void
test_cancelled_before (void)
{
  g_autoptr (LacunaEngine) engine = lacuna_engine_new (NULL, 0);
  g_autoptr (LacunaPhoto) photo = picture_make (WIDTH, HEIGHT, 8, picture_waves);
  g_autoptr (LacunaMask) mask = make_mask (1);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  g_cancellable_cancel (cancellable);
  g_assert_null (lacuna_engine_fill (engine, photo, mask, NULL, NULL, NULL, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
test_two_engines (void)
{
  g_autoptr (LacunaEngine) one = lacuna_engine_new (NULL, 0), other = lacuna_engine_new (NULL, 0);
  g_autoptr (LacunaPhoto) photo = picture_make (WIDTH, HEIGHT, 8, picture_waves);
  g_autoptr (LacunaMask) mask = make_mask (1);
  g_auto (Story) first = { NULL }, second = { NULL }, third = { NULL };
  const LacunaRegion *a, *b;

  start (&first, one, photo, mask);
  start (&second, other, photo, mask);
  start (&third, one, photo, mask);
  wait_for (&first);
  wait_for (&second);
  wait_for (&third);
  g_assert_no_error (first.error);
  g_assert_no_error (second.error);
  g_assert_no_error (third.error);
  a = lacuna_fill_get_region (first.fill, 0);
  b = lacuna_fill_get_region (second.fill, 0);
  g_assert_cmpmem (a->refined, (gsize) a->width * a->height * 12, b->refined, (gsize) b->width * b->height * 12);
}

static gboolean
work_until_told (LacunaEngine *engine, gpointer data, GCancellable *cancellable, GError **error)
{
  while (!g_atomic_int_get ((int *) data))
    {
      lacuna_engine_give_way (engine);
      g_usleep (1000);
    }
  return TRUE;
}

static void
take_result (GObject *source, GAsyncResult *result, gpointer data)
{
  *(GAsyncResult **) data = g_object_ref (result);
}

/* A fill goes before work which has begun, and does not wait for its end. */
static void
test_give_way (void)
{
  g_autoptr (LacunaEngine) engine = lacuna_engine_new (NULL, 0);
  g_autoptr (LacunaPhoto) photo = picture_make (WIDTH, HEIGHT, 8, picture_waves);
  g_autoptr (LacunaMask) mask = make_mask (1);
  g_autoptr (LacunaFill) fill = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  int told = FALSE;

  lacuna_engine_work_async (engine, work_until_told, &told, NULL, take_result, &result);
  fill = fill_sync (engine, photo, mask);
  g_assert_nonnull (fill);
  g_assert_null (result);
  g_atomic_int_set (&told, TRUE);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_true (lacuna_engine_work_finish (result, &error));
  g_assert_no_error (error);
}

#define LIMIT ((guint64) 64 << 20)

/* Work on the session's context, which leaves half of what the fill before took beside its weights. */
static gboolean
work_with_much (LacunaEngine *engine, gpointer data, GCancellable *cancellable, GError **error)
{
  LacunaContext *context = lacuna_device_session_open (lacuna_engine_get_session (engine), NULL, error);
  g_autoptr (LacunaBuffer) much = NULL;
  LacunaContextUse use;
  guint64 used;

  g_assert_nonnull (context);
  lacuna_context_set_cancellable (context, cancellable);
  used = lacuna_context_get_memory_used (context);
  much = lacuna_buffer_new (context, LIMIT - used - (lacuna_context_get_memory_peak (context) - used) / 2, error);
  g_assert_nonnull (much);
  used = lacuna_context_get_memory_used (context);
  g_atomic_int_set ((int *) data, FALSE);
  work_until_told (engine, data, cancellable, error);

  g_assert_true (lacuna_device_session_get_context (lacuna_engine_get_session (engine)) == context);
  g_assert_cmpuint (lacuna_context_get_memory_peak (context), <=, LIMIT);
  g_assert_cmpuint (lacuna_context_get_memory_used (context), ==, used);
  use = lacuna_context_exchange_use (context, (LacunaContextUse){ NULL });
  g_assert_true (use.cancellable == cancellable);
  g_clear_object (&use.cancellable);
  return TRUE;
}

/* Work and the fill that it gives way to share one account of memory: the fill does with what is left, and says so. */
static void
test_one_account (void)
{
  g_autoptr (LacunaEngine) engine = lacuna_engine_new (NULL, LIMIT);
  g_autoptr (LacunaPhoto) photo = picture_make (WIDTH, HEIGHT, 8, picture_waves);
  g_autoptr (LacunaMask) mask = make_mask (1);
  g_autoptr (LacunaFill) alone = fill_sync (engine, photo, mask), within = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  int told = TRUE; /* until the work has begun */

  g_assert_cmpuint (g_strv_length ((char **) lacuna_fill_get_notes (alone)), ==, 0);
  lacuna_engine_work_async (engine, work_with_much, &told, NULL, take_result, &result);
  while (g_atomic_int_get (&told))
    g_usleep (1000);
  within = fill_sync (engine, photo, mask);
  g_assert_cmpuint (g_strv_length ((char **) lacuna_fill_get_notes (within)), >, 0);
  g_assert_nonnull (strstr (lacuna_fill_get_notes (within)[0], "for want of memory"));
  g_atomic_int_set (&told, TRUE);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_true (lacuna_engine_work_finish (result, &error));
  g_assert_no_error (error);
}

/* Dropped while it fills, with more jobs waiting: all come to an end, the last of them as cancelled. */
static void
test_dropped (void)
{
  g_autoptr (LacunaPhoto) photo = picture_make (WIDTH, HEIGHT, 8, picture_waves);
  g_autoptr (LacunaMask) mask = make_mask (3);
  Story stories[8] = { { .engine = lacuna_engine_new (NULL, 0) } };

  for (guint i = 0; i < G_N_ELEMENTS (stories); i++)
    start (&stories[i], stories[0].engine, photo, mask);
  for (guint i = 0; i < G_N_ELEMENTS (stories); i++)
    wait_for (&stories[i]);
  g_assert_null (stories[0].engine);
  g_assert_error (stories[G_N_ELEMENTS (stories) - 1].error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  for (guint i = 0; i < G_N_ELEMENTS (stories); i++)
    {
      g_assert_true ((stories[i].fill != NULL) != (stories[i].error != NULL));
      story_clear (&stories[i]);
    }
}

/* Waves, transparent to the right of a slope, where the colour is hidden. */
static LacunaPhoto *
make_cutout (int depth, double hidden)
{
  g_autoptr (LacunaPhoto) opaque = picture_make (WIDTH, HEIGHT, depth, picture_waves);
  gconstpointer from = lacuna_photo_get_pixels (opaque);
  gsize n = 4 * (gsize) WIDTH * HEIGHT;
  g_autofree guint16 *samples = g_new (guint16, n);
  g_autofree char *path = g_strdup_printf ("%s/cutout-%d.png", g_get_tmp_dir (), (int) getpid ());
  VipsImage *image;
  LacunaPhoto *photo;

  for (gsize i = 0; i < n; i++)
    {
      gsize pixel = i / 4, band = i % 4;
      gboolean is_hidden = pixel % WIDTH > 120 + pixel / WIDTH / 4;
      gsize at = 3 * pixel + MIN (band, 2);
      guint seen = depth == 8 ? ((const guint8 *) from)[at] : ((const guint16 *) from)[at];
      guint most = (1 << depth) - 1, sample = band == 3   ? (is_hidden ? most / 3 : most)
                                              : is_hidden ? hidden * most
                                                          : seen;

      if (depth == 8)
        ((guint8 *) samples)[i] = sample;
      else
        samples[i] = sample;
    }
  image = vips_image_new_from_memory (samples, n * depth / 8, WIDTH, HEIGHT, 4,
                                      depth == 8 ? VIPS_FORMAT_UCHAR : VIPS_FORMAT_USHORT);
  image->Type = depth == 8 ? VIPS_INTERPRETATION_sRGB : VIPS_INTERPRETATION_RGB16;
  g_assert_cmpint (vips_pngsave (image, path, NULL), ==, 0);
  g_object_unref (image);
  photo = lacuna_photo_load (path, NULL, NULL);
  g_unlink (path);
  return photo;
}

/* What transparency hides has no influence on a fill, whose pixels become opaque; nothing else changes. */
static void
test_hidden (gconstpointer data)
{
  static const LacunaStage stages[] = { LACUNA_STAGE_COARSE, LACUNA_STAGE_REFINED, LACUNA_STAGE_DETAIL };
  int depth = GPOINTER_TO_INT (data), step = depth / 2; /* bytes a pixel */
  g_autoptr (LacunaEngine) engine = lacuna_engine_new (NULL, 0);
  g_autoptr (LacunaPhoto) black = make_cutout (depth, 0.0), white = make_cutout (depth, 1.0);
  g_autoptr (LacunaMask) mask = make_mask (1);
  const guint8 *hole = lacuna_mask_get_pixels (mask), *before = lacuna_photo_get_pixels (black);
  g_autoptr (LacunaFill) one = fill_sync (engine, black, mask), other = fill_sync (engine, white, mask);

  g_assert_nonnull (lacuna_fill_get_region (one, 0)->offsets);
  for (guint stage = 0; stage < G_N_ELEMENTS (stages); stage++)
    {
      g_autoptr (LacunaPhoto) a = lacuna_fill_apply (one, black, stages[stage], NULL);
      g_autoptr (LacunaPhoto) b = lacuna_fill_apply (other, white, stages[stage], NULL);
      const guint8 *x = lacuna_photo_get_pixels (a), *y = lacuna_photo_get_pixels (b);
      guint n_opaque = 0;

      for (gsize i = 0; i < WIDTH * HEIGHT; i++)
        if (hole[i] != 0)
          {
            if (memcmp (x + i * step, y + i * step, step) != 0)
              g_error ("stage %u: pixel %d, %d: %d and %d", stage, (int) (i % WIDTH), (int) (i / WIDTH), x[i * step],
                       y[i * step]);
            for (int k = 1; k <= depth / 8; k++)
              g_assert_cmpuint (x[(i + 1) * step - k], ==, 255);
            n_opaque += before[(i + 1) * step - 1] < 128;
          }
        else
          g_assert_cmpmem (x + i * step, step, before + i * step, step);
      g_assert_cmpuint (n_opaque, >, 0);
    }
}

static double
sum_scores (LacunaFill *fill, LacunaBox box)
{
  const LacunaRegion *region = lacuna_fill_get_region (fill, 0);
  int n = region->grid_width * region->grid_height;
  double sum = 0;

  for (int key = 0; key < n; key++)
    if (lacuna_box_intersection (lacuna_explain_get_patch (region, key), box).width > 0)
      for (int query = 0; query < n; query++)
        sum += region->scores[(gsize) query * n + key];
  return sum;
}

/* Pixels whose detail is copied from the box. */
static guint
count_copied (LacunaFill *fill, LacunaBox box)
{
  const LacunaRegion *region = lacuna_fill_get_region (fill, 0);
  gsize n = (gsize) region->hole.width * region->hole.height;
  guint count = 0;

  g_assert_nonnull (region->offsets);
  for (gsize i = 0; i < n; i++)
    {
      int x = region->hole.x + (int) (i % region->hole.width) + region->offsets[i];
      int y = region->hole.y + (int) (i / region->hole.width) + region->offsets[n + i];

      count += region->mask[i] != 0 && lacuna_box_intersection ((LacunaBox){ x, y, 1, 1 }, box).width > 0;
    }
  return count;
}

/* No patch that touches what is to be avoided has a share in the fill; without that they have. */
static void
test_avoid (void)
{
  g_autoptr (LacunaEngine) engine = lacuna_engine_new (NULL, 0);
  g_autoptr (LacunaPhoto) photo = picture_make (WIDTH, HEIGHT, 8, picture_waves);
  g_autoptr (LacunaMask) mask = make_mask (1), avoid = NULL;
  g_autofree char *model = get_model ();
  g_autofree guint8 *pixels = g_malloc0 (WIDTH * HEIGHT);
  const LacunaBox box = { 181, 0, WIDTH - 181, HEIGHT };
  LacunaFillOptions options = { .model = model, .keep_scores = TRUE };
  g_autoptr (LacunaFill) free = fill_sync (engine, photo, mask), bound = NULL;

  for (int y = 0; y < HEIGHT; y++)
    memset (pixels + y * WIDTH + box.x, 255, box.width);
  options.avoid = avoid = lacuna_mask_new (WIDTH, HEIGHT, pixels);
  bound = lacuna_engine_fill (engine, photo, mask, &options, NULL, NULL, NULL, NULL);
  g_assert_nonnull (bound);
  g_assert_cmpfloat (sum_scores (free, box), >, 1.0);
  g_assert_cmpfloat (sum_scores (bound, box), ==, 0.0);
  g_assert_cmpuint (count_copied (free, box), >, 0);
  g_assert_cmpuint (count_copied (bound, box), ==, 0);
  g_assert_cmpfloat (sum_scores (bound, (LacunaBox){ 0, 0, WIDTH, HEIGHT }), >, 1.0);
}

static void
check_error (LacunaEngine *engine, LacunaPhoto *photo, LacunaMask *mask, const char *model, LacunaError code)
{
  LacunaFillOptions options = { .model = model };
  g_autoptr (GError) error = NULL;

  g_assert_null (lacuna_engine_fill (engine, photo, mask, &options, NULL, NULL, NULL, &error));
  g_assert_error (error, LACUNA_ERROR, (int) code);
}

static void
test_errors (void)
{
  g_autoptr (LacunaEngine) engine = lacuna_engine_new (NULL, 0);
  g_autoptr (LacunaEngine) elsewhere = lacuna_engine_new ("no device has this name", 0);
  g_autoptr (LacunaEngine) small = lacuna_engine_new (NULL, 100000);
  g_autoptr (LacunaPhoto) photo = picture_make (WIDTH, HEIGHT, 8, picture_waves);
  g_autoptr (LacunaMask) mask = make_mask (1), none = make_mask (0);
  g_autofree char *model = get_model ();

  check_error (engine, photo, none, model, LACUNA_ERROR_EMPTY);
  check_error (engine, photo, mask, "/no/such/model.safetensors", LACUNA_ERROR_FILE);
  check_error (elsewhere, photo, mask, model, LACUNA_ERROR_NO_DEVICE);
  check_error (small, photo, mask, model, LACUNA_ERROR_MEMORY);
}

/* A region of waves, which level scales, whose rows from top on fade in over fade rows. */
static LacunaRegion *
make_piece (LacunaBox box, guint halvings, LacunaBox hole, int fade, float level)
{
  LacunaRegion *region = lacuna_region_new (box, halvings, hole);
  gsize n = (gsize) region->width * region->height;

  region->input = g_new0 (float, 5 * n);
  region->coarse = g_new0 (float, 3 * n);
  region->refined = g_new (float, 3 * n);
  for (gsize i = 0; i < 3 * n; i++)
    region->refined[i] = level * sinf (i * 0.37f);
  for (gsize i = 0; i < n; i++)
    region->input[4 * n + i] = i / region->width > 0 && i / region->width + 1 < (gsize) region->height;
  for (int y = 0; y < hole.height; y++)
    memset (region->mask + (gsize) y * hole.width, MIN (255, 1 + 255 * y / MAX (fade, 1)), hole.width);
  return region;
}

/* The command line pastes strips of regions, and the window whole ones: both give the same bytes, for a chain whose
 * second piece fades in over more rows than a strip has as well. */
static void
test_two_ways (gconstpointer depth)
{
  const LacunaBox whole = { 0, 0, 2048, 512 };
  g_autoptr (LacunaPhoto) photo = picture_make (whole.width, whole.height, GPOINTER_TO_INT (depth), picture_waves);
  GPtrArray *regions = g_ptr_array_new_with_free_func ((GDestroyNotify) lacuna_region_unref);
  g_autoptr (GPtrArray) retouches = g_ptr_array_new_with_free_func ((GDestroyNotify) lacuna_retouch_unref);
  g_autoptr (LacunaPhoto) by_strips = NULL, by_patches = NULL;
  g_autoptr (LacunaFill) fill = NULL;
  gsize n_bytes = (gsize) whole.width * whole.height * 3 * GPOINTER_TO_INT (depth) / 8;

  g_ptr_array_add (regions, make_piece (whole, 3, (LacunaBox){ 0, 16, 2048, 300 }, 0, -0.6f));
  g_ptr_array_add (regions, make_piece (whole, 3, (LacunaBox){ 0, 60, 2048, 400 }, 256, 0.6f));
  fill = lacuna_fill_new (regions, "model", "device");
  g_ptr_array_add (retouches, lacuna_retouch_new ((LacunaRegion *const *) regions->pdata, regions->len, photo,
                                                  LACUNA_STAGE_REFINED));
  by_strips = lacuna_fill_apply (fill, photo, LACUNA_STAGE_REFINED, NULL);
  by_patches = lacuna_retouches_apply (retouches, photo);
  g_assert_cmpmem (lacuna_photo_get_pixels (by_strips), n_bytes, lacuna_photo_get_pixels (by_patches), n_bytes);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/fill/only-hole-8", GINT_TO_POINTER (8), test_only_hole);
  g_test_add_data_func ("/fill/only-hole-16", GINT_TO_POINTER (16), test_only_hole);
  g_test_add_func ("/fill/deterministic", test_deterministic);
  g_test_add_func ("/fill/kept-scores", test_kept_scores);
  g_test_add_func ("/fill/progress", test_progress);
  g_test_add_func ("/fill/cancel", test_cancel);
  g_test_add_func ("/fill/cancelled-before", test_cancelled_before);
  g_test_add_func ("/fill/two-engines", test_two_engines);
  g_test_add_func ("/fill/give-way", test_give_way);
  g_test_add_func ("/fill/one-account", test_one_account);
  g_test_add_func ("/fill/dropped", test_dropped);
  g_test_add_func ("/fill/avoid", test_avoid);
  g_test_add_data_func ("/fill/hidden-8", GINT_TO_POINTER (8), test_hidden);
  g_test_add_data_func ("/fill/hidden-16", GINT_TO_POINTER (16), test_hidden);
  g_test_add_data_func ("/fill/two-ways-8", GINT_TO_POINTER (8), test_two_ways);
  g_test_add_data_func ("/fill/two-ways-16", GINT_TO_POINTER (16), test_two_ways);
  g_test_add_func ("/fill/errors", test_errors);
  return g_test_run ();
}
