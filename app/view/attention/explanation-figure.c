/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Saves what the attention pane draws as a figure: the part of the photo that a window covers, with what is drawn over
 * it and a legend below. The main loop records the drawing, in points; a thread plays it into the file, as SVG and PDF
 * can be large and PNG is slow to encode. */
#include <math.h>

#include "app/figure/figure-file.h"
#include "app/view/attention/explanation-private.h"
#include "app/view/attention/legend.h"
#include "app/view/attention/step-text.h"

#define SIDE 480         /* points, the longer side of the window */
#define LEAST_DENSITY 2  /* pixels a point of a PNG */
#define MOST_DENSITY 4   /* pixels a point that the photo has at most */

typedef struct {
  cairo_surface_t *drawing;
  double           width, height, density;
  char            *path;
} Recording;

static void
recording_free (gpointer data)
{
  Recording *self = data;

  cairo_surface_destroy (self->drawing);
  g_free (self->path);
  g_free (self);
}

/* Returns the picture's part in the box with the maps over it. density: set to the pixels a point that the
 * picture has. */
static GskRenderNode *
draw_window (LacunaExplanation *self, LacunaPyramid *picture, LacunaBox box, double scale, double *density)
{
  GtkSnapshot *snapshot = gtk_snapshot_new ();
  graphene_rect_t bounds = GRAPHENE_RECT_INIT (0, 0, box.width * scale, box.height * scale);
  g_autoptr (GdkTexture) window = lacuna_pyramid_get_thumbnail (picture, box, MOST_DENSITY * SIDE);

  *density = gdk_texture_get_width (window) / bounds.size.width;
  gtk_snapshot_push_clip (snapshot, &bounds);
  gtk_snapshot_append_texture (snapshot, window, &bounds);
  lacuna_explanation_snapshot_maps (self, snapshot, -box.x * scale, -box.y * scale, scale);
  gtk_snapshot_pop (snapshot);
  return gtk_snapshot_free_to_node (snapshot);
}

/* Returns the words of the legend on what the drawing shows. */
static char *
describe (LacunaExplanation *self)
{
  float shares[LACUNA_EXPLANATION_N_SOURCES];
  guint n;
  const LacunaSource *sources = lacuna_explanation_get_sources (self, &n);

  if (self->mode == LACUNA_ATTENTION_STEPS)
    return lacuna_step_text_describe (self);
  for (guint i = 0; i < n; i++)
    shares[i] = sources[i].value;
  return lacuna_legend_describe (self->mode, shares, n);
}

static Recording *
record (LacunaExplanation *self, LacunaPyramid *picture, const char *path)
{
  Recording *recording = g_new0 (Recording, 1);
  LacunaBox all = { 0, 0, lacuna_pyramid_get_width (picture, 0), lacuna_pyramid_get_height (picture, 0) };
  LacunaBox box
      = lacuna_box_intersection (*lacuna_region_get_box (lacuna_fill_get_region (self->fill, self->region)), all);
  double scale = (double) SIDE / MAX (box.width, box.height);
  g_autoptr (GskRenderNode) node = draw_window (self, picture, box, scale, &recording->density);
  g_autofree char *words = describe (self);
  int width = MAX ((int) ceil (box.width * scale), LACUNA_LEGEND_LEAST_WIDTH);
  int height = (int) ceil (box.height * scale);
  cairo_t *cr;

  recording->path = g_strdup (path);
  recording->width = width;
  recording->height = height + lacuna_legend_draw (NULL, self->mode, words, height, width);
  recording->density = MAX (recording->density, LEAST_DENSITY);
  recording->drawing = cairo_recording_surface_create (
      CAIRO_CONTENT_COLOR_ALPHA, &(cairo_rectangle_t){ 0, 0, recording->width, recording->height });
  cr = cairo_create (recording->drawing);
  gsk_render_node_draw (node, cr);
  /* The lines are no part of the node, in which SVG would lose them. */
  cairo_save (cr);
  cairo_rectangle (cr, 0, 0, box.width * scale, box.height * scale);
  cairo_clip (cr);
  lacuna_explanation_draw_lines (self, cr, -box.x * scale, -box.y * scale, scale);
  cairo_restore (cr);
  lacuna_legend_draw (cr, self->mode, words, height, width);
  cairo_destroy (cr);
  return recording;
}

static void
write_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  const Recording *recording = data;
  g_autoptr (GByteArray) file = g_byte_array_new ();
  cairo_surface_t *surface
      = lacuna_figure_file_begin (recording->path, file, recording->width, recording->height, recording->density);
  cairo_t *cr = cairo_create (surface);
  GError *error = NULL;

  cairo_set_source_rgb (cr, 1, 1, 1);
  cairo_paint (cr);
  cairo_set_source_surface (cr, recording->drawing, 0, 0);
  cairo_paint (cr);
  cairo_destroy (cr);
  if (lacuna_figure_file_end (surface, file, recording->path, &error))
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
  g_task_set_task_data (task, record (self, picture, path), recording_free);
  g_task_run_in_thread (task, write_in_thread);
}

gboolean
lacuna_explanation_save_figure_finish (LacunaExplanation *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}
