/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gdk/gdk.h>

#include "engine/lacuna.h"

G_BEGIN_DECLS

/* The steps in which contextual attention rebuilds a place (Yu et al. 2018, section 4.1). */
typedef enum {
  LACUNA_ATTENTION_STEP_PATCH,       /* what is compared */
  LACUNA_ATTENTION_STEP_SIMILARITY,  /* with each known patch */
  LACUNA_ATTENTION_STEP_PROPAGATION, /* neighbours are to copy neighbours */
  LACUNA_ATTENTION_STEP_SOFTMAX,     /* each patch's share */
  LACUNA_ATTENTION_STEP_PASTE,       /* and what comes of them */
  LACUNA_N_ATTENTION_STEPS,
} LacunaAttentionStep;

/* What the attention did for one cell of a region, step by step, with the numbers. */
typedef struct _LacunaAttentionQuery LacunaAttentionQuery;

LacunaAttentionQuery *lacuna_attention_query_new  (const LacunaRegion *region, int cell);
void                  lacuna_attention_query_free (LacunaAttentionQuery *self);

const LacunaRegion *lacuna_attention_query_get_region (LacunaAttentionQuery *self);
int                 lacuna_attention_query_get_cell   (LacunaAttentionQuery *self);
/* What a step takes around a cell, of the photo: the cells that are compared, or the patch that is pasted. */
LacunaBox           lacuna_attention_query_get_box    (LacunaAttentionQuery *self, LacunaAttentionStep step, int cell);
/* A number for each cell, as lacuna_explain_*() give them, and 0 where it is not known; for the patch the similarity.
 * NULL: it was not kept. */
const float        *lacuna_attention_query_get_values (LacunaAttentionQuery *self, LacunaAttentionStep step);
/* How many cells are known, and the least and the largest of their values. */
int                 lacuna_attention_query_get_range  (LacunaAttentionQuery *self, LacunaAttentionStep step,
                                                       float *ret_least, float *ret_largest);
/* The norm of its own patch, and how many features a cell has; 0: that was not kept. */
float               lacuna_attention_query_get_length (LacunaAttentionQuery *self);
int                 lacuna_attention_query_get_n_features (LacunaAttentionQuery *self);

/* Where the values are, a pixel for each cell: the least is clear. NULL: the step has none to show. */
GdkTexture *lacuna_attention_query_draw_values (LacunaAttentionQuery *self, LacunaAttentionStep step);
/* Enlarged: the pixels that the network read there, those of the known patches by their shares, and those that it made. */
GdkTexture *lacuna_attention_query_draw_read   (LacunaAttentionQuery *self);
GdkTexture *lacuna_attention_query_draw_pasted (LacunaAttentionQuery *self);
GdkTexture *lacuna_attention_query_draw_made   (LacunaAttentionQuery *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LacunaAttentionQuery, lacuna_attention_query_free)

G_END_DECLS
