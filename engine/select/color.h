/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/photo/photo.h"
#include "engine/select/grid.h"

G_BEGIN_DECLS

/* A colour in Oklab (Ottosson 2020), in which distances are about as large as they seem: lightness 0 to 100, green to
 * red, blue to yellow. */
typedef struct {
  float channels[3];
} LacunaColor;

/* The mean of a cell's pixels, of at most 4×4 of them. Alpha is left out, and samples are taken for sRGB's, whatever
 * the photo's profile: what matters is how far they lie apart. */
LacunaColor lacuna_color_read (LacunaPhoto *photo, const LacunaGrid *grid, int x, int y);

static inline float
lacuna_color_get_distance (const LacunaColor *a, const LacunaColor *b) /* squared */
{
  float x = a->channels[0] - b->channels[0], y = a->channels[1] - b->channels[1], z = a->channels[2] - b->channels[2];

  return x * x + y * y + z * z;
}

G_END_DECLS
