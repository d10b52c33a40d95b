/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tests the selection of a thing by strokes. The oracle of the cut is all cuts of a small graph; that of a selection
 * is the overlap with the thing that the picture was drawn from. */
#include "engine/select/select.h"

#include <math.h>

#include "app/document/document.h"
#include "engine/error.h"
#include "engine/select/min-cut.h"
#include "tests/wait.h"

/* The things that the pictures show, at a scale of 1. */
#define WIDTH 320
#define HEIGHT 240

static const struct { int x, y; } around[LACUNA_MIN_CUT_SLOTS] = {
  { -1, -1 }, { 0, -1 }, { 1, -1 }, { -1, 0 }, { 1, 0 }, { -1, 1 }, { 0, 1 }, { 1, 1 },
};

typedef struct {
  int width, height, pulls[12], ties[12][LACUNA_MIN_CUT_SLOTS];
} Graph;

static LacunaMinCut *
make_cut (Graph *graph)
{
  LacunaMinCut *cut;

  graph->width = g_test_rand_int_range (1, 5);
  graph->height = g_test_rand_int_range (1, 4);
  cut = lacuna_min_cut_new (graph->width * graph->height);
  for (int i = 0; i < graph->width * graph->height; i++)
    {
      graph->pulls[i] = g_test_rand_int_range (-9, 10);
      /* In two parts, as costs come. */
      lacuna_min_cut_pull (cut, i, graph->pulls[i] + 5);
      lacuna_min_cut_pull (cut, i, -5);
      for (guint slot = 4; slot < LACUNA_MIN_CUT_SLOTS; slot++)
        {
          int x = i % graph->width + around[slot].x, y = i / graph->width + around[slot].y;

          graph->ties[i][slot] = 0;
          if (x < 0 || x >= graph->width || y >= graph->height)
            continue;
          graph->ties[i][slot] = g_test_rand_int_range (0, 7);
          lacuna_min_cut_join (cut, i, slot, y * graph->width + x, graph->ties[i][slot]);
        }
    }
  return cut;
}

static int
get_capacity (const Graph *graph, guint inside)
{
  int sum = 0;

  for (int i = 0; i < graph->width * graph->height; i++)
    {
      guint in = inside >> i & 1;

      sum += in ? MAX (0, -graph->pulls[i]) : MAX (0, graph->pulls[i]);
      for (guint slot = 4; slot < LACUNA_MIN_CUT_SLOTS; slot++)
        if (graph->ties[i][slot] > 0 && in != (inside >> (i + around[slot].x + around[slot].y * graph->width) & 1))
          sum += graph->ties[i][slot];
    }
  return sum;
}

/* Against every way there is to cut it. */
static void
test_cut (void)
{
  for (guint round = 0; round < 1000; round++)
    {
      Graph graph;
      g_autoptr (LacunaMinCut) cut = make_cut (&graph);
      guint n = graph.width * graph.height, inside = 0;
      int least = G_MAXINT;

      g_assert_true (lacuna_min_cut_run (cut, NULL));
      for (guint i = 0; i < n; i++)
        inside |= (guint) lacuna_min_cut_is_inside (cut, i) << i;
      for (guint any = 0; any < 1u << n; any++)
        least = MIN (least, get_capacity (&graph, any));
      g_assert_cmpint (get_capacity (&graph, inside), ==, least);
    }
}

/* A thing that is round, and has an arm to the right as thin as a rail. */
static gboolean
is_thing (double x, double y)
{
  return hypot ((x - 140) / 60, (y - 120) / 45) < 1 || (x >= 140 && x < 260 && fabs (y - 120) < 5);
}

/* A blue patch inside, and an orange one beside the thing. */
static double
get_level (double x, double y, int channel)
{
  static const int colors[4][3] = { { 70, 110, 60 }, { 200, 120, 40 }, { 40, 70, 190 }, { 170, 60, 150 } };
  gboolean thing = is_thing (x, y), patch = hypot (x - 120, y - 105) < 14, lure = hypot (x - 215, y - 75) < 12;
  double waves = 14 * sin (x * 0.31 + channel) * cos (y * 0.23) + 10 * sin ((x + 2 * y) * 0.9 + channel);

  return colors[thing ? (patch ? 2 : 1) : (lure ? 1 : 0)][channel] + waves;
}

/* It at so many pixels instead of one, with a fixed noise. */
static LacunaPhoto *
make_photo (int scale, int depth)
{
  int width = WIDTH * scale, height = HEIGHT * scale;
  gsize n = (gsize) width * height * 3;
  guint16 *deep = g_new (guint16, n);
  guint8 *shallow = g_new (guint8, n);
  g_autoptr (GBytes) bytes = NULL;

  for (gsize i = 0; i < n; i++)
    {
      int x = i / 3 % width, y = i / 3 / width;
      double noise = ((guint) i * 2654435761u >> 16) % 24;
      double level = CLAMP (get_level ((x + 0.5) / scale, (y + 0.5) / scale, i % 3) + noise, 0, 255);

      shallow[i] = level;
      deep[i] = level * 257;
    }
  bytes = depth == 8 ? g_bytes_new (shallow, n) : g_bytes_new (deep, 2 * n);
  g_free (shallow);
  g_free (deep);
  return lacuna_photo_new (width, height, 3, depth, bytes, NULL);
}

/* A loose loop around the thing. */
static LacunaHint *
make_loop (int scale)
{
  double points[120];

  for (guint i = 0; i < G_N_ELEMENTS (points); i += 2)
    {
      double angle = G_PI * i / 60.0;

      points[i] = scale * (170 + (105 + 6 * sin (3 * angle)) * cos (angle));
      points[i + 1] = scale * (120 + (60 + 5 * cos (2 * angle)) * sin (angle));
    }
  return lacuna_hint_new (LACUNA_HINT_THING, points, 114, 0);
}

static LacunaHint *
make_stroke (LacunaHintKind kind, int scale, double x0, double y0, double x1, double y1)
{
  const double points[] = { x0 * scale, y0 * scale, x1 * scale, y1 * scale };

  return lacuna_hint_new (kind, points, 4, 2 * scale);
}

/* The selection as a whole photo's mask. Takes the hint and before. */
static LacunaMask *
select_thing (LacunaPhoto *photo, LacunaSelection **selection, LacunaHint *hint)
{
  g_autoptr (LacunaSelection) before = g_steal_pointer (selection);
  int width = lacuna_photo_get_width (photo);
  g_autofree guint8 *pixels = g_malloc0 ((gsize) width * lacuna_photo_get_height (photo));
  g_autoptr (GError) error = NULL;
  g_autoptr (LacunaMask) mask = lacuna_select (photo, before, hint, selection, NULL, &error);
  LacunaBox box;

  g_assert_no_error (error);
  box = *lacuna_selection_get_box (*selection);
  g_assert_cmpint (box.width, ==, lacuna_mask_get_width (mask));
  g_assert_cmpint (box.height, ==, lacuna_mask_get_height (mask));
  for (int y = 0; y < box.height; y++)
    memcpy (pixels + (gsize) (box.y + y) * width + box.x, lacuna_mask_get_pixels (mask) + (gsize) y * box.width,
            box.width);
  lacuna_hint_unref (hint);
  return lacuna_mask_new (width, lacuna_photo_get_height (photo), pixels);
}

/* Intersection over union with the thing. */
static double
get_overlap (LacunaMask *mask, int scale)
{
  int width = lacuna_mask_get_width (mask);
  gsize both = 0, either = 0;

  for (gsize i = 0; i < (gsize) width * lacuna_mask_get_height (mask); i++)
    {
      gboolean thing = is_thing ((i % width + 0.5) / scale, (i / width + 0.5) / scale);
      gboolean selected = lacuna_mask_get_pixels (mask)[i] != 0;

      both += thing && selected;
      either += thing || selected;
    }
  return (double) both / either;
}

static gboolean
is_selected (LacunaMask *mask, int x, int y)
{
  return lacuna_mask_get_pixels (mask)[(gsize) y * lacuna_mask_get_width (mask) + x] != 0;
}

static void
test_loop (void)
{
  static const struct {
    int scale, depth;
  } cases[] = { { 1, 8 }, { 1, 16 }, { 4, 8 }, { 7, 8 } };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (LacunaPhoto) photo = make_photo (cases[i].scale, cases[i].depth);
      g_autoptr (LacunaSelection) selection = NULL;
      g_autoptr (LacunaMask) mask = select_thing (photo, &selection, make_loop (cases[i].scale));
      double overlap = get_overlap (mask, cases[i].scale);

      g_test_message ("scale %d, depth %d: %.4f", cases[i].scale, cases[i].depth, overlap);
      g_assert_cmpfloat (overlap, >=, 0.97);
    }
}

/* A stroke across the thing that does not go around it. */
static void
test_scribble (void)
{
  const double points[] = { 95, 120, 130, 85, 120, 150, 170, 100, 165, 140 };
  g_autoptr (LacunaPhoto) photo = make_photo (1, 8);
  g_autoptr (LacunaSelection) selection = NULL;
  LacunaHint *hint = lacuna_hint_new (LACUNA_HINT_THING, points, G_N_ELEMENTS (points), 2);
  g_autoptr (LacunaMask) mask = NULL;

  g_assert_false (lacuna_hint_encloses (hint));
  mask = select_thing (photo, &selection, hint);
  g_assert_true (is_selected (mask, 165, 140));
  g_assert_cmpfloat (get_overlap (mask, 1), >=, 0.9);
}

/* A click on it says as much as the colours around tell. */
static void
test_click (void)
{
  g_autoptr (LacunaPhoto) photo = make_photo (1, 8);
  g_autoptr (LacunaSelection) selection = NULL;
  g_autoptr (LacunaMask) mask
      = select_thing (photo, &selection, lacuna_hint_new (LACUNA_HINT_THING, (const double[]){ 150, 130 }, 2, 2.5));

  g_test_message ("%.4f", get_overlap (mask, 1));
  g_assert_cmpfloat (get_overlap (mask, 1), >=, 0.8);
}

/* What strokes add or take holds, later ones notwithstanding, to their edges. */
static void
test_strokes (void)
{
  g_autoptr (LacunaPhoto) photo = make_photo (4, 8);
  g_autoptr (LacunaSelection) selection = NULL;
  g_autoptr (LacunaMask) first = select_thing (photo, &selection, make_loop (4));
  g_autoptr (LacunaMask) taken = NULL, added = NULL, again = NULL;

  g_assert_false (is_selected (first, 4 * 215, 4 * 75));
  added = select_thing (photo, &selection, make_stroke (LACUNA_HINT_ADD, 4, 210, 75, 220, 75));
  for (int x = 210; x <= 220; x++)
    g_assert_true (is_selected (added, 4 * x, 4 * 75));
  g_assert_true (is_selected (added, 4 * 215, 4 * 84)); /* the patch's edge, not that of the stroke */
  g_assert_false (is_selected (added, 4 * 215, 4 * 92));
  g_assert_true (is_selected (added, 4 * 140, 4 * 120));

  taken = select_thing (photo, &selection, make_stroke (LACUNA_HINT_TAKE, 4, 115, 105, 125, 105));
  for (int x = 115; x <= 125; x++)
    g_assert_false (is_selected (taken, 4 * x, 4 * 105));
  g_assert_false (is_selected (taken, 4 * 120, 4 * 114)); /* the blue patch */
  g_assert_true (is_selected (taken, 4 * 120, 4 * 140));
  g_assert_true (is_selected (taken, 4 * 215, 4 * 75));

  again = select_thing (photo, &selection, make_stroke (LACUNA_HINT_TAKE, 4, 210, 75, 220, 75));
  g_assert_false (is_selected (again, 4 * 120, 4 * 105));
}

/* On sunny ground a box, whose shadow lies to the lower right; a puddle as dark lies apart, and bluer. */
static gboolean
is_box (int x, int y)
{
  return x >= 110 && x < 170 && y >= 70 && y < 130;
}

static gboolean
is_shadow (int x, int y)
{
  int slant = x - (y - 130) / 2;

  return !is_box (x, y) && y >= 110 && y < 165 && slant >= 125 && slant < 195;
}

static LacunaPhoto *
make_sunny_photo (void)
{
  static const int colors[4][3] = { { 190, 170, 130 }, { 95, 85, 66 }, { 170, 40, 50 }, { 60, 80, 110 } };
  guint8 *samples = g_new (guint8, WIDTH * HEIGHT * 3);
  g_autoptr (GBytes) bytes = g_bytes_new_take (samples, WIDTH * HEIGHT * 3);

  for (int i = 0; i < WIDTH * HEIGHT * 3; i++)
    {
      int x = i / 3 % WIDTH, y = i / 3 / WIDTH;
      int surface = is_box (x, y) ? 2 : is_shadow (x, y) ? 1 : hypot (x - 85, y - 150) < 14 ? 3 : 0;
      double waves = 1 + 0.06 * sin (x * 0.31) * cos (y * 0.23);

      samples[i] = colors[surface][i % 3] * waves + ((guint) i * 2654435761u >> 16) % 12;
    }
  return lacuna_photo_new (WIDTH, HEIGHT, 3, 8, bytes, NULL);
}

static void
test_shadow (void)
{
  const double loop[] = { 100, 100, 105, 64, 140, 58, 178, 64, 181, 100, 176, 136, 140, 142, 104, 137 };
  g_autoptr (LacunaPhoto) photo = make_sunny_photo ();
  g_autoptr (LacunaSelection) selection = NULL;
  g_autoptr (LacunaMask) thing = NULL, both = NULL;
  gsize wrong[2] = { 0 }, n = 0;

  thing = select_thing (photo, &selection, lacuna_hint_new (LACUNA_HINT_THING, loop, G_N_ELEMENTS (loop), 0));
  both = select_thing (photo, &selection, lacuna_hint_new (LACUNA_HINT_SHADOW, NULL, 0, 0));
  for (int y = 0; y < HEIGHT; y++)
    for (int x = 0; x < WIDTH; x++)
      {
        wrong[0] += is_selected (thing, x, y) != is_box (x, y);
        wrong[1] += is_selected (both, x, y) != (is_box (x, y) || is_shadow (x, y));
        n += is_box (x, y) || is_shadow (x, y);
      }
  g_test_message ("wrong pixels without shadow %zu, with it %zu, of %zu", wrong[0], wrong[1], n);
  g_assert_cmpuint (wrong[0], <, n / 50);
  g_assert_cmpuint (wrong[1], <, n / 20);
  g_assert_false (is_selected (both, 85, 150));
}

static gpointer
select_in_thread (gpointer photo)
{
  LacunaSelection *selection = NULL;
  LacunaMask *mask = select_thing (photo, &selection, make_loop (4));

  lacuna_selection_unref (selection);
  return mask;
}

static void
test_same (void)
{
  g_autoptr (LacunaPhoto) photo = make_photo (4, 8);
  GThread *threads[3];
  g_autoptr (GBytes) first = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("select", select_in_thread, photo);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    {
      g_autoptr (LacunaMask) mask = g_thread_join (threads[i]);
      g_autoptr (GBytes) bytes = lacuna_mask_dup_bytes (mask);

      if (first == NULL)
        first = g_bytes_ref (bytes);
      g_assert_true (g_bytes_equal (bytes, first));
    }
}

static void
assert_refused (LacunaPhoto *photo, LacunaSelection *before, LacunaHint *hint, GCancellable *cancellable, GQuark domain,
                int code)
{
  LacunaSelection *selection = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_null (lacuna_select (photo, before, hint, &selection, cancellable, &error));
  g_assert_error (error, domain, code);
  g_assert_null (selection);
  lacuna_hint_unref (hint);
}

static void
test_refused (void)
{
  const double numbers[] = { 1, NAN, INFINITY, 3, 1e300, 2 };
  g_autoptr (LacunaPhoto) photo = make_photo (1, 8);
  g_autoptr (LacunaSelection) selection = NULL;
  g_autoptr (GCancellable) cancelled = g_cancellable_new ();

  lacuna_mask_unref (select_thing (photo, &selection, make_loop (1)));
  g_assert_null (lacuna_hint_new (LACUNA_HINT_THING, numbers, 2, 1));
  g_assert_null (lacuna_hint_new (LACUNA_HINT_THING, numbers + 2, 2, 1));
  g_assert_null (lacuna_hint_new (LACUNA_HINT_THING, numbers + 4, 2, 1));
  g_assert_null (lacuna_hint_new (LACUNA_HINT_THING, numbers, 0, 1));
  g_assert_null (lacuna_hint_new (LACUNA_HINT_THING, numbers + 3, 1, 1));
  g_assert_null (lacuna_hint_new (LACUNA_HINT_ADD, (const double[]){ 1, 2 }, 2, NAN));
  assert_refused (photo, NULL, make_stroke (LACUNA_HINT_THING, 1, -900, 20, -800, 20), NULL, LACUNA_ERROR,
                  LACUNA_ERROR_UNFIT);
  assert_refused (photo, NULL, make_stroke (LACUNA_HINT_TAKE, 1, 100, 100, 120, 100), NULL, LACUNA_ERROR,
                  LACUNA_ERROR_UNFIT);
  assert_refused (photo, selection, make_loop (1), NULL, LACUNA_ERROR, LACUNA_ERROR_UNFIT);
  g_cancellable_cancel (cancelled);
  assert_refused (photo, NULL, make_loop (1), cancelled, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  assert_refused (photo, selection, make_stroke (LACUNA_HINT_ADD, 1, 210, 75, 220, 75), cancelled, G_IO_ERROR,
                  G_IO_ERROR_CANCELLED);
}

/* Strokes as large as numbers go, a photo's corner, and a photo of one colour are no trouble. */
static void
test_odd (void)
{
  g_autoptr (GBytes) grey = g_bytes_new_take (g_malloc0 (64 * 16), 64 * 16);
  g_autoptr (LacunaPhoto) flat = lacuna_photo_new (64, 16, 1, 8, grey, NULL), photo = make_photo (1, 8);
  g_autoptr (LacunaSelection) selection = NULL;
  const double wide[] = { -9e6, -9e6, 9e6, -9e6, 9e6, 9e6, -9e6, 9e6 };
  const struct { LacunaPhoto *photo; LacunaHint *hint; } cases[] = {
    { flat, lacuna_hint_new (LACUNA_HINT_THING, (const double[]){ 5, 5, 55, 5, 55, 12, 5, 12 }, 8, 0) },
    { flat, lacuna_hint_new (LACUNA_HINT_THING, (const double[]){ 3, 3 }, 2, 9e6) },
    { photo, lacuna_hint_new (LACUNA_HINT_THING, wide, G_N_ELEMENTS (wide), 1) },
    { photo, lacuna_hint_new (LACUNA_HINT_THING, (const double[]){ 319.5, 239.5 }, 2, 0) },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      lacuna_mask_unref (select_thing (cases[i].photo, &selection, cases[i].hint));
      g_clear_pointer (&selection, lacuna_selection_unref);
    }
}

static LacunaDocument *
open_document (const char *path)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  LacunaDocument *document;

  lacuna_document_open_async (path, NULL, on_result, &result);
  document = lacuna_document_open_finish (wait_for (&result), &error);
  g_assert_no_error (error);
  return document;
}

static void
select_in (LacunaDocument *document, const double *points, guint n, gboolean take)
{
  g_autofree LacunaSample *samples = g_new (LacunaSample, n);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < n; i++)
    samples[i] = (LacunaSample){ points[2 * i], points[2 * i + 1], 2 };
  lacuna_document_select_async (document, samples, n, take, TRUE, NULL, on_result, &result);
  g_assert_true (lacuna_document_get_busy (document));
  lacuna_document_select_finish (document, wait_for (&result), &error);
  g_assert_no_error (error);
  g_assert_false (lacuna_document_get_busy (document));
}

static void
check_hole (LacunaDocument *document, gboolean brushed, gboolean body, gboolean patch, gboolean lure)
{
  g_autoptr (LacunaMask) mask = lacuna_raster_to_mask (lacuna_document_get_raster (document));

  g_assert_cmpint (is_selected (mask, 30, 200), ==, brushed);
  g_assert_cmpint (is_selected (mask, 110, 105), ==, brushed); /* where the brush was over the patch */
  g_assert_cmpint (is_selected (mask, 140, 140), ==, body);
  g_assert_cmpint (is_selected (mask, 126, 105), ==, patch);
  g_assert_cmpint (is_selected (mask, 215, 75), ==, lure);
}

/* Closes it, and opens what was kept of it. */
static LacunaDocument *
open_again (LacunaDocument *document, const char *path)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  lacuna_document_close_async (document, on_result, &result);
  lacuna_document_close_finish (document, wait_for (&result), &error);
  g_assert_no_error (error);
  g_object_unref (document);
  return open_document (path);
}

/* What is being selected when the photo is closed is there again. */
static LacunaDocument *
open_again_early (LacunaDocument *document, const char *path, const double *points, guint n)
{
  g_autofree LacunaSample *samples = g_new (LacunaSample, n);
  g_autoptr (GAsyncResult) selected = NULL, closed = NULL;
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < n; i++)
    samples[i] = (LacunaSample){ points[2 * i], points[2 * i + 1], 2 };
  lacuna_document_select_async (document, samples, n, FALSE, TRUE, NULL, on_result, &selected);
  lacuna_document_close_async (document, on_result, &closed);
  lacuna_document_select_finish (document, wait_for (&selected), &error);
  g_assert_no_error (error);
  lacuna_document_close_finish (document, wait_for (&closed), &error);
  g_assert_no_error (error);
  g_object_unref (document);
  return open_document (path);
}

/* Steps of a document: a selection adds to what was brushed, strokes near it change it alone, all can be undone, and is kept. */
static void
test_document (gconstpointer data)
{
  const double loop[] = { 60, 120, 100, 60, 170, 55, 270, 105, 275, 135, 170, 180, 90, 175, 62, 125 };
  const double patch[] = { 122, 105, 130, 105 };
  const LacunaSample brush[] = { { 30, 200, 6 }, { 60, 150, 3 }, { 110, 105, 3 } };
  g_autofree char *path = g_build_filename (data, "photo.png", NULL);
  g_autoptr (LacunaPhoto) photo = make_photo (1, 8);
  g_autoptr (LacunaDocument) document = NULL;

  g_assert_true (lacuna_photo_save (photo, path, NULL, NULL));
  document = open_document (path);
  lacuna_document_begin_stroke (document, LACUNA_STROKE_MARK, TRUE);
  lacuna_document_extend_stroke (document, brush, G_N_ELEMENTS (brush));
  lacuna_document_end_stroke (document);
  document = open_again_early (g_steal_pointer (&document), path, loop, G_N_ELEMENTS (loop) / 2);
  check_hole (document, TRUE, TRUE, TRUE, FALSE);
  lacuna_document_undo (document);
  check_hole (document, TRUE, FALSE, FALSE, FALSE);
  select_in (document, loop, G_N_ELEMENTS (loop) / 2, FALSE);
  check_hole (document, TRUE, TRUE, TRUE, FALSE);
  select_in (document, patch, 2, TRUE);
  check_hole (document, TRUE, TRUE, FALSE, FALSE);
  select_in (document, patch, 2, FALSE);
  check_hole (document, TRUE, TRUE, TRUE, FALSE);
  lacuna_document_undo (document);
  check_hole (document, TRUE, TRUE, FALSE, FALSE);
  lacuna_document_undo (document);
  lacuna_document_undo (document);
  check_hole (document, TRUE, FALSE, FALSE, FALSE);
  lacuna_document_redo (document);
  document = open_again (g_steal_pointer (&document), path);
  check_hole (document, TRUE, TRUE, TRUE, FALSE);
  lacuna_document_redo (document);
  check_hole (document, TRUE, TRUE, FALSE, FALSE);
  lacuna_document_undo (document);
  lacuna_document_undo (document);
  lacuna_document_edit_mask (document, LACUNA_MASK_INVERT, 0);
  while (lacuna_document_get_busy (document))
    g_main_context_iteration (NULL, TRUE);
  select_in (document, loop, G_N_ELEMENTS (loop) / 2, TRUE);
  check_hole (document, FALSE, FALSE, FALSE, TRUE);
}

int
main (int argc, char **argv)
{
  g_autofree char *folder = g_dir_make_tmp ("lacuna-select-XXXXXX", NULL);
  int status;

  g_setenv ("XDG_DATA_HOME", folder, TRUE);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/select/cut", test_cut);
  g_test_add_func ("/select/loop", test_loop);
  g_test_add_func ("/select/scribble", test_scribble);
  g_test_add_func ("/select/click", test_click);
  g_test_add_func ("/select/strokes", test_strokes);
  g_test_add_func ("/select/shadow", test_shadow);
  g_test_add_func ("/select/same", test_same);
  g_test_add_func ("/select/refused", test_refused);
  g_test_add_func ("/select/odd", test_odd);
  g_test_add_data_func ("/select/document", folder, test_document);
  status = g_test_run ();
  g_spawn_sync (NULL, (char *[]){ "rm", "-r", folder, NULL }, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, NULL,
                NULL);
  return status;
}
