/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reads what torch.save wrote: a zip archive, or before 1.6 a row of pickles. Tensors are slices of their storages'
 * bytes and have to be contiguous. Dictionaries may share entries and contain each other, so that depth and number of
 * those visited are bounded. It runs on the thread of the import: a worker of the window, or the command line's main
 * thread. */
#include "engine/import/torch.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "engine/error.h"
#include "engine/import/pickle.h"
#include "engine/zip.h"

#define MOST_DEPTH 4
#define MOST_ENTRIES 100000

/* The bytes that files before PyTorch 1.6 begin with: pickles of a number and of a version. */
static const char legacy_head[] = "\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19.\x80\x02M\xe9\x03.";
#define LEGACY_HEAD_SIZE (sizeof legacy_head - 1)

static const struct {
  const char *name;
  LacunaNumber number;
  gsize size; /* of an element in the file */
} classes[] = {
  { "torch FloatStorage", LACUNA_NUMBER_F32, 4 },     { "torch HalfStorage", LACUNA_NUMBER_F16, 2 },
  { "torch BFloat16Storage", LACUNA_NUMBER_BF16, 2 }, { "torch DoubleStorage", LACUNA_NUMBER_F64, 8 },
  { "torch LongStorage", LACUNA_NUMBER_OTHER, 8 },    { "torch IntStorage", LACUNA_NUMBER_OTHER, 4 },
  { "torch ShortStorage", LACUNA_NUMBER_OTHER, 2 },   { "torch CharStorage", LACUNA_NUMBER_OTHER, 1 },
  { "torch ByteStorage", LACUNA_NUMBER_OTHER, 1 },    { "torch BoolStorage", LACUNA_NUMBER_OTHER, 1 },
};

typedef struct {
  LacunaCheckpoint *checkpoint;
  GHashTable *storages; /* of GBytes, by key */
  guint n_visited;      /* entries of dictionaries, which may be shared */
} Reading;

/* Reads a tuple of numbers. FALSE: it is none, or has too many. */
static gboolean
read_numbers (const LacunaPickleValue *tuple, gint64 *numbers)
{
  if (tuple == NULL || lacuna_pickle_count (tuple) > LACUNA_CHECKPOINT_MOST_DIMS)
    return FALSE;
  for (guint i = 0; i < lacuna_pickle_count (tuple); i++)
    {
      const LacunaPickleValue *number = lacuna_pickle_get (tuple, i, LACUNA_PICKLE_NUMBER);

      if (number == NULL)
        return FALSE;
      numbers[i] = number->number;
    }
  return TRUE;
}

/* Whether the elements lie row by row and without gaps. */
static gboolean
is_contiguous (guint n_dims, const gint64 *dims, const gint64 *strides)
{
  guint64 expected = 1;

  for (guint i = n_dims; i-- > 0;)
    {
      if (dims[i] != 1 && (guint64) strides[i] != expected)
        return FALSE;
      expected *= (guint64) dims[i];
    }
  return TRUE;
}

static int
find_class (const LacunaPickleValue *storage)
{
  const LacunaPickleValue *class = lacuna_pickle_get (storage, 1, LACUNA_PICKLE_GLOBAL);

  for (guint i = 0; class != NULL && i < G_N_ELEMENTS (classes); i++)
    if (strcmp (classes[i].name, class->text) == 0)
      return i;
  return -1;
}

static gboolean
add_tensor (Reading *reading, const char *name, const LacunaPickleValue *value, GError **error)
{
  const LacunaPickleValue *storage = lacuna_pickle_get (value, 0, LACUNA_PICKLE_STORAGE);
  const LacunaPickleValue *first = lacuna_pickle_get (value, 1, LACUNA_PICKLE_NUMBER);
  const LacunaPickleValue *sizes = lacuna_pickle_get (value, 2, LACUNA_PICKLE_TUPLE);
  const LacunaPickleValue *steps = lacuna_pickle_get (value, 3, LACUNA_PICKLE_TUPLE);
  const LacunaPickleValue *key = storage != NULL ? lacuna_pickle_get (storage, 2, LACUNA_PICKLE_TEXT) : NULL;
  gint64 dims[LACUNA_CHECKPOINT_MOST_DIMS], strides[LACUNA_CHECKPOINT_MOST_DIMS];
  LacunaCheckpointTensor *tensor;
  guint64 begin, size;
  GBytes *file;
  int class;

  if (key == NULL || first == NULL || first->number < 0 || !read_numbers (sizes, dims) || !read_numbers (steps, strides)
      || lacuna_pickle_count (sizes) != lacuna_pickle_count (steps) || (class = find_class (storage)) < 0)
    return lacuna_checkpoint_refuse_tensor (name, _ ("is not described as PyTorch does it"), error);
  if (lacuna_pickle_count (storage) > 5 && lacuna_pickle_get (storage, 5, LACUNA_PICKLE_NONE) == NULL)
    return lacuna_checkpoint_refuse_tensor (
        name, _ ("is a view as PyTorch had them long ago. Load the file and save it again"), error);
  if (!is_contiguous (lacuna_pickle_count (sizes), dims, strides))
    return lacuna_checkpoint_refuse_tensor (
        name, _ ("is not stored in the order of its rows. Save its contiguous() copy"), error);
  file = g_hash_table_lookup (reading->storages, key->text);
  if (file == NULL)
    return lacuna_checkpoint_refuse_tensor (name, _ ("has no data in the file: it is damaged"), error);
  tensor = lacuna_checkpoint_add (reading->checkpoint, name, classes[class].number, lacuna_pickle_count (sizes), dims,
                                  error);
  if (tensor == NULL)
    return FALSE;
  size = tensor->n_elements * lacuna_number_get_size (classes[class].number);
  if (!g_uint64_checked_mul (&begin, first->number, classes[class].size))
    return lacuna_checkpoint_refuse_tensor (name, _ ("begins at an impossible place"), error);
  return tensor->number == LACUNA_NUMBER_OTHER || lacuna_checkpoint_tensor_set_data (tensor, file, begin, size, error);
}

/* Dictionaries may lie in each other, as state_dicts in a checkpoint do; lists, and keys that are no text, as
 * optimizers have them, are passed over. */
static gboolean
add_dictionary (Reading *reading, const char *prefix, const LacunaPickleValue *dictionary, guint depth, GError **error)
{
  for (guint i = 0; i + 1 < lacuna_pickle_count (dictionary); i += 2)
    {
      const LacunaPickleValue *key = lacuna_pickle_get (dictionary, i, LACUNA_PICKLE_TEXT);
      const LacunaPickleValue *tensor = lacuna_pickle_get (dictionary, i + 1, LACUNA_PICKLE_TENSOR);
      const LacunaPickleValue *inner = lacuna_pickle_get (dictionary, i + 1, LACUNA_PICKLE_DICT);
      g_autofree char *name = key != NULL ? g_strconcat (prefix, key->text, NULL) : NULL;
      g_autofree char *inner_prefix = name != NULL ? g_strconcat (name, ".", NULL) : NULL;

      if (++reading->n_visited > MOST_ENTRIES)
        return lacuna_checkpoint_refuse_tensor (prefix, _ ("lies among far more than weights"), error);
      if (name == NULL || strlen (name) > 1024)
        continue;
      if (tensor != NULL && !add_tensor (reading, name, tensor, error))
        return FALSE;
      if (inner != NULL && depth < MOST_DEPTH && !add_dictionary (reading, inner_prefix, inner, depth + 1, error))
        return FALSE;
    }
  return TRUE;
}

static LacunaCheckpoint *
read_root (const LacunaPickle *pickle, GHashTable *storages, GError **error)
{
  g_autoptr (LacunaCheckpoint) checkpoint = lacuna_checkpoint_new ();
  Reading reading = { checkpoint, storages, 0 };

  if (pickle->root->kind != LACUNA_PICKLE_DICT)
    {
      g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_FORMAT, _ ("it holds no state_dict"));
      return NULL;
    }
  if (!add_dictionary (&reading, "", pickle->root, 0, error) || !lacuna_checkpoint_complete (checkpoint, error))
    return NULL;
  return g_steal_pointer (&checkpoint);
}

/* Finds the pickle of an archive, and the folder that its other files lie in. */
static GBytes *
find_root (GHashTable *files, char **ret_folder, GError **error)
{
  GHashTableIter iter;
  const char *name;
  GBytes *file;

  g_hash_table_iter_init (&iter, files);
  while (g_hash_table_iter_next (&iter, (gpointer *) &name, (gpointer *) &file))
    if (g_str_has_suffix (name, "/data.pkl"))
      {
        *ret_folder = g_strndup (name, strlen (name) - strlen ("data.pkl"));
        return file;
      }
  g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_FORMAT,
               _ ("its zip archive has no data.pkl, as torch.save writes it"));
  return NULL;
}

static LacunaCheckpoint *
read_zip (GBytes *bytes, GError **error)
{
  g_autoptr (GHashTable) files = lacuna_zip_read (bytes, g_bytes_get_size (bytes), error);
  g_autoptr (GHashTable) storages = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (LacunaPickle) pickle = NULL;
  g_autofree char *folder = NULL, *data_folder = NULL, *order_name = NULL;
  GBytes *order, *root, *file;
  GHashTableIter iter;
  const char *name;
  gsize at = 0;

  if (files == NULL || (root = find_root (files, &folder, error)) == NULL)
    return NULL;
  order_name = g_strconcat (folder, "byteorder", NULL);
  order = g_hash_table_lookup (files, order_name);
  if (order != NULL && (g_bytes_get_size (order) < 6 || memcmp (g_bytes_get_data (order, NULL), "little", 6) != 0))
    {
      g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_FORMAT,
                   _ ("it is of a machine that writes numbers from the other end"));
      return NULL;
    }
  data_folder = g_strconcat (folder, "data/", NULL);
  g_hash_table_iter_init (&iter, files);
  while (g_hash_table_iter_next (&iter, (gpointer *) &name, (gpointer *) &file))
    if (g_str_has_prefix (name, data_folder))
      g_hash_table_insert (storages, g_strdup (name + strlen (data_folder)), file);
  pickle = lacuna_pickle_read (g_bytes_get_data (root, NULL), g_bytes_get_size (root), &at, error);
  return pickle != NULL ? read_root (pickle, storages, error) : NULL;
}

/* The storages of a legacy file follow its pickles in the order of a list of their keys, each behind its number of
 * elements. Its pickle tells how large these are. */
static gboolean
collect_sizes (const LacunaPickle *pickle, GHashTable *sizes)
{
  for (guint i = 0; i < pickle->values->len; i++)
    {
      const LacunaPickleValue *storage = pickle->values->pdata[i], *key;
      int class;

      if (storage->kind != LACUNA_PICKLE_STORAGE)
        continue;
      key = lacuna_pickle_get (storage, 2, LACUNA_PICKLE_TEXT);
      class = find_class (storage);
      if (key == NULL || class < 0)
        return FALSE;
      g_hash_table_insert (sizes, key->text, GSIZE_TO_POINTER (classes[class].size));
    }
  return TRUE;
}

static gboolean
read_storages (GBytes *bytes, gsize at, const LacunaPickleValue *keys, GHashTable *sizes, GHashTable *storages,
               GError **error)
{
  gsize length;
  const guint8 *data = g_bytes_get_data (bytes, &length);

  for (guint i = 0; i < lacuna_pickle_count (keys); i++)
    {
      const LacunaPickleValue *key = lacuna_pickle_get (keys, i, LACUNA_PICKLE_TEXT);
      gsize element = key != NULL ? GPOINTER_TO_SIZE (g_hash_table_lookup (sizes, key->text)) : 0;
      guint64 n;

      if (element == 0 || length - at < sizeof n)
        break;
      memcpy (&n, data + at, sizeof n);
      n = GUINT64_FROM_LE (n);
      at += sizeof n;
      if (n > (length - at) / element)
        break;
      g_hash_table_replace (storages, g_strdup (key->text), g_bytes_new_from_bytes (bytes, at, n * element));
      at += n * element;
    }
  if (g_hash_table_size (storages) == lacuna_pickle_count (keys) && at == length)
    return TRUE;
  g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_FORMAT, _ ("its data is cut off or damaged, or something follows it"));
  return FALSE;
}

static LacunaCheckpoint *
read_legacy (GBytes *bytes, GError **error)
{
  gsize size, at = LEGACY_HEAD_SIZE;
  const guint8 *data = g_bytes_get_data (bytes, &size);
  g_autoptr (LacunaPickle) machine = lacuna_pickle_read (data, size, &at, error);
  g_autoptr (LacunaPickle) pickle = machine != NULL ? lacuna_pickle_read (data, size, &at, error) : NULL;
  g_autoptr (LacunaPickle) keys = pickle != NULL ? lacuna_pickle_read (data, size, &at, error) : NULL;
  g_autoptr (GHashTable) sizes = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GHashTable) storages
      = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_bytes_unref);

  if (keys == NULL)
    return NULL;
  if (!collect_sizes (pickle, sizes))
    {
      g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_FORMAT, _ ("its storages are not described as PyTorch does it"));
      return NULL;
    }
  return read_storages (bytes, at, keys->root, sizes, storages, error) ? read_root (pickle, storages, error) : NULL;
}

static gboolean
begins_with (GBytes *bytes, const char *head, gsize head_size)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (bytes, &size);

  return size >= head_size && memcmp (data, head, head_size) == 0;
}

gboolean
lacuna_torch_is (GBytes *bytes)
{
  return begins_with (bytes, "PK\3\4", 4) || begins_with (bytes, "\x80\x02", 2);
}

LacunaCheckpoint *
lacuna_torch_read (GBytes *bytes, GError **error)
{
  if (begins_with (bytes, "PK\3\4", 4))
    return read_zip (bytes, error);
  if (begins_with (bytes, legacy_head, LEGACY_HEAD_SIZE))
    return read_legacy (bytes, error);
  g_set_error (
      error, LACUNA_ERROR, LACUNA_ERROR_FORMAT,
      _ ("it is a pickle, but not as torch.save writes it. Save its state_dict with torch.save of PyTorch 1.6 or "
         "later"));
  return NULL;
}
