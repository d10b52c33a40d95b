/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tests fills that are steered in the engine: what is avoided or preferred, and lines that are refused. The oracle is each
 * query's shares without steering. */
#include "engine/fill/region-private.h"

#include "tests/golden.h"
#include "tests/scene.h"
#include "tests/shares.h"

static const LacunaBox hole = { 270, 190, 60, 44 };
static const LacunaBox meadow = { 150, 130, 96, 160 }; /* beside it, large enough to copy from alone */

static LacunaFill *
fill (LacunaEngine *engine, LacunaFillOptions options, LacunaFillProgressFunc progress, gpointer data, GError **error)
{
  return scene_fill (engine, picture_waves, hole, options, progress, data, error);
}

static LacunaFill *
prefer (LacunaEngine *engine, LacunaBox box, double strength)
{
  g_autoptr (LacunaMask) preferred = scene_mask (box);
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
  g_autoptr (LacunaMask) none = scene_mask ((LacunaBox){ 0, 0, 0, 0 });
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
  g_autoptr (LacunaMask) all = scene_mask ((LacunaBox){ 0, 0, WIDTH, HEIGHT });
  g_autoptr (LacunaMask) speck = scene_mask ((LacunaBox){ 230, 200, 9, 9 });
  g_autoptr (LacunaMask) crumb = scene_mask ((LacunaBox){ 230, 200, 4, 4 });
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
  g_autoptr (LacunaMask) avoid = scene_mask (meadow);
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
  g_autoptr (LacunaMask) around = scene_mask ((LacunaBox){ 200, 140, 200, 140 });
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
  g_autoptr (LacunaMask) preferred = scene_mask ((LacunaBox){ 150, 20, 300, 100 });
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
  g_autoptr (LacunaMask) mask = scene_mask (hole), preferred = scene_mask (meadow);
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
  g_autoptr (LacunaFill) first = scene_fill (engine, scene_picture_slope, hole, options, NULL, NULL, &error),
                         next = NULL;
  g_autoptr (LacunaMask) avoid = NULL;
  const LacunaRegion *a = lacuna_fill_get_region (first, 0), *b;
  gsize n = (gsize) a->hole.width * a->hole.height;
  LacunaBox middle = get_source (a, n / 2 + a->hole.width / 2), avoided = { middle.x - 20, middle.y - 15, 40, 30 };
  guint n_others = 0, n_stay = 0, n_all;

  avoid = scene_mask (avoided);
  options.avoid = avoid;
  next = scene_fill (engine, scene_picture_slope, hole, options, NULL, NULL, &error);
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
  g_test_add_func ("/steering/unfit-lines", test_unfit_lines);
  g_test_add_func ("/steering/unpreferred-line", test_unpreferred_line);
  g_test_add_data_func ("/steering/explained", "generator_tiny_oihw.safetensors", test_explained);
  g_test_add_data_func ("/steering/explained-gated", "gated_oihw.safetensors", test_explained);
  return g_test_run ();
}
