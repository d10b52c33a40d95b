#include "engine/ops/conv-gradient.h"

#include "engine/ops/conv-private.h"
#include "engine/ops/padding.h"

#define CHUNK_BYTES (512 << 10)  /* of x and g that a part of a sum reads: they stay in a second-level cache */
#define PARTS_BYTES (16 << 20)   /* most that the parts of a sum take */
#define SLOPE_VALUES (32 << 10)  /* of a work-group of slope.cl */
#define SLOPE_PIXELS 256         /* a sum of more would lose digits */
#define SUM_TILE 8               /* TILE of conv-weight.cl */

struct _LacunaConvGradient
{
  LacunaConvForm form;
  guint wanted;
  guint lanes, p, ob;       /* of the weights' register tile: channels of x × vectors of channels of y */
  LacunaConv *data;         /* stride 1: a convolution with turned weights; stride 2: only its weights */
  LacunaKernel *transposed; /* stride 2 */
  LacunaKernel *pool;       /* upsampled */
  LacunaKernel *weight;
  LacunaKernel *sum_parts;
  LacunaKernel *slope;
  LacunaKernel *sum_bias;
};

static guint
count (gsize n, gsize size)
{
  return (guint) ((n + size - 1) / size);
}

static gboolean
build_data (LacunaConvGradient *self, LacunaContext *context, GError **error)
{
  const LacunaConvForm *form = &self->form;
  LacunaConvForm turned = { form->out, self->wanted, form->kernel, form->stride, form->dilation, FALSE,
                            LACUNA_ACTIVATION_NONE };
  g_autofree char *options = NULL;

  if (self->wanted == 0)
    return TRUE;
  self->data = lacuna_conv_new_learning (context, &turned, error);
  if (self->data == NULL)
    return FALSE;
  options = g_strdup_printf ("-DLANES=%u -DP=%u -DOB=%u -DCOLUMNS=%u", self->data->tiling.lanes,
                             self->data->tiling.p, self->data->tiling.ob, self->data->tiling.columns);
  if (form->stride == 2)
    return (self->transposed = lacuna_kernel_new (context, "conv-data", "conv_data", options, error)) != NULL;
  if (form->upsample)
    return (self->pool = lacuna_kernel_new (context, "conv-data", "pool2", options, error)) != NULL;
  return TRUE;
}

/* As many channels of x as divide them best. */
static void
choose_tiling (LacunaConvGradient *self, const LacunaTuning *tuning)
{
  self->lanes = tuning->lanes;
  while (self->lanes > 4 && self->form.out <= self->lanes / 2)
    self->lanes /= 2;
  self->ob = MIN (tuning->vectors, count (self->form.out, self->lanes));
  self->p = count (self->form.in, count (self->form.in, tuning->pixels));
}

LacunaConvGradient *
lacuna_conv_gradient_new (LacunaContext *context, const LacunaConvForm *form, guint wanted, GError **error)
{
  g_autoptr (LacunaConvGradient) self = g_new0 (LacunaConvGradient, 1);
  g_autofree char *options = NULL, *slope = NULL;

  g_assert (wanted <= form->in);
  self->form = *form;
  self->wanted = wanted;
  choose_tiling (self, lacuna_context_get_tuning (context));
  options = g_strdup_printf ("-DLANES=%u -DP=%u -DOB=%u", self->lanes, self->p, self->ob);
  slope = g_strdup_printf ("-DLANES=%u", self->lanes);
  if (!build_data (self, context, error)
      || (self->weight = lacuna_kernel_new (context, "conv-weight", "conv_weight", options, error)) == NULL
      || (self->sum_parts = lacuna_kernel_new (context, "conv-weight", "sum_parts", options, error)) == NULL
      || (self->slope = lacuna_kernel_new (context, "slope", "slope", slope, error)) == NULL
      || (self->sum_bias = lacuna_kernel_new (context, "slope", "sum_bias", slope, error)) == NULL)
    return NULL;
  return g_steal_pointer (&self);
}

void
lacuna_conv_gradient_free (LacunaConvGradient *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->data, lacuna_conv_free);
  g_clear_pointer (&self->transposed, lacuna_kernel_unref);
  g_clear_pointer (&self->pool, lacuna_kernel_unref);
  g_clear_pointer (&self->weight, lacuna_kernel_unref);
  g_clear_pointer (&self->sum_parts, lacuna_kernel_unref);
  g_clear_pointer (&self->slope, lacuna_kernel_unref);
  g_clear_pointer (&self->sum_bias, lacuna_kernel_unref);
  g_free (self);
}

/* Into and out of the layer change places; stride 1 also turns the taps. */
gboolean
lacuna_conv_gradient_pack (LacunaConvGradient *self, LacunaBuffer *values, gsize weight, GError **error)
{
  gsize taps = self->form.kernel * self->form.kernel;
  const LacunaConvSource source = { values, weight, G_MAXSIZE, taps, taps * self->form.in, self->form.stride == 1 };

  return self->data == NULL || lacuna_conv_pack (self->data, &source, error);
}

static LacunaTensor *
take (LacunaPool *pool, gsize n, GError **error)
{
  return lacuna_pool_take (pool, (LacunaShape){ 1, 1, 1, (guint) n }, error);
}

#define TENSOR(tensor) LACUNA_BUFFER_ARG ((tensor)->buffer), INT ((tensor)->offset), INT ((tensor)->stride)
#define INT(value) LACUNA_INT_ARG (value)

gboolean
lacuna_conv_gradient_activation (LacunaConvGradient *self,
                                 LacunaPool *pool,
                                 LacunaTensor *y,
                                 LacunaTensor *g,
                                 LacunaTensor *h,
                                 LacunaBuffer *gradient,
                                 gsize bias,
                                 GError **error)
{
  guint pixels = lacuna_shape_get_pixels (y->shape), channels = self->form.out;
  guint chunk = CLAMP (SLOPE_VALUES / channels, 1, SLOPE_PIXELS), n_parts = count (pixels, chunk);
  g_autoptr (LacunaTensor) parts = take (pool, (gsize) n_parts * channels, error);

  g_assert (y->shape.channels == channels);
  if (parts == NULL)
    return FALSE;
  if (lacuna_pool_is_planning (pool))
    return TRUE;
  if (!lacuna_kernel_launch (self->slope, n_parts, 1, 1, error, TENSOR (y), TENSOR (g), TENSOR (h),
                             LACUNA_BUFFER_ARG (parts->buffer), INT (self->form.activation), INT (channels),
                             INT (pixels), INT (chunk)))
    return FALSE;
  return gradient == NULL
         || lacuna_kernel_launch (self->sum_bias, 1, 1, 1, error, LACUNA_BUFFER_ARG (parts->buffer),
                                  LACUNA_BUFFER_ARG (gradient), INT (bias), INT (channels), INT (n_parts));
}

static gboolean
launch_transposed (LacunaConvGradient *self, LacunaTensor *h, LacunaTensor *gx, GError **error)
{
  const LacunaConvForm *form = &self->form;
  guint height = gx->shape.height, width = gx->shape.width, block = self->data->tiling.ob * self->data->tiling.lanes;
  guint pixels = count (height, 2) * count (width, 2);

  return lacuna_kernel_launch (
      self->transposed, count (pixels, self->data->tiling.p), count (self->wanted, block), 4 * gx->shape.n, error,
      TENSOR (h), INT (h->shape.height), INT (h->shape.width), LACUNA_BUFFER_ARG (self->data->weight),
      LACUNA_BUFFER_ARG (self->data->no_bias), TENSOR (gx), INT (height), INT (width), INT (form->out),
      INT (self->wanted), INT (form->kernel), INT (lacuna_same_before (height, form->kernel, 2, 1)),
      INT (lacuna_same_before (width, form->kernel, 2, 1)));
}

gboolean
lacuna_conv_gradient_input (LacunaConvGradient *self,
                            LacunaPool *pool,
                            LacunaTensor *h,
                            LacunaTensor *gx,
                            GError **error)
{
  LacunaShape doubled = { h->shape.n, self->wanted, h->shape.height, h->shape.width };
  g_autoptr (LacunaTensor) full = NULL;

  g_assert (gx->shape.channels == self->wanted && h->shape.channels == self->form.out);
  if (self->form.upsample && (full = lacuna_pool_take (pool, doubled, error)) == NULL)
    return FALSE;
  if (lacuna_pool_is_planning (pool))
    return TRUE;
  if (self->form.stride == 2)
    return launch_transposed (self, h, gx, error);
  if (!self->form.upsample)
    return lacuna_conv_forward_linear (self->data, h, gx, error);
  return lacuna_conv_forward_linear (self->data, h, full, error)
         && lacuna_kernel_launch (self->pool, gx->shape.n * gx->shape.height, 1, 1, error,
                                  LACUNA_BUFFER_ARG (full->buffer), TENSOR (gx), INT (gx->shape.width),
                                  INT (self->wanted));
}

gboolean
lacuna_conv_gradient_weight (LacunaConvGradient *self,
                             LacunaPool *pool,
                             LacunaTensor *x,
                             LacunaTensor *h,
                             LacunaBuffer *gradient,
                             gsize weight,
                             GError **error)
{
  const LacunaConvForm *form = &self->form;
  guint scale = form->upsample ? 2 : 1, height = x->shape.height * scale, width = x->shape.width * scale;
  guint taps = form->kernel * form->kernel, block = self->ob * self->lanes, n_blocks = count (form->out, block);
  guint rows = h->shape.n * h->shape.height;
  gsize part = (gsize) n_blocks * block * taps * form->in;
  guint chunk = CHUNK_BYTES / ((form->in * form->stride * form->stride + form->out) * h->shape.width * sizeof (float));
  guint n_parts = count (rows, MAX (chunk, 1));
  g_autoptr (LacunaTensor) parts = NULL;

  n_parts = CLAMP (PARTS_BYTES / (part * sizeof (float)), 1, n_parts);
  chunk = count (rows, n_parts);
  n_parts = count (rows, chunk);
  parts = take (pool, n_parts * part, error);
  if (parts == NULL)
    return FALSE;
  if (lacuna_pool_is_planning (pool))
    return TRUE;
  return lacuna_kernel_launch (self->weight, taps * count (form->in, self->p), n_blocks, n_parts, error, TENSOR (x),
                               INT (height), INT (width), TENSOR (h), INT (h->shape.height), INT (h->shape.width),
                               LACUNA_BUFFER_ARG (parts->buffer), INT (form->in), INT (form->out), INT (form->kernel),
                               INT (form->stride), INT (form->dilation), INT (form->upsample ? 1 : 0),
                               INT (lacuna_same_before (height, form->kernel, form->stride, form->dilation)),
                               INT (lacuna_same_before (width, form->kernel, form->stride, form->dilation)),
                               INT (rows), INT (chunk))
         && lacuna_kernel_launch (self->sum_parts, count (form->in, SUM_TILE), n_blocks, 1, error,
                                  LACUNA_BUFFER_ARG (parts->buffer), LACUNA_BUFFER_ARG (gradient), INT (weight),
                                  INT (form->in), INT (form->out), INT (taps), INT (n_parts));
}
