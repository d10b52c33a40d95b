/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tests contextual attention and its gradients. The oracle is the golden tensors of tests/golden/README.md; runs in
 * tiles or for an area alone are compared with the whole, and what a run takes in memory with its plan. */
#include "engine/ops/attention.h"

#include "engine/ops/attention-backward.h"

#include "engine/weights/weights.h"
#include "tests/context.h"
#include "tests/golden.h"

typedef struct {
  float *y;      /* n×channels×h×w */
  float *scores; /* n×positions×positions */
  gint32 *index; /* n×positions */
} Result;

static void
result_clear (Result *self)
{
  g_free (self->y);
  g_free (self->scores);
  g_free (self->index);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Result, result_clear)

/* y is written into the upper half of a tensor of twice the channels, and the lower half must stay as it was. */
static Result
attend_area (LacunaContext *context, LacunaShape shape, const float *f, const float *b, const float *mask,
             LacunaArea area, guint64 memory_limit)
{
  const guint positions = shape.height / 2 * (shape.width / 2);
  const LacunaShape wide_shape = { shape.n, 2 * shape.channels, shape.height, shape.width };
  const LacunaShape scores_shape = { shape.n, 1, positions, positions };
  const gsize n_index = (gsize) shape.n * positions * sizeof (gint32);
  g_autofree float *zeros = g_new0 (float, lacuna_shape_get_elements (wide_shape));
  g_autofree float *lower_values = g_new (float, lacuna_shape_get_elements (shape));
  g_autoptr (GError) error = NULL;
  g_autoptr (LacunaPool) pool = lacuna_pool_new (context);
  g_autoptr (LacunaAttention) attention = lacuna_attention_new (context, shape.channels, &error);
  g_autoptr (LacunaTensor) f_tensor = context_make_tensor (context, shape, f);
  g_autoptr (LacunaTensor) b_tensor = context_make_tensor (context, shape, b);
  g_autoptr (LacunaTensor) wide = context_make_tensor (context, wide_shape, zeros);
  g_autoptr (LacunaTensor) lower = lacuna_tensor_slice (wide, 0, shape.channels);
  g_autoptr (LacunaTensor) y = lacuna_tensor_slice (wide, shape.channels, shape.channels);
  g_autoptr (LacunaTensor) scores = context_make_tensor (context, scores_shape, NULL);
  g_autoptr (LacunaBuffer) index = lacuna_buffer_new (context, n_index, NULL);
  Result result = { g_new (float, lacuna_shape_get_elements (shape)),
                    g_new (float, lacuna_shape_get_elements (scores_shape)), g_malloc (n_index) };

  g_assert_no_error (error);
  lacuna_attention_forward (attention, pool, memory_limit, f_tensor, b_tensor, mask, NULL, y, area, scores, index,
                            &error);
  g_assert_no_error (error);
  g_assert_true (lacuna_tensor_read (y, result.y, NULL));
  g_assert_true (lacuna_tensor_read (lower, lower_values, NULL));
  g_assert_true (lacuna_tensor_read (scores, result.scores, NULL));
  g_assert_true (lacuna_buffer_read (index, 0, result.index, n_index, NULL));
  g_assert_cmpmem (lower_values, lacuna_shape_get_elements (shape) * sizeof (float), zeros,
                   lacuna_shape_get_elements (shape) * sizeof (float));
  return result;
}

static Result
attend (LacunaContext *context, LacunaShape shape, const float *f, const float *b, const float *mask,
        guint64 memory_limit)
{
  return attend_area (context, shape, f, b, mask, lacuna_area_of (shape), memory_limit);
}

/* For every pixel the values of every key's patch are added up. */
static gboolean
is_too_slow (LacunaShape shape)
{
  const guint64 n_keys = lacuna_shape_get_pixels (shape) / shape.n / 4;

  return context_is_too_slow (4 * 4 * n_keys * n_keys * shape.n * shape.channels);
}

static const struct {
  const char *file, *prefix;
} cases[] = {
  { "attention_24x40x8", "" },     { "attention_32x32x16", "" },        { "attention_edge", "no_hole." },
  { "attention_edge", "no_key." }, { "attention_edge", "zero_patch." }, { "attention_10x12x8", "" },
};

static float *
read_part (LacunaWeights *golden, const char *prefix, const char *part, LacunaShape *ret_shape)
{
  g_autofree char *name = g_strconcat (prefix, part, NULL);
  const LacunaWeightsEntry *entry;
  float *values = golden_read (golden, name, &entry);

  if (ret_shape != NULL)
    *ret_shape = (LacunaShape){ entry->dims[0], entry->dims[1], entry->dims[2], entry->dims[3] };
  return values;
}

/* One for all images of a batch there, and one for each here. */
static float *
read_mask (LacunaWeights *golden, const char *prefix, LacunaShape shape)
{
  const gsize n_pixels = (gsize) shape.height * shape.width;
  g_autofree float *mask = read_part (golden, prefix, "mask", NULL);
  float *masks = g_new (float, shape.n *n_pixels);

  for (guint image = 0; image < shape.n; image++)
    memcpy (masks + image * n_pixels, mask, n_pixels * sizeof (float));
  return masks;
}

/* Once with memory for all, then a row of the grid at a time. */
static void
test_golden (gconstpointer tuning)
{
  static const guint64 limits[] = { G_MAXUINT64, 1 };
  g_autoptr (LacunaContext) context = context_open_tuned (tuning);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (LacunaWeights) golden = golden_load (cases[i].file);
      LacunaShape shape;
      g_autofree float *f = read_part (golden, cases[i].prefix, "f", &shape);
      g_autofree float *b = read_part (golden, cases[i].prefix, "b", NULL);
      g_autofree float *mask = read_mask (golden, cases[i].prefix, shape);
      g_autofree float *y = read_part (golden, cases[i].prefix, "y", NULL);
      g_autofree float *scores = read_part (golden, cases[i].prefix, "a", NULL);
      g_autofree char *index_name = g_strconcat (cases[i].prefix, "index", NULL);
      gsize n_index = 0;
      g_autofree gint32 *index = lacuna_weights_read_int (golden, index_name, &n_index, NULL);
      gsize n_positions = lacuna_shape_get_pixels (shape) / 4;

      if (is_too_slow (shape))
        continue;
      for (guint j = 0; j < G_N_ELEMENTS (limits); j++)
        {
          g_auto (Result) got = attend (context, shape, f, b, mask, limits[j]);

          golden_assert_close ("y", got.y, y, lacuna_shape_get_elements (shape), 1e-5);
          golden_assert_close ("a", got.scores, scores, n_positions * n_positions / shape.n, 5e-6);
          g_assert_cmpmem (got.index, n_positions * sizeof (gint32), index, n_index * sizeof (gint32));
        }
    }
}

static float *
make_noise (guint32 seed, gsize n, float size)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (seed);
  float *values = g_new (float, n);

  for (gsize i = 0; i < n; i++)
    values[i] = size * (float) g_rand_double_range (random, -1.0, 1.0);
  return values;
}

/* Tiles of several sizes agree with the whole, for shapes that no vector divides. */
static void
test_tiles (gconstpointer tuning)
{
  static const LacunaShape shapes[]
      = { { 1, 4, 2, 2 }, { 1, 4, 2, 26 }, { 1, 4, 26, 2 }, { 1, 33, 16, 10 }, { 2, 8, 38, 14 } };
  g_autoptr (LacunaContext) context = context_open_tuned (tuning);

  for (guint i = 0; i < G_N_ELEMENTS (shapes); i++)
    {
      const LacunaShape shape = shapes[i];
      const gsize n = lacuna_shape_get_elements (shape), n_pixels = (gsize) shape.height * shape.width;
      const gsize n_positions = n_pixels / 4;
      g_autofree float *f = make_noise (i, n, 0.1f), *b = make_noise (i + 100, n, 1.0f);
      g_autofree float *mask = g_new0 (float, shape.n *n_pixels);
      g_auto (Result) whole = { 0 };

      if (is_too_slow (shape))
        continue;
      for (guint image = 0; image < shape.n; image++)
        mask[image * n_pixels + (1 + image) * n_pixels / 3] = 1.0f;
      whole = attend (context, shape, f, b, mask, G_MAXUINT64);
      for (guint64 limit = 1; limit < 4000000; limit = limit * 8 + 100000)
        {
          g_auto (Result) tiled = attend (context, shape, f, b, mask, limit);

          golden_assert_close ("y", tiled.y, whole.y, n, 1e-6);
          golden_assert_close ("a", tiled.scores, whole.scores, shape.n * n_positions * n_positions, 1e-6);
          g_assert_cmpmem (tiled.index, shape.n * n_positions * sizeof (gint32), whole.index,
                           shape.n * n_positions * sizeof (gint32));
        }
    }
}

/* An area of y, and the scores and keys of its own positions, agree with the whole; in the middle and at every edge. */
static void
test_areas (gconstpointer tuning)
{
  static const LacunaArea areas[]
      = { { 6, 8, 4, 3 }, { 0, 0, 2, 2 }, { 22, 18, 2, 2 }, { 9, 0, 4, 20 }, { 0, 7, 24, 3 } };
  const LacunaShape shape = { 1, 8, 24, 20 };
  const guint n_positions = 12 * 10;
  const gsize n = lacuna_shape_get_elements (shape);
  g_autoptr (LacunaContext) context = context_open_tuned (tuning);
  g_autofree float *f = make_noise (1, n, 0.1f), *b = make_noise (2, n, 1.0f);
  g_autofree float *mask = g_new0 (float, 24 * 20);
  g_auto (Result) whole = { 0 };

  mask[11 * 20 + 14] = 1.0f;
  whole = attend (context, shape, f, b, mask, G_MAXUINT64);
  for (guint i = 0; i < 2 * G_N_ELEMENTS (areas); i++)
    {
      const LacunaArea area = areas[i / 2];
      g_auto (Result) part = attend_area (context, shape, f, b, mask, area, i % 2 == 0 ? G_MAXUINT64 : 1);

      for (guint c = 0; c < shape.channels; c++)
        for (guint y = area.y; y < area.y + area.height; y++)
          {
            gsize at = ((gsize) c * shape.height + y) * shape.width + area.x;

            golden_assert_close ("y", part.y + at, whole.y + at, area.width, 1e-6);
          }
      for (guint y = area.y / 2; y < (area.y + area.height + 1) / 2; y++)
        for (guint x = area.x / 2; x < (area.x + area.width + 1) / 2; x++)
          {
            gsize query = y * 10 + x;

            golden_assert_close ("a", part.scores + query * n_positions, whole.scores + query * n_positions,
                                 n_positions, 1e-6);
            g_assert_cmpint (part.index[query], ==, whole.index[query]);
          }
    }
}

/* A plan counts what a run takes, and a run stays under its limit. */
static void
test_memory (void)
{
  const LacunaShape shape = { 1, 8, 64, 64 };
  const guint64 limit = 8000000;
  g_autoptr (GError) error = NULL;
  g_autoptr (LacunaContext) context = context_open ();
  g_autoptr (LacunaPool) planning = lacuna_pool_new_planning ();
  g_autoptr (LacunaPool) pool = lacuna_pool_new (context);
  g_autoptr (LacunaAttention) attention = lacuna_attention_new (context, shape.channels, &error);
  g_autofree float *values = make_noise (1, lacuna_shape_get_elements (shape), 0.1f);
  g_autofree float *mask = g_new0 (float, (gsize) shape.height *shape.width);
  g_autoptr (LacunaTensor) x = context_make_tensor (context, shape, values);
  g_autoptr (LacunaTensor) y = context_make_tensor (context, shape, NULL);

  g_assert_no_error (error);
  g_assert_true (lacuna_attention_forward (attention, planning, limit, x, x, NULL, NULL, y, lacuna_area_of (shape),
                                           NULL, NULL, &error));
  g_assert_true (lacuna_attention_forward (attention, pool, limit, x, x, mask, NULL, y, lacuna_area_of (shape), NULL,
                                           NULL, &error));
  g_assert_cmpuint (lacuna_pool_get_bytes (pool), ==, lacuna_pool_get_bytes (planning));
  g_assert_cmpuint (lacuna_pool_get_bytes (pool), <=, limit);
  g_assert_cmpuint (lacuna_pool_get_bytes (pool), >, limit / 2);
}

/* The 16,384 keys of a side of 1024 pixels, in a network of the usual width, take no more than half a GiB. */
static void
test_large (void)
{
  const LacunaShape shape = { 1, 128, 256, 256 };
  const guint64 limit = 512 << 20;
  g_autoptr (GError) error = NULL;
  g_autoptr (LacunaContext) context = context_open ();
  g_autoptr (LacunaPool) planning = lacuna_pool_new_planning ();
  g_autoptr (LacunaAttention) attention = lacuna_attention_new (context, shape.channels, &error);
  g_autoptr (LacunaTensor) x = lacuna_pool_take (planning, shape, &error);
  g_autoptr (LacunaTensor) y = lacuna_pool_take (planning, shape, &error);
  const guint64 before = lacuna_pool_get_bytes (planning);

  g_assert_no_error (error);
  g_assert_true (lacuna_attention_forward (attention, planning, limit, x, x, NULL, NULL, y, lacuna_area_of (shape),
                                           NULL, NULL, &error));
  g_assert_cmpuint (lacuna_pool_get_bytes (planning) - before, <=, limit);
}

typedef struct {
  float *gf, *gb; /* n×channels×h×w */
} Gradients;

static void
gradients_clear (Gradients *self)
{
  g_free (self->gf);
  g_free (self->gb);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Gradients, gradients_clear)

/* gb is NULL where it is added to gf. */
static Gradients
differentiate (LacunaContext *context, LacunaShape shape, const float *f, const float *b, const float *mask,
               const float *gy, gboolean together)
{
  const gsize n = lacuna_shape_get_elements (shape);
  g_autoptr (GError) error = NULL;
  g_autoptr (LacunaPool) pool = lacuna_pool_new (context);
  g_autoptr (LacunaAttentionBackward) backward = lacuna_attention_backward_new (context, shape.channels, &error);
  g_autoptr (LacunaTensor) f_tensor = context_make_tensor (context, shape, f);
  g_autoptr (LacunaTensor) b_tensor = context_make_tensor (context, shape, b);
  g_autoptr (LacunaTensor) gy_tensor = context_make_tensor (context, shape, gy);
  g_autoptr (LacunaTensor) gf = context_make_tensor (context, shape, gy), gb = context_make_tensor (context, shape, gy);
  Gradients result = { g_new (float, n), together ? NULL : g_new (float, n) };

  g_assert_no_error (error);
  lacuna_attention_backward (backward, pool, f_tensor, b_tensor, mask, gy_tensor, gf, together ? gf : gb, &error);
  g_assert_no_error (error);
  g_assert_true (lacuna_tensor_read (gf, result.gf, NULL));
  if (!together)
    g_assert_true (lacuna_tensor_read (gb, result.gb, NULL));
  return result;
}

static void
test_gradients_golden (void)
{
  g_autoptr (LacunaContext) context = context_open ();

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (LacunaWeights) golden = golden_load (cases[i].file);
      LacunaShape shape;
      g_autofree float *f = read_part (golden, cases[i].prefix, "f", &shape);
      g_autofree float *b = read_part (golden, cases[i].prefix, "b", NULL);
      g_autofree float *mask = read_mask (golden, cases[i].prefix, shape);
      g_autofree float *gy = read_part (golden, cases[i].prefix, "gy", NULL);
      g_autofree float *gf = read_part (golden, cases[i].prefix, "gf", NULL);
      g_autofree float *gb = read_part (golden, cases[i].prefix, "gb", NULL);
      const gsize n = lacuna_shape_get_elements (shape);
      g_auto (Gradients) got = { NULL };

      if (is_too_slow (shape))
        continue;
      got = differentiate (context, shape, f, b, mask, gy, FALSE);
      golden_assert_close ("gf", got.gf, gf, n, 1e-5 * golden_get_largest (gf, n));
      golden_assert_close ("gb", got.gb, gb, n, 1e-5 * golden_get_largest (gb, n));
    }
}

/* Σ gy · attention (f, b) */
static double
weigh (LacunaContext *context, LacunaShape shape, const float *f, const float *b, const float *mask, const float *gy)
{
  g_auto (Result) result = attend (context, shape, f, b, mask, G_MAXUINT64);
  double sum = 0.0;

  for (gsize i = 0; i < lacuna_shape_get_elements (shape); i++)
    sum += (double) gy[i] * result.y[i];
  return sum;
}

/* How much Σ gy · attention changes along the direction of gradient, by differences, against what the gradient says.
 * moved: f or b. */
static void
check_slope (LacunaContext *context, LacunaShape shape, const float *f, const float *b, const float *mask,
             const float *gy, const float *moved, const float *gradient, float step)
{
  const gsize n = lacuna_shape_get_elements (shape);
  const float scale = step / (float) golden_get_largest (gradient, n);
  g_autofree float *ahead = g_new (float, n), *behind = g_new (float, n);
  double expected = 0.0, got;

  for (gsize i = 0; i < n; i++)
    {
      ahead[i] = moved[i] + scale * gradient[i];
      behind[i] = moved[i] - scale * gradient[i];
      expected += (double) gradient[i] * (ahead[i] - behind[i]);
    }
  got = weigh (context, shape, moved == f ? ahead : f, moved == b ? ahead : b, mask, gy)
        - weigh (context, shape, moved == f ? behind : f, moved == b ? behind : b, mask, gy);
  g_test_message ("change %g, by the gradient %g", got, expected);
  g_assert_cmpfloat_with_epsilon (got, expected, 5e-3 * expected);
}

/* Of a batch with a hole each; and both gradients added up are their sum. */
static void
test_gradients_differences (void)
{
  static const LacunaShape shapes[] = { { 1, 5, 6, 10 }, { 2, 4, 12, 8 } };
  g_autoptr (LacunaContext) context = context_open ();

  for (guint i = 0; i < G_N_ELEMENTS (shapes); i++)
    {
      const LacunaShape shape = shapes[i];
      const gsize n = lacuna_shape_get_elements (shape), n_pixels = (gsize) shape.height * shape.width;
      g_autofree float *f = make_noise (i, n, 0.05f), *b = make_noise (i + 10, n, 1.0f),
                       *gy = make_noise (i + 20, n, 1.0f);
      g_autofree float *mask = g_new0 (float, shape.n *n_pixels);
      g_auto (Gradients) apart = { 0 }, together = { 0 };

      for (guint image = 0; image < shape.n; image++)
        mask[image * n_pixels + (1 + image) * n_pixels / 3] = 1.0f;
      apart = differentiate (context, shape, f, b, mask, gy, FALSE);
      check_slope (context, shape, f, b, mask, gy, f, apart.gf, 2e-4f);
      check_slope (context, shape, f, b, mask, gy, b, apart.gb, 4e-3f);
      together = differentiate (context, shape, f, b, mask, gy, TRUE);
      for (gsize j = 0; j < n; j++)
        apart.gb[j] += apart.gf[j];
      golden_assert_close ("sum", together.gf, apart.gb, n, 1e-5 * golden_get_largest (apart.gb, n));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  context_add_tuned_tests ("/attention/golden", test_golden);
  context_add_tuned_tests ("/attention/tiles", test_tiles);
  context_add_tuned_tests ("/attention/areas", test_areas);
  if (!context_is_interpreted ()) /* it takes far too long */
    g_test_add_func ("/attention/memory", test_memory);
  g_test_add_func ("/attention/large", test_large);
  g_test_add_func ("/attention-gradients/golden", test_gradients_golden);
  g_test_add_func ("/attention-gradients/differences", test_gradients_differences);
  return g_test_run ();
}
