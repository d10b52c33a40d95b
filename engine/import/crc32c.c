/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/import/crc32c.h"

#define POLYNOMIAL 0x82f63b78u
#define MASK_DELTA 0xa282ead8u

/* The sum goes through a word of eight bytes at a time: tables[k] is for a byte with k bytes behind it in the word. */
static guint32 tables[8][256];

static gpointer
make_tables (gpointer data)
{
  for (guint i = 0; i < 256; i++)
    {
      guint32 crc = i;

      for (guint bit = 0; bit < 8; bit++)
        crc = crc >> 1 ^ (crc & 1 ? POLYNOMIAL : 0);
      tables[0][i] = crc;
    }
  for (guint k = 1; k < G_N_ELEMENTS (tables); k++)
    for (guint i = 0; i < 256; i++)
      tables[k][i] = tables[k - 1][i] >> 8 ^ tables[0][tables[k - 1][i] & 0xff];
  return NULL;
}

guint32
lacuna_crc32c (gconstpointer data, gsize size)
{
  static GOnce once = G_ONCE_INIT;
  const guint8 *bytes = data;
  guint32 crc = G_MAXUINT32;

  g_once (&once, make_tables, NULL);
  for (; size >= 8; bytes += 8, size -= 8)
    {
      crc ^= bytes[0] | (guint32) bytes[1] << 8 | (guint32) bytes[2] << 16 | (guint32) bytes[3] << 24;
      crc = tables[7][crc & 0xff] ^ tables[6][crc >> 8 & 0xff] ^ tables[5][crc >> 16 & 0xff] ^ tables[4][crc >> 24]
            ^ tables[3][bytes[4]] ^ tables[2][bytes[5]] ^ tables[1][bytes[6]] ^ tables[0][bytes[7]];
    }
  for (; size > 0; bytes++, size--)
    crc = crc >> 8 ^ tables[0][(crc ^ *bytes) & 0xff];
  return ~crc;
}

guint32
lacuna_crc32c_unmask (guint32 masked)
{
  guint32 rotated = masked - MASK_DELTA;

  return rotated >> 17 | rotated << 15;
}
