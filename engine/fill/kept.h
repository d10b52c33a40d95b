/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/fill/base.h"
#include "engine/fill/region-private.h"
#include "engine/network/generator.h"

G_BEGIN_DECLS

/* What the network made of the last fill's windows before the attention, and what their detail goes on
 * from: a window that is shown to them again goes on from there. One network's on one device. */
typedef struct _LacunaKept LacunaKept;

LacunaKept *lacuna_kept_new  (void);
void        lacuna_kept_free (LacunaKept *self);

/* A new fill begins: what it does not ask for is forgotten with the next one. */
void lacuna_kept_begin (LacunaKept *self);

/* The features of a region whose input has been read: those that were made of the same input for the same area, and the
 * region gets its coarse result with them; or else empty ones, to be filled in. NULL: there is no memory for them. They
 * are valid until the next call. */
LacunaFeatures *lacuna_kept_open (LacunaKept *self, LacunaRegion *region);

/* Ends what lacuna_kept_open began, once the network has run or failed. */
void lacuna_kept_close (LacunaKept *self, const LacunaRegion *region);

/* Returns what the detail of a region whose network has run goes on from; an empty one is to be filled in. NULL: the
 * region is not kept. */
LacunaDetailBase *lacuna_kept_get_detail (LacunaKept *self, const LacunaRegion *region);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LacunaKept, lacuna_kept_free)

G_END_DECLS
