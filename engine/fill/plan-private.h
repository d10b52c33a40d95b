/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <math.h>

#include "engine/fill/region-private.h"

G_BEGIN_DECLS

#define LACUNA_PLAN_MARGIN 64  /* least context on each side of a hole, at the network's scale */
#define LACUNA_PLAN_MAX_CUTS 8 /* one within the other */

/* The bits of LacunaPlan.windows. */
enum {
  LACUNA_PLAN_TWICE_CONTEXT = 1,
  LACUNA_PLAN_HALF_SCALE = 2,
};

/* A cut through a hole for a chain of windows: the piece after it, along x or y,
 * fades in over width pixels from start on. */
typedef struct {
  gboolean vertical;
  int      start, width;
} LacunaCut;

/* What one window serves: whole components of the hole, or a piece of one. */
typedef struct {
  LacunaBox hole, box;
  guint     halvings;
  guint     n_holes;
  double    thickness; /* of the thickest */
  LacunaPlanReason reason;

  guint     chained; /* number of the component that this is a piece of, or 0 */
  LacunaBox clip;    /* the piece's pixels are those of the component in here */
  guint     n_cuts;  /* that it lies after */
  LacunaCut cuts[LACUNA_PLAN_MAX_CUTS];
} LacunaGroup;

/* The hole's components, and the windows for them. */
typedef struct {
  LacunaMask *mask;
  LacunaMask *unknown;      /* mask and what is hidden */
  int         width, height;
  double      trained_hole; /* thickness that the model learned to fill */
  guint       windows;      /* how they are chosen */
  GArray     *components;   /* of LacunaBox */
  guint32    *labels;       /* of the photo's pixels: number of the component from 1, or 0 */
  GArray     *groups;       /* of LacunaGroup */
  guint      *owners;       /* group of each component, or G_MAXUINT where it is in pieces */
} LacunaPlan;

/* Returns box grown by x pixels on the left and on the right, and by y above and below. */
static inline LacunaBox
lacuna_plan_grow_box (LacunaBox box, int x, int y)
{
  return (LacunaBox){ box.x - x, box.y - y, box.width + 2 * x, box.height + 2 * y };
}

/* Returns the least context on each side of a hole, in the photo's pixels. */
static inline int
lacuna_plan_get_margin (const LacunaPlan *plan, double thickness, guint halvings)
{
  return MAX ((int) ceil (thickness), LACUNA_PLAN_MARGIN << halvings) << (plan->windows & LACUNA_PLAN_TWICE_CONTEXT);
}

/* Cuts a component that is too long for one window at that scale into pieces
 * that overlap, each with a window; they are added to the groups. FALSE, and
 * nothing is added, where that would take too much. */
gboolean lacuna_chain_add (LacunaPlan *plan, guint component, guint halvings, double thickness);

/* Returns the share, of 255, that the piece has in pixel x, y over what earlier pieces gave. */
guint8   lacuna_chain_weigh (const LacunaGroup *piece, int x, int y);

G_END_DECLS
