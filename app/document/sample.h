/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A point of a stroke in image coordinates, with the brush's radius there in pixels. */
typedef struct {
  double x, y, radius;
} LacunaSample;

G_END_DECLS
