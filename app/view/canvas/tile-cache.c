/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/view/canvas/tile-cache.h"

#define KEY "lacuna-tile"

#define RIM 2 /* pixels around it, so that a scale which is rounded down leaves none of the screen's out */

/* The texture at its own size, as Cairo draws it without a copy. */
static GskRenderNode *
make_node (GdkTexture *texture)
{
  int width = gdk_texture_get_width (texture), height = gdk_texture_get_height (texture);
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, width, height);
  GskRenderNode *node = gsk_cairo_node_new (&GRAPHENE_RECT_INIT (-RIM, -RIM, width + 2 * RIM, height + 2 * RIM));
  cairo_t *cr = gsk_cairo_node_get_draw_context (node);

  gdk_texture_download (texture, cairo_image_surface_get_data (surface), cairo_image_surface_get_stride (surface));
  cairo_surface_mark_dirty (surface);
  cairo_set_source_surface (cr, surface, 0, 0);
  cairo_pattern_set_filter (cairo_get_source (cr), CAIRO_FILTER_BILINEAR);
  cairo_pattern_set_extend (cairo_get_source (cr), CAIRO_EXTEND_PAD);
  cairo_paint (cr);
  cairo_destroy (cr);
  cairo_surface_destroy (surface);
  return node;
}

void
lacuna_tile_cache_append (GtkSnapshot *snapshot, GdkTexture *texture, const graphene_rect_t *bounds, gboolean cairo)
{
  GskRenderNode *node;

  if (!cairo)
    {
      gtk_snapshot_append_texture (snapshot, texture, bounds);
      return;
    }
  node = g_object_get_data (G_OBJECT (texture), KEY);
  if (node == NULL)
    {
      node = make_node (texture);
      g_object_set_data_full (G_OBJECT (texture), KEY, node, (GDestroyNotify) gsk_render_node_unref);
    }
  gtk_snapshot_push_clip (snapshot, bounds);
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &bounds->origin);
  gtk_snapshot_scale (snapshot, bounds->size.width / gdk_texture_get_width (texture),
                      bounds->size.height / gdk_texture_get_height (texture));
  gtk_snapshot_append_node (snapshot, node);
  gtk_snapshot_restore (snapshot);
  gtk_snapshot_pop (snapshot);
}
