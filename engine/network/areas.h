/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/network/layers.h"

G_BEGIN_DECLS

/* What has to be computed for an area of the outputs, which has to hold the
 * whole hole. Any known position may be a key, so what the attention reads is
 * wanted whole; of the coarse result the second stage sees the hole alone. */
typedef struct {
  LacunaArea outputs;
  LacunaArea layers[LACUNA_N_LAYERS]; /* of their outputs */
  LacunaArea attention;               /* of its output */
} LacunaAreas;

/* image: of the network's input. */
void lacuna_areas_find (LacunaAreas *self, LacunaNetwork network, LacunaShape image, LacunaArea outputs);

G_END_DECLS
