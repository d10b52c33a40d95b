/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the detail of a window goes on from. A fill that is steered begins with the matches of the one that is not, whether
 * that was made before or is made for it, so that its pixels tell nothing of what was tried in between; and what is not
 * forbidden stays where it was. It runs on the engine's thread. */
#include "engine/fill/base.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "engine/error.h"
#include "engine/fill/region-private.h"

static void
forget (LacunaDetailBase *self)
{
  g_clear_pointer (&self->mask, g_free);
  g_clear_pointer (&self->offsets, g_free);
  g_clear_pointer (&self->image, g_free);
}

void
lacuna_detail_base_clear (LacunaDetailBase *self)
{
  forget (self);
  lacuna_guide_base_clear (&self->guide);
  g_clear_pointer (&self->edges, g_variant_unref);
  self->has_edges = FALSE;
}

gboolean
lacuna_detail_base_is_of (const LacunaDetailBase *self, const LacunaRegion *region, guint halvings,
                          gboolean without_guide)
{
  return self->offsets != NULL && self->halvings == halvings && self->without_guide == without_guide
         && memcmp (&self->box, &region->box, sizeof self->box) == 0
         && memcmp (&self->hole, &region->hole, sizeof self->hole) == 0
         && memcmp (self->mask, region->mask, (gsize) region->hole.width * region->hole.height) == 0;
}

/* Bytes of n rows of the level's image. */
static gsize
get_rows (const LacunaLevel *level, int n)
{
  return (gsize) 4 * level->width * n;
}

gboolean
lacuna_detail_base_keep (LacunaDetailBase *self, const LacunaRegion *region, guint halvings, gboolean without_guide,
                         LacunaLevel *level, GError **error)
{
  gsize n = lacuna_level_get_n_targets (level), n_hole = (gsize) region->hole.width * region->hole.height;

  forget (self);
  self->box = region->box;
  self->hole = region->hole;
  self->halvings = halvings;
  self->without_guide = without_guide;
  self->mask = g_try_malloc (n_hole);
  self->offsets = g_try_new (gint16, 2 * n);
  self->image = g_try_malloc (get_rows (level, level->box.height));
  if (self->mask == NULL || self->offsets == NULL || self->image == NULL)
    {
      forget (self);
      return TRUE;
    }
  memcpy (self->mask, region->mask, n_hole);
  if (lacuna_level_read_offsets (level, level->offsets, LACUNA_PATCH_RADIUS, self->offsets, error)
      && lacuna_buffer_read (level->image, get_rows (level, level->box.y), self->image,
                             get_rows (level, level->box.height), error))
    return TRUE;
  forget (self);
  return FALSE;
}

gboolean
lacuna_detail_base_start (const LacunaDetailBase *self, LacunaLevel *level, const guint8 *valid, gint16 *offsets,
                          GError **error)
{
  LacunaBox box = level->box;
  gsize start = get_rows (level, level->box.y), size = get_rows (level, level->box.height);
  g_autofree guint8 *image = g_try_malloc (size);

  if (image == NULL)
    {
      lacuna_error_set_memory (error, _ ("the detail's levels"));
      return FALSE;
    }
  if (!lacuna_buffer_read (level->image, start, image, size, error))
    return FALSE;
  for (gsize i = 0; i < lacuna_level_get_n_targets (level); i++)
    {
      gsize at = i / box.width * level->width + box.x + i % box.width; /* in the box's rows */
      gssize from = (gssize) self->offsets[2 * i + 1] * level->width + self->offsets[2 * i];

      if (level->pixels[i] != 0)
        memcpy (image + 4 * at, self->image + 4 * at, 4);
      if (level->confidence[i] == 0.0f || !valid[start / 4 + at + from])
        continue;
      offsets[2 * i] = self->offsets[2 * i];
      offsets[2 * i + 1] = self->offsets[2 * i + 1];
    }
  return lacuna_buffer_write (level->image, start, image, size, error);
}
