#include "engine/weights/weights.h"

#include <json-glib/json-glib.h>
#include <math.h>
#include <string.h>
#include <sys/stat.h>

#include <glib/gstdio.h>

#include "engine/error.h"

/* The header of ten thousand tensors; what json-glib makes of it takes about a hundred times as much memory. */
#define MAX_HEADER (1 << 20)
/* A header is an object of objects with arrays; json-glib recurses as deep as it is told to. */
#define MAX_NESTING 4
#define LENGTH_SIZE 8

typedef struct
{
  LacunaWeightsEntry public;
  gsize begin; /* of the file */
} Entry;

struct _LacunaWeights
{
  gatomicrefcount ref_count;
  GBytes *bytes;
  GHashTable *metadata;
  GArray *entries; /* of Entry, by name */
};

static const struct
{
  const char *name;
  gsize size;
} types[] = {
  [LACUNA_TYPE_F32] = { "F32", 4 },
  [LACUNA_TYPE_F16] = { "F16", 2 },
  [LACUNA_TYPE_I32] = { "I32", 4 },
};

static void
entry_clear (gpointer data)
{
  g_free ((char *) ((Entry *) data)->public.name);
}

static int
entry_compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (((const Entry *) a)->public.name, ((const Entry *) b)->public.name);
}

static gsize
entry_get_end (const Entry *self)
{
  return self->begin + self->public.n_elements * types[self->public.type].size;
}

static int
entry_compare_ranges (gconstpointer a, gconstpointer b)
{
  const Entry *x = *(const Entry *const *) a, *y = *(const Entry *const *) b;
  gsize x_end = entry_get_end (x), y_end = entry_get_end (y);

  if (x->begin != y->begin)
    return x->begin < y->begin ? -1 : 1;
  return (x_end > y_end) - (x_end < y_end);
}

/* Guards json-glib's recursion: nothing but plain JSON outside strings (it
 * would take comments too), and no deep nesting. */
static gboolean
check_nesting (const char *text, gsize length, GError **error)
{
  gboolean quoted = FALSE;
  int depth = 0;

  for (gsize i = 0; i < length; i++)
    {
      char c = text[i];

      if (c == '\\' && quoted)
        i++;
      else if (c == '"')
        quoted = !quoted;
      else if (quoted)
        continue;
      else if (c == '{' || c == '[')
        depth++;
      else if (c == '}' || c == ']')
        depth--;
      else if (c == '\0' || (!g_ascii_isalnum (c) && strchr (" \t\r\n:,.+-", c) == NULL))
        depth = -1;

      if (depth < 0 || depth > MAX_NESTING)
        {
          g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_FORMAT, "the header is not that of a safetensors file");
          return FALSE;
        }
    }
  return TRUE;
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

  if (!check_nesting (text, length, error))
    return NULL;
  g_signal_connect (parser, "object-member", G_CALLBACK (count_member), &n_parsed);
  if (!json_parser_load_from_data (parser, text, length, &reason))
    {
      g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_FORMAT, "the header is not JSON (%s)", reason->message);
      return NULL;
    }
  root = json_parser_steal_root (parser);
  if (root == NULL || !JSON_NODE_HOLDS_OBJECT (root))
    {
      g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_FORMAT, "the header is no JSON object");
      return NULL;
    }
  if (has_duplicates (json_node_get_object (root), n_parsed))
    {
      g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_FORMAT, "the header names something twice");
      return NULL;
    }
  return g_steal_pointer (&root);
}

static gboolean
read_metadata (LacunaWeights *self, JsonNode *node, GError **error)
{
  JsonObjectIter iter;
  const char *key;
  JsonNode *value;

  if (!JSON_NODE_HOLDS_OBJECT (node))
    {
      g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_FORMAT, "its metadata is no JSON object");
      return FALSE;
    }
  json_object_iter_init (&iter, json_node_get_object (node));
  while (json_object_iter_next (&iter, &key, &value))
    {
      if (json_node_get_value_type (value) != G_TYPE_STRING)
        {
          g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_FORMAT, "its metadata “%s” is no text", key);
          return FALSE;
        }
      g_hash_table_insert (self->metadata, g_strdup (key), json_node_dup_string (value));
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
  g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_FORMAT, "tensor “%s” is of type %s; F32, F16 and I32 can be read",
               entry->name, name != NULL ? name : "unknown");
  return FALSE;
}

static gboolean
read_shape (LacunaWeightsEntry *entry, JsonObject *object, GError **error)
{
  guint64 dims[G_N_ELEMENTS (entry->dims)];

  if (!read_numbers (object, "shape", G_N_ELEMENTS (dims), G_MAXUINT, dims, &entry->n_dims))
    {
      g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_FORMAT, "tensor “%s” has no shape of up to four sizes",
                   entry->name);
      return FALSE;
    }
  entry->n_elements = 1;
  for (guint i = 0; i < entry->n_dims; i++)
    {
      entry->dims[i] = dims[i];
      if (!g_size_checked_mul (&entry->n_elements, entry->n_elements, dims[i]))
        {
          g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_FORMAT, "tensor “%s” has an impossible shape", entry->name);
          return FALSE;
        }
    }
  return TRUE;
}

static gboolean
read_entry (Entry *self, JsonNode *node, gsize data_begin, gsize data_size, GError **error)
{
  const char *name = self->public.name;
  JsonObject *object = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
  guint64 offsets[2];
  guint n_offsets;
  gsize size;

  if (object == NULL)
    {
      g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_FORMAT, "tensor “%s” is not described by a JSON object", name);
      return FALSE;
    }
  if (!read_type (&self->public, object, error) || !read_shape (&self->public, object, error))
    return FALSE;
  if (!read_numbers (object, "data_offsets", 2, G_MAXSIZE, offsets, &n_offsets) || n_offsets != 2
      || offsets[0] > offsets[1])
    {
      g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_FORMAT, "tensor “%s” has no sound data offsets", name);
      return FALSE;
    }
  if (offsets[1] > data_size)
    {
      g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_FORMAT,
                   "tensor “%s” reaches to byte %" G_GUINT64_FORMAT " of the data, which ends at %" G_GSIZE_FORMAT
                   ": the file is cut off or damaged",
                   name, offsets[1], data_size);
      return FALSE;
    }
  if (!g_size_checked_mul (&size, self->public.n_elements, types[self->public.type].size)
      || size != offsets[1] - offsets[0])
    {
      g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_FORMAT,
                   "tensor “%s” has %" G_GUINT64_FORMAT " bytes of data, which its shape and type contradict", name,
                   offsets[1] - offsets[0]);
      return FALSE;
    }
  self->begin = data_begin + offsets[0];
  return TRUE;
}

/* Every byte of the data is of exactly one tensor, as the format demands. */
static gboolean
check_coverage (LacunaWeights *self, gsize data_begin, GError **error)
{
  g_autoptr (GPtrArray) sorted = g_ptr_array_new ();
  gsize end = data_begin;

  for (guint i = 0; i < self->entries->len; i++)
    g_ptr_array_add (sorted, &g_array_index (self->entries, Entry, i));
  g_ptr_array_sort (sorted, entry_compare_ranges);
  for (guint i = 0; i < sorted->len; i++)
    {
      const Entry *entry = sorted->pdata[i];

      if (entry->begin != end)
        {
          g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_FORMAT, "tensor “%s” %s", entry->public.name,
                       entry->begin < end ? "overlaps another one" : "lies behind bytes that are of no tensor");
          return FALSE;
        }
      end = entry_get_end (entry);
    }
  if (end != g_bytes_get_size (self->bytes))
    {
      g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_FORMAT, "bytes follow the last tensor");
      return FALSE;
    }
  return TRUE;
}

static gboolean
read_entries (LacunaWeights *self, JsonObject *header, gsize data_begin, GError **error)
{
  gsize data_size = g_bytes_get_size (self->bytes) - data_begin;
  JsonObjectIter iter;
  const char *name;
  JsonNode *node;

  json_object_iter_init (&iter, header);
  while (json_object_iter_next (&iter, &name, &node))
    {
      Entry entry = { 0 };

      if (strcmp (name, "__metadata__") == 0)
        {
          if (!read_metadata (self, node, error))
            return FALSE;
          continue;
        }
      entry.public.name = g_strdup (name);
      g_array_append_val (self->entries, entry);
      if (!read_entry (&g_array_index (self->entries, Entry, self->entries->len - 1), node, data_begin, data_size,
                       error))
        return FALSE;
    }
  g_array_sort (self->entries, entry_compare_names);
  return check_coverage (self, data_begin, error);
}

LacunaWeights *
lacuna_weights_new_from_bytes (GBytes *bytes, GError **error)
{
  g_autoptr (LacunaWeights) self = g_new0 (LacunaWeights, 1);
  g_autoptr (JsonNode) header = NULL;
  gsize size;
  const char *data = g_bytes_get_data (bytes, &size);
  guint64 length;

  g_atomic_ref_count_init (&self->ref_count);
  self->bytes = g_bytes_ref (bytes);
  self->metadata = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->entries = g_array_new (FALSE, TRUE, sizeof (Entry));
  g_array_set_clear_func (self->entries, entry_clear);

  if (size < LENGTH_SIZE)
    {
      g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_FORMAT, "it is too short for a safetensors file");
      return NULL;
    }
  memcpy (&length, data, LENGTH_SIZE);
  length = GUINT64_FROM_LE (length);
  if (length > MIN (size - LENGTH_SIZE, MAX_HEADER))
    {
      g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_FORMAT,
                   "it claims a header of %" G_GUINT64_FORMAT " bytes: no safetensors file, or cut off", length);
      return NULL;
    }
  header = parse_header (data + LENGTH_SIZE, length, error);
  if (header == NULL || !read_entries (self, json_node_get_object (header), LENGTH_SIZE + length, error))
    return NULL;
  return g_steal_pointer (&self);
}

LacunaWeights *
lacuna_weights_load (const char *path, GError **error)
{
  g_autofree char *name = g_filename_display_name (path);
  g_autoptr (GMappedFile) file = NULL;
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GError) reason = NULL;
  LacunaWeights *self;
  GStatBuf info;

  /* Opening a pipe would wait for its other end. */
  if (g_stat (path, &info) == 0 && !S_ISREG (info.st_mode))
    {
      g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_FILE,
                   "The weights “%s” can't be read: not a file. Choose a .safetensors file.", name);
      return NULL;
    }
  file = g_mapped_file_new (path, FALSE, &reason);
  if (file == NULL)
    {
      g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_FILE, "The weights can't be read: %s. Choose another model.",
                   reason->message);
      return NULL;
    }
  bytes = g_mapped_file_get_bytes (file);
  self = lacuna_weights_new_from_bytes (bytes, &reason);
  if (self == NULL)
    g_set_error (error, reason->domain, reason->code, "The weights “%s” can't be used: %s. Get an intact copy.", name,
                 reason->message);
  return self;
}

LacunaWeights *
lacuna_weights_ref (LacunaWeights *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
lacuna_weights_unref (LacunaWeights *self)
{
  if (self == NULL || !g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_array_unref (self->entries);
  g_hash_table_unref (self->metadata);
  g_bytes_unref (self->bytes);
  g_free (self);
}

guint
lacuna_weights_get_n_entries (LacunaWeights *self)
{
  return self->entries->len;
}

const LacunaWeightsEntry *
lacuna_weights_get_entry (LacunaWeights *self, guint i)
{
  g_return_val_if_fail (i < self->entries->len, NULL);
  return &g_array_index (self->entries, Entry, i).public;
}

static const Entry *
find_entry (LacunaWeights *self, const char *name)
{
  Entry key = { .public.name = name };
  guint i;

  if (!g_array_binary_search (self->entries, &key, entry_compare_names, &i))
    return NULL;
  return &g_array_index (self->entries, Entry, i);
}

const LacunaWeightsEntry *
lacuna_weights_find (LacunaWeights *self, const char *name)
{
  const Entry *entry = find_entry (self, name);

  return entry != NULL ? &entry->public : NULL;
}

const char *
lacuna_weights_get_metadata (LacunaWeights *self, const char *key)
{
  return g_hash_table_lookup (self->metadata, key);
}

static char *
format_shape (guint n_dims, const guint *dims)
{
  GString *text = g_string_new (n_dims == 0 ? "a single value" : NULL);

  for (guint i = 0; i < n_dims; i++)
    g_string_append_printf (text, i == 0 ? "%u" : "×%u", dims[i]);
  return g_string_free (text, FALSE);
}

static const Entry *
find_fit (LacunaWeights *self, const char *name, guint n_dims, const guint *dims, GError **error)
{
  const Entry *entry = find_entry (self, name);
  g_autofree char *expected = format_shape (n_dims, dims);
  g_autofree char *found = NULL;

  if (entry == NULL)
    {
      g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_UNFIT,
                   "The weights lack the tensor “%s” (%s). Choose a file of generator weights.", name, expected);
      return NULL;
    }
  if (entry->public.type == LACUNA_TYPE_I32)
    {
      g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_UNFIT,
                   "The weights' tensor “%s” is of type I32, which should be F32 or F16. Choose a file of generator "
                   "weights.",
                   name);
      return NULL;
    }
  found = format_shape (entry->public.n_dims, entry->public.dims);
  if (strcmp (expected, found) != 0)
    {
      g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_UNFIT,
                   "The weights' tensor “%s” is %s, which should be %s. Choose a file of generator weights.", name,
                   found, expected);
      return NULL;
    }
  return entry;
}

/* IEEE 754 binary16 to binary32, exactly. */
static float
widen (guint16 half)
{
  guint32 exponent = half >> 10 & 0x1f, fraction = half & 0x3ff;
  guint32 bits;
  float value;

  if (exponent == 0)
    return (half & 0x8000 ? -0x1p-24f : 0x1p-24f) * fraction;
  exponent = exponent == 0x1f ? 0xff : exponent + 127 - 15;
  bits = (guint32) (half & 0x8000) << 16 | exponent << 23 | fraction << 13;
  memcpy (&value, &bits, sizeof value);
  return value;
}

static void
copy_floats (const Entry *entry, const guint8 *data, float *values)
{
  for (gsize i = 0; i < entry->public.n_elements; i++)
    if (entry->public.type == LACUNA_TYPE_F16)
      {
        guint16 half;

        memcpy (&half, data + i * sizeof half, sizeof half);
        values[i] = widen (GUINT16_FROM_LE (half));
      }
    else
      {
        guint32 bits;

        memcpy (&bits, data + i * sizeof bits, sizeof bits);
        bits = GUINT32_FROM_LE (bits);
        memcpy (&values[i], &bits, sizeof bits);
      }
}

/* Never of no bytes, for which g_try_malloc has no pointer. */
static gpointer
allocate_values (const Entry *entry, gsize size, GError **error)
{
  gpointer values = g_try_malloc_n (MAX (entry->public.n_elements, 1), size);

  if (values == NULL)
    g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_MEMORY,
                 "No memory for the weights' tensor “%s”. Close other programs.", entry->public.name);
  return values;
}

float *
lacuna_weights_read (LacunaWeights *self, const char *name, guint n_dims, const guint *dims, GError **error)
{
  const Entry *entry = find_fit (self, name, n_dims, dims, error);
  const guint8 *data = g_bytes_get_data (self->bytes, NULL);
  g_autofree float *values = NULL;

  if (entry == NULL)
    return NULL;
  values = allocate_values (entry, sizeof *values, error);
  if (values == NULL)
    return NULL;
  copy_floats (entry, data + entry->begin, values);
  for (gsize i = 0; i < entry->public.n_elements; i++)
    if (!isfinite (values[i]))
      {
        g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_UNFIT,
                     "The weights' tensor “%s” holds a value that is not finite. Get an intact copy of the model.",
                     name);
        return NULL;
      }
  return g_steal_pointer (&values);
}

gint32 *
lacuna_weights_read_int (LacunaWeights *self, const char *name, gsize *ret_n_elements, GError **error)
{
  const Entry *entry = find_entry (self, name);
  const guint8 *data = g_bytes_get_data (self->bytes, NULL);
  gint32 *values;

  if (entry == NULL || entry->public.type != LACUNA_TYPE_I32)
    {
      g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_UNFIT,
                   "The weights lack the I32 tensor “%s”. Choose another file.", name);
      return NULL;
    }
  values = allocate_values (entry, sizeof *values, error);
  if (values == NULL)
    return NULL;
  memcpy (values, data + entry->begin, entry->public.n_elements * sizeof *values);
  for (gsize i = 0; i < entry->public.n_elements; i++)
    values[i] = GINT32_FROM_LE (values[i]);
  *ret_n_elements = entry->public.n_elements;
  return values;
}
