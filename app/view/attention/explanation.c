/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the attention pane shows of a fill: maps of all regions, and the answer to what was asked about a place.
 * `maps` has an element for each region of the fill; heat, weights and query are NULL where nothing is asked; every
 * change emits “changed”. The explanation owns its textures, which are made when they are first drawn. All of it
 * runs in the main loop. */
#include "app/view/attention/explanation-private.h"

#include <math.h>
#include <string.h>

#include "app/view/attention/attention-texture.h"

enum {
  PROP_WINDOWS = 1,
  N_PROPERTIES,
};

static GParamSpec *properties[N_PROPERTIES];
static guint changed;

G_DEFINE_FINAL_TYPE (LacunaExplanation, lacuna_explanation, G_TYPE_OBJECT)

LacunaExplanation *
lacuna_explanation_new (void)
{
  return g_object_new (LACUNA_TYPE_EXPLANATION, NULL);
}

static void
maps_clear (gpointer data)
{
  Maps *maps = data;

  g_free (maps->hole);
  g_clear_object (&maps->place);
  g_clear_object (&maps->flow);
  g_clear_object (&maps->trust);
}

static const LacunaRegion *
get_region (LacunaExplanation *self, guint i)
{
  return lacuna_fill_get_region (self->fill, i);
}

static Maps *
get_maps (LacunaExplanation *self, guint i)
{
  return &g_array_index (self->maps, Maps, i);
}

/* Takes back what was asked. */
static void
forget (LacunaExplanation *self)
{
  g_clear_object (&self->heat);
  g_clear_pointer (&self->weights, g_free);
  lacuna_explanation_drop_query (self);
  self->region = 0;
  self->n_sources = self->n_copies = 0;
  self->question = self->lit = (LacunaBox){ 0 };
  g_signal_emit (self, changed, 0);
}

void
lacuna_explanation_set_fill (LacunaExplanation *self, LacunaFill *fill, GPtrArray *trust, GVariant *report)
{
  if (!g_set_object (&self->fill, fill))
    return;
  g_clear_pointer (&self->trust, g_ptr_array_unref);
  self->trust = trust != NULL ? g_ptr_array_ref (trust) : NULL;
  g_clear_pointer (&self->report, g_variant_unref);
  self->report = report != NULL ? g_variant_ref (report) : NULL;
  g_array_set_size (self->maps, 0);
  for (guint i = 0; fill != NULL && i < lacuna_fill_get_n_regions (fill); i++)
    {
      Maps maps = { .hole = lacuna_explain_list_hole (get_region (self, i)) };

      g_array_append_val (self->maps, maps);
    }
  forget (self);
  lacuna_explanation_begin_steps (self);
}

LacunaFill *
lacuna_explanation_get_fill (LacunaExplanation *self)
{
  return self->fill;
}

GVariant *
lacuna_explanation_get_report (LacunaExplanation *self)
{
  return self->report;
}

void
lacuna_explanation_set_mode (LacunaExplanation *self, LacunaAttentionMode mode)
{
  self->mode = mode;
  lacuna_explanation_begin_steps (self);
  lacuna_explanation_update_step (self);
  g_signal_emit (self, changed, 0);
}

LacunaAttentionMode
lacuna_explanation_get_mode (LacunaExplanation *self)
{
  return self->mode;
}

void
lacuna_explanation_set_opacity (LacunaExplanation *self, double opacity)
{
  self->opacity = opacity;
  g_signal_emit (self, changed, 0);
}

/* Takes weights. */
static void
answer (LacunaExplanation *self, guint region_number, LacunaBox question, float *weights)
{
  const LacunaRegion *region = get_region (self, region_number);

  self->region = region_number;
  self->question = question;
  self->lit = (LacunaBox){ 0 };
  g_free (self->weights);
  self->weights = weights;
  g_clear_object (&self->heat);
  self->heat = lacuna_attention_texture_new_where (region, weights);
  lacuna_explanation_take_query (self, lacuna_explain_get_cells (region, question));
  g_signal_emit (self, changed, 0);
}

gboolean
lacuna_explanation_ask (LacunaExplanation *self, LacunaBox box)
{
  for (guint i = 0; self->fill != NULL && i < lacuna_fill_get_n_regions (self->fill); i++)
    {
      const LacunaRegion *region = get_region (self, i);
      LacunaBox cells = lacuna_explain_get_cells (region, box);
      float *weights = lacuna_explain_where (region, get_maps (self, i)->hole, cells);

      if (weights == NULL)
        continue;
      answer (self, i, box, weights);
      return TRUE;
    }
  return FALSE;
}

gboolean
lacuna_explanation_get_start (LacunaExplanation *self, double *ret_x, double *ret_y)
{
  LacunaBox hole;

  if (self->fill == NULL || lacuna_fill_get_n_regions (self->fill) == 0)
    return FALSE;
  hole = *lacuna_region_get_hole (get_region (self, 0));
  *ret_x = hole.x + hole.width / 2.0;
  *ret_y = hole.y + hole.height / 2.0;
  return TRUE;
}

const LacunaSource *
lacuna_explanation_get_sources (LacunaExplanation *self, guint *ret_n)
{
  *ret_n = self->n_sources;
  return self->sources;
}

void
lacuna_explanation_set_lit (LacunaExplanation *self, LacunaBox box)
{
  if (memcmp (&box, &self->lit, sizeof box) == 0)
    return;
  self->lit = box;
  g_signal_emit (self, changed, 0);
}

LacunaBox
lacuna_explanation_get_lit (LacunaExplanation *self)
{
  return self->lit;
}

static double
measure_distance (LacunaBox box, double x, double y)
{
  return hypot (x - box.x - box.width / 2.0, y - box.y - box.height / 2.0);
}

static gboolean
holds (LacunaBox box, double x, double y)
{
  return x >= box.x && x < box.x + box.width && y >= box.y && y < box.y + box.height;
}

LacunaBox
lacuna_explanation_find_source (LacunaExplanation *self, double x, double y)
{
  LacunaBox best = { 0 };

  for (guint i = 0; i < LACUNA_EXPLANATION_N_PLACES; i++)
    {
      const LacunaSource *source = lacuna_explanation_get_place (self, i);
      LacunaBox box = source != NULL ? source->box : (LacunaBox){ 0 };

      if (holds (box, x, y) && (best.width == 0 || measure_distance (box, x, y) < measure_distance (best, x, y)))
        best = box;
    }
  return best;
}

/* Whether a region filled a pixel of the photo. */
static gboolean
has_filled (const LacunaRegion *region, int x, int y)
{
  const LacunaBox *hole = lacuna_region_get_hole (region);
  g_autoptr (GBytes) mask = lacuna_region_dup_array (region, LACUNA_REGION_MASK);
  const guint8 *pixels = g_bytes_get_data (mask, NULL);

  return holds (*hole, x, y) && pixels[(gsize) (y - hole->y) * hole->width + x - hole->x] != 0;
}

LacunaBox
lacuna_explanation_make_patch (LacunaExplanation *self, int x, int y)
{
  LacunaBox patch = lacuna_explain_get_patch (get_region (self, self->region), 0);

  return (LacunaBox){ x - patch.width / 2, y - patch.height / 2, patch.width, patch.height };
}

LacunaBox
lacuna_explanation_find_patch (LacunaExplanation *self, double x, double y)
{
  if (self->fill == NULL || lacuna_fill_get_n_regions (self->fill) == 0)
    return (LacunaBox){ 0 };
  for (guint i = 0; i < lacuna_fill_get_n_regions (self->fill); i++)
    if (has_filled (get_region (self, i), (int) floor (x), (int) floor (y)))
      return (LacunaBox){ 0 };
  return lacuna_explanation_make_patch (self, (int) floor (x), (int) floor (y));
}

LacunaBox
lacuna_explanation_choose (LacunaExplanation *self, int number)
{
  const LacunaSource *source = NULL;

  if (number < 0 && self->lit.width > 0)
    return self->lit;
  if (number >= 0)
    source = lacuna_explanation_get_place (self, number);
  for (guint i = 0; number < 0 && i < LACUNA_EXPLANATION_N_PLACES && (source == NULL || source->box.width == 0); i++)
    source = lacuna_explanation_get_place (self, i);
  return source != NULL ? source->box : (LacunaBox){ 0 };
}

const float *
lacuna_explanation_get_trust (LacunaExplanation *self, guint i)
{
  return self->trust != NULL ? g_bytes_get_data (self->trust->pdata[i], NULL) : NULL;
}

double
lacuna_explanation_get_doubtful (LacunaExplanation *self)
{
  gsize n_filled = 0, n_doubtful = 0;

  for (guint i = 0; self->trust != NULL && i < self->trust->len; i++)
    {
      gsize n = g_bytes_get_size (self->trust->pdata[i]) / sizeof (float);
      const float *trust = lacuna_explanation_get_trust (self, i);

      /* Trust is 0 exactly where nothing is filled. */
      for (gsize j = 0; j < n; j++)
        {
          n_filled += trust[j] > 0;
          n_doubtful += trust[j] > 0 && trust[j] < 0.5f;
        }
    }
  return n_filled > 0 ? (double) n_doubtful / n_filled : -1;
}

gboolean
lacuna_explanation_is_asking (LacunaExplanation *self)
{
  return self->mode == LACUNA_ATTENTION_WHERE || self->mode == LACUNA_ATTENTION_STEPS;
}

GdkTexture *
lacuna_explanation_get_map (LacunaExplanation *self, guint i)
{
  const LacunaRegion *region = get_region (self, i);
  Maps *maps = get_maps (self, i);

  if (lacuna_explanation_is_asking (self) && self->heat != NULL)
    return i != self->region ? NULL : self->mode == LACUNA_ATTENTION_STEPS ? self->step_heat : self->heat;
  if (lacuna_explanation_is_asking (self))
    {
      if (maps->place == NULL)
        maps->place = lacuna_attention_texture_new_place (region);
      return maps->place;
    }
  if (self->mode == LACUNA_ATTENTION_FLOW)
    {
      g_autofree float *flow = maps->flow == NULL ? lacuna_explain_flow (region, maps->hole) : NULL;

      if (flow != NULL)
        maps->flow = lacuna_attention_texture_new_flow (region, flow);
      return maps->flow;
    }
  if (maps->trust == NULL && lacuna_explanation_get_trust (self, i) != NULL)
    maps->trust = lacuna_attention_texture_new_trust (region, lacuna_explanation_get_trust (self, i));
  return maps->trust;
}

static graphene_rect_t
place (LacunaBox box, double x, double y, double scale)
{
  return GRAPHENE_RECT_INIT (x + box.x * scale, y + box.y * scale, box.width * scale, box.height * scale);
}

/* Adds the outline of the source to the path, and a line from the question that ends at it. */
static void
trace_source (cairo_t *cr, const graphene_rect_t *question, const graphene_rect_t *source)
{
  graphene_point_t from, to;
  double dx, dy, reach;

  graphene_rect_get_center (question, &from);
  graphene_rect_get_center (source, &to);
  dx = to.x - from.x;
  dy = to.y - from.y;
  reach = MAX (fabs (dx) / source->size.width, fabs (dy) / source->size.height);
  cairo_rectangle (cr, source->origin.x, source->origin.y, source->size.width, source->size.height);
  if (reach <= 0.5)
    return;
  cairo_move_to (cr, from.x, from.y);
  cairo_line_to (cr, to.x - dx * 0.5 / reach, to.y - dy * 0.5 / reach);
}

/* Returns the box of the photo that is asked about; in the mode of steps, the part that the step uses. */
static LacunaBox
get_question (LacunaExplanation *self)
{
  if (self->mode != LACUNA_ATTENTION_STEPS)
    return self->question;
  return lacuna_attention_query_get_box (self->query, self->step, lacuna_attention_query_get_cell (self->query));
}

/* Returns where the question is drawn. */
static graphene_rect_t
place_question (LacunaExplanation *self, double x, double y, double scale)
{
  graphene_rect_t question = place (get_question (self), x, y, scale);

  /* A point is drawn large enough to be seen. */
  if (question.size.width < 8)
    graphene_rect_inset (&question, (question.size.width - 8) / 2, (question.size.height - 8) / 2);
  return question;
}

static void
draw_sources (LacunaExplanation *self, cairo_t *cr, double x, double y, double scale)
{
  graphene_rect_t question = place_question (self, x, y, scale);

  /* Twice, so that the light lines stand out on light ground. */
  for (int pass = 0; pass < 2; pass++)
    {
      cairo_set_source_rgba (cr, pass, pass, pass, pass == 0 ? 0.5 : 0.95);
      for (guint i = 0; i < self->n_sources; i++)
        {
          double width = 1 + 2 * self->sources[i].value / self->sources[0].value;
          graphene_rect_t source = place (self->sources[i].box, x, y, scale);

          cairo_set_line_width (cr, pass == 0 ? width + 2 : width);
          trace_source (cr, &question, &source);
          cairo_stroke (cr);
        }
      cairo_set_line_width (cr, pass == 0 ? 4 : 2);
      cairo_rectangle (cr, question.origin.x, question.origin.y, question.size.width, question.size.height);
      cairo_stroke (cr);
    }
}

/* Draws the places that the pixel was copied from, in another colour than the sources, and a dot on the very pixel. */
static void
draw_copies (LacunaExplanation *self, cairo_t *cr, double x, double y, double scale)
{
  graphene_rect_t question = place_question (self, x, y, scale);

  for (guint i = 0; i < self->n_copies; i++)
    {
      graphene_rect_t copy = place (self->copies[i].box, x, y, scale);
      graphene_point_t middle;

      if (self->copies[i].box.width == 0)
        continue;
      graphene_rect_get_center (&copy, &middle);
      trace_source (cr, &question, &copy);
      cairo_set_source_rgba (cr, 0, 0, 0, 0.6);
      cairo_set_line_width (cr, 5);
      cairo_stroke_preserve (cr);
      cairo_set_source_rgb (cr, 0.2, 0.9, 1);
      cairo_set_line_width (cr, 3);
      cairo_stroke (cr);
      cairo_arc (cr, middle.x, middle.y, 3, 0, 2 * G_PI);
      cairo_fill (cr);
    }
}

/* Draws the lit place in amber with a dark rim, thicker than the sources. */
static void
draw_lit (LacunaExplanation *self, GtkSnapshot *snapshot, double x, double y, double scale)
{
  static const GdkRGBA dark = { 0, 0, 0, 0.7 }, amber = { 1, 0.75, 0.1, 1 }, shine = { 1, 0.85, 0.4, 0.3 };
  graphene_rect_t bounds = place (self->lit, x, y, scale);
  GskRoundedRect outline;

  gtk_snapshot_append_color (snapshot, &shine, &bounds);
  graphene_rect_inset (&bounds, -5, -5);
  gsk_rounded_rect_init_from_rect (&outline, &bounds, 0);
  gtk_snapshot_append_border (snapshot, &outline, (float[]){ 5, 5, 5, 5 }, (GdkRGBA[]){ dark, dark, dark, dark });
  graphene_rect_inset (&bounds, 1, 1);
  gsk_rounded_rect_init_from_rect (&outline, &bounds, 0);
  gtk_snapshot_append_border (snapshot, &outline, (float[]){ 3, 3, 3, 3 }, (GdkRGBA[]){ amber, amber, amber, amber });
}

/* Outlines each window, which is what the network saw of the photo. */
static void
draw_windows (LacunaExplanation *self, cairo_t *cr, double x, double y, double scale)
{
  for (guint i = 0; i < lacuna_fill_get_n_regions (self->fill); i++)
    {
      graphene_rect_t window = place (*lacuna_region_get_box (get_region (self, i)), x, y, scale);

      cairo_rectangle (cr, window.origin.x, window.origin.y, window.size.width, window.size.height);
    }
  cairo_set_source_rgba (cr, 0, 0, 0, 0.6);
  cairo_set_line_width (cr, 3);
  cairo_stroke_preserve (cr);
  cairo_set_source_rgba (cr, 1, 1, 1, 0.95);
  cairo_set_line_width (cr, 1.5);
  cairo_save (cr);
  cairo_set_dash (cr, (double[]){ 6, 4 }, 2, 0);
  cairo_stroke (cr);
  cairo_restore (cr);
}

/* Whether what was asked is drawn with its sources. */
static gboolean
has_answer (LacunaExplanation *self)
{
  return lacuna_explanation_is_asking (self) && self->heat != NULL;
}

/* Returns what lacuna_explanation_draw_lines draws on. */
static graphene_rect_t
measure_lines (LacunaExplanation *self, double x, double y, double scale)
{
  graphene_rect_t all = has_answer (self) ? place_question (self, x, y, scale)
                                          : place (*lacuna_region_get_box (get_region (self, 0)), x, y, scale);

  for (guint i = 0; self->windows && i < lacuna_fill_get_n_regions (self->fill); i++)
    {
      graphene_rect_t window = place (*lacuna_region_get_box (get_region (self, i)), x, y, scale);

      graphene_rect_union (&all, &window, &all);
    }
  for (guint i = 0; has_answer (self) && i < LACUNA_EXPLANATION_N_PLACES; i++)
    {
      const LacunaSource *source = lacuna_explanation_get_place (self, i);
      graphene_rect_t bounds;

      if (source == NULL || source->box.width == 0)
        continue;
      bounds = place (source->box, x, y, scale);
      graphene_rect_union (&all, &bounds, &all);
    }
  graphene_rect_inset (&all, -4, -4);
  return all;
}

void
lacuna_explanation_draw_lines (LacunaExplanation *self, cairo_t *cr, double x, double y, double scale)
{
  if (self->windows)
    draw_windows (self, cr, x, y, scale);
  if (!has_answer (self))
    return;
  draw_sources (self, cr, x, y, scale);
  draw_copies (self, cr, x, y, scale);
}

void
lacuna_explanation_snapshot (LacunaExplanation *self, GtkSnapshot *snapshot, double x, double y, double scale)
{
  gtk_snapshot_push_opacity (snapshot, self->opacity);
  for (guint i = 0; self->fill != NULL && i < lacuna_fill_get_n_regions (self->fill); i++)
    {
      GdkTexture *map = lacuna_explanation_get_map (self, i);
      graphene_rect_t bounds = place (*lacuna_region_get_box (get_region (self, i)), x, y, scale);

      if (map != NULL)
        gtk_snapshot_append_texture (snapshot, map, &bounds);
    }
  gtk_snapshot_pop (snapshot);
  if (self->fill != NULL && (self->windows || has_answer (self)))
    {
      graphene_rect_t all = measure_lines (self, x, y, scale);
      cairo_t *cr = gtk_snapshot_append_cairo (snapshot, &all);

      lacuna_explanation_draw_lines (self, cr, x, y, scale);
      cairo_destroy (cr);
    }
  if (self->lit.width > 0)
    draw_lit (self, snapshot, x, y, scale);
}

static void
lacuna_explanation_set_property (GObject *object, guint property, const GValue *value, GParamSpec *pspec)
{
  LacunaExplanation *self = LACUNA_EXPLANATION (object);

  if (property != PROP_WINDOWS)
    {
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property, pspec);
      return;
    }
  self->windows = g_value_get_boolean (value);
  g_signal_emit (self, changed, 0);
  g_object_notify_by_pspec (object, pspec);
}

static void
lacuna_explanation_get_property (GObject *object, guint property, GValue *value, GParamSpec *pspec)
{
  if (property == PROP_WINDOWS)
    g_value_set_boolean (value, LACUNA_EXPLANATION (object)->windows);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property, pspec);
}

static void
lacuna_explanation_finalize (GObject *object)
{
  LacunaExplanation *self = LACUNA_EXPLANATION (object);

  g_clear_object (&self->heat);
  lacuna_explanation_drop_query (self);
  g_clear_object (&self->fill);
  g_clear_pointer (&self->trust, g_ptr_array_unref);
  g_clear_pointer (&self->report, g_variant_unref);
  g_array_unref (self->maps);
  g_free (self->weights);
  G_OBJECT_CLASS (lacuna_explanation_parent_class)->finalize (object);
}

static void
lacuna_explanation_class_init (LacunaExplanationClass *klass)
{
  G_OBJECT_CLASS (klass)->set_property = lacuna_explanation_set_property;
  G_OBJECT_CLASS (klass)->get_property = lacuna_explanation_get_property;
  G_OBJECT_CLASS (klass)->finalize = lacuna_explanation_finalize;
  properties[PROP_WINDOWS] = g_param_spec_boolean (
      "windows", NULL, NULL, FALSE, G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (G_OBJECT_CLASS (klass), N_PROPERTIES, properties);
  changed = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
lacuna_explanation_init (LacunaExplanation *self)
{
  self->maps = g_array_new (FALSE, FALSE, sizeof (Maps));
  g_array_set_clear_func (self->maps, maps_clear);
  self->opacity = 0.8;
}
