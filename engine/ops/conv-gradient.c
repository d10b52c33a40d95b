/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the chain rule makes of one convolution: the gradients of its input, its weights and its biases. Sums over
 * pixels are made in parts, which are then added up in a fixed order, so that the result depends on shapes and device
 * alone. The gradient of the input is a convolution of its own (`data`), with the same weights turned or, at stride 2,
 * transposed. It runs on the thread that uses the context: the engine's, or a command's main thread. */
#include "engine/ops/conv-gradient.h"

#include "engine/cl/device-limits.h"
#include "engine/ops/conv-private.h"
#include "engine/ops/padding.h"

#define CHUNK_BYTES (512 << 10)  /* of x and g that a part of a sum reads: they stay in a second-level cache */
#define PARTS_BYTES (16 << 20)   /* most that the parts of a sum take */
#define SLOPE_VALUES (32 << 10)  /* of a work-group of slope.cl */
#define SLOPE_PIXELS 256         /* a sum of more would lose digits */
#define SLAB 64                  /* most channels of x of a work-group of winograd-weight.cl */
#define TILE 4                   /* pixels of a side of a tile there */
#define ROUNDS 4                 /* of tiles of such a one, at least, while there are others */

struct _LacunaConvGradient {
  LacunaConvForm form;
  guint wanted;
  guint lanes, p, ob;       /* of the weights' register tile: channels of x × vectors of channels of y */
  guint slab, tiles;        /* Winograd's for the weights: channels of x of a work-group, tiles at a time */
  LacunaBuffer *zeros;      /* Winograd's */
  LacunaConv *data;         /* a convolution with turned weights; with `transposed` only the weights */
  LacunaKernel *transposed; /* stride 2, direct */
  LacunaKernel *pool;       /* upsampled */
  LacunaKernel *weight;
  LacunaKernel *winograd; /* for the weights, or NULL */
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
  self->data = form->stride == 2 ? lacuna_conv_new_transposed (context, &turned, error)
                                 : lacuna_conv_new_learning (context, &turned, error);
  if (self->data == NULL)
    return FALSE;
  options = g_strdup_printf ("-DLANES=%u -DP=%u -DOB=%u -DCOLUMNS=%u", self->data->tiling.lanes, self->data->tiling.p,
                             self->data->tiling.ob, self->data->tiling.columns);
  if (form->stride == 2 && !self->data->tiling.winograd)
    return (self->transposed = lacuna_kernel_new (context, "conv-data", "conv_data", options, error)) != NULL;
  if (form->upsample)
    return (self->pool = lacuna_kernel_new (context, "conv-data", "pool2", options, error)) != NULL;
  return TRUE;
}

/* Chooses the register tile; its channels of x are at most the tuning's pixels, and shared out evenly to the tiles. */
static void
choose_tiling (LacunaConvGradient *self, const LacunaTuning *tuning)
{
  self->lanes = tuning->lanes;
  while (self->lanes > 4 && self->form.out <= self->lanes / 2)
    self->lanes /= 2;
  self->ob = MIN (tuning->vectors, count (self->form.out, self->lanes));
  self->p = count (self->form.in, count (self->form.in, tuning->pixels));
}

/* FALSE where Winograd's way does not serve, vectors don't divide the channels, or the local memory is too small. */
static gboolean
choose_winograd (LacunaConvGradient *self, LacunaContext *context, guint *ret_in_lanes)
{
  const LacunaConvForm *form = &self->form;
  const LacunaTuning *tuning = lacuna_context_get_tuning (context);
  guint64 local_memory = lacuna_device_get_local_memory (lacuna_context_get_device (context)) / (36 * sizeof (float));
  guint lanes = lacuna_conv_get_lanes (form->out, tuning->lanes);
  guint in_lanes = lacuna_conv_get_lanes (form->in, tuning->lanes), ob = tuning->vectors, slab, p, pitch;

  if (tuning->kernels != LACUNA_KERNELS_CPU || form->kernel != 2 * form->stride + 1 || lanes == 0 || in_lanes == 0)
    return FALSE;
  while (form->out % (ob * lanes) != 0)
    ob--;
  slab = count (count (form->in, count (form->in, SLAB)), in_lanes) * in_lanes;
  p = count (slab, count (slab, tuning->pixels));
  pitch = count (slab, p) * p;
  if (local_memory < pitch * ob * lanes)
    return FALSE;
  self->tiles = MIN (tuning->tiles, (local_memory - pitch * ob * lanes) / (pitch + ob * lanes));
  if (self->tiles < tuning->tiles / 2)
    return FALSE;
  self->lanes = lanes;
  self->ob = ob;
  self->p = p;
  self->slab = slab;
  *ret_in_lanes = in_lanes;
  return TRUE;
}

static gboolean
build_weight (LacunaConvGradient *self, LacunaContext *context, GError **error)
{
  g_autofree char *options = NULL, *winograd = NULL;
  guint in_lanes = 0;
  gboolean has_winograd;

  choose_tiling (self, lacuna_context_get_tuning (context));
  has_winograd = choose_winograd (self, context, &in_lanes);
  options = g_strdup_printf ("-DLANES=%u -DP=%u -DOB=%u", self->lanes, self->p, self->ob);
  if ((self->weight = lacuna_kernel_new (context, "conv-weight", "conv_weight", options, error)) == NULL
      || (self->sum_parts = lacuna_kernel_new (context, "conv-weight", "sum_parts", options, error)) == NULL)
    return FALSE;
  if (!has_winograd)
    return TRUE;
  winograd = g_strdup_printf ("%s -DIN_LANES=%u", options, in_lanes);
  return (self->winograd = lacuna_kernel_new (context, "winograd-weight", "winograd_weight", winograd, error)) != NULL
         && (self->zeros = lacuna_conv_upload (context, NULL, MAX (self->form.in, self->form.out), error)) != NULL;
}

LacunaConvGradient *
lacuna_conv_gradient_new (LacunaContext *context, const LacunaConvForm *form, guint wanted, GError **error)
{
  g_autoptr (LacunaConvGradient) self = g_new0 (LacunaConvGradient, 1);
  g_autofree char *slope = NULL;

  g_assert (wanted <= form->in);
  self->form = *form;
  self->wanted = wanted;
  if (!build_data (self, context, error) || !build_weight (self, context, error))
    return NULL;
  slope = g_strdup_printf ("-DLANES=%u", self->lanes);
  if ((self->slope = lacuna_kernel_new (context, "slope", "slope", slope, error)) == NULL
      || (self->sum_bias = lacuna_kernel_new (context, "slope", "sum_bias", slope, error)) == NULL)
    return NULL;
  return g_steal_pointer (&self);
}

void
lacuna_conv_gradient_free (LacunaConvGradient *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->zeros, lacuna_buffer_unref);
  g_clear_pointer (&self->data, lacuna_conv_free);
  g_clear_pointer (&self->transposed, lacuna_kernel_unref);
  g_clear_pointer (&self->pool, lacuna_kernel_unref);
  g_clear_pointer (&self->weight, lacuna_kernel_unref);
  g_clear_pointer (&self->winograd, lacuna_kernel_unref);
  g_clear_pointer (&self->sum_parts, lacuna_kernel_unref);
  g_clear_pointer (&self->slope, lacuna_kernel_unref);
  g_clear_pointer (&self->sum_bias, lacuna_kernel_unref);
  g_free (self);
}

/* Packs the weights for the gradient of the input: channels into and out of the layer change places, and at stride 1
 * the taps are turned too. */
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
lacuna_conv_gradient_activation (LacunaConvGradient *self, LacunaPool *pool, LacunaTensor *y, LacunaTensor *g,
                                 LacunaTensor *h, LacunaBuffer *gradient, gsize bias, GError **error)
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

  return lacuna_kernel_launch (self->transposed, count (pixels, self->data->tiling.p), count (self->wanted, block),
                               4 * gx->shape.n, error, TENSOR (h), INT (h->shape.height), INT (h->shape.width),
                               LACUNA_BUFFER_ARG (self->data->weight), LACUNA_BUFFER_ARG (self->data->no_bias),
                               TENSOR (gx), INT (height), INT (width), INT (form->out), INT (self->wanted),
                               INT (form->kernel), INT (lacuna_same_before (height, form->kernel, 2, 1)),
                               INT (lacuna_same_before (width, form->kernel, 2, 1)));
}

gboolean
lacuna_conv_gradient_input (LacunaConvGradient *self, LacunaPool *pool, LacunaTensor *h, LacunaTensor *gx,
                            GError **error)
{
  LacunaShape doubled = { h->shape.n, self->wanted, h->shape.height, h->shape.width };
  g_autoptr (LacunaTensor) full = NULL;

  g_assert (gx->shape.channels == self->wanted && h->shape.channels == self->form.out);
  if (self->form.upsample && (full = lacuna_pool_take (pool, doubled, error)) == NULL)
    return FALSE;
  if (lacuna_pool_is_planning (pool))
    return TRUE;
  if (self->transposed != NULL)
    return launch_transposed (self, h, gx, error);
  if (!self->form.upsample)
    return lacuna_conv_forward_linear (self->data, h, gx, error);
  return lacuna_conv_forward_linear (self->data, h, full, error)
         && lacuna_kernel_launch (self->pool, gx->shape.n * gx->shape.height, 1, 1, error,
                                  LACUNA_BUFFER_ARG (full->buffer), TENSOR (gx), INT (gx->shape.width),
                                  INT (self->wanted));
}

/* Sums the gradient of the weights up, in a pass over x and h, and in parts; with a planning pool it only takes their
 * tensor. */
static LacunaTensor *
sum_rows (LacunaConvGradient *self, LacunaPool *pool, LacunaTensor *x, LacunaTensor *h, gsize part, guint *ret_n_parts,
          GError **error)
{
  const LacunaConvForm *form = &self->form;
  guint scale = form->upsample ? 2 : 1, height = x->shape.height * scale, width = x->shape.width * scale;
  guint taps = form->kernel * form->kernel, n_blocks = count (form->out, self->ob * self->lanes);
  guint rows = h->shape.n * h->shape.height;
  guint chunk = CHUNK_BYTES / ((form->in * form->stride * form->stride + form->out) * h->shape.width * sizeof (float));
  guint n_parts = CLAMP (PARTS_BYTES / (part * sizeof (float)), 1, count (rows, MAX (chunk, 1)));
  g_autoptr (LacunaTensor) parts = NULL;

  chunk = count (rows, n_parts);
  *ret_n_parts = n_parts = count (rows, chunk);
  parts = take (pool, n_parts * part, error);
  if (parts == NULL)
    return NULL;
  if (!lacuna_pool_is_planning (pool)
      && !lacuna_kernel_launch (
          self->weight, taps * count (form->in, self->p), n_blocks, n_parts, error, TENSOR (x), INT (height),
          INT (width), TENSOR (h), INT (h->shape.height), INT (h->shape.width), LACUNA_BUFFER_ARG (parts->buffer),
          INT (form->in), INT (form->out), INT (form->kernel), INT (form->stride), INT (form->dilation),
          INT (form->upsample ? 1 : 0), INT (lacuna_same_before (height, form->kernel, form->stride, form->dilation)),
          INT (lacuna_same_before (width, form->kernel, form->stride, form->dilation)), INT (rows), INT (chunk)))
    return NULL;
  return g_steal_pointer (&parts);
}

/* Winograd's tiles along an axis of n outputs. */
static guint
count_tiles (LacunaConvGradient *self, guint n)
{
  return count (count (n, self->form.dilation), TILE);
}

static guint
get_n_tiles (LacunaConvGradient *self, LacunaShape shape)
{
  return shape.n * self->form.dilation * self->form.dilation * count_tiles (self, shape.height)
         * count_tiles (self, shape.width);
}

/* The same pass as sum_rows, by Winograd's tiles. */
static LacunaTensor *
sum_tiles (LacunaConvGradient *self, LacunaPool *pool, LacunaTensor *x, LacunaTensor *h, gsize part, guint *ret_n_parts,
           GError **error)
{
  const LacunaConvForm *form = &self->form;
  guint scale = form->upsample ? 2 : 1, height = x->shape.height * scale, width = x->shape.width * scale;
  guint step = form->dilation, n_tiles = get_n_tiles (self, h->shape);
  guint block = self->ob * self->lanes, pitch = count (self->slab, self->p) * self->p;
  guint n_parts = CLAMP (PARTS_BYTES / (part * sizeof (float)), 1, count (n_tiles, ROUNDS * self->tiles));
  guint chunk = count (count (n_tiles, n_parts), self->tiles) * self->tiles, stride = form->stride;
  gsize frequencies = 36 * sizeof (float);
  g_autoptr (LacunaTensor) parts = NULL;

  *ret_n_parts = n_parts = count (n_tiles, chunk);
  parts = take (pool, n_parts * part, error);
  if (parts == NULL)
    return NULL;
  if (!lacuna_pool_is_planning (pool)
      && !lacuna_kernel_launch (
          self->winograd, stride * stride * count (form->in, self->slab), form->out / block, n_parts, error, TENSOR (x),
          INT (height), INT (width), TENSOR (h), INT (h->shape.height), INT (h->shape.width),
          LACUNA_BUFFER_ARG (self->zeros), LACUNA_BUFFER_ARG (parts->buffer), INT (form->in), INT (self->slab),
          INT (form->kernel), INT (stride), INT (step), INT (form->upsample ? 1 : 0),
          INT (stride == 2 ? lacuna_same_before (height, form->kernel, 2, 1) - 1 : 0),
          INT (stride == 2 ? lacuna_same_before (width, form->kernel, 2, 1) - 1 : 0),
          INT (count_tiles (self, h->shape.height)), INT (count_tiles (self, h->shape.width)), INT (n_tiles),
          INT (chunk), INT (self->tiles), LACUNA_LOCAL_ARG (frequencies * self->tiles * pitch),
          LACUNA_LOCAL_ARG (frequencies * self->tiles * block), LACUNA_LOCAL_ARG (frequencies * pitch * block)))
    return NULL;
  return g_steal_pointer (&parts);
}

gboolean
lacuna_conv_gradient_weight (LacunaConvGradient *self, LacunaPool *pool, LacunaTensor *x, LacunaTensor *h,
                             LacunaBuffer *gradient, gsize weight, GError **error)
{
  const LacunaConvForm *form = &self->form;
  guint taps = form->kernel * form->kernel, block = self->ob * self->lanes, n_blocks = count (form->out, block);
  gsize part = (gsize) n_blocks * block * taps * form->in;
  guint n_parts;
  /* Winograd's tiles would be empty for the most part where the map is small beside the dilation. */
  gboolean tiled
      = self->winograd != NULL && get_n_tiles (self, h->shape) * TILE * TILE <= 2 * lacuna_shape_get_pixels (h->shape);
  g_autoptr (LacunaTensor) parts = tiled ? sum_tiles (self, pool, x, h, part, &n_parts, error)
                                         : sum_rows (self, pool, x, h, part, &n_parts, error);

  if (parts == NULL)
    return FALSE;
  return lacuna_pool_is_planning (pool)
         || lacuna_kernel_launch (self->sum_parts, count (form->in, LACUNA_SUM_CHANNELS), n_blocks, 1, error,
                                  LACUNA_BUFFER_ARG (parts->buffer), LACUNA_BUFFER_ARG (gradient), INT (weight),
                                  INT (form->in), INT (form->out), INT (taps), INT (n_parts));
}
