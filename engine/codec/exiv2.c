/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/codec/exiv2.h"

#include <string.h>

static gpointer
start (gpointer data)
{
  gexiv2_log_set_level (GEXIV2_LOG_LEVEL_MUTE);
  return GINT_TO_POINTER (gexiv2_initialize ());
}

void
lacuna_exiv2_init (void)
{
  static GOnce once = G_ONCE_INIT;

  g_once (&once, start, NULL);
  /* A file may have taken the prefix for a namespace of its own. */
  gexiv2_metadata_try_register_xmp_namespace (LACUNA_EXIV2_NAMESPACE, LACUNA_EXIV2_PREFIX, NULL);
}

GBytes *
lacuna_exiv2_make_exif (GExiv2Metadata *tags)
{
  g_autoptr (GBytes) block = NULL;

  if (tags == NULL || !gexiv2_metadata_has_exif (tags))
    return NULL;
  block = gexiv2_metadata_get_exif_data (tags, GEXIV2_BYTE_ORDER_LITTLE, NULL);
  return block != NULL && g_bytes_get_size (block) > 0 ? g_steal_pointer (&block) : NULL;
}

GBytes *
lacuna_exiv2_make_xmp (GExiv2Metadata *tags)
{
  char *packet;

  if (tags == NULL || !gexiv2_metadata_has_xmp (tags))
    return NULL;
  packet
      = gexiv2_metadata_try_generate_xmp_packet (tags, GEXIV2_USE_COMPACT_FORMAT | GEXIV2_OMIT_ALL_FORMATTING, 0, NULL);
  return packet != NULL ? g_bytes_new_take (packet, strlen (packet)) : NULL;
}
