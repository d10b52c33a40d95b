/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Draws a texture that stays the same over many frames. cairo: for GTK's Cairo
 * renderer, which would convert a texture's pixels anew each time: they are
 * converted once and kept with the texture. */
void lacuna_tile_cache_append (GtkSnapshot *snapshot, GdkTexture *texture, const graphene_rect_t *bounds,
                               gboolean cairo);

G_END_DECLS
