/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/ops/conv-form.h"

#include "engine/ops/padding.h"

gboolean
lacuna_conv_form_is_gated (const LacunaConvForm *form)
{
  return form->activation == LACUNA_ACTIVATION_GATED_ELU || form->activation == LACUNA_ACTIVATION_GATED_RELU;
}

guint
lacuna_conv_form_get_sums (const LacunaConvForm *form)
{
  return lacuna_conv_form_is_gated (form) ? 2 * form->out : form->out;
}

LacunaShape
lacuna_conv_form_get_output (const LacunaConvForm *form, LacunaShape in)
{
  guint scale = form->upsample ? 2 : 1;

  return (LacunaShape){ in.n, form->out, lacuna_same_size (in.height * scale, form->stride),
                        lacuna_same_size (in.width * scale, form->stride) };
}

/* First and end of what an axis' outputs first … end-1 see, on the input's own scale. */
static void
get_seen (const LacunaConvForm *form, guint size, guint first, guint end, gint *ret_first, gint *ret_end)
{
  guint scale = form->upsample ? 2 : 1;
  gint before = (gint) lacuna_same_before (size * scale, form->kernel, form->stride, form->dilation);

  *ret_first = MAX ((gint) (first * form->stride) - before, 0) / (gint) scale;
  *ret_end = ((gint) ((end - 1) * form->stride + form->dilation * (form->kernel - 1)) - before) / (gint) scale + 1;
}

LacunaArea
lacuna_conv_form_get_seen (const LacunaConvForm *form, LacunaShape in, LacunaArea area)
{
  gint top, left, bottom, right;

  get_seen (form, in.height, area.y, area.y + area.height, &top, &bottom);
  get_seen (form, in.width, area.x, area.x + area.width, &left, &right);
  return lacuna_area_clip (top, left, bottom, right, in);
}
