/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Saves what the attention pane draws as a PNG with a legend, or as a NumPy array. Nothing is written unless there
 * is attention to show; a file is written whole or not at all. All of it runs in the main loop, which draws and
 * encodes the PNG. */
#include <glib/gi18n.h>
#include <math.h>

#include "app/view/attention/explanation-private.h"
#include "app/view/attention/legend.h"
#include "app/view/attention/step-text.h"

static const LacunaRegion *
get_region (LacunaExplanation *self)
{
  return lacuna_fill_get_region (self->fill, self->region);
}

/* Returns a texture of the region's window as it was filled, at the network's scale. */
static GdkTexture *
make_window (const LacunaRegion *region)
{
  gsize n = lacuna_region_get_network_pixels (region);
  g_autoptr (GBytes) input_bytes = lacuna_region_dup_array (region, LACUNA_REGION_INPUT);
  g_autoptr (GBytes) refined_bytes = lacuna_region_dup_array (region, LACUNA_REGION_REFINED);
  const float *input = g_bytes_get_data (input_bytes, NULL), *refined = g_bytes_get_data (refined_bytes, NULL);
  guint8 *rgb = g_malloc (3 * n);
  g_autoptr (GBytes) bytes = g_bytes_new_take (rgb, 3 * n);

  for (gsize i = 0; i < 3 * n; i++)
    {
      gsize at = i % 3 * n + i / 3;
      float mask = input[4 * n + i / 3];

      rgb[i] = lrint ((refined[at] * mask + input[at] * (1 - mask) + 1) * 127.5);
    }
  return gdk_memory_texture_new (lacuna_region_get_width (region), lacuna_region_get_height (region), GDK_MEMORY_R8G8B8,
                                 bytes, 3 * (gsize) lacuna_region_get_width (region));
}

static gboolean
has_attention (const LacunaRegion *region)
{
  g_autoptr (GBytes) attention = lacuna_region_dup_array (region, LACUNA_REGION_ATTENTION);

  return attention != NULL;
}

static gboolean
check_fill (LacunaExplanation *self, const char *path, GError **error)
{
  if (self->fill != NULL && lacuna_fill_get_n_regions (self->fill) > 0
      && (!lacuna_explanation_is_asking (self) || self->weights != NULL)
      && (self->mode != LACUNA_ATTENTION_CONFIDENCE || lacuna_explanation_get_trust (self, self->region) != NULL)
      && (!lacuna_explanation_is_asking (self) || has_attention (get_region (self))))
    return TRUE;
  g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_EMPTY,
               _ ("“%s” was not written: there is no attention to export. Fill, and point at what was filled."), path);
  return FALSE;
}

static cairo_status_t
append_png (void *closure, const unsigned char *data, unsigned int length)
{
  g_byte_array_append (closure, data, length);
  return CAIRO_STATUS_SUCCESS;
}

/* Returns the drawing of the window with what the pane draws over it. */
static GskRenderNode *
draw_window (LacunaExplanation *self, const LacunaRegion *region)
{
  GtkSnapshot *snapshot = gtk_snapshot_new ();
  const LacunaBox *box = lacuna_region_get_box (region);
  int width = lacuna_region_get_width (region), height = lacuna_region_get_height (region);
  double scale = (double) width / box->width;
  g_autoptr (GdkTexture) window = make_window (region);

  gtk_snapshot_push_clip (snapshot, &GRAPHENE_RECT_INIT (0, 0, width, height));
  gtk_snapshot_append_texture (snapshot, window, &GRAPHENE_RECT_INIT (0, 0, width, height));
  lacuna_explanation_snapshot (self, snapshot, -box->x * scale, -box->y * scale, scale);
  gtk_snapshot_pop (snapshot);
  return gtk_snapshot_free_to_node (snapshot);
}

/* Returns the words of the legend on what the drawing shows. */
static char *
describe (LacunaExplanation *self)
{
  float shares[LACUNA_EXPLANATION_N_SOURCES];

  if (self->mode == LACUNA_ATTENTION_STEPS)
    return lacuna_step_text_describe (self);
  for (guint i = 0; i < self->n_sources; i++)
    shares[i] = self->sources[i].value;
  return lacuna_legend_describe (self->mode, shares, self->n_sources);
}

gboolean
lacuna_explanation_save_image (LacunaExplanation *self, const char *path, GError **error)
{
  g_autoptr (GskRenderNode) node = NULL;
  g_autoptr (GByteArray) png = g_byte_array_new ();
  g_autofree char *words = NULL;
  const LacunaRegion *region;
  int width, height, legend;
  cairo_surface_t *surface;
  cairo_t *cr;
  cairo_status_t status;

  if (!check_fill (self, path, error))
    return FALSE;
  region = get_region (self);
  node = draw_window (self, region);
  width = MAX (lacuna_region_get_width (region), LACUNA_LEGEND_LEAST_WIDTH);
  height = lacuna_region_get_height (region);
  words = describe (self);
  legend = lacuna_legend_draw (NULL, self->mode, words, height, width);
  surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, width, height + legend);
  cr = cairo_create (surface);
  cairo_set_source_rgb (cr, 1, 1, 1);
  cairo_paint (cr);
  gsk_render_node_draw (node, cr);
  lacuna_legend_draw (cr, self->mode, words, height, width);
  cairo_destroy (cr);
  status = cairo_surface_write_to_png_stream (surface, append_png, png);
  cairo_surface_destroy (surface);
  if (status == CAIRO_STATUS_SUCCESS)
    return lacuna_publish (path, png->data, png->len, LACUNA_PUBLISH_DEFAULT, error);
  g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_FILE,
               _ ("“%s” was not written: %s. Choose another folder, or free space."), path,
               cairo_status_to_string (status));
  return FALSE;
}

/* Returns the numbers that are drawn: in the mode of steps those of the step if they were kept, else the shares. */
static const float *
get_values (LacunaExplanation *self)
{
  const float *values
      = self->mode == LACUNA_ATTENTION_STEPS ? lacuna_attention_query_get_values (self->query, self->step) : NULL;

  return values != NULL ? values : self->weights;
}

gboolean
lacuna_explanation_save_array (LacunaExplanation *self, const char *path, GError **error)
{
  const LacunaRegion *region;
  const guint8 *hole;
  g_autofree float *flow = NULL;
  gsize dims[3];

  if (!check_fill (self, path, error))
    return FALSE;
  region = get_region (self);
  hole = g_array_index (self->maps, Maps, self->region).hole;
  dims[0] = lacuna_region_get_grid_height (region);
  dims[1] = lacuna_region_get_grid_width (region);
  dims[2] = 2;
  if (lacuna_explanation_is_asking (self))
    return lacuna_npy_save (path, get_values (self), 2, dims, error);
  if (self->mode == LACUNA_ATTENTION_CONFIDENCE)
    {
      dims[0] = lacuna_region_get_hole (region)->height;
      dims[1] = lacuna_region_get_hole (region)->width;
      return lacuna_npy_save (path, lacuna_explanation_get_trust (self, self->region), 2, dims, error);
    }
  flow = lacuna_explain_flow (region, hole);
  return lacuna_npy_save (path, flow, 3, dims, error);
}
