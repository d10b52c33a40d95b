/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/fill/level.h"

G_BEGIN_DECLS

/* Makes pixels of matched patches: finds which place each pixel of the hole is copied
 * from (kernels/vote.cl, label and smooth), and what is added to the copies so
 * that no seam stays (kernels/poisson.cl). */
typedef struct _LacunaSeam LacunaSeam;

LacunaSeam *lacuna_seam_new  (LacunaContext *context, GError **error);
void        lacuna_seam_free (LacunaSeam *self);

/* level: matched. ret_labels: an offset for each pixel of its box, (NONE, NONE) outside the hole;
 * ret_correction: four floats for each, red, green and blue in levels of 255. */
gboolean lacuna_seam_run (LacunaSeam *self, LacunaLevel *level, gint16 *ret_labels, float *ret_correction,
                          GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LacunaSeam, lacuna_seam_free)

G_END_DECLS
