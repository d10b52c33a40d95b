/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a fill changed of a photo: patches with their masks, in the photo's own depth. A retouch owns its pixels and
 * never changes once anyone but its maker has it. References are counted atomically, and any thread may read, apply
 * or serialize it; those of a fill are made in a GTask's thread. */
#include "app/document/retouch.h"

#include <string.h>

/* The types of a serialized retouch: depth, patches (box, mask, samples) and, where it is known, what was filled. */
#define FILLS "aa{sv}"
#define WITHOUT_FILLS "(ia(iiiiayay))"
#define WITH_FILLS "(ia(iiiiayay)" FILLS ")"

typedef struct {
  LacunaBox box;
  GBytes   *mask;    /* rows of box.width */
  GBytes   *samples; /* 3 a pixel, guint8 or guint16 by depth */
} Patch;

struct _LacunaRetouch {
  gatomicrefcount ref_count;
  int             depth;
  GArray         *patches; /* of Patch */
  GVariant       *fills;   /* lacuna_fill_describe; NULL: not known */
};

static void
patch_clear (gpointer data)
{
  Patch *patch = data;

  g_clear_pointer (&patch->mask, g_bytes_unref);
  g_clear_pointer (&patch->samples, g_bytes_unref);
}

static LacunaRetouch *
retouch_new (int depth)
{
  LacunaRetouch *self = g_new (LacunaRetouch, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->depth = depth;
  self->fills = NULL;
  self->patches = g_array_new (FALSE, FALSE, sizeof (Patch));
  g_array_set_clear_func (self->patches, patch_clear);
  return self;
}

static gsize
n_pixels (LacunaBox box)
{
  return (gsize) box.width * box.height;
}

LacunaRetouch *
lacuna_retouch_new (LacunaRegion *const *regions, guint n_regions, LacunaPhoto *photo, LacunaStage stage)
{
  g_autoptr (LacunaRetouch) self = retouch_new (lacuna_photo_get_depth (photo));

  for (guint i = 0; i < n_regions; i++)
    {
      g_autoptr (GBytes) mask = lacuna_region_dup_array (regions[i], LACUNA_REGION_MASK);
      Patch patch = { .box = *lacuna_region_get_hole (regions[i]),
                      .samples = lacuna_region_render (regions[i], photo, stage) };

      if (patch.samples == NULL)
        return NULL;
      /* The mask is copied, as the region's bytes would keep the whole region in memory. */
      patch.mask = g_bytes_new (g_bytes_get_data (mask, NULL), g_bytes_get_size (mask));
      g_array_append_val (self->patches, patch);
    }
  return g_steal_pointer (&self);
}

LacunaRetouch *
lacuna_retouch_ref (LacunaRetouch *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
lacuna_retouch_unref (LacunaRetouch *self)
{
  if (self == NULL || !g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_array_unref (self->patches);
  g_clear_pointer (&self->fills, g_variant_unref);
  g_free (self);
}

void
lacuna_retouch_set_fills (LacunaRetouch *self, GVariant *fills)
{
  self->fills = g_variant_ref (fills);
}

GVariant *
lacuna_retouch_get_fills (LacunaRetouch *self)
{
  return self->fills;
}

static const Patch *
get_patch (LacunaRetouch *self, guint i)
{
  return &g_array_index (self->patches, Patch, i);
}

guint
lacuna_retouch_get_n_patches (LacunaRetouch *self)
{
  return self->patches->len;
}

LacunaBox
lacuna_retouch_get_box (LacunaRetouch *self, guint patch)
{
  return get_patch (self, patch)->box;
}

const guint8 *
lacuna_retouch_get_mask (LacunaRetouch *self, guint patch)
{
  return g_bytes_get_data (get_patch (self, patch)->mask, NULL);
}

void
lacuna_retouch_read_row (LacunaRetouch *self, guint patch, int y, guint8 *ret_rgb)
{
  const Patch *p = get_patch (self, patch);
  gconstpointer samples = g_bytes_get_data (p->samples, NULL);
  gsize n = 3 * (gsize) p->box.width;

  if (self->depth == 8)
    memcpy (ret_rgb, (const guint8 *) samples + y * n, n);
  else
    for (gsize i = 0; i < n; i++)
      ret_rgb[i] = ((const guint16 *) samples)[y * n + i] >> 8;
}

LacunaPhoto *
lacuna_retouches_apply (GPtrArray *retouches, LacunaPhoto *photo)
{
  g_autoptr (GArray) patches = g_array_new (FALSE, FALSE, sizeof (LacunaPatch));

  for (guint i = 0; i < retouches->len; i++)
    {
      LacunaRetouch *retouch = retouches->pdata[i];

      if (retouch->depth != lacuna_photo_get_depth (photo))
        return NULL;
      for (guint j = 0; j < retouch->patches->len; j++)
        {
          const Patch *from = get_patch (retouch, j);
          LacunaPatch patch
              = { from->box, g_bytes_get_data (from->samples, NULL), g_bytes_get_data (from->mask, NULL) };

          g_array_append_val (patches, patch);
        }
    }
  if (patches->len == 0)
    return g_object_ref (photo);
  return lacuna_photo_paste (photo, (const LacunaPatch *) (gpointer) patches->data, patches->len, NULL);
}

static void
add_boxes (GVariantBuilder *fills, LacunaRetouch *self, LacunaPhoto *photo)
{
  for (guint i = 0; i < self->patches->len; i++)
    {
      LacunaBox box = get_patch (self, i)->box;

      g_variant_builder_add_parsed (fills,
                                    "{'program': <%s>, 'box': <{'x': <%i>, 'y': <%i>, 'width': <%i>, 'height': <%i>, "
                                    "'photoWidth': <%i>, 'photoHeight': <%i>}>}",
                                    "Lacuna " LACUNA_VERSION, box.x, box.y, box.width, box.height,
                                    lacuna_photo_get_width (photo), lacuna_photo_get_height (photo));
    }
}

GVariant *
lacuna_retouches_describe (GPtrArray *retouches, LacunaPhoto *photo)
{
  GVariantBuilder fills = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE (FILLS));

  for (guint i = 0; i < retouches->len; i++)
    {
      LacunaRetouch *retouch = retouches->pdata[i];
      gsize n = retouch->fills != NULL ? g_variant_n_children (retouch->fills) : 0;

      for (gsize j = 0; j < n; j++)
        {
          g_autoptr (GVariant) fill = g_variant_get_child_value (retouch->fills, j);

          g_variant_builder_add_value (&fills, fill);
        }
      if (n == 0)
        add_boxes (&fills, retouch, photo);
    }
  return g_variant_ref_sink (g_variant_builder_end (&fills));
}

GVariant *
lacuna_retouch_serialize (LacunaRetouch *self)
{
  GVariantBuilder builder;

  g_variant_builder_init (&builder, G_VARIANT_TYPE ("a(iiiiayay)"));
  for (guint i = 0; i < self->patches->len; i++)
    {
      const Patch *patch = get_patch (self, i);

      g_variant_builder_add (&builder, "(iiii@ay@ay)", patch->box.x, patch->box.y, patch->box.width, patch->box.height,
                             g_variant_new_from_bytes (G_VARIANT_TYPE_BYTESTRING, patch->mask, TRUE),
                             g_variant_new_from_bytes (G_VARIANT_TYPE_BYTESTRING, patch->samples, TRUE));
    }
  if (self->fills == NULL)
    return g_variant_new (WITHOUT_FILLS, self->depth, &builder);
  return g_variant_new ("(ia(iiiiayay)@" FILLS ")", self->depth, &builder, self->fills);
}

static gboolean
take_patch (LacunaRetouch *self, LacunaBox box, GVariant *mask, GVariant *samples, int width, int height)
{
  Patch patch = { .box = box };
  gsize n_mask = g_variant_get_size (mask), n_samples = g_variant_get_size (samples);

  if (box.x < 0 || box.y < 0 || box.width <= 0 || box.height <= 0 || box.width > width - box.x
      || box.height > height - box.y || n_mask != n_pixels (box) || n_samples != n_mask * 3 * self->depth / 8)
    return FALSE;
  patch.mask = g_bytes_new (g_variant_get_data (mask), n_mask);
  patch.samples = g_bytes_new (g_variant_get_data (samples), n_samples);
  g_array_append_val (self->patches, patch);
  return TRUE;
}

LacunaRetouch *
lacuna_retouch_deserialize (GVariant *variant, int width, int height)
{
  g_autoptr (LacunaRetouch) self = NULL;
  g_autoptr (GVariantIter) iter = NULL;
  g_autoptr (GVariant) fills = NULL;
  int depth;
  gboolean sound = TRUE;
  LacunaBox box;
  GVariant *mask, *samples;

  if (g_variant_is_of_type (variant, G_VARIANT_TYPE (WITH_FILLS)))
    g_variant_get (variant, "(ia(iiiiayay)@" FILLS ")", &depth, &iter, &fills);
  else if (g_variant_is_of_type (variant, G_VARIANT_TYPE (WITHOUT_FILLS)))
    g_variant_get (variant, WITHOUT_FILLS, &depth, &iter);
  else
    return NULL;
  if (depth != 8 && depth != 16)
    return NULL;
  self = retouch_new (depth);
  self->fills = g_steal_pointer (&fills);
  while (g_variant_iter_next (iter, "(iiii@ay@ay)", &box.x, &box.y, &box.width, &box.height, &mask, &samples))
    {
      sound = sound && take_patch (self, box, mask, samples, width, height);
      g_variant_unref (mask);
      g_variant_unref (samples);
    }
  return sound ? g_steal_pointer (&self) : NULL;
}
