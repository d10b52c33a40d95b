/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

#include "engine/lacuna.h"

G_BEGIN_DECLS

/* Which part of the photo the panes show, and how large. Emits "changed". */
#define LACUNA_TYPE_VIEWPORT (lacuna_viewport_get_type ())
G_DECLARE_FINAL_TYPE (LacunaViewport, lacuna_viewport, LACUNA, VIEWPORT, GObject)

LacunaViewport *lacuna_viewport_new (void);

/* The photo's size in pixels: shows all of it. */
void   lacuna_viewport_set_photo (LacunaViewport *self, int width, int height);
/* A pane's size in logical pixels; scale_factor: screen pixels for each. */
void   lacuna_viewport_set_pane  (LacunaViewport *self, int width, int height, int scale_factor);

double lacuna_viewport_get_scale (LacunaViewport *self); /* logical pixels for a pixel of the photo */
double lacuna_viewport_get_zoom  (LacunaViewport *self); /* screen pixels for a pixel of the photo */
/* Returns where the photo's origin lies in a pane, in logical pixels, on whole screen pixels. */
void   lacuna_viewport_get_origin (LacunaViewport *self, double *ret_x, double *ret_y);
void   lacuna_viewport_to_photo   (LacunaViewport *self, double x, double y, double *ret_x, double *ret_y);
void   lacuna_viewport_to_pane    (LacunaViewport *self, double x, double y, double *ret_x, double *ret_y);

void   lacuna_viewport_fit      (LacunaViewport *self);
void   lacuna_viewport_set_zoom (LacunaViewport *self, double zoom); /* about the middle */
/* Zooms by factor, so that the photo's point at (x, y) of the pane stays there. */
void   lacuna_viewport_zoom_at  (LacunaViewport *self, double factor, double x, double y);
/* Returns factor, or the smaller step that ends at 100 % where factor would pass it. */
double lacuna_viewport_limit    (LacunaViewport *self, double factor);
/* The photo moves by so many logical pixels. */
void   lacuna_viewport_pan      (LacunaViewport *self, double dx, double dy);
/* Pans as little as shows a point of the photo with a margin. */
void   lacuna_viewport_reveal   (LacunaViewport *self, double x, double y);

G_END_DECLS
