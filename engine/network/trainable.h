/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/network/critic.h"
#include "engine/network/forward.h"
#include "engine/ops/attention-backward.h"

G_BEGIN_DECLS

/* The generator as it learns (engine/network/NETWORK.md, "Generator"): its
 * layers, whose weights are parameters, the pass forward that keeps all on a
 * tape, and the way back along that. */
typedef struct _LacunaTrainable LacunaTrainable;

/* Makes a network of the first architecture, whose weights are 0 until they are packed. */
LacunaTrainable *lacuna_trainable_new  (LacunaContext *context, guint width, GError **error);
void             lacuna_trainable_free (LacunaTrainable *self);

gsize    lacuna_trainable_get_n_parameters (LacunaTrainable *self); /* layer after layer, weights and then biases */
void     lacuna_trainable_randomize (LacunaTrainable *self, GRand *rand, float *values);
gboolean lacuna_trainable_pack      (LacunaTrainable *self, LacunaBuffer *values, GError **error);
const LacunaLearnedConv *lacuna_trainable_get_layer (LacunaTrainable *self, guint i);

/* tape: blank and mask are given. masks: the same n×H×W on the host, NULL when planning. */
gboolean lacuna_trainable_forward (LacunaTrainable *self, LacunaPool *pool, const LacunaPauser *pauser,
                                   LacunaTape *tape, const float *masks, GError **error);

/* Calls lacuna_forward_compose for 5 channels. */
LacunaTensor *lacuna_trainable_compose (LacunaTrainable *self, LacunaPool *pool, LacunaTensor *fill,
                                        const LacunaTape *tape, GError **error);

/* The pass back. Overwrites g_coarse and g_refined, the gradients of both results, and adds those of the parameters of
 * layers from first on to gradient. */
gboolean lacuna_trainable_backward (LacunaTrainable *self, LacunaPool *pool, const LacunaPauser *pauser,
                                    LacunaTape *tape, LacunaTensor *g_coarse, LacunaTensor *g_refined, guint first,
                                    LacunaBuffer *gradient, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LacunaTrainable, lacuna_trainable_free)

G_END_DECLS
