#pragma once

#include "engine/fill/fill.h"

G_BEGIN_DECLS

/* Writes what the network was given and gave for region k into folder, which
 * is made where it is missing:
 *   k-input.npy (5×H×W), k-coarse.npy, k-refined.npy (3×H×W, [-1, 1]),
 *   k-attention.npy (queries×keys; only where scores were kept), all float32,
 *   k-coarse.png, k-refined.png (H×W), k-flow.png (the grid's displacements,
 *   each query 8×8 pixels), k-window.json (box, scale, grid, hole, model),
 *   and where there is detail, of the hole's box: k-detail.png (in photo, which
 *   the fill was made of) and k-offsets.npy (2×H×W: to what each pixel is a copy of).
 * LACUNA_ERROR_FILE, _MEMORY. */
gboolean  lacuna_region_export   (const LacunaRegion *self, LacunaPhoto *photo, const char *folder, guint k,
                                 const char *model, GError **error);

/* Where a region lies, why (LacunaPlanReason in lower case) and what it was made with, as JSON shows it (a{sv}). */
GVariant *lacuna_region_describe (const LacunaRegion *self, const char *model);

G_END_DECLS
