/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/codec/carrier.h"

#include <string.h>

#include "engine/codec/vips-image.h"

#define EXIF_HEADER "Exif\0" /* and a second zero; libvips has it of all formats but PNG */
#define XMP_HEADER "http://ns.adobe.com/xap/1.0/"
#define IPTC_HEADER "Photoshop 3.0"
#define EXIF_MARKER 0xe1
#define IPTC_MARKER 0xed
#define MAX_SEGMENT 0xffff

static void
append_segment (GByteArray *carrier, VipsImage *image, const char *field, int marker, const char *header,
                gsize header_size, LacunaLeft *left)
{
  const guint8 *data;
  gsize size, length;
  guint8 start[4] = { 0xff, marker };

  if (vips_image_get_typeof (image, field) != VIPS_TYPE_BLOB
      || vips_image_get_blob (image, field, (const void **) &data, &size) != 0 || size == 0)
    return;
  if (size > header_size && memcmp (data, header, header_size) == 0)
    {
      data += header_size;
      size -= header_size;
    }
  length = 2 + header_size + size;
  if (length > MAX_SEGMENT)
    {
      *left |= LACUNA_LEFT_LONG;
      return;
    }
  start[2] = length >> 8;
  start[3] = length & 0xff;
  g_byte_array_append (carrier, start, sizeof start);
  g_byte_array_append (carrier, (const guint8 *) header, header_size);
  g_byte_array_append (carrier, data, size);
}

GByteArray *
lacuna_carrier_new (VipsImage *image, LacunaLeft *left)
{
  g_autoptr (VipsImage) pixel = NULL;
  g_autofree guint8 *jpeg = NULL;
  gsize size;
  GByteArray *carrier;

  if (vips_black (&pixel, 1, 1, NULL) != 0
      || vips_jpegsave_buffer (pixel, (void **) &jpeg, &size, "strip", TRUE, NULL) != 0)
    return NULL;
  carrier = g_byte_array_new ();
  g_byte_array_append (carrier, jpeg, 2);
  if (image != NULL)
    {
      append_segment (carrier, image, VIPS_META_EXIF_NAME, EXIF_MARKER, EXIF_HEADER, sizeof EXIF_HEADER, left);
      append_segment (carrier, image, VIPS_META_XMP_NAME, EXIF_MARKER, XMP_HEADER, sizeof XMP_HEADER, left);
      append_segment (carrier, image, VIPS_META_IPTC_NAME, IPTC_MARKER, IPTC_HEADER, sizeof IPTC_HEADER, left);
    }
  g_byte_array_append (carrier, jpeg + 2, size - 2);
  return carrier;
}
