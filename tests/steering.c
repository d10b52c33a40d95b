/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tests fills that are steered in the engine: what is avoided, preferred, or drawn as a line. The oracle is each
 * query's shares without steering, and how far the edge of the filled picture lies from the line. */
#include "engine/fill/region-private.h"
#include "engine/lacuna.h"

#include "tests/golden.h"
#include "tests/picture.h"
#include "tests/shares.h"

#define WIDTH 600
#define HEIGHT 420

static const LacunaBox hole = { 270, 190, 60, 44 };
static const LacunaBox meadow = { 150, 130, 96, 160 }; /* beside it, large enough to copy from alone */

static LacunaMask *
make_mask (LacunaBox box)
{
  g_autofree guint8 *pixels = g_malloc0 (WIDTH * HEIGHT);

  for (int y = box.y; y < box.y + box.height; y++)
    memset (pixels + y * WIDTH + box.x, 255, box.width);
  return lacuna_mask_new (WIDTH, HEIGHT, pixels);
}

/* options: without a model. */
static LacunaFill *
fill_picture (LacunaEngine *engine, PictureFunc picture, LacunaBox box, LacunaFillOptions options,
              LacunaFillProgressFunc progress, gpointer data, GError **error)
{
  g_autofree char *model = g_test_build_filename (G_TEST_DIST, "golden", "generator_tiny_oihw.safetensors", NULL);
  g_autoptr (LacunaPhoto) photo = picture_make (WIDTH, HEIGHT, 8, picture);
  g_autoptr (LacunaMask) mask = make_mask (box);

  options.model = model;
  return lacuna_engine_fill (engine, photo, mask, &options, progress, data, NULL, error);
}

static LacunaFill *
fill (LacunaEngine *engine, LacunaFillOptions options, LacunaFillProgressFunc progress, gpointer data, GError **error)
{
  return fill_picture (engine, picture_waves, hole, options, progress, data, error);
}

static LacunaFill *
prefer (LacunaEngine *engine, LacunaBox box, double strength)
{
  g_autoptr (LacunaMask) preferred = make_mask (box);
  LacunaFillOptions options = { .prefer = preferred, .strength = strength, .keep_scores = TRUE };
  g_autoptr (GError) error = NULL;
  LacunaFill *filled = fill (engine, options, NULL, NULL, &error);

  g_assert_no_error (error);
  g_assert_null (lacuna_fill_get_notes (filled)[0]);
  return filled;
}

static gboolean
is_within (LacunaBox inner, LacunaBox outer)
{
  LacunaBox both = lacuna_box_intersection (inner, outer);

  return both.width == inner.width && both.height == inner.height;
}

/* Of the attention's shares of query that of patches within the box, and the rest. */
static void
add_shares (const LacunaRegion *region, int query, LacunaBox box, double *ret_within, double *ret_rest)
{
  int n = region->grid_width * region->grid_height;

  *ret_within = *ret_rest = 0.0;
  for (int key = 0; key < n; key++)
    *(is_within (lacuna_explain_get_patch (region, key), box) ? ret_within : ret_rest)
        += region->scores[(gsize) query * n + key];
}

/* How many pixels' sources lie in the box, and how many there are. */
static guint
count_copied (const LacunaRegion *region, LacunaBox box, guint *ret_n)
{
  gsize n = (gsize) region->hole.width * region->hole.height;
  guint within = 0;

  *ret_n = 0;
  g_assert_nonnull (region->offsets);
  for (gsize i = 0; i < n; i++)
    if (region->mask[i] != 0)
      {
        int x = region->hole.x + (int) (i % region->hole.width) + region->offsets[i];
        int y = region->hole.y + (int) (i / region->hole.width) + region->offsets[n + i];

        within += is_within ((LacunaBox){ x, y, 1, 1 }, box);
        *ret_n += 1;
      }
  return within;
}

/* The more something is preferred, the more of its share each query's attention gives it, and in the end all; and in the
 * end all pixels are copied from there. */
static void
test_prefer (void)
{
  static const double strengths[] = { 0.0, 0.2, 0.5, 0.8, 1.0 };
  g_autoptr (LacunaEngine) engine = lacuna_engine_new (NULL, 0);
  g_autofree double *before = NULL;
  guint n_more = 0, n, copied[G_N_ELEMENTS (strengths)];

  for (guint i = 0; i < G_N_ELEMENTS (strengths); i++)
    {
      g_autoptr (LacunaFill) filled = prefer (engine, meadow, strengths[i]);
      const LacunaRegion *region = lacuna_fill_get_region (filled, 0);
      int n_queries = region->grid_width * region->grid_height;

      if (before == NULL)
        before = g_new0 (double, n_queries);
      for (int query = 0; query < n_queries; query++)
        {
          double within, rest;

          add_shares (region, query, meadow, &within, &rest);
          if (within + rest == 0.0)
            continue;
          g_assert_cmpfloat (within, >=, before[query] - 1e-6);
          g_assert_true (strengths[i] < 1.0 || rest == 0.0);
          n_more += within > before[query] + 1e-3;
          before[query] = within;
        }
      copied[i] = count_copied (region, meadow, &n);
      g_test_message ("strength %g: %u of %u copied from there", strengths[i], copied[i], n);
    }
  g_assert_cmpuint (n_more, >, 20);
  g_assert_cmpuint (copied[0], <, n / 2);
  g_assert_cmpuint (copied[2], >, copied[0]);
  g_assert_cmpuint (copied[4], ==, n);
}

/* A window reaches for what is preferred beyond it. */
static void
test_far (void)
{
  const LacunaBox far = { 16, 24, 60, 80 };
  g_autoptr (LacunaEngine) engine = lacuna_engine_new (NULL, 0);
  g_autoptr (LacunaFill) filled = prefer (engine, far, 1.0);
  guint n;

  g_assert_cmpuint (count_copied (lacuna_fill_get_region (filled, 0), far, &n), ==, n);
}

/* A mask that marks nothing asks for nothing: the fill is the one without. */
static void
test_nothing_marked (void)
{
  g_autoptr (LacunaEngine) engine = lacuna_engine_new (NULL, 0);
  g_autoptr (LacunaMask) none = make_mask ((LacunaBox){ 0, 0, 0, 0 });
  const LacunaFillOptions options[] = { { .avoid = none }, { .prefer = none, .strength = 1.0 } };
  g_autoptr (GError) error = NULL;
  g_autoptr (LacunaFill) plain = fill (engine, (LacunaFillOptions){ NULL }, NULL, NULL, &error);
  const LacunaRegion *expected = lacuna_fill_get_region (plain, 0);

  for (guint i = 0; i < G_N_ELEMENTS (options); i++)
    {
      g_autoptr (LacunaFill) marked = fill (engine, options[i], NULL, NULL, &error);

      g_assert_no_error (error);
      g_assert_cmpmem (lacuna_fill_get_region (marked, 0)->offsets, 4 * expected->hole.width * expected->hole.height,
                       expected->offsets, 4 * expected->hole.width * expected->hole.height);
    }
}

/* What cannot be obeyed is told. */
static void
test_unfit (void)
{
  g_autoptr (LacunaEngine) engine = lacuna_engine_new (NULL, 0);
  g_autoptr (LacunaMask) all = make_mask ((LacunaBox){ 0, 0, WIDTH, HEIGHT });
  g_autoptr (LacunaMask) speck = make_mask ((LacunaBox){ 230, 200, 9, 9 });
  g_autoptr (LacunaMask) crumb = make_mask ((LacunaBox){ 230, 200, 4, 4 });
  g_autoptr (GError) error = NULL;
  g_autoptr (LacunaFill) small = NULL, none = NULL;

  g_assert_null (fill (engine, (LacunaFillOptions){ .avoid = all }, NULL, NULL, &error));
  g_assert_error (error, LACUNA_ERROR, LACUNA_ERROR_UNFIT);
  g_assert_nonnull (strstr (error->message, "nothing is left to copy"));
  g_clear_error (&error);
  g_assert_null (fill (engine, (LacunaFillOptions){ .prefer = all, .strength = 1.5 }, NULL, NULL, &error));
  g_assert_error (error, LACUNA_ERROR, LACUNA_ERROR_UNFIT);
  g_clear_error (&error);
  small = fill (engine, (LacunaFillOptions){ .prefer = speck, .strength = 1.0 }, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_nonnull (strstr (lacuna_fill_get_notes (small)[0], "too small"));
  none = fill (engine, (LacunaFillOptions){ .prefer = crumb, .strength = 1.0 }, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_nonnull (strstr (lacuna_fill_get_notes (none)[0], "as if nothing were preferred"));
}

static void
count_coarse (const LacunaFillProgress *progress, gpointer data)
{
  *(guint *) data += progress->phase == LACUNA_PROGRESS_COARSE;
}

/* A fill that goes on from what was kept leaves out the coarse network, and is the one that a new engine makes. */
static void
test_go_on (void)
{
  g_autoptr (LacunaEngine) engine = lacuna_engine_new (NULL, 0), other = lacuna_engine_new (NULL, 0);
  g_autoptr (LacunaMask) avoid = make_mask (meadow);
  LacunaFillOptions options = { .keep_features = TRUE };
  g_autoptr (GError) error = NULL;
  g_autoptr (LacunaFill) first = NULL, next = NULL, anew = NULL;
  guint n_first = 0, n_next = 0;
  const LacunaRegion *a, *b;
  gsize n;

  first = fill (engine, options, count_coarse, &n_first, &error);
  options.avoid = avoid;
  next = fill (engine, options, count_coarse, &n_next, &error);
  options.keep_features = FALSE;
  anew = fill (other, options, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (n_first, >, 0);
  g_assert_cmpuint (n_next, ==, 0);
  a = lacuna_fill_get_region (next, 0);
  b = lacuna_fill_get_region (anew, 0);
  n = (gsize) a->width * a->height;
  g_assert_cmpmem (a->coarse, 12 * n, b->coarse, 12 * n);
  g_assert_cmpmem (a->refined, 12 * n, b->refined, 12 * n);
  n = (gsize) a->hole.width * a->hole.height;
  g_assert_cmpmem (a->offsets, 4 * n, b->offsets, 4 * n);
  g_assert_cmpmem (a->correction, 12 * n, b->correction, 12 * n);
  g_assert_cmpint (memcmp (lacuna_fill_get_region (first, 0)->offsets, a->offsets, 4 * n), !=, 0);
}

static double
get_slope (double x)
{
  return 190.0 + 0.35 * (x - WIDTH / 2);
}

static double
get_hill (double x)
{
  return 190.0 + 0.0011 * (x - WIDTH / 2) * (x - WIDTH / 2);
}

/* Two grainy grounds, of which the lower one begins at y = edge (x). */
static double
draw_ground (double (*edge) (double), int x, int y, int channel)
{
  static const double grounds[2][3] = { { 170.0, 190.0, 220.0 }, { 90.0, 140.0, 70.0 } };
  guint hash = (x * 73856093u) ^ (y * 19349663u) ^ (channel * 83492791u);

  hash = (hash ^ hash >> 13) * 0x2c1b3c6du;
  return grounds[y >= edge (x)][channel] + (hash >> 16) % 21;
}

static double
picture_slope (int x, int y, int channel)
{
  return draw_ground (get_slope, x, y, channel);
}

static double
picture_hill (int x, int y, int channel)
{
  return draw_ground (get_hill, x, y, channel);
}

static const LacunaBox gap = { 240, 140, 120, 104 };

/* How far from it the edge of a filled picture is at most, within the gap: where as many pixels of a column are of the lower
 * ground as lie below. */
static double
find_deviation (LacunaPhoto *filled, double (*edge) (double))
{
  const guint8 *samples = lacuna_photo_get_pixels (filled);
  int channels = lacuna_photo_get_bands (filled);
  double most = 0.0;

  for (int x = gap.x; x < gap.x + gap.width; x++)
    {
      int lower = 0;

      for (int y = gap.y; y < gap.y + gap.height; y++)
        lower += samples[((gsize) y * WIDTH + x) * channels + 2] < 155;
      most = MAX (most, fabs (gap.y + gap.height - lower - edge (x)));
    }
  return most;
}

static GVariant *
draw_line (double (*edge) (double))
{
  GVariantBuilder builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("aa(dd)"));

  g_variant_builder_open (&builder, G_VARIANT_TYPE ("a(dd)"));
  for (int x = 120; x <= 480; x += 10)
    g_variant_builder_add (&builder, "(dd)", (double) x, edge (x) - 0.5);
  g_variant_builder_close (&builder);
  return g_variant_ref_sink (g_variant_builder_end (&builder));
}

/* All of each filled pixel comes from somewhere. */
static void
check_provenance (LacunaFill *filled, LacunaPhoto *photo)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (LacunaProvenance) provenance = lacuna_provenance_new (filled, photo, &gap, &error);
  g_autoptr (GBytes) weights = lacuna_provenance_dup_array (provenance, LACUNA_PROVENANCE_WEIGHTS);
  g_autoptr (GBytes) invented = lacuna_provenance_dup_array (provenance, LACUNA_PROVENANCE_INVENTED);
  const float *weight = g_bytes_get_data (weights, NULL), *rest = g_bytes_get_data (invented, NULL);
  gsize n = (gsize) gap.width * gap.height;

  for (gsize i = 0; i < n; i++)
    {
      float sum = rest[i];

      for (guint k = 0; k < lacuna_provenance_get_n_sources (provenance); k++)
        sum += weight[k * n + i];
      g_assert_cmpfloat_with_epsilon (sum, 1.0f, 1e-3f);
    }
}

/* Returns how far the edge in the fill is from where it was. drawn: where a line is drawn, or NULL. *ret_n_found: edges
 * that were found to go on. */
static double
try_line (PictureFunc picture, double (*edge) (double), double (*drawn) (double), gsize *ret_n_found)
{
  g_autoptr (LacunaEngine) engine = lacuna_engine_new (NULL, 0);
  g_autoptr (GVariant) lines = drawn != NULL ? draw_line (drawn) : NULL;
  g_autoptr (LacunaPhoto) photo = picture_make (WIDTH, HEIGHT, 8, picture), result = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (LacunaFill) filled
      = fill_picture (engine, picture, gap, (LacunaFillOptions){ .lines = lines }, NULL, NULL, &error);
  GVariant *edges;

  g_assert_no_error (error);
  g_assert_null (lacuna_fill_get_notes (filled)[0]);
  edges = lacuna_region_get_edges (lacuna_fill_get_region (filled, 0));
  *ret_n_found = edges != NULL ? g_variant_n_children (edges) : 0;
  check_provenance (filled, photo);
  result = lacuna_fill_apply (filled, photo, LACUNA_STAGE_DETAIL, &error);
  g_assert_no_error (error);
  return find_deviation (result, edge);
}

/* Edges go where a line is drawn, and where none is, by themselves: straight or curved. */
static void
test_lines (void)
{
  const struct {
    PictureFunc picture;
    double (*edge) (double);
  } cases[] = { { picture_slope, get_slope }, { picture_hill, get_hill } };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      gsize n_found, n_found_beside;
      double without = try_line (cases[i].picture, cases[i].edge, NULL, &n_found);
      double with = try_line (cases[i].picture, cases[i].edge, cases[i].edge, &n_found_beside);

      g_test_message ("edge off by %.1f pixels without the line, %.1f with it", without, with);
      g_assert_cmpfloat (with, <=, 2.0);
      g_assert_cmpfloat (without, <=, 2.5);
      g_assert_cmpuint (n_found, ==, 1);
      g_assert_cmpuint (n_found_beside, ==, 0);
    }
}

static double
get_level (double x)
{
  return 236.0;
}

/* An edge that is found still goes on where a line is drawn elsewhere. */
static void
test_other_line (void)
{
  gsize n_found;
  double deviation = try_line (picture_slope, get_slope, get_level, &n_found);

  g_test_message ("edge off by %.1f pixels", deviation);
  g_assert_cmpuint (n_found, ==, 1);
  g_assert_cmpfloat (deviation, <=, 2.5);
}

static gboolean
is_in (LacunaBox box, int x, int y)
{
  return x >= box.x && x < box.x + box.width && y >= box.y && y < box.y + box.height;
}

/* Fills a box of a picture, unsteered, and puts that into another one, or the same. */
static LacunaPhoto *
fill_alone (PictureFunc picture, PictureFunc into, LacunaBox box)
{
  g_autoptr (LacunaEngine) engine = lacuna_engine_new (NULL, 0);
  g_autoptr (LacunaPhoto) photo = picture_make (WIDTH, HEIGHT, 8, into);
  g_autoptr (GError) error = NULL;
  g_autoptr (LacunaFill) filled = fill_picture (engine, picture, box, (LacunaFillOptions){ NULL }, NULL, NULL, &error);
  LacunaPhoto *result;

  g_assert_no_error (error);
  result = lacuna_fill_apply (filled, photo, LACUNA_STAGE_DETAIL, &error);
  g_assert_no_error (error);
  return result;
}

static double
get_pole (double y)
{
  return 330.0 + 0.06 * y;
}

/* Poles before a sky that ends at a sea, 120 pixels from one to the next. */
static double
picture_pole (int x, int y, int channel)
{
  static const double sky[] = { 170.0, 195.0, 215.0 }, sea[] = { 80.0, 110.0, 140.0 };
  double distance = fmod (fabs (x - get_pole (y)) + 60.0, 120.0) - 60.0;

  if (fabs (distance) < 4.2)
    return 30.0 + (x * 7 + y * 13 + channel) % 9;
  return (y < 330 ? sky[channel] : sea[channel]) + (x * 31 + y * 17 + channel * 5) % 7;
}

/* A pole goes on, and what is on both sides of it is sky and nothing else. */
static void
test_pole (void)
{
  static const LacunaBox place = { 312, 120, 120, 110 };
  g_autoptr (LacunaPhoto) result = fill_alone (picture_pole, picture_pole, place);
  const guint8 *samples = lacuna_photo_get_pixels (result);
  guint n_broken = 0, n_dark = 0;

  for (int y = place.y; y < place.y + place.height; y++)
    for (int x = place.x; x < place.x + place.width; x++)
      {
        gboolean dark = samples[((gsize) y * WIDTH + x) * lacuna_photo_get_bands (result) + 2] < 170;
        double distance = fabs (x - get_pole (y));

        n_broken += !dark && distance < 2.0;
        n_dark += dark && distance > 9.0;
      }
  g_test_message ("%u pixels of the pole are sky, %u of the sky are not", n_broken, n_dark);
  g_assert_cmpuint (n_broken, ==, 0);
  g_assert_cmpuint (n_dark, ==, 0);
}

/* Two wires before a sky, neither of which is wide enough to have two edges at the network's scale. */
static double
get_wire (double x)
{
  return 170.0 + 0.05 * x;
}

static double
picture_wires (int x, int y, int channel)
{
  static const double sky[] = { 170.0, 195.0, 215.0 };
  double distance = MIN (fabs (y - get_wire (x)), fabs (y - get_wire (x) - 40.0));

  return (distance < 1.3 ? 30.0 : sky[channel]) + (x * 31 + y * 17 + channel * 5) % 7;
}

/* Wires go on. */
static void
test_wires (void)
{
  g_autoptr (LacunaPhoto) result = fill_alone (picture_wires, picture_wires, gap);
  const guint8 *samples = lacuna_photo_get_pixels (result);
  guint n_broken = 0, n_dark = 0;

  for (int x = gap.x; x < gap.x + gap.width; x++)
    {
      guint n_wire[2] = { 0 };

      for (int y = gap.y; y < gap.y + gap.height; y++)
        {
          gboolean dark = samples[((gsize) y * WIDTH + x) * lacuna_photo_get_bands (result) + 2] < 120;
          double distance = y - get_wire (x);

          n_wire[0] += dark && fabs (distance) < 3.0;
          n_wire[1] += dark && fabs (distance - 40.0) < 3.0;
          n_dark += dark && fabs (distance) >= 3.0 && fabs (distance - 40.0) >= 3.0;
        }
      n_broken += (n_wire[0] == 0) + (n_wire[1] == 0);
    }
  g_test_message ("wires are broken at %u places, and %u pixels beside them are dark", n_broken, n_dark);
  g_assert_cmpuint (n_broken, ==, 0);
  g_assert_cmpuint (n_dark, ==, 0);
}

/* A red thing on grainy ground, of which the hole leaves a fringe. */
static const LacunaBox thing = { 236, 140, 120, 104 };

static double
picture_thing (int x, int y, int channel)
{
  static const double red[] = { 210.0, 30.0, 40.0 };

  return is_in (thing, x, y) ? red[channel] + (x * 31 + y * 17) % 7 : draw_ground (get_slope, x, y, channel);
}

/* The same where somebody painted the hole white. */
static double
picture_painted (int x, int y, int channel)
{
  return is_in (gap, x, y) ? 255.0 : picture_thing (x, y, channel);
}

/* What the mask leaves of a thing does not go on into the hole, and what the hole hides changes nothing. */
static void
test_remains (void)
{
  g_autoptr (LacunaPhoto) photo = picture_make (WIDTH, HEIGHT, 8, picture_thing);
  g_autoptr (LacunaPhoto) result = fill_alone (picture_thing, picture_thing, gap);
  g_autoptr (LacunaPhoto) same = fill_alone (picture_painted, picture_thing, gap);
  const guint8 *samples = lacuna_photo_get_pixels (result), *before = lacuna_photo_get_pixels (photo);
  guint n_red = 0;

  g_assert_cmpmem (samples, (gsize) WIDTH * HEIGHT * 3, lacuna_photo_get_pixels (same), (gsize) WIDTH * HEIGHT * 3);
  for (int y = 0; y < HEIGHT; y++)
    for (int x = 0; x < WIDTH; x++)
      {
        const guint8 *pixel = samples + ((gsize) y * WIDTH + x) * lacuna_photo_get_bands (result);

        if (is_in (gap, x, y))
          n_red += pixel[0] > pixel[1] + 20;
        else
          g_assert_cmpmem (pixel, 3, before + ((gsize) y * WIDTH + x) * lacuna_photo_get_bands (photo), 3);
      }
  g_test_message ("%u pixels are red", n_red);
  g_assert_cmpuint (n_red, ==, 0);
}

/* A sky, and beside the hole the thin faint edge of a pole that it hides. */
static double
picture_faint (int x, int y, int channel)
{
  static const double sky[] = { 150.0, 170.0, 200.0 };
  gboolean pole = x >= gap.x - 2 && x < gap.x + 8 && y >= gap.y + 10 && y < gap.y + 60;

  return sky[channel] - (pole ? 35.0 : 0.0) + (x * 31 + y * 17 + channel * 5) % 5;
}

/* What is faint stains nothing either, where its surroundings are plain. */
static void
test_faint_remains (void)
{
  g_autoptr (LacunaPhoto) result = fill_alone (picture_faint, picture_faint, gap);
  const guint8 *samples = lacuna_photo_get_pixels (result);
  guint n_dark = 0;

  for (int y = gap.y; y < gap.y + gap.height; y++)
    for (int x = gap.x; x < gap.x + gap.width; x++)
      n_dark += samples[((gsize) y * WIDTH + x) * lacuna_photo_get_bands (result)] < 150 - 4;
  g_test_message ("%u pixels are dark", n_dark);
  g_assert_cmpuint (n_dark, ==, 0);
}

static void
refuse_line (LacunaFillOptions options, const char *line, const char *says)
{
  g_autoptr (LacunaEngine) engine = lacuna_engine_new (NULL, 0);
  g_autoptr (GVariant) lines = g_variant_ref_sink (g_variant_new_parsed (line));
  g_autoptr (GError) error = NULL;

  options.lines = lines;
  g_assert_null (fill (engine, options, NULL, NULL, &error));
  g_assert_error (error, LACUNA_ERROR, LACUNA_ERROR_UNFIT);
  g_assert_nonnull (strstr (error->message, says));
}

/* The hole is 60×44 pixels at 270, 190. */
static void
test_unfit_lines (void)
{
  g_autoptr (LacunaMask) around = make_mask ((LacunaBox){ 200, 140, 200, 140 });
  const LacunaFillOptions plain = { NULL };

  refuse_line (plain, "[[(200.0, 210.0), (700.0, 210.0)]]", "leaves the photo");
  refuse_line (plain, "[[(200.0, 210.0), (nan, 210.0)]]", "leaves the photo");
  refuse_line (plain, "[[(300.0, 210.0), (300.0, 210.0)]]", "is a point");
  refuse_line (plain, "[[(200.0, 210.0), (400.0, 210.0)], [(20.0, 20.0), (200.0, 90.0)]]", "Line 2 does not cross");
  refuse_line (plain, "[[(280.0, 210.0), (310.0, 215.0)]]", "nothing to copy");
  refuse_line ((LacunaFillOptions){ .avoid = around }, "[[(240.0, 210.0), (360.0, 215.0)]]", "nothing to copy");
  refuse_line ((LacunaFillOptions){ .without_detail = TRUE }, "[[(240.0, 210.0), (360.0, 215.0)]]",
               "fill with the detail");
  refuse_line (plain, "[(240.0, 210.0), (360.0, 215.0)]", "aa(dd)");
}

/* A line of which nothing is preferred that is known is not followed, and that is told. */
static void
test_unpreferred_line (void)
{
  g_autoptr (LacunaEngine) engine = lacuna_engine_new (NULL, 0);
  g_autoptr (LacunaMask) preferred = make_mask ((LacunaBox){ 150, 20, 300, 100 });
  g_autoptr (GVariant) lines = g_variant_ref_sink (g_variant_new_parsed ("[[(240.0, 210.0), (360.0, 215.0)]]"));
  LacunaFillOptions options = { .lines = lines, .prefer = preferred, .strength = 1.0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (LacunaFill) filled = fill (engine, options, NULL, NULL, &error);
  guint n, n_all;

  g_assert_no_error (error);
  g_assert_nonnull (
      strstr (lacuna_fill_get_notes (filled)[0], "is not followed: what is known of it is not preferred"));
  n = count_copied (lacuna_fill_get_region (filled, 0), (LacunaBox){ 150, 20, 300, 100 }, &n_all);
  g_assert_cmpuint (n, ==, n_all);
}

/* Of a fill, by whatever it was steered, the steps of the attention come to the shares that it took. */
static void
test_explained (gconstpointer model)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "golden", model, NULL);
  g_autoptr (LacunaEngine) engine = lacuna_engine_new (NULL, 0);
  g_autoptr (LacunaPhoto) photo = picture_make (WIDTH, HEIGHT, 8, picture_waves);
  g_autoptr (LacunaMask) mask = make_mask (hole), preferred = make_mask (meadow);
  LacunaFillOptions options = { .model = path, .keep_scores = TRUE, .keep_features = TRUE };

  for (int steered = 0; steered < 2; steered++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (LacunaFill) filled = NULL;
      g_autofree guint8 *filled_cells = NULL;
      const LacunaRegion *region;
      int n;

      options.prefer = steered ? preferred : NULL;
      options.strength = 0.3;
      filled = lacuna_engine_fill (engine, photo, mask, &options, NULL, NULL, NULL, &error);
      g_assert_no_error (error);
      region = lacuna_fill_get_region (filled, 0);
      filled_cells = lacuna_explain_list_hole (region);
      n = region->grid_width * region->grid_height;
      for (int query = 0; query < n; query++)
        {
          g_autofree float *shares = lacuna_explain_shares (region, query), *made = NULL;

          if (!filled_cells[query])
            continue;
          made = shares_make (region, query);
          golden_assert_close (steered ? "steered" : "free", made, shares, n, 2e-5);
        }
    }
}

static LacunaBox
get_source (const LacunaRegion *region, gsize i)
{
  gsize n = (gsize) region->hole.width * region->hole.height;

  return (LacunaBox){ region->hole.x + (int) (i % region->hole.width) + region->offsets[i],
                      region->hole.y + (int) (i / region->hole.width) + region->offsets[n + i], 1, 1 };
}

/* What is avoided is left, and most of the rest stays where it was copied from. */
static void
test_stays (void)
{
  g_autoptr (LacunaEngine) engine = lacuna_engine_new (NULL, 0);
  LacunaFillOptions options = { .keep_features = TRUE };
  g_autoptr (GError) error = NULL;
  g_autoptr (LacunaFill) first = fill_picture (engine, picture_slope, hole, options, NULL, NULL, &error), next = NULL;
  g_autoptr (LacunaMask) avoid = NULL;
  const LacunaRegion *a = lacuna_fill_get_region (first, 0), *b;
  gsize n = (gsize) a->hole.width * a->hole.height;
  LacunaBox middle = get_source (a, n / 2 + a->hole.width / 2), avoided = { middle.x - 20, middle.y - 15, 40, 30 };
  guint n_others = 0, n_stay = 0, n_all;

  avoid = make_mask (avoided);
  options.avoid = avoid;
  next = fill_picture (engine, picture_slope, hole, options, NULL, NULL, &error);
  g_assert_no_error (error);
  b = lacuna_fill_get_region (next, 0);
  for (gsize i = 0; i < n; i++)
    if (a->mask[i] != 0 && !is_within (get_source (a, i), avoided))
      {
        n_others++;
        n_stay += b->offsets[i] == a->offsets[i] && b->offsets[n + i] == a->offsets[n + i];
      }
  g_assert_cmpuint (count_copied (a, avoided, &n_all), >, 100);
  g_assert_cmpuint (count_copied (b, avoided, &n_all), ==, 0);
  g_assert_cmpuint (2 * n_stay, >, n_others);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/steering/prefer", test_prefer);
  g_test_add_func ("/steering/far", test_far);
  g_test_add_func ("/steering/nothing-marked", test_nothing_marked);
  g_test_add_func ("/steering/unfit", test_unfit);
  g_test_add_func ("/steering/go-on", test_go_on);
  g_test_add_func ("/steering/stays", test_stays);
  g_test_add_func ("/steering/lines", test_lines);
  g_test_add_func ("/steering/other-line", test_other_line);
  g_test_add_func ("/steering/pole", test_pole);
  g_test_add_func ("/steering/wires", test_wires);
  g_test_add_func ("/steering/remains", test_remains);
  g_test_add_func ("/steering/faint-remains", test_faint_remains);
  g_test_add_func ("/steering/unfit-lines", test_unfit_lines);
  g_test_add_func ("/steering/unpreferred-line", test_unpreferred_line);
  g_test_add_data_func ("/steering/explained", "generator_tiny_oihw.safetensors", test_explained);
  g_test_add_data_func ("/steering/explained-gated", "gated_oihw.safetensors", test_explained);
  return g_test_run ();
}
