/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/cl/context.h"
#include "engine/fill/base.h"
#include "engine/fill/steering.h"

G_BEGIN_DECLS

/* The stage at the photo's own resolution: finds, coarse to fine, for every
 * patch that touches the hole the patch of the known photo that fits what was
 * filled around it and the network's result, starting from the attention, and
 * ends in a map of offsets to pixels of the photo, with a smooth correction. */
typedef struct _LacunaDetail LacunaDetail;

LacunaDetail *lacuna_detail_new  (LacunaContext *context, GError **error);
void          lacuna_detail_free (LacunaDetail *self);

typedef void (*LacunaDetailProgress) (double fraction, gpointer data);

#define LACUNA_DETAIL_MOST_HALVINGS 2

/* Whether a region's window with such copies of it is no larger than offsets reach. */
gboolean lacuna_detail_takes (const LacunaRegion *region, LacunaTransforms transforms);

/* Whether a region's fill goes on from the one that is not steered: where it is told what to copy from, and no more. Lines
 * and other changes of what is copied ask for another fill from the coarsest level on. */
gboolean lacuna_detail_goes_on (const LacunaRegion *region, const LacunaSteering *steering);

/* Fills in offsets and correction of a region whose network has run. They stay
 * NULL where nothing known is large enough to copy from, and where the window is
 * larger than offsets reach. halvings, up to the above: patches are matched on the
 * photo at 1/2^halvings, which takes a fourth of the memory with each, and makes
 * blocks of pixels that are copied together. mask: what is not known; steering: as
 * fitted to the region. base: what another fill of the same window has left, to be gone on from or filled in; NULL:
 * neither. A fill that goes on, and whose base lacks what to go on from, is steered from the coarsest level on. Errors:
 * those of the device; LACUNA_ERROR_MEMORY. */
gboolean lacuna_detail_run (LacunaDetail *self, LacunaRegion *region, guint halvings, LacunaPhoto *photo,
                            LacunaMask *mask, const LacunaSteering *steering, LacunaDetailBase *base,
                            LacunaDetailProgress progress, gpointer data, GError **error);

/* Fills in the base for a fill that goes on from it, of a region whose network has run without being steered; of the
 * region nothing else changes but its edges. Otherwise as lacuna_detail_run. */
gboolean lacuna_detail_make_base (LacunaDetail *self, LacunaRegion *region, guint halvings, LacunaPhoto *photo,
                                  LacunaMask *mask, const LacunaSteering *steering, LacunaDetailBase *base,
                                  LacunaDetailProgress progress, gpointer data, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LacunaDetail, lacuna_detail_free)

G_END_DECLS
