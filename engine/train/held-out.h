/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/network/generator.h"
#include "engine/photo/mask.h"
#include "engine/train/cache.h"
#include "engine/train/hole.h"
#include "engine/train/measures.h"

G_BEGIN_DECLS

/* Crops of photos that are not learnt from, with fixed holes: by these a model
 * is judged. */
typedef struct _LacunaHeldOut LacunaHeldOut;

typedef struct {
  guint           least_side, side; /* pixels: the crops' sides go from one to the other, windows of half of them */
  LacunaHoleKinds holes;
  guint32         seed;             /* of the holes */
  guint           n;                /* crops: photos are used in turn, each time with another hole */
} LacunaHeldOutOptions;

/* The largest centred square of each photo, brought to the crop's side. Photos
 * that can't be read are passed over; error where that is so for all. */
LacunaHeldOut *lacuna_held_out_new  (LacunaPhotoCache *cache, GPtrArray *photos, const LacunaHeldOutOptions *options,
                                     GError **error);
void           lacuna_held_out_free (LacunaHeldOut *self);

guint          lacuna_held_out_get_n       (LacunaHeldOut *self);
LacunaPhoto   *lacuna_held_out_get_truth   (LacunaHeldOut *self, guint i); /* borrowed */
LacunaMask    *lacuna_held_out_get_mask    (LacunaHeldOut *self, guint i); /* borrowed */

/* Fills crop i, known pixels kept. */
LacunaPhoto   *lacuna_held_out_fill        (LacunaHeldOut *self, guint i, LacunaGenerator *generator,
                                            LacunaContext *context, GError **error);

/* between is called between two fills: it may use the device, or fail to stop.
 * ret_filled: the filled crops, of LacunaPhoto; may be NULL. */
typedef gboolean (*LacunaHeldOutBetween) (gpointer data, GError **error);
gboolean       lacuna_held_out_score       (LacunaHeldOut *self, LacunaGenerator *generator, LacunaContext *context,
                                            LacunaHeldOutBetween between, gpointer data,
                                            LacunaHeldOutScore *ret_score, GPtrArray **ret_filled, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LacunaHeldOut, lacuna_held_out_free)

G_END_DECLS
