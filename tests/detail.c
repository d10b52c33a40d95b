/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tests the copying of the photo's own pixels at full resolution. The oracle is patterns whose continuation through
 * the hole is known, and the formula by which a jump in brightness is carried into it. */
#include "engine/fill/detail.h"
#include "engine/fill/fill-private.h"
#include "engine/fill/guide.h"
#include "engine/fill/level.h"
#include "engine/fill/region-private.h"
#include "engine/fill/render.h"
#include "engine/fill/seam.h"
#include "engine/fill/window.h"
#include "engine/photo/samples.h"

#include "tests/context.h"
#include "tests/picture.h"

#define SIDE 96
#define PERIOD 12

static const LacunaBox hole = { 34, 38, 24, 20 };
static const LacunaBox other = { 70, 8, 10, 10 }; /* a hole of another region */
static const LacunaSteering anywhere; /* no place avoided or preferred */

static double
picture_tile (int x, int y, int channel, int period)
{
  guint hash = ((x % period) * 73856093u) ^ ((y % period) * 19349663u) ^ (channel * 83492791u);

  return 30.0 + (hash >> 7) % 50000 / 257.0;
}

/* Something that repeats, so that only one fill is right; its colours go beyond 8 bits. */
static double
picture_pattern (int x, int y, int channel)
{
  return picture_tile (x, y, channel, PERIOD);
}

static gboolean
is_in (LacunaBox box, int x, int y)
{
  return x >= box.x && y >= box.y && x < box.x + box.width && y < box.y + box.height;
}

/* A photo whose holes show garbage. */
static double
picture_damaged (int x, int y, int channel)
{
  return is_in (hole, x, y) || is_in (other, x, y) ? 255.0 * (channel == 0) : picture_pattern (x, y, channel);
}

static LacunaMask *
make_mask (void)
{
  g_autofree guint8 *pixels = g_malloc (SIDE * SIDE);

  for (int i = 0; i < SIDE * SIDE; i++)
    pixels[i] = is_in (hole, i % SIDE, i / SIDE) || is_in (other, i % SIDE, i / SIDE);
  return lacuna_mask_new (SIDE, SIDE, pixels);
}

/* A region that fills own in a square photo, whose network gave grey and whose attention is of no help. */
static LacunaRegion *
make_region (LacunaPhoto *photo, LacunaMask *mask, guint halvings, LacunaBox own)
{
  int side = lacuna_photo_get_width (photo);
  LacunaRegion *region = lacuna_region_new ((LacunaBox){ 0, 0, side, side }, halvings, own);
  gsize n = (gsize) region->width * region->height;
  g_autofree float *image = lacuna_photo_read_window (photo, region->box, halvings);

  for (int y = 0; y < own.height; y++)
    memcpy (region->mask + y * own.width, lacuna_mask_get_pixels (mask) + (own.y + y) * side + own.x, own.width);
  region->input = g_new (float, 5 * n);
  lacuna_window_read_mask (mask, region->box, halvings, region->input + 4 * n);
  for (gsize i = 0; i < 3 * n; i++)
    region->input[i] = image[i] * (1.0f - region->input[4 * n + i % n]);
  region->refined = g_new0 (float, 3 * n);
  region->computed = (LacunaBox){ 0, 0, region->width, region->height };
  region->index = g_new0 (gint32, region->grid_width * region->grid_height);
  return region;
}

static void
ignore_progress (double fraction, gpointer data)
{
}

/* NULL: cancelled. */
static LacunaRegion *
run_detail (LacunaPhoto *photo, LacunaMask *mask, LacunaDetailProgress progress, GCancellable *cancellable)
{
  g_autoptr (LacunaContext) context = context_open ();
  g_autoptr (GError) error = NULL;
  g_autoptr (LacunaDetail) detail = lacuna_detail_new (context, &error);
  g_autoptr (LacunaRegion) region = make_region (photo, mask, 1, hole);

  g_assert_no_error (error);
  lacuna_context_set_cancellable (context, cancellable);
  if (lacuna_detail_run (detail, region, 0, photo, mask, &anywhere, NULL, progress, cancellable, &error))
    return g_steal_pointer (&region);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_null (region->offsets);
  return NULL;
}

/* Every pixel is a copy of a known one, brought over in the photo's own depth. */
static void
check_copies (const LacunaRegion *region, LacunaPhoto *photo, LacunaMask *mask)
{
  gsize n = (gsize) hole.width * hole.height;
  g_autofree float *known = lacuna_photo_read_window (photo, (LacunaBox){ 0, 0, SIDE, SIDE }, 0);
  g_autofree float *filled = lacuna_render_region (region, photo, LACUNA_STAGE_DETAIL);

  for (gsize i = 0; i < n; i++)
    {
      int x = hole.x + (int) (i % hole.width) + region->offsets[i];
      int y = hole.y + (int) (i / hole.width) + region->offsets[n + i];

      g_assert_true (is_in ((LacunaBox){ 0, 0, SIDE, SIDE }, x, y));
      g_assert_cmpuint (lacuna_mask_get_pixels (mask)[y * SIDE + x], ==, 0);
      for (int c = 0; c < 3; c++)
        {
          float copy = known[(c * SIDE + y) * SIDE + x] + region->correction[c * n + i];

          g_assert_cmpfloat_with_epsilon (filled[c * n + i], CLAMP (copy, -1.0f, 1.0f), 1e-6);
        }
    }
}

/* The pattern goes on through the hole, to the last of 16 bits. */
static void
check_pattern (const LacunaRegion *region, LacunaPhoto *photo)
{
  GPtrArray *regions = g_ptr_array_new ();
  g_autoptr (LacunaFill) fill = NULL;
  g_autoptr (LacunaPhoto) filled = NULL;
  const guint16 *before = lacuna_photo_get_pixels (photo), *after;
  guint n_right = 0;

  g_ptr_array_add (regions, (gpointer) region);
  fill = lacuna_fill_new (regions, "model", "device");
  filled = lacuna_fill_apply (fill, photo, LACUNA_STAGE_DETAIL, NULL);
  after = lacuna_photo_get_pixels (filled);
  for (int i = 0; i < 3 * SIDE * SIDE; i++)
    {
      int x = i / 3 % SIDE, y = i / 3 / SIDE;

      if (!is_in (hole, x, y))
        g_assert_cmpuint (after[i], ==, before[i]);
      else
        n_right += abs (after[i] - (int) (picture_pattern (x, y, i % 3) * 257.0 + 0.5)) <= 1;
    }
  g_test_message ("%u of %d samples go on as they should", n_right, 3 * hole.width * hole.height);
  g_assert_cmpuint (n_right, >, 3 * hole.width * hole.height * 9 / 10);
}

static void
test_pattern (void)
{
  g_autoptr (LacunaPhoto) photo = picture_make (SIDE, SIDE, 16, picture_damaged);
  g_autoptr (LacunaMask) mask = make_mask ();
  g_autoptr (LacunaRegion) region = run_detail (photo, mask, ignore_progress, NULL);

  g_assert_nonnull (region);
  check_copies (region, photo, mask);
  check_pattern (region, photo);
}

static void
test_deterministic (void)
{
  gsize n = (gsize) hole.width * hole.height;
  g_autoptr (LacunaPhoto) photo = picture_make (SIDE, SIDE, 8, picture_waves);
  g_autoptr (LacunaMask) mask = make_mask ();
  g_autoptr (LacunaRegion) one = run_detail (photo, mask, ignore_progress, NULL);
  g_autoptr (LacunaRegion) another = run_detail (photo, mask, ignore_progress, NULL);

  check_copies (one, photo, mask);
  g_assert_cmpmem (one->offsets, 4 * n, another->offsets, 4 * n);
  g_assert_cmpmem (one->correction, 12 * n, another->correction, 12 * n);
}

static void
cancel (double fraction, gpointer data)
{
  g_assert_cmpfloat (fraction, <, 0.5);
  g_cancellable_cancel (data);
}

static void
test_cancel (void)
{
  g_autoptr (LacunaPhoto) photo = picture_make (SIDE, SIDE, 8, picture_waves);
  g_autoptr (LacunaMask) mask = make_mask ();
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();

  g_assert_null (run_detail (photo, mask, cancel, cancellable));
}

/* With nothing to copy from, the network's result stays. */
static void
test_no_source (void)
{
  g_autofree guint8 *pixels = g_malloc (SIDE * SIDE);
  g_autoptr (LacunaPhoto) photo = picture_make (SIDE, SIDE, 8, picture_waves);
  g_autoptr (LacunaMask) mask = NULL;
  g_autoptr (LacunaRegion) region = NULL;

  for (int i = 0; i < SIDE * SIDE; i++)
    pixels[i] = i % SIDE % 6 != 0;
  mask = lacuna_mask_new (SIDE, SIDE, pixels);
  region = run_detail (photo, mask, ignore_progress, NULL);
  g_assert_nonnull (region);
  g_assert_null (region->offsets);
}

/* A handful of sources are used over and over, which costs, but not without end. */
static void
test_few_sources (void)
{
  static const LacunaBox known = { 4, 4, 10, 10 };
  g_autofree guint8 *pixels = g_malloc (SIDE * SIDE);
  g_autoptr (LacunaPhoto) photo = picture_make (SIDE, SIDE, 8, picture_waves);
  g_autoptr (LacunaMask) mask = NULL;
  g_autoptr (LacunaRegion) region = NULL;

  for (int i = 0; i < SIDE * SIDE; i++)
    pixels[i] = !is_in (known, i % SIDE, i / SIDE);
  mask = lacuna_mask_new (SIDE, SIDE, pixels);
  region = run_detail (photo, mask, ignore_progress, NULL);
  g_assert_nonnull (region);
  check_copies (region, photo, mask);
}

#define DARK 60
#define LIGHT 200

static double
picture_halves (int x, int y, int channel)
{
  return (x < SIDE / 2 ? DARK : LIGHT) + (x + y) % 3;
}

/* All of the edge between two halves is gone, so that copies of both meet in the hole: each keeps its brightness, and no
 * haze lies between them. */
static void
test_halves (void)
{
  const LacunaBox strip = { 36, 0, 24, SIDE };
  gsize n = (gsize) strip.width * strip.height;
  g_autoptr (LacunaContext) context = context_open ();
  g_autoptr (GError) error = NULL;
  g_autoptr (LacunaDetail) detail = lacuna_detail_new (context, &error);
  g_autoptr (LacunaPhoto) photo = picture_make (SIDE, SIDE, 8, picture_halves);
  g_autofree guint8 *pixels = g_malloc (SIDE * SIDE);
  g_autofree float *filled = NULL;
  g_autoptr (LacunaMask) mask = NULL;
  g_autoptr (LacunaRegion) region = NULL;
  guint n_between = 0;

  for (int i = 0; i < SIDE * SIDE; i++)
    pixels[i] = is_in (strip, i % SIDE, i / SIDE);
  mask = lacuna_mask_new (SIDE, SIDE, pixels);
  region = make_region (photo, mask, 1, strip);
  g_assert_true (lacuna_detail_run (detail, region, 0, photo, mask, &anywhere, NULL, ignore_progress, NULL, &error));
  g_assert_no_error (error);
  filled = lacuna_render_region (region, photo, LACUNA_STAGE_DETAIL);
  for (gsize i = 0; i < 3 * n; i++)
    {
      float level = 127.5f * (filled[i] + 1.0f);

      n_between += level > DARK + 10.0f && level < LIGHT - 10.0f;
    }
  g_test_message ("%u of %d samples are neither dark nor light", n_between, (int) (3 * n));
  g_assert_cmpuint (n_between, <, 3 * n / 100);
}

/* Grey around the hole, and a frame of busy tiles of the same mean. */
static double
picture_framed (int x, int y, int channel)
{
  static const LacunaBox wall = { 22, 26, 48, 44 };

  return is_in (wall, x, y) ? 127.5 : 127.5 + 40.0 * ((x / 3 + y / 3) % 2 == 0 ? 1 : -1);
}

/* A hole whose rim is plain is to be plain, whatever lies farther off and has the same colours. */
static void
test_plain_rim (void)
{
  g_autoptr (LacunaPhoto) photo = picture_make (SIDE, SIDE, 8, picture_framed);
  g_autoptr (LacunaMask) mask = make_mask ();
  g_autoptr (LacunaRegion) region = make_region (photo, mask, 0, hole);
  g_autoptr (LacunaGuide) guide = lacuna_guide_new (region, NULL, NULL);

  g_assert_nonnull (guide);
  g_assert_cmpuint (guide->pixels[4 * (10 * SIDE + 10) + 3], >, 100);
  for (int y = hole.y; y < hole.y + hole.height; y++)
    for (int x = hole.x; x < hole.x + hole.width; x++)
      g_assert_cmpuint (guide->pixels[4 * (y * SIDE + x) + 3], <, 10);
}

#define SPACING 24

/* Plain stones with dark joints between them, which go through other places than the hole. */
static double
picture_wall (int x, int y, int channel)
{
  return 150.0 + (x * 7 + y * 13) % 5 - (y % SPACING == 10 || (x % SPACING == 3 && x < 30) ? 80.0 : 0.0);
}

/* Between plain stones and joints the hole is plain, not what is half as active, the ends of joints. */
static void
test_wall (void)
{
  g_autoptr (LacunaPhoto) photo = picture_make (SIDE, SIDE, 8, picture_wall);
  g_autoptr (LacunaMask) mask = make_mask ();
  g_autoptr (LacunaRegion) region = run_detail (photo, mask, ignore_progress, NULL);
  g_autofree float *filled = lacuna_render_region (region, photo, LACUNA_STAGE_DETAIL);
  guint n_dark = 0;

  for (int y = 0; y < hole.height; y++)
    for (int x = 0; x < hole.width; x++)
      n_dark += 127.5f * (filled[y * hole.width + x] + 1.0f) < 110.0f;
  g_test_message ("%u pixels are dark", n_dark);
  g_assert_cmpuint (n_dark, <, 4);
}

#define SMALL 24
#define PATCH 7

/* Repeats from a row of one patch at a border to the row of one patch at the other. */
static double
picture_borders (int x, int y, int channel)
{
  return picture_tile (x, y, channel, SMALL - PATCH);
}

/* Sources at one border alone, a patch deep, from left clockwise. At the other the photo is known for a pixel less, and
 * looks like them: the hole's pixels there are copied from the photo's last row or column. The fifth hole lies at all
 * borders. */
static gboolean
is_border_hole (guint border, int x, int y)
{
  const int along[] = { x, y, SMALL - 1 - x, SMALL - 1 - y };

  if (border < 4)
    return along[border] >= PATCH && along[border] <= SMALL - PATCH;
  return MIN (MIN (along[0], along[1]), MIN (along[2], along[3])) < PATCH;
}

static void
check_border_sources (const LacunaRegion *region, const guint8 *mask)
{
  gsize n = (gsize) region->hole.width * region->hole.height;

  for (gsize i = 0; i < n; i++)
    {
      int x = region->hole.x + (int) (i % region->hole.width) + region->offsets[i];
      int y = region->hole.y + (int) (i / region->hole.width) + region->offsets[n + i];

      if (region->mask[i] == 0)
        continue;
      g_assert_true (is_in ((LacunaBox){ 0, 0, SMALL, SMALL }, x, y));
      g_assert_cmpint (mask[y * SMALL + x], ==, 0);
    }
}

/* Nothing is read beyond the window, which Oclgrind sees. */
static void
test_borders (gconstpointer data)
{
  g_autoptr (LacunaContext) context = context_open ();
  g_autoptr (GError) error = NULL;
  g_autoptr (LacunaDetail) detail = lacuna_detail_new (context, &error);
  g_autoptr (LacunaPhoto) photo = picture_make (SMALL, SMALL, 8, picture_borders);
  g_autofree guint8 *pixels = g_malloc (SMALL * SMALL);
  g_autoptr (LacunaMask) mask = NULL;
  g_autoptr (LacunaRegion) region = NULL;

  for (int i = 0; i < SMALL * SMALL; i++)
    pixels[i] = is_border_hole (GPOINTER_TO_UINT (data), i % SMALL, i / SMALL);
  mask = lacuna_mask_new (SMALL, SMALL, pixels);
  region = make_region (photo, mask, 0, *lacuna_mask_get_bounds (mask));
  g_assert_true (lacuna_detail_run (detail, region, 0, photo, mask, &anywhere, NULL, ignore_progress, NULL, &error));
  g_assert_no_error (error);
  g_assert_nonnull (region->offsets);
  check_border_sources (region, pixels);
}

/* Returns the offsets of the copies that fill a hole, in whose middle half the network drew `drawn` (g_free). */
static gint16 *
fill_guided (float drawn, gboolean without_guide)
{
  const LacunaSteering steering = { .without_guide = without_guide };
  g_autoptr (LacunaContext) context = context_open ();
  g_autoptr (GError) error = NULL;
  g_autoptr (LacunaDetail) detail = lacuna_detail_new (context, &error);
  g_autoptr (LacunaPhoto) photo = picture_make (SIDE, SIDE, 8, picture_halves);
  g_autoptr (LacunaMask) mask = make_mask ();
  g_autoptr (LacunaRegion) region = make_region (photo, mask, 1, hole);
  gsize n = (gsize) region->width * region->height;

  for (gsize i = 0; i < 3 * n; i++)
    {
      int x = (int) (i % n) % region->width - hole.x / 2, y = (int) (i % n) / region->width - hole.y / 2;
      gboolean in_middle = is_in ((LacunaBox){ 3, 2, hole.width / 4, hole.height / 4 }, x, y);

      region->refined[i] = in_middle ? drawn : region->input[i];
    }
  g_assert_true (lacuna_detail_run (detail, region, 0, photo, mask, &steering, NULL, ignore_progress, NULL, &error));
  g_assert_no_error (error);
  return g_memdup2 (region->offsets, 2 * (gsize) hole.width * hole.height * sizeof (gint16));
}

/* What the network drew decides where is copied from, but not in the variant without that guide. */
static void
test_without_guide (void)
{
  gsize size = 2 * (gsize) hole.width * hole.height * sizeof (gint16);
  g_autofree gint16 *dark = fill_guided (-0.5f, FALSE), *light = fill_guided (0.5f, FALSE);
  g_autofree gint16 *without_dark = fill_guided (-0.5f, TRUE), *without_light = fill_guided (0.5f, TRUE);

  g_assert_cmpint (memcmp (dark, light, size), !=, 0);
  g_assert_cmpmem (without_dark, size, without_light, size);
}

#define DEEP_WIDTH 64
#define DEEP_HEIGHT 496
#define DEEP_TOP 304 /* of the hole, which reaches down to the photo's border */
#define DEEP_OFFSET -240

static double
picture_step (int x, int y, int channel)
{
  return y < DEEP_TOP - 30 ? 100.0 : 120.0;
}

/* A level whose hole, of so many columns, reaches from top down to the photo's border. Its left and right half are copied
 * from so many rows away. */
static LacunaLevel *
make_deep_level (LacunaContext *context, LacunaAtlas *atlas, PictureFunc picture, int left, int width, int top,
                 const int *rows)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (LacunaPhoto) photo = picture_make (DEEP_WIDTH, DEEP_HEIGHT, 8, picture);
  g_autoptr (LacunaRegion) region = lacuna_region_new ((LacunaBox){ 0, 0, DEEP_WIDTH, DEEP_HEIGHT }, 0,
                                                       (LacunaBox){ left, top, width, DEEP_HEIGHT - top });
  g_autofree guint8 *pixels = g_malloc0 (DEEP_WIDTH * DEEP_HEIGHT);
  g_autofree gint16 *offsets = NULL;
  g_autoptr (LacunaMask) mask = NULL;
  LacunaLevel *level;
  gsize n;

  memset (region->mask, 255, (gsize) width * (DEEP_HEIGHT - top));
  for (int y = top; y < DEEP_HEIGHT; y++)
    memset (pixels + y * DEEP_WIDTH + left, 255, width);
  mask = lacuna_mask_new (DEEP_WIDTH, DEEP_HEIGHT, pixels);
  lacuna_atlas_init (atlas, region, 0);
  level = lacuna_level_new (region, atlas, 0, &error);
  lacuna_level_read_photo (level, context, region->box, photo, mask, &anywhere, &error);
  lacuna_level_make_buffers (level, context, &error);
  n = lacuna_level_get_n_targets (level);
  offsets = g_new (gint16, 2 * n);
  for (gsize i = 0; i < n; i++)
    {
      offsets[2 * i] = level->confidence[i] > 0.0f ? 0 : LACUNA_NO_OFFSET;
      offsets[2 * i + 1] = level->confidence[i] > 0.0f
                               ? rows[(int) (i % level->box.width) + level->box.x >= left + width / 2]
                               : LACUNA_NO_OFFSET;
    }
  lacuna_buffer_write (level->offsets, 0, offsets, 2 * n * sizeof (gint16), &error);
  lacuna_buffer_clear (level->cost, 0, n * sizeof (float), &error);
  g_assert_no_error (error);
  return level;
}

/* All that is known around the hole is 20 levels lighter than what is copied: so is the correction in all of the hole,
 * however far the photo's border keeps it from what is known. Of a jump of 20, (1 - (20/60)²)² is carried there. */
static void
test_deep_hole (gconstpointer data)
{
  static const int lefts[] = { 0, 0, 32, 16 }, widths[] = { 64, 32, 32, 32 };
  const float expected = 20.0f * (1.0f - 1.0f / 9.0f) * (1.0f - 1.0f / 9.0f);
  guint which = GPOINTER_TO_UINT (data);
  g_autoptr (LacunaContext) context = context_open ();
  g_autoptr (GError) error = NULL;
  g_autoptr (LacunaSeam) seam = lacuna_seam_new (context, &error);
  LacunaAtlas atlas;
  g_autoptr (LacunaLevel) level = make_deep_level (context, &atlas, picture_step, lefts[which], widths[which], DEEP_TOP,
                                                   (const int[]){ DEEP_OFFSET, DEEP_OFFSET });
  gsize n = lacuna_level_get_n_targets (level);
  g_autofree gint16 *labels = g_new (gint16, 2 * n);
  g_autofree float *correction = g_new (float, 4 * n);
  float least = INFINITY, most = -INFINITY;

  g_assert_true (lacuna_seam_run (seam, level, labels, correction, &error));
  g_assert_no_error (error);
  for (gsize i = 0; i < 4 * n; i++)
    if (level->pixels[i / 4] != 0 && i % 4 < 3)
      {
        least = MIN (least, correction[i]);
        most = MAX (most, correction[i]);
      }
  g_test_message ("%f to %f", least, most);
  g_assert_cmpfloat (least, >, expected - 0.02f);
  g_assert_cmpfloat (most, <, 20.02f);
}

#define GRAIN_TOP 420

/* Two bands of rows of other lightness, and one between them in that beside the hole, all in grain. */
static double
picture_grain (int x, int y, int channel)
{
  guint hash = (x * 73856093u) ^ (y * 19349663u) ^ (channel * 83492791u);

  hash = (hash ^ hash >> 13) * 0x2c1b3c6du;
  hash = (hash ^ hash >> 15) * 0x85ebca77u;
  return (y < 200 ? 100.0 : y < GRAIN_TOP - 20 ? 112.0 : 106.0) + (hash >> 16) % 41;
}

/* Copies of other lightness than what is beside the hole are levelled at once, though grain has them alike there by chance:
 * what is added to them is as much in the first as in the last rows. */
static void
test_grain (void)
{
  const int rows = 16;
  g_autoptr (LacunaContext) context = context_open ();
  g_autoptr (GError) error = NULL;
  g_autoptr (LacunaSeam) seam = lacuna_seam_new (context, &error);
  LacunaAtlas atlas;
  g_autoptr (LacunaLevel) level
      = make_deep_level (context, &atlas, picture_grain, 0, DEEP_WIDTH, GRAIN_TOP, (const int[]){ -360, -160 });
  gsize n = lacuna_level_get_n_targets (level);
  g_autofree gint16 *labels = g_new (gint16, 2 * n);
  g_autofree float *correction = g_new (float, 4 * n);

  g_assert_true (lacuna_seam_run (seam, level, labels, correction, &error));
  g_assert_no_error (error);
  for (int right = 0; right < 2; right++)
    {
      double first = 0.0, last = 0.0;

      for (int y = 0; y < rows; y++)
        for (int x = right ? 44 : 0; x < (right ? DEEP_WIDTH : 20); x++)
          {
            gsize top = (gsize) (GRAIN_TOP + y - level->box.y) * level->box.width + x - level->box.x;
            gsize bottom = (gsize) (DEEP_HEIGHT - 1 - y - level->box.y) * level->box.width + x - level->box.x;

            first += correction[4 * top] / (20 * rows);
            last += correction[4 * bottom] / (20 * rows);
          }
      g_test_message ("%.2f and %.2f levels", first, last);
      g_assert_cmpfloat (right ? -last : last, >, 3.0);
      g_assert_cmpfloat_with_epsilon (first, last, 1.0);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/detail/plain-rim", test_plain_rim);
  g_test_add_func ("/detail/halves", test_halves);
  g_test_add_func ("/detail/pattern", test_pattern);
  if (!context_is_interpreted ()) /* which is the pattern's run, two times */
    g_test_add_func ("/detail/deterministic", test_deterministic);
  for (guint i = 0; !context_is_interpreted () && i < 4; i++)
    {
      static const char *const names[] = { "three-borders", "left-corner", "right-corner", "one-border" };
      g_autofree char *path = g_strconcat ("/detail/deep/", names[i], NULL);

      g_test_add_data_func (path, GUINT_TO_POINTER (i), test_deep_hole);
    }
  if (!context_is_interpreted ())
    {
      g_test_add_func ("/detail/wall", test_wall);
      g_test_add_func ("/detail/without-guide", test_without_guide);
    }
  g_test_add_func ("/detail/grain", test_grain);
  g_test_add_func ("/detail/cancel", test_cancel);
  g_test_add_func ("/detail/no-source", test_no_source);
  g_test_add_func ("/detail/few-sources", test_few_sources);
  for (guint i = 0; i < 5; i++)
    {
      static const char *const names[] = { "left", "top", "right", "bottom", "all" };
      g_autofree char *path = g_strconcat ("/detail/borders/", names[i], NULL);

      g_test_add_data_func (path, GUINT_TO_POINTER (i), test_borders);
    }
  return g_test_run ();
}
