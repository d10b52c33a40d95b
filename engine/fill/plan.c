#include "engine/fill/plan.h"

#include <math.h>

#include "engine/error.h"
#include "engine/fill/window.h"

#define MARGIN 64     /* least context on each side of a hole, at the network's scale */
#define LOOK_BACK 256 /* groups that another is tried with: bounds the time that many specks take */

/* Of a variant. */
enum {
  TWICE_CONTEXT = 1,
  HALF_SCALE = 2,
};

/* Components that one window serves. */
typedef struct {
  LacunaBox hole, box;
  guint     halvings;
} Group;

typedef struct {
  LacunaMask *mask;
  int         width, height;
  double      trained_hole; /* thickness that the model learned to fill */
  guint       variant;
  GArray     *components;   /* of LacunaBox */
  guint32    *labels;
  GArray     *groups; /* of Group */
  guint      *owners; /* group of each component */
} Plan;

static LacunaBox
grow_box (LacunaBox box, int x, int y)
{
  return (LacunaBox){ box.x - x, box.y - y, box.width + 2 * x, box.height + 2 * y };
}

/* Twice the largest distance from a pixel of the component to what is known;
 * for a speck an upper bound, which asks for the same window. */
static double
get_thickness (Plan *self, guint component)
{
  LacunaBox box = g_array_index (self->components, LacunaBox, component);
  double most = 2.0 * hypot (box.width + 1, box.height + 1);
  g_autofree gint32 *distance = NULL;
  gint32 largest = 0;

  if (most <= MIN (self->trained_hole, MARGIN))
    return most;
  distance = lacuna_mask_distance (self->mask, box, NULL);
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

static Group
place_component (Plan *self, guint component)
{
  Group group = { .hole = g_array_index (self->components, LacunaBox, component) };
  guint max_halvings = lacuna_window_get_max_halvings (self->width, self->height);
  double thickness = get_thickness (self, component);

  while (thickness > self->trained_hole * (1 << group.halvings) && group.halvings < max_halvings)
    group.halvings++;
  if ((self->variant & HALF_SCALE) && group.halvings < max_halvings)
    group.halvings++;
  for (;; group.halvings++)
    {
      int margin = MAX ((int) ceil (thickness), MARGIN << group.halvings) << (self->variant & TWICE_CONTEXT);
      LacunaBox wanted = grow_box (group.hole, MAX (margin, (group.hole.width + 1) / 2),
                                   MAX (margin, (group.hole.height + 1) / 2));

      group.box = lacuna_window_fit (wanted, group.hole, group.halvings, self->width, self->height);
      if (lacuna_window_get_pixels (group.box, group.halvings) <= LACUNA_WINDOW_MAX_PIXELS
          || group.halvings == max_halvings)
        return group;
    }
}

/* Takes other into self where one window of their scale costs no more than two. */
static gboolean
join_group (Plan *self, Group *group, const Group *other)
{
  LacunaBox hole = lacuna_box_union (group->hole, other->hole), box;
  gint64 pixels;

  if (group->halvings != other->halvings)
    return FALSE;
  box = lacuna_window_fit (lacuna_box_union (group->box, other->box), hole, group->halvings, self->width, self->height);
  pixels = lacuna_window_get_pixels (box, group->halvings);
  if (pixels > LACUNA_WINDOW_MAX_PIXELS
      || pixels > lacuna_window_get_pixels (group->box, group->halvings)
                    + lacuna_window_get_pixels (other->box, other->halvings))
    return FALSE;
  group->hole = hole;
  group->box = box;
  return TRUE;
}

/* Tries every group with those before it. FALSE where no two could be joined. */
static gboolean
join_groups (Plan *self)
{
  guint n = self->groups->len, kept = 0;
  Group *groups = (Group *) self->groups->data;
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
    self->owners[i] = moved[self->owners[i]];
  g_array_set_size (self->groups, kept);
  return kept < n;
}

/* Enlarges a window that is wholly hole at its scale until something is known. */
static gboolean
enlarge_group (Plan *self, Group *group)
{
  guint max_halvings = lacuna_window_get_max_halvings (self->width, self->height);

  while (lacuna_window_read_mask (self->mask, group->box, group->halvings, NULL) == 0)
    {
      LacunaBox box = lacuna_window_fit (grow_box (group->box, group->box.width, group->box.height), group->hole,
                                         group->halvings, self->width, self->height);

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
find_known (Plan *self, Group *group)
{
  if (enlarge_group (self, group))
    return TRUE;
  while (group->halvings > 0)
    {
      group->box = lacuna_window_fit (group->box, group->hole, --group->halvings, self->width, self->height);
      if (lacuna_window_get_pixels (group->box, group->halvings) > LACUNA_WINDOW_MAX_PIXELS)
        return FALSE;
      if (lacuna_window_read_mask (self->mask, group->box, group->halvings, NULL) > 0)
        return TRUE;
    }
  return FALSE;
}

static LacunaRegion *
make_region (Plan *self, guint i)
{
  const Group *group = &g_array_index (self->groups, Group, i);
  LacunaBox hole = group->hole;
  LacunaRegion *region = lacuna_region_new (group->box, group->halvings, hole);

  for (int y = 0; y < hole.height; y++)
    {
      const guint32 *labels = self->labels + (gsize) (hole.y + y) * self->width + hole.x;
      guint8 *row = region->mask + (gsize) y * hole.width;

      for (int x = 0; x < hole.width; x++)
        if (labels[x] != 0 && self->owners[labels[x] - 1] == i)
          row[x] = 255;
    }
  return region;
}

static GPtrArray *
make_regions (Plan *self, GError **error)
{
  g_autoptr (GPtrArray) regions = g_ptr_array_new_with_free_func ((GDestroyNotify) lacuna_region_free);

  for (guint i = 0; i < self->components->len; i++)
    {
      Group group = place_component (self, i);

      self->owners[i] = i;
      g_array_append_val (self->groups, group);
    }
  while (join_groups (self))
    ;
  for (guint i = 0; i < self->groups->len; i++)
    {
      if (!find_known (self, &g_array_index (self->groups, Group, i)))
        {
          g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_UNFIT,
                       "The mask leaves too little of the photo to fill from: what is known around a hole of %d×%d "
                       "pixels is too thin. Mark less.",
                       g_array_index (self->groups, Group, i).hole.width,
                       g_array_index (self->groups, Group, i).hole.height);
          return NULL;
        }
      g_ptr_array_add (regions, make_region (self, i));
    }
  return g_steal_pointer (&regions);
}

static gboolean
check_mask (LacunaPhoto *photo, LacunaMask *mask, GError **error)
{
  int width = lacuna_photo_get_width (photo), height = lacuna_photo_get_height (photo);

  if (lacuna_mask_get_width (mask) != width || lacuna_mask_get_height (mask) != height)
    g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_UNFIT,
                 "The mask has %d×%d pixels and the photo %d×%d: make a mask of the photo's size.",
                 lacuna_mask_get_width (mask), lacuna_mask_get_height (mask), width, height);
  else if (lacuna_mask_get_n_hole (mask) == 0)
    g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_EMPTY,
                 "The mask marks nothing: there is nothing to fill. What is to go has to be white.");
  else if (lacuna_mask_get_n_hole (mask) == (gsize) width * height)
    g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_UNFIT,
                 "The mask covers the whole photo: nothing is known to fill from. Leave some of it black.");
  else
    return TRUE;
  return FALSE;
}

GPtrArray *
lacuna_plan_new (LacunaPhoto *photo, LacunaMask *mask, guint trained_side, guint variant, GError **error)
{
  Plan self = { .mask = mask, .trained_hole = trained_side / 2.0, .variant = variant };
  GPtrArray *regions;

  g_return_val_if_fail (trained_side > 0, NULL);
  if (!check_mask (photo, mask, error))
    return NULL;
  self.width = lacuna_mask_get_width (mask);
  self.height = lacuna_mask_get_height (mask);
  self.components = lacuna_mask_components (mask, &self.labels);
  self.groups = g_array_sized_new (FALSE, FALSE, sizeof (Group), self.components->len);
  self.owners = g_new (guint, self.components->len);
  regions = make_regions (&self, error);
  g_free (self.owners);
  g_array_unref (self.groups);
  g_free (self.labels);
  g_array_unref (self.components);
  return regions;
}
