/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <string.h>

#include "engine/import/crc32c.h"

/* Writes the index of a TensorFlow checkpoint, right or wrong. */

typedef struct {
  const char *name;
  gint32      type;
  guint       n_dims;
  gint64      dims[8];
  gint32      shard;
  gint64      offset, size;
  guint32     checksum;
} BundleEntry;

static inline void
bundle_put_varint (GByteArray *array, guint64 value)
{
  guint8 byte;

  for (; value >= 0x80; value >>= 7)
    {
      byte = (guint8) value | 0x80;
      g_byte_array_append (array, &byte, 1);
    }
  byte = (guint8) value;
  g_byte_array_append (array, &byte, 1);
}

static inline void
bundle_put_fixed (GByteArray *array, guint64 value, guint size)
{
  value = GUINT64_TO_LE (value);
  g_byte_array_append (array, (const guint8 *) &value, size);
}

/* Field number with a value of type 0, of messages. */
static inline void
bundle_put_field (GByteArray *message, guint number, guint64 value)
{
  bundle_put_varint (message, number << 3);
  bundle_put_varint (message, value);
}

static inline void
bundle_put_message (GByteArray *message, guint number, GByteArray *part)
{
  bundle_put_varint (message, number << 3 | 2);
  bundle_put_varint (message, part->len);
  g_byte_array_append (message, part->data, part->len);
}

static inline GByteArray *
bundle_format_entry (const BundleEntry *entry)
{
  GByteArray *message = g_byte_array_new ();
  g_autoptr (GByteArray) shape = g_byte_array_new ();

  for (guint i = 0; i < entry->n_dims; i++)
    {
      g_autoptr (GByteArray) dim = g_byte_array_new ();

      bundle_put_field (dim, 1, (guint64) entry->dims[i]);
      bundle_put_message (shape, 2, dim);
    }
  bundle_put_field (message, 1, (guint64) entry->type);
  bundle_put_message (message, 2, shape);
  bundle_put_field (message, 3, (guint64) entry->shard);
  bundle_put_field (message, 4, (guint64) entry->offset);
  bundle_put_field (message, 5, (guint64) entry->size);
  bundle_put_varint (message, 6 << 3 | 5);
  bundle_put_fixed (message, ((entry->checksum >> 15 | entry->checksum << 17) + 0xa282ead8u), 4);
  return message;
}

static inline void
bundle_put_pair (GByteArray *block, const char *before, const char *key, GByteArray *value)
{
  gsize shared = 0;

  while (before[shared] != '\0' && before[shared] == key[shared])
    shared++;
  bundle_put_varint (block, shared);
  bundle_put_varint (block, strlen (key) - shared);
  bundle_put_varint (block, value->len);
  g_byte_array_append (block, (const guint8 *) key + shared, strlen (key) - shared);
  g_byte_array_append (block, value->data, value->len);
}

/* Ends a block and adds it to the file; its handle goes to the end of handles. */
static inline void
bundle_put_block (GByteArray *file, GByteArray *block, GByteArray *handles)
{
  guint32 checksum;

  bundle_put_fixed (block, 0, 4); /* a restart at its beginning */
  bundle_put_fixed (block, 1, 4);
  bundle_put_varint (handles, file->len);
  bundle_put_varint (handles, block->len);
  bundle_put_fixed (block, 0, 1); /* not compressed */
  checksum = lacuna_crc32c (block->data, block->len);
  g_byte_array_append (file, block->data, block->len);
  bundle_put_fixed (file, ((checksum >> 15 | checksum << 17) + 0xa282ead8u), 4);
}

/* The entries are in the order of their names. */
static inline GBytes *
bundle_make_index (const BundleEntry *entries, guint n, guint n_shards)
{
  g_autoptr (GByteArray) pairs = g_byte_array_new (), header = g_byte_array_new (), index = g_byte_array_new ();
  g_autoptr (GByteArray) empty = g_byte_array_new (), handle = g_byte_array_new (), footer = g_byte_array_new ();
  GByteArray *file = g_byte_array_new ();
  const char *before = "";

  bundle_put_field (header, 1, n_shards);
  bundle_put_pair (pairs, "", "", header);
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (GByteArray) value = bundle_format_entry (&entries[i]);

      bundle_put_pair (pairs, before, entries[i].name, value);
      before = entries[i].name;
    }
  bundle_put_block (file, pairs, handle);
  bundle_put_block (file, empty, footer);
  bundle_put_pair (index, "", "z", handle);
  bundle_put_block (file, index, footer);
  while (footer->len < 40)
    bundle_put_fixed (footer, 0, 1);
  g_byte_array_append (file, footer->data, footer->len);
  bundle_put_fixed (file, G_GUINT64_CONSTANT (0xdb4775248b80fb57), 8);
  return g_byte_array_free_to_bytes (file);
}
