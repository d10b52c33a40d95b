/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/tensor/area.h"
#include "engine/tensor/pool.h"

G_BEGIN_DECLS

/* Contextual attention (Yu et al. 2018, section 4.1;
 * engine/network/NETWORK.md, "Contextual attention", whose steps are meant
 * below): rebuilds f from 4×4 patches of the known part of b. */
typedef struct _LacunaAttention LacunaAttention;

LacunaAttention *lacuna_attention_new  (LacunaContext *context, guint channels, GError **error);
void             lacuna_attention_free (LacunaAttention *self);

/* f, b, y: n×channels×h×w, h and w even; y may not share memory with f or b. mask: n×h×w on the host, 1 in the hole.
 * keys: n×(h/2)×(w/2) on the host, how free each known key is to be attended to, from 1 to 0, which its score is
 * multiplied with: 0 as in the hole; NULL: all are. area: what of y is computed, from the queries that it needs; the
 * others' scores and index are 0, and the rest of y holds anything. It is streamed over tiles of query rows: memory
 * beyond f, b and y comes from the pool and stays under memory_limit bytes where a tile of one row does. scores: NULL,
 * or, not a slice, n×1×(queries)×(keys) as a tensor of height queries and width keys with queries = keys = (h/2)·(w/2),
 * row-major: softmax times valid (step 6). index: NULL, or a buffer of n×queries int32: the key of each query's largest
 * score (step 8). With a planning pool it only takes and returns tensors. */
gboolean lacuna_attention_forward (LacunaAttention *self, LacunaPool *pool, guint64 memory_limit,
                                   LacunaTensor *f, LacunaTensor *b, const float *mask, const float *keys,
                                   LacunaTensor *y, LacunaArea area, LacunaTensor *scores, LacunaBuffer *index,
                                   GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LacunaAttention, lacuna_attention_free)

G_END_DECLS
