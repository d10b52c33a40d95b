/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/tensor/tensor.h"

G_BEGIN_DECLS

/* Lends tensors whose memory comes back on their last unref and is lent again:
 * safe on an in-order queue. A planning pool lends tensors without memory and
 * counts what a run would need, so that a run is refused before it starts. */
typedef struct _LacunaPool LacunaPool;

LacunaPool   *lacuna_pool_new          (LacunaContext *context);
LacunaPool   *lacuna_pool_new_planning (void);
void          lacuna_pool_free         (LacunaPool *self); /* tensors still lent stay valid */
LacunaTensor *lacuna_pool_take         (LacunaPool *self, LacunaShape shape, GError **error);
gboolean      lacuna_pool_is_planning  (LacunaPool *self);
guint64       lacuna_pool_get_bytes    (LacunaPool *self); /* of all buffers made so far */

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LacunaPool, lacuna_pool_free)

G_END_DECLS
