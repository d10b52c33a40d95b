/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Holds one child and asks for no space of its own, so that the child never keeps its window from getting smaller: what
 * does not fit is cut off until the child's layout has followed. Emits "resized" (int, int: the width and height
 * that there are, new or too small) while sizes are given out. */
#define LACUNA_TYPE_ELASTIC (lacuna_elastic_get_type ())
G_DECLARE_FINAL_TYPE (LacunaElastic, lacuna_elastic, LACUNA, ELASTIC, GtkWidget)

G_END_DECLS
