/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/photo/photo-fields.h"

#include <glib/gi18n-lib.h>

#include "engine/error.h"
#include "engine/photo/codec.h"
#include "engine/photo/samples.h"

#define CHANNELS 3
#define PATIENCE 600 /* seconds */

/* n pixels of 16 bits, interleaved. NULL: no memory. Pixels are added at the end that make up whole rows. */
static LacunaShared *
take_samples (const float *rgb, gsize n, int bands)
{
  gsize n_padded = n <= LACUNA_COLOUR_ROW ? n : (n + LACUNA_COLOUR_ROW - 1) / LACUNA_COLOUR_ROW * LACUNA_COLOUR_ROW;
  LacunaShared *shared = lacuna_shared_new (n_padded * bands * sizeof (guint16));
  guint16 *samples = shared != NULL ? lacuna_shared_get_data (shared) : NULL;

  for (gsize i = 0; samples != NULL && i < n * bands; i++)
    samples[i] = (CLAMP (rgb[i % bands * n + i / bands], -1.0f, 1.0f) + 1.0f) / 2.0f * G_MAXUINT16 + 0.5f;
  return shared;
}

typedef struct {
  float *rgb; /* three planes of n */
  gsize n;
} Pixels;

/* Samples of as many pixels or more. */
static gboolean
accept_samples (const LacunaParcel *answer, gpointer data)
{
  Pixels *pixels = data;
  gsize n = pixels->n;
  const guint16 *got = g_bytes_get_data (answer->body, NULL);
  int bands;

  if (!g_variant_lookup (answer->head, "bands", "i", &bands) || bands < 1 || bands == 2 || bands > 4
      || g_bytes_get_size (answer->body) / sizeof *got / bands < n)
    return FALSE;
  for (gsize i = 0; i < CHANNELS * n; i++)
    pixels->rgb[i] = got[bands == 1 ? i % n : i % n * bands + i / n] * (2.0f / G_MAXUINT16) - 1.0f;
  return TRUE;
}

static GBytes *
get_profile (LacunaPhoto *self)
{
  g_autoptr (GVariant) profile
      = self->record != NULL ? g_variant_lookup_value (self->record, LACUNA_RECORD_PROFILE, G_VARIANT_TYPE_BYTESTRING)
                             : NULL;

  return profile != NULL ? g_variant_get_data_as_bytes (profile) : NULL;
}

static gboolean
convert (LacunaPhoto *self, float *rgb, gsize n, int bands, gboolean forth, GError **error)
{
  const char *name = self->path != NULL ? self->path : _ ("The photo");
  g_auto (GVariantDict) arguments = G_VARIANT_DICT_INIT (NULL);
  g_autoptr (GBytes) profile = get_profile (self);
  g_autoptr (LacunaShared) samples = take_samples (rgb, n, bands);

  if (samples == NULL || profile == NULL)
    {
      g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_MEMORY,
                   _ ("The photo's colours can't be converted for want of memory. Close other programs."));
      return FALSE;
    }
  g_variant_dict_insert_value (&arguments, "profile",
                               g_variant_new_from_bytes (G_VARIANT_TYPE_BYTESTRING, profile, TRUE));
  g_variant_dict_insert (&arguments, "bands", "i", bands);
  g_variant_dict_insert (&arguments, "forth", "b", forth);
  return lacuna_codec_call (
      &(LacunaCodecRequest){ "convert", name, &arguments, -1, samples, PATIENCE, accept_samples, &(Pixels){ rgb, n } },
      NULL, error);
}

gboolean
lacuna_photo_to_srgb (LacunaPhoto *self, float *rgb, gsize n, GError **error)
{
  return !self->has_profile || convert (self, rgb, n, self->bands < 3 ? 1 : CHANNELS, TRUE, error);
}

gboolean
lacuna_photo_from_srgb (LacunaPhoto *self, float *rgb, gsize n, GError **error)
{
  return !self->has_profile || convert (self, rgb, n, CHANNELS, FALSE, error);
}
