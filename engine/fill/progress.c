/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/fill/progress.h"

G_DEFINE_BOXED_TYPE (LacunaFillOptions, lacuna_fill_options, lacuna_fill_options_copy, lacuna_fill_options_free)
G_DEFINE_BOXED_TYPE (LacunaFillProgress, lacuna_fill_progress, lacuna_fill_progress_copy, lacuna_fill_progress_free)

LacunaFillOptions *
lacuna_fill_options_new (void)
{
  return g_new0 (LacunaFillOptions, 1);
}

LacunaFillOptions *
lacuna_fill_options_copy (const LacunaFillOptions *self)
{
  LacunaFillOptions *copy = g_new (LacunaFillOptions, 1);

  *copy = *self;
  copy->model = g_strdup (self->model);
  if (copy->avoid != NULL)
    lacuna_mask_ref (copy->avoid);
  if (copy->prefer != NULL)
    lacuna_mask_ref (copy->prefer);
  if (copy->lines != NULL)
    g_variant_ref_sink (copy->lines);
  return copy;
}

void
lacuna_fill_options_free (LacunaFillOptions *self)
{
  g_free ((char *) self->model);
  g_clear_pointer (&self->avoid, lacuna_mask_unref);
  g_clear_pointer (&self->prefer, lacuna_mask_unref);
  g_clear_pointer (&self->lines, g_variant_unref);
  g_free (self);
}

static void
set_mask (LacunaMask **mask, LacunaMask *value)
{
  if (value != NULL)
    lacuna_mask_ref (value);
  lacuna_mask_unref (*mask);
  *mask = value;
}

void
lacuna_fill_options_set_avoid (LacunaFillOptions *self, LacunaMask *avoid)
{
  set_mask (&self->avoid, avoid);
}

void
lacuna_fill_options_set_prefer (LacunaFillOptions *self, LacunaMask *prefer, double strength)
{
  set_mask (&self->prefer, prefer);
  self->strength = strength;
}

void
lacuna_fill_options_set_lines (LacunaFillOptions *self, GVariant *lines)
{
  if (lines != NULL)
    g_variant_ref_sink (lines);
  g_clear_pointer (&self->lines, g_variant_unref);
  self->lines = lines;
}

LacunaFillProgress *
lacuna_fill_progress_copy (const LacunaFillProgress *self)
{
  LacunaFillProgress *copy = g_new (LacunaFillProgress, 1);

  *copy = *self;
  if (copy->result != NULL)
    lacuna_region_ref (copy->result);
  copy->note = g_strdup (self->note);
  return copy;
}

void
lacuna_fill_progress_free (LacunaFillProgress *self)
{
  lacuna_region_unref (self->result);
  g_free (self->note);
  g_free (self);
}
