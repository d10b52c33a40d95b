/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/fill/progress.h"
#include "engine/fill/region-private.h"
#include "kernels/numbers.h"

G_BEGIN_DECLS

/* The places that a fill may copy from, and the lines that its edges follow. The attention heeds the places by how free
 * each key is, the detail by the weight of each pixel; the lines are heeded by the detail and its guide.
 * And what else of a fill's options the detail heeds. */
typedef struct {
  LacunaMask *avoid;    /* of the photo's size; NULL: nothing */
  LacunaMask *prefer;   /* the same */
  GVariant   *lines;    /* as lines.h has them; NULL: none */
  float       pull;     /* of what is preferred, the square of its strength: at 1 nothing else is copied */
  LacunaTransforms transforms; /* how what is copied may be changed, in the detail */
  gboolean    without_guide; /* the detail does not heed what the network drew */
} LacunaSteering;

/* Takes what the options ask for, and borrows their masks and lines. LACUNA_ERROR_UNFIT: a mask is not of the size of
 * the hole's, or the strength is not from 0 to 1. */
gboolean lacuna_steering_init (LacunaSteering *self, const LacunaFillOptions *options, LacunaMask *mask,
                               GError **error);

/* Returns what the options ask of a fill's sources and edges, for the record of it (data/doc/record.md): all is 0 where
 * nothing is asked (a{sv}). */
GVariant *lacuna_steering_describe (const LacunaFillOptions *options);

/* Widens the window of a region, which has not been run, to what is preferred, where that is not too far away and the
 * window has too little of it. */
void lacuna_steering_widen (const LacunaSteering *self, LacunaRegion *region, LacunaMask *unknown);

/* Fits a steering to a region's window: drops the preference where the window has no piece of what is preferred, and
 * lets other places be copied too where that is too small. *ret_note: a sentence about that (g_free), or NULL.
 * unknown: the hole, and what the photo hides. LACUNA_ERROR_MEMORY. */
gboolean lacuna_steering_fit (const LacunaSteering *self, const LacunaRegion *region, LacunaMask *unknown,
                              LacunaSteering *ret_fitted, char **ret_note, GError **error);

/* Returns how free each key of a region is to be attended to (g_free): 0 where its patch or its neighbours' hold
 * anything to be avoided, 1 - pull where it is not all preferred, else 1. self: as fitted. LACUNA_ERROR_UNFIT: nothing
 * known remains; LACUNA_ERROR_MEMORY. */
float *lacuna_steering_weigh_keys (const LacunaSteering *self, const LacunaRegion *region, LacunaMask *unknown,
                                   GError **error);

/* Returns the weight of pixel i of the photo, which is known: LACUNA_KNOWN, _OTHER or _BARRED. */
static inline guint8
lacuna_steering_weigh (const LacunaSteering *self, gsize i)
{
  gboolean preferred = self->prefer == NULL || lacuna_mask_get_pixels (self->prefer)[i] != 0;

  if ((self->avoid != NULL && lacuna_mask_get_pixels (self->avoid)[i] != 0) || (!preferred && self->pull >= 1.0f))
    return LACUNA_BARRED;
  return preferred ? LACUNA_KNOWN : LACUNA_OTHER;
}

G_END_DECLS
