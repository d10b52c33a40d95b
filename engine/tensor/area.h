/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/cl/kernel.h"
#include "engine/tensor/shape.h"

G_BEGIN_DECLS

/* A rectangle of a feature map, in elements. */
typedef struct {
  guint y, x, height, width;
} LacunaArea;

/* An area as the int4 that kernels take: left, top, right, bottom. */
#define LACUNA_AREA_ARG(area) \
  LACUNA_INT4_ARG ((area).x, (area).y, (area).x + (area).width, (area).y + (area).height)

static inline LacunaArea
lacuna_area_of (LacunaShape shape)
{
  return (LacunaArea){ 0, 0, shape.height, shape.width };
}

/* Returns the part within the map of rows top … bottom-1 and columns left … right-1. */
static inline LacunaArea
lacuna_area_clip (gint top, gint left, gint bottom, gint right, LacunaShape shape)
{
  guint y = (guint) MAX (top, 0), x = (guint) MAX (left, 0);

  return (LacunaArea){ y, x, MIN ((guint) bottom, shape.height) - y, MIN ((guint) right, shape.width) - x };
}

G_END_DECLS
