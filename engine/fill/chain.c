/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/fill/plan-private.h"

#include "engine/fill/window.h"

#define OVERLAP 32 /* of two pieces, at the network's scale */
#define MAX_COST (8 * (gint64) LACUNA_WINDOW_MAX_PIXELS) /* of all windows of a chain */

typedef struct {
  LacunaPlan *plan;
  int         margin; /* of context, in the photo's pixels */
  gint64      cost;   /* pixels of the network for the pieces so far */
} Chain;

/* The bounds of the component's pixels within the piece's clip. */
static LacunaBox
find_bounds (LacunaPlan *plan, const LacunaGroup *piece)
{
  LacunaBox clip = piece->clip;
  int left = G_MAXINT, right = -1, top = -1, bottom = -1;

  for (int y = clip.y; y < clip.y + clip.height; y++)
    {
      const guint32 *row = plan->labels + (gsize) y * plan->width;
      int first = clip.x, last = clip.x + clip.width - 1;

      while (first <= last && row[first] != piece->chained)
        first++;
      while (last > first && row[last] != piece->chained)
        last--;
      if (first > last)
        continue;
      left = MIN (left, first);
      right = MAX (right, last);
      top = top < 0 ? y : top;
      bottom = y;
    }
  if (right < 0)
    return (LacunaBox){ 0 };
  return (LacunaBox){ left, top, right - left + 1, bottom - top + 1 };
}

/* The piece's two halves along its longer side. FALSE where it is too short. */
static gboolean
halve (const LacunaGroup *piece, LacunaGroup *ret_first, LacunaGroup *ret_second)
{
  LacunaBox hole = piece->hole;
  gboolean vertical = hole.height > hole.width;
  int side = MAX (hole.width, hole.height), overlap = OVERLAP << piece->halvings;
  int end = side / 2 + overlap / 2, start = end - overlap;

  if (side < 3 * overlap || piece->n_cuts == LACUNA_PLAN_MAX_CUTS)
    return FALSE;
  *ret_first = *ret_second = *piece;
  ret_first->clip = ret_second->clip = hole;
  if (vertical)
    {
      ret_first->clip.height = end;
      ret_second->clip.y += start;
      ret_second->clip.height -= start;
    }
  else
    {
      ret_first->clip.width = end;
      ret_second->clip.x += start;
      ret_second->clip.width -= start;
    }
  ret_second->cuts[ret_second->n_cuts++]
      = (LacunaCut){ vertical, vertical ? ret_second->clip.y : ret_second->clip.x, overlap };
  return TRUE;
}

static gboolean
add_piece (Chain *self, LacunaGroup *piece)
{
  LacunaPlan *plan = self->plan;
  LacunaGroup first, second;
  gint64 pixels;

  piece->hole = find_bounds (plan, piece);
  if (piece->hole.width == 0)
    return TRUE;
  piece->box = lacuna_window_fit (lacuna_plan_grow_box (piece->hole, self->margin, self->margin), piece->hole,
                                  piece->halvings, plan->width, plan->height);
  pixels = lacuna_window_get_pixels (piece->box, piece->halvings);
  if (pixels > LACUNA_WINDOW_MAX_PIXELS)
    return halve (piece, &first, &second) && add_piece (self, &first) && add_piece (self, &second);
  self->cost += pixels;
  if (self->cost > MAX_COST)
    return FALSE;
  g_array_append_val (plan->groups, *piece);
  return TRUE;
}

gboolean
lacuna_chain_add (LacunaPlan *plan, guint component, guint halvings, double thickness)
{
  Chain self = { plan, lacuna_plan_get_margin (plan, thickness, halvings) };
  LacunaGroup whole = {
    .halvings = halvings,
    .n_holes = 1,
    .thickness = thickness,
    .reason = LACUNA_PLAN_CHAIN,
    .chained = component + 1,
    .clip = g_array_index (plan->components, LacunaBox, component),
  };
  guint n_before = plan->groups->len;

  if (add_piece (&self, &whole))
    return TRUE;
  g_array_set_size (plan->groups, n_before);
  return FALSE;
}

guint8
lacuna_chain_weigh (const LacunaGroup *piece, int x, int y)
{
  float weight = 1.0f;

  for (guint i = 0; i < piece->n_cuts; i++)
    {
      const LacunaCut *cut = &piece->cuts[i];
      float t = ((cut->vertical ? y : x) - cut->start + 0.5f) / cut->width;

      /* Smooth at both ends. */
      if (t < 1.0f)
        weight *= t * t * (3.0f - 2.0f * t);
    }
  return weight * 255.0f + 0.5f;
}
