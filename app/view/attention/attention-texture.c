/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Turns numbers of a region into textures for the attention pane. A texture of sources has a pixel for each cell,
 * and one of the hole a pixel for each pixel of the network, all of them premultiplied RGBA. The functions keep no
 * state, and the caller owns the texture. All of it runs in the main loop. */
#include "app/view/attention/attention-texture.h"

#include <math.h>
#include <string.h>

/* Evenly spaced stops, dark to light, so that they are told apart without colour as well. */
static const guint8 heat_stops[][3] = { { 90, 10, 110 }, { 205, 50, 80 }, { 250, 140, 20 }, { 255, 245, 130 } };
static const guint8 trust_stops[][3] = { { 250, 230, 80 }, { 225, 95, 60 }, { 120, 40, 130 }, { 30, 50, 140 } };

static void
interpolate (const guint8 (*stops)[3], guint n_stops, double share, guint8 ret_rgb[3])
{
  double at = CLAMP (share, 0, 1) * (n_stops - 1);
  guint first = MIN ((guint) at, n_stops - 2);

  for (int band = 0; band < 3; band++)
    ret_rgb[band] = lrint (stops[first][band] + (at - first) * (stops[first + 1][band] - stops[first][band]));
}

static void
put (guint8 *pixel, const guint8 rgb[3], double alpha)
{
  for (int band = 0; band < 3; band++)
    pixel[band] = lrint (rgb[band] * alpha);
  pixel[3] = lrint (255 * alpha);
}

static GdkTexture *
make_texture (guint8 *pixels, int width, int height)
{
  g_autoptr (GBytes) bytes = g_bytes_new_take (pixels, (gsize) width * height * 4);

  return gdk_memory_texture_new (width, height, GDK_MEMORY_R8G8B8A8_PREMULTIPLIED, bytes, (gsize) width * 4);
}

static int
n_cells (const LacunaRegion *region)
{
  return lacuna_region_get_grid_width (region) * lacuna_region_get_grid_height (region);
}

/* Returns, for each pixel at the network's scale, the sum of values over the pixels of the photo in it that are
 * filled, divided by how many pixels of the photo it has. values: one for each pixel of the hole's box; NULL means
 * that each is 1, so that the result is the share of the pixel that is filled, 0 to 1. */
static float *
measure_hole (const LacunaRegion *region, const float *values)
{
  const LacunaBox *box = lacuna_region_get_box (region), *hole = lacuna_region_get_hole (region);
  int width = lacuna_region_get_width (region), left = hole->x - box->x, top = hole->y - box->y;
  guint halvings = lacuna_region_get_halvings (region);
  float *shares = g_new0 (float, lacuna_region_get_network_pixels (region));
  float part = 1.0f / ((gsize) 1 << 2 * halvings);
  g_autoptr (GBytes) bytes = lacuna_region_dup_array (region, LACUNA_REGION_MASK);
  const guint8 *mask = g_bytes_get_data (bytes, NULL);

  for (int y = 0; y < hole->height; y++)
    {
      float *row = shares + (gsize) ((top + y) >> halvings) * width;

      for (int x = 0; x < hole->width; x++)
        {
          gsize at = (gsize) y * hole->width + x;

          if (mask[at] != 0)
            row[(left + x) >> halvings] += values != NULL ? part * values[at] : part;
        }
    }
  return shares;
}

/* The hole in its cells' colours, 3 bytes each. */
static GdkTexture *
paint_hole (const LacunaRegion *region, const guint8 *colors, double alpha)
{
  g_autofree float *shares = measure_hole (region, NULL);
  int width = lacuna_region_get_width (region), height = lacuna_region_get_height (region);
  int columns = lacuna_region_get_grid_width (region), rows = lacuna_region_get_grid_height (region);
  guint8 *pixels = g_new0 (guint8, (gsize) 4 * width * height);

  for (int y = 0; y < height; y++)
    for (int x = 0; x < width; x++)
      {
        gsize at = (gsize) y * width + x;
        int cell = y * rows / height * columns + x * columns / width;

        put (pixels + 4 * at, colors + 3 * cell, alpha * shares[at]);
      }
  return make_texture (pixels, width, height);
}

GdkTexture *
lacuna_attention_texture_new_place (const LacunaRegion *region)
{
  g_autofree guint8 *colors = g_malloc (3 * n_cells (region));

  memset (colors, 255, 3 * n_cells (region));
  return paint_hole (region, colors, 0.35);
}

GdkTexture *
lacuna_attention_texture_new_where (const LacunaRegion *region, const float *weights)
{
  guint8 *pixels = g_new0 (guint8, 4 * n_cells (region));
  float largest = 0;

  for (int cell = 0; cell < n_cells (region); cell++)
    largest = MAX (largest, weights[cell]);
  for (int cell = 0; cell < n_cells (region); cell++)
    {
      /* The root keeps weak sources in sight beside the strongest. */
      double share = largest > 0 ? sqrt (weights[cell] / largest) : 0;
      guint8 rgb[3];

      interpolate (heat_stops, G_N_ELEMENTS (heat_stops), share, rgb);
      put (pixels + 4 * cell, rgb, MIN (1, 1.4 * share));
    }
  return make_texture (pixels, lacuna_region_get_grid_width (region), lacuna_region_get_grid_height (region));
}

GdkTexture *
lacuna_attention_texture_new_flow (const LacunaRegion *region, const float *flow)
{
  g_autofree guint8 *colors = g_malloc (3 * n_cells (region));
  float radius = 1;

  for (int cell = 0; cell < n_cells (region); cell++)
    radius = MAX (radius, hypotf (flow[2 * cell], flow[2 * cell + 1]));
  for (int cell = 0; cell < n_cells (region); cell++)
    lacuna_flow_get_color (flow[2 * cell], flow[2 * cell + 1], radius, colors + 3 * cell);
  return paint_hole (region, colors, 1);
}

GdkTexture *
lacuna_attention_texture_new_trust (const LacunaRegion *region, const float *trust)
{
  g_autofree float *shares = measure_hole (region, NULL), *sums = measure_hole (region, trust);
  int width = lacuna_region_get_width (region), height = lacuna_region_get_height (region);
  gsize n = (gsize) width * height;
  guint8 *pixels = g_malloc0_n (n, 4);

  for (gsize i = 0; i < n; i++)
    if (shares[i] > 0)
      {
        guint8 rgb[3];

        lacuna_attention_texture_get_trust_color (sums[i] / shares[i], rgb);
        put (pixels + 4 * i, rgb, shares[i]);
      }
  return make_texture (pixels, width, height);
}

GdkTexture *
lacuna_attention_texture_new_wheel (int size)
{
  guint8 *pixels = g_new0 (guint8, 4 * (gsize) size * size);
  double middle = size / 2.0;

  for (int y = 0; y < size; y++)
    for (int x = 0; x < size; x++)
      {
        double dx = x + 0.5 - middle, dy = y + 0.5 - middle, outside = hypot (dx, dy) - (middle - 1);
        guint8 rgb[3];

        if (outside >= 1)
          continue;
        lacuna_flow_get_color (dx, dy, middle, rgb);
        put (pixels + 4 * ((gsize) y * size + x), rgb, MIN (1, 1 - outside));
      }
  return make_texture (pixels, size, size);
}

void
lacuna_attention_texture_get_trust_color (double trust, guint8 ret_rgb[3])
{
  interpolate (trust_stops, G_N_ELEMENTS (trust_stops), trust, ret_rgb);
}
