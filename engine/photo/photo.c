/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/photo/fields.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "engine/error.h"
#include "engine/photo/samples.h"

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

static LacunaPhoto *
make (int width, int height, int bands, int depth, GBytes *pixels)
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
             ? make (width, height, bands, depth, g_bytes_ref (samples))
             : NULL;
}

LacunaPhoto *
lacuna_photo_take (int width, int height, int bands, int depth, gpointer pixels)
{
  return make (width, height, bands, depth, g_bytes_new_take (pixels, (gsize) width * height * bands * depth / 8));
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

float *
lacuna_photo_read_window (LacunaPhoto *self, LacunaBox box, guint halvings)
{
  gconstpointer pixels = lacuna_photo_get_pixels (self);
  int depth = lacuna_photo_get_depth (self), bands = self->bands;
  gsize width = box.width >> halvings, height = box.height >> halvings, plane = width * height;
  gsize last = bands < 3 ? 0 : 2;
  double scale = 2.0 / ((depth == 8 ? G_MAXUINT8 : G_MAXUINT16) * (double) (1ULL << (2 * halvings)));
  float *window = g_try_new (float, 3 * plane);
  g_autofree gsize *columns = g_new (gsize, box.width);
  g_autofree guint64 *sums = g_new (guint64, 3 * width);

  if (window == NULL)
    return NULL;
  for (int x = 0; x < box.width; x++)
    columns[x] = (gsize) lacuna_mirror (box.x + x, self->width) * bands;
  for (gsize y = 0; y < height; y++)
    {
      memset (sums, 0, 3 * width * sizeof *sums);
      for (gsize k = 0; k < (gsize) 1 << halvings; k++)
        {
          gsize row
              = lacuna_mirror (box.y + (gint64) ((y << halvings) + k), self->height) * (gsize) self->width * bands;

          for (int x = 0; x < box.width; x++)
            for (gsize band = 0; band <= last; band++)
              sums[3 * (x >> halvings) + band] += lacuna_photo_read_sample (pixels, depth, row + columns[x] + band);
        }
      for (gsize x = 0; x < width; x++)
        for (gsize band = 0; band < 3; band++)
          window[band * plane + y * width + x] = sums[3 * x + MIN (band, last)] * scale - 1.0;
    }
  return window;
}

gpointer
lacuna_photo_quantize (const float *rgb, gsize plane, gsize n, int depth)
{
  double half = ((1 << depth) - 1) / 2.0;
  guint8 *bytes = g_try_malloc_n (n, 3 * depth / 8);
  guint16 *words = (guint16 *) (gpointer) bytes;

  for (gsize i = 0; bytes != NULL && i < 3 * n; i++)
    {
      guint sample = (CLAMP (rgb[i % 3 * plane + i / 3], -1.0f, 1.0f) + 1.0) * half + 0.5;

      if (depth == 8)
        bytes[i] = sample;
      else
        words[i] = sample;
    }
  return bytes;
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
  pasted = lacuna_photo_take (self->width, self->height, self->bands, self->depth, pixels);
  pasted->format = self->format;
  pasted->source = self->source != NULL ? g_bytes_ref (self->source) : NULL;
  pasted->record = self->record != NULL ? g_variant_ref (self->record) : NULL;
  pasted->has_profile = self->has_profile;
  return pasted;
}
