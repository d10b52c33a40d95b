/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tests what steers the fills of a document: marked, taken back, and followed. The oracle is the share of copied
 * pixels that come from the marked places, and which steps and variants there have to be. */
#include "tests/editing.h"
#include "tests/folder.h"

static LacunaDocument *
open_document (void)
{
  g_autofree char *sessions = lacuna_sessions_get_root ();

  folder_remove (sessions);
  return editing_open ("photo.png");
}

/* Returns how many pixels were avoided, as a saved photo records of the last fill. */
static guint64
get_avoided (LacunaDocument *document)
{
  g_autoptr (GVariant) fills = lacuna_document_describe_fills (document);
  g_autoptr (GVariant) fill = g_variant_get_child_value (fills, g_variant_n_children (fills) - 1);
  g_autoptr (GVariant) steered = g_variant_lookup_value (fill, "steered", G_VARIANT_TYPE_VARDICT);
  guint64 avoided;

  g_assert_nonnull (steered);
  g_assert_true (g_variant_lookup (steered, "avoided", "t", &avoided));
  return avoided;
}

/* What is to be avoided is marked and erased beside the hole, which rests; the next fill heeds it and is another variant. */
static void
test_avoid (void)
{
  g_autoptr (LacunaDocument) document = open_document ();
  g_autoptr (LacunaEngine) engine = lacuna_engine_new (NULL, 0);
  g_autoptr (GBytes) mask = NULL, after = NULL, attention = NULL;
  g_autoptr (GError) error = NULL;
  const LacunaSample dab = { 360, 260, 30 };
  const LacunaRegion *region;
  const float *scores;
  gsize n_cells;

  stroke (document, 300, 250, 330, 270, 14, LACUNA_STROKE_MARK);
  fill (document, engine, NULL, &error);
  mask = copy_mask (document);
  g_assert_null (lacuna_document_get_steer (document, LACUNA_STEER_AVOID));
  g_assert_cmpuint (get_avoided (document), ==, 0);
  g_assert_true (lacuna_document_begin_stroke (document, LACUNA_STROKE_AVOID, FALSE));
  lacuna_document_extend_stroke (document, &dab, 1);
  lacuna_document_end_stroke (document);
  after = copy_mask (document);
  assert_same (mask, after);
  g_assert_true (lacuna_document_get_resting (document));
  g_assert_cmpuint (lacuna_raster_get_n_hole (lacuna_document_get_steer (document, LACUNA_STEER_AVOID)), >, 2700);
  fill (document, engine, NULL, &error);
  g_assert_no_error (error);
  assert_chosen (document, 2, 1);
  g_assert_cmpuint (get_avoided (document), ==,
                    lacuna_raster_get_n_hole (lacuna_document_get_steer (document, LACUNA_STEER_AVOID)));
  region = lacuna_fill_get_region (lacuna_document_get_fill (document), 0);
  n_cells = (gsize) lacuna_region_get_grid_width (region) * lacuna_region_get_grid_height (region);
  attention = lacuna_region_dup_array (region, LACUNA_REGION_ATTENTION);
  scores = g_bytes_get_data (attention, NULL);
  for (gsize key = 0; key < n_cells; key++)
    if (lacuna_box_intersection (lacuna_explain_get_patch (region, key), (LacunaBox){ 350, 250, 20, 20 }).width > 0
        && lacuna_box_intersection (lacuna_explain_get_patch (region, key), (LacunaBox){ 350, 250, 20, 20 }).height > 0)
      for (gsize query = 0; query < n_cells; query++)
        g_assert_cmpfloat (scores[query * n_cells + key], ==, 0.0f);
  stroke (document, 360, 260, 360, 260, 40, LACUNA_STROKE_ERASE);
  g_assert_cmpuint (lacuna_raster_get_n_hole (lacuna_document_get_steer (document, LACUNA_STEER_AVOID)), ==, 0);
  lacuna_document_undo (document);
  g_assert_cmpuint (lacuna_raster_get_n_hole (lacuna_document_get_steer (document, LACUNA_STEER_AVOID)), >, 2700);
  editing_close (document);
}

/* Which share of the pixels that the fill's first region copied lies in the box. */
static double
measure_copied (LacunaFill *fill, LacunaBox box)
{
  const LacunaRegion *region = lacuna_fill_get_region (fill, 0);
  const LacunaBox *hole = lacuna_region_get_hole (region);
  g_autoptr (GBytes) mask_bytes = lacuna_region_dup_array (region, LACUNA_REGION_MASK);
  g_autoptr (GBytes) offset_bytes = lacuna_region_dup_array (region, LACUNA_REGION_OFFSETS);
  const guint8 *mask = g_bytes_get_data (mask_bytes, NULL);
  const gint16 *offsets = g_bytes_get_data (offset_bytes, NULL);
  int n = hole->width * hole->height, n_filled = 0, n_inside = 0;

  for (int i = 0; i < n; i++)
    if (mask[i] != 0)
      {
        int x = hole->x + i % hole->width + offsets[i] - box.x, y = hole->y + i / hole->width + offsets[n + i] - box.y;

        n_filled++;
        n_inside += x >= 0 && x < box.width && y >= 0 && y < box.height;
      }
  return (double) n_inside / n_filled;
}

/* What is preferred is marked by a rectangle, and taken from by what is avoided. Fills at another strength are no repeats,
 * and more that is copied comes from there. */
static void
test_prefer (void)
{
  g_autoptr (LacunaDocument) document = open_document ();
  g_autoptr (LacunaEngine) engine = lacuna_engine_new (NULL, 0);
  const LacunaSample corners[] = { { 340, 200, 0 }, { 420, 200, 0 }, { 420, 300, 0 }, { 340, 300, 0 } };
  g_autoptr (GError) error = NULL;
  double shares[2];

  stroke (document, 300, 250, 310, 255, 8, LACUNA_STROKE_MARK);
  g_assert_true (lacuna_document_mark_polygon (document, corners, 4, LACUNA_STROKE_PREFER, FALSE, "Prefer"));
  g_assert_cmpuint (lacuna_raster_get_n_hole (lacuna_document_get_steer (document, LACUNA_STEER_PREFER)), ==, 8000);
  for (guint i = 0; i < G_N_ELEMENTS (shares); i++)
    {
      lacuna_document_set_strength (document, i);
      for (guint j = 0; j < LACUNA_FILL_N_VARIANTS; j++)
        g_assert_true (fill (document, engine, NULL, NULL));
      g_assert_false (fill (document, engine, NULL, &error));
      g_assert_error (error, LACUNA_ERROR, LACUNA_ERROR_EMPTY);
      g_clear_error (&error);
      shares[i] = measure_copied (lacuna_document_get_fill (document), (LacunaBox){ 340, 200, 80, 100 });
    }
  g_assert_cmpfloat (shares[0], <, 0.9);
  g_assert_cmpfloat (shares[1], ==, 1.0);
  stroke (document, 340, 250, 420, 250, 20, LACUNA_STROKE_AVOID);
  g_assert_cmpuint (lacuna_raster_get_n_hole (lacuna_document_get_steer (document, LACUNA_STEER_PREFER)), <, 5500);
  lacuna_document_clear_steer (document);
  g_assert_false (lacuna_document_has_steer (document, LACUNA_STEER_AVOID));
  g_assert_false (lacuna_document_has_steer (document, LACUNA_STEER_PREFER));
  g_assert_true (lacuna_document_has_hole (document));
  lacuna_document_undo (document);
  lacuna_document_undo (document);
  g_assert_cmpuint (lacuna_raster_get_n_hole (lacuna_document_get_steer (document, LACUNA_STEER_PREFER)), ==, 8000);
  editing_close (document);
}

/* A place is avoided, then preferred, then another alone, each by one step; no variant is lost where an earlier one is in
 * force. */
static void
test_steer (void)
{
  g_autoptr (LacunaDocument) document = open_document ();
  g_autoptr (LacunaEngine) engine = lacuna_engine_new (NULL, 0);
  const LacunaBox place = { 340, 200, 16, 16 }, other = { 400, 100, 48, 48 }, cut = { -8, 0, 16, 16 };
  LacunaRaster *avoid, *prefer;

  stroke (document, 300, 250, 310, 255, 8, LACUNA_STROKE_MARK);
  g_assert_true (fill (document, engine, NULL, NULL));
  g_assert_true (fill (document, engine, NULL, NULL));
  lacuna_document_choose_variant (document, 0);
  g_assert_true (lacuna_document_steer (document, LACUNA_SOURCE_NOT, place));
  g_assert_false (lacuna_document_steer (document, LACUNA_SOURCE_NOT, place));
  g_assert_true (fill (document, engine, NULL, NULL));
  assert_chosen (document, 3, 2);
  avoid = lacuna_document_get_steer (document, LACUNA_STEER_AVOID);
  g_assert_cmpuint (lacuna_raster_get_n_hole (avoid), ==, 256);
  g_assert_true (lacuna_document_steer (document, LACUNA_SOURCE_MORE, place));
  prefer = lacuna_document_get_steer (document, LACUNA_STEER_PREFER);
  g_assert_cmpuint (lacuna_raster_get_n_hole (avoid), ==, 0);
  g_assert_cmpuint (lacuna_raster_get_n_hole (prefer), ==, 256);
  g_assert_true (lacuna_document_steer (document, LACUNA_SOURCE_MORE, cut));
  g_assert_cmpuint (lacuna_raster_get_n_hole (prefer), ==, 256 + 128);
  g_assert_true (lacuna_document_steer (document, LACUNA_SOURCE_ONLY, other));
  g_assert_cmpuint (lacuna_raster_get_n_hole (prefer), ==, 48 * 48);
  lacuna_document_undo (document);
  g_assert_cmpuint (lacuna_raster_get_n_hole (prefer), ==, 256 + 128);
  editing_close (document);
}

/* Along a wobbling stroke. */
static gboolean
draw_line (LacunaDocument *document, double x0, double y0, double x1, double y1)
{
  LacunaSample points[31];

  for (int i = 0; i < 31; i++)
    points[i] = (LacunaSample){ x0 + (x1 - x0) * i / 30, y0 + (y1 - y0) * i / 30 + (i % 2 && i < 30 ? 2 : 0), 0 };
  return lacuna_document_draw_line (document, points, G_N_ELEMENTS (points), 3);
}

static void
assert_n_lines (LacunaDocument *document, gsize n)
{
  GVariant *lines = lacuna_document_get_lines (document);

  g_assert_cmpuint (lines != NULL ? g_variant_n_children (lines) : 0, ==, n);
}

/* A line across the hole, which rests, makes another variant, the same each time; one that misses the hole is refused in the
 * engine's words. */
static void
test_line (void)
{
  g_autoptr (LacunaDocument) document = open_document ();
  g_autoptr (LacunaEngine) engine = lacuna_engine_new (NULL, 0);
  g_autoptr (GBytes) without = NULL, with = NULL, again = NULL;
  g_autoptr (GVariant) line = NULL;
  g_autoptr (GError) error = NULL;

  stroke (document, 290, 250, 320, 255, 12, LACUNA_STROKE_MARK);
  g_assert_true (fill (document, engine, NULL, NULL));
  without = copy_photo (document);
  g_assert_false (draw_line (document, 300, 250, 300, 250.5));
  g_assert_true (draw_line (document, 240, 200, 370, 300));
  line = g_variant_get_child_value (lacuna_document_get_lines (document), 0);
  g_assert_cmpuint (g_variant_n_children (line), ==, 2);
  g_assert_true (lacuna_document_get_resting (document) && lacuna_document_has_new_lines (document));
  g_assert_true (fill (document, engine, NULL, NULL));
  g_assert_false (lacuna_document_has_new_lines (document));
  assert_chosen (document, 2, 1);
  with = copy_photo (document);
  g_assert_false (g_bytes_equal (with, without));
  lacuna_document_undo (document);
  g_assert_true (fill (document, engine, NULL, NULL));
  again = copy_photo (document);
  assert_same (again, with);
  lacuna_document_choose_variant (document, 0);
  assert_n_lines (document, 0);
  lacuna_document_choose_variant (document, 1);
  assert_n_lines (document, 1);
  g_assert_true (draw_line (document, 10, 10, 60, 10));
  g_assert_false (fill (document, engine, NULL, &error));
  g_assert_error (error, LACUNA_ERROR, LACUNA_ERROR_UNFIT);
  g_assert_nonnull (strstr (error->message, "Line 2 does not cross the hole"));
  editing_close (document);
}

/* A line goes with what it crosses, by the same step, and one that was drawn for the next hole stays; beyond the photo it
 * ends at the border. */
static void
test_lines_go (void)
{
  g_autoptr (LacunaDocument) document = open_document ();
  g_autoptr (GVariant) line = NULL;
  double x, y;

  stroke (document, 290, 250, 320, 255, 12, LACUNA_STROKE_MARK);
  g_assert_true (draw_line (document, 240, 200, 370, 300));
  g_assert_true (draw_line (document, 500, 90, 600, 110));
  stroke (document, 300, 250, 300, 250, 5, LACUNA_STROKE_ERASE);
  assert_n_lines (document, 2);
  lacuna_document_edit_mask (document, LACUNA_MASK_CLEAR, 0);
  assert_n_lines (document, 1);
  lacuna_document_undo (document);
  assert_n_lines (document, 2);
  lacuna_document_clear_lines (document);
  assert_n_lines (document, 0);
  lacuna_document_undo (document);
  lacuna_document_redo (document);
  assert_n_lines (document, 0);
  g_assert_true (draw_line (document, -50, 300, 800, 300));
  line = g_variant_get_child_value (lacuna_document_get_lines (document), 0);
  g_variant_get_child (line, 1, "(dd)", &x, &y);
  g_assert_cmpfloat (x, ==, WIDTH - 1);
  g_assert_cmpfloat (y, ==, 299.5);
  editing_close (document);
}

/* A fill comes with how far each of its pixels may be trusted, until it is forgotten. */
static void
test_trust (void)
{
  g_autoptr (LacunaDocument) document = open_document ();
  g_autoptr (LacunaEngine) engine = lacuna_engine_new (NULL, 0);
  g_autoptr (GBytes) mask = NULL;
  const LacunaRegion *region;
  const float *trust;
  gsize n;

  stroke (document, 300, 250, 310, 255, 8, LACUNA_STROKE_MARK);
  g_assert_null (lacuna_document_get_trust (document));
  g_assert_true (fill (document, engine, NULL, NULL));
  g_assert_cmpuint (lacuna_document_get_trust (document)->len, ==, 1);
  region = lacuna_fill_get_region (lacuna_document_get_fill (document), 0);
  mask = lacuna_region_dup_array (region, LACUNA_REGION_MASK);
  trust = g_bytes_get_data (lacuna_document_get_trust (document)->pdata[0], &n);
  g_assert_cmpuint (n, ==, sizeof (float) * g_bytes_get_size (mask));
  for (gsize i = 0; i < g_bytes_get_size (mask); i++)
    {
      gboolean filled = ((const guint8 *) g_bytes_get_data (mask, NULL))[i] != 0;

      g_assert_true (filled ? trust[i] > 0 && trust[i] <= 1 : trust[i] == 0);
    }
  lacuna_document_undo (document);
  g_assert_null (lacuna_document_get_trust (document));
  editing_close (document);
}

int
main (int argc, char **argv)
{
  g_autoptr (LacunaPhoto) photo = NULL;
  g_autofree char *path = NULL, *data = NULL;
  int status;

  folder = g_dir_make_tmp ("lacuna-steered-XXXXXX", NULL);
  data = get_path ("data");
  path = get_path ("photo.png");
  g_setenv ("XDG_DATA_HOME", data, TRUE);
  g_test_init (&argc, &argv, NULL);
  photo = picture_make (WIDTH, HEIGHT, 8, picture_waves);
  g_assert_true (lacuna_photo_save (photo, path, NULL, NULL));
  g_test_add_func ("/steered/avoid", test_avoid);
  g_test_add_func ("/steered/prefer", test_prefer);
  g_test_add_func ("/steered/steer", test_steer);
  g_test_add_func ("/steered/line", test_line);
  g_test_add_func ("/steered/lines-go", test_lines_go);
  g_test_add_func ("/steered/trust", test_trust);
  status = g_test_run ();
  folder_remove (folder);
  g_free (folder);
  return status;
}
