/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/network/areas.h"

/* Fills in what is wanted of every layer of a branch. in: the branch's input. Returns what is wanted of that. */
static LacunaArea
find_branch (LacunaAreas *self, LacunaNetwork network, LacunaBranch branch, LacunaShape in, LacunaArea wanted)
{
  guint first = lacuna_branch_get_first (branch), end = lacuna_branch_get_first (branch + 1);
  LacunaShape shapes[LACUNA_N_LAYERS + 1] = { [0] = in };

  for (guint i = first; i < end; i++)
    {
      LacunaConvForm form = lacuna_layer_get_form (i, network);

      shapes[i + 1 - first] = lacuna_conv_form_get_output (&form, shapes[i - first]);
    }
  for (guint i = end; i-- > first;)
    {
      LacunaConvForm form = lacuna_layer_get_form (i, network);

      self->layers[i] = wanted;
      wanted = lacuna_conv_form_get_seen (&form, shapes[i - first], wanted);
    }
  return wanted;
}

void
lacuna_areas_find (LacunaAreas *self, LacunaNetwork network, LacunaShape image, LacunaArea outputs)
{
  LacunaShape quarter = { image.n, 0, image.height / 4, image.width / 4 };
  LacunaArea both = find_branch (self, network, LACUNA_BRANCH_DECODER, quarter, outputs);

  self->outputs = outputs;
  self->attention = find_branch (self, network, LACUNA_BRANCH_ATTENTION_OUT, quarter, both);
  find_branch (self, network, LACUNA_BRANCH_ATTENTION, image, lacuna_area_of (quarter));
  find_branch (self, network, LACUNA_BRANCH_DILATED, image, both);
  find_branch (self, network, LACUNA_BRANCH_COARSE, image, outputs);
}
