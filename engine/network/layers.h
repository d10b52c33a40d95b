/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/ops/conv.h"
#include "engine/weights/architecture.h"

G_BEGIN_DECLS

/* One of the generator's layers, under its name in checkpoints; in running order
 * (engine/network/NETWORK.md, "Generator"; Yu et al. 2018, section 3 and figure 2). Both architectures have the same:
 * what differs is in the form (NETWORK.md, "Gated convolutions"). */
typedef struct {
  const char *name;
  guint       kernel, stride, dilation;
  gboolean    upsample;
  guint       channels; /* of the output, in a network of width 32: the form has the true ones */
  LacunaActivation activation; /* of the first architecture: the form has the true one */
} LacunaLayer;

/* A network: its architecture, and its width, the channels of its first layer's output. */
typedef struct {
  LacunaArchitecture architecture;
  guint              width;
} LacunaNetwork;

typedef enum {
  LACUNA_BRANCH_COARSE,        /* 5×H×W to 3×H×W */
  LACUNA_BRANCH_DILATED,       /* 5×H×W (3×H×W, gated) to 4c×H/4×W/4 with c, the width */
  LACUNA_BRANCH_ATTENTION,     /* the same: what the contextual attention reads */
  LACUNA_BRANCH_ATTENTION_OUT, /* behind it, of the same shape */
  LACUNA_BRANCH_DECODER,       /* 8c×H/4×W/4 to 3×H×W */
  LACUNA_N_BRANCHES,
} LacunaBranch;

#define LACUNA_N_LAYERS 42

const LacunaLayer *lacuna_layer_get (guint i);

/* First layer of a branch; of LACUNA_N_BRANCHES: the number of layers. */
guint lacuna_branch_get_first (LacunaBranch branch);

/* The form of layer i. */
LacunaConvForm lacuna_layer_get_form (guint i, LacunaNetwork network);

/* Sets the width by how many sums the first layer has, as many as biases. FALSE: none has as many. */
gboolean lacuna_network_set_sums (LacunaNetwork *self, guint sums);

/* Whether the first three channels of layer i's input are a picture's colours, and whether its output is a picture. */
gboolean lacuna_layer_reads_picture (guint i);
gboolean lacuna_layer_makes_picture (guint i);

G_END_DECLS
