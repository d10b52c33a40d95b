/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/network/layers.h"
#include "engine/weights/weights.h"

G_BEGIN_DECLS

/* Checks that weights are those of a generator, with all tensors' names known, and tells of which.
 * LACUNA_ERROR_UNFIT. */
gboolean lacuna_layers_check (LacunaWeights *weights, LacunaNetwork *ret_network, GError **error);

/* Reads layer i's weights, sums×in×kernel×kernel, for RGB, and its biases; both to be freed. LACUNA_ERROR_UNFIT names a
 * tensor that is missing, misshapen or not finite. */
float *lacuna_layer_load (LacunaWeights *weights, guint i, LacunaNetwork network, float **ret_bias, GError **error);

G_END_DECLS
