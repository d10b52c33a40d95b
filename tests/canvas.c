/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tests the viewport, the pyramid, the overlay, what a canvas draws and takes from a pointer, and what is told of a copy.
 * The oracle is the means computed from the photo's own pixels, tiles drawn anew, the marks of the same samples drawn
 * directly, and a made-up fill. */
#include "app/view/canvas/canvas.h"

#include "app/document/document.h"
#include "app/document/stroke.h"
#include "app/view/attention/copy-text.h"
#include "app/view/painter.h"
#include "engine/fill/fill-private.h"
#include "engine/fill/region-private.h"
#include "tests/picture.h"

/* Neither a multiple of a tile, nor even. */
#define WIDTH 1301
#define HEIGHT 837

static LacunaPhoto *photo;

static const double zooms[] = { 0.11, 0.3, 0.5, 1, 1.7, 6 };

static void
test_viewport (void)
{
  g_autoptr (LacunaViewport) viewport = lacuna_viewport_new ();
  double x, y, left, top;

  lacuna_viewport_set_pane (viewport, 640, 480, 2);
  lacuna_viewport_set_photo (viewport, WIDTH, HEIGHT);
  g_assert_cmpfloat_with_epsilon (lacuna_viewport_get_scale (viewport), 640.0 / WIDTH, 1e-9);
  for (guint i = 0; i < G_N_ELEMENTS (zooms); i++)
    {
      lacuna_viewport_fit (viewport);
      lacuna_viewport_set_zoom (viewport, zooms[i] * 2);
      lacuna_viewport_get_origin (viewport, &left, &top);
      g_assert_cmpfloat (left * 2, ==, round (left * 2));
      lacuna_viewport_to_pane (viewport, 700.25, 300.5, &x, &y);
      g_assert_cmpfloat_with_epsilon (x, left + 700.25 * lacuna_viewport_get_scale (viewport), 1e-9);
      lacuna_viewport_to_photo (viewport, x, y, &x, &y);
      g_assert_cmpfloat_with_epsilon (x, 700.25, 1e-9);
      g_assert_cmpfloat_with_epsilon (y, 300.5, 1e-9);
    }
  /* The point under the pointer stays there, to a screen pixel. */
  lacuna_viewport_set_zoom (viewport, 4);
  lacuna_viewport_to_photo (viewport, 200, 150, &x, &y);
  lacuna_viewport_zoom_at (viewport, 1.5, 200, 150);
  lacuna_viewport_to_pane (viewport, x, y, &x, &y);
  g_assert_cmpfloat_with_epsilon (x, 200, 0.51);
  g_assert_cmpfloat_with_epsilon (y, 150, 0.51);
  /* It can't be pushed out of sight. */
  lacuna_viewport_pan (viewport, 1e6, -1e6);
  lacuna_viewport_get_origin (viewport, &left, &top);
  g_assert_cmpfloat (left, ==, 0);
  g_assert_cmpfloat_with_epsilon (top, 480 - HEIGHT * lacuna_viewport_get_scale (viewport), 0.5);
}

static guint8 *
read_texture (GdkTexture *texture)
{
  guint8 *pixels = g_malloc ((gsize) gdk_texture_get_width (texture) * gdk_texture_get_height (texture) * 4);

  gdk_texture_download (texture, pixels, (gsize) gdk_texture_get_width (texture) * 4);
  return pixels;
}

static void
assert_same_texture (GdkTexture *a, GdkTexture *b)
{
  g_autofree guint8 *first = NULL, *second = NULL;
  gsize size;

  g_assert_true ((a == NULL) == (b == NULL));
  if (a == NULL)
    return;
  g_assert_cmpint (gdk_texture_get_width (a), ==, gdk_texture_get_width (b));
  g_assert_cmpint (gdk_texture_get_height (a), ==, gdk_texture_get_height (b));
  first = read_texture (a);
  second = read_texture (b);
  size = (gsize) gdk_texture_get_width (a) * gdk_texture_get_height (a) * 4;
  g_assert_cmpmem (first, size, second, size);
}

static void
test_halving (void)
{
  g_autoptr (LacunaPyramid) pyramid = lacuna_pyramid_new (photo);
  const guint8 *pixels = lacuna_photo_get_pixels (photo);
  g_autofree guint8 *tile = read_texture (lacuna_pyramid_get_tile (pyramid, 1, 1, 0, TRUE));
  int sum = 0;

  g_assert_cmpint (lacuna_pyramid_get_n_levels (pyramid), ==, 3);
  g_assert_cmpint (lacuna_pyramid_get_width (pyramid, 2), ==, 326);
  /* Pixel (600, 7) of level 1, of green: (88, 7) of its second tile. */
  for (int i = 0; i < 4; i++)
    sum += pixels[((14 + i / 2) * WIDTH + 1200 + i % 2) * 3 + 1];
  g_assert_cmpint (tile[(7 * (651 - 512) + 88) * 4 + 1], ==, (sum + 2) / 4);
  /* The last column stands for the one beyond an odd width. */
  sum = pixels[(WIDTH - 1) * 3 + 1] + pixels[(2 * WIDTH - 1) * 3 + 1];
  g_assert_cmpint (tile[(651 - 512 - 1) * 4 + 1], ==, (sum + 1) / 2);
  g_assert_true (lacuna_pyramid_choose_level (pyramid, 1, 0.75) == 0);
  g_assert_true (lacuna_pyramid_choose_level (pyramid, 0.375, 0.75) == 1);
  g_assert_true (lacuna_pyramid_choose_level (pyramid, 0.01, 0.75) == 2);
}

static LacunaRetouch *
make_retouch (LacunaBox box, float level)
{
  g_autoptr (GVariant) variant = NULL;
  gsize n = (gsize) box.width * box.height;
  g_autofree guint8 *mask = g_malloc (n), *samples = g_malloc (3 * n);
  GVariantBuilder builder;

  for (gsize i = 0; i < n; i++)
    mask[i] = i % 3 != 0 ? 255 : 0;
  for (gsize i = 0; i < 3 * n; i++)
    samples[i] = level + i % 50;
  g_variant_builder_init (&builder, G_VARIANT_TYPE ("a(iiiiayay)"));
  g_variant_builder_add (&builder, "(iiii@ay@ay)", box.x, box.y, box.width, box.height,
                         g_variant_new_fixed_array (G_VARIANT_TYPE_BYTE, mask, n, 1),
                         g_variant_new_fixed_array (G_VARIANT_TYPE_BYTE, samples, 3 * n, 1));
  variant = g_variant_ref_sink (g_variant_new ("(ia(iiiiayay))", 8, &builder));
  return lacuna_retouch_deserialize (variant, WIDTH, HEIGHT);
}

/* A retouched pyramid is that of the retouched photo, and shares what was left alone. */
static void
test_retouched (void)
{
  g_autoptr (LacunaPyramid) base = lacuna_pyramid_new (photo), retouched = NULL, expected = NULL;
  g_autoptr (GPtrArray) retouches = g_ptr_array_new_with_free_func ((GDestroyNotify) lacuna_retouch_unref);
  g_autoptr (LacunaPhoto) pasted = NULL;

  g_ptr_array_add (retouches, make_retouch ((LacunaBox){ 480, 401, 77, 201 }, 10));
  g_ptr_array_add (retouches, make_retouch ((LacunaBox){ 1240, 811, 61, 26 }, 150));
  retouched = lacuna_pyramid_retouch (base, retouches);
  pasted = lacuna_retouches_apply (retouches, photo);
  expected = lacuna_pyramid_new (pasted);
  for (int level = 0; level < 3; level++)
    for (int row = 0; row * LACUNA_PYRAMID_TILE < lacuna_pyramid_get_height (base, level); row++)
      for (int column = 0; column * LACUNA_PYRAMID_TILE < lacuna_pyramid_get_width (base, level); column++)
        assert_same_texture (lacuna_pyramid_get_tile (retouched, level, column, row, TRUE),
                             lacuna_pyramid_get_tile (expected, level, column, row, TRUE));
  g_assert_true (lacuna_pyramid_get_tile (retouched, 0, 2, 0, TRUE) == lacuna_pyramid_get_tile (base, 0, 2, 0, TRUE));
  g_assert_true (lacuna_pyramid_get_tile (retouched, 0, 0, 0, TRUE) != lacuna_pyramid_get_tile (base, 0, 0, 0, TRUE));
}

/* Tiles kept up to date by what was damaged are those drawn anew, and no others are touched. */
static void
test_damage (gconstpointer data)
{
  int level = GPOINTER_TO_INT (data), side = LACUNA_OVERLAY_TILE << level, growth = 5 * level;
  g_autoptr (LacunaRaster) raster = lacuna_raster_new (WIDTH, HEIGHT);
  g_autoptr (LacunaOverlay) overlay = lacuna_overlay_new (raster);

  lacuna_overlay_set_growth (overlay, growth);
  for (int i = 0; i < 12; i++)
    {
      LacunaSample samples[] = { { 131 * i % WIDTH, 77 * i % HEIGHT, 9 + i }, { 400 + 71 * i % 300, 255, 9 + i } };
      g_autoptr (LacunaOverlay) anew = lacuna_overlay_new (raster);
      g_autoptr (GdkTexture) far = NULL;
      LacunaBox box;

      lacuna_overlay_set_growth (anew, growth);
      g_set_object (&far, lacuna_overlay_get_tile (overlay, level, 0, (HEIGHT - 1) / side));
      box = lacuna_stroke_draw (raster, samples, 2, i % 4 == 3);
      lacuna_overlay_damage (overlay, box);
      for (int row = 0; row * side < HEIGHT; row++)
        for (int column = 0; column * side < WIDTH; column++)
          assert_same_texture (lacuna_overlay_get_tile (overlay, level, column, row),
                               lacuna_overlay_get_tile (anew, level, column, row));
      if (box.y + box.height < (HEIGHT - 1) / side * side - growth - 2 * (1 << level))
        g_assert_true (lacuna_overlay_get_tile (overlay, level, 0, (HEIGHT - 1) / side) == far);
    }
}

/* The outline of a hole that grows is that of the hole grown, also where it grows into a tile of its own. */
static void
test_growth (void)
{
  const LacunaSample samples[] = { { 200, 150, 49.5 }, { 600, 300, 30 } };
  g_autoptr (LacunaRaster) raster = lacuna_raster_new (WIDTH, HEIGHT), grown = lacuna_raster_new (WIDTH, HEIGHT);
  g_autoptr (LacunaOverlay) overlay = lacuna_overlay_new (raster), expected = lacuna_overlay_new (grown);
  g_autoptr (LacunaMask) mask = NULL, grown_mask = NULL;
  g_autoptr (LacunaDelta) delta = NULL;

  lacuna_stroke_draw (raster, samples, 2, FALSE);
  mask = lacuna_raster_to_mask (raster);
  grown_mask = lacuna_mask_grow (mask, 12);
  delta = lacuna_raster_compare (grown, grown_mask, 0, 0);
  lacuna_raster_apply (grown, delta);
  lacuna_overlay_set_style (overlay, LACUNA_OVERLAY_OUTLINE);
  lacuna_overlay_set_style (expected, LACUNA_OVERLAY_OUTLINE);
  lacuna_overlay_set_growth (overlay, 12);
  for (int row = 0; row * LACUNA_OVERLAY_TILE < HEIGHT; row++)
    for (int column = 0; column * LACUNA_OVERLAY_TILE < WIDTH; column++)
      if (lacuna_overlay_get_tile (expected, 0, column, row) != NULL)
        assert_same_texture (lacuna_overlay_get_tile (overlay, 0, column, row),
                             lacuna_overlay_get_tile (expected, 0, column, row));
}

/* What the canvas draws, 4 bytes a pixel, blue first. */
static cairo_surface_t *
draw (GtkWidget *canvas)
{
  g_autoptr (GdkPaintable) paintable = gtk_widget_paintable_new (canvas);
  g_autoptr (GtkSnapshot) snapshot = gtk_snapshot_new ();
  g_autoptr (GskRenderNode) node = NULL;
  int width = gtk_widget_get_width (canvas), height = gtk_widget_get_height (canvas);
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, width, height);
  cairo_t *cr = cairo_create (surface);

  gdk_paintable_snapshot (paintable, snapshot, width, height);
  node = gtk_snapshot_to_node (snapshot);
  gsk_render_node_draw (node, cr);
  cairo_destroy (cr);
  cairo_surface_flush (surface);
  return surface;
}

static void
assert_pixel (cairo_surface_t *surface, double x, double y, const guint8 rgb[3], int tolerance)
{
  const guint8 *pixel = cairo_image_surface_get_data (surface)
                        + (int) floor (y) * cairo_image_surface_get_stride (surface) + (int) floor (x) * 4;

  for (int band = 0; band < 3; band++)
    g_assert_cmpint (ABS (pixel[2 - band] - rgb[band]), <=, tolerance);
}

static gboolean
on_timeout (gpointer data)
{
  *(gboolean *) data = TRUE;
  return G_SOURCE_REMOVE;
}

static void
wait_a_frame (void)
{
  gboolean over = FALSE;

  g_timeout_add (100, on_timeout, &over);
  while (!over)
    g_main_context_iteration (NULL, TRUE);
}

/* Blocks of 64 pixels: their middle is far from what any filter mixes. */
static double
blocks (int x, int y, int channel)
{
  return 40 + (x / 64 * 37 + y / 64 * 71 + channel * 53) % 180;
}

static void
test_drawn (void)
{
  g_autoptr (LacunaPhoto) blocky = picture_make (WIDTH, HEIGHT, 8, blocks);
  g_autoptr (LacunaPyramid) pyramid = lacuna_pyramid_new (blocky);
  g_autoptr (LacunaViewport) viewport = lacuna_viewport_new ();
  g_autoptr (LacunaRaster) raster = lacuna_raster_new (WIDTH, HEIGHT);
  g_autoptr (LacunaOverlay) overlay = lacuna_overlay_new (raster);
  const LacunaSample corners[] = { { 640, 384, 0 }, { 704, 384, 0 }, { 704, 448, 0 }, { 640, 448, 0 } };
  GtkWidget *window = gtk_window_new (), *canvas = lacuna_canvas_new (viewport, "");

  lacuna_viewport_set_photo (viewport, WIDTH, HEIGHT);
  gtk_window_set_child (GTK_WINDOW (window), canvas);
  gtk_window_set_default_size (GTK_WINDOW (window), 500, 400);
  gtk_window_present (GTK_WINDOW (window));
  lacuna_canvas_set_picture (LACUNA_CANVAS (canvas), pyramid);
  lacuna_canvas_set_overlay (LACUNA_CANVAS (canvas), overlay);
  lacuna_stroke_fill_polygon (raster, corners, 4, FALSE);
  wait_a_frame ();
  for (guint i = 0; i < G_N_ELEMENTS (zooms); i++)
    {
      cairo_surface_t *surface;
      double x, y;

      lacuna_viewport_fit (viewport);
      lacuna_viewport_set_zoom (viewport, zooms[i]);
      wait_a_frame ();
      surface = draw (canvas);
      for (int block = -1; block <= 1; block++)
        {
          /* The block in the photo's middle is marked; its neighbours are as they are. */
          int photo_x = 672 + 64 * block, photo_y = 416;
          guint8 rgb[3];

          for (int band = 0; band < 3; band++)
            rgb[band] = blocks (photo_x, photo_y, band);
          if (block == 0)
            for (int band = 0; band < 3; band++)
              rgb[band] = rgb[band] + ((const guint8[]){ 0xf0, 0x28, 0xa0 }[band] - rgb[band]) * 105.0 / 255;
          lacuna_viewport_to_pane (viewport, photo_x, photo_y, &x, &y);
          if (x > 1 && x < gtk_widget_get_width (canvas) - 1)
            assert_pixel (surface, x, y, rgb, 3);
        }
      cairo_surface_destroy (surface);
    }
  lacuna_canvas_set_overlay (LACUNA_CANVAS (canvas), NULL);
  gtk_window_destroy (GTK_WINDOW (window));
}

static void
on_result (GObject *source, GAsyncResult *result, gpointer data)
{
  GAsyncResult **ret_result = data;

  *ret_result = g_object_ref (result);
}

static LacunaDocument *
open_document (void)
{
  g_autofree char *path = g_build_filename (g_get_tmp_dir (), "lacuna-canvas.png", NULL);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  LacunaDocument *document;

  g_assert_true (lacuna_photo_save (photo, path, NULL, NULL));
  lacuna_document_open_async (path, NULL, on_result, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  document = lacuna_document_open_finish (result, &error);
  g_assert_no_error (error);
  g_unlink (path);
  return document;
}

/* A zigzag of real pointer events, as fast as the server takes them: a drag's commands, and its points in the photo. */
static char *
make_zigzag (LacunaViewport *viewport, LacunaSample *samples, guint n)
{
  GString *commands = g_string_new (NULL);

  for (guint i = 0; i < n; i++)
    {
      int x = 40 + ABS ((int) (i * 13 % 800) - 400), y = 20 + i * 340 / n + i % 3 * 5;

      g_string_append_printf (commands, "mousemove %d %d\n%s", x, y, i == 0 ? "mousedown 1\n" : "");
      lacuna_viewport_to_photo (viewport, x, y, &samples[i].x, &samples[i].y);
      samples[i].radius = 3.5;
    }
  g_string_append (commands, "mouseup 1\n");
  return g_string_free (commands, FALSE);
}

static void
on_marked (LacunaPainter *painter, gboolean *marked)
{
  *marked = TRUE;
}

static void
drag (const char *commands, gboolean *marked)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocess) xdotool = g_subprocess_new (G_SUBPROCESS_FLAGS_STDIN_PIPE, &error, "xdotool", "-", NULL);
  GOutputStream *input;

  g_assert_no_error (error);
  input = g_subprocess_get_stdin_pipe (xdotool);
  g_output_stream_write_all (input, commands, strlen (commands), NULL, NULL, &error);
  g_assert_no_error (error);
  g_output_stream_close (input, NULL, NULL);
  while (!*marked)
    g_main_context_iteration (NULL, TRUE);
}

/* No sample is lost between the pointer and the mask. */
static void
test_zigzag (void)
{
  g_autoptr (LacunaDocument) document = open_document ();
  g_autoptr (LacunaViewport) viewport = lacuna_viewport_new ();
  g_autoptr (LacunaRaster) direct = lacuna_raster_new (WIDTH, HEIGHT);
  g_autoptr (LacunaPainter) painter = NULL;
  GtkWidget *window = gtk_window_new (), *canvas = lacuna_canvas_new (viewport, "");
  LacunaRaster *raster = lacuna_document_get_raster (document);
  g_autofree LacunaSample *samples = g_new (LacunaSample, 2000);
  g_autofree char *commands = NULL;
  gboolean marked = FALSE;

  painter = lacuna_painter_new (LACUNA_CANVAS (canvas));
  lacuna_painter_set_document (painter, document);
  lacuna_painter_set_radius (painter, 3.5);
  g_signal_connect (painter, "marked", G_CALLBACK (on_marked), &marked);
  lacuna_viewport_set_photo (viewport, WIDTH, HEIGHT);
  gtk_window_set_decorated (GTK_WINDOW (window), FALSE);
  gtk_window_set_child (GTK_WINDOW (window), canvas);
  gtk_window_set_default_size (GTK_WINDOW (window), 500, 400);
  gtk_window_present (GTK_WINDOW (window));
  wait_a_frame ();
  commands = make_zigzag (viewport, samples, 2000);
  drag (commands, &marked);
  lacuna_stroke_draw (direct, samples, 2000, FALSE);
  g_assert_cmpmem (lacuna_raster_get_pixels (raster), HEIGHT * lacuna_raster_get_stride (raster),
                   lacuna_raster_get_pixels (direct), HEIGHT * lacuna_raster_get_stride (direct));
  lacuna_document_close_async (document, NULL, NULL);
  gtk_window_destroy (GTK_WINDOW (window));
}

/* A region of 5×4 cells of 16 pixels, whose eighth attends to the last alone, that fills all of a hole by that share. */
static LacunaRegion *
make_region (LacunaBox hole, guint8 share)
{
  LacunaRegion *region = lacuna_region_new ((LacunaBox){ 100, 60, 80, 64 }, 1, hole);

  memset (region->mask, share, (gsize) hole.width * hole.height);
  region->scores = g_new0 (float, 20 * 20);
  region->scores[7 * 20 + 19] = 1;
  region->index = g_new0 (gint32, 20);
  region->input = g_new0 (float, LACUNA_N_PLANES *(gsize) region->width * region->height);
  return region;
}

/* Has the explanation explain regions, which are taken, and asks about the pixel at 139, 81. */
static void
ask (LacunaExplanation *explanation, LacunaRegion *first, LacunaRegion *second)
{
  GPtrArray *regions = g_ptr_array_new_with_free_func ((GDestroyNotify) lacuna_region_unref);
  g_autoptr (LacunaFill) fill = NULL;

  g_ptr_array_add (regions, first);
  if (second != NULL)
    g_ptr_array_add (regions, second);
  fill = lacuna_fill_new (regions, "model", "device");
  lacuna_explanation_set_fill (explanation, fill, NULL, NULL);
  g_assert_true (lacuna_explanation_ask (explanation, (LacunaBox){ 139, 81, 1, 1 }));
}

static void
assert_place (LacunaExplanation *explanation, guint number, const char *expected)
{
  g_autofree char *text = lacuna_copy_text_describe (lacuna_explanation_get_place (explanation, number), "; ");

  g_assert_cmpstr (text, ==, expected);
}

/* Half of a pixel is a copy that was changed, and half the network's own, over which the copy was pasted. */
static void
test_copies (void)
{
  const LacunaBox large = { 135, 78, 20, 26 }, small = { 138, 80, 4, 4 };
  g_autoptr (LacunaExplanation) explanation = lacuna_explanation_new ();
  LacunaRegion *pasted = make_region (small, 128);
  LacunaBox chosen;
  guint n;

  pasted->offsets = g_new (gint16, 2 * 16);
  pasted->transforms = g_malloc (16);
  for (guint i = 0; i < 16; i++)
    {
      pasted->offsets[i] = -30;
      pasted->offsets[16 + i] = 40;
      pasted->transforms[i] = LACUNA_TRANSFORMED_MIRRORED | LACUNA_TRANSFORMED_TURN | LACUNA_TRANSFORMED_SMALLER;
    }
  ask (explanation, make_region (large, 255), pasted);
  lacuna_explanation_get_copies (explanation, &n);
  g_assert_cmpuint (n, ==, 2);
  assert_place (explanation, 0, "50 % copied from around 109, 121; Mirrored; Turned right by 90°; Made smaller");
  assert_place (explanation, 1, "50 % made up by the network");
  chosen = lacuna_explanation_choose (explanation, -1);
  g_assert_cmpint (chosen.x + chosen.width / 2, ==, 109);
  g_assert_cmpint (lacuna_explanation_find_source (explanation, 109, 121).x, ==, chosen.x);
  g_assert_cmpint (lacuna_explanation_choose (explanation, 1).width, ==, 0);

  ask (explanation, make_region (large, 255), NULL);
  assert_place (explanation, 0, "Made up by the network");
  /* What the network looked at is left to act on. */
  g_assert_cmpint (lacuna_explanation_choose (explanation, -1).x, ==, 100 + 4 * 16 - 8);
  lacuna_explanation_set_mode (explanation, LACUNA_ATTENTION_STEPS);
  g_assert_null (lacuna_explanation_get_place (explanation, 0));
}

/* The boxes of a fill count by what was filled of them. */
static void
test_report (void)
{
  g_autoptr (GVariant) report = g_variant_ref_sink (g_variant_new_parsed (
      "[{'pixels': <uint64 300>, 'copied': <1.0>, 'invented': <0.0>, 'distance': <{'mean': <20.0>}>, 'misfit': <{'mean': "
      "<4.0>}>}, {'pixels': <uint64 100>, 'copied': <0.0>, 'invented': <1.0>}]"));
  g_autofree char *text = lacuna_copy_text_sum_up (report);

  g_assert_cmpstr (
      text, ==,
      "75 % of it is copied from the photo, and 25 % made up by the network. What was copied lies 20 pixels "
      "away on average. The surroundings there and here differ by 4.0 of 255 levels on average: the less, "
      "the better it fits.");
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  gtk_init ();
  photo = picture_make (WIDTH, HEIGHT, 8, picture_waves);
  g_test_add_func ("/canvas/viewport", test_viewport);
  g_test_add_func ("/canvas/halving", test_halving);
  g_test_add_func ("/canvas/retouched", test_retouched);
  g_test_add_data_func ("/canvas/damage/0", GINT_TO_POINTER (0), test_damage);
  g_test_add_data_func ("/canvas/damage/1", GINT_TO_POINTER (1), test_damage);
  g_test_add_data_func ("/canvas/damage/2", GINT_TO_POINTER (2), test_damage);
  g_test_add_func ("/canvas/growth", test_growth);
  g_test_add_func ("/canvas/drawn", test_drawn);
  g_test_add_func ("/canvas/zigzag", test_zigzag);
  g_test_add_func ("/canvas/copies", test_copies);
  g_test_add_func ("/canvas/report", test_report);
  status = g_test_run ();
  g_object_unref (photo);
  return status;
}
