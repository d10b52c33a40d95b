/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gdk/gdk.h>

#include "engine/lacuna.h"

G_BEGIN_DECLS

/* The steps in which contextual attention rebuilds a place (Yu et al. 2018, section 4.1). */
typedef enum {
  LACUNA_ATTENTION_STEP_PATCH,       /* takes the features around the place */
  LACUNA_ATTENTION_STEP_SIMILARITY,  /* compares them with each known patch */
  LACUNA_ATTENTION_STEP_PROPAGATION, /* adds the scores of neighbours for neighbouring patches */
  LACUNA_ATTENTION_STEP_SOFTMAX,     /* turns the scores into shares */
  LACUNA_ATTENTION_STEP_PASTE,       /* adds up the patches by their shares */
  LACUNA_N_ATTENTION_STEPS,
} LacunaAttentionStep;

/* What the attention did for one cell of a region, step by step, with the numbers. */
typedef struct _LacunaAttentionQuery LacunaAttentionQuery;

LacunaAttentionQuery *lacuna_attention_query_new  (const LacunaRegion *region, int cell);
void                  lacuna_attention_query_free (LacunaAttentionQuery *self);

const LacunaRegion *lacuna_attention_query_get_region (LacunaAttentionQuery *self);
int                 lacuna_attention_query_get_cell   (LacunaAttentionQuery *self);
/* Returns the box of the photo that a step uses around a cell: the cells that are compared, or the patch that is
 * pasted. */
LacunaBox           lacuna_attention_query_get_box    (LacunaAttentionQuery *self, LacunaAttentionStep step, int cell);
/* Returns the step's number for each cell, as lacuna_explain_*() give them, and 0 for a cell that is not known; for
 * the step of the patch it is the similarity. NULL: they were not kept. (transfer none) */
const float        *lacuna_attention_query_get_values (LacunaAttentionQuery *self, LacunaAttentionStep step);
/* How many cells are known, and the least and the largest of their values. */
int                 lacuna_attention_query_get_range  (LacunaAttentionQuery *self, LacunaAttentionStep step,
                                                       float *ret_least, float *ret_largest);
/* The norm of its own patch, and how many features a cell has; 0: that was not kept. */
float               lacuna_attention_query_get_length (LacunaAttentionQuery *self);
int                 lacuna_attention_query_get_n_features (LacunaAttentionQuery *self);

/* Returns a texture of the step's values with a pixel for each cell, the least of which is clear. NULL: the step has
 * no values to show. (transfer full) */
GdkTexture *lacuna_attention_query_draw_values (LacunaAttentionQuery *self, LacunaAttentionStep step);
/* Return enlarged textures of the pixels that the network read there, of the known patches mixed by their shares,
 * and of what the network made of them. (transfer full) */
GdkTexture *lacuna_attention_query_draw_read   (LacunaAttentionQuery *self);
GdkTexture *lacuna_attention_query_draw_pasted (LacunaAttentionQuery *self);
GdkTexture *lacuna_attention_query_draw_made   (LacunaAttentionQuery *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LacunaAttentionQuery, lacuna_attention_query_free)

G_END_DECLS
