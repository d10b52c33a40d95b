/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/fill/guide.h"
#include "engine/fill/level.h"

G_BEGIN_DECLS

/* What the detail of a window goes on from when it is filled once more: what it took from the photo alone, and what it
 * copied, at the network's scale, when nothing told it where from. All is empty at first. */
typedef struct
{
  LacunaGuideBase guide;
  gboolean  has_edges; /* they were looked for */
  GVariant *edges;     /* NULL: none were found */

  /* Of the fill that was not steered. */
  LacunaBox box, hole;
  guint8   *mask;     /* the region's, to tell it by */
  guint     halvings; /* of its finest level */
  gboolean  without_guide;
  gint16   *offsets;  /* two a pixel of the level's box; NULL: there was no such fill */
  guint8   *image;    /* 4 bytes a pixel of the image's rows that the box has: the estimate */
} LacunaDetailBase;

void     lacuna_detail_base_clear (LacunaDetailBase *self);

/* Whether it holds what such a region was filled with, where that was not steered. */
gboolean lacuna_detail_base_is_of (const LacunaDetailBase *self, const LacunaRegion *region, guint halvings,
                                   gboolean without_guide);

/* Keeps what a level that has been matched, of the network's scale, copies. If there is no memory for that, it keeps
 * nothing. Errors: those of the device. */
gboolean lacuna_detail_base_keep  (LacunaDetailBase *self, const LacunaRegion *region, guint halvings,
                                   gboolean without_guide, LacunaLevel *level, GError **error);

/* Starts an open level from what was kept: offsets, two a pixel of its box, are replaced where a target's old one leads
 * to a source still, and the image's hole is the old estimate. valid: a byte a pixel of the image. Errors: those of the
 * device; LACUNA_ERROR_MEMORY. */
gboolean lacuna_detail_base_start (const LacunaDetailBase *self, LacunaLevel *level, const guint8 *valid,
                                   gint16 *offsets, GError **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (LacunaDetailBase, lacuna_detail_base_clear)

G_END_DECLS
