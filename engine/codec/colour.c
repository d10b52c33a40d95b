/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/codec/colour.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "engine/error.h"
#include "engine/codec/vips-image.h"

#define CHANNELS 3
#define STEPS 6              /* on each axis of the colours that a profile is tried with */
#define LEAST_DIFFERENCE 384 /* of 65535: one and a half steps of 8 bits */

static GBytes *
get_profile (VipsImage *image)
{
  const void *profile;
  gsize size;

  return vips_image_get_typeof (image, VIPS_META_ICC_NAME) == VIPS_TYPE_BLOB
                 && vips_image_get_blob (image, VIPS_META_ICC_NAME, &profile, &size) == 0
             ? g_bytes_new (profile, size)
             : NULL;
}

static void
set_profile (VipsImage *image, GBytes *profile)
{
  if (profile != NULL)
    vips_image_set_blob_copy (image, VIPS_META_ICC_NAME, g_bytes_get_data (profile, NULL), g_bytes_get_size (profile));
}

/* n pixels of 16 bits. */
static VipsImage *
wrap (const guint16 *pixels, gsize n, int bands, GBytes *profile)
{
  int width = MIN (n, LACUNA_COLOUR_ROW), height = (n + width - 1) / width;
  g_autoptr (VipsImage) plain = vips_image_new_from_memory (pixels, (gsize) width * height * bands * sizeof *pixels,
                                                            width, height, bands, VIPS_FORMAT_USHORT);
  VipsImage *image = NULL;

  vips_copy (plain, &image, "interpretation", bands == 1 ? VIPS_INTERPRETATION_GREY16 : VIPS_INTERPRETATION_RGB16,
             NULL);
  set_profile (image, profile);
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
from_srgb (VipsImage *image, GBytes *profile)
{
  g_autoptr (VipsImage) connection = NULL;
  g_autoptr (VipsImage) copy = NULL;
  VipsImage *converted = NULL;

  if (vips_icc_import (image, &connection, "input_profile", "srgb", "intent", VIPS_INTENT_RELATIVE,
                       "black_point_compensation", TRUE, NULL)
          != 0
      || vips_copy (connection, &copy, NULL) != 0)
    return NULL;
  set_profile (copy, profile);
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
  g_autoptr (GBytes) profile = get_profile (image);
  g_autoptr (VipsImage) lattice = NULL;
  g_autoptr (VipsImage) converted = NULL;
  g_autofree guint16 *got = NULL;
  gboolean same = TRUE;

  if (profile == NULL)
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
  lattice = wrap (colours, n, bands, profile);
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

guint16 *
lacuna_colour_convert (GBytes *samples, int bands, GBytes *profile, gboolean forth, gsize *ret_size, int *ret_bands,
                       GError **error)
{
  gsize n = bands > 0 ? g_bytes_get_size (samples) / sizeof (guint16) / bands : 0;
  g_autoptr (VipsImage) image = NULL;
  g_autoptr (VipsImage) converted = NULL;
  guint16 *got = NULL;

  if (n > 0 && profile != NULL)
    {
      image = wrap (g_bytes_get_data (samples, NULL), n, bands, forth ? profile : NULL);
      converted = forth ? to_srgb (image) : from_srgb (image, profile);
      got = converted != NULL ? vips_image_write_to_memory (converted, ret_size) : NULL;
    }
  if (got == NULL)
    {
      vips_error_clear ();
      g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_MEMORY,
                   _ ("The photo's colours can't be converted for want of memory. Close other programs."));
      return NULL;
    }
  *ret_bands = converted->Bands;
  return got;
}
