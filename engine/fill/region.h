#pragma once

#include "engine/fill/fill.h"
#include "engine/network/generator.h"

G_BEGIN_DECLS

/* Pixels around the hole, at the network's scale, that its border and interpolation look at. */
#define LACUNA_REGION_MARGIN 8

/* A region that is planned and not run: its mask is all 0, to be marked by the caller. NULL: no memory. */
LacunaRegion *lacuna_region_new  (LacunaBox box, guint halvings, LacunaBox hole);
void          lacuna_region_free (LacunaRegion *self);

/* Halves the scale of a region that has not been run, for want of memory.
 * FALSE where the photo is too small for it or nothing known would remain. */
gboolean lacuna_region_halve (LacunaRegion *self, LacunaMask *mask);

/* Told as the network gets on, fraction from 0 to 1; coarse is there as soon as its stage has run. */
typedef void (*LacunaRegionProgress) (const LacunaRegion *self, double fraction, gpointer data);

/* Reads the window with the hole blanked, runs the network on it and reads its
 * results, of the whole window or of the hole and its surroundings; the scores
 * where they are to be kept. avoid: as in LacunaFillOptions. Errors: those of the
 * device, LACUNA_ERROR_MEMORY. */
gboolean lacuna_region_run (LacunaRegion *self, LacunaContext *context, LacunaGenerator *generator,
                            LacunaPhoto *photo, LacunaMask *mask, LacunaMask *avoid, gboolean whole,
                            gboolean keep_scores,
                            LacunaRegionProgress progress, gpointer data, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LacunaRegion, lacuna_region_free)

G_END_DECLS
