/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/network/parameters.h"

G_BEGIN_DECLS

/* Called between pieces of a step; FALSE with error set stops it. */
typedef struct {
  gboolean (*call) (gpointer data, GError **error); /* NULL: nobody */
  gpointer data;
} LacunaPauser;

gboolean lacuna_pauser_call (const LacunaPauser *self, GError **error);

#define LACUNA_CRITIC_LAYERS 4

/* One Wasserstein critic (engine/network/NETWORK.md, "Critics"): 5×5
 * convolutions of stride 2 with leaky ReLU, then a dense layer that reads H, W, C. */
typedef struct _LacunaCritic LacunaCritic;

/* side: of its input; width: channels of the first layer; last: of the last, in widths. Its parameters lie from
 * *at on, which moves behind them. */
LacunaCritic *lacuna_critic_new  (LacunaContext *context, guint side, guint width, guint last, gsize *at,
                                  GError **error);
void          lacuna_critic_free (LacunaCritic *self);
void          lacuna_critic_randomize (LacunaCritic *self, GRand *rand, float *values);
gboolean      lacuna_critic_pack (LacunaCritic *self, LacunaBuffer *values, GError **error);

/* Writes at which floats the weights and biases of layer i begin, and the shape of the weights; i LACUNA_CRITIC_LAYERS
 * is the dense layer. Returns the number of dims. */
guint lacuna_critic_get_layer (LacunaCritic *self, guint i, gsize *ret_weight, gsize *ret_bias, guint dims[4]);

/* x: n×3×side×side. scores: n floats on the host. g: NULL, or what each score's gradient is multiplied with, and
 * gx of x's shape is written. values: the parameters that are packed. */
gboolean lacuna_critic_judge (LacunaCritic *self, LacunaPool *pool, const LacunaPauser *pauser,
                              LacunaBuffer *values, LacunaTensor *x, const float *g, LacunaTensor *gx,
                              float *scores, GError **error);

/* Computes the penalty's direction: reads the gradients of the mixed pictures' scores with respect to these pictures,
 * writes the direction of the tangent into x's last third, and the gradients' norms into slopes, on the device. */
typedef gboolean (*LacunaCriticPenalty) (LacunaTensor *gradient, LacunaTensor *direction, LacunaBuffer *slopes,
                                         gpointer data, GError **error);

/* x: 3n×3×side×side, real, completed and mixed pictures; overwritten. Adds the gradients of
 * (Σ C(completed) - Σ C(real)) / total and of the penalty. ret_scores: 3n, ret_slopes: n floats. */
gboolean lacuna_critic_learn (LacunaCritic *self, LacunaPool *pool, const LacunaPauser *pauser,
                              LacunaParameters *parameters, LacunaTensor *x, guint total, LacunaCriticPenalty penalty,
                              gpointer data, float *ret_scores, float *ret_slopes, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LacunaCritic, lacuna_critic_free)

G_END_DECLS
