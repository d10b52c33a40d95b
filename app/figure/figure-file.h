/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <cairo.h>
#include <glib.h>

G_BEGIN_DECLS

/* The file that a figure is drawn for, in any thread. */

/* Whether a figure can be written under that name: .svg, .pdf or .png. */
gboolean lacuna_figure_file_check (const char *path);

/* Returns what to draw such a file's figure on. width, height: points; density: pixels a point of a .png. What is drawn
 * comes to file, which starts out empty. */
cairo_surface_t *lacuna_figure_file_begin (const char *path, GByteArray *file, double width, double height,
                                           double density);

/* Writes the file whole, or not at all. Takes surface. LACUNA_ERROR_FILE, _MEMORY. */
gboolean lacuna_figure_file_end (cairo_surface_t *surface, GByteArray *file, const char *path, GError **error);

G_END_DECLS
