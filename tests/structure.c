/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tests the structures that a fill carries through its hole: lines that are drawn, edges that are found, what remains of a
 * thing. The oracle is the whole picture: how far the edge of the filled one lies from it. */
#include "engine/fill/region-private.h"

#include "tests/scene.h"

static double
get_hill (double x)
{
  return 190.0 + 0.0011 * (x - WIDTH / 2) * (x - WIDTH / 2);
}

static double
picture_hill (int x, int y, int channel)
{
  return scene_ground (get_hill, x, y, channel);
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
      = scene_fill (engine, picture, gap, (LacunaFillOptions){ .lines = lines }, NULL, NULL, &error);
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
  } cases[] = { { scene_picture_slope, scene_slope }, { picture_hill, get_hill } };

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
  double deviation = try_line (scene_picture_slope, scene_slope, get_level, &n_found);

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
  g_autoptr (LacunaFill) filled = scene_fill (engine, picture, box, (LacunaFillOptions){ NULL }, NULL, NULL, &error);
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

  return is_in (thing, x, y) ? red[channel] + (x * 31 + y * 17) % 7 : scene_ground (scene_slope, x, y, channel);
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

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/structure/lines", test_lines);
  g_test_add_func ("/structure/other-line", test_other_line);
  g_test_add_func ("/structure/pole", test_pole);
  g_test_add_func ("/structure/wires", test_wires);
  g_test_add_func ("/structure/remains", test_remains);
  g_test_add_func ("/structure/faint-remains", test_faint_remains);
  return g_test_run ();
}
