/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reads the index of a TensorFlow checkpoint, and finds its tensors in the shards. Every byte of the shards belongs to
 * exactly one tensor, else the checkpoint is refused; tensors hold references to the shards' bytes and copy none. It
 * runs on the thread of the import: a worker of the window, or the command line's main thread. */
#include "engine/import/bundle.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "engine/error.h"
#include "engine/import/bundle.pb-c.h"
#include "engine/import/crc32c.h"
#include "engine/import/table.h"

#define MOST_SHARDS 100
#define MOST_ENTRY_BYTES 4096

typedef Lacuna__BundleHeader Header;
typedef Lacuna__BundleEntry Entry;

static void
header_free (Header *self)
{
  lacuna__bundle_header__free_unpacked (self, NULL);
}

static void
entry_free (Entry *self)
{
  lacuna__bundle_entry__free_unpacked (self, NULL);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Header, header_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Entry, entry_free)

/* The bytes of a shard that are the data of a tensor. */
typedef struct {
  guint shard;
  guint64 begin, end;
} Range;

typedef struct {
  LacunaCheckpoint *checkpoint;
  GBytes *const *shards; /* or NULL */
  guint n_shards;
  GArray *ranges; /* of Range */
} Reading;

/* TensorFlow's numbers of the types that are read. */
static LacunaNumber
get_number (int type)
{
  switch (type)
    {
    case 1:
      return LACUNA_NUMBER_F32;
    case 2:
      return LACUNA_NUMBER_F64;
    case 14:
      return LACUNA_NUMBER_BF16;
    case 19:
      return LACUNA_NUMBER_F16;
    default:
      return LACUNA_NUMBER_OTHER;
    }
}

static gboolean
refuse (const char *name, const char *why, GError **error)
{
  g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_FORMAT, _ ("its index tells of “%s” %s"), name, why);
  return FALSE;
}

static gboolean
add_tensor (Reading *reading, const char *name, const Entry *entry, GError **error)
{
  const guint n_dims = entry->shape != NULL ? entry->shape->n_dim : 0;
  gint64 dims[LACUNA_CHECKPOINT_MOST_DIMS] = { 0 };
  LacunaCheckpointTensor *tensor;
  Range range;

  if (entry->n_slices > 0)
    return refuse (name, _ ("in slices, which can't be read"), error);
  if (entry->shard_id < 0 || (guint) entry->shard_id >= reading->n_shards)
    return refuse (name, _ ("in a file of data which is none of its own"), error);
  if (entry->offset < 0 || entry->size < 0 || entry->offset > G_MAXINT64 - entry->size)
    return refuse (name, _ ("at an impossible place"), error);
  for (guint i = 0; i < MIN (n_dims, LACUNA_CHECKPOINT_MOST_DIMS); i++)
    dims[i] = entry->shape->dim[i]->size;
  tensor = lacuna_checkpoint_add (reading->checkpoint, name, get_number (entry->dtype), n_dims, dims, error);
  if (tensor == NULL)
    return FALSE;
  tensor->has_checksum = TRUE;
  tensor->checksum = lacuna_crc32c_unmask (entry->crc32c);
  range = (Range){ entry->shard_id, entry->offset, entry->offset + entry->size };
  g_array_append_val (reading->ranges, range);
  return reading->shards == NULL
         || lacuna_checkpoint_tensor_set_data (tensor, reading->shards[range.shard], entry->offset, entry->size, error);
}

static gboolean
read_pair (const char *key, gsize key_size, const guint8 *value, gsize size, gpointer data, GError **error)
{
  g_autofree char *name = g_strndup (key, key_size);
  g_autoptr (Entry) entry = NULL;

  /* The header, which was read before. */
  if (key_size == 0)
    return TRUE;
  if (strlen (name) != key_size || !g_utf8_validate (name, -1, NULL))
    return refuse ("…", _ ("by what is no name"), error);
  entry = size <= MOST_ENTRY_BYTES ? lacuna__bundle_entry__unpack (NULL, size, value) : NULL;
  if (entry == NULL)
    return refuse (name, _ ("what can't be understood"), error);
  return add_tensor (data, name, entry, error);
}

static int
compare_ranges (gconstpointer a, gconstpointer b)
{
  const Range *x = a, *y = b;

  if (x->shard != y->shard)
    return x->shard < y->shard ? -1 : 1;
  if (x->begin != y->begin)
    return x->begin < y->begin ? -1 : 1;
  return (x->end > y->end) - (x->end < y->end);
}

/* Checks that every byte of the data is of exactly one tensor. */
static gboolean
check_coverage (Reading *reading, GError **error)
{
  guint at = 0;

  g_array_sort (reading->ranges, compare_ranges);
  for (guint shard = 0; shard < reading->n_shards; shard++)
    {
      guint64 end = 0;

      for (; at < reading->ranges->len && g_array_index (reading->ranges, Range, at).shard == shard; at++)
        {
          const Range *range = &g_array_index (reading->ranges, Range, at);

          if (range->begin != end)
            {
              g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_FORMAT, "%s",
                           range->begin < end ? _ ("its tensors overlap") : _ ("it has data that is of no tensor"));
              return FALSE;
            }
          end = range->end;
        }
      if (reading->shards != NULL && end != g_bytes_get_size (reading->shards[shard]))
        {
          g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_FORMAT, _ ("bytes follow the last tensor of its data"));
          return FALSE;
        }
    }
  return TRUE;
}

static gboolean
read_header (const char *key, gsize key_size, const guint8 *value, gsize size, gpointer data, GError **error)
{
  guint *n_shards = data;
  g_autoptr (Header) header = NULL;

  if (key_size > 0)
    return TRUE;
  header = size <= MOST_ENTRY_BYTES ? lacuna__bundle_header__unpack (NULL, size, value) : NULL;
  if (header == NULL || header->num_shards < 1 || header->num_shards > MOST_SHARDS)
    g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_FORMAT, _ ("its index has no header that can be understood"));
  else if (header->endianness != 0)
    g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_FORMAT,
                 _ ("it is of a machine that writes numbers from the other end"));
  else
    {
      *n_shards = header->num_shards;
      return TRUE;
    }
  return FALSE;
}

guint
lacuna_bundle_count_shards (GBytes *index, GError **error)
{
  guint n_shards = 0;

  if (!lacuna_table_read (index, read_header, &n_shards, error))
    return 0;
  if (n_shards == 0)
    g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_FORMAT, _ ("its index has no header"));
  return n_shards;
}

LacunaCheckpoint *
lacuna_bundle_read (GBytes *index, GBytes *const *shards, guint n_shards, GError **error)
{
  g_autoptr (LacunaCheckpoint) checkpoint = lacuna_checkpoint_new ();
  g_autoptr (GArray) ranges = g_array_new (FALSE, FALSE, sizeof (Range));
  Reading reading = { checkpoint, shards, n_shards, ranges };

  if (!lacuna_table_read (index, read_pair, &reading, error) || !check_coverage (&reading, error)
      || !lacuna_checkpoint_complete (checkpoint, error))
    return NULL;
  return g_steal_pointer (&checkpoint);
}
