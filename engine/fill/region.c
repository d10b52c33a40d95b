#include "engine/fill/region.h"

#include "engine/fill/window.h"

static void
set_window (LacunaRegion *self, LacunaBox box, guint halvings)
{
  self->box = box;
  self->halvings = halvings;
  self->width = box.width >> halvings;
  self->height = box.height >> halvings;
  self->grid_width = self->width / 8;
  self->grid_height = self->height / 8;
  self->computed = (LacunaBox){ 0, 0, self->width, self->height };
}

LacunaRegion *
lacuna_region_new (LacunaBox box, guint halvings, LacunaBox hole)
{
  LacunaRegion *self = g_new0 (LacunaRegion, 1);

  set_window (self, box, halvings);
  self->hole = hole;
  self->mask = g_try_malloc0 ((gsize) hole.width * hole.height);
  if (self->mask == NULL)
    g_clear_pointer (&self, lacuna_region_free);
  return self;
}

void
lacuna_region_free (LacunaRegion *self)
{
  if (self == NULL)
    return;
  g_free (self->input);
  g_free (self->coarse);
  g_free (self->refined);
  g_free (self->scores);
  g_free (self->index);
  g_free (self->mask);
  g_free (self->offsets);
  g_free (self->correction);
  g_free (self);
}

gboolean
lacuna_region_halve (LacunaRegion *self, LacunaMask *mask)
{
  int width = lacuna_mask_get_width (mask), height = lacuna_mask_get_height (mask);
  guint halvings = self->halvings + 1;
  LacunaBox box;

  if (halvings > lacuna_window_get_max_halvings (width, height))
    return FALSE;
  box = lacuna_window_fit (self->box, self->hole, halvings, width, height);
  if (lacuna_window_read_mask (mask, box, halvings, NULL) == 0)
    return FALSE;
  set_window (self, box, halvings);
  return TRUE;
}
