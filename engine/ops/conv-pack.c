/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/ops/conv-private.h"
#include "engine/ops/winograd.h"

static gboolean
prepare_pack (LacunaConv *self, LacunaContext *context, GError **error)
{
  const LacunaConvTiling *tiling = &self->tiling;
  g_autofree char *options
      = g_strdup_printf ("-DLANES=%u -DP=1 -DOB=%u -DCOLUMNS=%u", tiling->lanes, tiling->ob, tiling->columns);
  const char *entry = tiling->winograd ? "pack_winograd" : "pack_direct";

  self->pack = lacuna_kernel_new (context, "pack", entry, options, error);
  if (self->pack == NULL)
    return FALSE;
  if (tiling->winograd)
    {
      gsize n;
      g_autofree float *transforms = lacuna_winograd_get_transforms (&self->form, &n);

      self->transforms = lacuna_conv_upload (context, transforms, n, error);
      return self->transforms != NULL;
    }
  return TRUE;
}

static LacunaConv *
new_learning (LacunaContext *context, const LacunaConvForm *form, gboolean transposed, GError **error)
{
  g_autoptr (LacunaConv) self = lacuna_conv_new_bare (context, form, TRUE, transposed, error);

  if (self == NULL || !prepare_pack (self, context, error))
    return NULL;
  self->weight = lacuna_conv_upload (context, NULL, lacuna_conv_get_packed_size (self), error);
  if (self->weight == NULL)
    return NULL;
  self->bias = lacuna_conv_upload (context, NULL, lacuna_conv_get_bias_size (self), error);
  if (self->bias == NULL)
    return NULL;
  self->no_bias = lacuna_conv_upload (context, NULL, lacuna_conv_get_bias_size (self), error);
  if (self->no_bias == NULL)
    return NULL;
  return g_steal_pointer (&self);
}

LacunaConv *
lacuna_conv_new_learning (LacunaContext *context, const LacunaConvForm *form, GError **error)
{
  return new_learning (context, form, FALSE, error);
}

LacunaConv *
lacuna_conv_new_transposed (LacunaContext *context, const LacunaConvForm *form, GError **error)
{
  return new_learning (context, form, TRUE, error);
}

gboolean
lacuna_conv_pack (LacunaConv *self, const LacunaConvSource *source, GError **error)
{
  const LacunaConvForm *form = &self->form;
  guint block = lacuna_conv_tiling_get_block (&self->tiling), n_blocks = (form->out + block - 1) / block;
  LacunaConvPhases phases = lacuna_conv_get_phases (self);
  gint32 bias = source->bias != G_MAXSIZE ? (gint32) source->bias : -1;

  if (self->tiling.winograd)
    return lacuna_kernel_launch (
        self->pack, (phases == LACUNA_CONV_X_IN_PHASES ? 4 : 1) * form->in,
        (phases == LACUNA_CONV_Y_IN_PHASES ? 4 : 1) * n_blocks, form->upsample ? 4 : 1, error,
        LACUNA_BUFFER_ARG (source->values), LACUNA_INT_ARG (source->weight), LACUNA_INT_ARG (source->out_step),
        LACUNA_INT_ARG (source->in_step), LACUNA_INT_ARG (source->turned), LACUNA_INT_ARG (bias),
        LACUNA_BUFFER_ARG (self->transforms), LACUNA_BUFFER_ARG (self->weight), LACUNA_BUFFER_ARG (self->bias),
        LACUNA_INT_ARG (form->upsample ? 5 : 6), LACUNA_INT_ARG (form->kernel), LACUNA_INT_ARG (phases),
        LACUNA_INT_ARG (form->in), LACUNA_INT_ARG (form->out));
  return lacuna_kernel_launch (self->pack, form->kernel * form->kernel, n_blocks, 1, error,
                               LACUNA_BUFFER_ARG (source->values), LACUNA_INT_ARG (source->weight),
                               LACUNA_INT_ARG (source->out_step), LACUNA_INT_ARG (source->in_step),
                               LACUNA_INT_ARG (source->turned), LACUNA_INT_ARG (bias), LACUNA_BUFFER_ARG (self->weight),
                               LACUNA_BUFFER_ARG (self->bias), LACUNA_INT_ARG (form->in), LACUNA_INT_ARG (form->out));
}

gboolean
lacuna_conv_forward_linear (LacunaConv *self, LacunaTensor *x, LacunaTensor *y, GError **error)
{
  LacunaArea area = lacuna_area_of (self->transposed ? x->shape : y->shape);

  return lacuna_conv_launch (self, x, y, area, self->no_bias, LACUNA_ACTIVATION_NONE, error);
}
