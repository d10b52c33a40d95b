/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n.h>

#include "app/view/attention/explanation-private.h"

/* Saves the numbers that the attention pane draws, as a NumPy array. */

static const LacunaRegion *
get_region (LacunaExplanation *self)
{
  return lacuna_fill_get_region (self->fill, self->region);
}

static gboolean
has_attention (const LacunaRegion *region)
{
  g_autoptr (GBytes) attention = lacuna_region_dup_array (region, LACUNA_REGION_ATTENTION);

  return attention != NULL;
}

gboolean
lacuna_explanation_check_fill (LacunaExplanation *self, const char *path, GError **error)
{
  if (self->fill != NULL && lacuna_fill_get_n_regions (self->fill) > 0
      && (!lacuna_explanation_is_asking (self) || self->weights != NULL)
      && (self->mode != LACUNA_ATTENTION_CONFIDENCE || lacuna_explanation_get_trust (self, self->region) != NULL)
      && (!lacuna_explanation_is_asking (self) || has_attention (get_region (self))))
    return TRUE;
  g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_EMPTY,
               _ ("“%s” was not written: there is no attention to export. Fill, and point at what was filled."), path);
  return FALSE;
}

/* Returns the numbers that are drawn: in the mode of steps those of the step if they were kept, else the shares. */
static const float *
get_values (LacunaExplanation *self)
{
  const float *values
      = self->mode == LACUNA_ATTENTION_STEPS ? lacuna_attention_query_get_values (self->query, self->step) : NULL;

  return values != NULL ? values : self->weights;
}

gboolean
lacuna_explanation_save_array (LacunaExplanation *self, const char *path, GError **error)
{
  const LacunaRegion *region;
  const guint8 *hole;
  g_autofree float *flow = NULL;
  gsize dims[3];

  if (!lacuna_explanation_check_fill (self, path, error))
    return FALSE;
  region = get_region (self);
  hole = g_array_index (self->maps, Maps, self->region).hole;
  dims[0] = lacuna_region_get_grid_height (region);
  dims[1] = lacuna_region_get_grid_width (region);
  dims[2] = 2;
  if (lacuna_explanation_is_asking (self))
    return lacuna_npy_save (path, get_values (self), 2, dims, error);
  if (self->mode == LACUNA_ATTENTION_CONFIDENCE)
    {
      dims[0] = lacuna_region_get_hole (region)->height;
      dims[1] = lacuna_region_get_hole (region)->width;
      return lacuna_npy_save (path, lacuna_explanation_get_trust (self, self->region), 2, dims, error);
    }
  flow = lacuna_explain_flow (region, hole);
  return lacuna_npy_save (path, flow, 3, dims, error);
}
