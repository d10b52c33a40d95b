/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* What learner.c and learner-state.c share. */
#include "engine/cl/kernel.h"
#include "engine/network/trainable.h"
#include "engine/train/learner.h"

G_BEGIN_DECLS

#define N_CRITICS 2 /* global, local */

typedef enum
{
  CROP,
  BLEND,
  RECONSTRUCT,
  PENALIZE,
  PASTE_BACK,
  N_LOSS_KERNELS,
} LossKernelName;

struct _LacunaLearner
{
  LacunaContext *context;
  LacunaLearnerOptions options;
  LacunaTrainable *network;
  LacunaCritic *critics[N_CRITICS];
  LacunaParameters *generator, *critic;
  LacunaKernel *kernels[N_LOSS_KERNELS];
  LacunaPool *pool;
  guint pool_n, pool_side;
  gboolean stale; /* what is packed is not what counts */
};

/* Allocates n floats, all 0 (g_free). LACUNA_ERROR_MEMORY. */
float *lacuna_learner_allocate (gsize n, GError **error);

G_END_DECLS
