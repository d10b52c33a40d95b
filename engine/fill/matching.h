/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/fill/level.h"

G_BEGIN_DECLS

/* Guided patch matching (kernels/match.cl) and voting (kernels/vote.cl) on a level. */
typedef struct _LacunaMatching LacunaMatching;

LacunaMatching *lacuna_matching_new  (LacunaContext *context, GError **error);
void            lacuna_matching_free (LacunaMatching *self);

/* How a level is searched. */
typedef struct
{
  int    first_passes; /* before the first vote, for offsets that are but guesses; 0: vote on them as they are */
  int    iterations;   /* of matching and voting */
  int    passes;       /* of matching, in each */
  int    first_step;   /* of propagation, halved down to 1 */
  int    radius;       /* of the random search */
  float  colour;       /* weights of the guide: of its colours … */
  float  activity;     /* … and of its activity */
  float  reluctance;   /* what a source costs more that is not preferred */
  gboolean spread;     /* take from many places */
  guint  seed;
} LacunaSearch;

/* Matches and votes; the level's offsets and cost hold a start and then the result, its image the estimate. */
gboolean lacuna_matching_run    (LacunaMatching *self, LacunaLevel *level, const LacunaSearch *search, GError **error);
/* Starts a level from the next coarser one. x, y: a place of the window that is a source. */
gboolean lacuna_matching_refine (LacunaMatching *self, LacunaLevel *coarse, LacunaLevel *level, int x, int y,
                                 GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LacunaMatching, lacuna_matching_free)

G_END_DECLS
