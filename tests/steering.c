/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/fill/region-private.h"
#include "engine/lacuna.h"

#include "tests/picture.h"

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

/* options: without a model. Takes error. */
static LacunaFill *
fill (LacunaEngine *engine, LacunaFillOptions options, LacunaFillProgressFunc progress, gpointer data, GError **error)
{
  g_autofree char *model = g_test_build_filename (G_TEST_DIST, "golden", "generator_tiny_oihw.safetensors", NULL);
  g_autoptr (LacunaPhoto) photo = picture_make (WIDTH, HEIGHT, 8, picture_waves);
  g_autoptr (LacunaMask) mask = make_mask (hole);

  options.model = model;
  return lacuna_engine_fill (engine, photo, mask, &options, progress, data, NULL, error);
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

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/steering/prefer", test_prefer);
  g_test_add_func ("/steering/far", test_far);
  g_test_add_func ("/steering/unfit", test_unfit);
  g_test_add_func ("/steering/go-on", test_go_on);
  return g_test_run ();
}
