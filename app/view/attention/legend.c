/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/view/attention/legend.h"

#include <glib/gi18n.h>
#include <pango/pangocairo.h>

#include "app/view/attention/attention-texture.h"

#define MARGIN 12
#define KEY 64 /* width of the key, and the wheel's height */
#define RAMP_HEIGHT 16
#define DENSITY 4 /* pixels of the wheel for one of the drawing */
#define FONT "Sans 10"

char *
lacuna_legend_describe_rest (double listed)
{
  double rest = 1 - listed;

  return rest > 0.0005 ? g_strdup_printf (_ ("The other %.1f %% come from many more places."), 100 * rest) : NULL;
}

char *
lacuna_legend_describe (LacunaAttentionMode mode, const float *shares, guint n_shares)
{
  g_autoptr (GString) list = g_string_new (NULL);
  g_autofree char *strongest = NULL, *rest = NULL;
  double listed = 0;

  if (mode == LACUNA_ATTENTION_FLOW)
    return g_strdup (_ ("The colour tells in which direction the strongest source of a place lies: red to the right, "
                        "yellow below, cyan to the left, violet above. The fuller the colour, the farther."));
  if (mode == LACUNA_ATTENTION_CONFIDENCE)
    return g_strdup (_ ("Dark where the copies fit, bright where the fill is likely to be far from what was there."));
  for (guint i = 0; i < n_shares; i++)
    {
      /* TRANSLATORS: the share that a known patch has in what was rebuilt from it */
      g_string_append_printf (list, _ ("%.1f %%"), 100.0 * shares[i]);
      g_string_append (list, i + 1 < n_shares ? ", " : "");
      listed += shares[i];
    }
  strongest = g_strdup_printf (_ ("The brighter a place, the more of it is in what was pointed at. The strongest "
                                  "sources, which are framed, each with its neighbours: %s"),
                               list->str);
  rest = n_shares > 0 ? lacuna_legend_describe_rest (listed) : NULL;
  return rest != NULL ? g_strconcat (strongest, "\n", rest, NULL) : g_steal_pointer (&strongest);
}

static PangoLayout *
lay_out (const char *text, int width)
{
  PangoContext *context = pango_font_map_create_context (pango_cairo_font_map_get_default ());
  PangoFontDescription *font = pango_font_description_from_string (FONT);
  PangoLayout *layout = pango_layout_new (context);

  pango_layout_set_font_description (layout, font);
  pango_layout_set_width (layout, width * PANGO_SCALE);
  pango_layout_set_text (layout, text, -1);
  pango_font_description_free (font);
  g_object_unref (context);
  return layout;
}

static void
draw_wheel (cairo_t *cr, int x, int y)
{
  g_autoptr (GdkTexture) wheel = lacuna_attention_texture_new_wheel (DENSITY * KEY);
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, DENSITY * KEY, DENSITY * KEY);

  gdk_texture_download (wheel, cairo_image_surface_get_data (surface), cairo_image_surface_get_stride (surface));
  cairo_surface_mark_dirty (surface);
  cairo_surface_set_device_scale (surface, DENSITY, DENSITY);
  cairo_set_source_surface (cr, surface, x, y);
  cairo_paint (cr);
  cairo_surface_destroy (surface);
}

static void
draw_ramp (cairo_t *cr, int x, int y)
{
  for (int i = 0; i < KEY; i++)
    {
      guint8 rgb[3];

      lacuna_attention_texture_get_trust_color (i / (KEY - 1.0), rgb);
      cairo_set_source_rgb (cr, rgb[0] / 255.0, rgb[1] / 255.0, rgb[2] / 255.0);
      /* Over the next one, so that there is no seam. */
      cairo_rectangle (cr, x + i, y, i + 1 < KEY ? 1.5 : 1, RAMP_HEIGHT);
      cairo_fill (cr);
    }
}

int
lacuna_legend_draw (cairo_t *cr, LacunaAttentionMode mode, const char *text, int y, int width)
{
  gboolean has_key = mode == LACUNA_ATTENTION_FLOW || mode == LACUNA_ATTENTION_CONFIDENCE;
  int left = has_key ? KEY + 2 * MARGIN : MARGIN, height;
  PangoLayout *layout = lay_out (text, width - left - MARGIN);

  pango_layout_get_pixel_size (layout, NULL, &height);
  height = 2 * MARGIN + MAX (height, mode == LACUNA_ATTENTION_FLOW ? KEY : has_key ? RAMP_HEIGHT : 0);
  if (cr == NULL)
    {
      g_object_unref (layout);
      return height;
    }
  if (mode == LACUNA_ATTENTION_FLOW)
    draw_wheel (cr, MARGIN, y + MARGIN);
  else if (has_key)
    draw_ramp (cr, MARGIN, y + MARGIN);
  cairo_set_source_rgb (cr, 0, 0, 0);
  cairo_move_to (cr, left, y + MARGIN);
  pango_cairo_show_layout (cr, layout);
  g_object_unref (layout);
  return height;
}
