/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/fill/region.h"

G_BEGIN_DECLS

/**
 * lacuna_region_export:
 * @photo: the photo that was filled
 * @folder: (type filename): made where it is missing
 * @k: the region's number, for the names of the files
 * @model: (type filename): path of the weights
 * @error: %LACUNA_ERROR_FILE, _MEMORY
 *
 * Writes what the network was given and gave: k-input.npy (5×H×W), k-coarse.npy, k-refined.npy (3×H×W, [-1, 1]),
 * k-attention.npy (queries×keys; only where it was kept), all float32; k-coarse.png, k-refined.png (H×W), k-flow.png (the
 * grid's displacements, each query 8×8 pixels), k-window.json (box, scale, grid, hole, model, and the edges that were
 * found to go on through the hole); and where there is detail, of the hole's box: k-detail.png and k-offsets.npy (2×H×W:
 * to what each pixel is a copy of).
 *
 * Returns: whether it was written
 */
gboolean lacuna_region_export (const LacunaRegion *self, LacunaPhoto *photo, const char *folder, guint k,
                               const char *model, GError **error);

/**
 * lacuna_region_describe:
 * @model: (type filename): path of the weights
 *
 * Returns: (transfer full): where the region lies, why ([enum@PlanReason] in lower case) and what it was made with, as
 *   JSON shows it (a{sv})
 */
GVariant *lacuna_region_describe (const LacunaRegion *self, const char *model);

G_END_DECLS
