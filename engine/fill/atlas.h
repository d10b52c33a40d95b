/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/fill/progress.h"
#include "engine/fill/region-private.h"

G_BEGIN_DECLS

/* A region's window and, below it, copies of it that are turned, mirrored or scaled about its middle: patches that are
 * matched by their offsets alone are so matched in other positions too (Barnes et al. 2010 search over these). Rows
 * between the copies are not known, nor is what a copy would have from beyond the window. */
#define LACUNA_ATLAS_MOST 10

typedef struct {
  guint8 transform;      /* as LACUNA_REGION_TRANSFORMS has it */
  int    xx, xy, yx, yy; /* the way back to the window of a step in the copy: a quarter turn or more, mirrored or not */
  double step;           /* pixels of the window that a pixel of the copy is */
} LacunaCopy;

typedef struct {
  int        width, height, pitch; /* of the window, and rows from one copy to the next; in pixels of the photo */
  guint      n;                    /* copies, the first being the window itself */
  LacunaCopy copies[LACUNA_ATLAS_MOST];
} LacunaAtlas;

void lacuna_atlas_init (LacunaAtlas *self, const LacunaRegion *region, LacunaTransforms transforms);

/* Returns the rows of all copies at 1/2^l. */
int lacuna_atlas_get_rows (const LacunaAtlas *self, guint l);

/* Draws the copies at 1/2^l, four bytes a pixel, below the window, whose rows pixels begins with. weighted: the fourth
 * byte tells what is known, and is the least of those that a pixel is made from, 0 where nothing is; else it is a guide's
 * activity. What lies beyond the window repeats its edge. */
void lacuna_atlas_draw (const LacunaAtlas *self, guint l, gboolean weighted, guint8 *pixels);

/* Returns what pixel (x, y) of the copies is made of, at the photo's scale, by a plane of the window. */
float lacuna_atlas_take (const LacunaAtlas *self, const float *plane, int x, int y);

/* Returns the copy that pixel (x, y) belongs to, at the photo's scale, and writes which pixel of the window it shows. A
 * pixel of a scaled copy that was drawn at 1/2^l shows one of the nearest block of 2^l pixels a side. */
const LacunaCopy *lacuna_atlas_find (const LacunaAtlas *self, guint l, int x, int y, int *ret_x, int *ret_y);

/* Writes where copy k, at 1/2^l, shows pixel (x, y) of the window. */
void lacuna_atlas_show (const LacunaAtlas *self, guint l, guint k, int x, int y, int *ret_x, int *ret_y);

G_END_DECLS
