/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/fill/region-private.h"
#include "engine/network/generator.h"

G_BEGIN_DECLS

/* Told as the network gets on, fraction from 0 to 1; coarse is there as soon as its stage has run. */
typedef void (*LacunaRegionProgress) (LacunaRegion *self, double fraction, gpointer data);

/* Reads the window with the hole blanked, runs the network on it and reads its
 * results, of the whole window or of the hole and its surroundings; the scores
 * where they are to be kept. avoid: as in LacunaFillOptions. Errors: those of the
 * device, LACUNA_ERROR_MEMORY. */
gboolean lacuna_region_run (LacunaRegion *self, LacunaContext *context, LacunaGenerator *generator,
                            LacunaPhoto *photo, LacunaMask *mask, LacunaMask *avoid, gboolean whole,
                            gboolean keep_scores,
                            LacunaRegionProgress progress, gpointer data, GError **error);

G_END_DECLS
