/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* The exact minimum cut of a graph whose nodes are pixels: each is tied to the source (the thing) or the sink (all
 * else), and to at most eight neighbours. Boykov and Kolmogorov, "An Experimental Comparison of Min-Cut/Max-Flow
 * Algorithms for Energy Minimization in Vision" (PAMI 2004). Whole numbers, so that it is the same everywhere. */
typedef struct _LacunaMinCut LacunaMinCut;

#define LACUNA_MIN_CUT_SLOTS 8
/* The slot through which a neighbour sees the node that sees it through slot. */
#define LACUNA_MIN_CUT_OPPOSITE(slot) (LACUNA_MIN_CUT_SLOTS - 1 - (slot))

/* n_nodes nodes without ties. NULL: no memory. */
LacunaMinCut *lacuna_min_cut_new  (guint n_nodes);
void       lacuna_min_cut_free (LacunaMinCut *self);

/* Adds to what it costs to cut the node from the source (positive) or from the sink (negative). */
void lacuna_min_cut_pull (LacunaMinCut *self, guint node, gint32 capacity);
/* Ties two nodes, either way: b is in that slot of a, and a in the opposite one of b; each slot is used once. */
void lacuna_min_cut_join (LacunaMinCut *self, guint a, guint slot, guint b, gint32 capacity);

/* Finds the cut, once. FALSE: cancelled. */
gboolean lacuna_min_cut_run       (LacunaMinCut *self, GCancellable *cancellable);
/* Afterwards: whether the node is on the source's side. A node that may be on either is not. */
gboolean lacuna_min_cut_is_inside (const LacunaMinCut *self, guint node);
/* The flow, which is the cut's capacity. */
gint64   lacuna_min_cut_get_flow  (const LacunaMinCut *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LacunaMinCut, lacuna_min_cut_free)

G_END_DECLS
