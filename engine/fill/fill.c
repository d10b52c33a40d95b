/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A finished fill: its regions in the order in which they were filled, which is that of pasting, as a later piece of a
 * chain is blended over the earlier ones by its mask. A fill owns its regions and does not change once it has its
 * notes; rendered pixels wait for the next paste in batches of about BATCH_BYTES. The engine's thread makes fills, and
 * any thread reads them. */
#include "engine/fill/fill-private.h"

#include <glib/gi18n-lib.h>

#include "engine/error.h"
#include "engine/fill/region-private.h"
#include "engine/fill/render.h"
#include "engine/photo/layers.h"
#include "engine/photo/samples.h"

#define CHANNELS 3
#define BATCH_BYTES (64 << 20) /* of rendered pixels that wait to be pasted */

struct _LacunaFill {
  GObject parent_instance;

  GPtrArray *regions; /* of LacunaRegion */
  char      *model;
  char      *device;
  char     **notes;
  GVariant  *steered;
};

G_DEFINE_FINAL_TYPE (LacunaFill, lacuna_fill, G_TYPE_OBJECT)

static void
lacuna_fill_finalize (GObject *object)
{
  LacunaFill *self = LACUNA_FILL (object);

  g_ptr_array_unref (self->regions);
  g_free (self->model);
  g_free (self->device);
  g_strfreev (self->notes);
  g_clear_pointer (&self->steered, g_variant_unref);
  G_OBJECT_CLASS (lacuna_fill_parent_class)->finalize (object);
}

static void
lacuna_fill_class_init (LacunaFillClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = lacuna_fill_finalize;
}

static void
lacuna_fill_init (LacunaFill *self)
{
}

LacunaFill *
lacuna_fill_new (GPtrArray *regions, const char *model, const char *device)
{
  LacunaFill *self = g_object_new (LACUNA_TYPE_FILL, NULL);

  self->regions = regions;
  self->model = g_strdup (model);
  self->device = g_strdup (device);
  return self;
}

guint
lacuna_fill_get_n_regions (LacunaFill *self)
{
  g_return_val_if_fail (LACUNA_IS_FILL (self), 0);
  return self->regions->len;
}

LacunaRegion *
lacuna_fill_get_region (LacunaFill *self, guint i)
{
  g_return_val_if_fail (LACUNA_IS_FILL (self) && i < self->regions->len, NULL);
  return g_ptr_array_index (self->regions, i);
}

LacunaBox
lacuna_fill_get_bounds (LacunaFill *self)
{
  LacunaBox bounds = { 0 };

  for (guint i = 0; i < self->regions->len; i++)
    {
      const LacunaBox *hole = lacuna_region_get_hole (self->regions->pdata[i]);

      bounds = i == 0 ? *hole : lacuna_box_union (bounds, *hole);
    }
  return bounds;
}

const char *
lacuna_fill_get_model (LacunaFill *self)
{
  g_return_val_if_fail (LACUNA_IS_FILL (self), NULL);
  return self->model;
}

const char *
lacuna_fill_get_device (LacunaFill *self)
{
  g_return_val_if_fail (LACUNA_IS_FILL (self), NULL);
  return self->device;
}

const char *const *
lacuna_fill_get_notes (LacunaFill *self)
{
  static const char *const none[] = { NULL };

  g_return_val_if_fail (LACUNA_IS_FILL (self), none);
  return self->notes != NULL ? (const char *const *) self->notes : none;
}

void
lacuna_fill_set_notes (LacunaFill *self, char **notes)
{
  g_strfreev (self->notes);
  self->notes = notes;
}

void
lacuna_fill_set_steered (LacunaFill *self, GVariant *steered)
{
  g_clear_pointer (&self->steered, g_variant_unref);
  self->steered = g_variant_ref_sink (steered);
}

GVariant *
lacuna_fill_get_steered (LacunaFill *self)
{
  return self->steered;
}

/* Rendered pixels on their way into a photo. */
typedef struct {
  LacunaPhoto *photo;
  GArray      *patches; /* of LacunaPatch */
  gsize        n_bytes;
} Batch;

static void
batch_clear (Batch *self)
{
  for (guint i = 0; i < self->patches->len; i++)
    g_free ((gpointer) g_array_index (self->patches, LacunaPatch, i).samples);
  g_array_unref (self->patches);
  g_object_unref (self->photo);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Batch, batch_clear)

static gboolean
paste (Batch *batch, GError **error)
{
  g_autoptr (LacunaPhoto) pasted
      = lacuna_photo_paste (batch->photo, (LacunaPatch *) batch->patches->data, batch->patches->len, error);

  if (pasted == NULL)
    return FALSE;
  g_set_object (&batch->photo, pasted);
  for (guint i = 0; i < batch->patches->len; i++)
    g_free ((gpointer) g_array_index (batch->patches, LacunaPatch, i).samples);
  g_array_set_size (batch->patches, 0);
  batch->n_bytes = 0;
  return TRUE;
}

static gboolean
marks_any (const guint8 *mask, gsize n)
{
  while (n > 0 && mask[n - 1] == 0)
    n--;
  return n > 0;
}

static gboolean
refuse_memory (GError **error)
{
  lacuna_error_set_memory (error, _ ("the filled pixels"));
  return FALSE;
}

static gboolean
add_region (Batch *batch, const LacunaRegion *region, LacunaPhoto *photo, LacunaStage stage, GError **error)
{
  g_autoptr (LacunaRender) render = lacuna_render_new (region, photo, stage);
  LacunaBox hole = region->hole;
  int depth = lacuna_photo_get_depth (photo), strip;
  g_autofree float *rgb = NULL;

  if (render == NULL)
    return refuse_memory (error);
  strip = lacuna_render_get_strip (render);
  rgb = g_try_new (float, CHANNELS *(gsize) strip *hole.width);
  if (rgb == NULL)
    return refuse_memory (error);
  for (int y = 0; y < hole.height; y += strip)
    {
      int n_rows = MIN (strip, hole.height - y);
      gsize n = (gsize) n_rows * hole.width;
      const guint8 *mask = region->mask + (gsize) y * hole.width;
      LacunaPatch patch = { .box = { hole.x, hole.y + y, hole.width, n_rows }, .mask = mask };

      if (!marks_any (mask, n))
        continue;
      if (!lacuna_render_rows (render, y, n_rows, rgb, n)
          || (patch.samples = lacuna_photo_quantize (rgb, n, n, depth)) == NULL)
        return refuse_memory (error);
      g_array_append_val (batch->patches, patch);
      batch->n_bytes += CHANNELS * n * depth / 8;
      if (batch->n_bytes >= BATCH_BYTES && !paste (batch, error))
        return FALSE;
    }
  return TRUE;
}

/* The photo's fill at that stage over target, which is the photo or a layer of it. */
static LacunaPhoto *
apply (LacunaFill *self, LacunaPhoto *photo, LacunaStage stage, LacunaPhoto *target, GError **error)
{
  g_auto (Batch) batch
      = { .photo = g_object_ref (target), .patches = g_array_new (FALSE, FALSE, sizeof (LacunaPatch)) };

  for (guint i = 0; i < self->regions->len; i++)
    if (!add_region (&batch, g_ptr_array_index (self->regions, i), photo, stage, error))
      return NULL;
  if (batch.patches->len > 0 && !paste (&batch, error))
    return NULL;
  return g_object_ref (batch.photo);
}

LacunaPhoto *
lacuna_fill_apply (LacunaFill *self, LacunaPhoto *photo, LacunaStage stage, GError **error)
{
  return apply (self, photo, stage, photo, error);
}

LacunaPhoto *
lacuna_fill_extract (LacunaFill *self, LacunaPhoto *photo, LacunaStage stage, GError **error)
{
  g_autoptr (LacunaPhoto) layer = lacuna_photo_new_layer (photo, error);

  return layer != NULL ? apply (self, photo, stage, layer, error) : NULL;
}
