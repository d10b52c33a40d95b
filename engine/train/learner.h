/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/cl/context.h"
#include "engine/network/generator.h"
#include "engine/network/layers.h"
#include "engine/train/measures.h"
#include "engine/weights/weights.h"

G_BEGIN_DECLS

/* What training changes, on one device: the generator, its running average and
 * the two critics, with Adam's moments (engine/network/NETWORK.md, "Critics"
 * and "Losses"; Yu et al. 2018, section 3 and appendix A). The same inputs in the same order
 * give the same bits on the same device. */
typedef struct _LacunaLearner LacunaLearner;

typedef struct {
  guint   width;         /* of the generator (cnum) */
  guint   critic_width;  /* of the critics' first layer: 64 in the paper */
  guint   side, window;  /* pixels, of the largest batches; critics judge no others */
  guint64 seed;          /* of the random weights */
} LacunaLearnerOptions;

/* base: a generator of that width to start from, or NULL: random weights.
 * LACUNA_ERROR_UNFIT where base is of another architecture or width. */
LacunaLearner *lacuna_learner_new  (LacunaContext *context, const LacunaLearnerOptions *options,
                                    LacunaWeights *base, GError **error);
void           lacuna_learner_free (LacunaLearner *self);

/* n crops with a hole each, on the host. */
typedef struct {
  guint        n;
  guint        side, window; /* pixels: of the crops, and of the square window that each hole lies in */
  const float *image;        /* n×3×side×side in [-1, 1] */
  const float *mask;         /* n×side×side, 1 in the hole */
  const float *discount;     /* n×side×side: gamma^distance in the hole, 0 outside */
  const guint *corners;      /* n×2: top and left of each window */
  const float *t;            /* 2×n in [0, 1]: where the penalty is taken, global then local */
} LacunaBatch;

typedef struct {
  double   rate;      /* Adam's */
  gboolean critics;   /* update the critics first */
  double   adversarial; /* weight of the critics' term in the generator's loss: 0.001 in the paper's code, 0: no term */
  gboolean generator; /* update the generator */
  guint    first;     /* first layer that learns, as lacuna_layer_get counts; those before are frozen */
  double   decay;     /* of the running average */
  double   reconstruction; /* weight of the reconstruction loss: 1.2 in the paper's code */
  double   clip;      /* most that the norm of the generator's gradient may be, 0: any */
  guint    parts;     /* accumulate over so many parts of the batch, where the whole takes too much memory */
} LacunaStepOptions;

/* One step on a batch. LACUNA_ERROR_UNFIT where critics take part and its crops are smaller than theirs. pause, where not
 * NULL, is called between pieces of at most some tens of milliseconds, with nothing half-written: it may use the device,
 * or fail to stop the step, after which the learner is as before it. */
typedef gboolean (*LacunaLearnerPause) (gpointer data, GError **error);
gboolean lacuna_learner_step (LacunaLearner *self, const LacunaBatch *batch, const LacunaStepOptions *options,
                              LacunaLearnerPause pause, gpointer data, LacunaLosses *ret_losses, GError **error);

/* Bytes of device memory that a step on the largest crops takes, all in all; one on others takes less. */
guint64 lacuna_learner_get_memory (LacunaLearner *self, guint n, gboolean critics);

/* The running average as generator's weights, and all of the state: what was
 * added to writer and loaded again goes on bit for bit. */
gboolean lacuna_learner_add_average (LacunaLearner *self, LacunaWeightsWriter *writer, LacunaWeightsType type, GError **error);
gboolean lacuna_learner_add_state   (LacunaLearner *self, LacunaWeightsWriter *writer, GError **error);
gboolean lacuna_learner_load_state  (LacunaLearner *self, LacunaWeights *state, GError **error);

/* Gives the critics the weights that were kept of others, named as in a state without its sets. LACUNA_ERROR_UNFIT where
 * those are of another width or saw crops of another side: the critics are as before then. */
gboolean lacuna_learner_load_critics (LacunaLearner *self, LacunaWeights *critics, GError **error);

/* A generator with the running average's weights, for evaluation and samples. */
LacunaGenerator *lacuna_learner_get_generator (LacunaLearner *self, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LacunaLearner, lacuna_learner_free)

G_END_DECLS
