/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Formats that photos are saved in. Private to the photo and the codec room. */
typedef enum {
  LACUNA_ENCODING_AVIF,
  LACUNA_ENCODING_HEIC,
  LACUNA_ENCODING_JPEG,
  LACUNA_ENCODING_PNG,
  LACUNA_ENCODING_TIFF,
  LACUNA_ENCODING_TIFF_PAGES, /* two of them, of which the second lies below the first in what is encoded; without suffix */
  LACUNA_ENCODING_WEBP,
} LacunaEncoding;

/* The encoding that a suffix stands for, in whatever case: returns it as it is written here, or NULL: it is none. */
const char *lacuna_encoding_find (const char *suffix, LacunaEncoding *ret_encoding);

/* Number i of all suffixes, or NULL. */
const char *lacuna_encoding_get_suffix (guint i, LacunaEncoding *ret_encoding);

G_END_DECLS
