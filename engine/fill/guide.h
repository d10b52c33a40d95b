/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/fill/fill.h"

G_BEGIN_DECLS

/* What the network's result tells of where a patch should come from, for each
 * pixel at the network's scale. */
typedef struct
{
  guint8 *pixels; /* four bytes: the three of the colours around it (of the photo and, in the hole, of the refined result
                   * matched at the border) and the activity A = 45·ln (1 + Gauss (|∂x| + |∂y|)) of the photo, which
                   * is carried into the hole from known places near by and of like colour, and is no less there than
                   * the edges of these colours ask for */
  float  *error;  /* how far off these colours are to be expected in the hole, in levels; 0 outside */
} LacunaGuide;

/* drawn: the region's input, with more of it known for the colours' sake; NULL: just the input. NULL: no memory. */
LacunaGuide *lacuna_guide_new  (const LacunaRegion *region, const float *drawn);
void         lacuna_guide_free (LacunaGuide *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LacunaGuide, lacuna_guide_free)

G_END_DECLS
