/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which part of the photo the panes show, and how large. `scale` is logical pixels for each pixel of the photo;
 * update() keeps it within its limits, and the photo in sight. All of it runs in the main loop. */
#include "app/view/canvas/viewport.h"

#include <math.h>

#define MAX_ZOOM 32.0
/* The least scale, as a share of the one at which the photo fits into the pane. */
#define MIN_SHARE 0.25
#define MARGIN 24

struct _LacunaViewport {
  GObject  parent_instance;
  int      photo_width, photo_height;
  int      width, height, scale_factor;
  double   scale;
  double   x, y; /* the photo's point in the middle of a pane */
  gboolean fitting;
};

static guint changed;

G_DEFINE_FINAL_TYPE (LacunaViewport, lacuna_viewport, G_TYPE_OBJECT)

LacunaViewport *
lacuna_viewport_new (void)
{
  return g_object_new (LACUNA_TYPE_VIEWPORT, NULL);
}

static double
get_fit (LacunaViewport *self)
{
  double fit = MIN ((double) self->width / self->photo_width, (double) self->height / self->photo_height);

  return MIN (fit, 1.0 / self->scale_factor);
}

/* Returns the nearest middle at which no gap shows on one side while the other side is cut off. */
static double
clamp_middle (double middle, int photo, double pane)
{
  return pane >= photo ? photo / 2.0 : CLAMP (middle, pane / 2, photo - pane / 2);
}

static void
update (LacunaViewport *self)
{
  double fit = get_fit (self);

  self->scale = self->fitting ? fit : CLAMP (self->scale, fit * MIN_SHARE, MAX_ZOOM / self->scale_factor);
  self->x = clamp_middle (self->x, self->photo_width, self->width / self->scale);
  self->y = clamp_middle (self->y, self->photo_height, self->height / self->scale);
  g_signal_emit (self, changed, 0);
}

void
lacuna_viewport_set_photo (LacunaViewport *self, int width, int height)
{
  self->photo_width = width;
  self->photo_height = height;
  lacuna_viewport_fit (self);
}

void
lacuna_viewport_set_pane (LacunaViewport *self, int width, int height, int scale_factor)
{
  /* Panes side by side differ by a pixel where the space between them is odd. */
  if (ABS (width - self->width) <= 1 && ABS (height - self->height) <= 1 && scale_factor == self->scale_factor)
    return;
  self->width = MAX (1, width);
  self->height = MAX (1, height);
  self->scale_factor = scale_factor;
  update (self);
}

double
lacuna_viewport_get_scale (LacunaViewport *self)
{
  return self->scale;
}

double
lacuna_viewport_get_zoom (LacunaViewport *self)
{
  return self->scale * self->scale_factor;
}

void
lacuna_viewport_get_origin (LacunaViewport *self, double *ret_x, double *ret_y)
{
  *ret_x = round ((self->width / 2.0 - self->x * self->scale) * self->scale_factor) / self->scale_factor;
  *ret_y = round ((self->height / 2.0 - self->y * self->scale) * self->scale_factor) / self->scale_factor;
}

void
lacuna_viewport_to_photo (LacunaViewport *self, double x, double y, double *ret_x, double *ret_y)
{
  double left, top;

  lacuna_viewport_get_origin (self, &left, &top);
  *ret_x = (x - left) / self->scale;
  *ret_y = (y - top) / self->scale;
}

void
lacuna_viewport_to_pane (LacunaViewport *self, double x, double y, double *ret_x, double *ret_y)
{
  double left, top;

  lacuna_viewport_get_origin (self, &left, &top);
  *ret_x = left + x * self->scale;
  *ret_y = top + y * self->scale;
}

void
lacuna_viewport_fit (LacunaViewport *self)
{
  self->fitting = TRUE;
  update (self);
}

void
lacuna_viewport_set_zoom (LacunaViewport *self, double zoom)
{
  lacuna_viewport_zoom_at (self, zoom / lacuna_viewport_get_zoom (self), self->width / 2.0, self->height / 2.0);
}

void
lacuna_viewport_zoom_at (LacunaViewport *self, double factor, double x, double y)
{
  double photo_x, photo_y;

  lacuna_viewport_to_photo (self, x, y, &photo_x, &photo_y);
  self->fitting = FALSE;
  self->scale = CLAMP (self->scale * factor, get_fit (self) * MIN_SHARE, MAX_ZOOM / self->scale_factor);
  self->x = photo_x + (self->width / 2.0 - x) / self->scale;
  self->y = photo_y + (self->height / 2.0 - y) / self->scale;
  update (self);
}

double
lacuna_viewport_limit (LacunaViewport *self, double factor)
{
  double zoom = lacuna_viewport_get_zoom (self);

  /* A zoom that differs from 100 % by rounding alone counts as 100 %. */
  return fabs (zoom - 1) > 1e-6 && (zoom - 1) * (zoom * factor - 1) < 0 ? 1 / zoom : factor;
}

void
lacuna_viewport_pan (LacunaViewport *self, double dx, double dy)
{
  self->x -= dx / self->scale;
  self->y -= dy / self->scale;
  update (self);
}

static double
get_overshoot (double at, int side)
{
  double margin = MIN (MARGIN, side / 2);

  return at < margin ? margin - at : at > side - margin ? side - margin - at : 0;
}

void
lacuna_viewport_reveal (LacunaViewport *self, double x, double y)
{
  double dx, dy;

  lacuna_viewport_to_pane (self, x, y, &x, &y);
  dx = get_overshoot (x, self->width);
  dy = get_overshoot (y, self->height);
  if (dx != 0 || dy != 0)
    lacuna_viewport_pan (self, dx, dy);
}

static void
lacuna_viewport_class_init (LacunaViewportClass *klass)
{
  changed = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
lacuna_viewport_init (LacunaViewport *self)
{
  self->photo_width = self->photo_height = self->width = self->height = self->scale_factor = 1;
  self->scale = 1;
  self->fitting = TRUE;
}
