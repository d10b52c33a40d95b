/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/lacuna.h"

G_BEGIN_DECLS

typedef struct {
  int x, y;
} LacunaFigurePoint;

/* Draws a region of a fill, whose attention was kept, for a paper: four panes with captions, the photo and its hole, the
 * coarse result, the filled photo and the attention, with the points and where they were rebuilt from. All points lie
 * in what the region fills; there may be none. photo: what the fill was made from; path: as lacuna_figure_file_check wants
 * it. LACUNA_ERROR_FILE, _MEMORY. */
gboolean lacuna_figure_save (LacunaFill *fill, guint region, LacunaPhoto *photo, const LacunaFigurePoint *points,
                             guint n_points, const char *path, GError **error);

G_END_DECLS
