/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/fill/fill.h"

G_BEGIN_DECLS

/**
 * LacunaProvenanceArray:
 * @LACUNA_PROVENANCE_OFFSETS: int16, sources×2×height×width: dx and dy from each pixel to those of the photo that it is
 *   a copy of
 * @LACUNA_PROVENANCE_WEIGHTS: float32, sources×height×width: the share that each of them has in it
 * @LACUNA_PROVENANCE_INVENTED: float32, height×width: the share that no pixel of the photo has: the network's own
 * @LACUNA_PROVENANCE_CORRECTION: float32, 3×height×width, for samples in [-1, 1]: what is added to the copies; of what is
 *   invented, all of it
 * @LACUNA_PROVENANCE_TRUST: float32, height×width, from 0 to 1: [func@explain_trust]
 * @LACUNA_PROVENANCE_TRANSFORMS: uint8, sources×height×width: how each copy was changed, as
 *   [enum@Lacuna.Transformed] says
 *
 * Of a filled pixel weights and invented share sum to 1, and the weighted samples of the photo (in [-1, 1]) with the
 * correction are the pixel as it was filled. Elsewhere all is 0. In the host's byte order, last dimension innermost.
 */
typedef enum {
  LACUNA_PROVENANCE_OFFSETS,
  LACUNA_PROVENANCE_WEIGHTS,
  LACUNA_PROVENANCE_INVENTED,
  LACUNA_PROVENANCE_CORRECTION,
  LACUNA_PROVENANCE_TRUST,
  LACUNA_PROVENANCE_TRANSFORMS,
} LacunaProvenanceArray;

/**
 * LacunaProvenance:
 *
 * Where the pixels of a filled photo come from. Immutable, atomically reference-counted.
 */
typedef struct _LacunaProvenance LacunaProvenance;

#define LACUNA_TYPE_PROVENANCE (lacuna_provenance_get_type ())
GType lacuna_provenance_get_type (void);

/**
 * lacuna_provenance_new: (constructor)
 * @fill: a fill
 * @photo: (nullable): the photo that was filled; %NULL: only where the pixels come from is traced, which is quick. There
 *   is no correction, no trust and no report then
 * @box: pixels of the photo: one, a hole, or all
 * @error: %LACUNA_ERROR_UNFIT: @box is not within the photo; %LACUNA_ERROR_MEMORY
 *
 * Traces each filled pixel of a box to its sources, through the full-resolution stage and through windows that overlap.
 *
 * Returns: (transfer full): where they come from
 */
LacunaProvenance *lacuna_provenance_new (LacunaFill *fill, LacunaPhoto *photo, const LacunaBox *box, GError **error);

LacunaProvenance *lacuna_provenance_ref   (LacunaProvenance *self);
void              lacuna_provenance_unref (LacunaProvenance *self);

/**
 * lacuna_provenance_get_box:
 *
 * Returns: (transfer none): the pixels that were asked for
 */
const LacunaBox *lacuna_provenance_get_box (LacunaProvenance *self);

/**
 * lacuna_provenance_get_n_sources:
 *
 * Returns: most sources that a pixel has: 1, or more where windows overlap
 */
guint lacuna_provenance_get_n_sources (LacunaProvenance *self);

/**
 * lacuna_provenance_dup_array:
 * @array: which
 *
 * Returns: (transfer full) (nullable): an array; %NULL: there is none
 */
GBytes *lacuna_provenance_dup_array (LacunaProvenance *self, LacunaProvenanceArray array);

/**
 * lacuna_provenance_describe:
 *
 * Sums up where a fill comes from, as JSON shows it: “box”; “pixels” that were filled; the shares “copied” and
 * “invented”; “correction”, the mean of its size in levels of 255; “distance” to the sources in pixels (“median”,
 * “mean”, “most”); “misfit”, how far patches are from what they are copies of, in levels (likewise); “trust” (“mean”,
 * “least”); the shares of the copies that were “turned”, “mirrored” and “scaled”; “areas” of the photo that were copied
 * from, the eight most used, with their “share”.
 *
 * Returns: (transfer full): a report (a{sv})
 */
GVariant *lacuna_provenance_describe (LacunaProvenance *self);

/**
 * lacuna_provenance_report:
 * @fill: the fill that was traced
 * @photo: (type filename): path of the photo that was filled
 *
 * Tells what was filled by what, for archives: “program”; “photo” and “model”, the names of their files without their
 * folders, which are nobody else's business; “edges”, how many were found to go on through the holes; what was asked for,
 * as “steered” of [method@Fill.describe]; and what [method@Provenance.describe] tells.
 *
 * Returns: (transfer full): a report (a{sv})
 */
GVariant *lacuna_provenance_report (LacunaProvenance *self, LacunaFill *fill, const char *photo);

/**
 * lacuna_provenance_export:
 * @folder: (type filename): made where it is missing
 * @report: (nullable): what is written as report.json, [method@Provenance.report] or another; %NULL:
 *   [method@Provenance.describe]
 * @error: %LACUNA_ERROR_FILE, _MEMORY
 *
 * Writes the arrays, float32 all of them, as offsets.npy, weights.npy, invented.npy, correction.npy, trust.npy and
 * transforms.npy; the offset to the strongest source of each pixel as offsets.png, 16 bits a sample: dx + 32768 as grey
 * and dy + 32768 as alpha, 0 and 0 where there is none; trust.png (white: trust; 0 outside); and report.json.
 *
 * Returns: whether they were written
 */
gboolean lacuna_provenance_export (LacunaProvenance *self, const char *folder, GVariant *report, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LacunaProvenance, lacuna_provenance_unref)

G_END_DECLS
