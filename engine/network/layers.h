#pragma once

#include "engine/ops/conv.h"

G_BEGIN_DECLS

/* The generator's layers under their checkpoint names, in running order
 * (engine/network/NETWORK.md, "Generator"; Yu et al. 2018, section 3 and figure 2). */
typedef struct {
  const char *name;
  guint       kernel, stride, dilation;
  gboolean    upsample;
  guint       half_widths; /* output channels in halves of the width; 0: three colours */
  LacunaActivation activation;
} LacunaLayer;

typedef enum {
  LACUNA_BRANCH_COARSE,        /* 5 → 3 channels */
  LACUNA_BRANCH_DILATED,       /* 5 → 4 widths, at a quarter of the size */
  LACUNA_BRANCH_ATTENTION,     /* 5 → 4 widths, what the contextual attention reads */
  LACUNA_BRANCH_ATTENTION_OUT, /* 4 → 4 widths, behind it */
  LACUNA_BRANCH_DECODER,       /* 8 widths → 3 */
  LACUNA_N_BRANCHES,
} LacunaBranch;

#define LACUNA_N_LAYERS 42

extern const LacunaLayer lacuna_layers[LACUNA_N_LAYERS];

/* First layer of a branch; of LACUNA_N_BRANCHES: the number of layers. */
guint lacuna_branch_get_first (LacunaBranch branch);

/* The form of layer i in a network of that width. */
LacunaConvForm lacuna_layer_get_form (guint i, guint width);

G_END_DECLS
