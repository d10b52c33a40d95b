/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/fill/steering.h"

G_BEGIN_DECLS

/* The lines that edges are to follow: “aa(dd)”, of each line its corners, x and y in pixels of the photo, of which
 * whole numbers are the middles. */

/* A place of a line. */
typedef struct {
  double x, y;           /* in pixels of a level's window, whose first has its middle at 0.5 */
  double east, south;    /* which way the line goes there, of length 1 */
} LacunaLinePoint;

/* Whether the lines can be followed: LACUNA_ERROR_UNFIT where one is no line of the photo, does not cross the hole,
 * or leaves nothing known to copy from. hole, unknown: of the photo's size; unknown is the hole and what the photo
 * hides. */
gboolean lacuna_lines_check (const LacunaSteering *steering, LacunaMask *hole, LacunaMask *unknown, GError **error);

/* Whether one of the lines crosses what a region fills. */
gboolean lacuna_lines_cross (GVariant *lines, const LacunaRegion *region);

/* Returns places of a line one pixel of level l apart (an array of LacunaLinePoint), by the window of the box. */
GArray *lacuna_lines_sample (GVariant *lines, gsize line, LacunaBox box, guint l);

/* Returns those of found that are not what is drawn already: that go nearer than beside, in pixels of the photo, to one of
 * the drawn lines through less than a third of what they cross of the region's hole. Either may be NULL, for none, and so
 * may be what is returned (g_variant_unref). */
GVariant *lacuna_lines_leave (GVariant *found, GVariant *drawn, const LacunaRegion *region, double beside);

/* Returns the lines of both, the first's first (g_variant_unref). NULL: none. */
GVariant *lacuna_lines_join (GVariant *first, GVariant *second);

/* Widens the window of a region, which has not been run, to the lines that cross its hole, where it has no known piece
 * of one. */
void lacuna_lines_widen (const LacunaSteering *steering, LacunaRegion *region, LacunaMask *unknown);

/* Returns how many lines cross a region's hole of which its window has no known piece. */
guint lacuna_lines_count_unseen (const LacunaSteering *steering, const LacunaRegion *region, LacunaMask *unknown);

G_END_DECLS
