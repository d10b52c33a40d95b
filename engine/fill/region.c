/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A window of a fill and its arrays, which the region owns; an array is NULL until its stage has run, and bytes that
 * are handed out keep the region alive. The engine's thread alone changes a region until its fill is finished
 * (meanwhile progress events show others its coarse result, and nothing else of it); from then on it is immutable, and
 * any thread may read it. */
#include "engine/fill/region-private.h"

#include <string.h>

#include "engine/fill/window.h"

#define CHANNELS 3

G_DEFINE_BOXED_TYPE (LacunaRegion, lacuna_region, lacuna_region_ref, lacuna_region_unref)

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
  LacunaRegion *self = g_atomic_rc_box_new0 (LacunaRegion);

  set_window (self, box, halvings);
  self->hole = hole;
  self->mask = g_try_malloc0 ((gsize) hole.width * hole.height);
  if (self->mask == NULL)
    g_clear_pointer (&self, lacuna_region_unref);
  return self;
}

LacunaRegion *
lacuna_region_copy_plan (const LacunaRegion *self)
{
  LacunaRegion *copy = lacuna_region_new (self->box, self->halvings, self->hole);

  if (copy == NULL)
    return NULL;
  memcpy (copy->mask, self->mask, (gsize) self->hole.width * self->hole.height);
  copy->reason = self->reason;
  copy->n_holes = self->n_holes;
  copy->thickness = self->thickness;
  return copy;
}

static void
clear (gpointer data)
{
  LacunaRegion *self = data;

  g_free (self->input);
  g_free (self->coarse);
  g_free (self->refined);
  g_free (self->scores);
  g_free (self->features);
  g_free (self->freedom);
  g_free (self->index);
  g_free (self->mask);
  g_free (self->offsets);
  g_free (self->correction);
  g_free (self->fit);
  g_free (self->transforms);
  g_clear_pointer (&self->edges, g_variant_unref);
}

LacunaRegion *
lacuna_region_ref (LacunaRegion *self)
{
  return g_atomic_rc_box_acquire (self);
}

void
lacuna_region_unref (LacunaRegion *self)
{
  if (self != NULL)
    g_atomic_rc_box_release_full (self, clear);
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

gboolean
lacuna_region_widen (LacunaRegion *self, LacunaBox box, int width, int height)
{
  box = lacuna_window_fit (lacuna_box_union (self->box, box), self->hole, self->halvings, width, height);
  if (lacuna_window_get_pixels (box, self->halvings) > LACUNA_WINDOW_MAX_PIXELS)
    return FALSE;
  set_window (self, box, self->halvings);
  return TRUE;
}

const LacunaBox *
lacuna_region_get_box (const LacunaRegion *self)
{
  return &self->box;
}

const LacunaBox *
lacuna_region_get_hole (const LacunaRegion *self)
{
  return &self->hole;
}

guint
lacuna_region_get_halvings (const LacunaRegion *self)
{
  return self->halvings;
}

int
lacuna_region_get_width (const LacunaRegion *self)
{
  return self->width;
}

int
lacuna_region_get_height (const LacunaRegion *self)
{
  return self->height;
}

int
lacuna_region_get_grid_width (const LacunaRegion *self)
{
  return self->grid_width;
}

int
lacuna_region_get_grid_height (const LacunaRegion *self)
{
  return self->grid_height;
}

LacunaPlanReason
lacuna_region_get_reason (const LacunaRegion *self)
{
  return self->reason;
}

guint
lacuna_region_get_n_holes (const LacunaRegion *self)
{
  return self->n_holes;
}

double
lacuna_region_get_thickness (const LacunaRegion *self)
{
  return self->thickness;
}

GVariant *
lacuna_region_get_edges (const LacunaRegion *self)
{
  return self->edges;
}

guint64
lacuna_region_get_network_pixels (const LacunaRegion *self)
{
  return (guint64) self->width * self->height;
}

guint64
lacuna_region_get_detail_pixels (const LacunaRegion *self)
{
  guint64 n = 0;

  for (gsize i = 0; i < (gsize) self->hole.width * self->hole.height; i++)
    n += self->mask[i] != 0;
  return n;
}

/* The array and its bytes. */
static gconstpointer
find_array (const LacunaRegion *self, LacunaRegionArray array, gsize *ret_size)
{
  gsize image = sizeof (float) * self->width * self->height, queries = (gsize) self->grid_width * self->grid_height;
  gsize hole = (gsize) self->hole.width * self->hole.height;
  const struct {
    gconstpointer data;
    gsize size;
  } arrays[] = {
    [LACUNA_REGION_INPUT] = { self->input, LACUNA_N_PLANES * image },
    [LACUNA_REGION_COARSE] = { self->coarse, CHANNELS * image },
    [LACUNA_REGION_REFINED] = { self->refined, CHANNELS * image },
    [LACUNA_REGION_ATTENTION] = { self->scores, queries * queries * sizeof (float) },
    [LACUNA_REGION_KEYS] = { self->index, queries * sizeof (gint32) },
    [LACUNA_REGION_MASK] = { self->mask, hole },
    [LACUNA_REGION_OFFSETS] = { self->offsets, 2 * hole * sizeof (gint16) },
    [LACUNA_REGION_CORRECTION] = { self->correction, CHANNELS * hole * sizeof (float) },
    [LACUNA_REGION_FIT] = { self->fit, hole * sizeof (float) },
    [LACUNA_REGION_TRANSFORMS] = { self->transforms, hole },
    [LACUNA_REGION_FEATURES] = { self->features, queries * self->channels * sizeof (float) },
  };

  *ret_size = arrays[array].size;
  return arrays[array].data;
}

GBytes *
lacuna_region_dup_array (const LacunaRegion *self, LacunaRegionArray array)
{
  gsize size;
  gconstpointer data;

  g_return_val_if_fail (array <= LACUNA_REGION_FEATURES, NULL);
  data = find_array (self, array, &size);
  if (data == NULL)
    return NULL;
  return g_bytes_new_with_free_func (data, size, (GDestroyNotify) lacuna_region_unref,
                                     lacuna_region_ref ((LacunaRegion *) self));
}
