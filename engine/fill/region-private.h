/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/fill/region.h"

G_BEGIN_DECLS

#define LACUNA_CELL 8 /* network pixels a side of a query */

/* The planes of the network's input: the blanked image's channels, ones, the mask. */
enum {
  LACUNA_PLANE_RGB,
  LACUNA_PLANE_ONES = 3,
  LACUNA_PLANE_MASK,
  LACUNA_N_PLANES,
};

/* What the network was given and what it gave. Images are float32 in C, H, W order at the network's scale and in the
 * photo's own colours; the network itself saw them converted to sRGB. */
struct _LacunaRegion {
  LacunaBox box;       /* of the photo, at full resolution; may reach beyond it, where it was mirrored */
  guint     halvings;  /* the network saw box at 1/2^halvings */
  int       width, height;           /* network input: box >> halvings */
  int       grid_width, grid_height; /* attention grid: an eighth of that; queries = keys = their product, row-major */
  float    *input;     /* LACUNA_N_PLANES×height×width */
  float    *coarse;    /* 3×height×width in [-1, 1] */
  float    *refined;   /* the same; NULL until that stage has run */
  LacunaBox computed;  /* where, at that scale, these were: the hole and its surroundings; 0 elsewhere */
  float    *scores;    /* queries×keys, softmax times valid; NULL unless kept */
  float    *features;  /* queries×channels: what the attention compares, queries and keys alike; NULL unless kept */
  guint     channels;
  float    *freedom;   /* keys: how freely each may be copied in a steered fill, from 0 to 1; NULL: all known ones alike, or
                        * the scores are not kept */
  gint32   *index;     /* queries: best key; like scores, 0 for queries away from what was computed */
  LacunaBox hole;      /* bounds of the pixels that this region fills, in the photo */
  guint8   *mask;      /* hole.width×hole.height: 0 where this region fills nothing, 255 where it fills, and
                        * between that the share it has over what regions before it filled */
  LacunaPlanReason reason;
  guint     n_holes;   /* that it serves */
  double    thickness; /* of the thickest of them in pixels */
  /* These four are at the photo's resolution; NULL where the detail was left out, or had nothing to copy from. */
  gint16   *offsets;    /* 2×hole.height×hole.width: dx and dy to the known pixel that each is copied from */
  float    *correction; /* 3×hole.height×hole.width: what is added to the copy, for samples in [-1, 1] */
  float    *fit;        /* hole.height×hole.width: how far the patch is from the copied one, in levels */
  GVariant *edges;      /* that were found to go on through the hole beside lines that were drawn, as lines.h has lines; NULL: none */
  guint8   *transforms; /* hole.height×hole.width: LacunaTransformed; NULL also where the fill was not asked for any */
};

/* Makes a region that is planned and not run: its mask is all 0, to be marked by the caller. NULL: no memory. */
LacunaRegion *lacuna_region_new (LacunaBox box, guint halvings, LacunaBox hole);

/* Makes a region with the window and the mask of another, that is not run. NULL: no memory. */
LacunaRegion *lacuna_region_copy_plan (const LacunaRegion *self);

/* Widens the window of a region that has not been run so that it holds box too, at the same scale. FALSE, and nothing
 * changes, where that would take too many pixels. */
gboolean lacuna_region_widen (LacunaRegion *self, LacunaBox box, int width, int height);

/* Halves the scale of a region that has not been run, for want of memory.
 * FALSE where the photo is too small for it or nothing known would remain. */
gboolean lacuna_region_halve (LacunaRegion *self, LacunaMask *mask);

G_END_DECLS
