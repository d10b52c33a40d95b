#include "engine/photo/colour.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "engine/error.h"
#include "engine/photo/photo-private.h"
#include "engine/photo/samples.h"

#define CHANNELS 3
#define STEPS 6              /* on each axis of the colours that a profile is tried with */
#define LEAST_DIFFERENCE 384 /* of 65535: one and a half steps of 8 bits */

static void
copy_profile (VipsImage *from, VipsImage *to)
{
  const void *profile;
  gsize size;

  if (vips_image_get_typeof (from, VIPS_META_ICC_NAME) == VIPS_TYPE_BLOB
      && vips_image_get_blob (from, VIPS_META_ICC_NAME, &profile, &size) == 0)
    vips_image_set_blob_copy (to, VIPS_META_ICC_NAME, profile, size);
}

/* n pixels of 16 bits, with what image says of its colours. */
static VipsImage *
wrap (const guint16 *pixels, gsize n, int bands, VipsImage *profiled)
{
  /* libvips' sides are at most ten million. */
  int width = MIN (n, 1 << 20), height = (n + width - 1) / width;
  g_autoptr (VipsImage) plain = vips_image_new_from_memory (
    pixels, (gsize) width * height * bands * sizeof *pixels, width, height, bands, VIPS_FORMAT_USHORT);
  VipsImage *image = NULL;

  vips_copy (plain, &image, "interpretation", bands == 1 ? VIPS_INTERPRETATION_GREY16 : VIPS_INTERPRETATION_RGB16,
             NULL);
  if (profiled != NULL)
    copy_profile (profiled, image);
  return image;
}

static VipsImage *
to_srgb (VipsImage *image)
{
  VipsImage *converted = NULL;

  vips_icc_transform (image, &converted, "srgb", "embedded", TRUE, "depth", 16, "intent", VIPS_INTENT_RELATIVE,
                      "black_point_compensation", TRUE, NULL);
  return converted;
}

static VipsImage *
from_srgb (VipsImage *image, VipsImage *profiled)
{
  g_autoptr (VipsImage) connection = NULL;
  g_autoptr (VipsImage) copy = NULL;
  VipsImage *converted = NULL;

  if (vips_icc_import (image, &connection, "input_profile", "srgb", "intent", VIPS_INTENT_RELATIVE,
                       "black_point_compensation", TRUE, NULL)
        != 0
      || vips_copy (connection, &copy, NULL) != 0)
    return NULL;
  copy_profile (profiled, copy);
  vips_icc_export (copy, &converted, "depth", 16, "intent", VIPS_INTENT_RELATIVE, "black_point_compensation", TRUE,
                   NULL);
  return converted;
}

/* Tried with colours spread over all there are, as profiles of sRGB differ in their bytes. */
gboolean
lacuna_colour_is_srgb (VipsImage *image)
{
  int bands = image->Bands < 3 ? 1 : CHANNELS;
  guint16 colours[STEPS * STEPS * STEPS * CHANNELS];
  gsize n = bands == 1 ? STEPS : STEPS * STEPS * STEPS, size;
  g_autoptr (VipsImage) lattice = NULL;
  g_autoptr (VipsImage) converted = NULL;
  g_autofree guint16 *got = NULL;
  gboolean same = TRUE;

  if (vips_image_get_typeof (image, VIPS_META_ICC_NAME) == 0)
    return TRUE;
  for (gsize i = 0, unit = G_MAXUINT16 / (STEPS - 1); i < n; i++)
    {
      guint16 *colour = colours + i * bands;

      colour[0] = i % STEPS * unit;
      if (bands == CHANNELS)
        {
          colour[1] = i / STEPS % STEPS * unit;
          colour[2] = i / (STEPS * STEPS) * unit;
        }
    }
  lattice = wrap (colours, n, bands, image);
  converted = to_srgb (lattice);
  got = converted != NULL ? vips_image_write_to_memory (converted, &size) : NULL;
  for (gsize i = 0; got != NULL && i < n * CHANNELS; i++)
    {
      int expected = colours[bands == 1 ? i / CHANNELS : i];

      same = same && ABS (got[i] - expected) < LEAST_DIFFERENCE;
    }
  vips_error_clear ();
  return same;
}

VipsImage *
lacuna_colour_from_cmyk (VipsImage *image)
{
  VipsImage *converted = NULL;

  vips_icc_transform (image, &converted, "srgb", "embedded", TRUE, "input_profile", "cmyk", "depth",
                      image->BandFmt == VIPS_FORMAT_UCHAR ? 8 : 16, "intent", VIPS_INTENT_RELATIVE,
                      "black_point_compensation", TRUE, NULL);
  return converted;
}

static gboolean
convert (LacunaPhoto *self, float *rgb, gsize n, int bands_in, gboolean forth, GError **error)
{
  gsize n_padded = n <= 1 << 20 ? n : (n + (1 << 20) - 1) >> 20 << 20, size;
  g_autofree guint16 *pixels = g_try_new0 (guint16, n_padded * bands_in);
  g_autoptr (VipsImage) image = NULL;
  g_autoptr (VipsImage) converted = NULL;
  g_autofree guint16 *got = NULL;

  if (pixels != NULL)
    {
      for (gsize i = 0; i < n * bands_in; i++)
        pixels[i] = (CLAMP (rgb[i % bands_in * n + i / bands_in], -1.0f, 1.0f) + 1.0f) / 2.0f * G_MAXUINT16 + 0.5f;
      image = wrap (pixels, n, bands_in, forth ? self->image : NULL);
      converted = forth ? to_srgb (image) : from_srgb (image, self->image);
      got = converted != NULL ? vips_image_write_to_memory (converted, &size) : NULL;
    }
  if (got == NULL)
    {
      vips_error_clear ();
      g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_MEMORY,
                   _ ("The photo's colours can't be converted for want of memory. Close other programs."));
      return FALSE;
    }
  for (gsize i = 0; i < CHANNELS * n; i++)
    rgb[i] = got[converted->Bands == 1 ? i % n : i % n * converted->Bands + i / n] * (2.0f / G_MAXUINT16) - 1.0f;
  return TRUE;
}

gboolean
lacuna_photo_to_srgb (LacunaPhoto *self, float *rgb, gsize n, GError **error)
{
  return !self->has_profile || convert (self, rgb, n, self->image->Bands < 3 ? 1 : CHANNELS, TRUE, error);
}

gboolean
lacuna_photo_from_srgb (LacunaPhoto *self, float *rgb, gsize n, GError **error)
{
  return !self->has_profile || convert (self, rgb, n, CHANNELS, FALSE, error);
}
