/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <math.h>

#include "engine/lacuna.h"

/* The softmax of a query's scores after the propagation, as Yu et al. 2018 scale it, which keys that are not free take part
 * in with a logit of 0 and are left out of: what lacuna_explain_shares() has to be. */
static inline float *
shares_make (const LacunaRegion *region, int query)
{
  int n = lacuna_region_get_grid_width (region) * lacuna_region_get_grid_height (region);
  g_autofree float *keys = lacuna_explain_keys (region);
  float *shares = lacuna_explain_propagation (region, query);
  double total = 0, largest = -INFINITY;

  for (int key = 0; key < n; key++)
    {
      shares[key] *= 10 * keys[key];
      largest = MAX (largest, shares[key]);
    }
  for (int key = 0; key < n; key++)
    total += exp (shares[key] - largest);
  for (int key = 0; key < n; key++)
    shares[key] = keys[key] > 0 ? exp (shares[key] - largest) / total : 0;
  return shares;
}
