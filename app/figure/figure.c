/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Draws the figure of four panes that show the window of one region. Lengths are points; to_x() and to_y() turn pixels
 * of the photo into points from the pane's upper left corner. The Figure owns its masks, hole, weights and context, and
 * borrows all else for one call. Any thread may draw one. */
#include "app/figure/figure.h"

#include <glib/gi18n.h>
#include <math.h>
#include <pango/pangocairo.h>

#include "app/figure/figure-file.h"
#include "app/figure/labels.h"

#define PANE 280.0 /* points, of a pane's longer side; and of the rest of the figure: */
#define GAP 14.0
#define CAPTION 18.0
#define WHEEL 44.0
#define PNG_SCALE 2.0  /* pixels a point */
#define DENSITY 3.0    /* pixels a point that pictures have at most */
#define LEAST_HEAT 0.01 /* cells of a smaller share of the largest are not coloured */

static const double point_colors[][3]
    = { { 0.10, 0.45, 0.95 }, { 0.95, 0.45, 0.05 }, { 0.05, 0.65, 0.35 }, { 0.75, 0.15, 0.65 } };
static const double heat[][3] = { { 0.35, 0.04, 0.43 }, { 0.80, 0.20, 0.31 }, { 0.98, 0.55, 0.08 }, { 1.0, 0.96, 0.51 } };

typedef struct {
  const LacunaRegion *region;
  guint               number; /* of the region */
  LacunaFill         *fill;
  LacunaPhoto        *photo;
  GPtrArray          *masks; /* of GBytes: what each region filled, as LACUNA_REGION_MASK */
  const LacunaFigurePoint *points;
  guint               n_points;
  LacunaBox           box;           /* the part of the photo that every pane shows */
  double              width, height; /* points of a pane */
  double              scale;         /* points a pixel of the photo */
  guint8             *hole;          /* lacuna_explain_list_hole */
  float              *weights;       /* by cell, for all points together, the largest 1; NULL: there are none */
  float               largest;       /* the share that became 1 */
  LacunaLabels       *labels;        /* of the sources */
  cairo_t            *cr;
} Figure;

static void
figure_clear (Figure *self)
{
  g_clear_pointer (&self->masks, g_ptr_array_unref);
  g_free (self->hole);
  g_free (self->weights);
  g_clear_pointer (&self->labels, lacuna_labels_free);
  g_clear_pointer (&self->cr, cairo_destroy);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Figure, figure_clear)

/* Returns the share of each cell in what the point was rebuilt from; NULL: it was rebuilt from nothing known. */
static float *
find_weights (const Figure *self, LacunaFigurePoint point)
{
  return lacuna_explain_where (self->region, self->hole,
                               lacuna_explain_get_cells (self->region, (LacunaBox){ point.x, point.y, 1, 1 }));
}

static void
add_weights (Figure *self)
{
  int n = lacuna_region_get_grid_width (self->region) * lacuna_region_get_grid_height (self->region);

  for (guint i = 0; i < self->n_points; i++)
    {
      g_autofree float *weights = find_weights (self, self->points[i]);

      if (weights != NULL && self->weights == NULL)
        self->weights = g_new0 (float, n);
      for (int k = 0; weights != NULL && k < n; k++)
        {
          self->weights[k] += weights[k] / self->n_points;
          self->largest = MAX (self->largest, self->weights[k]);
        }
    }
  for (int k = 0; self->weights != NULL && k < n; k++)
    self->weights[k] /= self->largest;
}

static void
write_text (cairo_t *cr, double x, double y, const char *text)
{
  g_autoptr (PangoLayout) layout = pango_cairo_create_layout (cr);
  PangoFontDescription *font = pango_font_description_from_string (LACUNA_LABELS_FONT);

  pango_layout_set_font_description (layout, font);
  pango_font_description_free (font);
  pango_layout_set_text (layout, text, -1);
  cairo_set_source_rgb (cr, 0, 0, 0);
  cairo_move_to (cr, x, y);
  pango_cairo_show_layout (cr, layout);
}

/* Fills the pane with width×height pixels that paint() gives: red, green, blue and alpha, 0 to 1, premultiplied. */
static void
paint_pixels (const Figure *self, int width, int height,
              void (*paint) (const Figure *self, gconstpointer data, double x, double y, double rgba[4]),
              gconstpointer data)
{
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, width, height);
  guint8 *pixels = cairo_image_surface_get_data (surface);
  int stride = cairo_image_surface_get_stride (surface);

  for (int y = 0; pixels != NULL && y < height; y++)
    for (int x = 0; x < width; x++)
      {
        double rgba[4] = { 0.0 };

        paint (self, data, (x + 0.5) / width, (y + 0.5) / height, rgba);
        ((guint32 *) (gpointer) (pixels + (gsize) y * stride))[x]
            = (guint32) lrint (255 * rgba[3]) << 24 | (guint32) lrint (255 * rgba[0]) << 16
              | (guint32) lrint (255 * rgba[1]) << 8 | (guint32) lrint (255 * rgba[2]);
      }
  cairo_surface_mark_dirty (surface);
  cairo_save (self->cr);
  cairo_scale (self->cr, self->width / width, self->height / height);
  cairo_set_source_surface (self->cr, surface, 0, 0);
  cairo_paint (self->cr);
  cairo_restore (self->cr);
  cairo_surface_destroy (surface);
}

static void
paint_photo (const Figure *self, gconstpointer data, double x, double y, double rgba[4])
{
  LacunaPhoto *picture = (LacunaPhoto *) data;
  int width = lacuna_photo_get_width (picture), height = lacuna_photo_get_height (picture);
  const guint8 *pixel
      = (const guint8 *) lacuna_photo_get_pixels (picture) + 3 * ((gsize) (y * height) * width + (gsize) (x * width));

  for (int c = 0; c < 3; c++)
    rgba[c] = pixel[c] / 255.0;
  rgba[3] = 1.0;
}

/* Whether a region filled the pixel of the photo. */
static gboolean
is_filled (const Figure *self, guint region, int x, int y)
{
  const LacunaBox *hole = lacuna_region_get_hole (lacuna_fill_get_region (self->fill, region));
  const guint8 *mask = g_bytes_get_data (self->masks->pdata[region], NULL);

  x -= hole->x;
  y -= hole->y;
  return x >= 0 && y >= 0 && x < hole->width && y < hole->height && mask[(gsize) y * hole->width + x] != 0;
}

/* The pixel of the photo at a place of a pane. */
static void
get_pixel (const Figure *self, double x, double y, int *ret_x, int *ret_y)
{
  *ret_x = self->box.x + (int) (x * self->box.width);
  *ret_y = self->box.y + (int) (y * self->box.height);
}

static void
paint_mask (const Figure *self, gconstpointer data, double x, double y, double rgba[4])
{
  int at_x, at_y;

  get_pixel (self, x, y, &at_x, &at_y);
  for (guint i = 0; i < self->masks->len && rgba[3] == 0; i++)
    if (is_filled (self, i, at_x, at_y))
      {
        rgba[0] = 0.55;
        rgba[3] = 0.6;
      }
}

/* data: three bytes of each cell. */
static void
paint_flow (const Figure *self, gconstpointer data, double x, double y, double rgba[4])
{
  const guint8 *colors = data;
  LacunaBox cell;
  int at_x, at_y;

  get_pixel (self, x, y, &at_x, &at_y);
  if (!is_filled (self, self->number, at_x, at_y))
    return;
  cell = lacuna_explain_get_cells (self->region, (LacunaBox){ at_x, at_y, 1, 1 });
  for (int c = 0; c < 3; c++)
    rgba[c] = colors[3 * (cell.y * lacuna_region_get_grid_width (self->region) + cell.x) + c] / 255.0;
  rgba[3] = 1.0;
}

static gboolean
draw_picture (const Figure *self, LacunaPhoto *photo, GError **error)
{
  double density = MIN (DENSITY, 1.0 / self->scale);
  int width = MAX ((int) (self->width * density), 1), height = MAX ((int) (self->height * density), 1);
  g_autoptr (LacunaPhoto) picture = lacuna_photo_resample (photo, self->box, width, height, error);

  if (picture != NULL)
    paint_pixels (self, width, height, paint_photo, picture);
  return picture != NULL;
}

static double
to_x (const Figure *self, double x)
{
  return (x - self->box.x) * self->scale;
}

static double
to_y (const Figure *self, double y)
{
  return (y - self->box.y) * self->scale;
}

static const double *
get_point_color (guint i)
{
  return point_colors[i % G_N_ELEMENTS (point_colors)];
}

/* Strokes the path in the point's colour with a white rim, so that it stands out from any picture. */
static void
stroke (const Figure *self, guint i)
{
  const double *color = get_point_color (i);

  cairo_set_source_rgba (self->cr, 1, 1, 1, 0.9);
  cairo_set_line_width (self->cr, 2.4);
  cairo_stroke_preserve (self->cr);
  cairo_set_source_rgb (self->cr, color[0], color[1], color[2]);
  cairo_set_line_width (self->cr, 1.1);
  cairo_stroke (self->cr);
}

static void
draw_points (const Figure *self)
{
  for (guint i = 0; i < self->n_points; i++)
    {
      double x = to_x (self, self->points[i].x + 0.5), y = to_y (self, self->points[i].y + 0.5);

      cairo_move_to (self->cr, x - 5, y);
      cairo_line_to (self->cr, x + 5, y);
      cairo_move_to (self->cr, x, y - 5);
      cairo_line_to (self->cr, x, y + 5);
      stroke (self, i);
      lacuna_labels_keep_free (self->labels, (LacunaArea){ x - 5, y - 5, 10, 10 });
    }
}

static LacunaArea
get_area (const Figure *self, LacunaBox box)
{
  return (LacunaArea){ to_x (self, box.x), to_y (self, box.y), box.width * self->scale, box.height * self->scale };
}

/* Calls draw for each of the sources of all points. */
static void
visit_sources (const Figure *self, void (*draw) (const Figure *self, guint point, LacunaArea source, double share))
{
  for (guint i = 0; i < self->n_points; i++)
    {
      LacunaBox at = { self->points[i].x, self->points[i].y, 1, 1 }, patch;
      g_autoptr (GVariant) sources = lacuna_explain_list_sources (self->region, &at);
      GVariantIter iter;
      double share;

      g_variant_iter_init (&iter, sources);
      while (g_variant_iter_next (&iter, "(iiiid)", &patch.x, &patch.y, &patch.width, &patch.height, &share))
        draw (self, i, get_area (self, patch), share);
    }
}

static void
draw_source (const Figure *self, guint point, LacunaArea source, double share)
{
  cairo_move_to (self->cr, to_x (self, self->points[point].x + 0.5), to_y (self, self->points[point].y + 0.5));
  cairo_line_to (self->cr, source.x + source.width / 2, source.y + source.height / 2);
  stroke (self, point);
  cairo_rectangle (self->cr, source.x, source.y, source.width, source.height);
  stroke (self, point);
  lacuna_labels_keep_free (self->labels, source);
}

static void
label_source (const Figure *self, guint point, LacunaArea source, double share)
{
  g_autofree char *text = g_strdup_printf ("%.0f %%", 100 * share);

  lacuna_labels_add (self->labels, self->cr, source, text, get_point_color (point));
}

static void
set_heat (cairo_t *cr, double share, double alpha)
{
  double at = CLAMP (share, 0, 1) * (G_N_ELEMENTS (heat) - 1), color[3];
  guint first = MIN ((guint) at, G_N_ELEMENTS (heat) - 2);

  for (int c = 0; c < 3; c++)
    color[c] = heat[first][c] + (at - first) * (heat[first + 1][c] - heat[first][c]);
  cairo_set_source_rgba (cr, color[0], color[1], color[2], alpha);
}

/* Colours each key's cell in the middle of its patch, by the root of its share, which keeps weak ones in sight. */
static void
draw_heat (const Figure *self)
{
  int columns = lacuna_region_get_grid_width (self->region), rows = lacuna_region_get_grid_height (self->region);
  const LacunaBox *box = lacuna_region_get_box (self->region);
  double side = (8 << lacuna_region_get_halvings (self->region)) * self->scale;

  for (int k = 0; self->weights != NULL && k < columns * rows; k++)
    {
      double share = sqrt (self->weights[k]);

      if (self->weights[k] < LEAST_HEAT)
        continue;
      cairo_rectangle (self->cr, to_x (self, box->x) + k % columns * side, to_y (self, box->y) + k / columns * side,
                       side, side);
      set_heat (self->cr, share, MIN (1.0, 1.4 * share));
      cairo_fill (self->cr);
    }
}

/* The colours of the flow, three bytes a cell; *ret_radius: cells that the rim of the wheel stands for. */
static guint8 *
color_flow (const Figure *self, float *ret_radius)
{
  int n = lacuna_region_get_grid_width (self->region) * lacuna_region_get_grid_height (self->region);
  g_autofree float *flow = lacuna_explain_flow (self->region, self->hole);
  guint8 *colors = g_malloc (3 * n);

  *ret_radius = 1.0f;
  for (int k = 0; k < n; k++)
    *ret_radius = MAX (*ret_radius, hypotf (flow[2 * k], flow[2 * k + 1]));
  for (int k = 0; k < n; k++)
    lacuna_flow_get_color (flow[2 * k], flow[2 * k + 1], *ret_radius, colors + 3 * k);
  return colors;
}

static void
draw_wheel (const Figure *self, double left, double top, float radius)
{
  double middle = WHEEL / 2;
  g_autofree char *rim
      = g_strdup_printf (_ ("Direction and distance to the strongest source; the rim is %.0f pixels away"),
                         radius * (8 << lacuna_region_get_halvings (self->region)));

  for (int i = 0; i < 72; i++)
    for (int ring = 8; ring > 0; ring--)
      {
        double angle = (i + 0.5) * G_PI / 36, length = (ring - 0.5) / 8;
        guint8 rgb[3];

        lacuna_flow_get_color (length * cos (angle), length * sin (angle), 1.0f, rgb);
        cairo_set_source_rgb (self->cr, rgb[0] / 255.0, rgb[1] / 255.0, rgb[2] / 255.0);
        cairo_move_to (self->cr, left + middle, top + middle);
        cairo_arc (self->cr, left + middle, top + middle, middle * ring / 8, i * G_PI / 36, (i + 1.1) * G_PI / 36);
        cairo_fill (self->cr);
      }
  write_text (self->cr, left + WHEEL + GAP, top, rim);
}

static void
draw_bar (const Figure *self, double left, double top)
{
  g_autofree char *most
      = g_strdup_printf (_ ("%.0f %% share of one patch in all points (root scale)"), 100 * self->largest);

  for (int i = 0; i < 64; i++)
    {
      cairo_rectangle (self->cr, left + i * 1.5, top, 1.6, 9);
      set_heat (self->cr, (i + 0.5) / 64, 1.0);
      cairo_fill (self->cr);
    }
  write_text (self->cr, left - 12, top - 1, "0");
  write_text (self->cr, left + 64 * 1.5 + 5, top - 1, most);
}

static void
tell_left_out (const Figure *self, double left, double top)
{
  guint n = lacuna_labels_get_n_left_out (self->labels);
  g_autofree char *text
      = g_strdup_printf (ngettext ("There was no room for %u share", "There was no room for %u shares", n), n);

  if (n > 0)
    write_text (self->cr, left, top, text);
}

static gboolean
draw_attention (const Figure *self, LacunaPhoto *filled, const guint8 *colors, GError **error)
{
  if (!draw_picture (self, filled, error))
    return FALSE;
  cairo_set_source_rgba (self->cr, 1, 1, 1, 0.45);
  cairo_paint (self->cr);
  draw_heat (self);
  paint_pixels (self, (int) (2 * self->width), (int) (2 * self->height), paint_flow, colors);
  visit_sources (self, draw_source);
  draw_points (self);
  visit_sources (self, label_source);
  lacuna_labels_draw (self->labels, self->cr);
  return TRUE;
}

static gboolean
draw_pane (const Figure *self, guint i, LacunaPhoto *photo, const guint8 *colors, GError **error)
{
  static const char *const captions[]
      = { N_ ("a  Photo and hole"), N_ ("b  Coarse"), N_ ("c  Filled"), N_ ("d  Attention") };
  gboolean done;

  cairo_save (self->cr);
  cairo_translate (self->cr, GAP + i % 2 * (self->width + GAP), GAP + i / 2 * (self->height + CAPTION + GAP));
  write_text (self->cr, 0, self->height + 3, _ (captions[i]));
  cairo_rectangle (self->cr, 0, 0, self->width, self->height);
  cairo_clip (self->cr);
  done = i == 3 ? draw_attention (self, photo, colors, error) : draw_picture (self, photo, error);
  if (done && i == 0)
    paint_pixels (self, (int) (2 * self->width), (int) (2 * self->height), paint_mask, NULL);
  if (done && i < 3)
    draw_points (self);
  cairo_restore (self->cr);
  return done;
}

static gboolean
draw (Figure *self, GError **error)
{
  g_autoptr (LacunaPhoto) coarse = lacuna_fill_apply (self->fill, self->photo, LACUNA_STAGE_COARSE, error);
  g_autoptr (LacunaPhoto) filled
      = coarse != NULL ? lacuna_fill_apply (self->fill, self->photo, LACUNA_STAGE_DETAIL, error) : NULL;
  LacunaPhoto *const photos[] = { self->photo, coarse, filled, filled };
  double below = 2 * (self->height + CAPTION + GAP) + GAP;
  g_autofree guint8 *colors = NULL;
  float radius;

  if (filled == NULL)
    return FALSE;
  cairo_set_source_rgb (self->cr, 1, 1, 1);
  cairo_paint (self->cr);
  colors = color_flow (self, &radius);
  for (guint i = 0; i < G_N_ELEMENTS (photos); i++)
    if (!draw_pane (self, i, photos[i], colors, error))
      return FALSE;
  draw_wheel (self, GAP, below, radius);
  if (self->weights != NULL)
    draw_bar (self, GAP + WHEEL + GAP + 12, below + 22);
  tell_left_out (self, GAP + WHEEL + GAP, below + 34);
  return TRUE;
}

/* Sets what all panes show of the photo, and how large. */
static void
frame (Figure *self)
{
  LacunaBox all = { 0, 0, lacuna_photo_get_width (self->photo), lacuna_photo_get_height (self->photo) };

  self->box = lacuna_box_intersection (*lacuna_region_get_box (self->region), all);
  self->scale = PANE / MAX (self->box.width, self->box.height);
  self->width = self->box.width * self->scale;
  self->height = self->box.height * self->scale;
}

static void
list_masks (Figure *self)
{
  self->masks = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  for (guint i = 0; i < lacuna_fill_get_n_regions (self->fill); i++)
    g_ptr_array_add (self->masks, lacuna_region_dup_array (lacuna_fill_get_region (self->fill, i), LACUNA_REGION_MASK));
}

gboolean
lacuna_figure_save (LacunaFill *fill, guint region, LacunaPhoto *photo, const LacunaFigurePoint *points, guint n_points,
                    const char *path, GError **error)
{
  g_autoptr (GByteArray) file = g_byte_array_new ();
  g_auto (Figure) self = { .region = lacuna_fill_get_region (fill, region),
                           .number = region,
                           .fill = fill,
                           .photo = photo,
                           .points = points,
                           .n_points = n_points };
  cairo_surface_t *surface;

  frame (&self);
  list_masks (&self);
  self.hole = lacuna_explain_list_hole (self.region);
  self.labels = lacuna_labels_new (self.width, self.height);
  add_weights (&self);
  surface = lacuna_figure_file_begin (path, file, 2 * self.width + 3 * GAP,
                                      2 * (self.height + CAPTION + GAP) + 2 * GAP + WHEEL, PNG_SCALE);
  self.cr = cairo_create (surface);
  if (draw (&self, error))
    return lacuna_figure_file_end (surface, file, path, error);
  cairo_surface_destroy (surface);
  return FALSE;
}
