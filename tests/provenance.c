/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tests where each filled pixel is said to come from. The oracle is the sum: the shares of a pixel are together 1,
 * and its sources, weighed by them, with the correction make the pixel. */
#include "engine/fill/region-private.h"
#include "engine/lacuna.h"

#include "tests/picture.h"

#define WIDTH 2600
#define HEIGHT 180

/* A wire, which takes a chain of windows that overlap, and something compact. */
static LacunaMask *
make_mask (void)
{
  static const LacunaBox holes[] = { { 60, 80, 2480, 10 }, { 1200, 20, 30, 24 } };
  g_autofree guint8 *pixels = g_malloc0 (WIDTH * HEIGHT);

  for (guint i = 0; i < G_N_ELEMENTS (holes); i++)
    for (int y = holes[i].y; y < holes[i].y + holes[i].height; y++)
      memset (pixels + y * WIDTH + holes[i].x, 255, holes[i].width);
  return lacuna_mask_new (WIDTH, HEIGHT, pixels);
}

static LacunaFill *
fill (LacunaPhoto *photo, LacunaMask *mask, gboolean without_detail)
{
  g_autoptr (LacunaEngine) engine = lacuna_engine_new (NULL, 0);
  g_autofree char *model = g_test_build_filename (G_TEST_DIST, "golden", "generator_tiny_oihw.safetensors", NULL);
  LacunaFillOptions options = { .model = model, .without_detail = without_detail };
  g_autoptr (GError) error = NULL;
  LacunaFill *filled = lacuna_engine_fill (engine, photo, mask, &options, NULL, NULL, NULL, &error);

  g_assert_no_error (error);
  return filled;
}

static LacunaProvenance *
trace (LacunaFill *filled, LacunaPhoto *photo, LacunaBox box)
{
  g_autoptr (GError) error = NULL;
  LacunaProvenance *provenance = lacuna_provenance_new (filled, photo, &box, &error);

  g_assert_no_error (error);
  return provenance;
}

static GBytes *
get (LacunaProvenance *provenance, LacunaProvenanceArray array, gconstpointer *ret_data)
{
  GBytes *bytes = lacuna_provenance_dup_array (provenance, array);

  g_assert_nonnull (bytes);
  *ret_data = g_bytes_get_data (bytes, NULL);
  return bytes;
}

/* The arrays of all of a photo. */
typedef struct {
  guint         n_sources;
  const gint16 *offsets;
  const float  *weights, *invented, *correction, *trust;
  GBytes       *bytes[5];
} Arrays;

static Arrays
get_arrays (LacunaProvenance *provenance)
{
  Arrays self = { .n_sources = lacuna_provenance_get_n_sources (provenance) };
  gconstpointer *data[] = { (gconstpointer *) &self.offsets, (gconstpointer *) &self.weights,
                            (gconstpointer *) &self.invented, (gconstpointer *) &self.correction,
                            (gconstpointer *) &self.trust };

  for (guint i = 0; i < G_N_ELEMENTS (data); i++)
    self.bytes[i] = get (provenance, i, data[i]);
  return self;
}

static void
arrays_clear (Arrays *self)
{
  for (guint i = 0; i < G_N_ELEMENTS (self->bytes); i++)
    g_bytes_unref (self->bytes[i]);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Arrays, arrays_clear)

/* A sample put together again from where it comes from; its sources are known. */
static double
assemble (const Arrays *self, LacunaPhoto *photo, LacunaMask *mask, gsize i, int c)
{
  const gsize n = WIDTH * HEIGHT;
  const guint8 *pixels = lacuna_photo_get_pixels (photo);
  double value = self->correction[c * n + i];

  for (guint k = 0; k < self->n_sources; k++)
    if (self->weights[k * n + i] > 0.0f)
      {
        gsize from = i + self->offsets[2 * k * n + i] + (gssize) self->offsets[(2 * k + 1) * n + i] * WIDTH;

        g_assert_cmpuint (from, <, n);
        g_assert_cmpuint (lacuna_mask_get_pixels (mask)[from], ==, 0);
        value += self->weights[k * n + i] * (pixels[3 * from + c] / 127.5 - 1.0);
      }
  return (value + 1.0) * 127.5;
}

static double
add_up (const Arrays *self, gsize i, guint *ret_n)
{
  double sum = self->invented[i];

  *ret_n = 0;
  for (guint k = 0; k < self->n_sources; k++)
    {
      sum += self->weights[k * WIDTH * HEIGHT + i];
      *ret_n += self->weights[k * WIDTH * HEIGHT + i] > 0.0f;
    }
  return sum;
}

/* All shares of a filled pixel are 1, and make the pixel with its correction; of others there are none. */
static void
check (const Arrays *self, LacunaPhoto *photo, LacunaPhoto *filled, LacunaMask *mask, gboolean invented)
{
  const guint8 *after = lacuna_photo_get_pixels (filled);
  guint n_mixed = 0;

  for (gsize i = 0; i < WIDTH * HEIGHT; i++)
    {
      guint n;
      double sum = add_up (self, i, &n);

      if (lacuna_mask_get_pixels (mask)[i] == 0)
        {
          g_assert_cmpfloat (sum, ==, 0.0);
          g_assert_cmpfloat (self->trust[i], ==, 0.0);
          continue;
        }
      n_mixed += n > 1;
      g_assert_cmpfloat_with_epsilon (sum, 1.0, 1e-3);
      g_assert_cmpfloat_with_epsilon (self->invented[i], invented ? 1.0 : 0.0, 1e-3);
      g_assert_cmpfloat (self->trust[i], >, 0.0);
      g_assert_cmpfloat (self->trust[i], <=, 1.0);
      for (int c = 0; c < 3; c++)
        g_assert_cmpfloat_with_epsilon (assemble (self, photo, mask, i, c), after[3 * i + c], 1.0);
    }
  g_test_message ("%u pixels have several sources", n_mixed);
  g_assert_true (invented || n_mixed > 100);
}

static void
test_sums (gconstpointer without_detail)
{
  const LacunaBox all = { 0, 0, WIDTH, HEIGHT };
  g_autoptr (LacunaPhoto) photo = picture_make (WIDTH, HEIGHT, 8, picture_waves);
  g_autoptr (LacunaMask) mask = make_mask ();
  g_autoptr (LacunaFill) filled = fill (photo, mask, without_detail != NULL);
  g_autoptr (LacunaPhoto) after = lacuna_fill_apply (filled, photo, LACUNA_STAGE_DETAIL, NULL);
  g_autoptr (LacunaProvenance) provenance = trace (filled, photo, all);
  g_auto (Arrays) arrays = get_arrays (provenance);

  g_assert_cmpuint (lacuna_fill_get_n_regions (filled), >, 2);
  check (&arrays, photo, after, mask, without_detail != NULL);
}

/* Without the photo a pixel is told to be from the same place, and no more. */
static void
check_place (LacunaProvenance *place, const Arrays *own)
{
  gconstpointer offsets, weights, invented;
  g_autoptr (GBytes) offset_bytes = get (place, LACUNA_PROVENANCE_OFFSETS, &offsets);
  g_autoptr (GBytes) weight_bytes = get (place, LACUNA_PROVENANCE_WEIGHTS, &weights);
  g_autoptr (GBytes) invented_bytes = get (place, LACUNA_PROVENANCE_INVENTED, &invented);

  g_assert_cmpmem (offsets, g_bytes_get_size (offset_bytes), own->offsets, 2 * own->n_sources * sizeof (gint16));
  g_assert_cmpmem (weights, g_bytes_get_size (weight_bytes), own->weights, own->n_sources * sizeof (float));
  g_assert_cmpfloat (*(const float *) invented, ==, own->invented[0]);
  g_assert_null (lacuna_provenance_dup_array (place, LACUNA_PROVENANCE_CORRECTION));
  g_assert_null (lacuna_provenance_dup_array (place, LACUNA_PROVENANCE_TRUST));
}

/* One pixel alone is told the same of, and what is asked for has to be there. */
static void
test_pixel (void)
{
  const LacunaBox strip = { 1200, 20, 30, 24 }, pixel = { 1211, 33, 1, 1 }, outside = { 0, HEIGHT - 1, 1, 2 };
  g_autoptr (LacunaPhoto) photo = picture_make (WIDTH, HEIGHT, 8, picture_waves);
  g_autoptr (LacunaMask) mask = make_mask ();
  g_autoptr (LacunaFill) filled = fill (photo, mask, FALSE);
  g_autoptr (LacunaProvenance) many = trace (filled, photo, strip), one = trace (filled, photo, pixel);
  g_autoptr (LacunaProvenance) place = trace (filled, NULL, pixel);
  g_autoptr (GVariant) report = lacuna_provenance_describe (many);
  g_auto (Arrays) all = get_arrays (many), own = get_arrays (one);
  g_autoptr (GError) error = NULL;
  gsize i = 13 * 30 + 11;
  guint64 n_pixels;
  double copied, invented;

  g_assert_cmpint (own.offsets[0], ==, all.offsets[i]);
  g_assert_cmpint (own.offsets[1], ==, all.offsets[30 * 24 + i]);
  check_place (place, &own);
  g_assert_cmpfloat (own.correction[2], ==, all.correction[2 * 30 * 24 + i]);
  g_assert_cmpfloat (own.trust[0], ==, all.trust[i]);
  g_assert_true (g_variant_lookup (report, "pixels", "t", &n_pixels));
  g_assert_true (g_variant_lookup (report, "copied", "d", &copied));
  g_assert_true (g_variant_lookup (report, "invented", "d", &invented));
  g_assert_cmpuint (n_pixels, ==, 30 * 24);
  g_assert_cmpfloat (copied, ==, 1.0);
  g_assert_cmpfloat (invented, ==, 0.0);
  g_assert_null (lacuna_provenance_new (filled, photo, &outside, &error));
  g_assert_error (error, LACUNA_ERROR, LACUNA_ERROR_UNFIT);
}

/* What fits worse is trusted less. */
static void
test_trust (void)
{
  g_autoptr (LacunaPhoto) photo = picture_make (WIDTH, HEIGHT, 8, picture_waves);
  g_autoptr (LacunaMask) mask = make_mask ();
  g_autoptr (LacunaFill) filled = fill (photo, mask, FALSE);
  LacunaRegion *region = lacuna_fill_get_region (filled, 0);
  gsize n = (gsize) region->hole.width * region->hole.height, half = n / 2;
  g_autofree float *before = lacuna_explain_trust (region, photo), *after = NULL;

  for (gsize i = 0; i < half; i++)
    region->fit[i] = 2 * region->fit[i] + 1;
  after = lacuna_explain_trust (region, photo);
  for (gsize i = 0; i < n; i++)
    if (region->mask[i] != 0)
      g_assert_true (i < half ? after[i] < before[i] : after[i] == before[i]);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/provenance/detail", NULL, test_sums);
  g_test_add_data_func ("/provenance/network", "without detail", test_sums);
  g_test_add_func ("/provenance/pixel", test_pixel);
  g_test_add_func ("/provenance/trust", test_trust);
  return g_test_run ();
}
