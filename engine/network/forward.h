/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/network/areas.h"
#include "engine/ops/attention.h"

G_BEGIN_DECLS

/* The network's pass forward (engine/network/NETWORK.md, "Generator"), for
 * filling and for learning: whoever has the layers lends them. */
typedef struct {
  LacunaNetwork    network;
  LacunaConv      *layers[LACUNA_N_LAYERS]; /* lent */
  LacunaAttention *attention;
  LacunaKernel    *clip, *compose;
} LacunaForward;

/* Makes all but the layers, which the caller sets. */
gboolean lacuna_forward_init  (LacunaForward *self, LacunaContext *context, LacunaNetwork network, GError **error);
void     lacuna_forward_clear (LacunaForward *self);

/* The record of a pass, which holds every tensor that was kept. */
typedef struct {
  LacunaTensor *blank, *mask; /* the input: n×3×H×W in [-1, 1] times 1 - mask, and n×1×H×W, 1 in the hole */
  float        *quarters;     /* the masks at H/4×W/4 on the host, n×H/4×W/4; NULL when planning */
  const float  *keys;         /* how free each key is, n×H/8×W/8 on the host, lent: attention.h; NULL: all are */
  LacunaTensor *input;        /* n×5×H×W: blank, ones, mask */
  LacunaTensor *outputs[LACUNA_N_LAYERS];
  LacunaTensor *coarse;       /* n×3×H×W, clipped: x1 */
  LacunaTensor *pasted;       /* n×5×H×W; gated, n×3×H×W */
  LacunaTensor *both;         /* n×8c×H/4×W/4: what the dilated and the attention branch made */
  LacunaTensor *attended;     /* n×4c×H/4×W/4 */
  LacunaTensor *refined;      /* n×3×H×W, clipped: x2 */
  LacunaTensor *scores;       /* n×1×queries×keys, where they are asked for */
  LacunaBuffer *index;        /* n×queries int32, best keys; NULL: not wanted */
} LacunaTape;

void lacuna_tape_clear (LacunaTape *self);

/* What a pass makes before the attention, on the host and as the device has it. Nothing of it depends on the keys. */
typedef struct {
  gpointer attention; /* n×4c×H/4×W/4: what goes into it; NULL: not made yet */
  guint    channels;  /* 4c, once it is made */
  gpointer both;      /* n×8c×H/4×W/4: as in a tape, with the dilated branch's half in the area that is wanted */
} LacunaFeatures;

void lacuna_features_clear (LacunaFeatures *self);

typedef struct {
  const LacunaAreas *areas;     /* what is computed */
  guint64  attention_memory;    /* most bytes for its matrices, where one row of queries takes less */
  gboolean keep;                /* all tensors; else coarse, refined, scores and index alone */
  gboolean scores;              /* n is 1, as for index */
  LacunaFeatures *features;     /* to go on from, or, where they are not made yet, to be kept; NULL: neither */
  /* Called with every layer's output under its name as soon as it is launched, and with “attention” (of an image at a
   * time), “coarse” and “refined”. The tensor is valid during the call. FALSE with error set stops the pass. */
  gboolean (*launched) (const char *name, LacunaTensor *y, gpointer data, GError **error);
  gpointer data;
} LacunaForwardOptions;

/* tape: blank, mask, quarters and index are given. Launches only; with a planning pool it only takes and returns
 * tensors. */
gboolean lacuna_forward_run (const LacunaForward *self, LacunaPool *pool, const LacunaForwardOptions *options,
                             LacunaTape *tape, GError **error);

/* fill·m + blank·(1 - m), ones, m: n×5×H×W; of 3 channels the first alone. */
LacunaTensor *lacuna_forward_compose (const LacunaForward *self, LacunaPool *pool, LacunaTensor *fill, guint channels,
                                      const LacunaTape *tape, GError **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (LacunaTape, lacuna_tape_clear)

G_END_DECLS
