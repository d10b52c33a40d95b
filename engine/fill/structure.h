/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/fill/level.h"

G_BEGIN_DECLS

/* A place of a line in the hole, and what it is copied from (Sun, Yuan, Jia and Shum 2005): at one level. */
typedef struct {
  guint  line;
  double at;     /* along the line, in pixels of the photo */
  int    x, y;   /* pixel of the window */
  gint16 dx, dy; /* to the pixel that it is a copy of */
  double from;   /* where along the line that lies */
} LacunaNode;

/* Nodes two pixels apart of all lines that cross a level's hole, and known pieces of which can be copied at that level:
 * of LacunaNode. The patches of a line's nodes are chosen together by dynamic programming, so that they fit each other
 * and what is known. coarse: the nodes of the next coarser level; NULL: there is none. n_anew: of
 * so many lines, the first, nodes may come from other places than these lead to: where little is known of a line, the
 * coarsest level has but a few. The level has its image. Errors: LACUNA_ERROR_MEMORY, those of the device. */
GArray *lacuna_structure_find (LacunaLevel *level, guint l, LacunaBox box, GVariant *lines, GArray *coarse,
                               guint n_anew, GError **error);

/* The offsets of the nearest node, of the first line that has one there, for what lies within a radius of one, two int16
 * a pixel of the level's box; LACUNA_NO_OFFSET elsewhere. NULL: no memory. */
gint16 *lacuna_structure_spread (GArray *nodes, const LacunaLevel *level, int radius);

G_END_DECLS
