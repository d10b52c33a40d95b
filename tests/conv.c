/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tests convolutions in every family of kernels. The oracle is the golden tensors of tests/golden/README.md and, for
 * other shapes, the definition in engine/ops/conv.h, computed on the host in double precision. */
#include "engine/ops/conv.h"

#include "engine/error.h"
#include "engine/ops/padding.h"
#include "engine/weights/weights.h"
#include "tests/context.h"
#include "tests/conv-cases.h"
#include "tests/golden.h"

/* x and the result: NCHW on the host. */
static float *
convolve (LacunaContext *context, const LacunaConvForm *form, LacunaShape shape, const float *x, const float *w,
          const float *b)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (LacunaConv) conv = lacuna_conv_new (context, form, w, b, &error);
  g_autoptr (LacunaTensor) in = lacuna_tensor_new (context, shape, &error);
  LacunaShape out_shape = lacuna_conv_form_get_output (form, shape);
  g_autoptr (LacunaTensor) out = lacuna_tensor_new (context, out_shape, &error);
  float *y = g_new (float, lacuna_shape_get_elements (out_shape));

  g_assert_no_error (error);
  lacuna_tensor_write (in, x, &error);
  g_assert_no_error (error);
  lacuna_conv_forward (conv, in, out, &error);
  g_assert_no_error (error);
  lacuna_tensor_read (out, y, &error);
  g_assert_no_error (error);
  return y;
}

static void
test_golden (gconstpointer tuning)
{
  g_autoptr (LacunaContext) context = context_open_tuned (tuning);
  g_autoptr (LacunaWeights) golden = golden_load ("conv");

  for (guint i = 0; i < G_N_ELEMENTS (golden_cases); i++)
    {
      const LacunaWeightsEntry *x_entry, *w_entry, *y_entry;
      g_autofree float *x = read_part (golden, golden_cases[i].name, "x", &x_entry);
      g_autofree float *w = read_part (golden, golden_cases[i].name, "w", &w_entry);
      g_autofree float *b = read_part (golden, golden_cases[i].name, "b", NULL);
      g_autofree float *expected = read_part (golden, golden_cases[i].name, "y", &y_entry);
      LacunaConvForm form = { w_entry->dims[1], w_entry->dims[0], w_entry->dims[2], golden_cases[i].stride,
                              golden_cases[i].dilation, golden_cases[i].upsample, golden_cases[i].activation };
      LacunaShape shape = { x_entry->dims[0], x_entry->dims[1], x_entry->dims[2], x_entry->dims[3] };
      g_autofree float *y = convolve (context, &form, shape, x, w, b);

      golden_assert_close (golden_cases[i].name, y, expected, y_entry->n_elements, 5e-6);
    }
}

static float *
random_values (GRand *rand, gsize n, double scale)
{
  float *values = g_new (float, n);

  for (gsize i = 0; i < n; i++)
    values[i] = (float) (scale * g_rand_double_range (rand, -1.7, 1.7));
  return values;
}

/* The definition in conv.h, in double precision, without an activation. */
static float *
convolve_naively (const LacunaConvForm *form, LacunaShape shape, const float *x, const float *w, const float *b)
{
  LacunaShape out = lacuna_conv_form_get_output (form, shape);
  int scale = form->upsample ? 2 : 1, height = shape.height * scale, width = shape.width * scale;
  int before_y = lacuna_same_before (height, form->kernel, form->stride, form->dilation);
  int before_x = lacuna_same_before (width, form->kernel, form->stride, form->dilation);
  float *y = g_new (float, lacuna_shape_get_elements (out));

  for (gsize at = 0; at < lacuna_shape_get_elements (out); at++)
    {
      gsize j = at % out.width, i = at / out.width % out.height, o = at / out.width / out.height % out.channels;
      gsize n = at / out.width / out.height / out.channels;
      double sum = b[o];

      for (guint c = 0; c < shape.channels; c++)
        for (guint u = 0; u < form->kernel; u++)
          for (guint v = 0; v < form->kernel; v++)
            {
              int row = (int) (i * form->stride + u * form->dilation) - before_y;
              int column = (int) (j * form->stride + v * form->dilation) - before_x;

              if (row >= 0 && row < height && column >= 0 && column < width)
                sum += (double) w[((o * shape.channels + c) * form->kernel + u) * form->kernel + v]
                       * x[((n * shape.channels + c) * shape.height + row / scale) * shape.width + column / scale];
            }
      y[at] = (float) sum;
    }
  return y;
}

/* Sizes that no tile divides, channels of every family. */
static void
test_shapes (gconstpointer tuning)
{
  static const struct {
    guint in, out, kernel, stride, dilation;
    gboolean upsample;
    LacunaShape shape;
  } cases[] = {
    { 128, 128, 3, 1, 1, FALSE, { 1, 0, 9, 13 } }, { 64, 32, 3, 1, 2, FALSE, { 2, 0, 17, 10 } },
    { 8, 48, 3, 1, 2, FALSE, { 2, 0, 7, 5 } },     { 16, 48, 3, 1, 16, FALSE, { 1, 0, 40, 23 } },
    { 32, 16, 3, 1, 8, FALSE, { 1, 0, 11, 21 } },  { 32, 8, 3, 1, 1, FALSE, { 1, 0, 21, 6 } },
    { 128, 64, 3, 1, 1, TRUE, { 1, 0, 7, 10 } },   { 12, 16, 3, 1, 1, TRUE, { 2, 0, 5, 3 } },
    { 16, 3, 3, 1, 1, FALSE, { 1, 0, 19, 14 } },   { 5, 32, 5, 1, 1, FALSE, { 2, 0, 15, 8 } },
    { 32, 64, 3, 2, 1, FALSE, { 1, 0, 16, 10 } },  { 5, 7, 3, 1, 4, FALSE, { 1, 0, 8, 9 } },
    { 3, 40, 5, 2, 1, FALSE, { 1, 0, 13, 7 } },    { 256, 128, 3, 1, 1, FALSE, { 1, 0, 6, 8 } },
    { 6, 10, 3, 1, 1, TRUE, { 1, 0, 4, 5 } },
  };
  g_autoptr (LacunaContext) context = context_open_tuned (tuning);
  g_autoptr (GRand) rand = g_rand_new_with_seed (7);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      LacunaConvForm form = { cases[i].in, cases[i].out, cases[i].kernel, cases[i].stride, cases[i].dilation,
                              cases[i].upsample, LACUNA_ACTIVATION_NONE };
      LacunaShape shape = { cases[i].shape.n, cases[i].in, cases[i].shape.height, cases[i].shape.width };
      gsize fan_in = (gsize) form.in * form.kernel * form.kernel;
      LacunaShape out = lacuna_conv_form_get_output (&form, shape);
      g_autofree float *x = random_values (rand, lacuna_shape_get_elements (shape), 1.0);
      g_autofree float *w = random_values (rand, fan_in * form.out, 1.0 / sqrt (fan_in));
      g_autofree float *b = random_values (rand, form.out, 0.1);
      g_autofree float *expected = NULL, *y = NULL;
      g_autofree char *what = g_strdup_printf ("%u→%u k%u s%u d%u%s", form.in, form.out, form.kernel, form.stride,
                                               form.dilation, form.upsample ? " up" : "");

      if (context_is_too_slow (fan_in * lacuna_shape_get_elements (out)))
        continue;
      expected = convolve_naively (&form, shape, x, w, b);
      y = convolve (context, &form, shape, x, w, b);
      golden_assert_close (what, y, expected, lacuna_shape_get_elements (out), 2e-5);
    }
}

/* The activation of the first half of the sums, each times the logistic function of its like in the second. */
static float *
gate_naively (const LacunaConvForm *form, LacunaShape out, const float *sums)
{
  const gsize n = lacuna_shape_get_elements (out), n_image = n / out.n;
  float *y = g_new (float, n);

  for (gsize i = 0; i < n; i++)
    {
      const gsize feature = i / n_image * 2 * n_image + i % n_image;
      const double x = sums[feature], gate = sums[feature + n_image];
      const double low = form->activation == LACUNA_ACTIVATION_GATED_ELU ? expm1 (x) : 0.0;

      y[i] = (float) ((x > 0.0 ? x : low) / (1.0 + exp (-gate)));
    }
  return y;
}

/* The layers of a gated network, and channels that fill no vector. */
static void
test_gated (gconstpointer tuning)
{
  static const LacunaConvForm cases[] = {
    { 5, 24, 5, 1, 1, FALSE, LACUNA_ACTIVATION_GATED_ELU },   { 24, 48, 3, 2, 1, FALSE, LACUNA_ACTIVATION_GATED_ELU },
    { 24, 24, 3, 2, 1, FALSE, LACUNA_ACTIVATION_GATED_RELU }, { 48, 24, 3, 1, 1, TRUE, LACUNA_ACTIVATION_GATED_ELU },
    { 96, 96, 3, 1, 4, FALSE, LACUNA_ACTIVATION_GATED_ELU },  { 96, 96, 3, 1, 1, FALSE, LACUNA_ACTIVATION_GATED_RELU },
    { 24, 12, 3, 1, 1, FALSE, LACUNA_ACTIVATION_GATED_ELU },  { 5, 7, 3, 1, 2, FALSE, LACUNA_ACTIVATION_GATED_ELU },
    { 6, 1, 3, 1, 1, TRUE, LACUNA_ACTIVATION_GATED_RELU },
  };
  g_autoptr (LacunaContext) context = context_open_tuned (tuning);
  g_autoptr (GRand) rand = g_rand_new_with_seed (11);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const LacunaConvForm *form = &cases[i];
      LacunaConvForm linear = *form;
      const LacunaShape shape = { 2, form->in, 9, 14 }, out = lacuna_conv_form_get_output (form, shape);
      const guint n_sums = lacuna_conv_form_get_sums (form);
      const gsize fan_in = (gsize) form->in * form->kernel * form->kernel;
      g_autofree float *x = random_values (rand, lacuna_shape_get_elements (shape), 1.0);
      g_autofree float *w = random_values (rand, fan_in * n_sums, 3.0 / sqrt (fan_in));
      g_autofree float *b = random_values (rand, n_sums, 0.1);
      g_autofree float *sums = NULL, *expected = NULL, *y = NULL;
      g_autofree char *what = g_strdup_printf ("%u→%u k%u s%u", form->in, form->out, form->kernel, form->stride);

      g_assert_cmpuint (n_sums, ==, 2 * form->out);
      if (context_is_too_slow (fan_in * lacuna_shape_get_elements (out)))
        continue;
      linear.out = n_sums;
      linear.activation = LACUNA_ACTIVATION_NONE;
      sums = convolve_naively (&linear, shape, x, w, b);
      expected = gate_naively (form, out, sums);
      y = convolve (context, form, shape, x, w, b);
      golden_assert_close (what, y, expected, lacuna_shape_get_elements (out), 5e-5);
    }
}

/* What is no number, or infinite, makes reading fail: an activation that has a limit must not hide it. */
static void
test_not_finite (gconstpointer tuning)
{
  static const float values[] = { NAN, INFINITY, -INFINITY };
  g_autoptr (LacunaContext) context = context_open_tuned (tuning);

  for (guint i = 0; i < 2 * G_N_ELEMENTS (values); i++)
    {
      const gboolean gated = i % 2 == 0;
      const LacunaConvForm form
          = { 4, 4, 3, 1, 1, FALSE, gated ? LACUNA_ACTIVATION_GATED_ELU : LACUNA_ACTIVATION_TANH };
      const LacunaShape shape = { 1, 4, 1, 1 };
      const float w[8 * 4 * 9] = { 0 };
      float b[8] = { 1.0f, 1.0f, 1.0f, 1.0f, 1.0f, 1.0f, 1.0f, 1.0f }, y[4];
      g_autoptr (GError) error = NULL;
      g_autoptr (LacunaConv) conv = NULL;
      g_autoptr (LacunaTensor) in = context_make_tensor (context, shape, b);
      g_autoptr (LacunaTensor) out = context_make_tensor (context, shape, NULL);

      b[gated ? 6 : 2] = values[i / 2]; /* a gate, or the sum itself */
      conv = lacuna_conv_new (context, &form, w, b, &error);
      g_assert_no_error (error);
      g_assert_true (lacuna_conv_forward (conv, in, out, &error));
      g_assert_false (lacuna_tensor_read (out, y, &error));
      g_assert_error (error, LACUNA_ERROR, LACUNA_ERROR_NOT_FINITE);
    }
}

/* A layer reads a slice of a wider tensor and writes another, whose other channels stay. */
static void
test_slices (void)
{
  g_autoptr (LacunaContext) context = context_open ();
  g_autoptr (GRand) rand = g_rand_new_with_seed (3);
  g_autoptr (GError) error = NULL;
  LacunaConvForm form = { 16, 16, 3, 1, 1, FALSE, LACUNA_ACTIVATION_NONE };
  LacunaShape part = { 1, 16, 6, 5 }, wide = { 1, 40, 6, 5 };
  gsize n_part = lacuna_shape_get_elements (part), n_wide = lacuna_shape_get_elements (wide);
  g_autofree float *x = random_values (rand, n_wide, 1.0);
  g_autofree float *w = random_values (rand, 16 * 16 * 9, 0.1);
  g_autofree float *b = random_values (rand, 16, 0.1);
  g_autofree float *expected = convolve_naively (&form, part, x + 8 * 30, w, b);
  g_autofree float *after = g_new (float, n_wide);
  g_autoptr (LacunaConv) conv = lacuna_conv_new (context, &form, w, b, &error);
  g_autoptr (LacunaTensor) in = lacuna_tensor_new (context, wide, &error);
  g_autoptr (LacunaTensor) out = lacuna_tensor_new (context, wide, &error);
  g_autoptr (LacunaTensor) in_slice = lacuna_tensor_slice (in, 8, 16);
  g_autoptr (LacunaTensor) out_slice = lacuna_tensor_slice (out, 24, 16);

  g_assert_true (lacuna_tensor_write (in, x, &error));
  g_assert_true (lacuna_tensor_write (out, x, &error));
  g_assert_true (lacuna_conv_forward (conv, in_slice, out_slice, &error));
  g_assert_true (lacuna_tensor_read (out, after, &error));
  g_assert_no_error (error);
  golden_assert_close ("slice", after + 24 * 30, expected, n_part, 2e-5);
  g_assert_cmpmem (after, 24 * 30 * sizeof (float), x, 24 * 30 * sizeof (float));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  context_add_tuned_tests ("/conv/golden", test_golden);
  context_add_tuned_tests ("/conv/shapes", test_shapes);
  context_add_tuned_tests ("/conv/gated", test_gated);
  context_add_tuned_tests ("/conv/not-finite", test_not_finite);
  g_test_add_func ("/conv/slices", test_slices);
  return g_test_run ();
}
