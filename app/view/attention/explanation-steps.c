/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/view/attention/explanation-private.h"

G_STATIC_ASSERT (LACUNA_EXPLANATION_N_SOURCES == LACUNA_EXPLAIN_N_SOURCES);

static const LacunaRegion *
get_region (LacunaExplanation *self)
{
  return lacuna_fill_get_region (self->fill, self->region);
}

/* The filled cell of a box of the grid that is nearest to its middle; -1: there is none. */
static int
find_cell (const LacunaRegion *region, const guint8 *hole, LacunaBox cells)
{
  int best = -1, least = G_MAXINT;

  for (int y = cells.y; y < cells.y + cells.height; y++)
    for (int x = cells.x; x < cells.x + cells.width; x++)
      {
        int cell = y * lacuna_region_get_grid_width (region) + x;
        int dx = 2 * (x - cells.x) - cells.width + 1, dy = 2 * (y - cells.y) - cells.height + 1;

        if (hole[cell] && dx * dx + dy * dy < least)
          {
            least = dx * dx + dy * dy;
            best = cell;
          }
      }
  return best;
}

/* The pixel of the photo there. */
static LacunaBox
get_middle (const LacunaRegion *region, int cell)
{
  const LacunaBox *box = lacuna_region_get_box (region);
  int columns = lacuna_region_get_grid_width (region), side = box->width / columns;

  return (LacunaBox){ box->x + cell % columns * side + side / 2, box->y + cell / columns * side + side / 2, 1, 1 };
}

gboolean
lacuna_explanation_is_point (LacunaExplanation *self)
{
  return self->question.width <= 1 && self->question.height <= 1;
}

gboolean
lacuna_explanation_get_point (LacunaExplanation *self, guint *ret_region, int *ret_x, int *ret_y)
{
  LacunaBox point = self->question;

  *ret_region = self->region;
  if (self->weights == NULL)
    return FALSE;
  if (!lacuna_explanation_is_point (self))
    point = get_middle (get_region (self), lacuna_attention_query_get_cell (self->query));
  *ret_x = point.x;
  *ret_y = point.y;
  return TRUE;
}

/* The cell in the middle of what was asked, unless it is the one at hand. */
void
lacuna_explanation_take_query (LacunaExplanation *self, LacunaBox cells)
{
  const LacunaRegion *region = get_region (self);
  int cell = find_cell (region, g_array_index (self->maps, Maps, self->region).hole, cells);

  if (self->query == NULL || lacuna_attention_query_get_region (self->query) != region
      || lacuna_attention_query_get_cell (self->query) != cell)
    {
      lacuna_explanation_drop_query (self);
      self->query = lacuna_attention_query_new (region, cell);
    }
  lacuna_explanation_update_step (self);
}

void
lacuna_explanation_begin_steps (LacunaExplanation *self)
{
  for (guint i = 0; self->mode == LACUNA_ATTENTION_STEPS && self->query == NULL && self->fill != NULL
                    && i < lacuna_fill_get_n_regions (self->fill);
       i++)
    {
      const LacunaRegion *region = lacuna_fill_get_region (self->fill, i);
      LacunaBox cells = lacuna_explain_get_cells (region, *lacuna_region_get_hole (region));
      int cell = find_cell (region, g_array_index (self->maps, Maps, i).hole, cells);

      if (cell >= 0)
        lacuna_explanation_ask (self, get_middle (region, cell));
    }
}

void
lacuna_explanation_drop_query (LacunaExplanation *self)
{
  g_clear_pointer (&self->query, lacuna_attention_query_free);
  g_clear_object (&self->step_heat);
}

/* Lists the patches that the step gives the largest numbers, which are no shares yet. */
static guint
list_best (const LacunaRegion *region, const float *values, int *ret_cells, float *ret_values)
{
  guint n = lacuna_explain_best (region, values, LACUNA_EXPLANATION_N_SOURCES, ret_cells);

  for (guint i = 0; i < n; i++)
    ret_values[i] = values[ret_cells[i]];
  return n;
}

static void
list_sources (LacunaExplanation *self, const float *values)
{
  const LacunaRegion *region = get_region (self);
  gboolean in_steps = self->mode == LACUNA_ATTENTION_STEPS;
  int cells[LACUNA_EXPLANATION_N_SOURCES];
  float listed[LACUNA_EXPLANATION_N_SOURCES];

  self->n_sources = in_steps && self->step < LACUNA_ATTENTION_STEP_SOFTMAX
                        ? list_best (region, values, cells, listed)
                        : lacuna_explain_strongest (region, values, cells, listed);
  for (guint i = 0; i < self->n_sources; i++)
    self->sources[i] = (LacunaSource){ in_steps ? lacuna_attention_query_get_box (self->query, self->step, cells[i])
                                                : lacuna_explain_get_patch (region, cells[i]),
                                       listed[i] };
}

void
lacuna_explanation_update_step (LacunaExplanation *self)
{
  const float *values = self->weights;

  g_clear_object (&self->step_heat);
  self->n_sources = self->n_copies = 0;
  if (self->query == NULL)
    return;
  if (self->mode == LACUNA_ATTENTION_STEPS)
    {
      values = self->step == LACUNA_ATTENTION_STEP_PATCH ? NULL
                                                         : lacuna_attention_query_get_values (self->query, self->step);
      self->step_heat = lacuna_attention_query_draw_values (self->query, self->step);
    }
  if (values != NULL)
    list_sources (self, values);
  lacuna_explanation_list_copies (self);
}

void
lacuna_explanation_set_step (LacunaExplanation *self, LacunaAttentionStep step)
{
  self->step = step;
  self->lit = (LacunaBox){ 0 };
  lacuna_explanation_update_step (self);
  g_signal_emit_by_name (self, "changed");
}

LacunaAttentionStep
lacuna_explanation_get_step (LacunaExplanation *self)
{
  return self->step;
}

LacunaAttentionQuery *
lacuna_explanation_get_query (LacunaExplanation *self)
{
  return self->query;
}
