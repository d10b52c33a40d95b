/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reads and writes the chunks of a PNG that libvips does not know: colours told without an ICC profile, the resolution,
 * animation; eXIf, texts and cICP. The chunks of a PNG just encoded are copied as they are, but for its resolution, with
 * the new ones behind IHDR. It runs in lacuna-codec, on its main thread. */
#include "engine/codec/png.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include <zlib.h>

#include "engine/codec/colour.h"
#include "engine/codec/exiv2.h"
#include "engine/codec/plain.h"
#include "engine/codec/vips-image.h"

#define SIGNATURE_SIZE 8
#define HEAD_SIZE 8 /* of a chunk: the length of its data, and its type */
#define TAIL_SIZE 4 /* the check sum */
#define CICP_SIZE 4
#define GAMA_SIZE 4
#define CHRM_SIZE 32
#define UNIT 100000.0
#define METRE 1 /* the unit of pHYs */

typedef struct {
  guint8 cicp[CICP_SIZE], gama[GAMA_SIZE], chrm[CHRM_SIZE];
  gboolean has_cicp, has_gama, has_chrm, has_srgb, has_phys, is_animated;
} Header;

static guint32
read_number (const guint8 *data)
{
  return (guint32) data[0] << 24 | data[1] << 16 | data[2] << 8 | data[3];
}

static gboolean
read_data (FILE *file, guint8 *data, gsize size, gsize length)
{
  return length == size && fread (data, 1, size, file) == size && fseek (file, TAIL_SIZE, SEEK_CUR) == 0;
}

/* Reads the chunks before the pixels. */
static void
read_chunks (FILE *file, Header *header)
{
  guint8 head[HEAD_SIZE];

  if (fseek (file, SIGNATURE_SIZE, SEEK_SET) != 0)
    return;
  while (fread (head, 1, sizeof head, file) == sizeof head && memcmp (head + 4, "IDAT", 4) != 0)
    {
      guint32 length = read_number (head);

      if (memcmp (head + 4, "cICP", 4) == 0)
        header->has_cicp = read_data (file, header->cicp, CICP_SIZE, length);
      else if (memcmp (head + 4, "gAMA", 4) == 0)
        header->has_gama = read_data (file, header->gama, GAMA_SIZE, length);
      else if (memcmp (head + 4, "cHRM", 4) == 0)
        header->has_chrm = read_data (file, header->chrm, CHRM_SIZE, length);
      else
        {
          header->has_srgb = header->has_srgb || memcmp (head + 4, "sRGB", 4) == 0;
          header->has_phys = header->has_phys || memcmp (head + 4, "pHYs", 4) == 0;
          header->is_animated = header->is_animated || memcmp (head + 4, "acTL", 4) == 0;
          if (fseek (file, (long) length + TAIL_SIZE, SEEK_CUR) != 0)
            return;
        }
    }
}

static void
describe_colours (VipsImage *image, const Header *header)
{
  double chromaticities[CHRM_SIZE / 4];

  if (header->has_cicp && lacuna_colour_set_coded (image, header->cicp[0], header->cicp[1]))
    vips_image_set_blob_copy (image, LACUNA_CICP_FIELD, header->cicp, CICP_SIZE);
  if (header->has_cicp || header->has_srgb || vips_image_get_typeof (image, VIPS_META_ICC_NAME) != 0
      || !(header->has_gama || header->has_chrm))
    return;
  for (guint i = 0; i < G_N_ELEMENTS (chromaticities); i++)
    chromaticities[i] = read_number (header->chrm + 4 * i) / UNIT;
  lacuna_colour_set_simple (image, header->has_gama ? read_number (header->gama) / UNIT : 0.0,
                            header->has_chrm ? chromaticities : NULL);
}

void
lacuna_png_read (VipsImage *image, GBytes *bytes, gboolean *ret_is_animated, gboolean *ret_has_resolution)
{
  FILE *file = fmemopen ((gpointer) g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), "rb");
  Header header = { 0 };

  if (file != NULL)
    {
      read_chunks (file, &header);
      fclose (file);
    }
  describe_colours (image, &header);
  *ret_is_animated = header.is_animated;
  *ret_has_resolution = header.has_phys;
}

static void
append_number (GByteArray *png, guint32 number)
{
  guint32 bytes = GUINT32_TO_BE (number);

  g_byte_array_append (png, (const guint8 *) &bytes, sizeof bytes);
}

static void
append_chunk (GByteArray *png, const char *type, gconstpointer data, gsize size)
{
  guint start = png->len + 4;

  append_number (png, size);
  g_byte_array_append (png, (const guint8 *) type, 4);
  g_byte_array_append (png, data, size);
  append_number (png, crc32 (0, png->data + start, png->len - start));
}

/* An international text, in UTF-8 and not compressed, without language and translated keyword. */
static void
append_text (GByteArray *png, const char *keyword, gconstpointer text, gsize size)
{
  g_autoptr (GByteArray) data = g_byte_array_new ();

  g_byte_array_append (data, (const guint8 *) keyword, strlen (keyword));
  g_byte_array_append (data, (const guint8 *) "\0\0\0\0", 5);
  g_byte_array_append (data, text, size);
  append_chunk (png, "iTXt", data->data, data->len);
}

static gpointer
append_field (VipsImage *image, const char *name, GValue *value, gpointer png)
{
  const char *text,
      *keyword = g_str_has_prefix (name, LACUNA_TEXT_FIELD) ? strchr (name + strlen (LACUNA_TEXT_FIELD), '-') : NULL;
  g_autofree char *utf8 = NULL;

  if (keyword == NULL || vips_image_get_string (image, name, &text) != 0)
    return NULL;
  utf8 = lacuna_plain_to_utf8 (text);
  if (utf8 != NULL)
    append_text (png, keyword + 1, utf8, strlen (utf8));
  return NULL;
}

static void
append_metadata (GByteArray *png, VipsImage *image, GExiv2Metadata *tags)
{
  g_autoptr (GBytes) exif = lacuna_exiv2_make_exif (tags);
  g_autoptr (GBytes) xmp = lacuna_exiv2_make_xmp (tags);
  const void *cicp;
  gsize size;

  if (vips_image_get_typeof (image, LACUNA_CICP_FIELD) != 0
      && vips_image_get_blob (image, LACUNA_CICP_FIELD, &cicp, &size) == 0)
    append_chunk (png, "cICP", cicp, size);
  if (exif != NULL)
    append_chunk (png, "eXIf", g_bytes_get_data (exif, NULL), g_bytes_get_size (exif));
  if (xmp != NULL)
    append_text (png, "XML:com.adobe.xmp", g_bytes_get_data (xmp, NULL), g_bytes_get_size (xmp));
  vips_image_map (image, append_field, png);
}

/* Returns a number of pixels a millimetre as one of pixels a metre, which a PNG has four bytes for, big-endian. */
static guint32
to_density (double resolution)
{
  return GUINT32_TO_BE ((guint32) CLAMP (rint (1000 * resolution), 0, G_MAXINT32));
}

/* Adds the resolution: libvips 8.16 writes the horizontal one for both. */
static void
append_density (GByteArray *png, VipsImage *image)
{
  guint32 numbers[] = { to_density (image->Xres), to_density (image->Yres) };
  guint8 density[sizeof numbers + 1] = { [sizeof numbers] = METRE };

  memcpy (density, numbers, sizeof numbers);
  append_chunk (png, "pHYs", density, sizeof density);
}

void
lacuna_png_add (VipsImage *image, GExiv2Metadata *tags, gpointer *data, gsize *size)
{
  GByteArray *png = g_byte_array_sized_new (*size);
  const guint8 *source = *data;
  gboolean has_resolution = image->Xres != 1.0 || image->Yres != 1.0;

  g_byte_array_append (png, source, SIGNATURE_SIZE);
  for (gsize at = SIGNATURE_SIZE, n; at < *size; at += n)
    {
      const guint8 *type = source + at + 4;

      n = HEAD_SIZE + read_number (source + at) + TAIL_SIZE;
      if (memcmp (type, "pHYs", 4) != 0)
        g_byte_array_append (png, source + at, n);
      if (memcmp (type, "IHDR", 4) == 0)
        append_metadata (png, image, tags);
      if (memcmp (type, "IHDR", 4) == 0 && has_resolution)
        append_density (png, image);
    }
  g_free (*data);
  *size = png->len;
  *data = g_byte_array_free (png, FALSE);
}
