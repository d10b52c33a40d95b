/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/document/raster.h"
#include "app/document/sample.h"

G_BEGIN_DECLS

/* Marks (or erases) what a round brush covers on its way along the samples: of
 * each two neighbours the hull of their discs, of a single one its disc. Drawn
 * segment by segment, so that pieces which share their end samples give the
 * same as the whole. Touches the raster; returns the box that may have changed. */
LacunaBox lacuna_stroke_draw         (LacunaRaster *raster, const LacunaSample *samples, guint n_samples,
                                      gboolean erase);

/* Marks (or erases) the inside of a closed polygon by the non-zero rule. */
LacunaBox lacuna_stroke_fill_polygon (LacunaRaster *raster, const LacunaSample *points, guint n_points,
                                      gboolean erase);

/* Erases everything. */
LacunaBox lacuna_stroke_clear        (LacunaRaster *raster);

G_END_DECLS
