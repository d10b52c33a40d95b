/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/photo/photo.h"
#include "engine/select/grid.h"
#include "engine/select/mixture.h"

G_BEGIN_DECLS

/* A selection at one scale. */
typedef struct {
  LacunaGrid   grid;
  guint8      *cells;  /* rows of grid.width */
  LacunaColor *colors; /* of all cells; NULL: they are read as they are needed */
} LacunaPartition;

/* What colours the thing has, and what is around it. */
typedef struct {
  LacunaMixture thing, rest;
  gboolean      shadow; /* the thing's shadow belongs to it: what is around it, but darker */
  LacunaMixture lit;    /* … where that does not lie in the shadow */
} LacunaAppearance;

/* −ln of the probability density of a spot in the shadow: that it would have if it were as light as what is lit. */
float        lacuna_appearance_get_shadow_cost (const LacunaAppearance *self, const LacunaSpot *spot);

/* Makes a partition with all cells outside and none open. NULL: no memory. */
LacunaPartition *lacuna_partition_new  (LacunaGrid grid);
LacunaPartition *lacuna_partition_copy (const LacunaPartition *self); /* without colours; NULL: no memory */
void         lacuna_partition_free (LacunaPartition *self);
/* FALSE: no memory. */
gboolean     lacuna_partition_read_colors (LacunaPartition *self, LacunaPhoto *photo);
/* Returns colour and place of a cell. The partition has its colours. */
LacunaSpot lacuna_partition_get_spot (const LacunaPartition *self, gsize cell);
/* Makes the same partition at half the side, open where a cell or one beside it has another beside it that differs,
 * as in Lombaert et al., "A Multilevel Banded Graph Cuts Method for Fast Image Segmentation" (ICCV 2005). NULL: no
 * memory. */
LacunaPartition *lacuna_partition_halve (const LacunaPartition *self);

/* Gives each open cell its side by the minimum cut: by what the looks cost (NULL: nothing), by pulls (towards the
 * thing, in nats, one for each cell; NULL: none), and by what it costs to part neighbours of like colour, as in Rother,
 * Kolmogorov and Blake, "GrabCut" (SIGGRAPH 2004). ret_n_changed: cells that changed sides; may be NULL.
 * LACUNA_ERROR_MEMORY, G_IO_ERROR_CANCELLED, and then nothing changed. */
gboolean lacuna_partition_cut (LacunaPartition *self, LacunaPhoto *photo, const LacunaAppearance *looks,
                               const float *pulls, gsize *ret_n_changed, GCancellable *cancellable, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LacunaPartition, lacuna_partition_free)

G_END_DECLS
