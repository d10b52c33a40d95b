/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/train/cache.h"
#include "engine/train/hole.h"
#include "engine/train/learner.h"

G_BEGIN_DECLS

/* Makes batches of random crops, half of them flipped, with a hole each. A batch
 * depends on its number and the seed alone, so that a training which goes on
 * sees what it would have seen. The next one is made in a thread meanwhile. */
typedef struct _LacunaBatches LacunaBatches;

typedef struct {
  guint           n;                /* crops of a batch */
  guint           least_side, side; /* pixels: each batch has a side from one to the other, and windows of half of it */
  LacunaHoleKinds holes;
  double          gamma;            /* of the spatial discount */
  double          mixed;            /* share of the crops taken from mixed photos */
  guint32         seed;
} LacunaBatchOptions;

/* photos, mixed: paths; copied. mixed may be NULL. */
LacunaBatches *lacuna_batches_new  (LacunaPhotoCache *cache, GPtrArray *photos, GPtrArray *mixed,
                                    const LacunaBatchOptions *options);
void           lacuna_batches_free (LacunaBatches *self); /* waits for the thread */

/* A photo that can't be read any more gives way to the next one; error where
 * that is so for all of them. Free with lacuna_batch_free. */
LacunaBatch   *lacuna_batches_take (LacunaBatches *self, guint64 number, GError **error);
guint          lacuna_batches_get_n_lost (LacunaBatches *self); /* photos that could not be read any more */

void           lacuna_batch_free (LacunaBatch *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LacunaBatches, lacuna_batches_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LacunaBatch, lacuna_batch_free)

G_END_DECLS
