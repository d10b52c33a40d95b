/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/tensor/pool.h"

G_BEGIN_DECLS

/* Gradients of lacuna_attention_forward (Yu et al. 2018, section 4.1) with
 * respect to both inputs; scores are computed anew. */
typedef struct _LacunaAttentionBackward LacunaAttentionBackward;

LacunaAttentionBackward *lacuna_attention_backward_new  (LacunaContext *context, guint channels, GError **error);
void                     lacuna_attention_backward_free (LacunaAttentionBackward *self);

/* f, b, mask: as forward's; gy, gf, gb: of the same shape, gf and gb
 * overwritten. gf may be gb, which then holds the sum, as where f is b; neither
 * may share memory with f, b or gy. Takes four matrices of queries by keys from
 * the pool, for one image at a time. */
gboolean lacuna_attention_backward (LacunaAttentionBackward *self, LacunaPool *pool,
                                    LacunaTensor *f, LacunaTensor *b, const float *mask,
                                    LacunaTensor *gy, LacunaTensor *gf, LacunaTensor *gb, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LacunaAttentionBackward, lacuna_attention_backward_free)

G_END_DECLS
