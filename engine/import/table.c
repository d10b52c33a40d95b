/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reads the sorted string table that a TensorFlow index is. Bounds and checksum of a block are checked before its
 * entries are read, and all blocks together may have no more bytes than the file, so that overlapping ones can't take
 * much time. Keys and values are valid during the callback alone. It runs on the thread of the import: a worker of the
 * window, or the command line's main thread. */
#include "engine/import/table.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "engine/error.h"
#include "engine/import/crc32c.h"

#define FOOTER_SIZE 48
#define TRAILER_SIZE 5 /* a byte for the compression, and the checksum */
#define MAGIC G_GUINT64_CONSTANT (0xdb4775248b80fb57)
#define MOST_KEY_BYTES 1024

typedef struct {
  const guint8 *at, *end;
} Cursor;

static gboolean
refuse (GError **error, const char *why)
{
  g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_FORMAT, _ ("its index is damaged: %s"), why);
  return FALSE;
}

static guint64
get_fixed (const guint8 *bytes, guint size)
{
  guint64 value = 0;

  for (guint i = 0; i < size; i++)
    value |= (guint64) bytes[i] << 8 * i;
  return value;
}

/* Reads a number of seven bits a byte, the lowest first; the last byte has its eighth bit clear. */
static gboolean
read_varint (Cursor *cursor, guint64 *ret_value)
{
  guint64 value = 0;

  for (guint shift = 0; shift < 64 && cursor->at < cursor->end; shift += 7)
    {
      guint8 byte = *cursor->at++;

      value |= (guint64) (byte & 0x7f) << shift;
      if (byte < 0x80)
        {
          *ret_value = value;
          return TRUE;
        }
    }
  return FALSE;
}

/* Whether the block has that checksum. Fuzzers build without this check, as they would hardly ever guess one. */
static gboolean
has_checksum (const guint8 *block, gsize size, guint32 masked)
{
#ifdef FUZZING_BUILD_MODE_UNSAFE_FOR_PRODUCTION
  return TRUE;
#else
  return lacuna_crc32c (block, size) == lacuna_crc32c_unmask (masked);
#endif
}

/* The block that a handle, two numbers, tells of: its entries without what ends it. */
static gboolean
find_block (GBytes *bytes, Cursor *handle, Cursor *ret_entries, GError **error)
{
  gsize limit;
  const guint8 *file = g_bytes_get_data (bytes, &limit);
  guint64 begin, size, n_restarts;

  limit -= FOOTER_SIZE;
  if (!read_varint (handle, &begin) || !read_varint (handle, &size) || begin > limit || size > limit - begin
      || limit - begin - size < TRAILER_SIZE || size < sizeof (guint32))
    return refuse (error, _ ("a block does not lie within it"));
  if (!has_checksum (file + begin, size + 1, get_fixed (file + begin + size + 1, 4)))
    return refuse (error, _ ("the checksum of a block is another"));
  if (file[begin + size] != 0)
    return refuse (error, _ ("a block is compressed, which TensorFlow does not do"));
  n_restarts = get_fixed (file + begin + size - 4, 4);
  if (n_restarts > (size - 4) / 4)
    return refuse (error, _ ("a block has no room for its restarts"));
  *ret_entries = (Cursor){ file + begin, file + begin + size - 4 - 4 * n_restarts };
  return TRUE;
}

/* Calls func for each entry of a block; a key has its beginning in common with the one before. */
static gboolean
read_block (Cursor entries, LacunaTableFunc func, gpointer data, GError **error)
{
  g_autoptr (GString) key = g_string_new (NULL);

  while (entries.at < entries.end)
    {
      guint64 shared, own, size;
      const guint8 *value;

      if (!read_varint (&entries, &shared) || !read_varint (&entries, &own) || !read_varint (&entries, &size)
          || shared > key->len || own > (gsize) (entries.end - entries.at)
          || size > (gsize) (entries.end - entries.at) - own || shared + own > MOST_KEY_BYTES)
        return refuse (error, _ ("an entry does not lie within its block"));
      g_string_truncate (key, shared);
      g_string_append_len (key, (const char *) entries.at, own);
      value = entries.at + own;
      entries.at = value + size;
      if (!func (key->str, key->len, value, size, data, error))
        return FALSE;
    }
  return TRUE;
}

typedef struct {
  GBytes *bytes;
  LacunaTableFunc func;
  gpointer data;
  gsize budget; /* bytes that blocks may still have: no byte is of two */
} Walk;

static gboolean
read_indexed (const char *key, gsize key_size, const guint8 *value, gsize size, gpointer data, GError **error)
{
  Walk *walk = data;
  Cursor handle = { value, value + size }, entries;

  if (!find_block (walk->bytes, &handle, &entries, error))
    return FALSE;
  if ((gsize) (entries.end - entries.at) + TRAILER_SIZE > walk->budget)
    return refuse (error, _ ("its blocks overlap"));
  walk->budget -= entries.end - entries.at + TRAILER_SIZE;
  return read_block (entries, walk->func, walk->data, error);
}

gboolean
lacuna_table_is (GBytes *bytes)
{
  gsize size;
  const guint8 *file = g_bytes_get_data (bytes, &size);

  return size >= FOOTER_SIZE && get_fixed (file + size - 8, 8) == MAGIC;
}

gboolean
lacuna_table_read (GBytes *bytes, LacunaTableFunc func, gpointer data, GError **error)
{
  gsize size;
  const guint8 *file = g_bytes_get_data (bytes, &size);
  Walk walk = { bytes, func, data, size };
  Cursor footer, index;
  guint64 ignored;

  if (!lacuna_table_is (bytes))
    return refuse (error, _ ("it does not end as one"));
  footer = (Cursor){ file + size - FOOTER_SIZE, file + size - 8 };
  /* The block about the table itself, which has nothing in it. */
  if (!read_varint (&footer, &ignored) || !read_varint (&footer, &ignored))
    return refuse (error, _ ("its footer has no handles"));
  return find_block (bytes, &footer, &index, error) && read_block (index, read_indexed, &walk, error);
}
