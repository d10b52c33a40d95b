/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A convolution with its weights on one device: chooses program and tile sizes, packs the weights as that program reads
 * them, and launches it. The tiling is chosen once, and the layout of weights and biases follows from it; in a gated
 * layer each vector holds features and then their gates. A layer owns its kernels and buffers, and borrows tensors for
 * a launch. It runs on the thread that uses the context: the engine's, or a command's main thread. */
#include "engine/ops/conv.h"

#include <glib/gi18n-lib.h>

#include "engine/cl/device-limits.h"
#include "engine/error.h"
#include "engine/ops/conv-private.h"
#include "engine/ops/padding.h"
#include "engine/ops/winograd.h"

#define SLAB 64                   /* most input channels at a time of a layer with maps in phases */
#define BLOCKS 4                  /* most blocks of output channels of such a layer */
#define PHASES_BYTES (20 << 20)   /* most that its weights take: more, and they take longer to read than to multiply */

guint
lacuna_conv_get_lanes (guint channels, guint most)
{
  guint lanes = most;

  while (lanes >= 4 && channels % lanes != 0)
    lanes /= 2;
  return lanes >= 4 ? lanes : 0;
}

/* Returns the most channels at a time that divide them. */
static guint
choose_slab (const LacunaConvForm *form, guint in_lanes)
{
  guint slab = form->in;

  for (guint n = 1; form->stride == 2 && slab > SLAB; n++)
    if (form->in % (n * in_lanes) == 0)
      slab = form->in / n;
  return slab;
}

/* 3×3 at stride 1; while it learns, also 5×5 at stride 2. */
static gboolean
is_winograds (const LacunaConvForm *form, gboolean learning)
{
  if (form->stride == 1)
    return form->kernel == 3;
  return learning && form->kernel == 5 && (gsize) form->in * form->out * 4 * 36 * sizeof (float) <= PHASES_BYTES;
}

/* How many blocks of output channels a work-group computes at a time. Where input channels come in several slabs these
 * are as many as the products of all tiles have room for, so that the inputs are seldom transformed again. 0 means that
 * it computes all of them, one after the other. */
static guint
choose_blocks (const LacunaConvForm *form, const LacunaConvTiling *tiling, gboolean transposed, guint tiles,
               guint64 local_memory)
{
  guint block = lacuna_conv_tiling_get_block (tiling), n = form->out / block * (transposed ? 4 : 1), blocks = BLOCKS;

  if (form->stride == 1 || (transposed && tiling->slab == form->in))
    return 0;
  while (n % blocks != 0
         || (blocks > 1 && tiles * lacuna_winograd_get_tile_bytes (form, tiling->slab, blocks * block) > local_memory))
    blocks--;
  return blocks;
}

/* FALSE where vectors don't divide the channels, or no tile fits. */
static gboolean
choose_winograd (const LacunaConvForm *form, LacunaContext *context, gboolean learning, gboolean transposed,
                 LacunaConvTiling *ret_tiling)
{
  const LacunaTuning *tuning = lacuna_context_get_tuning (context);
  guint64 local_memory = lacuna_device_get_local_memory (lacuna_context_get_device (context));
  LacunaConvTiling tiling = { .program = "winograd", .winograd = TRUE, .p = tuning->pixels, .rows = 1, .columns = 1 };
  guint block, sums = lacuna_conv_form_get_sums (form);

  tiling.lanes = lacuna_conv_get_lanes (sums, tuning->lanes);
  tiling.in_lanes = lacuna_conv_get_lanes (form->in, tuning->lanes);
  if (!is_winograds (form, learning) || tiling.lanes == 0 || tiling.in_lanes == 0)
    return FALSE;
  tiling.ob = tuning->vectors;
  while (sums % (tiling.ob * tiling.lanes) != 0)
    tiling.ob--;
  tiling.slab = choose_slab (form, tiling.in_lanes);
  tiling.blocks = choose_blocks (form, &tiling, transposed, tuning->tiles, local_memory);
  block = lacuna_conv_tiling_get_block (&tiling) * MAX (tiling.blocks, 1);
  tiling.t = MIN (tuning->tiles, local_memory / lacuna_winograd_get_tile_bytes (form, tiling.slab, block));
  tiling.t = tiling.t / tiling.p * tiling.p;
  *ret_tiling = tiling;
  return tiling.t > 0;
}

static LacunaConvTiling
choose_tiling (const LacunaConvForm *form, LacunaContext *context, gboolean learning, gboolean transposed)
{
  const LacunaTuning *tuning = lacuna_context_get_tuning (context);
  const guint sums = lacuna_conv_form_get_sums (form);
  LacunaConvTiling tiling;

  if (tuning->kernels == LACUNA_KERNELS_CPU && choose_winograd (form, context, learning, transposed, &tiling))
    return tiling;
  tiling
      = (LacunaConvTiling){ .program = "conv", .p = tuning->pixels, .lanes = tuning->lanes, .rows = 1, .columns = 1 };
  while (tiling.lanes > 4 && sums <= tiling.lanes / 2)
    tiling.lanes /= 2;
  tiling.ob = MIN (tuning->vectors, (sums + tiling.lanes - 1) / tiling.lanes);
  if (tuning->kernels == LACUNA_KERNELS_GPU)
    {
      tiling.program = "conv-gpu";
      tiling.rows = tuning->rows;
      tiling.columns = tuning->columns;
      while (tiling.columns > 1 && sums <= lacuna_conv_tiling_get_block (&tiling) / 2)
        tiling.columns /= 2;
    }
  return tiling;
}

/* Channels and sizes are arguments, so that a handful of programs serves all layers. */
static LacunaKernel *
build_kernel (LacunaContext *context, const LacunaConvForm *form, const LacunaConvTiling *tiling, GError **error)
{
  g_autoptr (GString) options = g_string_new (NULL);

  g_string_printf (options, "-DLANES=%u -DP=%u -DOB=%u", tiling->lanes, tiling->p, tiling->ob);
  if (lacuna_conv_form_is_gated (form))
    g_string_append_printf (options, " -DMADE=%u", tiling->lanes / 2);
  if (tiling->winograd)
    g_string_append_printf (options, " -DTAPS=%d -DIN_LANES=%u", form->upsample ? 2 : 3, tiling->in_lanes);
  if (lacuna_context_get_tuning (context)->kernels == LACUNA_KERNELS_GPU)
    g_string_append_printf (options, " -DROWS=%u -DCOLUMNS=%u -DDEPTH=%u", tiling->rows, tiling->columns,
                            lacuna_context_get_tuning (context)->depth);
  return lacuna_kernel_new (context, tiling->program, tiling->winograd ? "winograd" : "conv", options->str, error);
}

/* Rows of n floats, of features and then of their gates, to vectors of both; zeros where there are too few. */
static float *
interleave (LacunaConv *self, const float *rows, gsize n)
{
  const guint lanes = self->tiling.lanes, half = lanes / 2, sums = lacuna_conv_get_sums (self);
  float *to = g_try_new0 (float, sums *n);

  for (guint i = 0; to != NULL && i < sums; i++)
    {
      const guint channel = i / lanes * half + i % half, row = channel + (i % lanes < half ? 0 : self->form.out);

      if (channel < self->form.out)
        memcpy (to + i * n, rows + row * n, n * sizeof (float));
    }
  return to;
}

/* out×in×kernel×kernel to [out/block][kernel²][in][block], the last block filled with zeros. */
static float *
pack_direct (const LacunaConvForm *form, guint block, const float *weight, gsize *ret_n)
{
  gsize taps = (gsize) form->kernel * form->kernel;
  gsize n_blocks = (form->out + block - 1) / block;
  float *packed = g_try_new0 (float, n_blocks *taps * form->in * block);

  if (packed == NULL)
    return NULL;
  for (gsize o = 0; o < form->out; o++)
    for (gsize c = 0; c < form->in; c++)
      for (gsize tap = 0; tap < taps; tap++)
        packed[((o / block * taps + tap) * form->in + c) * block + o % block] = weight[(o * form->in + c) * taps + tap];
  *ret_n = n_blocks * taps * form->in * block;
  return packed;
}

LacunaBuffer *
lacuna_conv_upload (LacunaContext *context, const float *values, gsize n, GError **error)
{
  g_autoptr (LacunaBuffer) buffer = lacuna_buffer_new (context, n * sizeof (float), error);
  g_autofree float *zeros = values == NULL ? g_try_new0 (float, n) : NULL;

  if (values == NULL && zeros == NULL)
    {
      lacuna_error_set_memory (error, _ ("weights"));
      return NULL;
    }
  if (buffer == NULL || !lacuna_buffer_write (buffer, 0, values != NULL ? values : zeros, n * sizeof (float), error))
    return NULL;
  return g_steal_pointer (&buffer);
}

guint
lacuna_conv_get_sums (LacunaConv *self)
{
  const guint lanes = self->tiling.lanes, half = lanes / 2;

  return lacuna_conv_form_is_gated (&self->form) ? (self->form.out + half - 1) / half * lanes : self->form.out;
}

static guint
get_n_blocks (LacunaConv *self)
{
  const guint block = lacuna_conv_tiling_get_block (&self->tiling);

  return (lacuna_conv_get_sums (self) + block - 1) / block;
}

gsize
lacuna_conv_get_packed_size (LacunaConv *self)
{
  const LacunaConvForm *form = &self->form;
  gsize n_products = form->kernel * form->kernel;

  if (self->tiling.winograd)
    n_products = form->upsample ? 4 * 25 : form->stride * form->stride * 36;
  return (gsize) get_n_blocks (self) * lacuna_conv_tiling_get_block (&self->tiling) * form->in * n_products;
}

guint
lacuna_conv_get_bias_size (LacunaConv *self)
{
  return get_n_blocks (self) * lacuna_conv_tiling_get_block (&self->tiling) + self->form.kernel * self->form.in;
}

LacunaConvPhases
lacuna_conv_get_phases (LacunaConv *self)
{
  if (!self->tiling.winograd || self->form.stride == 1)
    return LACUNA_CONV_WHOLE;
  return self->transposed ? LACUNA_CONV_Y_IN_PHASES : LACUNA_CONV_X_IN_PHASES;
}

LacunaConv *
lacuna_conv_new_bare (LacunaContext *context, const LacunaConvForm *form, gboolean learning, gboolean transposed,
                      GError **error)
{
  g_autoptr (LacunaConv) self = g_new0 (LacunaConv, 1);
  LacunaDevice *device = lacuna_context_get_device (context);

  g_assert (!form->upsample || (form->kernel == 3 && form->stride == 1 && form->dilation == 1));
  self->form = *form;
  self->transposed = transposed;
  self->tiling = choose_tiling (form, context, learning, transposed);
  self->compute_units = MAX (lacuna_device_get_compute_units (device), 1);
  self->kernel = build_kernel (context, form, &self->tiling, error);
  if (self->kernel == NULL)
    return NULL;
  return g_steal_pointer (&self);
}

/* weight and bias: of all sums, in the order of the kernel's vectors. */
static gboolean
set_weights (LacunaConv *self, LacunaContext *context, const float *weight, const float *bias, GError **error)
{
  const guint block = lacuna_conv_tiling_get_block (&self->tiling), n_bias = lacuna_conv_get_bias_size (self);
  LacunaConvForm form = self->form;
  gsize n_packed;
  g_autofree float *packed = NULL;
  g_autofree float *padded_bias = g_new0 (float, n_bias);

  form.out = lacuna_conv_get_sums (self);
  packed = self->tiling.winograd ? lacuna_winograd_pack (&form, block, weight, &n_packed)
                                 : pack_direct (&form, block, weight, &n_packed);
  if (packed == NULL)
    {
      lacuna_error_set_memory (error, _ ("weights"));
      return FALSE;
    }
  self->weight = lacuna_conv_upload (context, packed, n_packed, error);
  if (self->weight == NULL)
    return FALSE;
  memcpy (padded_bias, bias, form.out * sizeof (float));
  self->bias = lacuna_conv_upload (context, padded_bias, n_bias, error);
  return self->bias != NULL;
}

LacunaConv *
lacuna_conv_new (LacunaContext *context, const LacunaConvForm *form, const float *weight, const float *bias,
                 GError **error)
{
  g_autoptr (LacunaConv) self = lacuna_conv_new_bare (context, form, FALSE, FALSE, error);
  g_autofree float *weights = NULL, *biases = NULL;

  if (self == NULL)
    return NULL;
  if (lacuna_conv_form_is_gated (form))
    {
      weights = interleave (self, weight, (gsize) form->in * form->kernel * form->kernel);
      biases = interleave (self, bias, 1);
      if (weights == NULL || biases == NULL)
        {
          lacuna_error_set_memory (error, _ ("weights"));
          return NULL;
        }
      weight = weights;
      bias = biases;
    }
  if (!set_weights (self, context, weight, bias, error))
    return NULL;
  return g_steal_pointer (&self);
}

void
lacuna_conv_free (LacunaConv *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->kernel, lacuna_kernel_unref);
  g_clear_pointer (&self->pack, lacuna_kernel_unref);
  g_clear_pointer (&self->transforms, lacuna_buffer_unref);
  g_clear_pointer (&self->weight, lacuna_buffer_unref);
  g_clear_pointer (&self->bias, lacuna_buffer_unref);
  g_clear_pointer (&self->no_bias, lacuna_buffer_unref);
  g_free (self);
}

static gboolean
forward_direct (LacunaConv *self, LacunaTensor *x, LacunaTensor *y, LacunaArea area, LacunaBuffer *bias,
                LacunaActivation activation, GError **error)
{
  const LacunaConvForm *form = &self->form;
  guint scale = form->upsample ? 2 : 1, height = x->shape.height * scale, width = x->shape.width * scale;
  guint pixels = area.height * area.width;
  guint tile = self->tiling.p * self->tiling.rows;

  return lacuna_kernel_launch (
      self->kernel, (pixels + tile - 1) / tile, get_n_blocks (self), x->shape.n, error, LACUNA_BUFFER_ARG (x->buffer),
      LACUNA_INT_ARG (x->offset), LACUNA_INT_ARG (x->stride), LACUNA_INT_ARG (height), LACUNA_INT_ARG (width),
      LACUNA_BUFFER_ARG (self->weight), LACUNA_BUFFER_ARG (bias), LACUNA_BUFFER_ARG (y->buffer),
      LACUNA_INT_ARG (y->offset), LACUNA_INT_ARG (y->stride), LACUNA_INT_ARG (y->shape.height),
      LACUNA_INT_ARG (y->shape.width), LACUNA_AREA_ARG (area), LACUNA_INT_ARG (form->in), LACUNA_INT_ARG (form->out),
      LACUNA_INT_ARG (form->kernel), LACUNA_INT_ARG (form->stride), LACUNA_INT_ARG (form->dilation),
      LACUNA_INT_ARG (form->upsample ? 1 : 0), LACUNA_INT_ARG (activation),
      LACUNA_INT_ARG (lacuna_same_before (height, form->kernel, form->stride, form->dilation)),
      LACUNA_INT_ARG (lacuna_same_before (width, form->kernel, form->stride, form->dilation)));
}

/* Chooses the tiles of a work-group: a multiple of p up to t such that the last round of groups over the compute units
 * is as full as can be; the larger of equals, which reads the weights less often. */
static guint
choose_tiles (LacunaConv *self, guint n_tiles, guint n_others)
{
  guint best = self->tiling.p, least = G_MAXUINT;

  for (guint tiles = self->tiling.p; tiles <= self->tiling.t; tiles += self->tiling.p)
    {
      guint groups = (n_tiles + tiles - 1) / tiles * n_others;
      guint time = (groups + self->compute_units - 1) / self->compute_units * tiles;

      if (time <= least)
        {
          best = tiles;
          least = time;
        }
    }
  return best;
}

/* Returns by how many elements phase 0 of an axis of n elements at stride 2 begins before it. */
static guint
get_shift (LacunaConv *self, guint n)
{
  return self->form.stride == 2 ? lacuna_same_before (n, self->form.kernel, 2, 1) - 1 : 0;
}

static gboolean
forward_winograd (LacunaConv *self, LacunaTensor *x, LacunaTensor *y, LacunaArea wanted, LacunaBuffer *bias,
                  LacunaActivation activation, GError **error)
{
  gboolean upsample = self->form.upsample;
  guint step = upsample ? 2 : self->form.dilation, phases = upsample ? 4 : 1;
  guint stride = self->transposed ? 1 : self->form.stride, spread = self->transposed ? self->form.stride : 1;
  guint sub_maps = upsample ? 1 : step * step, block = lacuna_conv_tiling_get_block (&self->tiling);
  guint odd_y = upsample ? wanted.y % 2 : 0, odd_x = upsample ? wanted.x % 2 : 0;
  LacunaArea seen = self->transposed ? wanted : lacuna_conv_form_get_seen (&self->form, x->shape, wanted);
  LacunaArea area = { wanted.y - odd_y, wanted.x - odd_x, wanted.height + odd_y, wanted.width + odd_x };
  LacunaShape full = self->transposed ? y->shape : x->shape;
  guint rows = ((area.height + step - 1) / step + 3) / 4, columns = ((area.width + step - 1) / step + 3) / 4;
  guint n_tiles = rows * columns * sub_maps * x->shape.n, n_blocks = spread * spread * get_n_blocks (self);
  guint blocks = self->tiling.blocks > 0 ? self->tiling.blocks : n_blocks, groups = n_blocks / blocks;
  guint tiles = choose_tiles (self, n_tiles, phases * groups);
  gsize scratch = (gsize) tiles * (upsample ? 25 : 36) * sizeof (float);

  return lacuna_kernel_launch (
      self->kernel, (n_tiles + tiles - 1) / tiles, phases, groups, error, LACUNA_BUFFER_ARG (x->buffer),
      LACUNA_INT_ARG (x->offset), LACUNA_INT_ARG (x->stride), LACUNA_INT_ARG (x->shape.height),
      LACUNA_INT_ARG (x->shape.width), LACUNA_AREA_ARG (seen), LACUNA_BUFFER_ARG (self->weight),
      LACUNA_BUFFER_ARG (bias), LACUNA_BUFFER_ARG (y->buffer), LACUNA_INT_ARG (y->offset), LACUNA_INT_ARG (y->stride),
      LACUNA_INT_ARG (y->shape.height), LACUNA_INT_ARG (y->shape.width), LACUNA_AREA_ARG (area),
      LACUNA_INT_ARG (self->form.in), LACUNA_INT_ARG (self->tiling.slab), LACUNA_INT_ARG (self->form.out),
      LACUNA_INT_ARG (blocks), LACUNA_INT_ARG (stride), LACUNA_INT_ARG (spread),
      LACUNA_INT_ARG (get_shift (self, full.height)), LACUNA_INT_ARG (get_shift (self, full.width)),
      LACUNA_INT_ARG (step), LACUNA_INT_ARG (activation), LACUNA_INT_ARG (rows), LACUNA_INT_ARG (columns),
      LACUNA_INT_ARG (n_tiles), LACUNA_INT_ARG (tiles), LACUNA_LOCAL_ARG (scratch * self->tiling.slab),
      LACUNA_LOCAL_ARG (scratch * block * MAX (self->tiling.blocks, 1)));
}

gboolean
lacuna_conv_launch (LacunaConv *self, LacunaTensor *x, LacunaTensor *y, LacunaArea area, LacunaBuffer *bias,
                    LacunaActivation activation, GError **error)
{
  g_assert (x->shape.channels == self->form.in && y->shape.channels == self->form.out);
  return self->tiling.winograd ? forward_winograd (self, x, y, area, bias, activation, error)
                               : forward_direct (self, x, y, area, bias, activation, error);
}

gboolean
lacuna_conv_forward_area (LacunaConv *self, LacunaTensor *x, LacunaTensor *y, LacunaArea area, GError **error)
{
  return lacuna_conv_launch (self, x, y, area, self->bias, self->form.activation, error);
}

gboolean
lacuna_conv_forward (LacunaConv *self, LacunaTensor *x, LacunaTensor *y, GError **error)
{
  return lacuna_conv_forward_area (self, x, y, lacuna_area_of (y->shape), error);
}
