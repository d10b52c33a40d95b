/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/photo/encoding.h"

static const struct {
  const char *suffix;
  LacunaEncoding encoding;
} encodings[] = {
  { "avif", LACUNA_ENCODING_AVIF }, { "heic", LACUNA_ENCODING_HEIC }, { "heif", LACUNA_ENCODING_HEIC },
  { "hif", LACUNA_ENCODING_HEIC },  { "jfif", LACUNA_ENCODING_JPEG }, { "jpe", LACUNA_ENCODING_JPEG },
  { "jpeg", LACUNA_ENCODING_JPEG }, { "jpg", LACUNA_ENCODING_JPEG },  { "png", LACUNA_ENCODING_PNG },
  { "tif", LACUNA_ENCODING_TIFF },  { "tiff", LACUNA_ENCODING_TIFF }, { "webp", LACUNA_ENCODING_WEBP },
};

const char *
lacuna_encoding_find (const char *suffix, LacunaEncoding *ret_encoding)
{
  g_autofree char *lower = g_ascii_strdown (suffix, -1);

  for (guint i = 0; i < G_N_ELEMENTS (encodings); i++)
    if (g_str_equal (lower, encodings[i].suffix))
      {
        *ret_encoding = encodings[i].encoding;
        return encodings[i].suffix;
      }
  return NULL;
}

const char *
lacuna_encoding_get_suffix (guint i, LacunaEncoding *ret_encoding)
{
  if (i >= G_N_ELEMENTS (encodings))
    return NULL;
  *ret_encoding = encodings[i].encoding;
  return encodings[i].suffix;
}
