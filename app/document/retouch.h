/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/lacuna.h"

G_BEGIN_DECLS

/* The pixels that a fill put into a photo, in the photo's own depth. Immutable,
 * atomically reference-counted. */
typedef struct _LacunaRetouch LacunaRetouch;

/* The regions at that stage, over the photo that they were made from. NULL: no memory. */
LacunaRetouch *lacuna_retouch_new            (LacunaRegion * const *regions, guint n_regions,
                                              LacunaPhoto *photo, LacunaStage stage);
LacunaRetouch *lacuna_retouch_ref            (LacunaRetouch *self);
void           lacuna_retouch_unref          (LacunaRetouch *self);

/* Sets what lacuna_fill_describe tells of the fill. Must be called before anyone else has the retouch. */
void           lacuna_retouch_set_fills      (LacunaRetouch *self, GVariant *fills);
/* NULL: it is not known. (transfer none) */
GVariant      *lacuna_retouch_get_fills      (LacunaRetouch *self);

guint         lacuna_retouch_get_n_patches (LacunaRetouch *self);
LacunaBox     lacuna_retouch_get_box       (LacunaRetouch *self, guint patch);
/* 255 where the patch changes the photo; rows of the box. */
const guint8 *lacuna_retouch_get_mask      (LacunaRetouch *self, guint patch);
/* Three 8-bit samples for each pixel of row y of the patch, counted from its box. */
void          lacuna_retouch_read_row      (LacunaRetouch *self, guint patch, int y, guint8 *ret_rgb);

/* photo with the retouches (of LacunaRetouch) pasted in order. NULL: no memory, or they are of another depth. */
LacunaPhoto *lacuna_retouches_apply (GPtrArray *retouches, LacunaPhoto *photo);

/* Returns what the retouches filled, in the form of lacuna_fill_describe; for a retouch of which that is not known,
 * its boxes alone. */
GVariant *lacuna_retouches_describe (GPtrArray *retouches, LacunaPhoto *photo);

GVariant      *lacuna_retouch_serialize   (LacunaRetouch *self);
/* Returns a retouch of a photo of that size; NULL: the data is damaged. */
LacunaRetouch *lacuna_retouch_deserialize (GVariant *variant, int width, int height);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LacunaRetouch, lacuna_retouch_unref)

G_END_DECLS
