/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/figure/labels.h"

#include <math.h>
#include <pango/pangocairo.h>

#define PADDING 1.5
#define APART 1.0 /* points between a label and its thing, or another label */
#define STEP 4.0  /* points by which a label is moved away from its thing */
#define OPACITY 0.85

typedef struct {
  LacunaArea   area, thing;
  PangoLayout *layout;
  double       color[3];
  gboolean     is_away; /* from its thing */
} Label;

struct _LacunaLabels {
  double  width, height;
  GArray *taken;  /* of LacunaArea */
  GArray *labels; /* of Label */
  guint   n_left_out;
};

static void
label_clear (gpointer data)
{
  g_object_unref (((Label *) data)->layout);
}

LacunaLabels *
lacuna_labels_new (double width, double height)
{
  LacunaLabels *self = g_new0 (LacunaLabels, 1);

  self->width = width;
  self->height = height;
  self->taken = g_array_new (FALSE, FALSE, sizeof (LacunaArea));
  self->labels = g_array_new (FALSE, FALSE, sizeof (Label));
  g_array_set_clear_func (self->labels, label_clear);
  return self;
}

void
lacuna_labels_free (LacunaLabels *self)
{
  g_array_unref (self->taken);
  g_array_unref (self->labels);
  g_free (self);
}

void
lacuna_labels_keep_free (LacunaLabels *self, LacunaArea area)
{
  g_array_append_val (self->taken, area);
}

static gboolean
is_free (const LacunaLabels *self, LacunaArea area)
{
  if (area.x < 0 || area.y < 0 || area.x + area.width > self->width || area.y + area.height > self->height)
    return FALSE;
  for (guint i = 0; i < self->taken->len; i++)
    {
      const LacunaArea *taken = &g_array_index (self->taken, LacunaArea, i);

      if (area.x < taken->x + taken->width + APART && taken->x < area.x + area.width + APART
          && area.y < taken->y + taken->height + APART && taken->y < area.y + area.height + APART)
        return FALSE;
    }
  return TRUE;
}

/* Puts the label where there is room at that distance of its thing: not at its corners, where it might be another's. */
static gboolean
place_around (const LacunaLabels *self, Label *label, double distance)
{
  static const double sides[][2] = { { 0, -1 },   { 0, 1 },   { 1, 0 },   { -1, 0 },    { 0.5, -1 }, { -0.5, -1 },
                                     { -0.5, 1 }, { 0.5, 1 }, { 1, 0.5 }, { 1, -0.5 }, { -1, 0.5 }, { -1, -0.5 } };
  double across = (label->thing.width + label->area.width) / 2 + distance;
  double down = (label->thing.height + label->area.height) / 2 + distance;

  for (guint i = 0; i < G_N_ELEMENTS (sides); i++)
    {
      label->area.x = label->thing.x + (label->thing.width - label->area.width) / 2 + sides[i][0] * across;
      label->area.y = label->thing.y + (label->thing.height - label->area.height) / 2 + sides[i][1] * down;
      if (is_free (self, label->area))
        return TRUE;
    }
  return FALSE;
}

static PangoLayout *
lay_out (cairo_t *cr, const char *text)
{
  PangoLayout *layout = pango_cairo_create_layout (cr);
  PangoFontDescription *font = pango_font_description_from_string (LACUNA_LABELS_FONT);

  pango_layout_set_font_description (layout, font);
  pango_font_description_free (font);
  pango_layout_set_text (layout, text, -1);
  return layout;
}

void
lacuna_labels_add (LacunaLabels *self, cairo_t *cr, LacunaArea thing, const char *text, const double color[3])
{
  Label label = { .thing = thing, .layout = lay_out (cr, text), .color = { color[0], color[1], color[2] } };
  int width, height;
  double farthest = MAX (self->width, self->height);

  pango_layout_get_pixel_size (label.layout, &width, &height);
  label.area.width = width + 2 * PADDING;
  label.area.height = height;
  for (double distance = 2 * APART; distance < farthest; distance += STEP)
    if (place_around (self, &label, distance))
      {
        label.is_away = distance > 2 * APART;
        g_array_append_val (self->taken, label.area);
        g_array_append_val (self->labels, label);
        return;
      }
  label_clear (&label);
  self->n_left_out++;
}

guint
lacuna_labels_get_n_left_out (LacunaLabels *self)
{
  return self->n_left_out;
}

static void
draw_line (const Label *self, cairo_t *cr)
{
  cairo_move_to (cr, self->thing.x + self->thing.width / 2, self->thing.y + self->thing.height / 2);
  cairo_line_to (cr, self->area.x + self->area.width / 2, self->area.y + self->area.height / 2);
  cairo_set_line_width (cr, 0.6);
  cairo_set_source_rgb (cr, 0, 0, 0);
  cairo_stroke (cr);
}

static void
draw_label (const Label *self, cairo_t *cr)
{
  cairo_rectangle (cr, self->area.x, self->area.y, self->area.width, self->area.height);
  cairo_set_source_rgba (cr, 1, 1, 1, OPACITY);
  cairo_fill_preserve (cr);
  cairo_set_line_width (cr, 0.6);
  cairo_set_source_rgb (cr, self->color[0], self->color[1], self->color[2]);
  cairo_stroke (cr);
  cairo_set_source_rgb (cr, 0, 0, 0);
  cairo_move_to (cr, self->area.x + PADDING, self->area.y);
  pango_cairo_show_layout (cr, self->layout);
}

void
lacuna_labels_draw (LacunaLabels *self, cairo_t *cr)
{
  for (guint i = 0; i < self->labels->len; i++)
    if (g_array_index (self->labels, Label, i).is_away)
      draw_line (&g_array_index (self->labels, Label, i), cr);
  for (guint i = 0; i < self->labels->len; i++)
    draw_label (&g_array_index (self->labels, Label, i), cr);
}
