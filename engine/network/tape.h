#pragma once

#include "engine/network/critic.h"
#include "engine/network/layers.h"
#include "engine/ops/attention-backward.h"
#include "engine/ops/attention.h"

G_BEGIN_DECLS

/* The generator as it learns (engine/network/NETWORK.md, "Generator"): a run
 * forward keeps what the way back reads. */
typedef struct _LacunaTape LacunaTape;

LacunaTape *lacuna_tape_new  (LacunaContext *context, guint width, GError **error);
void        lacuna_tape_free (LacunaTape *self);
gsize       lacuna_tape_get_n_parameters (LacunaTape *self); /* layer after layer, weights and then biases */
void        lacuna_tape_randomize (LacunaTape *self, GRand *rand, float *values);
gboolean    lacuna_tape_pack (LacunaTape *self, LacunaBuffer *values, GError **error);
const LacunaLearnedConv *lacuna_tape_get_layer (LacunaTape *self, guint i);

/* One run's tensors. The caller frees it. */
typedef struct {
  LacunaTensor *outputs[LACUNA_N_LAYERS];
  LacunaTensor *blank, *mask; /* n×3×side×side without the hole, n×1×side×side */
  float        *quarters;     /* n masks of a quarter of the size, on the host */
  LacunaTensor *input, *coarse, *pasted, *both, *attended, *refined;
} LacunaTapeRun;

void lacuna_tape_run_clear (LacunaTapeRun *run);

/* blank and mask of run are the input, masks the same on the host (NULL when planning). */
gboolean lacuna_tape_forward (LacunaTape *self, LacunaPool *pool, const LacunaPauser *pauser, LacunaTapeRun *run,
                              const float *masks, GError **error);

/* y = fill·m + blank·(1 - m), ones, m: five channels. */
LacunaTensor *lacuna_tape_compose (LacunaTape *self, LacunaPool *pool, LacunaTensor *fill, LacunaTapeRun *run,
                                   GError **error);

/* From the gradients of coarse and refined, which are overwritten, adds those of layers from first on. */
gboolean lacuna_tape_backward (LacunaTape *self, LacunaPool *pool, const LacunaPauser *pauser, LacunaTapeRun *run,
                               LacunaTensor *g_coarse, LacunaTensor *g_refined, guint first, LacunaBuffer *gradient,
                               GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LacunaTape, lacuna_tape_free)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (LacunaTapeRun, lacuna_tape_run_clear)

G_END_DECLS
