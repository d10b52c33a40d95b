/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tests the gradients of convolutions. The oracle is the golden tensors of tests/golden/README.md and, for other
 * shapes, finite differences of a loss that is computed on the host in double precision. */
#include "engine/ops/conv-gradient.h"

#include "engine/ops/padding.h"
#include "engine/weights/weights.h"
#include "tests/context.h"
#include "tests/conv-cases.h"
#include "tests/differences.h"
#include "tests/golden.h"

/* Of one layer, NCHW on the host. */
typedef struct {
  float *gx, *gw, *gb;
} Gradients;

static void
gradients_clear (Gradients *self)
{
  g_free (self->gx);
  g_free (self->gw);
  g_free (self->gb);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Gradients, gradients_clear)

/* Runs the layer on x and takes gy back through it. wanted: channels of gx. The gradients of weights and biases are
 * added twice to zeros, and halved. */
static Gradients
run (LacunaContext *context, const LacunaConvForm *form, LacunaShape shape, guint wanted, const float *x,
     const float *w, const float *b, const float *gy)
{
  g_autoptr (GError) error = NULL;
  gsize n_weight = (gsize) form->in * form->out * form->kernel * form->kernel, n = n_weight + form->out;
  LacunaShape out = lacuna_conv_form_get_output (form, shape);
  LacunaShape wanted_shape = { shape.n, wanted, shape.height, shape.width };
  LacunaConvSource source = { NULL, 0, n_weight, n_weight / form->out, form->kernel * form->kernel, FALSE };
  g_autoptr (LacunaPool) pool = lacuna_pool_new (context);
  g_autoptr (LacunaConv) conv = lacuna_conv_new_learning (context, form, &error);
  g_autoptr (LacunaConvGradient) gradient = lacuna_conv_gradient_new (context, form, wanted, &error);
  g_autoptr (LacunaBuffer) values = lacuna_buffer_new (context, n * sizeof (float), &error);
  g_autoptr (LacunaBuffer) sums = lacuna_buffer_new (context, n * sizeof (float), &error);
  g_autoptr (LacunaTensor) in = context_make_tensor (context, shape, x);
  g_autoptr (LacunaTensor) y = context_make_tensor (context, out, NULL);
  g_autoptr (LacunaTensor) h = context_make_tensor (context, out, gy);
  g_autoptr (LacunaTensor) gx = context_make_tensor (context, wanted_shape, NULL);
  g_autofree float *both = g_new0 (float, n);
  Gradients got = { g_new (float, lacuna_shape_get_elements (wanted_shape)), NULL, NULL };

  g_assert_no_error (error);
  g_assert_true (lacuna_buffer_write (sums, 0, both, n * sizeof (float), &error));
  memcpy (both, w, n_weight * sizeof (float));
  memcpy (both + n_weight, b, form->out * sizeof (float));
  g_assert_true (lacuna_buffer_write (values, 0, both, n * sizeof (float), &error));
  source.values = values;
  lacuna_conv_pack (conv, &source, &error);
  g_assert_no_error (error);
  lacuna_conv_gradient_pack (gradient, values, 0, &error);
  g_assert_no_error (error);
  lacuna_conv_forward (conv, in, y, &error);
  g_assert_no_error (error);
  lacuna_conv_gradient_activation (gradient, pool, y, h, h, sums, n_weight, &error);
  g_assert_no_error (error);
  lacuna_conv_gradient_input (gradient, pool, h, gx, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < 2; i++)
    lacuna_conv_gradient_weight (gradient, pool, in, h, sums, 0, &error);
  g_assert_no_error (error);
  g_assert_true (lacuna_tensor_read (gx, got.gx, &error));
  g_assert_true (lacuna_buffer_read (sums, 0, both, n * sizeof (float), &error));
  for (gsize i = 0; i < n_weight; i++)
    both[i] *= 0.5f;
  got.gw = g_memdup2 (both, n_weight * sizeof (float));
  got.gb = g_memdup2 (both + n_weight, form->out * sizeof (float));
  return got;
}

static void
test_golden (void)
{
  g_autoptr (LacunaContext) context = context_open ();
  g_autoptr (LacunaWeights) golden = golden_load ("conv");

  for (guint i = 0; i < G_N_ELEMENTS (golden_cases); i++)
    {
      const char *name = golden_cases[i].name;
      const LacunaWeightsEntry *x_entry, *w_entry;
      g_autofree float *x = read_part (golden, name, "x", &x_entry), *w = read_part (golden, name, "w", &w_entry);
      g_autofree float *b = read_part (golden, name, "b", NULL), *gy = read_part (golden, name, "gy", NULL);
      g_autofree float *gx = read_part (golden, name, "gx", NULL), *gw = read_part (golden, name, "gw", NULL);
      g_autofree float *gb = read_part (golden, name, "gb", NULL);
      LacunaConvForm form = { w_entry->dims[1], w_entry->dims[0], w_entry->dims[2], golden_cases[i].stride,
                              golden_cases[i].dilation, golden_cases[i].upsample, golden_cases[i].activation };
      LacunaShape shape = { x_entry->dims[0], x_entry->dims[1], x_entry->dims[2], x_entry->dims[3] };
      g_auto (Gradients) got = run (context, &form, shape, form.in, x, w, b, gy);

      golden_assert_close (name, got.gx, gx, x_entry->n_elements, 5e-6);
      golden_assert_close (name, got.gw, gw, w_entry->n_elements, 1e-5 * golden_get_largest (gw, w_entry->n_elements));
      golden_assert_close (name, got.gb, gb, form.out, 1e-5 * golden_get_largest (gb, form.out));
    }
}

static double
activate (double x, LacunaActivation activation)
{
  switch (activation)
    {
    case LACUNA_ACTIVATION_ELU:
      return x > 0.0 ? x : expm1 (x);
    case LACUNA_ACTIVATION_RELU:
      return MAX (x, 0.0);
    case LACUNA_ACTIVATION_LEAKY_RELU:
      return MAX (x, 0.2 * x);
    case LACUNA_ACTIVATION_NONE:
    default:
      return x;
    }
}

/* Σ gy ⊙ y where y is the layer's output by its definition in conv.h; w is followed by the biases. */
static double
get_loss (const LacunaConvForm *form, LacunaShape shape, const double *x, const double *w, const float *gy)
{
  LacunaShape out = lacuna_conv_form_get_output (form, shape);
  int scale = form->upsample ? 2 : 1, height = shape.height * scale, width = shape.width * scale;
  int before_y = lacuna_same_before (height, form->kernel, form->stride, form->dilation);
  int before_x = lacuna_same_before (width, form->kernel, form->stride, form->dilation);
  double loss = 0.0;

  for (gsize at = 0; at < lacuna_shape_get_elements (out); at++)
    {
      gsize j = at % out.width, i = at / out.width % out.height, o = at / out.width / out.height % out.channels;
      gsize n = at / out.width / out.height / out.channels;
      double sum = w[(gsize) form->out * form->in * form->kernel * form->kernel + o];

      for (guint u = 0; u < form->kernel; u++)
        for (guint v = 0; v < form->kernel; v++)
          {
            int row = (int) (i * form->stride + u * form->dilation) - before_y;
            int column = (int) (j * form->stride + v * form->dilation) - before_x;

            if (row >= 0 && row < height && column >= 0 && column < width)
              for (guint c = 0; c < shape.channels; c++)
                sum += w[((o * shape.channels + c) * form->kernel + u) * form->kernel + v]
                       * x[((n * shape.channels + c) * shape.height + row / scale) * shape.width + column / scale];
          }
      loss += gy[at] * activate (sum, form->activation);
    }
  return loss;
}

/* What the loss does along a direction is what the gradient says: x moves in its wanted channels. */
static void
check_direction (GRand *rand, const LacunaConvForm *form, LacunaShape shape, guint wanted, const float *x,
                 const float *wb, const float *gy, const Gradients *got)
{
  const double step = 1e-7; /* small, so that no value passes a kink */
  gsize n_x = lacuna_shape_get_elements (shape), area = (gsize) shape.height * shape.width;
  gsize n_w = (gsize) form->in * form->out * form->kernel * form->kernel, n_wb = n_w + form->out;

  for (guint part = 0; part < 3; part++)
    {
      g_autofree float *dx = differences_make_noise (rand, n_x, part == 0 ? 1.0 : 0.0);
      g_autofree float *dw = differences_make_noise (rand, n_wb, part == 0 ? 0.0 : 1.0);
      double loss[2], expected, predicted = 0.0, square = 0.0;

      for (gsize i = 0; i < n_x; i++)
        if (i / area % form->in >= wanted)
          dx[i] = 0.0f;
      for (gsize i = 0; i < n_wb; i++)
        if ((i < n_w) != (part == 1))
          dw[i] = 0.0f;
      for (guint i = 0; i < 2; i++)
        {
          g_autofree double *moved_x = differences_move (x, dx, n_x, i == 0 ? -step : step);
          g_autofree double *moved_w = differences_move (wb, dw, n_wb, i == 0 ? -step : step);

          loss[i] = get_loss (form, shape, moved_x, moved_w, gy);
        }
      expected = (loss[1] - loss[0]) / (2.0 * step);
      for (gsize i = 0; part == 0 && i < n_x; i++)
        if (i / area % form->in < wanted)
          {
            float g = got->gx[(i / area / form->in * wanted + i / area % form->in) * area + i % area];

            predicted += (double) dx[i] * g;
            square += (double) g * g;
          }
      for (gsize i = 0; part > 0 && i < n_wb; i++)
        {
          float g = i < n_w ? got->gw[i] : got->gb[i - n_w];

          predicted += (double) dw[i] * g;
          square += dw[i] != 0.0f ? (double) g * g : 0.0;
        }
      if (!(fabs (predicted - expected) <= 1e-5 * sqrt (square)))
        g_error ("%u→%u k%u s%u d%u%s: along %s the loss goes by %.9g, and %.9g was predicted", form->in, form->out,
                 form->kernel, form->stride, form->dilation, form->upsample ? " up" : "",
                 part == 0   ? "x"
                 : part == 1 ? "the weights"
                             : "the biases",
                 expected, predicted);
    }
}

/* Sizes that no tile divides, channels of every family; and the same bits again. */
static void
test_shapes (void)
{
  static const struct {
    guint in, out, kernel, stride, dilation;
    gboolean upsample;
    LacunaActivation activation;
    guint wanted;
    LacunaShape shape;
  } cases[] = {
    { 32, 40, 3, 1, 1, FALSE, LACUNA_ACTIVATION_ELU, 32, { 2, 0, 9, 13 } },
    { 16, 48, 3, 1, 2, FALSE, LACUNA_ACTIVATION_LEAKY_RELU, 16, { 1, 0, 17, 10 } },
    { 24, 16, 3, 1, 16, FALSE, LACUNA_ACTIVATION_NONE, 24, { 2, 0, 20, 23 } },
    { 12, 16, 3, 1, 1, TRUE, LACUNA_ACTIVATION_ELU, 12, { 2, 0, 5, 3 } },
    { 16, 3, 3, 1, 1, FALSE, LACUNA_ACTIVATION_NONE, 16, { 1, 0, 19, 14 } },
    { 5, 32, 5, 1, 1, FALSE, LACUNA_ACTIVATION_ELU, 3, { 2, 0, 15, 8 } },
    { 20, 36, 3, 2, 1, FALSE, LACUNA_ACTIVATION_ELU, 20, { 1, 0, 16, 11 } },
    { 3, 40, 5, 2, 1, FALSE, LACUNA_ACTIVATION_LEAKY_RELU, 3, { 3, 0, 13, 7 } },
    { 33, 17, 5, 2, 1, FALSE, LACUNA_ACTIVATION_LEAKY_RELU, 33, { 1, 0, 6, 9 } },
    { 32, 16, 5, 2, 1, FALSE, LACUNA_ACTIVATION_LEAKY_RELU, 32, { 2, 0, 13, 10 } },
    { 80, 48, 5, 2, 1, FALSE, LACUNA_ACTIVATION_LEAKY_RELU, 80, { 3, 0, 6, 7 } },
    { 6, 10, 3, 1, 1, TRUE, LACUNA_ACTIVATION_NONE, 6, { 1, 0, 4, 5 } },
  };
  g_autoptr (LacunaContext) context = context_open ();
  g_autoptr (GRand) rand = g_rand_new_with_seed (7);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      LacunaConvForm form = { cases[i].in, cases[i].out, cases[i].kernel, cases[i].stride, cases[i].dilation,
                              cases[i].upsample, cases[i].activation };
      LacunaShape shape = { cases[i].shape.n, cases[i].in, cases[i].shape.height, cases[i].shape.width };
      LacunaShape wanted = { shape.n, cases[i].wanted, shape.height, shape.width };
      gsize fan_in = (gsize) form.in * form.kernel * form.kernel, n_w = fan_in * form.out;
      gsize n_gy = lacuna_shape_get_elements (lacuna_conv_form_get_output (&form, shape));
      g_autofree float *x = differences_make_noise (rand, lacuna_shape_get_elements (shape), 1.0);
      g_autofree float *w = differences_make_noise (rand, n_w + form.out, 1.0 / sqrt (fan_in));
      g_autofree float *gy = differences_make_noise (rand, n_gy, 1.0);
      g_auto (Gradients) got = { NULL }, again = { NULL };
      gsize n_gx = lacuna_shape_get_elements (wanted);

      if (context_is_too_slow (2 * 3 * fan_in * n_gy))
        continue;
      got = run (context, &form, shape, cases[i].wanted, x, w, w + n_w, gy);
      again = run (context, &form, shape, cases[i].wanted, x, w, w + n_w, gy);
      check_direction (rand, &form, shape, cases[i].wanted, x, w, gy, &got);
      g_assert_cmpmem (got.gx, n_gx * sizeof (float), again.gx, n_gx * sizeof (float));
      g_assert_cmpmem (got.gw, n_w * sizeof (float), again.gw, n_w * sizeof (float));
      g_assert_cmpmem (got.gb, form.out * sizeof (float), again.gb, form.out * sizeof (float));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/conv-gradient/golden", test_golden);
  g_test_add_func ("/conv-gradient/shapes", test_shapes);
  return g_test_run ();
}
