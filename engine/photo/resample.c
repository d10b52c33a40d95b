/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/photo/photo-fields.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "engine/error.h"
#include "engine/photo/codec.h"
#include "engine/photo/samples.h"

#define PATIENCE 600 /* seconds */
#define BANDS 3

typedef struct {
  int width, height;
  LacunaPhoto *photo; /* of that size */
} Sample;

static gboolean
accept_sample (const LacunaParcel *answer, gpointer data)
{
  Sample *sample = data;
  gsize size = (gsize) sample->width * sample->height * BANDS;
  gpointer pixels;

  if (g_bytes_get_size (answer->body) != size)
    return FALSE;
  pixels = g_try_malloc (size);
  if (pixels != NULL)
    sample->photo = lacuna_photo_take (sample->width, sample->height, BANDS, 8,
                                       memcpy (pixels, g_bytes_get_data (answer->body, NULL), size));
  return TRUE;
}

LacunaPhoto *
lacuna_photo_resample (LacunaPhoto *self, LacunaBox box, int width, int height, GError **error)
{
  const char *name = self->path != NULL ? self->path : _ ("The photo");
  g_auto (GVariantDict) arguments = G_VARIANT_DICT_INIT (NULL);
  g_autoptr (LacunaShared) body = lacuna_parcel_pack_pixels (self, &arguments);
  Sample sample = { width, height, NULL };

  g_variant_dict_insert (&arguments, "box", "(iiii)", box.x, box.y, box.width, box.height);
  g_variant_dict_insert (&arguments, "to-width", "i", width);
  g_variant_dict_insert (&arguments, "to-height", "i", height);
  if (body != NULL
      && !lacuna_codec_call (
          &(LacunaCodecRequest){ "scale", name, &arguments, -1, body, PATIENCE, accept_sample, &sample }, NULL, error))
    return NULL;
  if (sample.photo == NULL)
    lacuna_error_set_memory (error, _ ("a smaller copy of the photo"));
  return sample.photo;
}
