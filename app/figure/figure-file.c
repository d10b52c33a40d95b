/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/figure/figure-file.h"

#include <cairo-pdf.h>
#include <cairo-svg.h>
#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

#include "engine/lacuna.h"

static gboolean
is_of (const char *path, const char *suffix)
{
  const char *dot = strrchr (path, '.');

  return dot != NULL && g_ascii_strcasecmp (dot, suffix) == 0;
}

gboolean
lacuna_figure_file_check (const char *path)
{
  return is_of (path, ".svg") || is_of (path, ".pdf") || is_of (path, ".png");
}

static cairo_status_t
append (gpointer file, const unsigned char *data, unsigned int length)
{
  g_byte_array_append (file, data, length);
  return CAIRO_STATUS_SUCCESS;
}

cairo_surface_t *
lacuna_figure_file_begin (const char *path, GByteArray *file, double width, double height, double density)
{
  cairo_surface_t *surface;

  if (is_of (path, ".svg"))
    return cairo_svg_surface_create_for_stream (append, file, width, height);
  if (is_of (path, ".pdf"))
    return cairo_pdf_surface_create_for_stream (append, file, width, height);
  surface
      = cairo_image_surface_create (CAIRO_FORMAT_RGB24, (int) ceil (density * width), (int) ceil (density * height));
  cairo_surface_set_device_scale (surface, density, density);
  return surface;
}

gboolean
lacuna_figure_file_end (cairo_surface_t *surface, GByteArray *file, const char *path, GError **error)
{
  cairo_status_t status = CAIRO_STATUS_SUCCESS;

  if (is_of (path, ".png"))
    status = cairo_surface_write_to_png_stream (surface, append, file);
  cairo_surface_finish (surface);
  if (status == CAIRO_STATUS_SUCCESS)
    status = cairo_surface_status (surface);
  cairo_surface_destroy (surface);
  if (status == CAIRO_STATUS_SUCCESS)
    return lacuna_publish (path, file->data, file->len, LACUNA_PUBLISH_DEFAULT, error);
  if (status == CAIRO_STATUS_NO_MEMORY)
    g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_MEMORY,
                 _ ("There is no memory to draw the figure “%s”. Close other programs."), path);
  else
    g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_UNFIT,
                 _ ("The figure “%s” can't be drawn. Export it in another format."), path);
  return FALSE;
}
