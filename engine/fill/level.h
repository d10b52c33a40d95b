/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/cl/kernel.h"
#include "engine/fill/atlas.h"
#include "engine/fill/steering.h"
#include "kernels/numbers.h"

G_BEGIN_DECLS

/* One scale of a region's window, on the device: kernels/scale.cl, match.cl and
 * vote.cl tell what its buffers hold. A level begins with its image alone; the
 * rest is made when it is opened and given up when it is closed. */
typedef struct
{
  const LacunaAtlas *atlas; /* of the region */
  guint l;           /* halvings */
  int width, height; /* of the image: the window and, below it, its copies */
  int window_height; /* of the window alone */
  LacunaBox box;     /* of the targets: the hole and what lies a patch's radius around it in the image */
  guint8 *pixels;    /* rows of the box: 1 in the hole, 2 in it where a line holds the label, else 0 */
  float *confidence; /* rows of the box: 1.3^-distance of targets, LACUNA_HELD of those a line holds, else 0 */

  LacunaBuffer *image;    /* 4 bytes a pixel */
  LacunaBuffer *geometry; /* what the kernels need of the above */
  LacunaBuffer *valid;    /* a byte a pixel of the image */
  LacunaBuffer *guide;    /* 4 bytes a pixel of the image */
  /* These have an element, of the type that each says, for each pixel of the box. */
  LacunaBuffer *hole;     /* a byte */
  LacunaBuffer *trust;    /* confidence, a float */
  LacunaBuffer *strength; /* of the guide's colours and its activity, and how far that may be off, a float each */
  LacunaBuffer *offsets;  /* two int16 */
  LacunaBuffer *next;     /* the same, to be written */
  LacunaBuffer *cost;     /* a float */
  LacunaBuffer *weight;   /* a float */
} LacunaLevel;

/* Level l of a region: its window and the copies of it halved l times, with its part of the hole. atlas: has to outlive
 * it. Only host memory is taken: LACUNA_ERROR_MEMORY. */
LacunaLevel *lacuna_level_new  (const LacunaRegion *region, const LacunaAtlas *atlas, guint l, GError **error);
void         lacuna_level_free (LacunaLevel *self);

gsize    lacuna_level_get_n_targets (LacunaLevel *self); /* pixels of the box */
/* Makes the image from the box of the photo, and the copies; what mask marks, and what lies beyond the photo,
 * is not known. What else is known are sources as steering has it. */
gboolean lacuna_level_read_photo    (LacunaLevel *self, LacunaContext *context, LacunaBox box,
                                     LacunaPhoto *photo, LacunaMask *mask, const LacunaSteering *steering,
                                     GError **error);
/* Draws the copies anew from what the image has of the window. */
gboolean lacuna_level_draw_copies   (LacunaLevel *self, GError **error);
gboolean lacuna_level_make_buffers  (LacunaLevel *self, LacunaContext *context, GError **error);
/* Reads offsets or, of the hole alone, labels into two int16 a pixel of the box. Each has to lead to a place of the
 * image, at least margin from its border: LACUNA_ERROR_DEVICE. */
gboolean lacuna_level_read_offsets  (LacunaLevel *self, LacunaBuffer *offsets, int margin, gint16 *ret_offsets,
                                     GError **error);
/* Holds targets at given offsets: where held has one (not LACUNA_NO_OFFSET) that leads to a valid place (a byte a pixel
 * of the image), it is written to offsets, and the target marked in confidence and pixels. The caller has to upload
 * all three. */
void     lacuna_level_hold          (LacunaLevel *self, const gint16 *held, const guint8 *valid, gint16 *offsets);
/* Gives up all but the image. */
void     lacuna_level_close         (LacunaLevel *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LacunaLevel, lacuna_level_free)

G_END_DECLS
