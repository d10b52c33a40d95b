/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "app/document/sample.h"
#include "engine/lacuna.h"

G_BEGIN_DECLS

/* Polylines as LacunaFillOptions has them: of each the corners, “a(dd)”, x and y in pixels of the photo, of which whole
 * numbers are the middles. */

/* Whether lines, of any type, are “aa(dd)” with two corners or more in each, all within a photo of that size. */
gboolean  lacuna_polylines_check  (GVariant *lines, int width, int height);

/* Returns a line along points in image coordinates, kept within a photo of that size. It has as few of them as leave
 * none further than tolerance, in pixels, from the line (Douglas and Peucker 1973). NULL: it would be shorter than a
 * pixel. (transfer floating) */
GVariant *lacuna_polyline_new     (const LacunaSample *points, guint n_points, double tolerance, int width, int height);

/* Returns the box, in pixels, around all corners of a line. */
LacunaBox lacuna_polyline_get_box (GVariant *line);

/* Whether a line goes through a pixel that is not 0. pixels: of that box, in rows of its width. */
gboolean  lacuna_polyline_crosses (GVariant *line, const guint8 *pixels, LacunaBox box);

G_END_DECLS
