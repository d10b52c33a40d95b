/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/photo/mask.h"
#include "engine/select/hint.h"

G_BEGIN_DECLS

/**
 * LacunaSelection:
 *
 * A thing that strokes select: the strokes, and how it was found at a small scale. Immutable, atomically
 * reference-counted.
 */
typedef struct _LacunaSelection LacunaSelection;

#define LACUNA_TYPE_SELECTION (lacuna_selection_get_type ())
GType lacuna_selection_get_type (void);

LacunaSelection *lacuna_selection_ref   (LacunaSelection *self);
void             lacuna_selection_unref (LacunaSelection *self);

/**
 * lacuna_selection_get_box:
 *
 * Returns: (transfer none): the part of the photo that the mask is of, outside of which nothing is selected
 */
const LacunaBox *lacuna_selection_get_box (LacunaSelection *self);

/**
 * lacuna_select:
 * @photo: a photo
 * @before: (nullable): the selection that the stroke adds to or takes from; %NULL for a stroke around a thing or on it
 * @hint: the stroke
 * @ret_selection: (out) (transfer full): what a further stroke begins with
 * @cancellable: (nullable): to stop it
 * @error: %LACUNA_ERROR_UNFIT: the stroke is beside the photo, adds to nothing or takes from nothing;
 *   %LACUNA_ERROR_MEMORY; %G_IO_ERROR_CANCELLED
 *
 * Finds the thing that a stroke goes around or runs over, to its edges: GrabCut (Rother, Kolmogorov and Blake, SIGGRAPH
 * 2004) on a small copy, and its border again at each doubled scale (Lombaert et al., ICCV 2005) up to full resolution,
 * or half or a quarter of that where the thing fills a large photo. Strokes that add or take hold where they are. One
 * and the same input gives one and the same mask.
 *
 * Returns: (transfer full): the thing's pixels in a mask of the size of the selection's box; no hole where the stroke
 *   found nothing that stands out
 */
LacunaMask *lacuna_select (LacunaPhoto *photo, LacunaSelection *before, LacunaHint *hint,
                           LacunaSelection **ret_selection, GCancellable *cancellable, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LacunaSelection, lacuna_selection_unref)

G_END_DECLS
