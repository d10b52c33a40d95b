/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/photo/hidden.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "engine/error.h"
#include "engine/photo/photo-fields.h"
#include "engine/photo/shape.h"

void
lacuna_hidden_mark (LacunaPhoto *photo, LacunaBox box, guint8 *pixels)
{
  gconstpointer samples = lacuna_photo_get_pixels (photo);
  int depth = lacuna_photo_get_depth (photo), bands = lacuna_photo_get_bands (photo);
  guint half = 1u << (depth - 1);

  if (bands % 2 == 1)
    return;
  for (int y = 0; y < box.height; y++)
    for (int x = 0; x < box.width; x++)
      {
        gsize at = (gsize) (box.y + y) * lacuna_photo_get_width (photo) + box.x + x;

        if (lacuna_photo_read_sample (samples, depth, at * bands + bands - 1) < half)
          pixels[(gsize) y * box.width + x] = 255;
      }
}

LacunaMask *
lacuna_hidden_unite (LacunaPhoto *photo, LacunaMask *mask, GError **error)
{
  int width = lacuna_mask_get_width (mask), height = lacuna_mask_get_height (mask);
  g_autofree guint8 *pixels = NULL;

  if (lacuna_photo_get_bands (photo) % 2 == 1)
    return lacuna_mask_ref (mask);
  pixels = g_try_malloc_n (height, width);
  if (pixels == NULL)
    {
      g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_MEMORY,
                   _ ("There is no memory for what is transparent in the photo. Close other programs and fill again."));
      return NULL;
    }
  memcpy (pixels, lacuna_mask_get_pixels (mask), (gsize) width * height);
  lacuna_hidden_mark (photo, (LacunaBox){ 0, 0, width, height }, pixels);
  return lacuna_mask_new (width, height, pixels);
}

/* Three samples of pixel from of the photo to pixel i of samples. */
static void
copy_colour (LacunaPhoto *photo, gsize from, gpointer samples, gsize i)
{
  gconstpointer pixels = lacuna_photo_get_pixels (photo);
  int depth = lacuna_photo_get_depth (photo), bands = lacuna_photo_get_bands (photo);

  for (gsize band = 0; band < 3; band++)
    {
      guint sample = lacuna_photo_read_sample (pixels, depth, from * bands + (bands < 3 ? 0 : band));

      if (depth == 8)
        ((guint8 *) samples)[3 * i + band] = sample;
      else
        ((guint16 *) samples)[3 * i + band] = sample;
    }
}

LacunaPhoto *
lacuna_hidden_cover (LacunaPhoto *photo, LacunaMask *unknown, LacunaBox box, GError **error)
{
  LacunaBox whole = { 0, 0, lacuna_photo_get_width (photo), lacuna_photo_get_height (photo) };
  LacunaBox inside = lacuna_box_intersection (box, whole);
  gsize n = (gsize) inside.width * inside.height;
  g_autofree guint8 *hidden = NULL;
  g_autofree guint16 *samples = NULL;
  g_autofree gint32 *distance = NULL;
  g_autofree gint64 *nearest = NULL;
  LacunaPatch patch = { .box = inside };

  if (lacuna_photo_get_bands (photo) % 2 == 1)
    return g_object_ref (photo);
  hidden = g_try_malloc0 (n);
  samples = g_try_new0 (guint16, 3 * n);
  if (hidden == NULL || samples == NULL)
    {
      g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_MEMORY,
                   _ ("There is no memory for what is transparent in the photo. Close other programs and fill again."));
      return NULL;
    }
  lacuna_hidden_mark (photo, inside, hidden);
  distance = lacuna_mask_distance (unknown, inside, &nearest);
  for (gsize i = 0; i < n; i++)
    if (hidden[i] != 0 && nearest[i] >= 0)
      copy_colour (photo, nearest[i], samples, i);
  patch.mask = hidden;
  patch.samples = samples;
  return lacuna_photo_paste (photo, &patch, 1, error);
}
