/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/codec/webp.h"

#include <string.h>
#include <webp/encode.h>
#include <webp/mux.h>

#define BANDS 4

static int
append (const uint8_t *data, size_t size, const WebPPicture *picture)
{
  g_byte_array_append (picture->custom_ptr, data, size);
  return TRUE;
}

static gboolean
encode (VipsImage *image, int quality, GByteArray *file)
{
  const guint8 *pixels = vips_image_get_data (image);
  WebPConfig config;
  WebPPicture picture;
  gboolean done;

  if (pixels == NULL || !WebPConfigInit (&config) || !WebPPictureInit (&picture))
    return FALSE;
  config.lossless = TRUE;
  config.exact = TRUE;
  config.quality = quality;
  picture.use_argb = TRUE;
  picture.width = image->Xsize;
  picture.height = image->Ysize;
  picture.writer = append;
  picture.custom_ptr = file;
  done = WebPPictureImportRGBA (&picture, pixels, image->Xsize * BANDS) && WebPEncode (&config, &picture);
  WebPPictureFree (&picture);
  return done;
}

/* The file with the profile, in a container that holds both. */
static gboolean
add_profile (const GByteArray *file, const void *profile, gsize profile_size, gpointer *ret_data, gsize *ret_size)
{
  const WebPData picture = { file->data, file->len }, chunk = { profile, profile_size };
  WebPMux *mux = WebPMuxCreate (&picture, FALSE);
  WebPData whole = { 0 };
  gboolean done = mux != NULL && WebPMuxSetChunk (mux, "ICCP", &chunk, FALSE) == WEBP_MUX_OK
                  && WebPMuxAssemble (mux, &whole) == WEBP_MUX_OK;

  *ret_data = done ? g_try_malloc (whole.size) : NULL;
  if (*ret_data != NULL)
    memcpy (*ret_data, whole.bytes, whole.size);
  *ret_size = whole.size;
  WebPDataClear (&whole);
  WebPMuxDelete (mux);
  return *ret_data != NULL;
}

gboolean
lacuna_webp_encode (VipsImage *image, int quality, gpointer *ret_data, gsize *ret_size)
{
  g_autoptr (GByteArray) file = g_byte_array_new ();
  const void *profile = NULL;
  gsize profile_size = 0;
  gboolean done = encode (image, quality, file);

  if (vips_image_get_typeof (image, VIPS_META_ICC_NAME) == VIPS_TYPE_BLOB)
    vips_image_get_blob (image, VIPS_META_ICC_NAME, &profile, &profile_size);
  if (done && profile_size == 0)
    *ret_data = g_byte_array_steal (file, ret_size);
  else if (done)
    done = add_profile (file, profile, profile_size, ret_data, ret_size);
  return done;
}
