/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Plans the windows of a fill on the host: each connected component of the hole gets a window of the scale that its
 * thickness asks for, or a chain of them, and windows are joined where that takes no more pixels. Every pixel of the
 * hole belongs to one window, or to the pieces of one chain (`owners`), and in every window something is known. It runs
 * on the engine's thread, or for lacuna_fill_preview on the caller's. */
#include "engine/fill/plan.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "engine/error.h"
#include "engine/fill/plan-private.h"
#include "engine/fill/progress.h"
#include "engine/fill/window.h"
#include "engine/photo/hidden.h"
#include "engine/photo/shape.h"
#include "engine/weights/weights.h"

#define DEFAULT_TRAINED_SIDE 128
#define LOOK_BACK 256 /* groups that another is tried with: bounds the time that many specks take */
#define MAX_COST (G_GINT64_CONSTANT (16) << 20) /* pixels of the network for all windows: bounds memory and time */

/* Returns twice the largest distance from a pixel of the component to what is known; for a speck an upper bound, which
 * asks for the same window. Negative: no memory. */
static double
get_thickness (LacunaPlan *self, guint component)
{
  LacunaBox box = g_array_index (self->components, LacunaBox, component);
  double most = 2.0 * hypot (box.width + 1, box.height + 1);
  g_autofree gint32 *distance = NULL;
  gint32 largest = 0;

  if (most <= MIN (self->trained_hole, LACUNA_PLAN_MARGIN))
    return most;
  distance = lacuna_mask_distance (self->mask, box, NULL);
  if (distance == NULL)
    return -1.0;
  for (int y = 0; y < box.height; y++)
    {
      const guint32 *labels = self->labels + (gsize) (box.y + y) * self->width + box.x;
      const gint32 *row = distance + (gsize) y * box.width;

      for (int x = 0; x < box.width; x++)
        if (labels[x] == component + 1)
          largest = MAX (largest, row[x]);
    }
  return 2.0 * sqrt (largest);
}

/* Chooses the window for one hole: of the scale that its thickness asks for, or else, where that is too large, a chain
 * of them, or one of a coarser scale. FALSE: no memory. */
static gboolean
place_component (LacunaPlan *self, guint component)
{
  LacunaGroup group = {
    .hole = g_array_index (self->components, LacunaBox, component),
    .n_holes = 1,
    .thickness = get_thickness (self, component),
  };
  guint max_halvings = lacuna_window_get_max_halvings (self->width, self->height);

  if (group.thickness < 0.0)
    return FALSE;
  while (group.thickness > self->trained_hole * (1 << group.halvings) && group.halvings < max_halvings)
    group.halvings++;
  if ((self->windows & LACUNA_PLAN_HALF_SCALE) && group.halvings < max_halvings)
    group.halvings++;
  for (;; group.halvings++, group.reason = LACUNA_PLAN_LARGE)
    {
      int margin = lacuna_plan_get_margin (self, group.thickness, group.halvings);
      LacunaBox wanted = lacuna_plan_grow_box (group.hole, MAX (margin, (group.hole.width + 1) / 2),
                                               MAX (margin, (group.hole.height + 1) / 2));

      group.box = lacuna_window_fit (wanted, group.hole, group.halvings, self->width, self->height);
      if (lacuna_window_get_pixels (group.box, group.halvings) <= LACUNA_WINDOW_MAX_PIXELS
          || group.halvings == max_halvings)
        break;
      if (lacuna_chain_add (self, component, group.halvings, group.thickness))
        {
          self->owners[component] = G_MAXUINT;
          return TRUE;
        }
    }
  self->owners[component] = self->groups->len;
  g_array_append_val (self->groups, group);
  return TRUE;
}

/* Takes other into self where one window of their scale costs no more than two. */
static gboolean
join_group (LacunaPlan *self, LacunaGroup *group, const LacunaGroup *other)
{
  LacunaBox hole = lacuna_box_union (group->hole, other->hole), box;
  gint64 pixels;

  if (group->halvings != other->halvings || group->chained != 0 || other->chained != 0)
    return FALSE;
  box = lacuna_window_fit (lacuna_box_union (group->box, other->box), hole, group->halvings, self->width, self->height);
  pixels = lacuna_window_get_pixels (box, group->halvings);
  if (pixels > LACUNA_WINDOW_MAX_PIXELS
      || pixels > lacuna_window_get_pixels (group->box, group->halvings)
                      + lacuna_window_get_pixels (other->box, other->halvings))
    return FALSE;
  group->hole = hole;
  group->box = box;
  group->n_holes += other->n_holes;
  group->thickness = MAX (group->thickness, other->thickness);
  group->reason = MAX (group->reason, other->reason);
  return TRUE;
}

/* Tries every group with those before it. FALSE where no two could be joined. */
static gboolean
join_groups (LacunaPlan *self)
{
  guint n = self->groups->len, kept = 0;
  LacunaGroup *groups = (LacunaGroup *) self->groups->data;
  g_autofree guint *moved = g_new (guint, n);

  for (guint i = 0; i < n; i++)
    {
      guint first = kept > LOOK_BACK ? kept - LOOK_BACK : 0, j = kept;

      while (j > first && !join_group (self, &groups[j - 1], &groups[i]))
        j--;
      if (j == first)
        {
          moved[i] = kept;
          groups[kept++] = groups[i];
        }
      else
        moved[i] = j - 1;
    }
  for (guint i = 0; i < self->components->len; i++)
    if (self->owners[i] != G_MAXUINT)
      self->owners[i] = moved[self->owners[i]];
  g_array_set_size (self->groups, kept);
  return kept < n;
}

/* Halves the scale of the finest windows as long as all of them together take more than MAX_COST. */
static void
coarsen (LacunaPlan *self)
{
  guint max_halvings = lacuna_window_get_max_halvings (self->width, self->height);

  for (;;)
    {
      guint least = max_halvings;
      gint64 cost = 0;

      for (guint i = 0; i < self->groups->len; i++)
        {
          const LacunaGroup *group = &g_array_index (self->groups, LacunaGroup, i);

          cost += lacuna_window_get_pixels (group->box, group->halvings);
          least = MIN (least, group->halvings);
        }
      if (cost <= MAX_COST || least == max_halvings)
        return;
      for (guint i = 0; i < self->groups->len; i++)
        {
          LacunaGroup *group = &g_array_index (self->groups, LacunaGroup, i);

          if (group->halvings > least)
            continue;
          group->halvings++;
          group->reason = LACUNA_PLAN_MANY;
          group->box = lacuna_window_fit (group->box, group->hole, group->halvings, self->width, self->height);
        }
      while (join_groups (self))
        ;
    }
}

/* Enlarges a window that is wholly hole at its scale until something is known. */
static gboolean
enlarge_group (LacunaPlan *self, LacunaGroup *group)
{
  guint max_halvings = lacuna_window_get_max_halvings (self->width, self->height);

  while (lacuna_window_read_mask (self->unknown, group->box, group->halvings, NULL) == 0)
    {
      LacunaBox box = lacuna_window_fit (lacuna_plan_grow_box (group->box, group->box.width, group->box.height),
                                         group->hole, group->halvings, self->width, self->height);

      if (box.width == group->box.width && box.height == group->box.height)
        return FALSE;
      while (lacuna_window_get_pixels (box, group->halvings) > LACUNA_WINDOW_MAX_PIXELS
             && group->halvings < max_halvings)
        box = lacuna_window_fit (box, group->hole, ++group->halvings, self->width, self->height);
      group->box = box;
    }
  return TRUE;
}

/* Sees to it that something is known in the window at its scale: in a larger
 * one, or else, where the known is thin, at a finer scale than the hole asks for. */
static gboolean
find_known (LacunaPlan *self, LacunaGroup *group)
{
  if (enlarge_group (self, group))
    return TRUE;
  while (group->halvings > 0)
    {
      group->box = lacuna_window_fit (group->box, group->hole, --group->halvings, self->width, self->height);
      if (lacuna_window_get_pixels (group->box, group->halvings) > LACUNA_WINDOW_MAX_PIXELS)
        return FALSE;
      if (lacuna_window_read_mask (self->unknown, group->box, group->halvings, NULL) > 0)
        return TRUE;
    }
  return FALSE;
}

/* NULL: no memory. */
static LacunaRegion *
make_region (LacunaPlan *self, guint i)
{
  const LacunaGroup *group = &g_array_index (self->groups, LacunaGroup, i);
  LacunaBox hole = group->hole;
  LacunaRegion *region = lacuna_region_new (group->box, group->halvings, hole);

  if (region == NULL)
    return NULL;
  region->reason = group->reason;
  region->n_holes = group->n_holes;
  region->thickness = group->thickness;
  for (int y = 0; y < hole.height; y++)
    {
      const guint32 *labels = self->labels + (gsize) (hole.y + y) * self->width + hole.x;
      guint8 *row = region->mask + (gsize) y * hole.width;

      for (int x = 0; x < hole.width; x++)
        if (labels[x] != 0 && (labels[x] == group->chained || self->owners[labels[x] - 1] == i))
          row[x] = group->chained != 0 ? lacuna_chain_weigh (group, hole.x + x, hole.y + y) : 255;
    }
  return region;
}

static GPtrArray *
make_regions (LacunaPlan *self, GError **error)
{
  g_autoptr (GPtrArray) regions = g_ptr_array_new_with_free_func ((GDestroyNotify) lacuna_region_unref);

  for (guint i = 0; i < self->components->len; i++)
    if (!place_component (self, i))
      {
        lacuna_error_set_memory (error, _ ("the plan of the fill"));
        return NULL;
      }
  while (join_groups (self))
    ;
  coarsen (self);
  for (guint i = 0; i < self->groups->len; i++)
    {
      LacunaGroup *group = &g_array_index (self->groups, LacunaGroup, i);
      LacunaRegion *region;

      if (!find_known (self, group))
        {
          g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_UNFIT,
                       _ ("The mask leaves too little of the photo to fill from: what is known around a hole of %d×%d "
                          "pixels is too thin. Mark less."),
                       group->hole.width, group->hole.height);
          return NULL;
        }
      region = make_region (self, i);
      if (region == NULL)
        {
          lacuna_error_set_memory (error, _ ("the plan of the fill"));
          return NULL;
        }
      g_ptr_array_add (regions, region);
    }
  return g_steal_pointer (&regions);
}

static gboolean
check_mask (LacunaPhoto *photo, LacunaMask *mask, GError **error)
{
  int width = lacuna_photo_get_width (photo), height = lacuna_photo_get_height (photo);

  if (lacuna_mask_get_width (mask) != width || lacuna_mask_get_height (mask) != height)
    g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_UNFIT,
                 _ ("The mask has %d×%d pixels and the photo %d×%d: make a mask of the photo's size."),
                 lacuna_mask_get_width (mask), lacuna_mask_get_height (mask), width, height);
  else if (lacuna_mask_get_n_hole (mask) == 0)
    g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_EMPTY,
                 _ ("The mask marks nothing: there is nothing to fill. What is to go has to be white."));
  else if (lacuna_mask_get_n_hole (mask) == (gsize) width * height)
    g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_UNFIT,
                 _ ("The mask covers the whole photo: nothing is known to fill from. Leave some of it black."));
  else
    return TRUE;
  return FALSE;
}

GPtrArray *
lacuna_plan_new (LacunaPhoto *photo, LacunaMask *mask, guint trained_side, guint variant, GError **error)
{
  LacunaPlan self = {
    .mask = mask,
    .trained_hole = trained_side / 2.0,
    .windows = variant > LACUNA_FILL_WITHOUT_GUIDE ? variant - LACUNA_FILL_WITHOUT_GUIDE : 0,
  };
  GPtrArray *regions = NULL;

  g_return_val_if_fail (trained_side > 0, NULL);
  if (!check_mask (photo, mask, error))
    return NULL;
  self.width = lacuna_mask_get_width (mask);
  self.height = lacuna_mask_get_height (mask);
  self.unknown = lacuna_hidden_unite (photo, mask, error);
  if (self.unknown == NULL)
    return NULL;
  self.components = lacuna_mask_components (mask, &self.labels);
  if (self.components == NULL)
    {
      lacuna_error_set_memory (error, _ ("the plan of the fill"));
      return NULL;
    }
  self.groups = g_array_new (FALSE, FALSE, sizeof (LacunaGroup));
  self.owners = g_try_new (guint, self.components->len);
  if (self.owners != NULL)
    regions = make_regions (&self, error);
  else
    lacuna_error_set_memory (error, _ ("the plan of the fill"));
  g_free (self.owners);
  g_array_unref (self.groups);
  g_free (self.labels);
  g_array_unref (self.components);
  lacuna_mask_unref (self.unknown);
  return regions;
}

guint
lacuna_plan_get_trained_side (LacunaWeights *weights)
{
  guint side = (guint) lacuna_weights_get_number (weights, "trained_side", G_MAXUINT);

  return side > 0 ? side : DEFAULT_TRAINED_SIDE;
}
