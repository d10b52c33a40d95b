/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Saves what the attention pane draws as a figure: the part of the photo that a window covers, with what is drawn over
 * it and a legend below. The main loop draws, in points; a thread makes the file of it, as pictures are slow to
 * encode. */
#include <glib/gi18n.h>
#include <math.h>

#include "app/figure/figure-file.h"
#include "app/view/attention/explanation-private.h"
#include "app/view/attention/legend.h"
#include "app/view/attention/step-text.h"

#define SIDE 480         /* points, the longer side of the window */
#define LEAST_DENSITY 2  /* pixels a point of a PNG */
#define MOST_DENSITY 4   /* pixels a point that the photo has at most */

typedef struct {
  cairo_surface_t *surface; /* NULL once the file is written */
  GByteArray      *file;
  char            *path;
} FigureFile;

static void
figure_free (gpointer data)
{
  FigureFile *self = data;

  g_clear_pointer (&self->surface, cairo_surface_destroy);
  g_byte_array_unref (self->file);
  g_free (self->path);
  g_free (self);
}

/* Draws a texture over a box of the photo. Within a group, as GTK would, Cairo's SVG and PDF lose memory and lines. */
static void
draw_texture (cairo_t *cr, GdkTexture *texture, LacunaBox box, double alpha)
{
  int width = gdk_texture_get_width (texture), height = gdk_texture_get_height (texture);
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, width, height);

  gdk_texture_download (texture, cairo_image_surface_get_data (surface), cairo_image_surface_get_stride (surface));
  cairo_surface_mark_dirty (surface);
  cairo_save (cr);
  cairo_translate (cr, box.x, box.y);
  cairo_scale (cr, (double) box.width / width, (double) box.height / height);
  cairo_set_source_surface (cr, surface, 0, 0);
  cairo_paint_with_alpha (cr, alpha);
  cairo_restore (cr);
  cairo_surface_destroy (surface);
}

/* Draws the box of the photo, pixel by pixel: the picture, the maps over it and the lines. */
static void
draw_window (LacunaExplanation *self, cairo_t *cr, GdkTexture *window, LacunaBox box, double scale)
{
  cairo_save (cr);
  cairo_rectangle (cr, 0, 0, box.width * scale, box.height * scale);
  cairo_clip (cr);
  cairo_save (cr);
  cairo_scale (cr, scale, scale);
  cairo_translate (cr, -box.x, -box.y);
  draw_texture (cr, window, box, 1);
  for (guint i = 0; i < lacuna_fill_get_n_regions (self->fill); i++)
    {
      GdkTexture *map = lacuna_explanation_get_map (self, i);

      if (map != NULL)
        draw_texture (cr, map, *lacuna_region_get_box (lacuna_fill_get_region (self->fill, i)), self->opacity);
    }
  cairo_restore (cr);
  lacuna_explanation_draw_lines (self, cr, -box.x * scale, -box.y * scale, scale);
  cairo_restore (cr);
}

/* Returns the words of the legend on what the drawing shows. */
static char *
describe (LacunaExplanation *self)
{
  float shares[LACUNA_EXPLANATION_N_SOURCES];
  g_autofree char *legend = NULL;
  guint n;
  const LacunaSource *sources = lacuna_explanation_get_sources (self, &n);

  if (self->mode == LACUNA_ATTENTION_STEPS)
    return lacuna_step_text_describe (self);
  for (guint i = 0; i < n; i++)
    shares[i] = sources[i].value;
  legend = lacuna_legend_describe (self->mode, shares, n);
  if (self->mode != LACUNA_ATTENTION_WHERE || self->n_copies == 0)
    return g_steal_pointer (&legend);
  return g_strconcat (legend, "\n", _ ("Framed in cyan, with a dot: what the place itself was copied from."), NULL);
}

static FigureFile *
draw (LacunaExplanation *self, LacunaPyramid *picture, const char *path)
{
  FigureFile *figure = g_new0 (FigureFile, 1);
  LacunaBox all = { 0, 0, lacuna_pyramid_get_width (picture, 0), lacuna_pyramid_get_height (picture, 0) };
  LacunaBox box
      = lacuna_box_intersection (*lacuna_region_get_box (lacuna_fill_get_region (self->fill, self->region)), all);
  double scale = (double) SIDE / MAX (box.width, box.height);
  g_autoptr (GdkTexture) window = lacuna_pyramid_get_thumbnail (picture, box, MOST_DENSITY * SIDE);
  double density = gdk_texture_get_width (window) / (box.width * scale);
  g_autofree char *words = describe (self);
  int width = MAX ((int) ceil (box.width * scale), LACUNA_LEGEND_LEAST_WIDTH);
  int height = (int) ceil (box.height * scale);
  int legend = lacuna_legend_draw (NULL, self->mode, words, height, width);
  cairo_t *cr;

  figure->path = g_strdup (path);
  figure->file = g_byte_array_new ();
  figure->surface = lacuna_figure_file_begin (path, figure->file, width, height + legend, MAX (density, LEAST_DENSITY));
  cr = cairo_create (figure->surface);
  cairo_set_source_rgb (cr, 1, 1, 1);
  cairo_paint (cr);
  draw_window (self, cr, window, box, scale);
  lacuna_legend_draw (cr, self->mode, words, height, width);
  cairo_destroy (cr);
  return figure;
}

static void
write_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  FigureFile *figure = data;
  GError *error = NULL;

  if (lacuna_figure_file_end (g_steal_pointer (&figure->surface), figure->file, figure->path, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

void
lacuna_explanation_save_figure_async (LacunaExplanation *self, LacunaPyramid *picture, const char *path,
                                      GAsyncReadyCallback callback, gpointer data)
{
  g_autoptr (GTask) task = g_task_new (self, NULL, callback, data);
  GError *error = NULL;

  g_task_set_source_tag (task, lacuna_explanation_save_figure_async);
  if (!lacuna_explanation_check_fill (self, path, &error))
    {
      g_task_return_error (task, error);
      return;
    }
  g_task_set_task_data (task, draw (self, picture, path), figure_free);
  g_task_run_in_thread (task, write_in_thread);
}

gboolean
lacuna_explanation_save_figure_finish (LacunaExplanation *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}
