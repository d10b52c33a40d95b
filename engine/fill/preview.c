/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/fill/preview.h"

#include "engine/fill/plan.h"
#include "engine/weights/models.h"
#include "engine/weights/weights.h"

GPtrArray *
lacuna_fill_preview (LacunaPhoto *photo, LacunaMask *mask, const char *model, char **ret_path, GError **error)
{
  g_autofree char *path = lacuna_models_find (model, error);
  g_autoptr (LacunaWeights) weights = path != NULL ? lacuna_weights_load (path, error) : NULL;
  GPtrArray *regions = NULL;

  if (weights != NULL)
    regions = lacuna_plan_new (photo, mask, lacuna_plan_get_trained_side (weights), 0, error);
  if (regions != NULL)
    *ret_path = g_steal_pointer (&path);
  return regions;
}
