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
                   * is stretched over the hole from its rim, and is no less there than the edges of these colours ask
                   * for */
  float  *error;  /* how far off these colours are to be expected in the hole, in levels; 0 outside */
  float  *deviation; /* the standard deviation of what the rim tells of A, in the hole, whatever these edges ask for; 0
                      * outside */
} LacunaGuide;

/* What a guide takes from the region's input alone, so that it is the same for any result of the network. */
typedef struct
{
  float *activity; /* of what is known, stretched over the hole; NULL: nothing is there yet */
  float *deviation;
  float *error; /* as the guide's, both */
} LacunaGuideBase;

void lacuna_guide_base_clear (LacunaGuideBase *self);

/* In the plane of the mask: its colours are the guide's, but the rest of the hole is not matched to them. */
#define LACUNA_GUIDE_SHOWN 0.5f

/* drawn: the region's input, with more of it known or shown for the colours' sake; NULL: just the input. base: of the
 * same input, or empty, to be filled in if there is memory; NULL: not wanted. NULL: no memory. */
LacunaGuide *lacuna_guide_new  (const LacunaRegion *region, const float *drawn, LacunaGuideBase *base);
void         lacuna_guide_free (LacunaGuide *self);

/* Returns the activity of what has it once a pixel is made of step of its pixels: slopes are as many times as steep. */
guint8 lacuna_guide_scale_activity (guint8 activity, double step);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LacunaGuide, lacuna_guide_free)

G_END_DECLS
