/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tensors of a safetensors file. The header is read and checked once; tensors are read by pread when they are asked
 * for, from the descriptor that stays open, so that a file that is replaced meanwhile does no harm and one that is cut
 * off is an error. The object is immutable: any thread may read, and values belong to the caller. */
#include "engine/weights/weights.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <math.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/error.h"
#include "engine/weights/half.h"
#include "engine/weights/header.h"

struct _LacunaWeights {
  gatomicrefcount ref_count;
  GBytes *bytes; /* all of it, or NULL: in the file */
  int file;      /* or -1 */
  GHashTable *metadata;
  GArray *entries; /* of LacunaHeaderEntry, by name */
};

static void
entry_clear (gpointer data)
{
  g_free ((char *) ((LacunaHeaderEntry *) data)->public.name);
}

static int
entry_compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (((const LacunaHeaderEntry *) a)->public.name, ((const LacunaHeaderEntry *) b)->public.name);
}

/* head: the beginning of the size bytes, with the header. */
static LacunaWeights *
weights_new (GBytes *head, gsize size, GError **error)
{
  g_autoptr (LacunaWeights) self = g_new0 (LacunaWeights, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->file = -1;
  self->metadata = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->entries = g_array_new (FALSE, TRUE, sizeof (LacunaHeaderEntry));
  g_array_set_clear_func (self->entries, entry_clear);
  if (!lacuna_header_read (head, size, self->entries, self->metadata, error))
    return NULL;
  g_array_sort (self->entries, entry_compare_names);
  return g_steal_pointer (&self);
}

LacunaWeights *
lacuna_weights_new_from_bytes (GBytes *bytes, GError **error)
{
  LacunaWeights *self = weights_new (bytes, g_bytes_get_size (bytes), error);

  if (self != NULL)
    self->bytes = g_bytes_ref (bytes);
  return self;
}

/* Reads size bytes from begin on. The file is not mapped, as one that is cut off meanwhile would end the program. */
static gboolean
read_file (int file, gpointer data, gsize size, goffset begin, GError **error)
{
  for (gsize done = 0; done < size;)
    {
      gssize n = pread (file, (char *) data + done, size - done, begin + done);

      if (n < 0 && errno == EINTR)
        continue;
      if (n <= 0)
        {
          g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_FILE, _ ("the file can't be read: %s"),
                       n < 0 ? g_strerror (errno) : _ ("it was cut off meanwhile"));
          return FALSE;
        }
      done += n;
    }
  return TRUE;
}

/* Takes the file where that goes well. */
static LacunaWeights *
read_weights (int file, GError **error)
{
  g_autofree char *head = NULL;
  g_autoptr (GBytes) bytes = NULL;
  LacunaWeights *self;
  struct stat info;
  gsize size;

  if (fstat (file, &info) != 0 || !S_ISREG (info.st_mode))
    {
      g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_FILE, _ ("it is not a file"));
      return NULL;
    }
  size = MIN (info.st_size, LACUNA_HEADER_MOST_BYTES);
  head = g_try_malloc (size);
  if (head == NULL && size > 0)
    {
      g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_MEMORY, _ ("there is no memory for their header"));
      return NULL;
    }
  if (!read_file (file, head, size, 0, error))
    return NULL;
  bytes = g_bytes_new_take (g_steal_pointer (&head), size);
  self = weights_new (bytes, info.st_size, error);
  if (self != NULL)
    self->file = file;
  return self;
}

LacunaWeights *
lacuna_weights_load (const char *path, GError **error)
{
  g_autofree char *name = g_filename_display_name (path);
  g_autoptr (GError) reason = NULL;
  LacunaWeights *self;
  GStatBuf info;
  int file;

  /* Opening a pipe would wait for its other end. */
  if (g_stat (path, &info) == 0 && !S_ISREG (info.st_mode))
    {
      g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_FILE,
                   _ ("The weights “%s” can't be read: not a file. Choose a .safetensors file."), name);
      return NULL;
    }
  file = g_open (path, O_RDONLY | O_CLOEXEC | O_NONBLOCK, 0);
  if (file < 0)
    {
      g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_FILE,
                   _ ("The weights “%s” can't be read: %s. Choose another model."), name, g_strerror (errno));
      return NULL;
    }
  self = read_weights (file, &reason);
  if (self != NULL)
    return self;
  close (file);
  g_set_error (error, reason->domain, reason->code, _ ("The weights “%s” can't be used: %s. Get an intact copy."), name,
               reason->message);
  return NULL;
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
  g_clear_pointer (&self->bytes, g_bytes_unref);
  if (self->file >= 0)
    close (self->file);
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
  return &g_array_index (self->entries, LacunaHeaderEntry, i).public;
}

static const LacunaHeaderEntry *
find_entry (LacunaWeights *self, const char *name)
{
  LacunaHeaderEntry key = { .public.name = name };
  guint i;

  if (!g_array_binary_search (self->entries, &key, entry_compare_names, &i))
    return NULL;
  return &g_array_index (self->entries, LacunaHeaderEntry, i);
}

const LacunaWeightsEntry *
lacuna_weights_find (LacunaWeights *self, const char *name)
{
  const LacunaHeaderEntry *entry = find_entry (self, name);

  return entry != NULL ? &entry->public : NULL;
}

const char *
lacuna_weights_get_metadata (LacunaWeights *self, const char *key)
{
  return g_hash_table_lookup (self->metadata, key);
}

guint64
lacuna_weights_get_number (LacunaWeights *self, const char *key, guint64 limit)
{
  const char *text = lacuna_weights_get_metadata (self, key);
  guint64 number;

  return text != NULL && g_ascii_string_to_unsigned (text, 10, 0, limit, &number, NULL) ? number : 0;
}

const char **
lacuna_weights_list_metadata (LacunaWeights *self)
{
  return (const char **) g_hash_table_get_keys_as_array (self->metadata, NULL);
}

char *
lacuna_weights_format_shape (guint n_dims, const guint *dims)
{
  GString *text = g_string_new (n_dims == 0 ? _ ("a single value") : NULL);

  for (guint i = 0; i < n_dims; i++)
    g_string_append_printf (text, i == 0 ? "%u" : "×%u", dims[i]);
  return g_string_free (text, FALSE);
}

static const LacunaHeaderEntry *
find_fit (LacunaWeights *self, const char *name, guint n_dims, const guint *dims, GError **error)
{
  const LacunaHeaderEntry *entry = find_entry (self, name);
  g_autofree char *expected = lacuna_weights_format_shape (n_dims, dims);
  g_autofree char *found = NULL;

  if (entry == NULL)
    {
      g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_UNFIT,
                   _ ("The weights lack the tensor “%s” (%s). Choose a file of generator weights."), name, expected);
      return NULL;
    }
  if (entry->public.type == LACUNA_TYPE_I32)
    {
      g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_UNFIT,
                   _ ("The weights' tensor “%s” is of type I32, which should be F32 or F16. Choose a file of generator "
                      "weights."),
                   name);
      return NULL;
    }
  found = lacuna_weights_format_shape (entry->public.n_dims, entry->public.dims);
  if (strcmp (expected, found) != 0)
    {
      g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_UNFIT,
                   _ ("The weights' tensor “%s” is %s, which should be %s. Choose a file of generator weights."), name,
                   found, expected);
      return NULL;
    }
  return entry;
}

static void
copy_floats (const LacunaHeaderEntry *entry, const guint8 *data, float *values)
{
  for (gsize i = 0; i < entry->public.n_elements; i++)
    if (entry->public.type == LACUNA_TYPE_F16)
      {
        guint16 half;

        memcpy (&half, data + i * sizeof half, sizeof half);
        values[i] = lacuna_half_widen (GUINT16_FROM_LE (half));
      }
    else
      {
        guint32 bits;

        memcpy (&bits, data + i * sizeof bits, sizeof bits);
        bits = GUINT32_FROM_LE (bits);
        memcpy (&values[i], &bits, sizeof bits);
      }
}

/* Allocates room for at least one element, as g_try_malloc returns NULL for no bytes. */
static gpointer
allocate_values (const LacunaHeaderEntry *entry, gsize size, GError **error)
{
  gpointer values = g_try_malloc_n (MAX (entry->public.n_elements, 1), size);

  if (values == NULL)
    g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_MEMORY,
                 _ ("No memory for the weights' tensor “%s”. Close other programs."), entry->public.name);
  return values;
}

/* Reads a tensor's bytes as they are. */
static gpointer
read_data (LacunaWeights *self, const LacunaHeaderEntry *entry, GError **error)
{
  gsize element = entry->public.type == LACUNA_TYPE_F16 ? sizeof (guint16) : sizeof (guint32);
  gsize size = entry->public.n_elements * element;
  g_autofree guint8 *data = allocate_values (entry, element, error);
  g_autoptr (GError) reason = NULL;

  if (data == NULL)
    return NULL;
  if (self->bytes != NULL)
    memcpy (data, (const guint8 *) g_bytes_get_data (self->bytes, NULL) + entry->begin, size);
  else if (!read_file (self->file, data, size, entry->begin, &reason))
    {
      g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_FILE,
                   _ ("The weights' tensor “%s” was not read: %s. Get an intact copy of the model."),
                   entry->public.name, reason->message);
      return NULL;
    }
  return g_steal_pointer (&data);
}

float *
lacuna_weights_read (LacunaWeights *self, const char *name, guint n_dims, const guint *dims, GError **error)
{
  const LacunaHeaderEntry *entry = find_fit (self, name, n_dims, dims, error);
  g_autofree guint8 *data = NULL;
  g_autofree float *values = NULL;

  if (entry == NULL)
    return NULL;
  data = read_data (self, entry, error);
  values = data != NULL ? allocate_values (entry, sizeof *values, error) : NULL;
  if (values == NULL)
    return NULL;
  copy_floats (entry, data, values);
  for (gsize i = 0; i < entry->public.n_elements; i++)
    if (!isfinite (values[i]))
      {
        g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_UNFIT,
                     _ ("The weights' tensor “%s” holds a value that is not finite. Get an intact copy of the model."),
                     name);
        return NULL;
      }
  return g_steal_pointer (&values);
}

gint32 *
lacuna_weights_read_int (LacunaWeights *self, const char *name, gsize *ret_n_elements, GError **error)
{
  const LacunaHeaderEntry *entry = find_entry (self, name);
  gint32 *values;

  if (entry == NULL || entry->public.type != LACUNA_TYPE_I32)
    {
      g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_UNFIT,
                   _ ("The weights lack the I32 tensor “%s”. Choose another file."), name);
      return NULL;
    }
  values = read_data (self, entry, error);
  if (values == NULL)
    return NULL;
  for (gsize i = 0; i < entry->public.n_elements; i++)
    values[i] = GINT32_FROM_LE (values[i]);
  *ret_n_elements = entry->public.n_elements;
  return values;
}
