/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/**
 * LacunaLosses:
 * @l1: 1.2·coarse + refined, spatially discounted (engine/network/NETWORK.md, "Losses")
 * @reconstruction: 1.2·coarse + refined, outside the hole
 * @l1_coarse: of the coarse result
 * @l1_refined: of the refined result
 * @wasserstein: mean C(real) − mean C(fake) of the global and the local critic
 * @penalty: gradient penalty of both, before the factor 10
 * @adversarial: −(mean of the local critic + mean of the global one) on filled images
 *
 * Losses of a step, or means of them.
 */
typedef struct {
  double l1, reconstruction;
  double l1_coarse, l1_refined;
  double wasserstein[2];
  double penalty[2];
  double adversarial;
} LacunaLosses;

#define LACUNA_TYPE_LOSSES (lacuna_losses_get_type ())
GType lacuna_losses_get_type (void);

/**
 * LacunaHeldOutScore:
 * @l1: mean absolute difference in the hole, %
 * @psnr: peak signal-to-noise ratio in the hole, dB
 *
 * Means over the held-out crops.
 */
typedef struct {
  double l1;
  double psnr;
} LacunaHeldOutScore;

#define LACUNA_TYPE_HELD_OUT_SCORE (lacuna_held_out_score_get_type ())
GType lacuna_held_out_score_get_type (void);

G_END_DECLS
