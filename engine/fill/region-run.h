/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/fill/kept.h"
#include "engine/fill/steering.h"

G_BEGIN_DECLS

/* Called as the network gets on, with a fraction from 0 to 1; coarse is there as soon as its stage has run. */
typedef void (*LacunaRegionProgress) (LacunaRegion *self, double fraction, gpointer data);

/* Reads the window with the hole blanked, runs the network on it and reads its
 * results, of the hole and its surroundings; the scores where they are to be
 * kept. steering: as fitted to the region. kept: where to go on
 * from, and to keep that, what precedes the attention; or NULL. Errors: those of the
 * device and of the steering, LACUNA_ERROR_MEMORY. */
gboolean lacuna_region_run (LacunaRegion *self, LacunaContext *context, LacunaGenerator *generator,
                            LacunaPhoto *photo, LacunaMask *mask, const LacunaSteering *steering,
                            LacunaKept *kept, gboolean keep_scores, LacunaRegionProgress progress,
                            gpointer data, GError **error);

G_END_DECLS
