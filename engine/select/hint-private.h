/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/select/grid.h"
#include "engine/select/hint.h"

G_BEGIN_DECLS

LacunaHintKind lacuna_hint_get_kind (const LacunaHint *self);
/* Returns the bounds of the points, without radius; they may reach beyond the photo. Empty: there are no points. */
LacunaBox      lacuna_hint_get_bounds (const LacunaHint *self);
double         lacuna_hint_get_radius (const LacunaHint *self);

/* Sets the grid's cells whose middle is within radius pixels of the stroke, and those that hold a point of it. */
void lacuna_hint_draw (const LacunaHint *self, const LacunaGrid *grid, double radius, guint8 *cells, guint8 value);
/* Sets the cells whose middle is inside the stroke, closed, by the non-zero rule. */
void lacuna_hint_fill (const LacunaHint *self, const LacunaGrid *grid, guint8 *cells, guint8 value);
/* Sets the cells under strokes (of LacunaHint) that add or take, and under a scribble: they are not open. */
void lacuna_hints_draw (GPtrArray *hints, const LacunaGrid *grid, guint8 *cells);

G_END_DECLS
