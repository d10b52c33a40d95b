/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reads the header of a safetensors file that nobody vouches for. Length, nesting, names, types, shapes and offsets are
 * checked, and every byte behind the header belongs to exactly one tensor; names are allocated here and owned by the
 * array of entries, also where the reading fails. There is no state; any thread may call. */
#include "engine/weights/header.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <string.h>

#include "engine/error.h"
#include "engine/json.h"

/* The header of ten thousand tensors; what json-glib makes of it takes about a hundred times as much memory. */
#define MAX_HEADER (1 << 20)
#define NESTING 4 /* an object of objects with arrays, and one to spare */
#define LENGTH_SIZE 8

G_STATIC_ASSERT (LACUNA_HEADER_MOST_BYTES == LENGTH_SIZE + MAX_HEADER);

static const struct {
  const char *name;
  gsize size;
} types[] = {
  [LACUNA_TYPE_F32] = { "F32", 4 },
  [LACUNA_TYPE_F16] = { "F16", 2 },
  [LACUNA_TYPE_I32] = { "I32", 4 },
};

static gsize
entry_get_end (const LacunaHeaderEntry *self)
{
  return self->begin + self->public.n_elements * types[self->public.type].size;
}

static int
entry_compare_ranges (gconstpointer a, gconstpointer b)
{
  const LacunaHeaderEntry *x = *(const LacunaHeaderEntry *const *) a, *y = *(const LacunaHeaderEntry *const *) b;
  gsize x_end = entry_get_end (x), y_end = entry_get_end (y);

  if (x->begin != y->begin)
    return x->begin < y->begin ? -1 : 1;
  return (x_end > y_end) - (x_end < y_end);
}

static void
count_member (JsonParser *parser, JsonObject *object, const char *name, gpointer data)
{
  ++*(gsize *) data;
}

/* json-glib keeps the last of several members of one name, but tells of each. */
static gboolean
has_duplicates (JsonObject *header, gsize n_parsed)
{
  gsize n_kept = json_object_get_size (header);
  g_autoptr (GList) members = json_object_get_values (header);

  for (GList *l = members; l != NULL; l = l->next)
    if (JSON_NODE_HOLDS_OBJECT (l->data))
      n_kept += json_object_get_size (json_node_get_object (l->data));
  return n_kept != n_parsed;
}

static JsonNode *
parse_header (const char *text, gsize length, GError **error)
{
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autoptr (GError) reason = NULL;
  g_autoptr (JsonNode) root = NULL;
  gsize n_parsed = 0;

  if (!lacuna_json_is_flat (text, length, NESTING))
    {
      g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_FORMAT, _ ("the header is not that of a safetensors file"));
      return NULL;
    }
  g_signal_connect (parser, "object-member", G_CALLBACK (count_member), &n_parsed);
  if (!json_parser_load_from_data (parser, text, length, &reason))
    {
      g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_FORMAT, _ ("the header is not JSON (%s)"), reason->message);
      return NULL;
    }
  root = json_parser_steal_root (parser);
  if (root == NULL || !JSON_NODE_HOLDS_OBJECT (root))
    {
      g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_FORMAT, _ ("the header is no JSON object"));
      return NULL;
    }
  if (has_duplicates (json_node_get_object (root), n_parsed))
    {
      g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_FORMAT, _ ("the header names something twice"));
      return NULL;
    }
  return g_steal_pointer (&root);
}

static gboolean
read_metadata (GHashTable *metadata, JsonNode *node, GError **error)
{
  JsonObjectIter iter;
  const char *key;
  JsonNode *value;

  if (!JSON_NODE_HOLDS_OBJECT (node))
    {
      g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_FORMAT, _ ("its metadata is no JSON object"));
      return FALSE;
    }
  json_object_iter_init (&iter, json_node_get_object (node));
  while (json_object_iter_next (&iter, &key, &value))
    {
      if (json_node_get_value_type (value) != G_TYPE_STRING)
        {
          g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_FORMAT, _ ("its metadata “%s” is no text"), key);
          return FALSE;
        }
      g_hash_table_insert (metadata, g_strdup (key), json_node_dup_string (value));
    }
  return TRUE;
}

/* The whole numbers of a member, at most max_n, each at most limit. */
static gboolean
read_numbers (JsonObject *object, const char *member, guint max_n, guint64 limit, guint64 *ret_values, guint *ret_n)
{
  JsonNode *node = json_object_get_member (object, member);
  JsonArray *array;

  if (node == NULL || !JSON_NODE_HOLDS_ARRAY (node))
    return FALSE;
  array = json_node_get_array (node);
  if (json_array_get_length (array) > max_n)
    return FALSE;
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      JsonNode *element = json_array_get_element (array, i);

      if (json_node_get_value_type (element) != G_TYPE_INT64 || json_node_get_int (element) < 0
          || (guint64) json_node_get_int (element) > limit)
        return FALSE;
      ret_values[i] = json_node_get_int (element);
    }
  *ret_n = json_array_get_length (array);
  return TRUE;
}

static gboolean
read_type (LacunaWeightsEntry *entry, JsonObject *object, GError **error)
{
  JsonNode *node = json_object_get_member (object, "dtype");
  const char *name = node != NULL && JSON_NODE_HOLDS_VALUE (node) ? json_node_get_string (node) : NULL;

  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    if (g_strcmp0 (name, types[i].name) == 0)
      {
        entry->type = i;
        return TRUE;
      }
  g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_FORMAT, _ ("tensor “%s” is of type %s; F32, F16 and I32 can be read"),
               entry->name, name != NULL ? name : _ ("unknown"));
  return FALSE;
}

static gboolean
read_shape (LacunaWeightsEntry *entry, JsonObject *object, GError **error)
{
  guint64 dims[G_N_ELEMENTS (entry->dims)];

  if (!read_numbers (object, "shape", G_N_ELEMENTS (dims), G_MAXUINT, dims, &entry->n_dims))
    {
      g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_FORMAT, _ ("tensor “%s” has no shape of up to four sizes"),
                   entry->name);
      return FALSE;
    }
  entry->n_elements = 1;
  for (guint i = 0; i < entry->n_dims; i++)
    {
      entry->dims[i] = dims[i];
      if (!g_size_checked_mul (&entry->n_elements, entry->n_elements, dims[i]))
        {
          g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_FORMAT, _ ("tensor “%s” has an impossible shape"),
                       entry->name);
          return FALSE;
        }
    }
  return TRUE;
}

static gboolean
read_entry (LacunaHeaderEntry *self, JsonNode *node, gsize data_begin, gsize data_size, GError **error)
{
  const char *name = self->public.name;
  JsonObject *object = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
  guint64 offsets[2];
  guint n_offsets;
  gsize size;

  if (object == NULL)
    {
      g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_FORMAT, _ ("tensor “%s” is not described by a JSON object"), name);
      return FALSE;
    }
  if (!read_type (&self->public, object, error) || !read_shape (&self->public, object, error))
    return FALSE;
  if (!read_numbers (object, "data_offsets", 2, G_MAXSIZE, offsets, &n_offsets) || n_offsets != 2
      || offsets[0] > offsets[1])
    {
      g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_FORMAT, _ ("tensor “%s” has no sound data offsets"), name);
      return FALSE;
    }
  if (offsets[1] > data_size)
    {
      g_set_error (
          error, LACUNA_ERROR, LACUNA_ERROR_FORMAT,
          _ ("tensor “%s” reaches to byte %" PRIu64 " of the data, which ends at %zu: the file is cut off or damaged"),
          name, offsets[1], data_size);
      return FALSE;
    }
  if (!g_size_checked_mul (&size, self->public.n_elements, types[self->public.type].size)
      || size != offsets[1] - offsets[0])
    {
      g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_FORMAT,
                   _ ("tensor “%s” has %" PRIu64 " bytes of data, which its shape and type contradict"), name,
                   offsets[1] - offsets[0]);
      return FALSE;
    }
  self->begin = data_begin + offsets[0];
  return TRUE;
}

static gboolean
check_coverage (GArray *entries, gsize data_begin, gsize file_size, GError **error)
{
  g_autoptr (GPtrArray) sorted = g_ptr_array_new ();
  gsize end = data_begin;

  for (guint i = 0; i < entries->len; i++)
    g_ptr_array_add (sorted, &g_array_index (entries, LacunaHeaderEntry, i));
  g_ptr_array_sort (sorted, entry_compare_ranges);
  for (guint i = 0; i < sorted->len; i++)
    {
      const LacunaHeaderEntry *entry = sorted->pdata[i];

      if (entry->begin != end)
        {
          g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_FORMAT, _ ("tensor “%s” %s"), entry->public.name,
                       entry->begin < end ? _ ("overlaps another one") : _ ("lies behind bytes that are of no tensor"));
          return FALSE;
        }
      end = entry_get_end (entry);
    }
  if (end != file_size)
    {
      g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_FORMAT, _ ("bytes follow the last tensor"));
      return FALSE;
    }
  return TRUE;
}

static gboolean
read_entries (JsonObject *header, GArray *entries, GHashTable *metadata, gsize data_begin, gsize data_size,
              GError **error)
{
  JsonObjectIter iter;
  const char *name;
  JsonNode *node;

  json_object_iter_init (&iter, header);
  while (json_object_iter_next (&iter, &name, &node))
    {
      LacunaHeaderEntry entry = { 0 };

      if (strcmp (name, "__metadata__") == 0)
        {
          if (!read_metadata (metadata, node, error))
            return FALSE;
          continue;
        }
      entry.public.name = g_strdup (name);
      g_array_append_val (entries, entry);
      if (!read_entry (&g_array_index (entries, LacunaHeaderEntry, entries->len - 1), node, data_begin, data_size,
                       error))
        return FALSE;
    }
  return TRUE;
}

gboolean
lacuna_header_read (GBytes *head, gsize size, GArray *entries, GHashTable *metadata, GError **error)
{
  g_autoptr (JsonNode) header = NULL;
  gsize data_begin, head_size;
  const char *data = g_bytes_get_data (head, &head_size);
  guint64 length;

  if (MIN (size, head_size) < LENGTH_SIZE)
    {
      g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_FORMAT, _ ("it is too short for a safetensors file"));
      return FALSE;
    }
  memcpy (&length, data, LENGTH_SIZE);
  length = GUINT64_FROM_LE (length);
  if (length > MIN (MIN (size, head_size) - LENGTH_SIZE, MAX_HEADER))
    {
      g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_FORMAT,
                   _ ("it claims a header of %" PRIu64 " bytes: no safetensors file, or cut off"), length);
      return FALSE;
    }
  data_begin = LENGTH_SIZE + length;
  header = parse_header (data + LENGTH_SIZE, length, error);
  return header != NULL
         && read_entries (json_node_get_object (header), entries, metadata, data_begin, size - data_begin, error)
         && check_coverage (entries, data_begin, size, error);
}
