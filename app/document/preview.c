/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/document/preview.h"

#include <cairo.h>
#include <math.h>

#include "app/document/retouch.h"

/* Pixels of the picture: twice what the start page shows, for sharp screens; a panorama is cut off there. */
#define WIDTH 352
#define HEIGHT 240
#define LONGEST (4 * WIDTH)

enum {
  PLAIN,
  HOLE,
  STEER, /* the first kind */
};

void
lacuna_preview_get_size (int width, int height, int *ret_width, int *ret_height)
{
  double scale = MIN (1, MAX ((double) WIDTH / width, (double) HEIGHT / height));

  *ret_width = CLAMP (lround (width * scale), 1, LONGEST);
  *ret_height = CLAMP (lround (height * scale), 1, LONGEST);
}

/* The pixel of the photo in the middle of the preview's pixel i, of n for size. */
static int
get_source (int i, int n, int size)
{
  return (2 * (gint64) i + 1) * size / (2 * n);
}

static void
sample (LacunaRaster *raster, guint8 mark, guint8 *marks, int width, int height)
{
  LacunaBox box = lacuna_raster_get_extent (raster);
  int w = lacuna_raster_get_width (raster), h = lacuna_raster_get_height (raster);
  const guint8 *pixels = lacuna_raster_get_pixels (raster);

  for (int y = 0; y < height; y++)
    {
      int row = get_source (y, height, h);

      for (int x = 0; row >= box.y && row < box.y + box.height && x < width; x++)
        if (pixels[(gsize) row * lacuna_raster_get_stride (raster) + get_source (x, width, w)] != 0)
          marks[y * width + x] = mark;
    }
}

GBytes *
lacuna_preview_sample (LacunaRaster *hole, LacunaRaster *const *steer, int width, int height)
{
  guint8 *marks = g_malloc0_n (height, width);

  for (guint i = 0; i < LACUNA_N_STEERS; i++)
    if (steer[i] != NULL)
      sample (steer[i], STEER + i, marks, width, height);
  if (hole != NULL)
    sample (hole, HOLE, marks, width, height);
  return g_bytes_new_take (marks, (gsize) width * height);
}

/* Puts what the patch changed into the preview's pixels, 3 bytes each. */
static void
paste (LacunaRetouch *retouch, guint patch, guint8 *rgb, int n_columns, int n_rows, int width, int height)
{
  LacunaBox box = lacuna_retouch_get_box (retouch, patch);
  const guint8 *mask = lacuna_retouch_get_mask (retouch, patch);
  g_autofree guint8 *row = g_malloc_n (box.width, 3);

  for (int y = 0; y < n_rows; y++)
    {
      int line = get_source (y, n_rows, height) - box.y;

      if (line < 0 || line >= box.height)
        continue;
      lacuna_retouch_read_row (retouch, patch, line, row);
      for (int x = 0; x < n_columns; x++)
        {
          int at = get_source (x, n_columns, width) - box.x;
          int share = at >= 0 && at < box.width ? mask[(gsize) line * box.width + at] : 0;
          guint8 *pixel = rgb + 3 * ((gsize) y * n_columns + x);

          for (int c = 0; share > 0 && c < 3; c++)
            pixel[c] = (pixel[c] * (255 - share) + row[3 * at + c] * share + 127) / 255;
        }
    }
}

/* The marks' colours are those of the canvas. */
static guint32
colour (const guint8 *rgb, guint8 mark)
{
  static const guint8 colours[][3] = { [HOLE] = { 0xf0, 0x28, 0xa0 },
                                       [STEER + LACUNA_STEER_AVOID] = { 0x18, 0x60, 0xf0 },
                                       [STEER + LACUNA_STEER_PREFER] = { 0x10, 0xa0, 0x48 } };
  guint8 mixed[3];

  for (int c = 0; c < 3; c++)
    mixed[c] = mark == PLAIN ? rgb[c] : (rgb[c] + colours[mark][c]) / 2;
  return (guint32) mixed[0] << 16 | mixed[1] << 8 | mixed[2];
}

static cairo_status_t
append (void *png, const unsigned char *data, unsigned int size)
{
  g_byte_array_append (png, data, size);
  return CAIRO_STATUS_SUCCESS;
}

static GBytes *
encode (const guint8 *rgb, const guint8 *marks, int width, int height)
{
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, width, height);
  guint8 *pixels = cairo_image_surface_get_data (surface);
  int stride = cairo_image_surface_get_stride (surface);
  GByteArray *png = g_byte_array_new ();

  for (int y = 0; y < height; y++)
    for (int x = 0; x < width; x++)
      ((guint32 *) (gpointer) (pixels + (gsize) y * stride))[x]
          = colour (rgb + 3 * ((gsize) y * width + x), marks[(gsize) y * width + x]);
  cairo_surface_mark_dirty (surface);
  cairo_surface_write_to_png_stream (surface, append, png);
  cairo_surface_destroy (surface);
  return g_byte_array_free_to_bytes (png);
}

GBytes *
lacuna_preview_draw (LacunaPhoto *small, int width, int height, GPtrArray *retouches, GBytes *marks)
{
  int w = lacuna_photo_get_width (small), h = lacuna_photo_get_height (small);
  g_autofree guint8 *rgb = g_memdup2 (lacuna_photo_get_pixels (small), (gsize) w * h * 3);

  for (guint i = 0; i < retouches->len; i++)
    for (guint j = 0; j < lacuna_retouch_get_n_patches (retouches->pdata[i]); j++)
      paste (retouches->pdata[i], j, rgb, w, h, width, height);
  return encode (rgb, g_bytes_get_data (marks, NULL), w, h);
}
