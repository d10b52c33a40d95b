/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/photo/photo.h"
#include "engine/photo/shared.h"

G_BEGIN_DECLS

#define LACUNA_PHOTO_MAX_PIXELS G_GUINT64_CONSTANT (300000000)

/* Keys of a record: the ICC profile (ay). */
#define LACUNA_RECORD_PROFILE "profile"
/* Whether it was a WebP that loses nothing (b). */
#define LACUNA_RECORD_LOSSLESS "lossless"

/* So many pixels a row are converted at once where there are more: libvips' sides are at most ten million. */
#define LACUNA_COLOUR_ROW ((gsize) 1 << 20)

struct _LacunaPhoto {
  GObject     parent_instance;
  int         width, height, bands, depth;
  GBytes     *pixels;
  LacunaShared *shared; /* which holds the pixels, where they were just decoded; or NULL */
  GVariant   *record; /* what else the file said (record.h); NULL: nothing */
  GBytes     *source; /* the file, where it is an upright JPEG whose blocks can be kept; or NULL */
  char       *path;
  const char *format; /* static */
  char       *note;
  gboolean    had_thumbnail;
  gboolean    has_profile; /* its colours are not those of sRGB, as far as can be seen */
};

/* A photo of those pixels and nothing else, of any size; takes them. */
LacunaPhoto *lacuna_photo_wrap (int width, int height, int bands, int depth, GBytes *pixels);

/* The sample i of pixels of that depth. */
static inline guint
lacuna_photo_read_sample (gconstpointer pixels, int depth, gsize i)
{
  return depth == 8 ? ((const guint8 *) pixels)[i] : ((const guint16 *) pixels)[i];
}

G_END_DECLS
