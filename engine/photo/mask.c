/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A mask: a byte for each pixel, 255 in the hole and 0 elsewhere, with the hole's size and bounds, which are measured
 * when it is made. It is immutable from then on, its bytes keep it alive, and any thread may read it; what changes a
 * mask returns another. */
#include "engine/photo/mask.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "engine/error.h"
#include "engine/photo/grow.h"
#include "engine/photo/mask-private.h"
#include "engine/photo/samples.h"
#include "engine/publish.h"

struct _LacunaMask {
  int width, height;
  gsize n_hole;
  LacunaBox bounds;
  guint8 *pixels;
  char *note;
};

G_DEFINE_BOXED_TYPE (LacunaMask, lacuna_mask, lacuna_mask_ref, lacuna_mask_unref)

static void
measure (LacunaMask *self)
{
  int left = self->width, right = -1, top = self->height, bottom = -1;

  for (int y = 0; y < self->height; y++)
    {
      const guint8 *row = self->pixels + (gsize) y * self->width;

      for (int x = 0; x < self->width; x++)
        if (row[x] != 0)
          {
            self->n_hole++;
            left = MIN (left, x);
            right = MAX (right, x);
            top = MIN (top, y);
            bottom = y;
          }
    }
  if (self->n_hole > 0)
    self->bounds = (LacunaBox){ left, top, right - left + 1, bottom - top + 1 };
}

LacunaMask *
lacuna_mask_new (int width, int height, const guint8 *pixels)
{
  LacunaMask *self = g_atomic_rc_box_new0 (LacunaMask);
  gsize n_pixels = (gsize) width * height;

  self->width = width;
  self->height = height;
  self->pixels = g_try_malloc (n_pixels);
  if (self->pixels == NULL)
    {
      lacuna_mask_unref (self);
      return NULL;
    }
  for (gsize i = 0; i < n_pixels; i++)
    self->pixels[i] = pixels[i] != 0 ? 255 : 0;
  measure (self);
  return self;
}

LacunaMask *
lacuna_mask_new_noted (int width, int height, const guint8 *pixels, const char *note)
{
  LacunaMask *self = lacuna_mask_new (width, height, pixels);

  if (self != NULL)
    self->note = g_strdup (note);
  return self;
}

LacunaMask *
lacuna_mask_new_from_bytes (int width, int height, GBytes *pixels, GError **error)
{
  LacunaMask *self;

  if (width <= 0 || height <= 0 || g_bytes_get_size (pixels) != (gsize) width * height)
    {
      g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_UNFIT,
                   _ ("%zu bytes are no mask of %d×%d pixels. Give a byte for each pixel."), g_bytes_get_size (pixels),
                   width, height);
      return NULL;
    }
  self = lacuna_mask_new (width, height, g_bytes_get_data (pixels, NULL));
  if (self == NULL)
    lacuna_error_set_memory (error, _ ("the mask"));
  return self;
}

LacunaMask *
lacuna_mask_ref (LacunaMask *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
clear (gpointer data)
{
  LacunaMask *self = data;

  g_free (self->pixels);
  g_free (self->note);
}

void
lacuna_mask_unref (LacunaMask *self)
{
  if (self != NULL)
    g_atomic_rc_box_release_full (self, clear);
}

gboolean
lacuna_mask_save (LacunaMask *self, const char *path, GError **error)
{
  gsize size = (gsize) self->width * self->height;
  gpointer pixels = g_try_malloc (size);
  g_autoptr (LacunaPhoto) picture = NULL;
  g_autoptr (GBytes) file = NULL;

  if (pixels == NULL)
    {
      lacuna_error_set_memory (error, _ ("the mask"));
      return FALSE;
    }
  picture = lacuna_photo_take (self->width, self->height, 1, 8, memcpy (pixels, self->pixels, size));
  file = lacuna_photo_save_bytes (picture, "png", NULL, error);
  return file != NULL
         && lacuna_publish (path, g_bytes_get_data (file, NULL), g_bytes_get_size (file), LACUNA_PUBLISH_DEFAULT,
                            error);
}

const char *
lacuna_mask_get_note (LacunaMask *self)
{
  return self->note;
}

int
lacuna_mask_get_width (LacunaMask *self)
{
  return self->width;
}

int
lacuna_mask_get_height (LacunaMask *self)
{
  return self->height;
}

const guint8 *
lacuna_mask_get_pixels (LacunaMask *self)
{
  return self->pixels;
}

gsize
lacuna_mask_get_n_hole (LacunaMask *self)
{
  return self->n_hole;
}

GBytes *
lacuna_mask_dup_bytes (LacunaMask *self)
{
  return g_bytes_new_with_free_func (self->pixels, (gsize) self->width * self->height,
                                     (GDestroyNotify) lacuna_mask_unref, lacuna_mask_ref (self));
}

const LacunaBox *
lacuna_mask_get_bounds (LacunaMask *self)
{
  return &self->bounds;
}

LacunaMask *
lacuna_mask_grow (LacunaMask *self, int radius)
{
  LacunaBox whole = { 0, 0, self->width, self->height }, box = self->bounds;
  int margin = MAX (radius, 1); /* What is known and nearest to the hole lies one pixel beyond its bounds at most. */
  gsize n_pixels = (gsize) self->width * self->height;
  guint8 flip = radius < 0 ? 255 : 0; /* Shrinking grows what is known. */
  g_autofree guint8 *pixels = NULL;

  if (radius == 0 || self->n_hole == 0)
    return lacuna_mask_ref (self);
  box = lacuna_box_intersection (
      whole, (LacunaBox){ box.x - margin, box.y - margin, box.width + 2 * margin, box.height + 2 * margin });
  pixels = g_try_malloc (n_pixels);
  if (pixels == NULL)
    return NULL;
  for (gsize i = 0; i < n_pixels; i++)
    pixels[i] = self->pixels[i] ^ flip;
  lacuna_grow (pixels + (gsize) box.y * self->width + box.x, self->width, box.width, box.height, ABS (radius));
  for (gsize i = 0; flip && i < n_pixels; i++)
    pixels[i] = pixels[i] == 0;
  return lacuna_mask_new (self->width, self->height, pixels);
}
