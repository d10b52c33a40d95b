/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/select/hint-private.h"
#include "engine/select/partition.h"

G_BEGIN_DECLS

/* The part of a photo that strokes (of LacunaHint) are about, with what is around it, as at most some ten thousand
 * cells. FALSE: it is empty, or has none of the photo's pixels. */
gboolean lacuna_start_find_grid (LacunaPhoto *photo, GPtrArray *hints, LacunaGrid *ret_grid);

/* Selects at that scale, by GrabCut's iterations, and learns the colours. before: how the selection was without the
 * last stroke; NULL: it is the first. LACUNA_ERROR_MEMORY, G_IO_ERROR_CANCELLED. */
LacunaPartition *lacuna_start_run (LacunaPhoto *photo, GPtrArray *hints, LacunaGrid grid, const LacunaPartition *before,
                               LacunaAppearance *ret_looks, GCancellable *cancellable, GError **error);

G_END_DECLS
