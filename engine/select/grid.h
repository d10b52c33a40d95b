/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/photo/box.h"

G_BEGIN_DECLS

/* Bits of a cell. */
#define LACUNA_CELL_IN 1   /* it is of the thing */
#define LACUNA_CELL_OPEN 2 /* which a cut may change */

/* A part of a photo seen as cells of side·side pixels; those at the right and lower edges may reach beyond the box. */
typedef struct {
  LacunaBox box; /* of the photo */
  int       side;
  int       width, height; /* cells */
} LacunaGrid;

static inline LacunaGrid
lacuna_grid_make (LacunaBox box, int side)
{
  return (LacunaGrid){ box, side, (box.width + side - 1) / side, (box.height + side - 1) / side };
}

static inline gsize
lacuna_grid_get_n_cells (const LacunaGrid *self)
{
  return (gsize) self->width * self->height;
}

/* The middle of a cell in shares of the grid's longer side. */
static inline float
lacuna_grid_get_place (const LacunaGrid *self, int cell)
{
  return (cell + 0.5f) * self->side / MAX (self->box.width, self->box.height);
}

G_END_DECLS
