/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A photo in memory, and pasting into it. Whoever makes a photo sets its fields before others see it; from then on it
 * is immutable, and any thread may read it. A pasted photo has new pixels, shares record and source with the old one,
 * and has neither its path nor its note. */
#include "engine/photo/photo-fields.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "engine/error.h"

#define LEAST_SIDE 16

G_DEFINE_FINAL_TYPE (LacunaPhoto, lacuna_photo, G_TYPE_OBJECT)

static void
lacuna_photo_finalize (GObject *object)
{
  LacunaPhoto *self = LACUNA_PHOTO (object);

  g_clear_pointer (&self->pixels, g_bytes_unref);
  g_clear_pointer (&self->shared, lacuna_shared_unref);
  g_clear_pointer (&self->source, g_bytes_unref);
  g_clear_pointer (&self->record, g_variant_unref);
  g_free (self->path);
  g_free (self->note);
  G_OBJECT_CLASS (lacuna_photo_parent_class)->finalize (object);
}

static void
lacuna_photo_class_init (LacunaPhotoClass *class)
{
  G_OBJECT_CLASS (class)->finalize = lacuna_photo_finalize;
}

static void
lacuna_photo_init (LacunaPhoto *self)
{
}

static gboolean
check_samples (int width, int height, int bands, int depth, GBytes *samples, GError **error)
{
  if (width >= LEAST_SIDE && height >= LEAST_SIDE && (guint64) width * height <= LACUNA_PHOTO_MAX_PIXELS && bands >= 1
      && bands <= 4 && (depth == 8 || depth == 16)
      && g_bytes_get_size (samples) == (gsize) width * height * bands * depth / 8)
    return TRUE;
  g_set_error (
      error, LACUNA_ERROR, LACUNA_ERROR_UNFIT,
      _ ("%zu bytes are no photo of %d×%d pixels with %d bands of %d bits. Give rows without gaps, at least %d "
         "pixels a side, 1 to 4 bands, and 8 or 16 bits."),
      g_bytes_get_size (samples), width, height, bands, depth, LEAST_SIDE);
  return FALSE;
}

LacunaPhoto *
lacuna_photo_wrap (int width, int height, int bands, int depth, GBytes *pixels)
{
  LacunaPhoto *self = g_object_new (LACUNA_TYPE_PHOTO, NULL);

  self->width = width;
  self->height = height;
  self->bands = bands;
  self->depth = depth;
  self->pixels = pixels;
  return self;
}

LacunaPhoto *
lacuna_photo_new (int width, int height, int bands, int depth, GBytes *samples, GError **error)
{
  return check_samples (width, height, bands, depth, samples, error)
             ? lacuna_photo_wrap (width, height, bands, depth, g_bytes_ref (samples))
             : NULL;
}

int
lacuna_photo_get_width (LacunaPhoto *self)
{
  return self->width;
}

int
lacuna_photo_get_height (LacunaPhoto *self)
{
  return self->height;
}

int
lacuna_photo_get_bands (LacunaPhoto *self)
{
  return self->bands;
}

int
lacuna_photo_get_depth (LacunaPhoto *self)
{
  return self->depth;
}

const char *
lacuna_photo_get_path (LacunaPhoto *self)
{
  return self->path;
}

const char *
lacuna_photo_get_format (LacunaPhoto *self)
{
  return self->format;
}

gconstpointer
lacuna_photo_get_pixels (LacunaPhoto *self)
{
  return g_bytes_get_data (self->pixels, NULL);
}

GBytes *
lacuna_photo_dup_bytes (LacunaPhoto *self)
{
  return g_bytes_ref (self->pixels);
}

const char *
lacuna_photo_get_note (LacunaPhoto *self)
{
  return self->note;
}

gboolean
lacuna_photo_had_thumbnail (LacunaPhoto *self)
{
  return self->had_thumbnail;
}

/* share of sample over what is there. */
static inline void
blend_sample (gpointer pixels, int depth, gsize i, guint sample, guint8 share)
{
  guint old = lacuna_photo_read_sample (pixels, depth, i);
  guint blended = (old * (255 - share) + sample * share + 127) / 255;

  if (depth == 8)
    ((guint8 *) pixels)[i] = blended;
  else
    ((guint16 *) pixels)[i] = blended;
}

static void
paste_patch (LacunaPhoto *self, gpointer pixels, const LacunaPatch *patch)
{
  int depth = self->depth, colours = self->bands < 3 ? 1 : 3;
  guint opaque = (1 << depth) - 1;

  for (gsize i = 0; i < (gsize) patch->box.width * patch->box.height; i++)
    {
      gsize x = patch->box.x + i % patch->box.width, y = patch->box.y + i / patch->box.width;
      gsize at = (y * self->width + x) * self->bands;
      guint rgb[3];

      if (patch->mask[i] == 0)
        continue;
      for (gsize band = 0; band < 3; band++)
        rgb[band] = lacuna_photo_read_sample (patch->samples, depth, 3 * i + band);
      if (colours == 1)
        rgb[0] = (2 * (rgb[0] + rgb[1] + rgb[2]) + 3) / 6;
      for (int band = 0; band < colours; band++)
        blend_sample (pixels, depth, at + band, rgb[band], patch->mask[i]);
      if (self->bands > colours)
        blend_sample (pixels, depth, at + colours, opaque, patch->mask[i]);
    }
}

LacunaPhoto *
lacuna_photo_paste (LacunaPhoto *self, const LacunaPatch *patches, guint n_patches, GError **error)
{
  gsize size;
  gconstpointer old = g_bytes_get_data (self->pixels, &size);
  gpointer pixels = g_try_malloc (size);
  LacunaPhoto *pasted;

  if (pixels == NULL)
    {
      lacuna_error_set_memory (error, _ ("another copy of the photo"));
      return NULL;
    }
  memcpy (pixels, old, size);
  for (guint i = 0; i < n_patches; i++)
    paste_patch (self, pixels, &patches[i]);
  pasted = lacuna_photo_wrap (self->width, self->height, self->bands, self->depth, g_bytes_new_take (pixels, size));
  pasted->format = self->format;
  pasted->source = self->source != NULL ? g_bytes_ref (self->source) : NULL;
  pasted->record = self->record != NULL ? g_variant_ref (self->record) : NULL;
  pasted->has_profile = self->has_profile;
  return pasted;
}
